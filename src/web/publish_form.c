// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading and showing the form of a note. With script the order of the repeated fields is the order
// of the pictures; without it, position numbers and boxes to remove say the same.
#include "web/publish_form.h"

#include "crypto/crypto.h"
#include "web/choices.h"
#include "web/private.h"

#define PATIENCE (90 * MS_SECOND)
#define PREVIEW_WIDTH 540

void form_blank(struct request *req, struct publish_form *f)
{
	*f = (struct publish_form){
		.request = token_new(req->ctx->mem),
		.ratio = RATIO_3_4,
		.until = clock_steady() + PATIENCE,
	};
}

static enum ratio ratio_from(str value)
{
	int found = choice_from(&ratio_choices, value);
	return found < 0 ? RATIO_3_4 : (enum ratio)found;
}

static media_id media_from(str value)
{
	media_id id = {0};
	if (!id_parse(value, &id.v))
		id.v = 0;
	return id;
}

static bool is_removed(struct request *req, str media)
{
	str *removed;
	ptrdiff_t n = req_form_all(req, "remove", &removed);
	for (ptrdiff_t i = 0; i < n; i++)
		if (str_eq(removed[i], media))
			return true;
	return false;
}

// Whoever is given the number of another place goes before or behind whom he finds there.
static int64_t place_of(str position, ptrdiff_t now)
{
	int64_t wanted;
	if (!str_int(position, &wanted) || wanted < 1 || wanted > PICTURES_MOST)
		return 2 * now;
	return 2 * wanted + (wanted < now ? -1 : wanted > now ? 1 : 0);
}

static void read_pictures(struct request *req, struct publish_form *f)
{
	str *media, *alts, *positions;
	int64_t places[200];
	struct arena *mem = req->ctx->mem;
	ptrdiff_t n = MIN(req_form_all(req, "media", &media), COUNT(places));
	ptrdiff_t n_alts = req_form_all(req, "alt", &alts);
	bool numbered = req_form_all(req, "position", &positions) == n;
	for (ptrdiff_t i = 0; i < n; i++) {
		struct publish_picture p = {
			.id = media_from(media[i]), .alt = i < n_alts ? alts[i] : (str){0}};
		if (!p.id.v || is_removed(req, media[i]))
			continue;
		list_push(mem, &f->pictures, p);
		ptrdiff_t at = f->pictures.n - 1;
		int64_t place = numbered ? place_of(positions[i], i + 1) : 2 * (i + 1);
		for (; at && places[at - 1] > place; at--) {
			places[at] = places[at - 1];
			f->pictures.at[at] = f->pictures.at[at - 1];
		}
		places[at] = place;
		f->pictures.at[at] = p;
	}
}

void form_read(struct request *req, struct publish_form *f)
{
	form_blank(req, f);
	f->request = str_sub(req_form(req, "request"), 0, TOKEN_SIZE);
	f->title = req_form(req, "title");
	f->body = req_form(req, "body");
	f->visibility = visibility_from(req_form(req, "visibility"));
	f->language = lang_from(req_form(req, "language"));
	f->sensitive = req_form(req, "sensitive").n > 0;
	f->ratio = ratio_from(req_form(req, "ratio"));
	f->crop = req_form(req, "crop");
	f->crop_of = media_from(req_form(req, "crop_of"));
	f->crop_part = req_form(req, "crop_part");
	f->crop_other = req_form(req, "crop_other");
	f->cover = media_from(req_form(req, "cover"));
	if (!str_int(req_form(req, "cover_number"), &f->cover_number))
		f->cover_number = 0;
	if (!str_int(req_form(req, "cover_other"), &f->cover_other))
		f->cover_other = 0;
	read_pictures(req, f);
}

