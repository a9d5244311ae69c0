// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Bodies on their way in: small ones into the arena, files into nameless temporary files as they
// arrive. Runs in the listener; writing goes to the page cache.
#include "http/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define WORDS_MOST (256 << 10) // a larger form must hold files; up to here a refusal is read away
#define TRY_AGAIN (5 * MS_SECOND)

enum intake_kind { INTAKE_MEMORY, INTAKE_URLENCODED, INTAKE_MULTIPART, INTAKE_FILE };

struct intake {
	enum intake_kind kind;
	struct exchange *ex;
	int64_t received, most;
	int64_t in_memory;
	int parts;
	struct sb sb; // the body, or the value of the field at hand
	struct multipart multipart;
	struct req_file file; // the file at hand
	bool in_file;
	str field;
};

static int open_temporary(struct exchange *ex)
{
	char *dir = str_z(ex->mem, ex->http->config.temporary);
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
		return fd;
	str name = str_fmt(ex->mem, "%s/upload-XXXXXX", dir);
	char *z = str_z(ex->mem, name);
	fd = mkostemp(z, O_CLOEXEC);
	if (fd >= 0)
		unlink(z);
	return fd;
}

static err write_all(int fd, str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, (size_t)bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? err_of_write(errno) : ERR_IO;
		bytes = str_skip(bytes, n);
	}
	return OK;
}

// Claims the whole of what is announced, so that what finds no room is refused before it is sent.
static err claim(struct exchange *ex, int64_t bytes)
{
	struct http_config *config = &ex->http->config;
	uint64_t account = (uint64_t)ex->ctx.viewer.account.v;
	ex->claim.disk = config->disk;
	ex->claim.owner = account ? account : address_key(ex->client);
	err code = disk_claim(&ex->claim, bytes);
	if (code == ERR_TOO_MANY)
		ex->rate_wait = TRY_AGAIN;
	return code;
}

static err claim_more(struct exchange *ex, int64_t written)
{
	int64_t needed = ex->claim.written + written;
	if (needed > ex->claim.claimed)
		TRY(claim(ex, needed));
	return disk_claim_write(&ex->claim, written);
}

static err file_data(struct intake *in, str bytes)
{
	TRY(claim_more(in->ex, bytes.n));
	if (in->file.fd < 0) {
		in->file.fd = open_temporary(in->ex);
		if (in->file.fd < 0)
			return err_of_write(errno);
		// In the list at once: whatever happens now, the exchange closes it.
		list_push(in->ex->mem, &in->ex->files, in->file);
	}
	TRY(write_all(in->file.fd, bytes));
	in->file.size += bytes.n;
	in->ex->files.at[in->ex->files.n - 1].size = in->file.size;
	return OK;
}

static err remember(struct intake *in, ptrdiff_t more)
{
	in->in_memory += more;
	return in->in_memory > in->ex->http->limits.memory_body ? ERR_TOO_LARGE : OK;
}

static err part_begin(void *arg, str name, str file, str type)
{
	struct intake *in = arg;
	const struct route *route = in->ex->req.route;
	in->in_file = file.p != NULL;
	in->field = name;
	// Counted even when nothing is kept of them: each costs some memory.
	if (++in->parts > in->ex->http->limits.form_fields + route->max_files)
		return ERR_TOO_LARGE;
	TRY(remember(in, name.n + file.n + type.n));
	if (!in->in_file) {
		if (in->ex->form.n >= in->ex->http->limits.form_fields)
			return ERR_TOO_LARGE;
		in->sb = sb_new(in->ex->mem, 64);
		return OK;
	}
	// A file input left empty comes as a part without name and bytes: no file.
	if (file.n && in->ex->files.n >= route->max_files)
		return ERR_TOO_LARGE;
	in->file = (struct req_file){
		.fd = -1, .name = file, .type = type, .field = name, .complete = true};
	return OK;
}

static err part_data(void *arg, str bytes)
{
	struct intake *in = arg;
	if (!in->in_file) {
		TRY(remember(in, bytes.n));
		sb_add(&in->sb, bytes);
		return OK;
	}
	if (in->file.fd < 0 && in->ex->files.n >= in->ex->req.route->max_files)
		return ERR_TOO_LARGE;
	return file_data(in, bytes);
}

