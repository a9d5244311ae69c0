// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One person does not take the place of all at the door: passwords are hashed by a few, the others are told when to
// come again, and pages go on meanwhile.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { newName, PASSWORD, person, publish, signIn } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

const PROXY = { 'trusted-proxies': '127.0.0.1' };
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// A browser behind the proxy, at an address of its own.
function at(server, address, language) {
	const client = new Client(server, { language });
	const plain = client.request.bind(client);
	client.request = (method, path, { headers = {}, body } = {}) => plain(method, path, { headers: { 'X-Forwarded-For': address, ...headers }, body });
	return client;
}

async function timed(question) {
	const from = Date.now();
	const answer = await question();
	return { answer, took: Date.now() - from };
}

test('fifty sign-ups at once: pages go on, and who has to wait is told how long', async () => {
	const server = await startServer(PROXY);
	try {
		const ann = await person(server, 'ann');
		const id = await publish(ann, { title: 'Read meanwhile' });
		const forms = [];
		for (let i = 0; i < 50; i++) {
			const client = at(server, `203.0.113.${i}`, i % 2 ? 'zh-CN' : 'en');
			forms.push((await client.get('/signup')).expect(200).form('/signup').fill({ name: newName('many'), password: PASSWORD, rules: true }));
		}
		let ended = false;
		const signups = Promise.all(forms.map((form) => form.send())).finally(() => { ended = true; });
		const pages = [];
		while (!ended) {
			for (const path of [`/note/${id}`, '/', `/@${ann.name}`, '/settings/privacy']) {
				const { answer, took } = await timed(() => ann.get(path));
				answer.expect(200);
				pages.push(took);
			}
			const form = (await ann.get(`/note/${id}`)).form(`/note/${id}/comment`).fill({ text: `Meanwhile ${pages.length}` });
			const { answer, took } = await timed(() => form.send());
			answer.expect(303);
			pages.push(took);
		}
		const answers = await signups;
		assert.ok(Math.max(...pages) < 4000, `a page took ${Math.max(...pages)} ms`);
		const busy = answers.filter((one) => one.status === 503);
		assert.ok(answers.every((one) => one.status === 303 || one.status === 503), answers.map((one) => one.status).join(' '));
		assert.ok(answers.length - busy.length >= 20, `${busy.length} of 50 were sent away`);
		for (const one of busy) {
			const seconds = Number(one.headers['retry-after']);
			assert.ok(seconds >= 1 && seconds <= 60, `Retry-After ${one.headers['retry-after']}`);
			assert.match(one.main, one.client.language === 'en' ? /try again in \d+ second/ : /请在 \d+ 秒后再试/);
		}
		// They were right to say that it passes.
		for (const one of busy.slice(0, 2)) {
			const again = (await one.client.get('/signup')).form('/signup').fill({ name: newName('again'), password: PASSWORD, rules: true });
			(await again.send()).expect(303);
		}
	} finally {
		await server.close();
	}
});

// --- wrong passwords -----------------------------------------------------------------------------------------------------

let server;
before(async () => { server = await startServer({ ...PROXY, 'rate-limits': 'on' }); });
after(() => server.close());

const made = () => {
	const name = newName('owner');
	server.cli(['account', 'create', name, '--password-stdin'], `${PASSWORD}\n`);
	return name;
};

async function tryAt(address, name, password, client = at(server, address)) {
	const page = (await client.get('/signin', { 'X-Forwarded-For': address })).expect(200);
	return page.form('/signin').fill({ name, password }).send({ 'X-Forwarded-For': address });
}

const wrongAt = (address, name) => tryAt(address, name, 'not the password');
const statuses = async (list) => (await Promise.all(list)).map((one) => one.status).sort();
const TEN_AND_TWO = [...Array(10).fill(422), 429, 429];

function isTold(answer) {
	assert.equal(answer.status, 429);
	const seconds = Number(answer.headers['retry-after']);
	assert.ok(seconds >= 1 && seconds <= 900, `Retry-After ${answer.headers['retry-after']}`);
	assert.match(answer.one('[role=alert]').textContent, new RegExp(`\\b${seconds} seconds?`));
}

test('wrong sign-ins lock out the place they come from, and nobody else', async () => {
	const name = made();
	const twelve = [];
	for (let i = 0; i < 12; i++) twelve.push(wrongAt('203.0.113.5', name));
	assert.deepEqual(await statuses(twelve), TEN_AND_TWO);
	isTold(await wrongAt('203.0.113.5', name));
	isTold(await tryAt('203.0.113.5', name, PASSWORD));
	const { answer, took } = await timed(() => tryAt('198.51.100.1', name, PASSWORD));
	answer.expect(303);
	assert.ok(took < 4000, `the owner waited ${took} ms`);
	(await tryAt('203.0.113.5', made(), PASSWORD)).expect(303); // another account, from there too
});

