// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Settings live as key/value rows; what pages read is one immutable version in memory, swapped when
// a row changed. Old versions are given back when no request can hold them any more.
#include "community/community.h"

#include "community/community.sql.h"
#include "permit/permit.h"
#include "store/store.h"
#include "words/words.h"

#define GRACE (10 * MS_MINUTE)
#define LINE_MOST 200
#define NAME_OF_NONE "Qiao"
#define TEXT_MOST 40000
#define QUOTA_USUAL ((int64_t)5 << 30)
#define QUOTA_MOST ((int64_t)1 << 40)

struct version {
	struct community settings; // first: what the house points to
	struct state *state;
	struct arena *mem;
	struct version *older;
	ms replaced; // steady clock
};

struct state {
	struct house *house; // its `community` is the newest version
	struct lock lock;    // guards the list of versions
	struct version *newest;
};

struct change_kind setting_changed = {.name = "community.setting"};

static const char *const signup_names[] = {"open", "approval", "invite", "closed"};
static const char *const text_keys[COMMUNITY_TEXTS] = {
	"text_rules", "text_privacy", "text_about", "text_contact"};

static void apply(struct community *c, str key, str value)
{
	if (str_eq(key, S("name")))
		c->name = value;
	else if (str_eq(key, S("summary")))
		c->summary = value;
	else if (str_eq(key, S("contact")))
		c->contact = value;
	else if (str_eq(key, S("quota_mb")) && str_int(value, &c->quota))
		c->quota <<= 20;
	else if (str_eq(key, S("mark")))
		c->mark = value;
	else if (str_eq(key, S("source_url")))
		c->source_url = value;
	for (int i = 0; i < COUNT(signup_names); i++)
		if (str_eq(key, S("signup")) && str_eq(value, str_from(signup_names[i])))
			c->signup = (enum signup_mode)i;
	for (int i = 0; i < COMMUNITY_TEXTS; i++)
		if (str_eq(key, str_from(text_keys[i])))
			c->texts[i] = value;
}

static void drop(struct version *v)
{
	arena_free(v->mem);
	mem_free(v);
}

static void retire_old(struct state *s, ms now) REQUIRES_LOCK(s->lock)
{
	for (struct version **at = &s->newest->older; *at;) {
		struct version *v = *at;
		if (now - v->replaced < GRACE) {
			at = &v->older;
			continue;
		}
		*at = v->older;
		drop(v);
	}
}

static err load(struct ctx *ctx, struct state *s)
{
	struct settings_all_row *rows;
	ptrdiff_t n;
	TRY(settings_all(ctx, &rows, &n));
	struct version *v = mem_new(1, (ptrdiff_t)sizeof *v);
	v->state = s;
	v->mem = arena_new(1024);
	v->settings = (struct community){.name = S(NAME_OF_NONE), .quota = QUOTA_USUAL};
	for (ptrdiff_t i = 0; i < n; i++)
		apply(&v->settings, str_copy(v->mem, rows[i].key), str_copy(v->mem, rows[i].value));
	lock_take(&s->lock);
	ms now = clock_steady();
	v->older = s->newest;
	if (v->older)
		v->older->replaced = now;
	s->newest = v;
	__atomic_store_n(&s->house->community, &v->settings, __ATOMIC_RELEASE);
	retire_old(s, now);
	lock_release(&s->lock);
	return OK;
}

static void on_change(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)change;
	err failed = load(ctx, arg);
	if (failed == OK)
		return;
	log_event(LOG_WARN, "settings not read", LOG_Z("error", err_name(failed)));
	store_missed(ctx->house->store);
}

static err start(struct ctx *ctx)
{
	struct state *s = mem_new(1, (ptrdiff_t)sizeof *s);
	s->house = ctx->house;
	lock_init(&s->lock);
	err loaded = load(ctx, s);
	if (loaded != OK) {
		mem_free(s);
		return loaded;
	}
	store_on(ctx->house->store, &setting_changed, on_change, s);
	store_on(ctx->house->store, &changes_lost, on_change, s);
	return OK;
}

