// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Somebody else holds the database: a lock on the tables of PostgreSQL, a transaction on the file of SQLite. Nobody
// waits beyond the deadline; pages that are in memory are shown, to the signed-in with a word on top; nothing that was
// taken away meanwhile is among them; and afterwards everything is as before.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { newName, PASSWORD, person, publish } from '../lib/people.mjs';
import { DATABASE, startServer, until } from '../lib/server.mjs';

const HELD = 10000; // the lock
const MOST = 8000; // deadline of 5 s, and a machine with much else to do
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

let server;
let ann;
let ben;
before(async () => {
	server = await startServer();
	ann = await person(server, 'ann');
	ben = await person(server, 'ben', { language: 'zh-CN' });
});
after(() => server.close());

// Holds the database for a while; resolves once it does, to a promise of the end.
async function hold() {
	const [program, ...args] = DATABASE === 'postgres'
		? ['psql', '-q', server.database, '-c', 'BEGIN', '-c', 'LOCK TABLE note, liking, account, session', '-c', '\\echo held', '-c', `SELECT pg_sleep(${HELD / 1000})`, '-c', 'COMMIT']
		: ['python3', '-c', `import sqlite3, time
db = sqlite3.connect('${server.data}/qiao.db', isolation_level=None)
db.execute('BEGIN IMMEDIATE')
print('held', flush=True)
time.sleep(${HELD / 1000})
db.execute('COMMIT')`];
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	const ended = new Promise((resolve) => { child.once('exit', resolve); });
	await new Promise((resolve, reject) => {
		child.stdout.on('data', (bytes) => { if (String(bytes).includes('held')) resolve(); });
		ended.then((code) => reject(new Error(`${program} ended with ${code}`)));
	});
	return { ended };
}

async function timed(question) {
	const from = Date.now();
	const answer = await question();
	return { answer, took: Date.now() - from };
}

function isBusy({ answer, took }, what) {
	assert.equal(answer.status, 503, `${what}: ${answer.status} ${answer.main.slice(0, 300)}`);
	assert.ok(took < MOST, `${what} took ${took} ms`);
	const seconds = Number(answer.headers['retry-after']);
	assert.ok(seconds >= 1 && seconds <= 60, `${what}: Retry-After ${answer.headers['retry-after']}`);
	assert.ok(answer.main.length > 20, `${what} says nothing`);
}

