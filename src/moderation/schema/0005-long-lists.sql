-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Lists that something popular makes long are read in the order of an index, from where a page ended.

-- The best comments first: what notes.sql calls the rank. Equal ones in the order in which they were written.
CREATE INDEX comment_best ON note (root, (likes * 2 + comments) DESC, id) WHERE root IS NOT NULL AND parent IS NULL;

-- Two likes of one moment have an order.
DROP INDEX liking_by_time;
CREATE INDEX liking_by_time ON liking (account, at, note);

-- Whether somebody has reported this already, among any number of others.
CREATE INDEX report_by_reporter ON report (reporter, note, account, id);

-- Who is followed most is known from memory.
DROP INDEX account_by_followers;
