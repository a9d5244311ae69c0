// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The tables of words, each beside the member it stands for.
#include "web/choices.h"

static const str visibilities[VISIBILITIES] = {
	[VIS_PUBLIC] = STR_INIT("public"),
	[VIS_UNLISTED] = STR_INIT("unlisted"),
	[VIS_FOLLOWERS] = STR_INIT("followers"),
	[VIS_MUTUALS] = STR_INIT("mutual"),
	[VIS_MENTIONED] = STR_INIT("mentioned"),
	[VIS_ONLY_ME] = STR_INIT("me"),
};
static const str ratios[] = {
	[RATIO_3_4] = STR_INIT("3:4"),
	[RATIO_1_1] = STR_INIT("1:1"),
	[RATIO_4_3] = STR_INIT("4:3"),
};
static const str signups[] = {
	[SIGNUP_OPEN] = STR_INIT("open"),
	[SIGNUP_APPROVAL] = STR_INIT("approval"),
	[SIGNUP_INVITE] = STR_INIT("invite"),
	[SIGNUP_CLOSED] = STR_INIT("closed"),
};
static const str reasons[] = {
	[REASON_SPAM] = STR_INIT("spam"),
	[REASON_ABUSE] = STR_INIT("abuse"),
	[REASON_SEXUAL] = STR_INIT("sexual"),
	[REASON_VIOLENCE] = STR_INIT("violence"),
	[REASON_MISLEADING] = STR_INIT("misleading"),
	[REASON_RIGHTS] = STR_INIT("rights"),
	[REASON_OTHER] = STR_INIT("other"),
};
static const str actions[] = {
	[DECIDE_DISMISS] = STR_INIT("dismiss"),
	[DECIDE_WARN] = STR_INIT("warn"),
	[DECIDE_REMOVE] = STR_INIT("remove"),
	[DECIDE_SUSPEND] = STR_INIT("suspend"),
	[DECIDE_RESTORE] = STR_INIT("restore"),
	[DECIDE_CLEAR_AVATAR] = STR_INIT("clear-picture"),
	[DECIDE_CLEAR_COVER] = STR_INIT("clear-cover"),
	[DECIDE_CLEAR_NAME] = STR_INIT("clear-name"),
	[DECIDE_CLEAR_BIO] = STR_INIT("clear-bio"),
};

const struct choices visibility_choices = {visibilities, COUNT(visibilities)},
		     ratio_choices = {ratios, COUNT(ratios)},
		     signup_choices = {signups, COUNT(signups)},
		     reason_choices = {reasons, COUNT(reasons)},
		     action_choices = {actions, COUNT(actions)};

str choice_name(const struct choices *c, int value)
{
	return value >= 0 && value < c->n ? c->names[value] : (str){0};
}

int choice_from(const struct choices *c, str name)
{
	for (int i = 0; name.n && i < c->n; i++)
		if (str_eq(c->names[i], name))
			return i;
	return -1;
}

enum visibility visibility_from(str name)
{
	int found = choice_from(&visibility_choices, name);
	return found < 0 ? VIS_ONLY_ME : (enum visibility)found;
}
