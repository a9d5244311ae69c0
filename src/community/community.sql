-- SPDX-License-Identifier: AGPL-3.0-or-later

--: setting_get(key str) one (value str)
SELECT value FROM setting WHERE key = :key;

--: settings_all() many (key str, value str) scan: a dozen rows
SELECT key, value FROM setting ORDER BY key;

--: setting_add(key str, value str) exec
INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO NOTHING;

--: setting_put(key str, value str) exec
INSERT INTO setting (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
