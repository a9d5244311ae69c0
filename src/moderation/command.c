// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao account: what the host does to accounts from the command line, while the server runs or not.
#include "moderation/private.h"

#include "crypto/crypto.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MADE 16 // characters
#define LIST_PAGE 500

static const char *const role_names[] = {"none", "member", "moderator", "admin"};
static const char *const standing_names[] = {"", "waiting", "suspended", "gone"};

static bool role_from(const char *name, enum role *out)
{
	for (int i = ROLE_MEMBER; i <= ROLE_ADMIN; i++) {
		if (strcmp(name, role_names[i]) == 0) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

static str read_line(struct arena *mem)
{
	char line[1024];
	if (!fgets(line, sizeof line, stdin))
		return (str){0};
	str s = str_from(line);
	while (str_ends(s, S("\n")) || str_ends(s, S("\r")))
		s.n--;
	return str_copy(mem, s);
}

// From standard input; on a terminal without showing it.
static str ask_password(struct arena *mem)
{
	struct termios shown, hidden;
	bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &shown) == 0;
	if (terminal) {
		fputs("Password: ", stderr);
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	str password = read_line(mem);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	return password;
}

static err create(struct ctx *ctx, int argc, char **argv)
{
	struct account_new want = {.trusted = true, .role = ROLE_MEMBER};
	bool from_stdin = false;
	account_id id;
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--password-stdin") == 0)
			from_stdin = true;
		else if (strcmp(argv[i], "--role") == 0 && i + 1 < argc &&
			 role_from(argv[i + 1], &want.role))
			i++;
		else if (argv[i][0] != '-' && !want.name.n)
			want.name = str_from(argv[i]);
		else
			return ERR_BAD_REQUEST;
	}
	if (!want.name.n)
		return ERR_BAD_REQUEST;
	want.password =
		from_stdin ? read_line(ctx->mem) : str_sub(token_new(ctx->mem), 0, PASSWORD_MADE);
	TRY(account_create(ctx, &want, &id));
	str handle = handle_of(ctx->mem, str_lower(ctx->mem, want.name), S(""));
	printf("Made %.*s.\n", STR_ARGS(handle));
	if (!from_stdin)
		printf("Password: %.*s\n", STR_ARGS(want.password));
	return OK;
}

static err list(struct ctx *ctx, enum standing standing)
{
	account_id before = {0};
	struct account *page;
	ptrdiff_t n;
	do {
		TRY(accounts_list(ctx, standing, before, LIST_PAGE, &page, &n));
		for (ptrdiff_t i = 0; i < n; i++)
			printf("%-31.*s %-10s %-10s %.*s\n",
				STR_ARGS(handle_of(ctx->mem, page[i].name, page[i].host)),
				role_names[page[i].role], standing_names[page[i].standing],
				STR_ARGS(page[i].display));
		if (n)
			before = page[n - 1].id;
	} while (n == LIST_PAGE);
	return OK;
}

static err list_all(struct ctx *ctx)
{
	for (int standing = STANDING_GOOD; standing <= STANDING_SUSPENDED; standing++)
		TRY(list(ctx, (enum standing)standing));
	return OK;
}

// With the numbers that depend on it: a server need not run.
static err set_standing(struct ctx *ctx, account_id id, enum standing standing)
{
	TRY(account_set_standing(ctx, id, standing));
	return notes_settle(ctx, id, 0);
}

static err set_role(struct ctx *ctx, account_id id, const char *name)
{
	enum role role;
	if (!name || !role_from(name, &role))
		return fail_fmt(ctx, ERR_INVALID, "roles are member, moderator, admin");
	return account_set_role(ctx, id, role);
}

static err change(struct ctx *ctx, const char *verb, const char *name, const char *role_name)
{
	struct account account;
	err found = account_by_handle(ctx, str_from(name), &account);
	if (found != OK)
		return found == ERR_NOT_FOUND ? fail_fmt(ctx, found, "no account %s%s",
							name[0] == '@' ? "" : "@", name)
					      : found;
	if (strcmp(verb, "role") == 0)
		return set_role(ctx, account.id, role_name);
	if (strcmp(verb, "password") == 0)
		return account_set_password(ctx, account.id, ask_password(ctx->mem));
	if (strcmp(verb, "suspend") == 0)
		return set_standing(ctx, account.id, STANDING_SUSPENDED);
	if (strcmp(verb, "restore") == 0)
		return set_standing(ctx, account.id, STANDING_GOOD);
	return ERR_BAD_REQUEST;
}

static err run(struct ctx *ctx, int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "create") == 0)
		return create(ctx, argc, argv);
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return list_all(ctx);
	if (argc == 3 || argc == 4)
		return change(ctx, argv[1], argv[2], argc == 4 ? argv[3] : NULL);
	return ERR_BAD_REQUEST;
}

const struct command moderation_commands[] = {
	{"account",
		"create NAME [--password-stdin] [--role ROLE] | role NAME ROLE | password NAME | "
		"suspend NAME | restore NAME | list",
		"make and change accounts", NULL, OPEN_ROOMS, run},
	{0},
};
