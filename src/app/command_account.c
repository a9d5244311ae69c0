// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao account: what the host does to accounts from the command line, while the server runs or not.
#include "app/app.h"

#include "accounts/accounts.h"
#include "crypto/crypto.h"
#include "notes/notes.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

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

static str read_line(struct app *app)
{
	char line[1024];
	if (!fgets(line, sizeof line, stdin))
		return (str){0};
	str s = str_from(line);
	while (str_ends(s, S("\n")) || str_ends(s, S("\r")))
		s.n--;
	return str_copy(app->mem, s);
}

// From standard input; on a terminal without showing it.
static str ask_password(struct app *app)
{
	struct termios shown, hidden;
	bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &shown) == 0;
	if (terminal) {
		fputs("Password: ", stderr);
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	str password = read_line(app);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	return password;
}

static int create(struct app *app, int argc, char **argv)
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
			return usage(command_find("account"));
	}
	if (!want.name.n)
		return usage(command_find("account"));
	if (from_stdin) {
		want.password = read_line(app);
	} else {
		want.password = token_new(app->mem);
		want.password.n = 16;
	}
	err failed = account_create(&app->ctx, &want, &id);
	if (failed != OK)
		return complain_err(app, "create", failed);
	printf("Made @%.*s.\n", STR_ARGS(str_lower(app->mem, want.name)));
	if (!from_stdin)
		printf("Password: %.*s\n", STR_ARGS(want.password));
	return EXIT_OK;
}

static int list(struct app *app)
{
	account_id before;
	struct account *page;
	ptrdiff_t n;
	for (int standing = STANDING_GOOD; standing <= STANDING_SUSPENDED; standing++) {
		before = (account_id){0};
		do {
			err failed = accounts_list(
				&app->ctx, (enum standing)standing, before, 500, &page, &n);
			if (failed != OK)
				return complain_err(app, "list", failed);
			for (ptrdiff_t i = 0; i < n; i++) {
				printf("@%-30.*s %-10s %-10s %.*s\n", STR_ARGS(page[i].name),
					role_names[page[i].role], standing_names[page[i].standing],
					STR_ARGS(page[i].display));
				before = page[i].id;
			}
		} while (n == 500);
	}
	return EXIT_OK;
}

// With the numbers that depend on it: a server need not run.
static err set_standing(struct app *app, account_id id, enum standing standing)
{
	TRY(account_set_standing(&app->ctx, id, standing));
	return notes_settle(&app->ctx, id, 0);
}

static int change(struct app *app, const char *verb, const char *name, const char *role_name)
{
	struct account account;
	enum role role = ROLE_NONE;
	if (name[0] == '@')
		name++;
	err failed = account_by_name(&app->ctx, str_from(name), &account);
	if (failed == ERR_NOT_FOUND)
		return complain("no account @%s", name);
	if (failed == OK && strcmp(verb, "role") == 0) {
		if (!role_name || !role_from(role_name, &role))
			return complain("roles are member, moderator, admin");
		failed = account_set_role(&app->ctx, account.id, role);
	} else if (failed == OK && strcmp(verb, "password") == 0) {
		failed = account_set_password(&app->ctx, account.id, ask_password(app));
	} else if (failed == OK && strcmp(verb, "suspend") == 0) {
		failed = set_standing(app, account.id, STANDING_SUSPENDED);
	} else if (failed == OK && strcmp(verb, "restore") == 0) {
		failed = set_standing(app, account.id, STANDING_GOOD);
	} else if (failed == OK) {
		return usage(command_find("account"));
	}
	return failed == OK ? EXIT_OK : complain_err(app, verb, failed);
}

int command_account(struct app *app, int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "create") == 0)
		return create(app, argc, argv);
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return list(app);
	if (argc == 3 || argc == 4)
		return change(app, argv[1], argv[2], argc == 4 ? argv[3] : NULL);
	return usage(command_find(argv[0]));
}
