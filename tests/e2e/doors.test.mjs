// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Signing up in every mode, in and out, first steps.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { newName, PASSWORD, person, signIn } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let admin;
before(async () => {
	server = await startServer();
	admin = await person(server, 'host', { role: 'admin' });
});
after(() => server.close());

async function mode(signup) {
	const page = (await admin.get('/admin')).expect(200);
	(await page.form('/admin').fill({ signup }).send()).expect(303);
}

async function ask(values, language) {
	const client = new Client(server, { language });
	const page = (await client.get('/signup')).expect(200);
	return { client, answer: await page.form('/signup').fill({ password: PASSWORD, rules: true, ...values }).send() };
}

async function who(client) {
	const page = (await client.get('/about')).expect(200);
	return page.document.querySelector('meta[name=csrf-token]') !== null;
}

test('open: an account works at once and leads to the first steps', async () => {
	await mode('open');
	const name = newName('open');
	const { client, answer } = await ask({ name, display: '开门' });
	assert.equal(answer.expect(303).location, '/welcome');
	assert.ok(await who(client));
	assert.match((await client.get(`/@${name}`)).expect(200).main, /开门/);
});

test('a form with faults comes back with what was typed and a sentence at its field', async () => {
	const taken = newName('taken');
	await ask({ name: taken });
	const cases = [
		[{ name: '' }, '#name-error'], [{ name: 'a' }, '#name-error'], [{ name: '123' }, '#name-error'], [{ name: '名字' }, '#name-error'],
		[{ name: taken }, '#name-error'], [{ name: taken.toUpperCase() }, '#name-error'], [{ password: 'q1w2' }, '#password-error'],
		[{ rules: false }, '#rules-error'], [{ display: 'x'.repeat(51) }, '#display-error'],
	];
	for (const [values, place] of cases) {
		const display = values.display ?? '<b>"Kept" & shown</b>';
		const { answer, client } = await ask({ name: newName(), display, ...values });
		answer.expect(422);
		assert.ok(answer.one(place).textContent.trim().length > 5, `${JSON.stringify(values)} ${place}`);
		assert.equal(answer.form('/signup').value('display'), display);
		assert.ok(!answer.text.includes(values.password ?? PASSWORD), 'a password is never sent back');
		assert.ok(!await who(client));
	}
});

test('the same sentences in Chinese', async () => {
	const { answer } = await ask({ name: 'x' }, 'zh-CN,zh;q=0.9');
	assert.match(answer.expect(422).one('#name-error').textContent, /用户名/);
	assert.equal(answer.one('html').getAttribute('lang'), 'zh-Hans');
});

test('by approval: waits, is let in by a moderator, is told', async () => {
	await mode('approval');
	const name = newName('asks');
	assert.equal((await ask({ name: newName(), why: '' })).answer.status, 422);
	const { client, answer } = await ask({ name, why: 'I bake & want to swap recipes.' });
	answer.expect(303);
	assert.equal((await client.get('/welcome')).expect(200).all('.notice-warn').length, 1);
	const early = (await client.get('/publish')).expect(200); // told, instead of being handed a form
	assert.equal(early.all('form.publish').length, 0);
	assert.match(early.main, /waiting/);
	(await client.call('POST', '/publish', { form: { body: 'Too early' } })).expect(403);
	const list = (await admin.get('/moderation/signups')).expect(200);
	assert.match(list.main, new RegExp(`@${name}`));
	assert.match(list.main, /I bake & want to swap recipes\./);
	const row = list.all('li').find((one) => one.textContent.includes(`@${name}`));
	const account = row.querySelector('input[name=account]').getAttribute('value');
	(await list.form('/moderation/signups').force('account', account).press('decision', 'approve').send()).expect(303);
	assert.doesNotMatch((await admin.get('/moderation/signups')).main, new RegExp(`@${name}`));
	assert.equal((await client.get('/welcome')).all('.notice-warn').length, 0);
	(await (await client.get('/publish')).form('/publish').fill({ body: 'Now I may' }).send()).expect(303);
});

test('by invitation: only with a code, as often as it says', async () => {
	await mode('invite');
	assert.equal((await ask({ name: newName(), invite: 'nonsense' })).answer.expect(422).one('#invite-error') !== null, true);
	const code = server.cli(['invite', '2']).trim();
	const page = (await new Client(server).get(`/signup?invite=${code}`)).expect(200);
	assert.equal(page.form('/signup').value('invite'), code);
	(await ask({ name: newName(), invite: code })).answer.expect(303);
	(await ask({ name: newName(), invite: code })).answer.expect(303);
	(await ask({ name: newName(), invite: code })).answer.expect(422);
});

test('closed: no form, and none is taken', async () => {
	await mode('open');
	const client = new Client(server);
	const form = (await client.get('/signup')).form('/signup').fill({ name: newName('late'), password: PASSWORD, rules: true });
	await mode('closed');
	const page = (await client.get('/signup')).expect(200);
	assert.equal(page.all('form[action="/signup"]').length, 0);
	assert.ok([403, 422].includes((await form.send()).status));
	await mode('open');
});

