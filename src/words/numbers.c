// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Numbers, counts and times as each language says them: 12,345 is 12.3k in English and 1.2万 in
// Chinese. Units are words of the catalogue; only what the unit of a count is worth stands here.
#include "words/words.h"

#include <time.h>

static bool counts_by_ten_thousands(int locale)
{
	lang own = locale_lang(locale);
	return lang_same_base(own, LANG("zh")) || lang_same_base(own, LANG("ja")) ||
	       lang_same_base(own, LANG("ko"));
}

static str digits_of(struct arena *mem, int64_t n)
{
	struct sb sb = sb_new(mem, 24);
	sb_int(&sb, n);
	return sb_str(&sb);
}

str words_number(struct arena *mem, int locale, int64_t n)
{
	str digits = digits_of(mem, n);
	if (digits.n < 4 + (n < 0))
		return digits;
	struct sb sb = sb_new(mem, digits.n + digits.n / 3 + 2);
	str separator = word_get(locale, W_common_digit_group);
	for (ptrdiff_t i = 0; i < digits.n; i++) {
		ptrdiff_t left = digits.n - i;
		if (i > (n < 0) && left % 3 == 0)
			sb_add(&sb, separator);
		sb_char(&sb, digits.p[i]);
	}
	return sb_str(&sb);
}

// n in units of `unit`, with one decimal below 100, never rounded up: 99,999 is 99.9k, not 100k.
static str in_units(struct arena *mem, int locale, int64_t n, int64_t unit, int word)
{
	int64_t whole = n / unit, tenth = n / (unit / 10) % 10;
	str number;
	if (whole < 100 && tenth) {
		str point = word_get(locale, W_common_decimal_point);
		number = str_fmt(
			mem, "%lld%.*s%lld", (long long)whole, STR_ARGS(point), (long long)tenth);
	} else {
		number = digits_of(mem, whole);
	}
	return word_fmt(mem, locale, word, &(struct word_args){.s = number});
}

str words_count(struct arena *mem, int locale, int64_t n)
{
	if (n >= 0 && n < 10) // nearly all, on pages with many
		return str_sub(S("0123456789"), (ptrdiff_t)n, (ptrdiff_t)n + 1);
	if (n < 1000)
		return digits_of(mem, n);
	if (counts_by_ten_thousands(locale)) {
		if (n >= 100000000)
			return in_units(mem, locale, n, 100000000, W_common_count_large);
		return n >= 10000 ? in_units(mem, locale, n, 10000, W_common_count_small)
				  : digits_of(mem, n);
	}
	if (n >= 1000000)
		return in_units(mem, locale, n, 1000000, W_common_count_large);
	return in_units(mem, locale, n, 1000, W_common_count_small);
}

// Something is never said to be nothing: a started megabyte counts.
str words_bytes(struct arena *mem, int locale, int64_t n)
{
	const int64_t mb = 1 << 20, gb = 1 << 30;
	if (n < gb)
		return word_n(mem, locale, W_common_megabytes, (n + mb - 1) / mb);
	int64_t tenth = n % gb * 10 / gb;
	str number = digits_of(mem, n / gb);
	if (tenth) {
		str point = word_get(locale, W_common_decimal_point);
		number = str_fmt(
			mem, "%.*s%.*s%lld", STR_ARGS(number), STR_ARGS(point), (long long)tenth);
	}
	return word_fmt(mem, locale, W_common_gigabytes, &(struct word_args){.s = number});
}

str words_list(struct arena *mem, int locale, const str *names, ptrdiff_t n)
{
	return str_join(mem, names, n, locale == LOCALE_ZH_HANS ? S("、") : S(", "));
}

static struct tm utc(ms at)
{
	time_t seconds = (time_t)((at >= 0 ? at : at - 999) / 1000);
	struct tm tm = {0};
	gmtime_r(&seconds, &tm);
	return tm;
}

str words_date(struct arena *mem, int locale, ms now, ms at)
{
	struct tm tm = utc(at), today = utc(now);
	struct word_args args = {
		.n = tm.tm_mday, .s = word_get(locale, W_common_month_01 + tm.tm_mon)};
	if (tm.tm_year == today.tm_year)
		return word_fmt(mem, locale, W_common_date, &args);
	args.s2 = str_fmt(mem, "%d", tm.tm_year + 1900);
	return word_fmt(mem, locale, W_common_date_year, &args);
}

str words_time(struct arena *mem, int locale, ms at)
{
	struct tm tm = utc(at);
	struct word_args args = {.s = words_date(mem, locale, at - 367 * MS_DAY, at),
		.s2 = str_fmt(mem, "%02d:%02d", tm.tm_hour, tm.tm_min)};
	return word_fmt(mem, locale, W_common_date_time, &args);
}

str words_ago(struct arena *mem, int locale, ms now, ms at)
{
	ms past = now - at;
	if (past < MS_MINUTE) // also clocks that run ahead
		return word_get(locale, W_common_ago_now);
	if (past < MS_HOUR)
		return word_n(mem, locale, W_common_ago_minutes, past / MS_MINUTE);
	if (past < MS_DAY)
		return word_n(mem, locale, W_common_ago_hours, past / MS_HOUR);
	if (past < 2 * MS_DAY)
		return word_get(locale, W_common_ago_yesterday);
	if (past < 7 * MS_DAY)
		return word_n(mem, locale, W_common_ago_days, past / MS_DAY);
	return words_date(mem, locale, now, at);
}