test('while others hold the database', async () => {
	const shown = await publish(ann, { title: 'In everybody\u2019s memory' });
	const narrowed = await publish(ann, { title: 'Was open to all' });
	const unseen = await publish(ann, { title: 'Looked at by nobody' });
	const stranger = new Client(server);
	const chinese = new Client(server, { language: 'zh-CN' });
	for (const path of [`/note/${shown}`, `/note/${narrowed}`, `/@${ann.name}`, '/']) (await stranger.get(path)).expect(200);
	(await chinese.get(`/note/${shown}`)).expect(200);
	const edit = (await ann.get(`/note/${narrowed}/edit`)).expect(200).form(`/note/${narrowed}/edit`);
	(await edit.fill({ visibility: edit.choices('visibility').at(-1) }).send()).expect(303);
	(await stranger.get(`/note/${narrowed}`)).expect(404);
	const liker = await person(server, 'liker');
	const likes = [];
	const other = await person(server, 'other');
	for (let i = 0; i < 12; i++) likes.push((await (i % 2 ? liker : other).get(`/note/${shown}`)).form(`/note/${shown}/like`).press('on', '1'));
	const door = (await new Client(server).get('/signin')).form('/signin').fill({ name: ann.name, password: PASSWORD });
	const join = (await new Client(server).get('/signup')).form('/signup').fill({ name: newName('later'), password: PASSWORD, rules: true });
	await pause(1500); // explore's order follows what was written within a second, and its page with it
	(await stranger.get('/')).expect(200); // made anew, without that note
	const held = await hold();

	const waiting = [...likes.map((form) => timed(() => form.send())), timed(() => join.send())];
	const signin = DATABASE === 'postgres' ? timed(() => door.send()) : null; // on SQLite it may come through before
	// What is in memory comes at once, whatever waits.
	for (const [client, path] of [[stranger, `/note/${shown}`], [stranger, '/'], [chinese, `/note/${shown}`], [stranger, '/about']]) {
		const { answer, took } = await timed(() => client.get(path));
		answer.expect(200);
		assert.equal(answer.all('.busy').length, 0, `${path} is labelled to a stranger`);
		assert.ok(took < 2500, `${path} took ${took} ms`);
	}
	if (DATABASE === 'postgres') {
		const [mine, his, gone, never] = await Promise.all([timed(() => ann.get(`/note/${shown}`)), timed(() => ben.get(`/note/${shown}`)),
			timed(() => ben.get(`/note/${narrowed}`)), timed(() => ann.get(`/note/${unseen}`))]);
		assert.match(mine.answer.expect(200).one('main > .busy').textContent, /busy at the moment.*looked.*Your own/s);
		assert.match(mine.answer.main, /In everybody/);
		assert.match(his.answer.expect(200).one('.busy').textContent, /社区现在有点忙.*你自己的点赞/s);
		assert.equal(mine.answer.headers['cache-control'], 'private, no-store');
		assert.ok(mine.took < MOST && his.took < MOST, `${mine.took} ${his.took}`);
		isBusy(gone, 'a note that was narrowed');
		assert.doesNotMatch(gone.answer.text, /Was open to all/);
		isBusy(never, 'a page that nobody looked at');
		assert.ok([303, 503].includes((await signin).answer.status));
	} else {
		// Who reads waits for nobody who writes.
		const { answer, took } = await timed(() => ann.get(`/note/${unseen}`));
		assert.equal(answer.expect(200).all('.busy').length, 0);
		assert.ok(took < 2500, `a page took ${took} ms`);
	}
	const answers = await Promise.all(waiting);
	answers.slice(0, likes.length).forEach((one, i) => isBusy(one, `like ${i}`));
	// Hashing is no wait for the database, and may take long here: it may come through in the end.
	const joined = answers.at(-1);
	assert.ok([303, 503].includes(joined.answer.status) && joined.took < MOST + HELD, `signing up: ${joined.answer.status} after ${joined.took} ms`);
	await held.ended;
	await until(async () => (await liker.get(`/note/${shown}`)).status === 200, 'a page');
	const again = (await liker.get(`/note/${shown}`)).expect(200);
	assert.equal(again.all('.busy').length, 0);
	(await again.form(`/note/${shown}/like`).press('on', '1').send()).expect(303);
	assert.equal((await stranger.get(`/note/${shown}`)).one(`form[action="/note/${shown}/like"] .count`).getAttribute('data-count'), '1');
	(await ann.get(`/note/${unseen}`)).expect(200);
	(await (await new Client(server).get('/signin')).form('/signin').fill({ name: ann.name, password: PASSWORD }).send()).expect(303);
});

test('a lane in which nothing moves sends away at once, and recovers', async () => {
	const id = await publish(ann, { title: 'Liked by nobody' });
	const forms = [];
	// As many as may write at once: half the workers where those who read wait for the same connections.
	const most = DATABASE === 'postgres' ? 8 : 16;
	for (let i = 0; i <= most; i++) forms.push((await (i < most ? ben : ann).get(`/note/${id}`)).form(`/note/${id}/like`).press('on', '1'));
	const held = await hold();
	const first = forms.slice(0, most).map((form) => timed(() => form.send()));
	// Pages that nobody has in memory take all that read, too; whoever asks how the server is waits for none of them.
	const unread = DATABASE === 'postgres' ? Array.from({ length: 20 }, () => new Client(server).get('/note/1')) : [];
	await pause(1000);
	for (let i = 0; i < 5; i++) {
		const { answer, took } = await timed(() => new Client(server).get('/healthz'));
		assert.match(answer.expect(200).text, /^ok\n/);
		assert.ok(took < 1000, `health took ${took} ms`);
	}
	await pause(2500);
	const late = await timed(() => forms[most].send());
	isBusy(late, 'one like more');
	assert.ok(late.took < 2500, `it took ${late.took} ms`);
	for (const one of await Promise.all(first)) isBusy(one, 'one of the first');
	for (const answer of await Promise.all(unread)) answer.expect(503);
	await held.ended;
	const form = (await until(async () => {
		const page = await ben.get(`/note/${id}`);
		return page.status === 200 && !page.all('.busy').length ? page : null;
	}, 'a page')).form(`/note/${id}/like`).press('on', '1');
	(await form.send()).expect(303);
});
