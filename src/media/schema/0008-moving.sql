-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Animations are kept moving.
ALTER TABLE media ADD COLUMN moving INTEGER NOT NULL DEFAULT 0; -- width of the moving rendition, 0 = still
