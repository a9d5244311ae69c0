// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two processes on one PostgreSQL: what one does the other shows; and what one takes away a stranger no more gets from
// the other after 5 seconds, though that one is cut off from the database, or was stopped, with everything in memory.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { like, mediaOf, person, publish } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { Relay } from '../lib/relay.mjs';
import { DATABASE, Server, startServer, until } from '../lib/server.mjs';

const TRUSTED = 5000; // what is kept in memory, when the changes of others are not heard
const SLACK = 700; // a busy machine's, from sending a question to the answer's last byte
const LONGEST = 10000; // that anybody waits
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const skip = DATABASE !== 'postgres' && 'several processes need PostgreSQL';

let near;
let far;
let relay;
let ann;
let stranger;
before(async () => {
	if (skip) return;
	near = await startServer();
	relay = await Relay.before(near.database);
	far = new Server({}, { beside: near, database: relay.database });
	await far.start();
	ann = await person(near, 'ann');
	stranger = new Client(far);
});
after(async () => {
	await far?.close();
	relay?.close();
	await near?.close();
});

async function narrow(id) {
	const form = (await ann.get(`/note/${id}/edit`)).expect(200).form(`/note/${id}/edit`);
	(await form.fill({ visibility: form.choices('visibility').at(-1) }).send()).expect(303);
}

async function remove(id) {
	(await (await ann.get(`/note/${id}/delete`)).form(`/note/${id}/delete`).send()).expect(303);
}

// Three notes, looked at by a stranger on the other process until all is in its memory.
async function shown(stem) {
	const note = (title, with_) => publish(ann, { title: `${stem} ${title}`, body: `#${stem.toLowerCase()}${title}`, ...with_ });
	const notes = { narrowed: await note('narrowed', { pictures: [picture(420, 520)] }), deleted: await note('deleted'), stays: await note('stays') };
	const page = await until(async () => {
		const now = await stranger.get(`/note/${notes.narrowed}`);
		return now.status === 200 && now.all('.slide img').length && now;
	}, 'the picture on the other process');
	notes.picture = mediaOf({ text: page.one('.stage').innerHTML })[0];
	await until(async () => new RegExp(`${stem} narrowed`).test((await stranger.get('/')).text), 'explore on the other process');
	for (let i = 0; i < 2; i++)
		for (const path of paths(notes)) (await stranger.get(path)).expect(200);
	return notes;
}

const paths = (notes) => [`/note/${notes.narrowed}`, notes.picture, `/note/${notes.deleted}`, `/note/${notes.stays}`, '/', `/@${ann.name}`];

// Whether an answer holds what was taken away.
function tells(answer, path, notes, stem) {
	if (path === notes.picture) return answer.status === 200 || answer.status === 304;
	return new RegExp(`${stem} (narrowed|deleted)|#${stem}(narrowed|deleted)`, 'i').test(answer.text);
}

// Asks for all of it again and again, each time anew; what was answered when, by the clock of the one who asks.
async function watch(notes, stem, ms) {
	const answers = [];
	const began = Date.now();
	const asked = [];
	while (Date.now() - began < ms) {
		for (const path of paths(notes)) {
			const from = Date.now();
			asked.push(new Client(far).get(path).then((answer) => {
				answers.push({ path, status: answer.status, retry: answer.headers['retry-after'], at: from, took: Date.now() - from, told: tells(answer, path, notes, stem) });
			}));
		}
		await pause(400);
	}
	await Promise.all(asked);
	return answers;
}

const heard = async () => (await new Client(far).get('/healthz')).text === 'ok\n';
const metric = (text, name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);

test('what one does the other shows, at once and once', { skip }, async () => {
	const id = await publish(ann, { title: 'Seen from both' });
	await until(async () => (await stranger.get(`/note/${id}`)).status === 200, 'the note', TRUSTED);
	await until(async () => /Seen from both/.test((await stranger.get('/')).text), 'explore', 2 * TRUSTED);
	const ben = await person(near, 'ben');
	const count = async (client) => (await client.get('/')).one(`form[action="/note/${id}/like"] .count, button[formaction="/note/${id}/like"] .count`).getAttribute('data-count');
	assert.equal(await count(stranger), '0');
	await like(ben, id);
	await until(async () => await count(stranger) === '1', 'the like', TRUSTED);
	await like(ben, id, '0');
	await until(async () => await count(stranger) === '0', 'the like taken back', TRUSTED);
	const { text } = await stranger.get('/metrics');
	assert.ok(metric(text, 'changes_unheard_seconds') < 3 && metric(text, 'changes_delay_seconds') < 3, text.match(/changes_.*/g).join('\n'));
});

