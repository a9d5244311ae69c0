// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One message on the socket with its descriptors. A message with more or fewer files than its
// operation has is refused whole.
#include "request.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static bool rendition_valid(const struct media_rendition *r)
{
	bool whole = (r->crop_left | r->crop_top | r->crop_width | r->crop_height) == 0;
	bool crop = r->crop_width > 0 && r->crop_height > 0 && r->crop_left < MEDIA_CROP_ONE &&
		    r->crop_top < MEDIA_CROP_ONE &&
		    r->crop_width <= MEDIA_CROP_ONE - r->crop_left &&
		    r->crop_height <= MEDIA_CROP_ONE - r->crop_top;
	bool aspect = (r->aspect_width == 0) == (r->aspect_height == 0) && r->aspect_width <= 100 &&
		      r->aspect_height <= 100;

	return (r->format == MEDIA_WEBP || r->format == MEDIA_JPEG) && r->width >= 1 &&
	       r->width <= MEDIA_MASTER_EDGE && r->quality >= 1 && r->quality <= 100 &&
	       (whole || crop) && aspect;
}

bool request_valid(const struct media_request *message)
{
	if (message->magic != MEDIA_MAGIC || message->version != MEDIA_VERSION ||
		message->size != sizeof *message)
		return false;
	if (message->operation < MEDIA_TAKE || message->operation > MEDIA_MOVE ||
		(message->operation == MEDIA_RENDER && message->count == 0) ||
		(message->operation == MEDIA_MOVE && message->count > 0))
		return false;
	if (message->count > MEDIA_RENDITIONS_MAX || message->light > 1 ||
		(message->light == 1 && message->operation != MEDIA_TAKE))
		return false;
	for (uint32_t i = 0; i < message->count; i++) {
		if (!rendition_valid(&message->renditions[i]))
			return false;
	}
	return true;
}

// The descriptors that came along; -1 when they are not just descriptors.
static int take_files(struct msghdr *header, int fds[static REQUEST_FILES_MAX])
{
	struct cmsghdr *control = CMSG_FIRSTHDR(header);

	if (control == NULL || control->cmsg_level != SOL_SOCKET ||
		control->cmsg_type != SCM_RIGHTS || control->cmsg_len < CMSG_LEN(0) ||
		CMSG_NXTHDR(header, control) != NULL)
		return -1;
	size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof *fds;
	if (count > REQUEST_FILES_MAX)
		return -1;
	memcpy(fds, CMSG_DATA(control), count * sizeof *fds);
	return (int)count;
}

bool request_receive(struct request *out, bool *asked)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof out->fds)];
	struct iovec body = {&out->message, sizeof out->message};
	struct msghdr header = {.msg_iov = &body,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control};
	ssize_t size;

	do
		size = recvmsg(MEDIA_SOCKET, &header, MSG_CMSG_CLOEXEC);
	while (size < 0 && errno == EINTR);
	*asked = size > 0;
	if (size != (ssize_t)sizeof out->message ||
		(header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
		return false;
	int files = take_files(&header, out->fds);
	if (files < 0 || !request_valid(&out->message))
		return false;
	return (uint32_t)files ==
	       out->message.count + (out->message.operation == MEDIA_RENDER ? 1 : 2);
}
