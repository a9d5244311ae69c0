// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Starting the room, rows as `struct picture`, and the small things every file here needs: names of
// originals, lists of widths.
#include "media/private.h"

#include "crypto/crypto.h"
#include "words/words.h"

struct change_kind picture_changed = {.name = "media.changed"};

#define NAME_BYTES 16 // 22 characters

static void cut(void *decoder)
{
	decoder_end(decoder);
}

static void register_jobs(struct house *house)
{
	// Somebody looks at a progress bar while a picture is taken in; renditions have time, and so they
	// have a later rank too.
	const struct job_policy take = {.attempts = 4, .backoff = 2 * MS_SECOND, .slow = true};
	const struct job_policy later = {.concurrency = 1, .slow = true};
	const struct job_policy quick = {.concurrency = 1};
	jobs_register(house->jobs, S("media.take"), job_take, NULL, &take);
	jobs_register(house->jobs, S("media.renditions"), job_renditions, NULL, &later);
	jobs_register(house->jobs, S("media.covers"), job_covers, NULL, &later);
	jobs_register(house->jobs, S("media.loop"), job_loop, NULL, &later);
	jobs_register(house->jobs, S("media.widen"), job_widen, NULL, &later);
	jobs_register(house->jobs, S("media.remove"), job_remove, NULL, &quick);
	jobs_register(house->jobs, S("media.unused"), job_unused, NULL, &quick);
	jobs_register(house->jobs, S("media.sweep"), job_sweep, NULL, &quick);
	jobs_register(house->jobs, S("media.name.sweep"), job_sweep_name, NULL, &quick);
	// Pictures that are being made are made after the next start instead.
	jobs_on_cut(house->jobs, cut, house->media->decoder);
}

static void stop(struct ctx *ctx)
{
	struct media *m = ctx->house->media;
	decoder_close(m->decoder);
	memo_free(m->sights);
	mem_free(m);
	ctx->house->media = NULL;
}

static err start(struct ctx *ctx)
{
	struct house *house = ctx->house;
	str tool = option_text(house, "media_tool");
	struct decoder *decoder;
	must(house->store && house->blobs && house->jobs && !house->media);
	err found = decoder_open(tool, &decoder);
	if (found != OK)
		return fail_fmt(ctx, found, "there is no picture process %s%.*s",
			tool.n ? "at " : "beside this program", STR_ARGS(tool));
	house->media = mem_new(1, sizeof *house->media);
	house->media->decoder = decoder;
	house->media->sights = sights_new(house->store);
	register_jobs(house);
	media_owner_register(ctx, media_of_community.kind);
	err planned = sweep_plan(ctx);
	if (planned != OK)
		stop(ctx);
	return planned;
}

// A decoder that was kept ready and that nobody needed goes.
static void tick(struct ctx *ctx)
{
	decoder_rest(ctx->house->media->decoder);
}

static str formats_of(struct ctx *ctx, str report)
{
	struct sb formats = sb_new(ctx->mem, 200);
	while (report.p) {
		str line = str_trim(str_cut(&report, '\n'));
		str format = str_cut(&line, ' ');
		if (str_eq(line, S("yes")))
			sb_fmt(&formats, "%.*s ", STR_ARGS(format));
	}
	return sb_str(&formats);
}

static void examine(struct ctx *ctx, struct doctor *d)
{
	str tool = option_text(ctx->house, "media_tool"), report = {0};
	struct decoder *decoder;
	bool there = decoder_open(tool, &decoder) == OK;
	bool ok = there && decoder_check(decoder, ctx->mem, &report) == OK;
	if (there)
		decoder_close(decoder);
	doctor_say(d, ok, "pictures", ok ? formats_of(ctx, report) : tool,
		"qiao-media does not decode every format here: install libvips42 and libheif1, or "
		"name the program by media_tool; run it with --check to see which.");
}

static const struct option_row options[] = {
	{.key = "media_tool",
		.operand = "FILE",
		.help = "the picture process (default: qiao-media beside this program)",
		.fallback = ""},
	{0},
};

const struct room media_room = {.name = "media",
	.options = options,
	.extent = OPEN_ROOMS,
	.start = start,
	.tick = tick,
	.stop = stop,
	.examine = examine};

static int word_of(str key)
{
	for (int word = W_none + 1; key.n && word < W_COUNT; word++)
		if (str_eq(key, str_from(word_key(word))))
			return word;
	return key.n ? W_media_failed : 0; // written by another version
}

bool awaits_loop(const struct media_row *r)
{
	return r->kind == MEDIA_PICTURE && r->state == MEDIA_WAITING && r->width > 0;
}

enum media_state state_of(const struct media_row *r)
{
	return awaits_loop(r) ? MEDIA_READY : (enum media_state)r->state;
}

struct picture picture_from_row(struct media_row *r)
{
	return (struct picture){
		.id = r->id,
		.name = r->name,
		.account = r->account,
		.owner = r->owner.v,
		.use = (enum media_use)r->use,
		.kind = (enum medium)r->kind,
		.duration = r->duration,
		.poster = r->poster,
		.state = state_of(r),
		.width = (int)r->width,
		.height = (int)r->height,
		.colour = (uint32_t)r->colour,
		.moving = (int)r->moving,
		.blurhash = r->blurhash,
		.alt = r->alt,
		.widths = r->widths,
		.covers = r->covers,
		.crop = r->crop,
		.problem = r->problem,
		.word = word_of(r->problem),
		.problem_number = r->problem_number,
	};
}

enum picture_shape picture_shape(const struct picture *p)
{
	if (2 * (int64_t)p->height > 5 * (int64_t)p->width)
		return SHAPE_TALL; // screens of phones are 2.2 times as high as wide
	return (int64_t)p->width > 3 * (int64_t)p->height ? SHAPE_WIDE : SHAPE_PLAIN;
}

