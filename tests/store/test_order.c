// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What one process says the others hear: once, in the order in which it came true, whatever their
// clocks say, however long a transaction takes, and also when nobody knows how its commit ended.
#include "contract.sql.h"
#include "store/inside.h"
#include "store/store.sql.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#undef fail

#include "both.h"
#include "relay.h"

#define HEARD_MOST 4096
#define SOON (4 * MS_SECOND) // by then a change is heard, on a machine with much else to do

// The linker puts it before the system's: each process of a test is a thread with a clock of its own.
int __real_clock_gettime(clockid_t, struct timespec *);
int __wrap_clock_gettime(clockid_t, struct timespec *);
static _Atomic int main_is_off, others_are_off; // seconds

int __wrap_clock_gettime(clockid_t which, struct timespec *out)
{
	int result = __real_clock_gettime(which, out);
	if (which == CLOCK_REALTIME)
		out->tv_sec += thread_kind() == THREAD_MAIN ? main_is_off : others_are_off;
	return result;
}

static void nap(ms time)
{
	nanosleep(&(struct timespec){time / 1000, time % 1000 * 1000000}, NULL);
}

// --- who hears -------------------------------------------------------------------------------------

static struct change_kind told = {.name = "order.told"};

struct heard {
	int64_t subject, extra;
	bool late;
};
struct ear {
	_Atomic int n, lost;
	struct heard at[HEARD_MOST];
};

static void hear(struct ctx *ctx, const struct change *c, void *arg)
{
	struct ear *ear = arg;
	(void)ctx;
	if (c->kind == &changes_lost) {
		ear->lost++;
		return;
	}
	must(ear->n < HEARD_MOST);
	ear->at[ear->n] = (struct heard){c->subject, c->extra, c->late};
	ear->n++;
}

struct process {
	struct world *w;
	struct ear ear;
};

static struct process *open_at(void **state, const char *address, ms busy)
{
	struct process *p = mem_new(1, sizeof *p);
	p->w = world_new(*state);
	if (address)
		strcpy(p->w->address, address);
	const struct store_config config = {.database = str_from(p->w->address),
		.busy = busy,
		.steps = contract_steps,
		.n_steps = contract_steps_n};
	assert_int_equal(store_open(&p->w->ctx, &config, &p->w->house.store), OK);
	store_on(p->w->house.store, &told, hear, &p->ear);
	store_on(p->w->house.store, &changes_lost, hear, &p->ear);
	return p;
}

static struct process *first(void **state)
{
	if (*state)
		world_wipe(*state);
	return open_at(state, NULL, 0);
}

static struct process *another(void **state, const struct process *other)
{
	return open_at(state, other->w->address, 0);
}

static struct store *store_of(const struct process *p)
{
	return p->w->house.store;
}

static void follow_others(struct process *p)
{
	store_tail_start(&p->w->ctx, store_of(p));
}

static void leave(struct process *p)
{
	store_tail_stop(store_of(p));
	world_close(p->w);
	world_free(p->w);
	mem_free(p);
}

static bool hears(const struct process *p, int n)
{
	for (ms until = clock_steady() + SOON; p->ear.n < n && clock_steady() < until;)
		nap(10);
	return p->ear.n >= n;
}

// So long that whatever comes twice has come.
static void settle(void)
{
	nap(1300);
}

struct saying {
	int64_t subject, extra;
};

static err say(struct ctx *ctx, void *arg)
{
	const struct saying *s = arg;
	struct pair_count_row row;
	TRY(pair_count(ctx, s->subject, s->extra, &row));
	change_add(ctx, &told, s->subject, 0, s->extra);
	return OK;
}

static void says(struct process *p, int64_t subject, int64_t extra)
{
	p->w->ctx.now = clock_now();
	assert_int_equal(store_write(&p->w->ctx, say, &(struct saying){subject, extra}), OK);
	store_done(&p->w->ctx);
}

// --- clocks ------------------------------------------------------------------------------------------

static void a_process_is_heard_whatever_its_clock_says(void **state)
{
	static const int offs[][2] = {{-40, 0}, {40, 0}, {0, -40}, {0, 40}, {-86400, 86400}};
	for (ptrdiff_t i = 0; i < COUNT(offs); i++) {
		struct process *p = first(state), *q = another(state, p);
		main_is_off = offs[i][0];
		others_are_off = offs[i][1];
		follow_others(q);
		for (int64_t k = 0; k < 5; k++) {
			says(p, 1, k);
			nap(60);
		}
		assert_true(hears(q, 5));
		main_is_off = others_are_off = 0;
		says(p, 1, 5);
		assert_true(hears(q, 6));
		settle();
		assert_int_equal(q->ear.n, 6);
		for (int64_t k = 0; k < 6; k++)
			assert_int_equal(q->ear.at[k].extra, k);
		assert_int_equal(q->ear.lost, 0);
		assert_true(store_is_heard(store_of(q)));
		leave(q);
		leave(p);
	}
}

