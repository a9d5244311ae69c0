// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Damaged data does no harm; the small parts on what they are for. What the whole says of real texts is in
// tests/language.
#include "language/dictionary.h"
#include "language/expand.h"
#include "language/fold.h"
#include "language/gloss.h"
#include "language/model.h"
#include "language/phrases.h"
#include "language/pinyin.h"
#include "language/stem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const char *data; // the folder that was built
static struct ctx ctx;

static void same(str got, const char *want, int line)
{
	if (!str_eq(got, str_from(want)))
		fail_msg("line %d: got \"%.*s\", want \"%s\"", line, STR_ARGS(got), want);
}
#define assert_str(value, want) same((value), (want), __LINE__)

static int setup(void **state)
{
	(void)state;
	ctx = (struct ctx){.mem = arena_new(1 << 16)};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(ctx.mem);
	return 0;
}

static char *path(const char *name)
{
	return str_z(ctx.mem, str_fmt(ctx.mem, "%s/%s", data, name));
}

struct file {
	char *bytes;
	size_t n;
};

static struct file read_all(const char *name)
{
	FILE *f = fopen(path(name), "rb");
	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	struct file file = {.n = (size_t)ftell(f)};
	rewind(f);
	file.bytes = malloc(file.n);
	assert_int_equal(fread(file.bytes, 1, file.n, f), file.n);
	assert_int_equal(fclose(f), 0);
	return file;
}

static char *write_file(const void *bytes, size_t n)
{
	static char name[] = "/tmp/language-test.XXXXXX";
	strcpy(name, "/tmp/language-test.XXXXXX");
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
	return name;
}

static void pinyin_is_marked(void **state)
{
	(void)state;
	assert_str(pinyin_marked(ctx.mem, S("chong2 qing4")), "chóng qìng");
	assert_str(pinyin_marked(ctx.mem, S("lu:4 Ou1 liu2 de5 r5")), "lǜ Ōu liú de r");
	assert_str(pinyin_marked(ctx.mem, S("ka3 la1 O K")), "kǎ lā O K");
	assert_str(pinyin_marked(ctx.mem, S("nu:3 lu:e4 xue2 gui1")), "nǚ lüè xué guī");
	assert_str(pinyin_marked(ctx.mem, S("")), "");
}

static void what_is_alike_is_folded(void **state)
{
	(void)state;
	assert_str(fold_text(ctx.mem, S("SOOOO cute!!! 😍"), 1), "so cute");
	assert_str(fold_text(ctx.mem, S("Soooo cool"), 2), "soo cool");
	assert_str(fold_text(ctx.mem, S("哈哈哈哈哈，好 可爱～"), 2), "哈哈好可爱");
	assert_str(fold_text(ctx.mem, S("don’t  know"), 2), "dont know");
	assert_str(fold_text(ctx.mem, S("100000 元"), 2), "100000元");
	assert_str(fold_harden(S("好可爱呀啊")), "好可爱");
	assert_str(fold_harden(S("啊")), "啊");
	assert_true(
		fold_repeats(S("sooo")) && !fold_repeats(S("so good")) && !fold_repeats(S("!!!")));
}

static void words_are_stemmed(void **state)
{
	(void)state;
	static const char *const alike[][2] = {{"skin care", "Skincare"}, {"dishes", "dish"},
		{"running", "run"}, {"hiked", "hiking"}, {"the parties", "party"},
		{"Mother's days", "mother day"}, {"to be baked", "bake"}};
	for (int i = 0; i < COUNT(alike); i++) {
		struct stems a, b;
		stems_of(ctx.mem, str_from(alike[i][0]), &a);
		stems_of(ctx.mem, str_from(alike[i][1]), &b);
		str one = stems_key(ctx.mem, &a, 0, a.n), other = stems_key(ctx.mem, &b, 0, b.n);
		if (!str_eq(one, other))
			fail_msg("%s: %.*s, %s: %.*s", alike[i][0], STR_ARGS(one), alike[i][1],
				STR_ARGS(other));
	}
	struct stems none;
	stems_of(ctx.mem, S("…"), &none);
	assert_int_equal(none.n, 0);
	stems_of(ctx.mem, S("to be"), &none); // there is nothing else
	assert_int_equal(none.n, 2);
}

static void a_word_is_known_in_both_writings(void **state)
{
	(void)state;
	struct dictionary *d;
	struct entry entry;
	assert_int_equal(dictionary_open(&ctx, path("zh.dict"), &d), OK);
	assert_true(dictionary_entry(d, dictionary_find(d, S("火锅")), 0, &entry));
	assert_str(entry.traditional, "火鍋");
	assert_str(entry.pinyin, "huo3 guo1");
	assert_true(dictionary_find(d, S("火鍋")) && dictionary_find(d, S("YYDS")));
	assert_int_equal(dictionary_find(d, S("没有这个词")), 0);
	assert_false(
		dictionary_entry(d, 0, 0, &entry) || dictionary_entry(d, UINT32_MAX, 0, &entry));
	struct gloss *words;
	assert_int_equal(gloss_text(d, ctx.mem, S("书还了，我想妈妈"), &words), 7);
	assert_str(words[5].gloss, "to miss");
	assert_str(words[1].entry.pinyin, "huan2");
	assert_int_equal(gloss_text(d, ctx.mem, S(""), &words), 0);
	dictionary_close(d);
}

