// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A place of one's own: its first step, its name and mark, its invitations, and who is told what: the host of those who
// ask to join, whoever reported of what came of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { mediaOf, newName, PASSWORD, person, publish } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { startServer, until } from '../lib/server.mjs';

let server;
let admin;
let moderator;
let stranger;
before(async () => {
	server = await startServer();
	admin = await person(server, 'host', { role: 'admin' });
	moderator = await person(server, 'mod', { role: 'moderator' });
	stranger = new Client(server);
});
after(() => server.close());

async function mode(signup) {
	(await (await admin.get('/admin')).form('/admin').fill({ signup }).send()).expect(303);
}

async function invite(uses = 2, days = 3) {
	const before = new Set((await links()).map((one) => one.link));
	(await (await admin.get('/admin')).form('/admin/invite').fill({ uses, days }).send()).expect(303);
	return (await links()).find((one) => !before.has(one.link)).link;
}

async function links() {
	return (await admin.get('/admin')).all('.invitation').map((one) => ({
		link: one.querySelector('.invitation-link').textContent.trim(), text: one.textContent.replace(/\s+/g, ' '), id: one.querySelector('input[name=invite]').getAttribute('value'),
	}));
}

async function join(path, values = {}) {
	const client = new Client(server);
	const page = (await client.get(path)).expect(200);
	const name = newName('joined');
	return { client, page, name, answer: await page.form('/signup').fill({ name, password: PASSWORD, rules: true, ...values }).send() };
}

const revoke = (id) => admin.call('POST', '/admin/invite/revoke', { form: { invite: id } });
const inside = (link) => new URL(link).pathname;
const publishes = async (client) => (await client.get('/publish')).form('/publish')?.element.querySelector('[name=body]') !== undefined;

test('an empty place says the first step, by whoever looks', async () => {
	const empty = await startServer();
	try {
		assert.match(empty.said, /qiao account create NAME --role admin/);
		const first = (await new Client(empty).get('/')).expect(200);
		assert.match(first.main, /qiao account create NAME --role admin/);
		assert.ok(first.one('main a[href="/signin"]'));
		const host = await person(empty, 'host', { role: 'admin' });
		const visitor = (await new Client(empty).get('/')).expect(200);
		assert.ok(!visitor.main.includes('qiao account'), 'only until there is an account');
		assert.ok(visitor.one('main .empty a[href="/signup"]'));
		const own = (await host.get('/')).expect(200);
		for (const way of ['/publish', '/admin', '/admin#invite']) assert.ok(own.one(`main .empty a[href="${way}"]`), way);
		const member = (await (await person(empty, 'member')).get('/')).expect(200);
		assert.ok(member.one('main .empty a[href="/publish"]') && !member.all('main .empty a[href="/admin"]').length);
		const id = await publish(host, { title: 'The first' });
		await until(async () => (await new Client(empty).get('/')).all(`#note-${id}`).length, 'the first note for strangers');
	} finally {
		await empty.close();
	}
});

test('the server says its public address, and links begin with it', async () => {
	const known = await startServer({ url: 'https://club.example' });
	try {
		assert.match(known.said, /Serving on http:\/\/localhost:\d+ as https:\/\/club\.example/);
	} finally {
		await known.close();
	}
	assert.ok(!/ as /.test(server.said.split('\n')[0]));
});

test('invitations: made as links, listed, used, revoked', async () => {
	await mode('invite');
	const link = await invite(2, 3);
	assert.match(link, new RegExp(`^${server.origin}/join/[\\w-]+$`));
	assert.match((await links())[0].text, /2 uses left · until .+ · by host/);
	const first = await join(inside(link));
	assert.match(first.page.main, /You’ve been invited/);
	assert.equal(first.page.all('#invite').length, 0, 'no code to be typed');
	first.answer.expect(303);
	assert.match((await links())[0].text, /1 use left/);
	// A form that fails keeps the invitation.
	const failing = await join(inside(link), { password: 'short' });
	failing.answer.expect(422);
	(await failing.answer.form('/signup').fill({ name: failing.name, password: PASSWORD, rules: true }).send()).expect(303);
	assert.equal((await links()).find((one) => one.link === link), undefined, 'used up: no longer listed');
	const late = (await stranger.get(inside(link))).expect(200);
	assert.match(late.one('#invite-error').textContent, /expired or has been used up/);
	const other = await invite(5, 1);
	const page = await (await new Client(server).get(inside(other)));
	(await revoke((await links()).find((one) => one.link === other).id)).expect(303);
	assert.equal((await links()).find((one) => one.link === other), undefined);
	(await page.form('/signup').fill({ name: newName('late'), password: PASSWORD, rules: true }).send()).expect(422);
	(await revoke('12345')).expect(303);
	(await revoke('x')).expect(400);
	assert.equal(late.document.querySelector('meta[name=robots]')?.getAttribute('content'), 'noindex');
});

