// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The table of options, and reading them from the command line, the environment and qiao.conf
// (`key = value` lines, # comments). A key that nobody knows is an error: a typing slip must not
// silently run with a default.
#include "app/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// clang-format off
const struct option_row option_table[OPTIONS] = {
	[OPT_DATA] = {"data", "DIR", "directory of database, media and configuration", "./data", KIND_TEXT, 0, 0, NULL},
	[OPT_LISTEN] = {"listen", "ADDRESS:PORT", "where to listen", "127.0.0.1:8080", KIND_TEXT, 0, 0, NULL},
	[OPT_URL] = {"url", "URL", "public address, set once (default: http://localhost:PORT)", "", KIND_TEXT, 0, 0, NULL},
	[OPT_DATABASE] = {"database", "URL", "postgresql://… (default: SQLite in the data directory)", "", KIND_TEXT, 0, 0, NULL},
	[OPT_TRUSTED_PROXIES] = {"trusted_proxies", "LIST", "addresses or networks whose X-Forwarded-For counts", "", KIND_TEXT, 0, 0, NULL},
	[OPT_RATE_LIMITS] = {"rate_limits", "on|off", "limits per address and account", "on", KIND_SWITCH, 0, 0, NULL},
	[OPT_LISTENERS] = {"listeners", "N", "listener threads (0: one per core)", "0", KIND_NUMBER, 0, 64, NULL},
	[OPT_WORKERS] = {"workers", "N", "worker threads, started when needed", "16", KIND_NUMBER, 1, 256, NULL},
	[OPT_RUNNERS] = {"runners", "N", "job runner threads; one is kept free of pictures", "4", KIND_NUMBER, 1, 64, NULL},
	[OPT_LOG] = {"log", "human|json", "form of the log lines", "human", KIND_CHOICE, 0, 0, "human json"},
	[OPT_LOG_LEVEL] = {"log_level", "LEVEL", "debug, info, warn or error", "info", KIND_CHOICE, 0, 0, "debug info warn error"},
	[OPT_LOG_REQUESTS] = {"log_requests", "on|off", "a log line for every request", "off", KIND_SWITCH, 0, 0, NULL},
	[OPT_SLOW_MS] = {"slow_ms", "N", "requests slower than this are logged", "500", KIND_NUMBER, 1, 600000, NULL},
	[OPT_METRICS_TOKEN] = {"metrics_token", "TOKEN", "bearer token for /metrics from elsewhere than this machine", "", KIND_TEXT, 0, 0, NULL},
	[OPT_MEDIA_TOOL] = {"media_tool", "FILE", "the picture process (default: qiao-media beside this program)", "", KIND_TEXT, 0, 0, NULL},
	[OPT_RESERVE] = {"reserve", "SIZE", "room on the disk that uploads leave free: 512M, 2G (default: 5 % of it, at most 1G)", "", KIND_SIZE, 0, 0, NULL},
};
// clang-format on

static str with_dashes(struct arena *mem, const char *key, const char *prefix, char from, char to)
{
	str s = str_fmt(mem, "%s%s", prefix, key);
	char *p = str_z(mem, s);
	for (char *c = p; *c; c++)
		*c = *c == from ? to : *c;
	return (str){p, s.n};
}

str option_flag(struct arena *mem, enum option o)
{
	return with_dashes(mem, option_table[o].key, "--", '_', '-');
}

