// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A pooler before PostgreSQL: one that gives each transaction another connection is refused at the start, in a sentence;
// one that leaves each client its own is served.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { person, publish } from '../lib/people.mjs';
import { PgBouncer } from '../lib/pgbouncer.mjs';
import { DATABASE, Server, startServer } from '../lib/server.mjs';

const skip = DATABASE !== 'postgres' && 'poolers stand before PostgreSQL';
let direct;
before(async () => { if (!skip) direct = await startServer(); });
after(() => direct?.close());

async function through(t, settings) {
	const bouncer = await PgBouncer.before(direct.database, settings);
	const server = new Server({}, { beside: direct, database: bouncer.database });
	t.after(async () => { await server.close(); await bouncer.close(); });
	return server;
}

// Other clients of the pooler, that ask without end.
async function traffic(database, n) {
	const child = spawn('sh', ['-c', `for i in $(seq ${n}); do (while :; do echo "SELECT pg_sleep(0.002);"; done | psql -q -o /dev/null '${database}') & done; wait`],
		{ stdio: 'ignore', detached: true });
	await new Promise((resolve) => { setTimeout(resolve, 1000); });
	return () => process.kill(-child.pid, 'SIGKILL');
}

async function isRefused(server, times) {
	for (let i = 0; i < times; i++) {
		await assert.rejects(() => server.start(), /the server ended \(1\)/);
		assert.match(server.log, /^qiao: the database cannot be opened: between here and PostgreSQL stands a pooler, such as PgBouncer, .* \(pool_mode = session\)\n/);
	}
}

for (const more of [{}, { default_pool_size: 1 }, { server_round_robin: 1 }])
	test(`one of transactions is refused, ${JSON.stringify(more)}`, { skip }, async (t) => {
		await isRefused(await through(t, { pool_mode: 'transaction', ...more }), 2);
	});

test('one of transactions is refused, whatever others do there', { skip }, async (t) => {
	const server = await through(t, { pool_mode: 'transaction', default_pool_size: 8 });
	const stop = await traffic(server.database, 4);
	try {
		await isRefused(server, 3);
	} finally {
		stop();
	}
});

test('one of sessions is served', { skip }, async (t) => {
	const server = await through(t, { pool_mode: 'session', default_pool_size: 60 });
	await server.start();
	const ann = await person(server, 'ann');
	const id = await publish(ann, { title: 'Through a pooler' });
	(await new Client(server).get(`/note/${id}`)).expect(200);
	assert.match((await new Client(server).get('/healthz')).expect(200).text, /^ok\n/);
});
