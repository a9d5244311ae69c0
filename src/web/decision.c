// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A decision's page: what, why, by whom. The person concerned reads "the moderators". Also the words
// for reasons, actions and states that the pages of moderation share.
#include "web/moderation_view.h"

#include "web/pages.h"
#include "web/private.h"

int word_of_reason(enum report_reason reason)
{
	static const int words[] = {[REASON_SPAM] = W_moderation_spam,
		[REASON_ABUSE] = W_moderation_abuse,
		[REASON_SEXUAL] = W_moderation_sexual,
		[REASON_VIOLENCE] = W_moderation_violence,
		[REASON_MISLEADING] = W_moderation_misleading,
		[REASON_RIGHTS] = W_moderation_rights,
		[REASON_OTHER] = W_moderation_other};
	return words[reason >= REASON_SPAM && reason <= REASON_OTHER ? reason : REASON_OTHER];
}

int word_of_action(enum decision_action action)
{
	static const int words[] = {[DECIDE_DISMISS] = W_moderation_was_dismissed,
		[DECIDE_WARN] = W_moderation_was_warned,
		[DECIDE_REMOVE] = W_moderation_was_removed,
		[DECIDE_SUSPEND] = W_moderation_was_suspended,
		[DECIDE_RESTORE] = W_moderation_was_restored,
		[DECIDE_APPROVE] = W_moderation_was_approved,
		[DECIDE_REFUSE] = W_moderation_was_refused,
		[DECIDE_CLEAR_AVATAR] = W_moderation_was_cleared_avatar,
		[DECIDE_CLEAR_COVER] = W_moderation_was_cleared_cover,
		[DECIDE_CLEAR_NAME] = W_moderation_was_cleared_name,
		[DECIDE_CLEAR_BIO] = W_moderation_was_cleared_bio};
	return words[action];
}

int word_of_outcome(enum decision_action action)
{
	switch (action) {
	case DECIDE_DISMISS:
		return W_notification_report_dismissed;
	case DECIDE_WARN:
		return W_notification_report_warned;
	case DECIDE_REMOVE:
		return W_notification_report_removed;
	case DECIDE_SUSPEND:
		return W_notification_report_suspended;
	case DECIDE_CLEAR_AVATAR:
	case DECIDE_CLEAR_COVER:
	case DECIDE_CLEAR_NAME:
	case DECIDE_CLEAR_BIO:
		return W_notification_report_cleared;
	default:
		return W_notification_report_answered;
	}
}

int meaning_of_action(enum decision_action action)
{
	switch (action) {
	case DECIDE_WARN:
		return W_moderation_means_warned;
	case DECIDE_REMOVE:
		return W_moderation_means_removed;
	case DECIDE_SUSPEND:
		return W_moderation_means_suspended;
	case DECIDE_RESTORE:
		return W_moderation_means_restored;
	case DECIDE_CLEAR_AVATAR:
		return W_moderation_means_cleared_avatar;
	case DECIDE_CLEAR_COVER:
		return W_moderation_means_cleared_cover;
	case DECIDE_CLEAR_NAME:
		return W_moderation_means_cleared_name;
	case DECIDE_CLEAR_BIO:
		return W_moderation_means_cleared_bio;
	default:
		return word_of_action(action);
	}
}

str class_of_action(enum decision_action action)
{
	switch (action) {
	case DECIDE_WARN:
	case DECIDE_REMOVE:
	case DECIDE_SUSPEND:
	case DECIDE_CLEAR_AVATAR:
	case DECIDE_CLEAR_COVER:
	case DECIDE_CLEAR_NAME:
	case DECIDE_CLEAR_BIO:
		return S("badge-warn");
	case DECIDE_RESTORE:
	case DECIDE_APPROVE:
		return S("badge-good");
	default:
		return S("");
	}
}

int word_of_standing(enum standing standing)
{
	static const int words[] = {[STANDING_GOOD] = W_moderation_good,
		[STANDING_WAITING] = W_moderation_waiting,
		[STANDING_SUSPENDED] = W_moderation_suspended,
		[STANDING_GONE] = W_moderation_gone};
	return words[standing];
}

url url_of_report(struct arena *mem, report_id id)
{
	return url_fmt(mem, "/moderation/report/%lld", (long long)id.v);
}

url url_of_decision(struct arena *mem, decision_id id)
{
	return url_fmt(mem, "/decision/%lld", (long long)id.v);
}

url url_of_moderated(struct arena *mem, str name, str host)
{
	str address = str_skip(url_of_person(mem, name, host).s, 2); // without /@
	return url_fmt(mem, "/moderation/account/%.*s", STR_ARGS(address));
}

url cover_of_report(struct arena *mem, const struct report *r)
{
	if (!r->now.picture)
		return (url){0};
	return url_fmt(mem, "%.*s", STR_ARGS(picture_cover_src(mem, r->now.picture, 120)));
}

static err decision(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct decision d;
	decision_id id;
	TRY(req_param_id(req, "id", &id.v));
	TRY(decision_get(ctx, id, &d));
	struct decision_view v = {.frame = &f,
		.decision = &d,
		.concerns_me = d.account && d.account->id.v == ctx->viewer.account.v};
	TRY(frame_begin(req, &f, HERE_NOTIFICATIONS,
		v.concerns_me ? W_moderation_about_you : W_moderation_decision));
	f.page_class = S("page-narrow");
	f.noindex = true;
	f.limited_told = v.concerns_me && d.action == DECIDE_SUSPEND;
	struct out o = frame_out(&f, 12 << 10);
	decision_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

const struct route decision_routes[] = {
	PAGE(decision, "/decision/:id", WHO_SIGNED_IN),
	{.handler = NULL},
};