test('signing in: a wrong name and a wrong password look the same', async () => {
	const one = await person(server, 'door');
	const client = new Client(server);
	const page = (await client.get('/signin')).expect(200);
	const wrong = await page.form('/signin').fill({ name: one.name, password: 'not the password' }).send();
	const nobody = await page.form('/signin').fill({ name: 'nobody_at_all', password: 'not the password' }).send();
	for (const answer of [wrong, nobody]) {
		answer.expect(422);
		assert.ok(answer.one('[role=alert]').textContent.trim());
	}
	assert.equal(wrong.one('[role=alert]').textContent, nobody.one('[role=alert]').textContent);
	assert.equal(wrong.form('/signin').value('name'), one.name);
	assert.ok(!await who(client));
});

test('signing in leads back, but never to another site', async () => {
	const one = await person(server, 'back');
	for (const [back, to] of [['/settings', '/settings'], ['//evil.example/', '/'], ['https://evil.example/', '/'], ['/\\evil.example', '/']]) {
		const client = new Client(server);
		const page = (await client.get(`/signin?back=${encodeURIComponent(back)}`)).expect(200);
		assert.equal((await page.form('/signin').fill({ name: one.name, password: PASSWORD }).send()).expect(303).location, to);
	}
});

test('a page for members leads a stranger to the door and back', async () => {
	for (const path of ['/publish', '/settings', '/notifications', '/following', '/welcome', '/moderation', '/admin']) {
		const answer = (await new Client(server).get(path)).expect(302, 303);
		assert.equal(answer.location, `/signin?back=${encodeURIComponent(path)}`);
	}
});

test('signing out ends the session, also for a copied cookie', async () => {
	const one = await person(server, 'leaves');
	const copy = new Client(server);
	copy.cookies = new Map(one.cookies);
	assert.ok(await who(copy));
	(await (await one.get('/about')).form('/signout').send()).expect(303);
	assert.ok(!await who(one));
	assert.ok(!await who(copy));
});

test('leaving all other devices: this one stays signed in', async () => {
	const one = await person(server, 'devices');
	const other = await signIn(server, one.name);
	(await (await one.get('/settings/privacy')).form('/settings/sessions').send()).expect(303);
	assert.ok(await who(one));
	assert.ok(!await who(other));
});

test('the look of a device is also chosen in the settings', async () => {
	const one = await person(server, 'looks');
	(await (await one.get('/settings/appearance')).form('/settings/appearance').fill({ theme: 'light' }).send()).expect(303);
	assert.equal((await one.get('/about')).one('html').getAttribute('data-theme'), 'light');
});

test('the session cookie is HttpOnly and SameSite; sessions survive a restart', async () => {
	const one = await person(server, 'stays');
	const page = await new Client(server).get('/signin');
	const answer = await page.form('/signin').fill({ name: one.name, password: PASSWORD }).send();
	const cookie = answer.headers['set-cookie'].find((line) => line.startsWith('session='));
	assert.match(cookie, /HttpOnly/i);
	assert.match(cookie, /SameSite=Lax/i);
	assert.doesNotMatch(cookie, /Secure/i);
	await server.restart();
	assert.ok(await who(one));
	admin = await signIn(server, admin.name);
});

test('a suspended account can read but not write', async () => {
	const one = await person(server, 'resting');
	server.cli(['account', 'suspend', one.name]);
	await server.restart();
	assert.ok(await who(one));
	const answer = await one.call('POST', '/publish', { form: { title: 'Kept', body: 'May I?' } });
	answer.expect(403, 422);
	assert.equal(answer.form('/publish').value('body'), 'May I?', 'what was being written is not lost');
	server.cli(['account', 'restore', one.name]);
});

test('first steps: languages, topics, people, each saved', async () => {
	const { client, answer } = await ask({ name: newName('new') });
	let page = await answer.follow();
	let form = page.form('/welcome');
	assert.deepEqual(form.values('reads'), ['en']);
	page = await (await form.fill({ reads: ['en', 'zh-Hans', 'ja'] }).send()).follow();
	assert.match(page.path, /step=2/);
	form = page.form('/welcome');
	page = await (await form.send()).follow();
	assert.match(page.path, /step=3/);
	assert.equal((await page.form('/welcome').send()).expect(303).location, '/');
	form = (await client.get('/welcome?step=1')).form('/welcome');
	assert.deepEqual(new Set(form.values('reads')), new Set(['en', 'zh-Hans', 'ja']));
});

test('languages of the interface and the theme of a device, without signing in', async () => {
	const client = new Client(server);
	const page = await client.get('/about');
	(await page.form('/language').press('language', 'zh-Hans').send()).expect(303);
	assert.equal((await client.get('/about')).one('html').getAttribute('lang'), 'zh-Hans');
	(await page.form('/appearance').press('theme', 'dark').send()).expect(303);
	assert.equal((await client.get('/about')).one('html').getAttribute('data-theme'), 'dark');
	(await page.form('/appearance').press('theme', 'system').send()).expect(303);
	assert.ok(!(await client.get('/about')).one('html').getAttribute('data-theme'));
});
