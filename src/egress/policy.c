// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the host allowed. Everything else is denied.
#include "egress/inside.h"

static const char *const names[] = {
#define X(purpose, name) [purpose] = name,
	EGRESS_PURPOSES(X)
#undef X
};

const char *egress_purpose_name(enum egress_purpose purpose)
{
	return names[purpose];
}

static bool purpose_parse(str name, enum egress_purpose *out)
{
	for (int i = 0; i < EGRESS_PURPOSE_COUNT; i++)
		if (str_eq(name, str_from(names[i]))) {
			*out = (enum egress_purpose)i;
			return true;
		}
	return false;
}

// An origin ends with its host or port: a path would look like a limit that nobody keeps.
static bool origin_parse(struct arena *mem, str text, str *out)
{
	struct target t;
	if (str_eq(text, S("*"))) {
		*out = S("*");
		return true;
	}
	if (str_ends(text, S("/")))
		text.n--;
	str rest = str_skip(text, MAX(str_find(text, S("://")), 0) + 3);
	for (ptrdiff_t i = 0; i < rest.n; i++)
		if (rest.p[i] == '/' || rest.p[i] == '?' || rest.p[i] == '#')
			return false;
	if (!target_parse(mem, text, &t))
		return false;
	target_free(&t);
	*out = t.origin;
	return true;
}

static err read_rules(struct ctx *ctx, struct arena *mem, struct policy *policy)
{
	str list = option_text(ctx->house, "egress");
	while (list.p) {
		struct rule rule;
		str item = str_trim(str_cut(&list, ',')), whole = item;
		if (!item.n)
			continue;
		str purpose = str_trim(str_cut(&item, '='));
		if (!purpose_parse(purpose, &rule.purpose))
			return fail_fmt(ctx, ERR_INVALID, "egress: \"%.*s\" is no purpose",
				STR_ARGS(purpose));
		if (!item.p || !origin_parse(mem, str_trim(item), &rule.origin))
			return fail_fmt(ctx, ERR_INVALID,
				"egress: \"%.*s\" does not end with an origin such as "
				"https://api.example.com",
				STR_ARGS(whole));
		list_push(mem, &policy->rules, rule);
	}
	return OK;
}

static err read_local(struct ctx *ctx, struct arena *mem, struct policy *policy)
{
	str list = option_text(ctx->house, "egress_local");
	while (list.p) {
		struct target t;
		str item = str_trim(str_cut(&list, ','));
		if (!item.n)
			continue;
		// The port is said, since 80 and 443 would be two different guesses.
		char last = item.p[item.n - 1];
		bool has_port = str_find_char(item, ':') >= 0 && last >= '0' && last <= '9';
		if (!has_port || str_find_char(item, '/') >= 0 ||
			!target_parse(mem, str_fmt(mem, "http://%.*s", STR_ARGS(item)), &t))
			return fail_fmt(ctx, ERR_INVALID, "egress_local: \"%.*s\" is no HOST:PORT",
				STR_ARGS(item));
		target_free(&t);
		list_push(mem, &policy->local, t.host_port);
	}
	return OK;
}

// With socks5 names would be resolved here and the guard would see nothing of what they resolve to.
static err read_proxy(struct ctx *ctx, struct arena *mem, struct policy *policy)
{
	str proxy = str_trim(option_text(ctx->house, "egress_proxy"));
	bool known = str_starts(proxy, S("http://")) || str_starts(proxy, S("https://")) ||
		     str_starts(proxy, S("socks5h://"));
	if (proxy.n && (!known || str_has_controls(proxy)))
		return fail_fmt(ctx, ERR_INVALID,
			"egress_proxy must begin with http://, https:// or socks5h://");
	policy->proxy = str_copy(mem, proxy);
	return OK;
}

err policy_read(struct ctx *ctx, struct arena *mem, struct policy *out)
{
	*out = (struct policy){0};
	TRY(read_rules(ctx, mem, out));
	TRY(read_local(ctx, mem, out));
	return read_proxy(ctx, mem, out);
}

bool policy_allows(const struct policy *policy, enum egress_purpose purpose, const struct target *t)
{
	for (ptrdiff_t i = 0; i < policy->rules.n; i++) {
		const struct rule *rule = &policy->rules.at[i];
		bool any = str_eq(rule->origin, S("*")) && t->tls && t->port == 443;
		if (rule->purpose == purpose && (any || str_eq(rule->origin, t->origin)))
			return true;
	}
	return false;
}

bool policy_is_local(const struct policy *policy, const struct target *t)
{
	for (ptrdiff_t i = 0; i < policy->local.n; i++)
		if (str_eq(policy->local.at[i], t->host_port))
			return true;
	return false;
}