// 'ratio x y w h' of a picture as the script writes it.
static str crop_of_picture(struct arena *mem, str crop)
{
	int64_t v[5];
	for (ptrdiff_t i = 0; i < COUNT(v); i++)
		if (!str_int(str_cut(&crop, ' '), &v[i]))
			return (str){0};
	if (!v[3])
		return (str){0};
	return str_fmt(
		mem, "%d,%d,%d,%d", (int)v[1] / 10, (int)v[2] / 10, (int)v[3] / 10, (int)v[4] / 10);
}

err form_of_note(struct request *req, const struct note *note, struct publish_form *f)
{
	struct ctx *ctx = req->ctx;
	struct picture *pictures;
	ptrdiff_t n;
	form_blank(req, f);
	TRY(pictures_of_note(ctx, note->id, &pictures, &n));
	f->note = note->id;
	f->title = note->title;
	f->body = note->body;
	f->visibility = note->visibility;
	f->language = note->language;
	f->sensitive = note->sensitive;
	f->ratio = note->ratio == RATIO_TEXT ? RATIO_3_4 : note->ratio;
	f->cover = note->cover;
	for (ptrdiff_t i = 0; i < n; i++) {
		struct publish_picture p = {
			.id = pictures[i].id, .alt = pictures[i].alt, .loaded = &pictures[i]};
		list_push(ctx->mem, &f->pictures, p);
		if (p.id.v == note->cover.v)
			f->crop = crop_of_picture(ctx->mem, pictures[i].crop);
	}
	return OK;
}

static void leave_out(struct request *req, struct publish_form *f, str file, str problem)
{
	struct arena *mem = req->ctx->mem;
	str told = file.n ? word_fmt(mem, req->ctx->viewer.locale, W_publish_picture_problem,
				    &(struct word_args){.s = file, .s2 = problem})
			  : problem;
	list_push(mem, &f->problems, told);
	f->left_out++;
}

// What would be said of each of the rest is said once, with all their names.
static void leave_out_from(struct request *req, struct publish_form *f, ptrdiff_t i, str problem)
{
	struct ctx *ctx = req->ctx;
	struct req_file file;
	LIST(str) names = {0};
	int64_t before = f->left_out, n = 0;
	for (; req_file(req, "pictures", i, &file); i++) {
		n += file.size || file.name.n;
		if (file.name.n)
			list_push(ctx->mem, &names, file.name);
	}
	leave_out(req, f, words_list(ctx->mem, ctx->viewer.locale, names.at, names.n), problem);
	f->left_out = before + n;
}

static bool is_the_pictures(err code)
{
	return code == ERR_INVALID || code == ERR_TOO_LARGE || code == ERR_UNSUPPORTED;
}

err form_take_files(struct request *req, struct publish_form *f)
{
	struct ctx *ctx = req->ctx;
	struct req_file file;
	for (ptrdiff_t i = 0; req_file(req, "pictures", i, &file); i++) {
		if (!file.size && !file.name.n)
			continue;
		if (f->pictures.n >= PICTURES_MOST) {
			leave_out_from(req, f, i,
				word_n(ctx->mem, ctx->viewer.locale, W_error_too_many_files,
					PICTURES_MOST));
			return OK;
		}
		struct publish_picture p = {.file = file.name};
		err code = picture_refused(
			req, media_add(ctx, file.fd, file.size, USE_NOTE, &p.id, &p.job));
		if (code == ERR_FULL)
			f->refused = code;
		if (code == ERR_TOO_MANY || code == ERR_FULL) {
			leave_out_from(req, f, i, problem_text(ctx));
			return OK;
		}
		if (is_the_pictures(code))
			leave_out(req, f, file.name, problem_text(ctx));
		else if (code != OK)
			return code;
		else
			list_push(ctx->mem, &f->pictures, p);
	}
	return OK;
}

static struct picture *picture_among(struct picture *pictures, ptrdiff_t n, media_id id)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (pictures[i].id.v == id.v)
			return &pictures[i];
	return NULL;
}

static bool in_another(const struct picture *p, note_id note)
{
	return p->owner && p->owner != note.v;
}

