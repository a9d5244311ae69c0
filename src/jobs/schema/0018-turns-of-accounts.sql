-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Most jobs are of nobody, as every like and comment leaves one: only those that take turns are found by account.

DROP INDEX job_of_account;
CREATE INDEX job_of_account ON job (account, turn) WHERE state = 0 AND account <> 0;
