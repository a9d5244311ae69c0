// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao invite: a code, or the link with it where the public address is known.
#include "accounts/private.h"

#include "community/community.h"

#include <stdio.h>

#define USES_MOST 1000
#define LASTS (30 * MS_DAY)

static err any_admin(struct ctx *ctx, account_id *out)
{
	struct account *list;
	ptrdiff_t n;
	account_id before = {0};
	do {
		TRY(accounts_list(ctx, STANDING_GOOD, before, 200, &list, &n));
		for (ptrdiff_t i = 0; i < n; i++) {
			if (list[i].role == ROLE_ADMIN) {
				*out = list[i].id;
				return OK;
			}
			before = list[i].id;
		}
	} while (n == 200);
	return fail_fmt(ctx, ERR_NOT_FOUND,
		"an invitation is given by an admin: qiao account create NAME --role admin");
}

static err run(struct ctx *ctx, int argc, char **argv)
{
	int64_t uses = 1;
	str code;
	if (argc > 2)
		return ERR_BAD_REQUEST;
	if (argc == 2 && (!str_int(str_from(argv[1]), &uses) || uses < 1 || uses > USES_MOST))
		return ERR_BAD_REQUEST;
	TRY(any_admin(ctx, &ctx->viewer.account));
	ctx->viewer.role = ROLE_ADMIN;
	TRY(invite_create(ctx, (int)uses, LASTS, &code));
	str url = option_text(ctx->house, "url"), known;
	if (!url.n && setting_read(ctx, S("url"), &known) == OK)
		url = known;
	printf("%.*s%s%.*s\n", STR_ARGS(url), url.n ? "/join/" : "", STR_ARGS(code));
	return OK;
}

const struct command accounts_commands[] = {
	{"invite", "[USES]", "make an invitation code", NULL, OPEN_ROOMS, run},
	{0},
};