const struct community *community_get(struct ctx *ctx)
{
	return __atomic_load_n(&ctx->house->community, __ATOMIC_ACQUIRE);
}

static void stop(struct ctx *ctx)
{
	struct version *v = (struct version *)(void *)ctx->house->community;
	struct state *s = v->state;
	while (v) {
		struct version *older = v->older;
		drop(v);
		v = older;
	}
	mem_free(s);
	ctx->house->community = NULL;
}

const struct room community_room = {
	.name = "community", .extent = OPEN_ROOMS, .start = start, .stop = stop};

bool community_is_named(const struct community *c)
{
	return !str_eq(c->name, S(NAME_OF_NONE));
}

bool community_is_reachable(const struct community *c)
{
	return c->contact.n || c->texts[TEXT_CONTACT].n;
}

static err check_text(struct ctx *ctx, const char *field, str text, ptrdiff_t most)
{
	if (utf8_count(text) > most)
		return fail_n(ctx, ERR_INVALID, field, W_error_too_long, most);
	return OK;
}

static err save(struct ctx *ctx, void *arg)
{
	const struct community *c = arg;
	TRY(setting_put(ctx, S("name"), str_trim(c->name)));
	TRY(setting_put(ctx, S("summary"), c->summary));
	TRY(setting_put(ctx, S("contact"), c->contact));
	TRY(setting_put(ctx, S("source_url"), c->source_url));
	TRY(setting_put(ctx, S("signup"), str_from(signup_names[c->signup])));
	TRY(setting_put(
		ctx, S("quota_mb"), str_fmt(ctx->mem, "%lld", (long long)(c->quota >> 20))));
	for (int i = 0; i < COMMUNITY_TEXTS; i++)
		TRY(setting_put(ctx, str_from(text_keys[i]), c->texts[i]));
	change_add(ctx, &setting_changed, 0, ctx->viewer.account.v, 0);
	return OK;
}

err community_save(struct ctx *ctx, const struct community *c)
{
	if (!str_trim(c->name).n)
		return fail(ctx, ERR_INVALID, "name", W_error_required);
	TRY(check_text(ctx, "name", c->name, 40));
	TRY(check_text(ctx, "summary", c->summary, LINE_MOST));
	TRY(check_text(ctx, "contact", c->contact, LINE_MOST));
	TRY(check_text(ctx, "source_url", c->source_url, LINE_MOST));
	if (c->source_url.n && !str_starts(c->source_url, S("https://")) &&
		!str_starts(c->source_url, S("http://")))
		return fail(ctx, ERR_INVALID, "source_url", W_error_not_address);
	for (int i = 0; i < COMMUNITY_TEXTS; i++)
		TRY(check_text(ctx, text_keys[i], c->texts[i], TEXT_MOST));
	if (c->quota < 0 || c->quota > QUOTA_MOST)
		return fail(ctx, ERR_INVALID, "quota", W_error_not_number);
	struct community copy = *c;
	return permit_write(ctx, &act_administer, save, &copy);
}

err setting_read(struct ctx *ctx, str key, str *out)
{
	struct setting_get_row row;
	TRY(setting_get(ctx, key, &row));
	*out = row.value;
	return OK;
}

struct pair {
	str key, value;
};

static err write_pair(struct ctx *ctx, void *arg)
{
	struct pair *p = arg;
	TRY(setting_put(ctx, p->key, p->value));
	change_add(ctx, &setting_changed, 0, ctx->viewer.account.v, 0);
	return OK;
}

static err add_pair(struct ctx *ctx, void *arg)
{
	struct pair *p = arg;
	struct setting_get_row row;
	TRY(setting_add(ctx, p->key, p->value));
	TRY(setting_get(ctx, p->key, &row));
	p->value = row.value;
	return OK;
}

err setting_first(struct ctx *ctx, str key, str value, str *out)
{
	struct pair p = {key, value};
	TRY(store_write(ctx, add_pair, &p));
	*out = p.value;
	return OK;
}

err setting_write(struct ctx *ctx, str key, str value)
{
	return store_write(ctx, write_pair, &(struct pair){key, value});
}