static err part_end(void *arg)
{
	struct intake *in = arg;
	if (in->in_file)
		return in->file.fd < 0 && in->file.name.n ? file_data(in, (str){0}) : OK;
	str value = sb_str(&in->sb);
	if (!utf8_valid(value))
		return ERR_BAD_REQUEST;
	list_push(in->ex->mem, &in->ex->form, (struct pair){in->field, value});
	return OK;
}

static err start_form(struct intake *in, str type, str header)
{
	if (str_eq(type, S("application/x-www-form-urlencoded"))) {
		in->kind = INTAKE_URLENCODED;
		return OK;
	}
	if (!str_eq(type, S("multipart/form-data")))
		return ERR_UNSUPPORTED;
	in->kind = INTAKE_MULTIPART;
	// Whoever sends words only is not refused for want of room for pictures.
	if (in->ex->req.route->max_files && in->ex->body_length > WORDS_MOST)
		TRY(claim(in->ex, in->ex->body_length));
	struct multipart_sink sink = {in, part_begin, part_data, part_end};
	return multipart_start(&in->multipart, in->ex->mem,
		media_parameter(in->ex->mem, header, S("boundary")), sink);
}

static err start(struct intake *in)
{
	struct exchange *ex = in->ex;
	const struct route *route = ex->req.route;
	str header = req_header(&ex->req, "content-type");
	str type = media_type(ex->mem, header);
	bool json = str_eq(type, S("application/json")) || str_ends(type, S("+json"));
	in->kind = INTAKE_MEMORY;
	in->sb = sb_new(ex->mem, MIN(MAX(ex->body_length, 256), 64 << 10));
	switch (route->body) {
	case BODY_NONE:
		return ERR_TOO_LARGE;
	case BODY_FORM:
		return start_form(in, type, header);
	case BODY_JSON:
		ex->is_json = json;
		return json ? OK : ERR_UNSUPPORTED;
	case BODY_ANY:
		ex->is_json = json;
		return json ? OK : start_form(in, type, header);
	case BODY_RAW:
		in->kind = INTAKE_FILE;
		TRY(claim(ex, ex->body_length));
		in->file =
			(struct req_file){.fd = -1, .name = S(""), .type = header, .field = S("")};
		return file_data(in, (str){0});
	}
	return ERR_INTERNAL;
}

void intake_start(struct exchange *ex)
{
	struct intake *in = NEW(ex->mem, struct intake);
	in->ex = ex;
	in->file.fd = -1;
	in->most = ex->req.route->max_body ? ex->req.route->max_body : 64 << 10;
	ex->intake = in;
	err failed = ex->body_length > in->most ? ERR_TOO_LARGE : start(in);
	if (failed != OK)
		ex->refusal = failed;
}

err intake_feed(struct exchange *ex, str bytes)
{
	struct intake *in = ex->intake;
	in->received += bytes.n;
	if (in->received > in->most)
		return ERR_TOO_LARGE;
	switch (in->kind) {
	case INTAKE_MEMORY:
	case INTAKE_URLENCODED:
		TRY(remember(in, bytes.n));
		sb_add(&in->sb, bytes);
		return OK;
	case INTAKE_MULTIPART:
		return multipart_feed(&in->multipart, bytes);
	case INTAKE_FILE:
		return file_data(in, bytes);
	}
	return ERR_INTERNAL;
}

err intake_finish(struct exchange *ex)
{
	struct intake *in = ex->intake;
	str body = sb_str(&in->sb);
	switch (in->kind) {
	case INTAKE_MEMORY:
		if (!utf8_valid(body))
			return ERR_BAD_REQUEST;
		ex->body = body;
		break;
	case INTAKE_URLENCODED:
		TRY(parse_urlencoded(ex->mem, body, ex->http->limits.form_fields, &ex->form));
		break;
	case INTAKE_MULTIPART:
		TRY(multipart_finish(&in->multipart));
		break;
	case INTAKE_FILE:
		ex->files.at[0].complete = !ex->no_connection;
		break;
	}
	list_each (file, &ex->files)
		if (lseek(file->fd, 0, SEEK_SET) < 0)
			return ERR_IO;
	return OK;
}
