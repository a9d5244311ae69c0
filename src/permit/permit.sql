-- SPDX-License-Identifier: AGPL-3.0-or-later

-- What somebody is now, whatever a session that is kept in memory says.
--: permit_rank(id account_id) one (role int, standing int)
SELECT role, standing FROM account WHERE id = :id;