// Whatever stands in the file, looking into it stays inside.
static void a_damaged_dictionary_does_no_harm(void **state)
{
	(void)state;
	struct file file = read_all("zh.dict");
	struct dictionary *d;
	assert_int_equal(dictionary_open(&ctx, path("not-there"), &d), ERR_IO);
	char *cut = write_file(file.bytes, file.n / 2);
	assert_int_equal(dictionary_open(&ctx, cut, &d), ERR_INVALID);
	assert_int_equal(unlink(cut), 0);
	srand(7);
	for (int i = 0; i < 200000; i++) // behind the head
		file.bytes[200 + (size_t)rand() % (file.n - 200)] = (char)rand();
	char *torn = write_file(file.bytes, file.n);
	assert_int_equal(dictionary_open(&ctx, torn, &d), OK);
	struct gloss *words;
	struct expansion found[EXPANSION_MOST];
	for (int i = 0; i < 200; i++) {
		(void)gloss_text(d, ctx.mem,
			S("今天在重庆吃了正宗的老火锅，乒乓球拍卖完了，还钱给我"), &words);
		(void)expand(d, ctx.mem, S("spicy noodles"), found);
		(void)expand(d, ctx.mem, S("火锅"), found);
	}
	dictionary_close(d);
	assert_int_equal(unlink(torn), 0);
	free(file.bytes);
}

static void a_damaged_model_is_refused(void **state)
{
	(void)state;
	struct file file = read_all("lid.176.ftz");
	struct model *m;
	float shares[256];
	assert_int_equal(model_open(&ctx, path("lid.176.ftz"), &m), OK);
	model_judge(m, S("le chat est sur la table"), shares);
	int best = 0;
	for (int i = 0; i < model_labels(m); i++)
		best = shares[i] > shares[best] ? i : best;
	assert_str(model_label(m, best), "fr");
	model_close(m);
	for (size_t n = 0; n < file.n; n += n < 300 ? 1 : 40000) {
		char *cut = write_file(file.bytes, n);
		assert_true(model_open(&ctx, cut, &m) != OK && !m);
		assert_int_equal(unlink(cut), 0);
	}
	free(file.bytes);
}

static void phrase(const struct phrases *p, const char *text, const char *from, const char *to,
	const char *wanted, int line)
{
	str out = S("");
	bool covered = phrases_translate(p, ctx.mem, str_from(text), lang_from(str_from(from)),
		lang_from(str_from(to)), &out);
	if (covered != (*wanted != 0) || (covered && !str_eq(out, str_from(wanted))))
		fail_msg("line %d: %s: got \"%.*s\", want \"%s\"", line, text, STR_ARGS(out),
			wanted);
}
#define assert_phrase(text, from, to, wanted) phrase(p, (text), (from), (to), (wanted), __LINE__)

static void phrases_cover_all_or_nothing(void **state)
{
	(void)state;
	static const char memory[] =
		"P\ten\tzh-Hans\tSo cute!\t好可爱！\n"
		"P\ten\tzh-Hans\tWhere is this?\t这是哪里？\n"
		"P\tzh-Hans\ten\t好可爱\tSo cute!\n"
		"P\tzh-Hans\ten\t这是哪里\tWhere is this?\n"
		"P\tzh-Hans\ten\t哈哈\tHaha\n"
		"T\ten\tzh-Hans\tI have {number animals}\t我有{number animal}\n"
		"T\tzh-Hans\ten\t我有{number animal}\tI have {number animals}\n"
		"T\ten\tzh-Hans\tI'm {name}\t我叫{name}\n"
		"S\tanimal\tcat\tcats\t猫\t只\n"
		"S\tanimal\tox\toxen\t牛\t头\n";
	char *file = write_file(memory, sizeof memory - 1);
	struct phrases *p;
	assert_int_equal(phrases_open(&ctx, file, &p), OK);
	assert_int_equal(unlink(file), 0);
	assert_phrase("sooo cute!! 😍", "en", "zh-Hans", "好可爱！！😍");
	assert_phrase("So cute, where is this", "en", "zh-Hans", "好可爱，这是哪里？");
	assert_phrase("So cute, and blue", "en", "zh-Hans", "");
	assert_phrase("哈哈哈哈好可爱啊", "zh-Hans", "en", "Haha, so cute!");
	assert_phrase(
		"哈哈哈哈，好可爱啊！这是哪里", "zh-Hans", "en", "Haha, so cute! Where is this?");
	assert_phrase("@maya_b 好可爱", "zh-Hans", "en", "@maya_b So cute!");
	assert_phrase("I have two cats", "en", "zh-Hans", "我有两只猫");
	assert_phrase("I have 1 cat", "en", "zh-Hans", "我有1只猫");
	assert_phrase("I have 3 cat", "en", "zh-Hans", "");
	assert_phrase("我有三头牛", "zh-Hans", "en", "I have three oxen");
	assert_phrase("我有一只猫", "zh-Hans", "en", "I have one cat");
	assert_phrase("So cute", "en", "fr", "");
	assert_phrase("", "en", "zh-Hans", "");
	phrases_close(p);
	static const char *const bad[] = {
		"P\ten\n", "X\ta\tb\n", "T\ten\tzh-Hans\t{dragon}\t{dragon}\n", "\n"};
	for (int i = 0; i < COUNT(bad); i++) {
		file = write_file(bad[i], strlen(bad[i]));
		assert_int_equal(phrases_open(&ctx, file, &p), ERR_INVALID);
		assert_int_equal(unlink(file), 0);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pinyin_is_marked, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_alike_is_folded, setup, teardown),
		cmocka_unit_test_setup_teardown(words_are_stemmed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_word_is_known_in_both_writings, setup, teardown),
		cmocka_unit_test_setup_teardown(a_damaged_dictionary_does_no_harm, setup, teardown),
		cmocka_unit_test_setup_teardown(a_damaged_model_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(phrases_cover_all_or_nothing, setup, teardown),
	};
	must(argc > 1);
	data = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
