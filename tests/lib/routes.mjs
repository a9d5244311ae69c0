// SPDX-License-Identifier: AGPL-3.0-or-later
//
// routes.mjs CALLS: fails on a route of `qiao routes` that no test called with success. CALLS holds what the servers
// of the tests logged, "METHOD NAME" a line.

import { existsSync, readFileSync } from 'node:fs';
import { PROGRAM, run } from './server.mjs';

const calls = process.argv[2];
const called = new Set(existsSync(calls) ? readFileSync(calls, 'utf8').split('\n').filter(Boolean) : []);
const told = run(PROGRAM, ['routes']);
if (told.status !== 0) throw new Error(`qiao routes: ${told.stderr}`);
const routes = told.stdout.split('\n').filter(Boolean).map((line) => line.trim().split(/\s+/));
const missed = routes.filter(([method, , name]) => !called.has(`${method} ${name}`));
for (const [method, path, name] of missed) console.log(`no test calls ${method} ${path} (${name})`);
console.log(`${routes.length - missed.length} of ${routes.length} routes called`);
process.exit(routes.length === 0 || missed.length ? 1 : 0);
