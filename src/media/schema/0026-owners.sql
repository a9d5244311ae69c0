-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A picture belongs to something of some kind: a note, an account, the community. Whose room that is says who may have
-- it. And what is kept need not be a picture.

ALTER TABLE media ADD COLUMN owner_kind TEXT NOT NULL DEFAULT ''; -- 'note', 'account', 'mark'…; '' = nothing yet
ALTER TABLE media ADD COLUMN owner INTEGER;                       -- its id
ALTER TABLE media ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;     -- enum medium
ALTER TABLE media ADD COLUMN duration INTEGER NOT NULL DEFAULT 0; -- ms, of a video or a sound
ALTER TABLE media ADD COLUMN poster INTEGER;                      -- the picture that stands for it

UPDATE media SET owner_kind = 'note', owner = note WHERE note IS NOT NULL;
UPDATE media SET owner_kind = 'account', owner = account WHERE use IN (1, 2) AND EXISTS (SELECT 1 FROM account
	WHERE account.id = media.account AND (account.avatar = media.id OR account.cover = media.id));
UPDATE media SET owner_kind = 'mark', owner = 1 WHERE use = 3 AND EXISTS (SELECT 1 FROM setting
	WHERE setting.key = 'mark' AND setting.value = media.name);

DROP INDEX media_by_note;
DROP INDEX media_loose;
ALTER TABLE media DROP COLUMN note;
CREATE INDEX media_by_owner ON media (owner, owner_kind, place) WHERE owner IS NOT NULL;
CREATE INDEX media_loose ON media (created) WHERE owner IS NULL;
