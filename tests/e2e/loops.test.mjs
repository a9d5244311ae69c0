// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Animations that cost very much, from many accounts at once: others' pictures do not wait for their loops, nor for
// what is large. Until its loop is there a note shows the still, and may be narrowed or deleted like any other.
// On SQLite alone: who waits for whom is decided by the queue, which rooms/test_meetings.c and store/test_jobs.c try on both.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { mediaOf, person, publish } from '../lib/people.mjs';
import { film, picture } from '../lib/pictures.mjs';
import { startServer, until } from '../lib/server.mjs';

const ACCOUNTS = 12;
const small = film(1999, 2000, 150); // soon a still; its loop is ended when it has cost enough
const large = film(6000, 6000, 2); // seconds for the still alone

let server;
let crowd;
let light;
before(async () => {
	server = await startServer();
	light = await person(server, 'light');
	crowd = [];
	for (let i = 0; i < ACCOUNTS; i++) crowd.push(await person(server, 'film'));
}, { timeout: 240000 });
after(() => server.close());

async function send(client, bytes) {
	const { id } = (await client.call('POST', '/upload', { headers: { 'Upload-Length': String(bytes.length) } })).expect(201).json;
	return client.call('PATCH', `/upload/${id}`, { body: bytes, headers: { 'Upload-Offset': '0', Accept: 'application/json' } });
}

// What has been done of each kind.
function done() {
	const count = {};
	for (const line of server.cli(['jobs', 'done']).split('\n')) {
		const kind = /^\d+\s+(\S+)/.exec(line)?.[1];
		if (kind) count[kind] = (count[kind] ?? 0) + 1;
	}
	return count;
}

const files = (folder) => readdirSync(join(server.data, folder), { recursive: true });
const addresses = async (id) => mediaOf({ text: (await light.get(`/note/${id}`)).expect(200).one('.stage').innerHTML });
const nameIn = (address) => address.split('/')[2];
const lies = (name) => files('media').some((path) => path.includes(`${name}/`));

let all;
test('twelve accounts send the worst there is: another’s photo is taken in before', { timeout: 240000 }, async () => {
	all = [];
	for (const bytes of [large, small]) for (const client of crowd) all.push(send(client, bytes).catch(() => null));
	// The small ones are stills soon. What costs much: twelve large stills, then the loops of all.
	const costly = () => {
		const count = done();
		return (count['media.take'] ?? 0) - ACCOUNTS + (count['media.loop'] ?? 0);
	};
	await until(() => costly() >= 1, 'the first of the large ones', 120000);
	const before = costly();
	await publish(light, { title: 'Meanwhile', pictures: [picture(1200, 1600)] });
	const meanwhile = costly() - 1 - before;
	assert.ok(meanwhile <= 4 && before <= ACCOUNTS / 2, `${before} of ${3 * ACCOUNTS} were made, and ${meanwhile} before the photo`);
});

test('until its loop is there a note shows the still; narrowed or deleted it leaves nothing behind', async () => {
	const id = await publish(light, { title: 'A film', pictures: [{ file: 'film.gif', type: 'image/gif', bytes: film(640, 480, 3) }] });
	const page = (await light.get(`/note/${id}`)).expect(200);
	assert.ok(page.one('.slide img').getAttribute('src'));
	assert.equal(page.all('.slide picture > source').length, 0);
	const original = files('upload').filter((name) => name.startsWith('m'));
	assert.equal(original.length, 1, 'it is kept for the loop');
	const stranger = new Client(server);
	const [address] = await addresses(id);
	(await stranger.get(address)).expect(200);

	const form = (await light.get(`/note/${id}/edit`)).expect(200).form(`/note/${id}/edit`);
	(await form.fill({ visibility: 'me' }).send()).expect(303);
	(await stranger.get(address)).expect(404);
	const [fresh] = await addresses(id);
	assert.notEqual(nameIn(fresh), nameIn(address));
	await until(() => !lies(nameIn(address)), 'the files of the old name to go');
	assert.ok(lies(nameIn(fresh)));

	const gone = (await light.get(`/note/${id}/delete`)).expect(200);
	(await gone.form(`/note/${id}/delete`).send()).expect(303);
	await until(() => !lies(nameIn(fresh)), 'its files to go');
	assert.ok(!files('upload').includes(original[0]), 'its original has gone');
	await server.kill();
	await Promise.all(all);
});

test('after a restart the large ones are taken in, and loops are made', { timeout: 240000 }, async () => {
	await server.start();
	assert.equal(done()['media.loop'], undefined);
	await until(() => done()['media.loop'] >= 1, 'the first loop', 180000);
});