// Other people's pictures are treated as if they did not exist. In a new form a picture may belong to
// the note that this very form has made already: notes/ knows.
static str what_is_wrong(struct request *req, const struct picture *p, note_id note)
{
	struct ctx *ctx = req->ctx;
	int locale = ctx->viewer.locale;
	bool usable = p && p->account.v == ctx->viewer.account.v && p->use == USE_NOTE &&
		      (!note.v || !in_another(p, note));
	if (!usable)
		return word_get(locale, W_media_not_yours);
	if (p->state == MEDIA_FAILED)
		return word_n(ctx->mem, locale, p->word, p->problem_number);
	return (str){0};
}

err form_load(struct request *req, struct publish_form *f, job_id *waits)
{
	struct ctx *ctx = req->ctx;
	struct picture *found;
	ptrdiff_t n, kept = 0;
	media_id *ids = NEW_N(ctx->mem, media_id, f->pictures.n + 1);
	for (ptrdiff_t i = 0; i < f->pictures.n; i++)
		ids[i] = f->pictures.at[i].id;
	TRY(pictures_by_ids(ctx, ids, f->pictures.n, &found, &n));
	*waits = (job_id){0};
	for (ptrdiff_t i = 0; i < f->pictures.n; i++) {
		struct publish_picture p = f->pictures.at[i];
		p.loaded = picture_among(found, n, p.id);
		str wrong = what_is_wrong(req, p.loaded, f->note);
		if (wrong.n) {
			leave_out(req, f, p.file, wrong);
			continue;
		}
		if (p.loaded->state == MEDIA_WAITING && !p.job.v)
			TRY(media_taking(ctx, p.id, &p.job));
		if (p.loaded->state == MEDIA_WAITING)
			*waits = p.job;
		f->pictures.at[kept++] = p;
	}
	f->pictures.n = kept;
	return OK;
}

void form_drop_used(struct publish_form *f)
{
	ptrdiff_t kept = 0;
	for (ptrdiff_t i = 0; i < f->pictures.n; i++)
		if (!in_another(f->pictures.at[i].loaded, f->note))
			f->pictures.at[kept++] = f->pictures.at[i];
	f->pictures.n = kept;
}

static int cover_index(const struct publish_form *f)
{
	if (f->cover_other >= 1 && f->cover_other <= f->pictures.n)
		return (int)f->cover_other - 1;
	for (ptrdiff_t i = 0; i < f->pictures.n; i++)
		if (f->cover.v && f->pictures.at[i].id.v == f->cover.v)
			return (int)i;
	return f->cover_number >= 1 && f->cover_number <= f->pictures.n ? (int)f->cover_number - 1
									: 0;
}

// The part of a picture that a card of this shape shows at one of its ends.
static struct crop crop_at(const struct picture *p, enum ratio ratio, bool end)
{
	struct aspect shape = ratio_aspect(ratio);
	int64_t across = (int64_t)p->width * shape.height;
	int64_t down = (int64_t)p->height * shape.width;
	struct crop c = {.w = 10000, .h = 10000};
	if (!across || !down)
		return (struct crop){0};
	if (across > down)
		c.w = (int)(10000 * down / across);
	else
		c.h = (int)(10000 * across / down);
	if (end) {
		c.x = 10000 - c.w;
		c.y = 10000 - c.h;
	}
	return c;
}

static struct crop crop_from(str thousandths)
{
	int64_t v[4];
	for (ptrdiff_t i = 0; i < COUNT(v); i++)
		if (!str_int(str_cut(&thousandths, ','), &v[i]) || v[i] < 0 || v[i] > 1000)
			return (struct crop){0};
	// Each is rounded for itself, so their sum may be over by one.
	return (struct crop){(int)v[0] * 10, (int)v[1] * 10, (int)MIN(v[2], 1000 - v[0]) * 10,
		(int)MIN(v[3], 1000 - v[1]) * 10};
}