err picture_by_id(struct ctx *ctx, media_id id, struct picture *out)
{
	struct media_row row;
	TRY(media_get(ctx, id, &row));
	*out = picture_from_row(&row);
	return OK;
}

static void pictures_from_rows(
	struct ctx *ctx, struct media_row *rows, ptrdiff_t n, struct picture **out)
{
	struct picture *pictures = NEW_N(ctx->mem, struct picture, n);
	for (ptrdiff_t i = 0; i < n; i++)
		pictures[i] = picture_from_row(&rows[i]);
	*out = pictures;
}

err pictures_by_ids(
	struct ctx *ctx, const media_id *ids, ptrdiff_t n, struct picture **out, ptrdiff_t *n_out)
{
	struct media_row *rows = NULL;
	ptrdiff_t found = 0;
	if (n)
		TRY(media_get_many(ctx, ids, n, &rows, &found));
	pictures_from_rows(ctx, rows, found, out);
	*n_out = found;
	return OK;
}

err pictures_of_many(struct ctx *ctx, const struct media_owner_kind *kind, const int64_t *owners,
	ptrdiff_t n, struct picture **out, ptrdiff_t *n_out)
{
	struct media_row *rows = NULL;
	ptrdiff_t found = 0;
	if (n)
		TRY(media_of_many(ctx, str_from(kind->name), owners, n, &rows, &found));
	pictures_from_rows(ctx, rows, found, out);
	*n_out = found;
	return OK;
}

err pictures_of(struct ctx *ctx, struct media_owner owner, struct picture **out, ptrdiff_t *n)
{
	struct media_row *rows;
	ptrdiff_t found;
	TRY(media_of(ctx, str_from(owner.kind->name), owner.id, &rows, &found));
	pictures_from_rows(ctx, rows, found, out);
	*n = found;
	return OK;
}

static str job_key(struct arena *mem, str kind, media_id id)
{
	return str_fmt(mem, "%.*s %lld", STR_ARGS(kind), (long long)id.v);
}

err media_taking(struct ctx *ctx, media_id id, job_id *out)
{
	err code = jobs_waiting(ctx, job_key(ctx->mem, S("media.take"), id), out);
	if (code == ERR_NOT_FOUND)
		*out = (job_id){-1};
	return code == ERR_NOT_FOUND ? OK : code;
}

err media_job(struct ctx *ctx, str kind, media_id id, account_id account, str payload, job_id *out)
{
	struct job_new job = {.kind = kind,
		.payload = payload,
		.subject = id.v,
		.account = account,
		.unique = job_key(ctx->mem, kind, id)};
	return jobs_add(ctx, &job, out);
}

err media_job_later(struct ctx *ctx, str kind, const struct media_row *row, enum job_rank rank)
{
	struct job_new job = {.kind = kind,
		.payload =
			str_fmt(ctx->mem, "%.*s %.*s", STR_ARGS(row->name), STR_ARGS(row->source)),
		.subject = row->id.v,
		.account = row->account,
		.unique = job_key(ctx->mem, kind, row->id),
		.rank = rank};
	return jobs_add(ctx, &job, NULL);
}

str media_random_name(struct arena *mem)
{
	uint8_t random[NAME_BYTES];
	crypto_random(random, sizeof random);
	return base64url(mem, random, sizeof random);
}

err media_new(
	struct ctx *ctx, media_id id, enum media_use use, str source, int64_t size, job_id *job)
{
	struct media_row row = {
		.id = id,
		.name = media_random_name(ctx->mem),
		.account = ctx->viewer.account,
		.use = (int64_t)use,
		.state = MEDIA_WAITING,
		.bytes = size,
		.created = ctx->now,
		.source = source,
	};
	TRY(media_insert(ctx, &row));
	change_add(ctx, &picture_changed, id.v, row.account.v, 0);
	if (!job)
		return OK;
	str payload = str_fmt(ctx->mem, "%.*s %.*s", STR_ARGS(row.name), STR_ARGS(source));
	return media_job(ctx, S("media.take"), id, row.account, payload, job);
}

str source_name(struct arena *mem, char kind, int64_t id)
{
	return str_fmt(mem, "%c%lld", kind, (long long)id);
}

int source_open(struct ctx *ctx, str source, int flags)
{
	int fd;
	return blobs_original_open(ctx->house->blobs, source, flags, &fd) == OK ? fd : -1;
}

err source_sync(struct ctx *ctx)
{
	return blobs_originals_sync(ctx->house->blobs);
}

err source_remove(struct ctx *ctx, str source)
{
	return source.n ? blobs_original_remove(ctx->house->blobs, source) : OK;
}

struct widths widths_read(str list)
{
	struct widths w = {0};
	for (str rest = list; rest.p && rest.n;) {
		int64_t width;
		if (str_int(str_cut(&rest, ' '), &width) && width > 0 && width < INT32_MAX)
			widths_add(&w, (int)width);
	}
	return w;
}

void widths_add(struct widths *w, int width)
{
	int at = 0;
	while (at < w->n && w->at[at] < width)
		at++;
	if (w->n == WIDTHS_MOST || (at < w->n && w->at[at] == width))
		return;
	for (int i = w->n++; i > at; i--)
		w->at[i] = w->at[i - 1];
	w->at[at] = width;
}

str widths_write(struct arena *mem, const struct widths *w)
{
	struct sb sb = sb_new(mem, 32);
	for (int i = 0; i < w->n; i++) {
		if (i)
			sb_char(&sb, ' ');
		sb_int(&sb, w->at[i]);
	}
	return sb_str(&sb);
}