test('a like that was read before it was heard is not counted again', { skip }, async () => {
	const ben = await person(near, 'ben');
	const cat = await person(near, 'cat');
	for (let turn = 0; turn < 3; turn++) {
		const id = await publish(ann, { title: `Counted once ${turn}` });
		await pause(1000); // its own changes are heard, and nothing of it is in the other's memory
		const count = async () => (await stranger.get(`/cards?id=${id}`)).expect(200).json.cards[0].likes;
		await like(ben, id);
		await count(); // as a rule before the other process has heard
		await pause(1000);
		assert.equal(await count(), 1);
		await like(cat, id);
		await count();
		await like(ben, id, '0');
		await count();
		await pause(1000);
		assert.equal(await count(), 1);
	}
});

test('cut off from the database', { skip }, async (t) => {
	const notes = await shown('Cut');
	t.after(() => relay.flow());
	relay.hold();
	const cut = Date.now();
	const watching = watch(notes, 'Cut', 11000);
	await narrow(notes.narrowed);
	await remove(notes.deleted);
	const taken = Date.now() - cut;
	await pause(TRUSTED + SLACK);
	const health = await new Client(far).get('/healthz');
	assert.equal(health.status, 503);
	assert.ok(Number(health.headers['retry-after']) > 0);
	assert.match(health.text, /^unavailable: .*\nwarning: what other processes changed was last known (\d+) s ago/);
	const { text } = (await new Client(far).get('/metrics')).expect(200);
	assert.equal(metric(text, 'database_up'), 0);
	assert.ok(metric(text, 'changes_unheard_seconds') >= TRUSTED / 1000);
	const answers = await watching;
	assert.ok(taken < TRUSTED, `taking it away took ${taken} ms`);
	const early = answers.filter((one) => one.at < cut + 1000);
	assert.ok(early.filter((one) => one.status === 200).length >= early.length / 2, 'nothing was in memory');
	for (const one of answers) {
		const what = `${one.path} ${one.at - cut} ms after the cut: ${one.status} after ${one.took} ms`;
		assert.ok(one.took < LONGEST, what);
		if (one.at < cut + TRUSTED + SLACK) continue;
		assert.ok(!one.told, `${what}: shown`);
		assert.equal(one.status, 503, what);
		assert.ok(Number(one.retry) > 0, `${what}: no Retry-After`);
	}
	// Whole again, it serves again by itself, and shows nothing that was taken away.
	relay.flow();
	await until(heard, 'health', 4 * TRUSTED);
	(await stranger.get(`/note/${notes.narrowed}`)).expect(404);
	(await stranger.get(`/note/${notes.deleted}`)).expect(404);
	(await stranger.get(notes.picture)).expect(404);
	(await stranger.get(`/note/${notes.stays}`)).expect(200);
	assert.doesNotMatch((await stranger.get('/')).expect(200).text, /Cut (narrowed|deleted)/);
	assert.match((await stranger.get('/')).text, /Cut stays/);
});

test('stopped for a while, and asked as soon as it goes on', { skip }, async (t) => {
	const notes = await shown('Stopped');
	t.after(() => process.kill(far.child.pid, 'SIGCONT'));
	process.kill(far.child.pid, 'SIGSTOP');
	await narrow(notes.narrowed);
	await remove(notes.deleted);
	await pause(TRUSTED + 1000);
	// They wait at its door when it goes on.
	const asked = paths(notes).map((path) => [path, new Client(far).get(path)]);
	await pause(300);
	process.kill(far.child.pid, 'SIGCONT');
	for (const [path, answer] of asked) {
		const said = await answer;
		assert.ok(!tells(said, path, notes, 'Stopped'), `${path}: ${said.status}`);
		assert.ok([200, 404, 503].includes(said.status), `${path}: ${said.status}`);
	}
	await until(heard, 'health', TRUSTED);
	(await stranger.get(`/note/${notes.stays}`)).expect(200);
	(await stranger.get(`/note/${notes.narrowed}`)).expect(404);
	(await stranger.get(notes.picture)).expect(404);
});
