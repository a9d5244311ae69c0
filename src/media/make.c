// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files being made: temporary until all of them are, then known by their part. Also the names of
// parts and the addresses made of them. A rendition is named by the width it has, so that an
// address never changes its content; a cover's name carries its crop for the same reason.
#include "media/private.h"

#include "crypto/crypto.h"

err making_add(struct ctx *ctx, struct making *m, struct media_rendition wish)
{
	must(m->n < COUNT(m->at));
	TRY(blobs_temp(ctx->house->blobs, &m->temps[m->n]));
	m->at[m->n] = (struct picture_output){.wish = wish, .fd = m->temps[m->n].fd};
	m->n++;
	return OK;
}

err making_put(struct ctx *ctx, struct making *m, str name, int64_t *bytes)
{
	int64_t sum = 0;
	for (int i = 0; i < m->n; i++) {
		TRY(blobs_put(ctx->house->blobs, &m->temps[i], name, m->parts[i]));
		sum += m->at[i].bytes;
	}
	*bytes = sum;
	return OK;
}

err making_late(struct ctx *ctx, const struct media_row *row)
{
	struct media_row now;
	err code = media_get(ctx, row->id, &now);
	if (code != OK && code != ERR_NOT_FOUND)
		return code;
	if (code == OK && str_eq(now.name, row->name))
		return OK;
	TRY(blobs_remove(ctx->house->blobs, row->name));
	return code == OK ? ERR_CONFLICT : OK;
}

err making_told(struct ctx *ctx, media_id id)
{
	struct media_row now;
	TRY(media_get(ctx, id, &now));
	change_add(ctx, &picture_changed, id.v, now.account.v, now.owner.v);
	return OK;
}

void making_close(struct ctx *ctx, struct making *m)
{
	for (int i = 0; i < m->n; i++)
		blobs_temp_close(ctx->house->blobs, &m->temps[i]);
	m->n = 0;
}

static const struct media_rendition avatar_parts[] = {
	{.format = MEDIA_WEBP, .width = 96, .quality = 82, .aspect_width = 1, .aspect_height = 1},
	{.format = MEDIA_WEBP, .width = 192, .quality = 82, .aspect_width = 1, .aspect_height = 1},
	{.format = MEDIA_WEBP, .width = 384, .quality = 82, .aspect_width = 1, .aspect_height = 1},
};
static const struct media_rendition banner_parts[] = {
	{.format = MEDIA_WEBP, .width = 720, .quality = 80, .aspect_width = 3, .aspect_height = 1},
	{.format = MEDIA_WEBP, .width = 1440, .quality = 80, .aspect_width = 3, .aspect_height = 1},
};

static const struct media_rendition mark_parts[] = {
	{.format = MEDIA_WEBP, .width = 96, .quality = 88, .aspect_width = 1, .aspect_height = 1},
	{.format = MEDIA_WEBP, .width = 192, .quality = 88, .aspect_width = 1, .aspect_height = 1},
};

const struct media_rendition *profile_parts(enum media_use use, int *n)
{
	if (use == USE_MARK) {
		*n = COUNT(mark_parts);
		return mark_parts;
	}
	if (use == USE_AVATAR) {
		*n = COUNT(avatar_parts);
		return avatar_parts;
	}
	*n = use == USE_COVER ? COUNT(banner_parts) : 0;
	return use == USE_COVER ? banner_parts : NULL;
}

str part_of_picture(struct arena *mem, int width)
{
	return str_fmt(mem, "%d.webp", width);
}

str part_of_moving(struct arena *mem, int width)
{
	return str_fmt(mem, "moving-%d.webp", width);
}

// Named by the width asked for: pages know these addresses from the picture's name alone.
str part_of_profile(struct arena *mem, enum media_use use, int width)
{
	int n;
	const struct media_rendition *parts = profile_parts(use, &n);
	must(n > 0);
	int i = 0;
	while (i < n - 1 && (int)parts[i].width < width)
		i++;
	static const char *const names[] = {
		[USE_AVATAR] = "avatar", [USE_COVER] = "banner", [USE_MARK] = "mark"};
	return str_fmt(mem, "%s-%u.webp", names[use], parts[i].width);
}

