-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What each account's pictures take on the disk, and which are still to be taken in.
CREATE INDEX media_by_account ON media (account, bytes);
CREATE INDEX media_on_the_way ON media (account, bytes) WHERE state = 0;