str option_variable(struct arena *mem, enum option o)
{
	char *p = str_z(mem, str_fmt(mem, "QIAO_%s", option_table[o].key));
	for (char *c = p; *c; c++)
		*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
	return str_from(p);
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

// "512M": a number and what it counts.
static bool read_size(str text, int64_t *bytes)
{
	static const char units[] = "KMGT";
	int shift = 0;
	int64_t n;
	for (int i = 0; text.n && units[i]; i++)
		if (text.p[text.n - 1] == units[i] || text.p[text.n - 1] == units[i] + 32)
			shift = 10 * (i + 1);
	if (shift)
		text.n--;
	if (!str_int(text, &n) || n < 0 || n > INT64_MAX >> shift)
		return false;
	*bytes = n << shift;
	return true;
}

static err set(struct arena *mem, struct config *c, enum option o, str value, enum option_from from,
	str *why)
{
	const struct option_row *row = &option_table[o];
	int64_t n;
	bool ok = utf8_valid(value);
	if (row->kind == KIND_NUMBER)
		ok = str_int(value, &n) && n >= row->least && n <= row->most;
	else if (row->kind == KIND_SIZE)
		ok = !value.n || read_size(value, &n);
	else if (row->kind == KIND_SWITCH)
		ok = is_choice(value, "on off");
	else if (row->kind == KIND_CHOICE)
		ok = is_choice(value, row->choices);
	if (!ok) {
		*why = str_fmt(mem, "%s: '%.*s' is not %s (from the %s)", row->key, STR_ARGS(value),
			row->kind == KIND_NUMBER ? "a number in its range"
			: row->kind == KIND_SIZE ? "a size such as 512M or 2G"
						 : row->operand,
			option_from_name(from));
		return ERR_INVALID;
	}
	if (from >= c->from[o]) {
		c->value[o] = value;
		c->from[o] = from;
	}
	return OK;
}

// Finds "--key" or "--key=value"; the value may be the next argument.
static bool match_flag(struct arena *mem, str arg, enum option *o, str *value, bool *has_value)
{
	str name = arg;
	ptrdiff_t eq = str_find_char(arg, '=');
	*has_value = eq >= 0;
	if (eq >= 0) {
		name = str_sub(arg, 0, eq);
		*value = str_skip(arg, eq + 1);
	}
	for (int i = 0; i < OPTIONS; i++) {
		if (str_eq(name, option_flag(mem, (enum option)i))) {
			*o = (enum option)i;
			return true;
		}
	}
	return false;
}

static err read_arguments(
	struct arena *mem, int *argc, char **argv, struct config *c, str *file, str *why)
{
	int kept = 1;
	for (int i = 1; i < *argc; i++) {
		str arg = str_from(argv[i]), value = {0};
		enum option o = OPTIONS;
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
		} else if (!match_flag(mem, arg, &o, &value, &has_value)) {
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
	for (int i = 0; i < OPTIONS; i++) {
		const char *value = getenv(str_z(mem, option_variable(mem, (enum option)i)));
		if (value)
			TRY(set(mem, c, (enum option)i, str_from(value), FROM_ENVIRONMENT, why));
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
		int found = -1;
		line_number++;
		if (!line.n || line.p[0] == '#')
			continue;
		ptrdiff_t eq = str_find_char(line, '=');
		str key = str_trim(str_sub(line, 0, MAX(eq, 0)));
		for (int i = 0; i < OPTIONS; i++)
			if (str_eq(key, str_from(option_table[i].key)))
				found = i;
		if (eq < 0 || found < 0) {
			*why = str_fmt(mem, "%.*s:%d: '%.*s' is no known key = value",
				STR_ARGS(c->file), line_number, STR_ARGS(line));
			return ERR_INVALID;
		}
		TRY(set(mem, c, (enum option)found, str_trim(str_skip(line, eq + 1)), FROM_FILE,
			why));
	}
	return OK;
}

err config_read(struct arena *mem, int *argc, char **argv, struct config *out, str *why)
{
	struct config c = {0};
	str file = str_from(getenv("QIAO_CONFIG")), text;
	for (int i = 0; i < OPTIONS; i++)
		c.value[i] = str_from(option_table[i].fallback);
	TRY(read_arguments(mem, argc, argv, &c, &file, why));
	TRY(read_environment(mem, &c, why));
	bool asked = file.n > 0;
	c.file = asked ? file : str_fmt(mem, "%.*s/qiao.conf", STR_ARGS(c.value[OPT_DATA]));
	err got = slurp(mem, c.file, &text);
	if (got == OK) {
		TRY(read_file(mem, &c, text, why));
	} else if (got == ERR_NOT_FOUND && !asked) {
		c.file = (str){0};
	} else {
		*why = str_fmt(mem, "cannot read the configuration file %.*s", STR_ARGS(c.file));
		return got;
	}
	*out = c;
	return OK;
}

str config_text(const struct config *c, enum option o)
{
	return c->value[o];
}

int64_t config_number(const struct config *c, enum option o)
{
	int64_t n = 0;
	must(option_table[o].kind == KIND_NUMBER && str_int(c->value[o], &n));
	return n;
}

int64_t config_size(const struct config *c, enum option o)
{
	int64_t n = -1;
	must(option_table[o].kind == KIND_SIZE && (!c->value[o].n || read_size(c->value[o], &n)));
	return n;
}

bool config_on(const struct config *c, enum option o)
{
	must(option_table[o].kind == KIND_SWITCH);
	return str_eq(c->value[o], S("on"));
}

str config_database(struct arena *mem, const struct config *c)
{
	str url = c->value[OPT_DATABASE];
	return url.n ? url : str_fmt(mem, "%.*s/qiao.db", STR_ARGS(c->value[OPT_DATA]));
}