// Another part of the picture has other names.
static str version_of_cover(struct arena *mem, str crop)
{
	struct digest d = crypto_sha256(crop);
	return hex(mem, d.b, 4);
}

static str cover_named(struct arena *mem, int width, str version, const char *suffix)
{
	return str_fmt(mem, "cover-%d-%.*s.%s", width, STR_ARGS(version), suffix);
}

str part_of_cover(struct arena *mem, int width, str crop, const char *suffix)
{
	return cover_named(mem, width, version_of_cover(mem, crop), suffix);
}

static str path(struct arena *mem, str name, str part)
{
	const str parts[] = {S("/media"), name, part};
	return str_join(mem, parts, COUNT(parts), S("/"));
}

str media_path(struct arena *mem, str name, const char *kind, int width)
{
	str k = str_from(kind);
	if (str_eq(k, S("avatar")))
		return path(mem, name, part_of_profile(mem, USE_AVATAR, width));
	if (str_eq(k, S("banner")))
		return path(mem, name, part_of_profile(mem, USE_COVER, width));
	if (str_eq(k, S("mark")))
		return path(mem, name, part_of_profile(mem, USE_MARK, width));
	if (str_eq(k, S("webp")))
		return path(mem, name, part_of_picture(mem, width));
	must(str_eq(k, S("master")));
	return path(mem, name, S("master.jpg"));
}

str picture_moving(struct arena *mem, const struct picture *p)
{
	return p->moving ? path(mem, p->name, part_of_moving(mem, p->moving)) : (str){0};
}

static int fitting(const struct widths *w, int width)
{
	int i = 0;
	while (i < w->n - 1 && w->at[i] < width)
		i++;
	return w->at[i];
}

str picture_src(struct arena *mem, const struct picture *p, int width)
{
	struct widths w = widths_read(p->widths);
	if (!w.n)
		return media_path(mem, p->name, "master", 0);
	return path(mem, p->name, part_of_picture(mem, fitting(&w, width)));
}

str picture_cover_src(struct arena *mem, const struct picture *p, int width)
{
	struct widths w = widths_read(p->covers);
	if (!w.n)
		return picture_src(mem, p, width);
	return path(mem, p->name, part_of_cover(mem, fitting(&w, width), p->crop, "webp"));
}

str picture_cover_jpeg(struct arena *mem, const struct picture *p)
{
	struct widths w = widths_read(p->covers);
	if (!w.n)
		return media_path(mem, p->name, "master", 0);
	return path(mem, p->name, part_of_cover(mem, w.at[w.n - 1], p->crop, "jpg"));
}

static void add_source(struct sb *sb, const struct picture *p, str part, int width)
{
	if (sb->n)
		sb_lit(sb, ", ");
	sb_add(sb, path(sb->mem, p->name, part));
	sb_char(sb, ' ');
	sb_int(sb, width);
	sb_char(sb, 'w');
}

str picture_srcset(struct arena *mem, const struct picture *p)
{
	struct widths w = widths_read(p->widths);
	struct sb sb = sb_new(mem, 256);
	for (int i = 0; i < w.n; i++)
		add_source(&sb, p, part_of_picture(mem, w.at[i]), w.at[i]);
	return sb_str(&sb);
}

str picture_cover_srcset(struct arena *mem, const struct picture *p)
{
	struct widths w = widths_read(p->covers);
	if (!w.n)
		return picture_srcset(mem, p);
	struct sb sb = sb_new(mem, 512);
	str version = version_of_cover(mem, p->crop);
	for (int i = 0; i < w.n; i++)
		add_source(&sb, p, cover_named(mem, w.at[i], version, "webp"), w.at[i]);
	return sb_str(&sb);
}
