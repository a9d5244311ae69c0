// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a server knows again after it ended, in order or not: the feeds come from their file, nothing in them is older
// than what the database says, and a file that is not good is not used.

import assert from 'node:assert/strict';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { pages, person, publish } from '../lib/people.mjs';
import { startServer, until } from '../lib/server.mjs';

const OLD = 24; // older than what a start loads before it serves
const NEW = 406;

let server;
let file;
let early; // who wrote the old ones
let late;
const old = [];
const all = new Set();

async function publishMany(author, n, into) {
	await Promise.all(Array.from({ length: 6 }, async (_, lane) => {
		for (let i = lane; i < n; i += 6) into.push(await publish(author, { title: '', body: `Number ${i} of ${author.name}` }));
	}));
}

before(async () => {
	server = await startServer();
	file = join(server.data, 'feed');
	early = await person(server, 'early');
	late = await person(server, 'late');
	await publishMany(early, OLD, old);
	const young = [];
	await publishMany(late, NEW, young);
	for (const id of [...old, ...young]) all.add(id);
});
after(() => server.close());

const complete = () => server.log.split('\n').filter((line) => line.includes('"the feeds are complete"')).map((line) => JSON.parse(line));

async function restarted() {
	const before = complete().length;
	await server.start();
	await until(() => complete().length > before, 'complete feeds');
	return complete().at(-1).from;
}

async function explore() {
	const found = (await pages(new Client(server), '/')).flat();
	assert.equal(found.length, new Set(found).size, 'no note twice');
	return new Set(found);
}

test('after a stop in order the feeds come from the file, which is for its owner only', { timeout: 120000 }, async () => {
	await server.stop();
	assert.equal(statSync(file).mode & 0o777, 0o600);
	assert.equal(await restarted(), 'file');
	assert.deepEqual(await explore(), all);
});

test('what another process did meanwhile is true from the first page on', { timeout: 120000 }, async () => {
	await server.stop();
	server.cli(['account', 'suspend', early.name]);
	await server.start();
	for (let turn = 0; turn < 5; turn++) for (const id of await explore()) assert.ok(!old.includes(id), `note ${id} of somebody suspended`);
	await until(() => complete().at(-1).from === 'file', 'complete feeds');
	server.cli(['account', 'restore', early.name]);
	await until(async () => (await explore()).size === all.size, 'all notes again');
});

test('killed, it knows what was published after the file was written', { timeout: 120000 }, async () => {
	await server.stop();
	await restarted();
	const id = await publish(late, { title: '', body: 'After the file' });
	all.add(id);
	const written = statSync(file).mtimeMs;
	await server.kill();
	assert.equal(statSync(file).mtimeMs, written);
	assert.equal(await restarted(), 'file');
	assert.deepEqual(await explore(), all);
});

test('a file that lost its end, or a bit, is made anew', { timeout: 120000 }, async () => {
	await server.stop();
	truncateSync(file, Math.floor(statSync(file).size / 2));
	assert.equal(await restarted(), 'database');
	assert.deepEqual(await explore(), all);
	await server.stop();
	const bytes = readFileSync(file);
	bytes[bytes.length >> 1] ^= 4;
	writeFileSync(file, bytes);
	assert.equal(await restarted(), 'database');
	assert.deepEqual(await explore(), all);
	assert.match(server.log, /the feed's file is not used/);
});
