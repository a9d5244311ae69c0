// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading options from the command line, the environment and qiao.conf (`key = value` lines, # comments). A key that nobody knows is an error: a typing slip must not
// silently run with a default.
#include "app/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

str option_flag(struct arena *mem, const char *key)
{
	str s = str_fmt(mem, "--%s", key);
	char *p = str_z(mem, s);
	for (char *c = p; *c; c++)
		*c = *c == '_' ? '-' : *c;
	return (str){p, s.n};
}

static const char *variable_of(struct arena *mem, const char *key)
{
	char *p = str_z(mem, str_fmt(mem, "QIAO_%s", key));
	for (char *c = p; *c; c++)
		*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
	return p;
}

const char *option_from_name(enum option_from from)
{
	static const char *const names[] = {"default", "file", "environment", "command line"};
	return names[from];
}

static bool is_choice(str value, const char *choices)
{
	str rest = str_from(choices);
	while (rest.p)
		if (str_eq(str_cut(&rest, ' '), value))
			return true;
	return false;
}

static bool is_good(const struct option_row *row, str value)
{
	int64_t n;
	switch (row->kind) {
	case KIND_NUMBER:
		return str_int(value, &n) && n >= row->least && n <= row->most;
	case KIND_SIZE:
		return !value.n || size_parse(value, &n);
	case KIND_SWITCH:
		return is_choice(value, "on off");
	case KIND_CHOICE:
		return is_choice(value, row->choices);
	case KIND_TEXT:
		break;
	}
	return utf8_valid(value);
}

static err set(struct arena *mem, struct config *c, ptrdiff_t o, str value, enum option_from from,
	str *why)
{
	const struct option_row *row = c->row[o];
	if (!is_good(row, value)) {
		*why = str_fmt(mem, "%s: '%.*s' is not %s (from the %s)", row->key, STR_ARGS(value),
			row->kind == KIND_NUMBER ? "a number in its range"
			: row->kind == KIND_SIZE ? "a size such as 512M or 2G"
						 : row->operand,
			option_from_name(from));
		return ERR_INVALID;
	}
	if (from >= c->from[o]) {
		c->at[o].value = value;
		c->from[o] = from;
	}
	return OK;
}

// Finds "--key" or "--key=value"; the value may be the next argument.
static bool match_flag(struct arena *mem, const struct config *c, str arg, ptrdiff_t *o, str *value,
	bool *has_value)
{
	str name = arg;
	ptrdiff_t eq = str_find_char(arg, '=');
	*has_value = eq >= 0;
	if (eq >= 0) {
		name = str_sub(arg, 0, eq);
		*value = str_skip(arg, eq + 1);
	}
	for (*o = 0; *o < c->n; ++*o)
		if (str_eq(name, option_flag(mem, c->row[*o]->key)))
			return true;
	return false;
}

static err read_arguments(
	struct arena *mem, int *argc, char **argv, struct config *c, str *file, str *why)
{
	int kept = 1;
	for (int i = 1; i < *argc; i++) {
		str arg = str_from(argv[i]), value = {0};
		ptrdiff_t o = 0;
		bool has_value = false, is_file = str_starts(arg, S("--config="));
		if (str_eq(arg, S("--"))) {
			while (++i < *argc)
				argv[kept++] = argv[i];
			break;
		}
		if (is_file || str_eq(arg, S("--config"))) {
			value = str_skip(arg, 9);
			has_value = is_file;
			is_file = true;
		} else if (!match_flag(mem, c, arg, &o, &value, &has_value)) {
			argv[kept++] = argv[i]; // the command's own business
			continue;
		}
		if (!has_value) {
			if (i + 1 == *argc) {
				*why = str_fmt(mem, "%s needs a value", argv[i]);
				return ERR_INVALID;
			}
			value = str_from(argv[++i]);
		}
		if (is_file)
			*file = value;
		else
			TRY(set(mem, c, o, value, FROM_COMMAND_LINE, why));
	}
	*argc = kept;
	return OK;
}

static err read_environment(struct arena *mem, struct config *c, str *why)
{
	for (ptrdiff_t i = 0; i < c->n; i++) {
		const char *value = getenv(variable_of(mem, c->row[i]->key));
		if (value)
			TRY(set(mem, c, i, str_from(value), FROM_ENVIRONMENT, why));
	}
	return OK;
}

static err slurp(struct arena *mem, str path, str *out)
{
	struct stat st;
	int fd = open(str_z(mem, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	if (fstat(fd, &st) != 0 || st.st_size > (1 << 20)) {
		close(fd);
		return ERR_IO;
	}
	char *p = arena_alloc(mem, st.st_size + 1, 1, 1);
	ssize_t n = read(fd, p, (size_t)st.st_size);
	close(fd);
	if (n < 0)
		return ERR_IO;
	*out = (str){p, n};
	return OK;
}

static err read_file(struct arena *mem, struct config *c, str text, str *why)
{
	int line_number = 0;
	for (str rest = text; rest.p;) {
		str line = str_trim(str_cut(&rest, '\n'));
		ptrdiff_t found = -1;
		line_number++;
		if (!line.n || line.p[0] == '#')
			continue;
		ptrdiff_t eq = str_find_char(line, '=');
		str key = str_trim(str_sub(line, 0, MAX(eq, 0)));
		for (ptrdiff_t i = 0; i < c->n; i++)
			if (str_eq(key, str_from(c->row[i]->key)))
				found = i;
		if (eq < 0 || found < 0) {
			*why = str_fmt(mem, "%.*s:%d: '%.*s' is no known key = value",
				STR_ARGS(c->file), line_number, STR_ARGS(line));
			return ERR_INVALID;
		}
		TRY(set(mem, c, found, str_trim(str_skip(line, eq + 1)), FROM_FILE, why));
	}
	return OK;
}

static void collect(struct arena *mem, const struct room *const *rooms, struct config *c)
{
	LIST(const struct option_row *) rows = {0};
	for (; *rooms; rooms++)
		for (const struct option_row *row = (*rooms)->options; row && row->key; row++)
			list_push(mem, &rows, row);
	*c = (struct config){.n = rows.n,
		.row = rows.at,
		.at = NEW_N(mem, struct option, rows.n + 1),
		.from = NEW_N(mem, enum option_from, rows.n)};
	for (ptrdiff_t i = 0; i < rows.n; i++)
		c->at[i] = (struct option){rows.at[i]->key, str_from(rows.at[i]->fallback)};
}

// One that was named must be there; the usual one need not.
static err read_configuration(struct arena *mem, struct config *c, str named, str *why)
{
	const struct house house = {.options = c->at};
	str text;
	c->file = named.n ? named
			  : str_fmt(mem, "%.*s/qiao.conf", STR_ARGS(option_text(&house, "data")));
	err got = slurp(mem, c->file, &text);
	if (got == OK)
		return read_file(mem, c, text, why);
	if (got != ERR_NOT_FOUND || named.n) {
		*why = str_fmt(mem, "cannot read the configuration file %.*s", STR_ARGS(c->file));
		return got;
	}
	c->file = (str){0};
	return OK;
}

err config_read(struct arena *mem, const struct room *const *rooms, int *argc, char **argv,
	struct config *out, str *why)
{
	struct config c;
	str file = str_from(getenv("QIAO_CONFIG"));
	collect(mem, rooms, &c);
	TRY(read_arguments(mem, argc, argv, &c, &file, why));
	TRY(read_environment(mem, &c, why));
	TRY(read_configuration(mem, &c, file, why));
	*out = c;
	return OK;
}