test('an invitation in every mode of sign-up', async () => {
	await mode('approval');
	const link = await invite(5);
	const asked = (await new Client(server).get(inside(link))).expect(200);
	assert.match(asked.one('title').textContent, /Join with an invitation/);
	assert.equal(asked.one('.topbar-end .btn-primary').getAttribute('href'), inside(link), 'no way to join loses it');
	const invited = await join(inside(link));
	invited.answer.expect(303);
	assert.ok(!/waiting for approval/i.test((await invited.client.get('/welcome')).main), 'vouched for');
	const wrong = (await new Client(server).get('/join/nonsense')).expect(200);
	assert.match(wrong.main, /invitation doesn’t exist/);
	assert.ok(wrong.one('#why'), 'may still ask');
	const forged = await join('/signup', { why: 'I like it' });
	forged.answer.expect(303);
	await mode('open');
	(await join(inside(link))).answer.expect(303);
	assert.match((await links()).find((one) => one.link === link).text, /4 uses left/, 'where everybody may come in, none is spent');
	await mode('closed');
	assert.equal((await new Client(server).get(inside(link))).all('form[action="/signup"]').length, 0);
	await mode('open');
	assert.equal((await admin.get(inside(link))).expect(302, 303).location, '/');
});

test('only the host invites', async () => {
	const member = await person(server, 'member');
	for (const who of [member, moderator]) {
		(await who.get('/admin')).expect(403, 404);
		(await who.call('POST', '/admin/invite', { form: { uses: 1, days: 1 } })).expect(403, 404);
		(await who.call('POST', '/admin/invite/revoke', { form: { invite: '1' } })).expect(403, 404);
		(await who.call('POST', '/admin/mark', { form: { remove: 1 } })).expect(403, 404);
	}
});

test('the mark and the name stand in the header, on sign-up and in the tab', async () => {
	await (await admin.get('/admin')).form('/admin').fill({ name: 'Lakeside <b>' }).send();
	const sent = (await (await admin.get('/admin')).form('/admin/mark').fill({ mark: picture(300, 200) }).send()).expect(303);
	assert.equal(sent.location, '/admin');
	for (const client of [admin, stranger, new Client(server, { language: 'zh-Hans' })]) {
		const path = client === admin ? '/' : '/signup';
		const page = (await client.get(path)).expect(200);
		assert.equal(page.document.querySelector('.topbar .brand-name').textContent, 'Lakeside <b>');
		const marks = [...page.document.querySelectorAll('.topbar img.brand-mark, .door-head img.brand-mark')].map((one) => one.getAttribute('src'));
		assert.equal(marks.length, path === '/signup' ? 2 : 1);
		assert.match(page.document.querySelector('link[rel=icon]').getAttribute('href'), /\/media\/[\w-]+\/mark-96\.webp/);
		const answer = (await new Client(server).get(marks[0])).expect(200);
		assert.equal(answer.headers['content-type'], 'image/webp');
	}
	const before = mediaOf(await stranger.get('/signup'));
	for (const broken of [Buffer.from('no picture at all'), Buffer.from('<svg/>')]) {
		const answer = await (await admin.get('/admin')).form('/admin/mark').fill({ mark: { file: 'mark.png', type: 'image/png', bytes: broken } }).send();
		answer.expect(422);
		assert.ok(answer.one('#mark-error').textContent.trim().length > 5);
	}
	assert.deepEqual(mediaOf(await stranger.get('/signup')), before, 'what failed changes nothing');
	(await (await admin.get('/admin')).form('/admin/mark').send()).expect(422);
	// Saving the other settings keeps it.
	await (await admin.get('/admin')).form('/admin').fill({ summary: 'By the lake' }).send();
	assert.deepEqual(mediaOf(await stranger.get('/signup')), before);
	// It is the community's, not its sender's.
	const second = await person(server, 'second', { role: 'admin' });
	(await (await second.get('/admin')).form('/admin/mark').fill({ mark: picture(120, 120) }).send()).expect(303);
	server.cli(['account', 'suspend', second.name]);
	const [theirs] = mediaOf(await stranger.get('/signup'));
	assert.ok(!before.includes(theirs));
	(await new Client(server).get(theirs)).expect(200);
	(await admin.call('POST', '/admin/mark', { form: { remove: 1 } })).expect(303);
	assert.equal((await stranger.get('/signup')).document.querySelectorAll('img.brand-mark').length, 0);
	await (await admin.get('/admin')).form('/admin').fill({ name: 'Qiao', summary: '' }).send();
	assert.equal((await stranger.get('/signup')).document.querySelectorAll('.brand-name').length, 0);
});

