// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The same calls on SQLite and on PostgreSQL must give the same transcript, byte for byte, and the
// one that is kept in contract.txt. To write a new one after a wanted change: REWRITE=1.
#include "contract.sql.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#undef fail // cmocka's hides ours

static const char *expected_path;

struct script {
	struct ctx *ctx;
	struct sb *out;
};

static void say(struct script *s, const char *what, err result)
{
	sb_fmt(s->out, "%s: %s\n", what, err_name(result));
}

static void say_text(struct sb *out, str text)
{
	sb_char(out, '"');
	for (ptrdiff_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c < 0x20 || c == '"' || c > 0x7e)
			sb_fmt(out, "\\%02x", c);
		else
			sb_char(out, (char)c);
	}
	sb_char(out, '"');
}

static void say_thing(struct sb *out, const struct thing *t)
{
	sb_fmt(out, "  %lld ", (long long)t->id.v);
	say_text(out, t->name);
	sb_fmt(out, " %lld %lld %s %.17g ", (long long)t->size, (long long)t->at,
		t->open ? "open" : "shut", t->weight);
	say_text(out, t->data);
	sb_fmt(out, " '%s'\n", t->tag.tag);
}

static void say_maybe(struct sb *out, const struct maybe *m)
{
	sb_fmt(out, "  %lld %lld ", (long long)m->id.v, (long long)m->owner.v);
	say_text(out, m->name);
	sb_fmt(out, " %d:%lld %lld %d:%.17g ", m->size.has, (long long)m->size.v, (long long)m->at,
		m->weight.has, m->weight.v);
	say_text(out, m->data);
	sb_fmt(out, " '%s'\n", m->tag.tag);
}

static const struct thing things[] = {
	{{1}, STR_INIT("plain"), 5, 1000, true, 1.5, STR_INIT("\0\1\xff"), {"en"}},
	{{2}, STR_INIT("Zebra"), -7, 0, false, 0, {0}, {"zh-Hans"}},
	{{9007199254740993}, STR_INIT("\xe6\xa1\xa5"), INT64_MAX, -1, true, -1e-300, STR_INIT(""),
		{""}},
	{{INT64_MAX}, STR_INIT("quote ' \" \\ %_"), INT64_MIN, INT64_MAX, false, 1e300,
		STR_INIT("x"), {"ja"}},
	{{-5}, STR_INIT(""), 0, 1, true, 0.1, STR_INIT("y"), {"pt"}},
	{{6},
		STR_INIT("\xc3\xa9"
			 "cole"),
		1, 1, true, 3, STR_INIT("y"), {"fr"}},
	{{7}, STR_INIT("apple"), 1, 1, true, 3, STR_INIT("y"), {"fr"}},
	{{8}, STR_INIT("Apple\n\t"), 1, 1, true, 3, STR_INIT("y"), {"fr"}},
};

static err add_things(struct ctx *ctx, void *arg)
{
	(void)arg;
	for (int i = 0; i < (int)COUNT(things); i++)
		TRY(thing_add(ctx, &things[i]));
	return OK;
}

static void play_things(struct script *s)
{
	struct ctx *ctx = s->ctx;
	struct thing t;
	say(s, "add things", store_write(ctx, add_things, NULL));
	for (int i = 0; i < (int)COUNT(things); i++) {
		err result = thing_get(ctx, things[i].id, &t);
		say(s, "get", result);
		if (result == OK)
			say_thing(s->out, &t);
		const struct thing *w = &things[i];
		say(s, "find by all",
			thing_find(ctx, w->name, w->size, w->at, w->open, w->weight, w->data,
				w->tag, &t));
	}
	memset(&t, 0x55, sizeof t);
	struct thing before = t;
	say(s, "get none", thing_get(ctx, (note_id){77}, &t));
	sb_fmt(s->out, "  left alone: %d\n", memcmp(&t, &before, sizeof t) == 0);
}

