// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two servers with a data directory each, one PostgreSQL, and one folder of media files (--media): an upload begun at
// the one goes on at the other, its picture is published at the first and given out by both, also what jobs make of it,
// whichever did them; what is taken away is taken away from both. A backup holds the files.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { mediaOf, noteId, person, PASSWORD, publish, signIn } from '../lib/people.mjs';
import { picture, png } from '../lib/pictures.mjs';
import { DATABASE, Server, run, startServer, temporary, until } from '../lib/server.mjs';

const skip = DATABASE !== 'postgres' && 'several processes need PostgreSQL';

let media;
let near;
let far;
let ann;
let there; // ann, at the other one
before(async () => {
	if (skip) return;
	media = temporary();
	near = await startServer({ media });
	far = new Server({ media }, { beside: near });
	await far.start();
	ann = await person(near, 'ann');
	there = await signIn(far, ann.name, { password: PASSWORD });
});
after(async () => {
	await far?.close();
	await near?.close();
});

const files = (dir) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => one.name);

test('nothing of a picture lies in a data directory', { skip }, async () => {
	await publish(ann, { title: 'Here', pictures: [picture(300, 400)] });
	assert.ok(existsSync(join(media, 'media')) && files(join(media, 'media')).length > 0);
	for (const server of [near, far]) {
		assert.ok(!existsSync(join(server.data, 'media')));
		assert.deepEqual(files(join(server.data, 'upload')), []);
	}
});

test('an upload begun at one goes on at the other, is published at the first, and both give it out', { skip }, async () => {
	const bytes = png(1300, 900, 200);
	const half = bytes.length >> 1;
	const { id } = (await ann.call('POST', '/upload', { headers: { 'Upload-Length': String(bytes.length) } })).expect(201).json;
	(await ann.call('PATCH', `/upload/${id}`, { body: bytes.subarray(0, half), headers: { 'Upload-Offset': '0' } })).expect(200, 204);
	assert.equal((await there.call('GET', `/upload/${id}`)).expect(200).json.offset, half);
	const wrong = await there.call('PATCH', `/upload/${id}`, { body: bytes.subarray(0, 10), headers: { 'Upload-Offset': '0' } });
	assert.equal(wrong.status, 409);
	const made = (await there.call('PATCH', `/upload/${id}`, { body: bytes.subarray(half), headers: { 'Upload-Offset': String(half), Accept: 'application/json' } })).expect(200).json.media;

	const form = (await ann.get('/publish')).form('/publish').fill({ title: 'Of two' });
	form.pairs.push(['media', made.id], ['alt', 'a gradient']);
	const note = noteId((await form.send()).expect(303).location);
	const strangers = [near, far].map((server) => new Client(server));
	// All widths are there in the end, by whichever server's jobs.
	const addresses = await until(async () => {
		const found = mediaOf({ text: (await strangers[1].get(`/note/${note}`)).expect(200).all('.stage')[0]?.innerHTML ?? '' });
		return found.some((one) => one.includes('1080.webp')) && found;
	}, 'every width of the picture', 60000);
	for (const address of addresses) {
		const [one, other] = [(await strangers[0].get(address)).expect(200), (await strangers[1].get(address)).expect(200)];
		assert.ok(one.body.equals(other.body), address);
	}

	(await (await there.get(`/note/${note}/delete`)).form(`/note/${note}/delete`).send()).expect(303);
	for (const one of strangers)
		await until(async () => (await one.get(addresses[0])).status === 404, 'it has gone everywhere');
	const name = addresses[0].split('/')[2];
	await until(() => !existsSync(join(media, 'media', name.slice(0, 2), name)), 'its files have gone');
	await until(() => files(join(media, 'upload')).length === 0, 'no original, no temporary file is left');
});

test('pictures sent to both at once', { skip }, async () => {
	const ids = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => publish(n % 2 ? there : ann, { title: `At once ${n}`, pictures: [picture(200, 300)] })));
	for (const [n, id] of ids.entries()) {
		const other = new Client(n % 2 ? near : far);
		const [address] = await until(async () => mediaOf({ text: (await other.get(`/note/${id}`)).all('.stage')[0]?.innerHTML ?? '' }), 'its picture');
		(await other.get(address)).expect(200);
	}
	await until(() => files(join(media, 'upload')).length === 0, 'no original, no temporary file is left');
});

test('a backup by one holds what lies in the folder, and is restored into another', { skip }, async () => {
	const tar = join(temporary(), 'all.tar');
	near.cli(['backup', tar]);
	const listed = run('tar', ['tf', tar]).stdout.split('\n');
	const parts = files(join(media, 'media'));
	assert.equal(listed.filter((one) => one.startsWith('media/')).length, parts.length);
	const fresh = new Server({ media: temporary() });
	fresh.cli(['restore', tar]);
	assert.deepEqual(files(join(fresh.options.media, 'media')).sort(), parts.sort());
	assert.ok(!existsSync(join(fresh.data, 'media')));
	await fresh.start();
	assert.equal((await new Client(fresh).get('/')).expect(200).status, 200);
	await fresh.close();
});