test('who decides is told of those who wait, in one line, with a number to go by', async () => {
	const waiting = async (client) => Number((await client.get('/about')).document.querySelector('.topbar .unread')?.textContent ?? 0);
	const lines = async (client) => (await client.get('/notifications')).all('.notif').map((one) => one.textContent.replace(/\s+/g, ' ')).filter((one) => /to join/.test(one));
	for (const signups of (await admin.get('/moderation/signups')).all('input[name=account]').map((one) => one.getAttribute('value'))) {
		(await admin.call('POST', '/moderation/signups', { form: { account: signups, decision: 'refuse' } })).expect(303);
	}
	await mode('approval');
	const before = await waiting(admin);
	const one = await join('/signup', { why: 'I bake' });
	one.answer.expect(303);
	await until(async () => (await lines(admin)).some((line) => /1 person is waiting to join/.test(line)), 'the admin is told');
	(await join('/signup', { why: 'I bake, too' })).answer.expect(303);
	for (const client of [admin, moderator]) {
		await until(async () => (await lines(client)).some((line) => /2 people are waiting to join/.test(line)), 'told again');
		assert.equal((await lines(client)).length, 1, 'one line for all');
	}
	assert.equal(await waiting(admin), before + 2);
	const page = await admin.get('/moderation/signups');
	assert.match(page.one('nav a[href="/moderation/signups"] .badge').textContent.trim(), /^2$/);
	for (const id of page.all('input[name=account]').map((input) => input.getAttribute('value'))) {
		(await admin.call('POST', '/moderation/signups', { form: { account: id, decision: 'approve' } })).expect(303);
	}
	assert.equal(await waiting(admin), before);
	assert.deepEqual(await lines(admin), [], 'nobody waits any more');
	await mode('open');
	assert.ok(await publishes(one.client));
});

const OUTCOMES = [['dismiss', '', /found nothing against the rules/], ['warn', 'PRIVATE one', /gave a warning/], ['remove', 'PRIVATE two', /and removed this/], ['suspend', 'PRIVATE three', /suspended the account/],
	['clear-name', 'PRIVATE four', /removed part of the profile/], ['clear-bio', 'PRIVATE five', /removed part of the profile/]];
for (const [action, reason, words] of OUTCOMES) {
	test(`reporters are told what came of it: ${action}`, async () => {
		const author = await person(server, 'author');
		(await (await author.get('/settings/profile')).form('/settings/profile').fill({ display: `Not nice: ${action}`, bio: 'Nor this' }).send()).expect(303);
		const reporters = [await person(server, 'reporter'), await person(server, 'reporter', { language: 'zh-Hans' })];
		const id = await publish(author, { title: `About ${action}`, body: 'Body' });
		const where = action.startsWith('clear') ? `/report?account=${author.name}` : `/report?note=${id}`;
		for (const reporter of [...reporters, moderator]) {
			const form = (await reporter.get(where)).form('/report');
			(await form.fill({ reason: form.choices('reason')[0], details: 'look' }).send()).expect(303);
		}
		const item = (await moderator.get('/moderation')).all('li.report').find((one) => one.textContent.includes(where.includes('note') ? `About ${action}` : `Not nice: ${action}`));
		const path = item.querySelector('a[href*="/moderation/report/"]').getAttribute('href');
		(await (await moderator.get(path)).form(path).fill({ action, reason }).send()).expect(303);
		const told = await until(async () => {
			const page = await reporters[0].get('/notifications');
			return words.test(page.main) && page;
		}, 'the reporter is told');
		assert.ok(!told.text.includes('PRIVATE') && !told.text.includes(moderator.name), 'neither the reason nor the moderator');
		if (where.includes('note')) assert.match(told.main, new RegExp(`About ${action}`));
		assert.equal(told.all('a[href^="/decision/"]').length, 0);
		await until(async () => /你的举报/.test((await reporters[1].get('/notifications')).main), 'in the language of each');
		if (where.includes('note') && action !== 'remove' && action !== 'suspend') assert.match((await reporters[0].get(where)).main, words);
		assert.ok(!words.test((await author.get('/notifications')).main), 'the author hears nothing of reports');
		assert.ok(!words.test((await moderator.get('/notifications')).main), 'who decided knows');
	});
}