// --- order -------------------------------------------------------------------------------------------

#define COUNTERS 2
#define TURNS 30

struct counting {
	struct process *p;
	int64_t counter;
};

static err count_one(struct ctx *ctx, void *arg)
{
	const struct counting *c = arg;
	struct pair_count_row row;
	TRY(pair_count(ctx, 1, c->counter, &row)); // sees the work of whoever counted before
	change_add(ctx, &told, c->counter, 0, row.n);
	return OK;
}

static void *count(void *arg)
{
	struct counting *c = arg;
	struct ctx ctx;
	thread_is(THREAD_WORKER, "counting");
	ctx_begin(&ctx, c->p->w);
	for (int i = 0; i < TURNS; i++) {
		arena_reset(ctx.mem);
		while (store_write(&ctx, count_one, c) == ERR_UNAVAILABLE)
			nap(5);
		store_done(&ctx);
	}
	ctx_end(&ctx);
	return NULL;
}

static void what_depends_on_another_is_heard_after_it(void **state)
{
	struct process *listener = first(state), *writers[2];
	struct counting counting[2 * COUNTERS];
	pthread_t threads[2 * COUNTERS];
	int64_t last[COUNTERS] = {0};
	follow_others(listener);
	for (int i = 0; i < 2; i++)
		writers[i] = another(state, listener);
	for (int i = 0; i < 2 * COUNTERS; i++) {
		counting[i] = (struct counting){writers[i % 2], i / 2};
		threads[i] = thread_start(count, &counting[i]);
	}
	for (int i = 0; i < 2 * COUNTERS; i++)
		pthread_join(threads[i], NULL);
	assert_true(hears(listener, 2 * COUNTERS * TURNS));
	settle();
	assert_int_equal(listener->ear.n, 2 * COUNTERS * TURNS);
	for (int i = 0; i < listener->ear.n; i++) {
		const struct heard *h = &listener->ear.at[i];
		assert_int_equal(h->extra, last[h->subject] + 1);
		assert_false(h->late);
		last[h->subject]++;
	}
	for (int i = 0; i < 2; i++)
		leave(writers[i]);
	leave(listener);
}

static void what_may_come_late_says_so(void **state)
{
	struct process *p = first(state), *q = another(state, p);
	says(p, 1, 1);
	says(q, 1, 2); // may have seen the first, of which q has not heard
	follow_others(q);
	assert_true(hears(q, 2));
	assert_int_equal(q->ear.at[0].extra, 2);
	assert_false(q->ear.at[0].late);
	assert_true(q->ear.at[1].late);
	settle();
	says(p, 1, 3); // q has said nothing since it knew all
	assert_true(hears(q, 3));
	assert_false(q->ear.at[2].late);
	leave(q);
	leave(p);
}

// --- transactions that take their time -----------------------------------------------------------------

struct session { // psql, which is told line by line
	FILE *to;
};

static void begin_session(struct session *s, const struct process *p)
{
	char text[600];
	snprintf(text, sizeof text, "psql -q -X -o /dev/null '%s'", p->w->address);
	s->to = popen(text, "w");
	must(s->to);
}

static void run_in(struct session *s, const char *sql)
{
	fprintf(s->to, "%s;\n", sql);
	fflush(s->to);
}

static void end_session(struct session *s)
{
	must(pclose(s->to) == 0);
}

#define SAY(number) \
	"INSERT INTO change (process, kind, subject, actor, extra) VALUES (7, " \
	"'order.told', " #number ", 0, 0)"

static void a_slow_transaction_holds_nobody_up(void **state)
{
	struct process *p = first(state), *q = another(state, p);
	struct session early, late, never;
	follow_others(q);
	begin_session(
		&early, p); // has its number before the others, and says what it says at the end
	begin_session(&late, p);  // has said it, and takes its time to commit
	begin_session(&never, p); // says it, and takes it back
	run_in(&early, "BEGIN; SELECT pg_current_xact_id()");
	run_in(&late, "BEGIN; " SAY(101));
	run_in(&never, "BEGIN; " SAY(102));
	nap(500);
	for (int64_t i = 0; i < 3; i++) {
		says(p, 1, i);
		assert_true(hears(q, (int)i + 1));
		nap(300); // the place goes on past them
	}
	run_in(&early, SAY(100) "; COMMIT");
	assert_true(hears(q, 4));
	assert_int_equal(q->ear.at[3].subject, 100);
	run_in(&never, "ROLLBACK");
	run_in(&late, "COMMIT");
	assert_true(hears(q, 5));
	assert_int_equal(q->ear.at[4].subject, 101);
	settle();
	assert_int_equal(q->ear.n, 5);
	assert_int_equal(q->ear.lost, 0);
	end_session(&early);
	end_session(&late);
	end_session(&never);
	leave(q);
	leave(p);
}

