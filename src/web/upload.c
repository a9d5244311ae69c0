// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pictures sent in pieces by the publish page's script: POST /upload opens, PATCH /upload/ID adds,
// GET /upload/ID says how far it got. Whoever sends or finds the last byte there is answered when
// the picture's first rendition is ready, or with what is wrong with it.
#include "web/private.h"

#include "json/json.h"
#include "media/media.h"

#define PATIENCE (50 * MS_SECOND)
#define LOOK_AGAIN MS_SECOND
#define PREVIEW_WIDTH 540

struct arriving {
	media_id media;
	job_id job; // below 0: nobody knows it
	int64_t offset;
	ms until;
};

static void answer_offset(struct request *req, int status, upload_id id, int64_t offset)
{
	struct sb sb = sb_new(req->ctx->mem, 64);
	struct json_out j = json_out(&sb);
	json_begin(&j);
	if (id.v)
		json_put_id(&j, "id", id.v);
	json_put_int(&j, "offset", offset);
	json_end(&j);
	answer_json(req, status, sb_str(&sb));
}

static void answer_picture(struct request *req, const struct picture *p, int64_t offset)
{
	struct sb sb = sb_new(req->ctx->mem, 256);
	struct json_out j = json_out(&sb);
	json_begin(&j);
	json_put_int(&j, "offset", offset);
	json_key(&j, "media");
	json_begin(&j);
	json_put_id(&j, "id", p->id.v);
	json_put_str(&j, "url", picture_src(req->ctx->mem, p, PREVIEW_WIDTH));
	json_put_int(&j, "width", p->width);
	json_put_int(&j, "height", p->height);
	json_end(&j);
	json_end(&j);
	answer_json(req, 200, sb_str(&sb));
}

// It has its turn later than usual: whoever asks again is told when it is there.
static void answer_waiting(struct request *req, int64_t offset)
{
	struct sb sb = sb_new(req->ctx->mem, 256);
	struct json_out j = json_out(&sb);
	json_begin(&j);
	json_put_int(&j, "offset", offset);
	json_put_str(&j, "waiting", word_get(req->ctx->viewer.locale, W_frame_slow));
	json_end(&j);
	answer_json(req, 202, sb_str(&sb));
}

static err upload_taken(struct request *req)
{
	struct ctx *ctx = req->ctx;
	const struct arriving *a = req->kept;
	struct picture p;
	TRY(picture_by_id(ctx, a->media, &p));
	if (p.state == MEDIA_FAILED)
		return fail_n(ctx, ERR_INVALID, "picture", p.word, p.problem_number);
	if (p.state == MEDIA_READY) {
		answer_picture(req, &p, a->offset);
		return OK;
	}
	ms left = a->until - clock_steady();
	if (left <= 0) {
		answer_waiting(req, a->offset);
		return OK;
	}
	// Of a job whose number is unknown only the time passes.
	answer_await(req, a->job, a->job.v > 0 ? left : MIN(left, LOOK_AGAIN), upload_taken);
	return OK;
}

static err arrived(struct request *req, media_id media, job_id job, int64_t offset)
{
	struct arriving *a = NEW(req->ctx->mem, struct arriving);
	*a = (struct arriving){media, job, offset, clock_steady() + PATIENCE};
	if (!job.v)
		TRY(media_taking(req->ctx, media, &a->job));
	req->kept = a;
	return upload_taken(req);
}

err picture_refused(struct request *req, err code)
{
	const struct problem *p = &req->ctx->problem;
	bool refused = code != OK && !err_is_loud(code) && code != ERR_SIGN_IN;
	if (refused)
		log_event(LOG_INFO, "picture refused", LOG_INT("request", req->ctx->request),
			LOG_Z("why", p->word ? word_key(p->word) : err_slug(code)),
			LOG_INT("limit", p->number));
	return code;
}

static err upload_open(struct request *req)
{
	struct ctx *ctx = req->ctx;
	upload_id id;
	int64_t length;
	if (!str_int(req_header(req, "Upload-Length"), &length))
		return fail(ctx, ERR_BAD_REQUEST, "length", W_media_wrong_length);
	TRY(picture_refused(req, upload_begin(ctx, length, &id)));
	answer_offset(req, 201, id, 0);
	return OK;
}

static err upload_piece(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct req_file file = {.fd = -1};
	upload_id id;
	media_id media;
	job_id job;
	int64_t offset, now_at;
	TRY(req_param_id(req, "id", &id.v));
	if (!str_int(req_header(req, "Upload-Offset"), &offset) || offset < 0)
		return fail(ctx, ERR_BAD_REQUEST, "offset", W_error_bad_request);
	if (!req_body_file(req, &file))
		file.size = 0;
	TRY(upload_append(ctx, id, offset, file.fd, file.size, USE_NOTE, &media, &job, &now_at));
	if (media.v)
		return arrived(req, media, job, now_at);
	answer_offset(req, 200, (upload_id){0}, now_at);
	return OK;
}

static err upload_ask(struct request *req)
{
	struct ctx *ctx = req->ctx;
	upload_id id;
	media_id media;
	int64_t offset;
	TRY(req_param_id(req, "id", &id.v));
	TRY(upload_offset(ctx, id, &offset, &media));
	if (media.v)
		return arrived(req, media, (job_id){0}, offset);
	answer_offset(req, 200, id, offset);
	return OK;
}

const struct route upload_routes[] = {
	{.name = "upload_open",
		.method = POST,
		.path = "/upload",
		.handler = upload_open,
		.who = WHO_SIGNED_IN,
		.run = RUN_WAIT},
	{.name = "upload_piece",
		.method = PATCH,
		.path = "/upload/:id",
		.handler = upload_piece,
		.who = WHO_SIGNED_IN,
		.run = RUN_WAIT,
		.body = BODY_RAW,
		.max_body = PICTURE_MOST_BYTES},
	{.name = "upload_ask",
		.method = GET,
		.path = "/upload/:id",
		.handler = upload_ask,
		.who = WHO_SIGNED_IN,
		.run = RUN_WAIT},
	{.handler = NULL},
};