test('a name that nobody has is counted like one that somebody has', async () => {
	const some = [];
	const none = [];
	const [name, nobody] = [made(), newName('nobody')];
	for (let i = 0; i < 12; i++) {
		some.push(wrongAt('203.0.113.6', name));
		none.push(wrongAt('203.0.113.7', nobody));
	}
	assert.deepEqual(await statuses(some), await statuses(none));
	const [one, other] = [await wrongAt('203.0.113.8', name), await wrongAt('203.0.113.8', nobody)];
	assert.equal(one.one('[role=alert]').textContent, other.one('[role=alert]').textContent);
	// Nor does a password that nobody can have tell them apart.
	const long = 'x'.repeat(2000);
	assert.equal((await tryAt('203.0.113.9', name, long)).status, 422);
	assert.equal((await tryAt('203.0.113.9', nobody, long)).status, 422);
});

test('a /64 is one place, and an IPv4 host is one however it is written', async () => {
	const name = made();
	const six = [];
	for (let i = 0; i < 12; i++) six.push(wrongAt(`2001:db8:5:6:${i}::${i + 1}`, name));
	assert.deepEqual(await statuses(six), TEN_AND_TWO);
	assert.equal((await wrongAt('2001:db8:5:7::1', name)).status, 422);
	const other = made();
	const four = ['192.0.2.9', '::ffff:192.0.2.9', '::ffff:c000:209', '64:ff9b::192.0.2.9'];
	const dressed = [];
	for (let i = 0; i < 12; i++) dressed.push(wrongAt(four[i % 4], other));
	assert.deepEqual(await statuses(dressed), TEN_AND_TWO);
	assert.equal((await wrongAt('::ffff:192.0.2.10', other)).status, 422);
});

test('a browser that was signed in before passes, until the password changes', async () => {
	const name = made();
	const browser = at(server, '198.51.100.20');
	const answer = (await tryAt('198.51.100.20', name, PASSWORD, browser)).expect(303);
	const cookie = answer.headers['set-cookie'].find((one) => one.startsWith('browser='));
	assert.match(cookie, /HttpOnly/i);
	assert.match(cookie, /SameSite=Lax/i);
	assert.match(cookie, /Max-Age=\d{8}/i);
	assert.ok(!cookie.includes(name));
	const form = (await browser.get('/about')).form('/signout');
	(await form.send()).expect(303);
	assert.ok(browser.cookies.has('browser') && !browser.cookies.has('session'));
	(await browser.get('/settings/privacy')).expect(302, 303); // it is no session
	const many = [];
	for (let i = 0; i < 12; i++) many.push(wrongAt('203.0.113.30', name));
	await statuses(many);
	// Behind the very address that the failures come from.
	(await tryAt('203.0.113.30', name, PASSWORD, browser)).expect(303);
	browser.cookies.delete('session');
	const own = [];
	for (let i = 0; i < 12; i++) own.push(tryAt(`203.0.113.${40 + i}`, name, 'a slip', browser));
	assert.deepEqual(await statuses(own), TEN_AND_TWO); // it has a count of its own, wherever it is
	(await tryAt('198.51.100.21', name, PASSWORD)).expect(303);
	const second = made();
	const both = at(server, '198.51.100.22');
	(await tryAt('198.51.100.22', second, PASSWORD, both)).expect(303);
	both.cookies.delete('session');
	server.cli(['account', 'password', second], 'another battery\n');
	const more = [];
	for (let i = 0; i < 12; i++) more.push(wrongAt('203.0.113.31', second));
	await statuses(more);
	isTold(await tryAt('203.0.113.31', second, 'another battery', both));
});

test('a name tried from everywhere becomes slow, and the owner gets in', async () => {
	const name = made();
	const many = [];
	for (let i = 0; i < 24; i++) {
		many.push(wrongAt(`10.1.${i}.1`, name));
		if (i % 6 === 5) await Promise.all(many);
	}
	assert.deepEqual(await statuses(many), Array(24).fill(422));
	const { answer, took } = await timed(() => tryAt('198.51.100.40', name, PASSWORD));
	answer.expect(303);
	assert.ok(took >= 900 && took < 20000, `held back for ${took} ms`);
});

test('sixty addresses of one /64 do not make sixty accounts', async () => {
	const answers = [];
	for (let i = 0; i < 60; i++) {
		const client = at(server, `2001:db8:77:88::${i.toString(16)}`);
		const form = (await client.get('/signup')).form('/signup').fill({ name: newName('crowd'), password: PASSWORD });
		answers.push((await form.send()).status); // without the rules: tried, and counted, but nothing is hashed
	}
	assert.equal(answers.filter((one) => one === 422).length, 30);
	assert.equal(answers.filter((one) => one === 429).length, 30);
	const client = at(server, '2001:db8:77:89::1');
	(await (await client.get('/signup')).form('/signup').fill({ name: newName('next'), password: PASSWORD, rules: true }).send()).expect(303);
});

test('changing the password keeps this browser known', async () => {
	const name = made();
	const browser = await signIn(server, name);
	const before = browser.cookies.get('browser');
	const form = (await browser.get('/settings/password')).form('/settings/password');
	(await form.fill({ old: PASSWORD, fresh: 'battery staple horse' }).send()).expect(303);
	assert.notEqual(browser.cookies.get('browser'), before);
	browser.cookies.delete('session');
	const many = [];
	for (let i = 0; i < 12; i++) many.push(wrongAt('203.0.113.50', name));
	await statuses(many);
	(await tryAt('203.0.113.50', name, 'battery staple horse', browser)).expect(303);
});
