// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Room for pictures. Three bounds stand between a person and the disk: the host's reserve, a share of
// what is left above it for what is on its way (uploads while something comes of them, originals that wait
// for their turn), and the quota for what is kept. disk/ does the same for what http/ receives, and says
// how much an upload counts of which little has come.
#include "media/private.h"

#include "community/community.h"
#include "disk/disk.h"
#include "words/words.h"

#define SHARE_OF_ACCOUNT 4
#define SHARE_OF_ALL 2

static int64_t quota_of(struct ctx *ctx)
{
	return ctx->house->community ? community_get(ctx)->quota : 0;
}

err media_share(struct ctx *ctx, account_id account, struct media_share *out)
{
	struct media_kept_row kept;
	TRY(media_kept(ctx, account, &kept));
	out->used = kept.bytes;
	out->quota = quota_of(ctx);
	return OK;
}

static err check_quota(struct ctx *ctx, int64_t more)
{
	struct media_share room = {0};
	if (!quota_of(ctx))
		return OK;
	TRY(media_share(ctx, ctx->viewer.account, &room));
	if (room.used + more <= room.quota)
		return OK;
	return fail_n(ctx, ERR_FULL, "pictures", W_media_quota, room.quota >> 20);
}

// The share is of what there is for all of them: the room above the reserve, and what they hold of it.
static err on_the_way(struct ctx *ctx, int64_t *all, int64_t *pool)
{
	struct disk *disk = ctx->house->disk;
	struct media_waiting_of_all_row waiting;
	struct uploads_held_of_all_row uploads;
	TRY(media_waiting_of_all(ctx, &waiting));
	TRY(uploads_held_of_all(ctx, ctx->now - UPLOAD_STALE, DISK_AHEAD, &uploads));
	*all = waiting.bytes + uploads.bytes;
	*pool = MAX(disk_free(disk) - disk_reserve(disk), 0) + waiting.bytes + uploads.received;
	return OK;
}

err media_check_share(struct ctx *ctx, int64_t own_more, int64_t all_more)
{
	struct media_waiting_row waiting;
	struct uploads_held_row uploads;
	int64_t all, pool;
	if (!ctx->house->disk)
		return OK;
	TRY(media_waiting(ctx, ctx->viewer.account, &waiting));
	TRY(uploads_held(ctx, ctx->viewer.account, ctx->now - UPLOAD_STALE, &uploads));
	TRY(on_the_way(ctx, &all, &pool));
	int64_t own = waiting.bytes + uploads.bytes;
	int64_t most = MIN(pool / SHARE_OF_ACCOUNT, DISK_OWNER_MOST);
	if (own_more > most || all + all_more > pool / SHARE_OF_ALL)
		return fail(ctx, ERR_FULL, "pictures", W_error_full);
	if (own_more && own + own_more > most)
		return fail(ctx, ERR_TOO_MANY, "pictures", W_media_on_the_way);
	return OK;
}

err media_share_is_easy(struct ctx *ctx, bool *easy)
{
	int64_t all = 0, pool = 0;
	if (ctx->house->disk)
		TRY(on_the_way(ctx, &all, &pool));
	*easy = all <= pool / SHARE_OF_ALL / 2 && disk_state(ctx->house->disk) == DISK_OK;
	return OK;
}

err media_check_disk(struct ctx *ctx)
{
	if (disk_state(ctx->house->disk) == DISK_OK)
		return OK;
	return fail(ctx, ERR_FULL, "pictures", W_error_full);
}

err media_check_room(struct ctx *ctx, int64_t more)
{
	TRY(media_check_disk(ctx));
	TRY(check_quota(ctx, more));
	return media_check_share(ctx, more, more);
}
