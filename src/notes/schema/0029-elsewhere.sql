-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Accounts and notes of other servers have a place: an account is named by its name and its host together, a note may
-- have an address elsewhere. A mention keeps the name that the text has, so that the text leads to whom it meant
-- whatever he is called by now.

ALTER TABLE account ADD COLUMN host TEXT NOT NULL DEFAULT ''; -- as in DNS, lower case; '' = here
DROP INDEX account_by_name;
CREATE UNIQUE INDEX account_by_name ON account (host, name);

ALTER TABLE note ADD COLUMN uri TEXT; -- of one from elsewhere: its address there
CREATE UNIQUE INDEX note_by_uri ON note (uri) WHERE uri IS NOT NULL;

ALTER TABLE mention ADD COLUMN name TEXT NOT NULL DEFAULT ''; -- as the text has it, lower case
UPDATE mention SET name = COALESCE((SELECT account.name FROM account WHERE account.id = mention.account), '');
DROP INDEX mention_by_note; -- a page's mentions are read from it alone
CREATE INDEX mention_by_note ON mention (note, account, name);