static struct crop crop_wanted(const struct publish_form *f, const struct publish_picture *cover)
{
	struct crop scripts = crop_from(f->crop);
	if (f->crop_of.v && f->crop_of.v != cover->id.v)
		scripts = (struct crop){0};
	str part = f->crop_other.n ? f->crop_other : f->crop_part;
	if (!f->crop_other.n && scripts.w)
		return scripts;
	bool start = str_eq(part, S("start")), end = str_eq(part, S("end"));
	if (cover->loaded && (start || end))
		return crop_at(cover->loaded, f->ratio, end);
	return (struct crop){0};
}

void form_draft(struct request *req, struct publish_form *f, struct note_draft *out)
{
	struct picture_place *places = NEW_N(req->ctx->mem, struct picture_place, f->pictures.n);
	for (ptrdiff_t i = 0; i < f->pictures.n; i++)
		places[i] = (struct picture_place){
			f->pictures.at[i].id, unicode_body(req->ctx->mem, f->pictures.at[i].alt)};
	*out = (struct note_draft){
		.title = f->title,
		.body = f->body,
		.visibility = f->visibility,
		.language = f->language,
		.sensitive = f->sensitive,
		.pictures = places,
		.n_pictures = (int)f->pictures.n,
		.cover = cover_index(f),
		.ratio = f->pictures.n ? f->ratio : RATIO_TEXT,
		.request = f->request,
	};
	if (f->pictures.n)
		out->crop = crop_wanted(f, &f->pictures.at[out->cover]);
}

static str crop_shown(struct arena *mem, struct crop c)
{
	if (!c.w)
		return (str){0};
	return str_fmt(mem, "%d,%d,%d,%d", c.x / 10, c.y / 10, c.w / 10, c.h / 10);
}

static const struct publish_tile *tiles(struct request *req, const struct publish_form *f)
{
	struct arena *mem = req->ctx->mem;
	int cover = cover_index(f);
	struct publish_tile *out = NEW_N(mem, struct publish_tile, f->pictures.n);
	for (ptrdiff_t i = 0; i < f->pictures.n; i++) {
		const struct publish_picture *p = &f->pictures.at[i];
		out[i] = (struct publish_tile){
			.id = p->id,
			.alt = p->alt,
			.number = (int)i + 1,
			.cover = i == cover,
			.first = i == 0,
			.last = i == f->pictures.n - 1,
		};
		out[i].waits = p->loaded && p->loaded->state == MEDIA_WAITING;
		str src = p->loaded && !out[i].waits ? picture_src(mem, p->loaded, PREVIEW_WIDTH)
						     : (str){0};
		if (src.n)
			out[i].picture = url_fmt(mem, "%.*s", STR_ARGS(src));
	}
	return out;
}

void form_view(struct request *req, struct publish_form *f, struct publish_view *out)
{
	struct ctx *ctx = req->ctx;
	*out = (struct publish_view){
		.edit = f->note.v != 0,
		.action = url_fmt(ctx->mem, "/publish"),
		.request = f->request,
		.title = f->title,
		.body = f->body,
		.visibility = f->visibility,
		.language = f->language,
		.sensitive = f->sensitive,
		.ratio = f->ratio,
		.tiles = tiles(req, f),
		.n_tiles = f->pictures.n,
		.picture_problems = f->problems.at,
		.n_picture_problems = f->problems.n,
		.left_out = f->left_out,
	};
	if (f->note.v) {
		str note = url_of_note(ctx->mem, f->note).s;
		out->action = url_fmt(ctx->mem, "%.*s/edit", STR_ARGS(note));
		out->removal = url_fmt(ctx->mem, "%.*s/delete", STR_ARGS(note));
	}
	if (f->pictures.n) {
		int cover = cover_index(f);
		out->cover = f->pictures.at[cover].id;
		out->cover_picture = out->tiles[cover].picture;
		out->crop = crop_shown(ctx->mem, crop_wanted(f, &f->pictures.at[cover]));
	}
}
