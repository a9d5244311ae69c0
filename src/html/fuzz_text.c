// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Note text from outside: what comes out holds only the elements we write, each closed, and no
// address but those that were checked.
#include "html/html.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static url to_topic(struct arena *mem, str name, void *arg)
{
	(void)arg;
	must(topic_ok(name) && unicode_count(name) <= TOPIC_MOST && utf8_valid(name));
	str folded = topic_fold(mem, name);
	must(utf8_valid(folded) && str_eq(topic_fold(mem, folded), folded));
	return url_fmt(mem, "/topic/%.*s", STR_ARGS(url_escape(mem, folded)));
}

static url to_account(struct arena *mem, str name, str *shown, void *arg)
{
	(void)shown;
	(void)arg;
	must(name.n >= 2 && name.n <= 30);
	return name.n == 7 ? (url){0} : url_fmt(mem, "/@%.*s", STR_ARGS(name));
}

// Skips one of the tags we write; 0 when it is none of them.
static ptrdiff_t tag(str s)
{
	static const char *const whole[] = {
		"<p dir=\"auto\">", "</p>", "<br>", "</a>", "<bdi>", "</bdi>"};
	static const char *const starts[] = {"<a class=\"topic\" href=\"/topic/",
		"<a class=\"mention\" href=\"/@",
		"<a class=\"link\" dir=\"ltr\" rel=\"nofollow noopener ugc\" href=\"http"};
	for (int i = 0; i < COUNT(whole); i++)
		if (str_starts(s, str_from(whole[i])))
			return (ptrdiff_t)strlen(whole[i]);
	for (int i = 0; i < COUNT(starts); i++)
		if (str_istarts(s, str_from(starts[i])))
			return str_find(s, S("\">")) + 2;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *mem = arena_new(4096);
	str text = {(const char *)data, (ptrdiff_t)n};
	if (utf8_valid(text)) {
		text = unicode_body(mem, text);
		must(utf8_valid(text) && str_eq(unicode_body(mem, text), text));
		struct html_links links = {to_topic, to_account, NULL};
		str out = html_text(mem, text, &links).s;
		must(utf8_valid(out));
		int paragraphs = 0, anchors = 0;
		for (ptrdiff_t i = 0; i < out.n;) {
			must(out.p[i] != '>' && out.p[i] != '"' && out.p[i] != '\'');
			if (out.p[i] != '<') {
				i++;
				continue;
			}
			str rest = str_skip(out, i);
			paragraphs += str_starts(rest, S("<p ")) - str_starts(rest, S("</p>"));
			anchors += str_starts(rest, S("<a ")) - str_starts(rest, S("</a>"));
			must(paragraphs >= 0 && paragraphs <= 1 && anchors >= 0 &&
				anchors <= paragraphs);
			ptrdiff_t length = tag(rest);
			must(length > 0);
			i += length;
		}
		must(paragraphs == 0 && anchors == 0);
		lang author = LANG("ja");
		unicode_language(text, &author, 1);
		must(unicode_count(unicode_excerpt(mem, text, 20)) <= 20);
		unicode_name_ok(unicode_line(mem, text));
	}
	arena_free(mem);
	return 0;
}
