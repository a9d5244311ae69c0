-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Invitations are listed; who decides is told of who waits, who reported of what was decided.

CREATE UNIQUE INDEX invite_by_id ON invite (id);
CREATE INDEX account_by_role ON account (role, id) WHERE role > 1;
CREATE INDEX report_by_decision ON report (decision, reporter, id) WHERE decision IS NOT NULL;