static void play_lists(struct script *s)
{
	struct ctx *ctx = s->ctx;
	const note_id ids[] = {{1}, {9007199254740993}, {INT64_MAX}, {-5}, {1}, {404}};
	const str names[] = {
		S("quote ' \" \\ %_"), S("\xe6\xa1\xa5"), S(""), S("nobody"), S("Apple\n\t")};
	struct thing *all;
	ptrdiff_t n;
	for (ptrdiff_t some = 0; some <= COUNT(ids); some += some == 1 ? 2 : some ? 3 : 1) {
		say(s, "things", things_by_ids(ctx, ids, some, &all, &n));
		sb_fmt(s->out, "  %td rows, array %d\n", n, all != NULL);
		for (ptrdiff_t i = 0; i < n; i++)
			say_thing(s->out, &all[i]);
	}
	struct things_named_row *named;
	for (ptrdiff_t some = 0; some <= COUNT(names); some += some ? COUNT(names) - 1 : 1) {
		say(s, "named", things_named(ctx, names, some, &named, &n));
		for (ptrdiff_t i = 0; i < n; i++)
			say_text(s->out, named[i].name), sb_char(s->out, '\n');
	}
	struct things_but_row *but;
	for (ptrdiff_t some = 0; some <= 2; some++) {
		say(s, "but", things_but(ctx, names, some, ids, some, &but, &n));
		for (ptrdiff_t i = 0; i < n; i++)
			say_text(s->out, but[i].name), sb_char(s->out, '\n');
	}
	struct thing_names_row *sorted;
	sb_lit(s->out, "bytewise:\n");
	say(s, "order of text", thing_names(ctx, &sorted, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		say_text(s->out, sorted[i].name), sb_char(s->out, '\n');
	const str like[] = {S("a%"), S("A%"), S("%\\%\\_"), S("%\\\\%"), S("_")};
	for (int k = 0; k < (int)COUNT(like); k++) {
		struct thing_like_row *found;
		say(s, "like", thing_like(ctx, like[k], &found, &n));
		for (ptrdiff_t i = 0; i < n; i++)
			say_text(s->out, found[i].name), sb_char(s->out, '\n');
	}
}

static void play_expressions(struct script *s)
{
	struct thing_lower_row lower;
	const note_id ids[] = {{2}, {6}, {9007199254740993}};
	for (int i = 0; i < (int)COUNT(ids); i++) {
		say(s, "lower", thing_lower(s->ctx, ids[i], &lower));
		say_text(s->out, lower.lower);
		sb_fmt(s->out, " %lld %d\n", (long long)lower.length, lower.same);
	}
}

struct write_step {
	struct script *s;
	int what;
};

static err write_one(struct ctx *ctx, void *arg)
{
	struct write_step *step = arg;
	struct script *s = step->s;
	int64_t changed = -1;
	struct thing_take_row taken;
	struct pair_count_row count;
	const note_id ids[] = {{7}, {8}, {404}};
	err result = OK;
	switch (step->what) {
	case 0:
		TRY(thing_grow(ctx, (note_id){1}, 10, &changed));
		break;
	case 1:
		TRY(thing_grow(ctx, (note_id){1}, -1000, &changed));
		break;
	case 2:
		TRY(thing_grow(ctx, (note_id){404}, 1, &changed));
		break;
	case 3:
		result = thing_take(ctx, (note_id){6}, &taken);
		if (result == OK)
			say_text(s->out, taken.name);
		break;
	case 4:
		result = thing_take(ctx, (note_id){404}, &taken);
		say(s, "  take none", result);
		return OK; // goes on: absence dooms nothing
	case 5:
		TRY(things_drop(ctx, ids, 0, &changed));
		sb_fmt(s->out, "  none: %lld\n", (long long)changed);
		TRY(things_drop(ctx, ids, COUNT(ids), &changed));
		break;
	case 6:
		for (int i = 0; i < 3; i++) {
			TRY(pair_add(ctx, 1, i % 2, &changed));
			sb_fmt(s->out, "  %lld", (long long)changed);
			TRY(pair_count(ctx, 1, 1, &count));
			sb_fmt(s->out, " n %lld\n", (long long)count.n);
		}
		break;
	case 7:
		TRY(pair_copy(ctx, 1, 2, &changed));
		sb_fmt(s->out, "  copied %lld", (long long)changed);
		TRY(pair_copy(ctx, 1, 2, &changed));
		break;
	default: {
		const note_id huge[] = {{INT64_MAX}, {9007199254740993}};
		struct thing_count_row n;
		struct pair_sum_row sum;
		TRY(things_drop(ctx, huge, 2, &changed));
		TRY(thing_count(ctx, &n));
		TRY(pair_sum(ctx, 1, &sum));
		sb_fmt(s->out, "  n %lld sum %lld mean %.17g most %lld, pairs %lld\n",
			(long long)n.n, (long long)n.total, n.mean.v, (long long)n.most.v,
			(long long)sum.n);
		TRY(things_clear(ctx, &changed));
	}
	}
	sb_fmt(s->out, "  changed %lld\n", (long long)changed);
	return result;
}

static void play_changes(struct script *s)
{
	for (int what = 0; what <= 8; what++) {
		struct thing_count_row count;
		say(s, "write", store_write(s->ctx, write_one, &(struct write_step){s, what}));
		if (what != 8)
			continue;
		say(s, "count", thing_count(s->ctx, &count));
		sb_fmt(s->out, "  %lld %lld %d %d\n", (long long)count.n, (long long)count.total,
			count.mean.has, count.most.has);
	}
	struct pairs_after_row *pairs;
	ptrdiff_t n;
	say(s, "pairs after", pairs_after(s->ctx, 1, 0, 2, &pairs, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		sb_fmt(s->out, "  %lld %lld\n", (long long)pairs[i].a, (long long)pairs[i].b);
}

static const struct maybe maybes[] = {
	{.id = {1}},
	{{2}, {5}, STR_INIT("n"), {0, true}, 9, {0, true}, STR_INIT("\0"), {"en"}},
	{{3}, {4}, STR_INIT("m"), {-1, true}, 1, {-0.5, true}, STR_INIT("z"), {"zh-Hant"}},
	{.id = {4}, .size = {8, true}},
};

static err add_maybes(struct ctx *ctx, void *arg)
{
	(void)arg;
	for (int i = 0; i < (int)COUNT(maybes); i++)
		TRY(maybe_add(ctx, &maybes[i]));
	return OK;
}

static void play_nulls(struct script *s)
{
	struct ctx *ctx = s->ctx;
	struct maybe m;
	struct maybe_same_row same;
	say(s, "add maybes", store_write(ctx, add_maybes, NULL));
	for (int64_t i = 1; i <= 4; i++) {
		say(s, "get maybe", maybe_get(ctx, (note_id){i}, &m));
		say_maybe(s->out, &m);
		say(s, "same", maybe_same(ctx, (note_id){i}, (account_id){i == 2 ? 5 : 0}, &same));
		sb_fmt(s->out, "  %d\n", same.same);
	}
	struct maybe_order_row *order;
	ptrdiff_t n;
	say(s, "order of NULL", maybe_order(ctx, &order, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		sb_fmt(s->out, "  %lld\n", (long long)order[i].id.v);
}

// --- transactions ------------------------------------------------------------------------------

static err inner_fails(struct ctx *ctx, void *arg)
{
	(void)arg;
	int64_t changed;
	TRY(pair_add(ctx, 50, 1, &changed));
	return fail(ctx, ERR_INVALID, "inner", 0);
}

static err inner_works(struct ctx *ctx, void *arg)
{
	(void)arg;
	int64_t changed;
	return pair_add(ctx, 51, 1, &changed);
}

static err body(struct ctx *ctx, void *arg)
{
	struct write_step *step = arg;
	struct script *s = step->s;
	int64_t changed;
	struct pair_get_row row;
	TRY(pair_add(ctx, 40 + step->what, 1, &changed));
	switch (step->what) {
	case 0:
		return OK;
	case 1: // own error
		return fail(ctx, ERR_FORBIDDEN, "field", 0);
	case 2: // error of a statement, passed on
		return maybe_add(ctx, &maybes[0]);
	case 3: // error of a statement, not passed on: all that follows is refused
		say(s, "  twice", maybe_add(ctx, &maybes[0]));
		say(s, "  then", pair_get(ctx, 43, 1, &row));
		return OK;
	case 4: // a CHECK
		say(s, "  check", maybe_add(ctx, &(struct maybe){.id = {99}, .size = {13, true}}));
		return OK;
	case 5:
		say(s, "  inner", store_write(ctx, inner_works, NULL));
		say(s, "  sees own", pair_get(ctx, 51, 1, &row));
		return OK;
	case 6: // inner failure dooms the outer, though it goes on
		say(s, "  inner", store_write(ctx, inner_fails, NULL));
		say(s, "  then", pair_get(ctx, 46, 1, &row));
		return OK;
	default: // absence is no failure
		say(s, "  none", pair_get(ctx, 999, 1, &row));
		return OK;
	}
}

static void play_transactions(struct script *s)
{
	for (int what = 0; what <= 7; what++) {
		struct pair_get_row row;
		s->ctx->problem = (struct problem){0};
		err result = store_write(s->ctx, body, &(struct write_step){s, what});
		sb_fmt(s->out, "transaction %d: %s field %s\n", what, err_name(result),
			s->ctx->problem.field ? s->ctx->problem.field : "-");
		say(s, "  kept", pair_get(s->ctx, 40 + what, 1, &row));
		store_done(s->ctx);
	}
	struct pair_get_row row;
	say(s, "inner that failed", pair_get(s->ctx, 50, 1, &row));
	say(s, "inner that worked", pair_get(s->ctx, 51, 1, &row));
}

// --- change feed -------------------------------------------------------------------------------

static struct change_kind thing_made = {.name = "things.made"};
static struct change_kind thing_moved = {.name = "things.moved"};

static void heard(struct ctx *ctx, const struct change *change, void *arg)
{
	struct sb *out = arg;
	struct pair_get_row row;
	err seen = pair_get(ctx, 60, change->subject, &row);
	sb_fmt(out, "  heard %s %lld %lld %lld, row %s\n", change->kind->name,
		(long long)change->subject, (long long)change->actor, (long long)change->extra,
		err_name(seen));
}

static void called(void *arg)
{
	sb_lit((struct sb *)arg, "  after commit\n");
}

static err tell(struct ctx *ctx, void *arg)
{
	struct write_step *step = arg;
	int64_t changed;
	TRY(pair_add(ctx, 60, step->what, &changed));
	change_add(ctx, &thing_made, step->what, 7, -1);
	store_after_commit(ctx, called, step->s->out);
	change_add(ctx, &thing_moved, step->what, 8, 1);
	sb_lit(step->s->out, "  body ends\n");
	return step->what == 2 ? ERR_CONFLICT : OK;
}

static void play_feed(struct script *s)
{
	store_on(s->ctx->house->store, &thing_made, heard, s->out);
	store_on(s->ctx->house->store, &thing_moved, heard, s->out);
	for (int what = 1; what <= 3; what++) {
		err result = store_write(s->ctx, tell, &(struct write_step){s, what});
		say(s, "told", result);
	}
}

static str play(struct world *w)
{
	static struct sb out[2];
	struct script s = {&w->ctx, &out[w->postgres]};
	*s.out = sb_new(NULL, 4096);
	world_open(w);
	play_things(&s);
	play_lists(&s);
	play_expressions(&s);
	play_changes(&s);
	play_nulls(&s);
	play_transactions(&s);
	play_feed(&s);
	world_close(w);
	world_open(w); // once more: the schema is there already
	struct pair_get_row row;
	say(&s, "after opening again", pair_get(&w->ctx, 40, 1, &row));
	say(&s, "ping", store_ping(&w->ctx));
	world_close(w);
	return sb_str(s.out);
}

static void assert_same(str a, str b, const char *what)
{
	for (int line = 1; a.n || b.n; line++) {
		str x = str_cut(&a, '\n'), y = str_cut(&b, '\n');
		if (!str_eq(x, y)) {
			fprintf(stderr, "%s, line %d:\n- %.*s\n+ %.*s\n", what, line, STR_ARGS(x),
				STR_ARGS(y));
			assert_true(false);
		}
	}
}

static void test_same_on_both(void **state)
{
	(void)state;
	struct pg_server server;
	pg_server_lend(&server);
	struct world *lite = world_new(NULL), *pg = world_new(&server);
	lite->steps = pg->steps = contract_steps;
	lite->n_steps = pg->n_steps = contract_steps_n;
	str on_lite = play(lite), on_pg = play(pg);
	pg_server_stop(&server);
	assert_same(on_lite, on_pg, "SQLite and PostgreSQL differ");
	if (getenv("REWRITE")) {
		FILE *f = fopen(expected_path, "w");
		assert_non_null(f);
		fwrite(on_lite.p, 1, (size_t)on_lite.n, f);
		fclose(f);
	}
	static char kept[65536];
	FILE *f = fopen(expected_path, "r");
	assert_non_null(f);
	str expected = {kept, (ptrdiff_t)fread(kept, 1, sizeof kept, f)};
	fclose(f);
	assert_true(expected.n > 1000);
	assert_same(expected, on_lite, "not what contract.txt says");
	world_free(lite);
	world_free(pg);
}

int main(int argc, char **argv)
{
	must(argc == 2);
	expected_path = argv[1];
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_on_both)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
