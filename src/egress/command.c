// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao egress: what left the server last.
#include "egress/inside.h"

#include "store/store.h"
#include "egress/egress.sql.h"

#include <stdio.h>

#define LINES_USUAL 20
#define LINES_MOST 10000

static void print_line(const struct egress_row *row)
{
	char at[TIME_ISO_SIZE];
	time_iso(id_time(row->id), at);
	printf("%s  %-10.*s %-30.*s %-20.*s %3lld  out %lld B  in %lld B  %lld ms\n", at,
		STR_ARGS(row->purpose), STR_ARGS(row->host), STR_ARGS(row->result),
		(long long)row->status, (long long)row->sent, (long long)row->received,
		(long long)row->took);
}

static err run(struct ctx *ctx, int argc, char **argv)
{
	struct egress_row *rows;
	ptrdiff_t n;
	int64_t most = LINES_USUAL;
	if (argc > 2 || (argc == 2 && !str_int(str_from(argv[1]), &most)) || most < 1)
		return ERR_BAD_REQUEST;
	TRY(egress_last(ctx, MIN(most, LINES_MOST), &rows, &n));
	for (ptrdiff_t i = n - 1; i >= 0; i--)
		print_line(&rows[i]);
	return OK;
}

const struct command egress_commands[] = {
	{"egress", "[N]", "list what was last sent to other servers, or kept from it",
		"The last line is the newest. What may leave is said by the option egress; qiao "
		"doctor\nshows it.",
		OPEN_STORE, run},
	{0},
};