// --- commits of which nobody knows ---------------------------------------------------------------------

static void an_unknown_commit_is_told_if_it_happened(void **state)
{
	static struct relay relay;
	relay_start(&relay, *state);
	for (int happens = 0; happens < 2; happens++) {
		world_wipe(*state);
		struct process *p = open_at(state, relay.address, 700),
			       *q = open_at(state, NULL, 0);
		follow_others(p);
		follow_others(q);
		says(p, 1, 1);
		assert_true(hears(q, 1));
		relay.mode = happens ? RELAY_LOSES_ANSWER : RELAY_LOSES_COMMIT;
		p->w->ctx.now = clock_now();
		assert_int_equal(
			store_write(&p->w->ctx, say, &(struct saying){2, 2}), ERR_UNAVAILABLE);
		relay.mode = RELAY_FLOWS;
		assert_int_equal(p->ear.n, 1);
		says(q, 3, 3);
		says(p, 4, 4);
		assert_true(hears(p, 3 + happens) && hears(q, 3 + happens));
		settle();
		assert_int_equal(p->ear.n, 3 + happens);
		assert_int_equal(q->ear.n, 3 + happens);
		int found = 0;
		for (int i = 0; i < p->ear.n; i++) {
			found += p->ear.at[i].subject == 2;
			assert_true(p->ear.at[i].subject != 2 || p->ear.at[i].late);
		}
		assert_int_equal(found, happens);
		assert_int_equal(p->ear.lost + q->ear.lost, 0);
		leave(q);
		leave(p);
	}
	relay_stop(&relay);
}

// --- away for long ---------------------------------------------------------------------------------------

static err throw_away(struct ctx *ctx, void *arg)
{
	int64_t n;
	bool pg = store_is_postgres(ctx->house->store);
	(void)arg;
	return pg ? changes_prune_on_pg(ctx, -MS_DAY, 1000, &n)
		  : changes_prune(ctx, clock_now() + MS_DAY, 1000, &n);
}

static void who_was_away_for_too_long_is_told_so(void **state)
{
	for (int thrown = 0; thrown < 2; thrown++) {
		struct process *p = first(state), *q = another(state, p);
		says(p, 1, 1);
		says(p, 1, 2);
		nap(5);
		if (thrown)
			assert_int_equal(store_write(&p->w->ctx, throw_away, NULL), OK);
		store_of(q)->heard.place.at -= 3 * MS_DAY;
		follow_others(q);
		says(p, 1, 3);
		assert_true(hears(q, thrown ? 1 : 3) || thrown);
		settle();
		assert_int_equal(q->ear.lost, thrown);
		says(p, 1, 4); // either way it goes on from there
		assert_true(hears(q, q->ear.n + 1));
		leave(q);
		leave(p);
	}
}

static void another_history_is_noticed(void **state)
{
	struct process *p = first(state), *q = another(state, p), *r = another(state, p);
	store_of(q)->heard.place.end += 1000; // of a server that is gone, with all that it did last
	str_drop(store_of(r)->heard.history);
	store_of(r)->heard.history = str_keep(S("0000000A"));
	follow_others(q);
	follow_others(r);
	settle();
	assert_int_equal(q->ear.lost, 1);
	assert_int_equal(r->ear.lost, *state ? 1 : 0);
	says(p, 1, 1);
	assert_true(hears(q, 1));
	if (*state)
		assert_true(hears(r, 1));
	settle();
	assert_int_equal(q->ear.n + q->ear.lost, 2);
	leave(r);
	leave(q);
	leave(p);
}

int main(void)
{
	log_setup(LOG_HUMAN, LOG_ERROR + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_heard_whatever_its_clock_says),
		cmocka_unit_test(what_depends_on_another_is_heard_after_it),
		cmocka_unit_test(what_may_come_late_says_so),
		cmocka_unit_test(who_was_away_for_too_long_is_told_so),
		cmocka_unit_test(another_history_is_noticed),
	};
	const struct CMUnitTest on_pg[] = {
		cmocka_unit_test(a_slow_transaction_holds_nobody_up),
		cmocka_unit_test(an_unknown_commit_is_told_if_it_happened),
	};
	int alone = cmocka_run_group_tests_name("PostgreSQL alone", on_pg, pg_setup, pg_teardown);
	return run_on_both(tests) || alone;
}
