// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two processes on one PostgreSQL, where everybody is at the same few rows: all lock them in one order
// (docs/decisions/growth.md), so that nobody waits for whoever waits for him. A deadlock costs a second and is
// counted by the database.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { person, publish, signIn } from '../lib/people.mjs';
import { DATABASE, Server, idle, startServer, until } from '../lib/server.mjs';

const skip = DATABASE !== 'postgres' && 'SQLite has one writer';
const PEOPLE = 5;
const random = (n) => Math.floor(Math.random() * n);
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

let near;
let far;
const people = []; // { name, at: [a client of each process], notes }
before(async () => {
	if (skip) return;
	near = await startServer();
	far = new Server({}, { beside: near });
	await far.start();
	for (let i = 0; i < PEOPLE; i++) {
		const one = await person(near, 'lock');
		people.push({ name: one.name, at: [one, await signIn(far, one.name)], notes: [await publish(one, { body: '#ta' }), await publish(one, { body: '#tb' })] });
	}
});
after(async () => {
	await far?.close();
	await near?.close();
});

const client = (who) => who.at[random(2)];
const anybody = () => people[random(PEOPLE)];
const anyNote = () => anybody().notes[random(2)];

function deadlocks() {
	const { stdout } = spawnSync('psql', ['-At', near.database, '-c', 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'], { encoding: 'utf8' });
	return Number(stdout);
}

// All people do this at once, again and again, each in two windows; what was answered, by status.
async function crowd(ms, act) {
	const answers = {};
	const end = Date.now() + ms;
	await Promise.all([...people, ...people].map(async (one, i) => {
		while (Date.now() < end) {
			const { status } = await act(one, i);
			answers[status] = (answers[status] ?? 0) + 1;
		}
	}));
	return answers;
}

async function without(act) {
	const had = deadlocks();
	const answers = await act();
	await pause(1500); // the database counts with a delay
	assert.equal(deadlocks() - had, 0, JSON.stringify(answers));
	assert.equal(answers[503] ?? 0, 0, JSON.stringify(answers));
	assert.equal(answers[500] ?? 0, 0, JSON.stringify(answers));
}

// Whoever is suspended is shown no form.
async function fill(who, path, values) {
	const page = await client(who).get(path);
	return page.document.querySelector(`form[action="${path}"]`) ? page.form(path).fill(values).send() : page;
}

const edit = (who, values) => fill(who, `/note/${who.notes[random(2)]}/edit`, values);
const write = (who) => fill(who, '/publish', { title: 'p', body: random(2) ? '#tb #ta' : '#ta #tb' });

const like = (who) => client(who).call('POST', `/note/${anyNote()}/like`, { form: { on: String(random(2)) } });
const follow = (who) => client(who).call('POST', `/@${anybody().name}/follow`, { form: { on: String(random(2)) } });
const comment = (who) => client(who).call('POST', `/note/${anyNote()}/comment`, { form: { text: 'said', parent: '' } });

test('texts that take topics from each other', { skip }, async () => {
	const texts = ['#ta', '#tb', '#tc', '#ta #tb', '#tb #tc'];
	await without(() => crowd(8000, (who) => edit(who, { body: texts[random(5)], visibility: ['public', 'public', 'public', 'me'][random(4)] })));
});

test('somebody is suspended and comes back while all others go on', { skip }, async () => {
	const boss = await person(near, 'boss', { role: 'admin' });
	const bosses = [boss, await signIn(far, boss.name)];
	const acts = [like, like, follow, follow, write, comment, (who) => edit(who, { body: random(2) ? '#ta' : '#tb' })];
	let slowest = 0;
	async function decide() {
		const { name } = people[1 + random(PEOPLE - 1)];
		const page = await bosses[random(2)].get(`/moderation/account/${name}`);
		const actions = page.all('input[name=action]').map((input) => input.getAttribute('value'));
		const began = Date.now();
		const answer = await page.form(`/moderation/account/${name}`).fill({ reason: 'x', action: actions.includes('restore') ? 'restore' : 'suspend' }).send();
		slowest = Math.max(slowest, Date.now() - began);
		return answer;
	}
	await without(() => crowd(15000, (who, i) => (i === 0 ? decide() : acts[random(acts.length)](who))));
	assert.ok(slowest < 4000, `a decision took ${slowest} ms`);
	await until(() => idle(near), 'the jobs', 60000);
	const doctor = near.command(['doctor']).stdout.split('\n').filter((line) => !/^ok/.test(line)).join('\n');
	assert.doesNotMatch(doctor, /number|count|standing|topic/i, doctor);
});
