// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reports and decisions, the host's settings and pages, operations.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { comment, person, publish } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { idle, startServer, until } from '../lib/server.mjs';

let server;
let admin;
let moderator;
let reader;
let stranger;
before(async () => {
	server = await startServer();
	admin = await person(server, 'admin', { role: 'admin' });
	moderator = await person(server, 'mod', { role: 'moderator' });
	reader = await person(server, 'reader');
	stranger = new Client(server);
});
after(() => server.close());

async function report(client, what, details, reason) {
	const page = (await client.get(`/report?${what}`)).expect(200);
	const form = page.form('/report');
	form.fill({ reason: reason ?? form.choices('reason')[0], details });
	return (await form.send()).expect(303);
}

async function open(client, pattern) {
	const page = (await client.get('/moderation')).expect(200);
	const item = page.all('li.report').find((one) => pattern.test(one.textContent));
	assert.ok(item, `no open report ${pattern}: ${page.main}`);
	return item.querySelector('a[href*="/moderation/report/"]').getAttribute('href');
}

async function decide(client, path, action, reason) {
	const page = (await client.get(path)).expect(200);
	return page.form(path).fill({ action, reason }).send();
}

async function told(client, pattern) {
	return until(async () => pattern.test((await client.get('/notifications')).expect(200).main), `told ${pattern}`);
}

test('report → removed → the author is told why; the report is closed', async () => {
	const author = await person(server, 'seller');
	const id = await publish(author, { title: 'Cheap watches', body: 'Buy now' });
	await report(reader, `note=${id}`, 'It is <b>advertising</b>');
	const path = await open(moderator, /advertising/);
	const empty = await decide(moderator, path, 'remove', '');
	empty.expect(422);
	(await stranger.get(`/note/${id}`)).expect(200);
	(await decide(moderator, path, 'remove', 'Advertising is not for this place.')).expect(303);
	(await stranger.get(`/note/${id}`)).expect(404, 410);
	await told(author, /Advertising is not for this place\./);
	assert.ok(!(await moderator.get('/moderation')).main.includes('Cheap watches'));
	assert.ok((await moderator.get(path)).expect(200).main.includes('Advertising is not for this place.'));
});

test('a comment reported and removed; the note stays', async () => {
	const author = await person(server, 'talker');
	const id = await publish(admin, { title: 'Stays' });
	const said = await comment(author, id, 'Something unkind');
	await report(reader, `note=${said}`, 'unkind words');
	(await decide(moderator, await open(moderator, /unkind words/), 'remove', 'Be kind.')).expect(303);
	const page = (await stranger.get(`/note/${id}`)).expect(200);
	assert.equal(page.all(`#comment-${said}`).length, 0);
	await told(author, /Be kind\./);
});

test('an account reported: warned, suspended, restored', async () => {
	const author = await person(server, 'rude');
	const id = await publish(author, { title: 'Rude words' });
	await report(reader, `account=${author.name}`, 'rude to all');
	(await decide(moderator, await open(moderator, /rude to all/), 'warn', 'This is a warning.')).expect(303);
	await told(author, /This is a warning\./);
	(await (await author.get('/publish')).form('/publish').fill({ body: 'Still allowed' }).send()).expect(303);
	await report(admin, `account=${author.name}`, 'rude again');
	(await decide(moderator, await open(moderator, /rude again/), 'suspend', 'Enough for now.')).expect(303);
	await told(author, /Enough for now\./);
	(await author.call('POST', '/publish', { form: { body: 'No more' } })).expect(403, 422);
	const refused = await author.call('POST', `/note/${id}/comment`, { form: { text: 'May I?', parent: '' } });
	assert.ok(refused.status >= 400);
});

test('an account is looked up, warned without a report, suspended and restored; each decision has a page', async () => {
	const author = await person(server, 'lookup');
	const found = (await moderator.get(`/moderation/accounts?name=${author.name.slice(0, -1)}`)).expect(200);
	const path = found.all('a[href^="/moderation/account/"]').map((one) => one.getAttribute('href')).find((one) => one.endsWith(author.name));
	for (const [action, reason] of [['warn', 'Please mind your words.'], ['suspend', 'Enough, for a while.'], ['restore', 'Welcome back.']]) {
		(await decide(moderator, path, action, reason)).expect(303);
		await told(author, new RegExp(reason));
		if (action === 'suspend') assert.ok((await moderator.get('/moderation/accounts')).main.includes(`@${author.name}`));
	}
	(await (await author.get('/publish')).form('/publish').fill({ body: 'Back again' }).send()).expect(303);
	const decision = (await author.get('/notifications')).one('a[href^="/decision/"]').getAttribute('href');
	assert.match((await author.get(decision)).expect(200).main, /Welcome back\.|Enough, for a while\.|Please mind your words\./);
	assert.match((await moderator.get(decision)).expect(200).main, new RegExp(author.name));
	(await reader.get(decision)).expect(404);
	(await stranger.get(decision)).expect(302, 303);
	(await reader.get(path)).expect(403, 404);
});

// A profile with everything on it, and the addresses of its pictures.
async function furnished(stem, display, bio) {
	const owner = await person(server, stem);
	const page = (await owner.get('/settings/profile')).expect(200);
	(await page.form('/settings/profile').fill({ display, bio, avatar: picture(300, 300), cover: picture(900, 300) }).send()).expect(303);
	const profile = await until(async () => {
		const now = await stranger.get(`/@${owner.name}`);
		return now.all('.profile img.avatar').length && now.all('.profile-cover img').length && now;
	}, 'both pictures');
	return { owner, avatar: profile.one('.profile img.avatar').getAttribute('src'), cover: profile.one('.profile-cover img').getAttribute('src') };
}

test('while somebody is suspended nobody is shown what they made of their profile', async () => {
	const { owner, avatar, cover } = await furnished('shown', 'Loud Name', 'Loud words about myself');
	const path = `/moderation/account/${owner.name}`;
	const id = await publish(reader, { title: 'Under this note' });
	await comment(owner, id, 'A first word');
	(await decide(moderator, path, 'suspend', 'Enough for now.')).expect(303);
	for (const who of [stranger, reader]) {
		const page = (await who.get(`/@${owner.name}`)).expect(200);
		assert.ok(!/Loud/.test(page.text), 'neither name nor bio, nor in the head of the page');
		assert.ok(!page.text.includes('/media/'));
		assert.equal(page.all('form[action$="/follow"]').length, 0);
		for (const address of [avatar, cover]) (await who.get(address)).expect(404);
		(await who.get(`/@${owner.name}/likes`)).expect(404);
		assert.ok(!/Loud/.test((await who.get(`/note/${id}`)).text));
	}
	for (const who of [owner, moderator]) {
		assert.match((await who.get(`/@${owner.name}`)).expect(200).main, /Loud Name[^]*Loud words/);
		for (const address of [avatar, cover]) assert.match((await who.get(address)).expect(200).headers['cache-control'], /no-store/);
	}
	(await decide(moderator, path, 'restore', 'Welcome back.')).expect(303);
	assert.match((await stranger.get(`/@${owner.name}`)).expect(200).main, /Loud Name[^]*Loud words/);
	for (const address of [avatar, cover]) assert.match((await stranger.get(address)).expect(200).headers['cache-control'], /immutable/);
});

test('picture, cover, name and bio are removed one by one, each with its reason', async () => {
	const { owner, avatar, cover } = await furnished('rude', 'Rude Name', 'Rude words');
	const path = `/moderation/account/${owner.name}`;
	const offered = async () => (await moderator.get(path)).form(path).choices('action').filter((one) => one.startsWith('clear-')).sort();
	assert.deepEqual(await offered(), ['clear-bio', 'clear-cover', 'clear-name', 'clear-picture']);
	(await decide(moderator, path, 'clear-bio', '')).expect(422);
	const removed = { 'clear-picture': avatar, 'clear-cover': cover, 'clear-name': /Rude Name/, 'clear-bio': /Rude words/ };
	for (const [action, what] of Object.entries(removed)) {
		if (typeof what === 'string') (await stranger.get(what)).expect(200);
		(await decide(moderator, path, action, `Not here: ${action}.`)).expect(303);
		// At once, whatever the runners are busy with.
		if (typeof what === 'string') for (const who of [stranger, owner, moderator]) (await who.get(what)).expect(404);
		else assert.ok(!what.test((await stranger.get(`/@${owner.name}`)).text), action);
		await told(owner, new RegExp(`Not here: ${action}`));
	}
	assert.deepEqual(await offered(), []);
	assert.match((await stranger.get(`/@${owner.name}`)).one('#profile-name').textContent, new RegExp(owner.name));
	// The same twice, or after the person was faster: said, and no decision about nothing.
	const again = await moderator.call('POST', path, { form: { action: 'clear-bio', reason: 'Once more.' } });
	again.expect(409, 422);
	// They may fill it anew.
	const page = (await owner.get('/settings/profile')).expect(200);
	(await page.form('/settings/profile').fill({ display: 'Polite Name', bio: 'Polite words' }).send()).expect(303);
	assert.match((await stranger.get(`/@${owner.name}`)).main, /Polite Name[^]*Polite words/);
	// From a report of the account as well, and never about a note.
	await report(reader, `account=${owner.name}`, 'The name, once more');
	const about = await open(moderator, /The name, once more/);
	(await decide(moderator, about, 'clear-name', 'Not this one either.')).expect(303);
	assert.ok(!/Polite Name/.test((await stranger.get(`/@${owner.name}`)).text));
	const id = await publish(owner, { title: 'Only words' });
	await report(reader, `note=${id}`, 'About the note alone');
	const note = await open(moderator, /About the note alone/);
	assert.deepEqual((await moderator.get(note)).form(note).choices('action').filter((one) => one.startsWith('clear-')), []);
	(await moderator.call('POST', note, { form: { action: 'clear-name', reason: 'Through the back door.' } })).expect(422);
});

test('an invitation is made on the page, for so many people and so long', async () => {
	const page = (await admin.get('/admin')).expect(200);
	(await page.form('/admin/invite').fill({ uses: '0', days: '3' }).send()).expect(422);
	const made = (await page.form('/admin/invite').fill({ uses: '2', days: '3' }).send()).expect(303);
	const link = (await admin.get(made.location)).expect(200).one('.invitation-link').textContent.trim();
	assert.match(link, /\/join\/[\w-]+$/);
	const door = async (signup) => (await (await admin.get('/admin')).form('/admin').fill({ signup }).send()).expect(303);
	await door('invite');
	const form = (await stranger.get(link.replace(/^https?:\/\/[^/]+/, ''))).expect(200).form('/signup');
	assert.ok(link.endsWith(form.value('invite')));
	await door('open');
});

test('dismissed: nothing happens to anybody', async () => {
	const author = await person(server, 'harmless');
	const id = await publish(author, { title: 'A harmless note' });
	await report(reader, `note=${id}`, 'I disagree');
	(await decide(moderator, await open(moderator, /I disagree/), 'dismiss', '')).expect(303);
	(await stranger.get(`/note/${id}`)).expect(200);
	await until(() => idle(server), 'all jobs done');
	assert.equal((await author.get('/notifications')).all('.notif').length, 0);
});

test('a report twice by the same person is one; without a reason it comes back', async () => {
	const author = await person(server, 'twice');
	const id = await publish(author, { title: 'Reported twice' });
	const page = (await reader.get(`/report?note=${id}`)).expect(200);
	const answer = await page.form('/report').fill({ details: 'kept text' }).send();
	answer.expect(422);
	assert.equal(answer.form('/report').value('details'), 'kept text');
	const twice = (await reader.get(`/report?note=${id}`)).form('/report').fill({ reason: 'other', details: 'the same thing' });
	(await twice.send()).expect(303);
	(await twice.send()).expect(303);
	assert.equal((await reader.get(`/report?note=${id}`)).expect(200).all('.notice-good').length, 1);
	assert.equal((await moderator.get('/moderation')).all('li.report').filter((one) => /the same thing/.test(one.textContent)).length, 1);
	(await reader.get('/report?note=1')).expect(404);
	(await reader.get('/report?account=nobody_of_this_name')).expect(404);
	(await reader.get('/report')).expect(404);
	(await stranger.get(`/report?note=${id}`)).expect(302, 303);
});

test('who may: members nothing of it, moderators no settings and no admins', async () => {
	for (const path of ['/moderation', '/admin', '/moderation/report/1', '/moderation/signups']) {
		(await reader.get(path)).expect(403, 404);
		(await stranger.get(path)).expect(302, 303);
	}
	(await moderator.get('/admin')).expect(403);
	await report(reader, `account=${admin.name}`, 'the admin annoys');
	(await decide(moderator, await open(moderator, /the admin annoys/), 'suspend', 'No.')).expect(403, 422);
	(await (await admin.get('/publish')).form('/publish').fill({ body: 'Still here' }).send()).expect(303);
});

test('a host who has not said how to be reached: nobody is sent there for nothing, and the host is told', async () => {
	const author = await person(server, 'appeals');
	(await decide(moderator, `/moderation/account/${author.name}`, 'warn', 'Please mind your words.')).expect(303);
	const decision = (await author.get('/notifications')).one('a[href^="/decision/"]').getAttribute('href');
	assert.match((await stranger.get('/contact')).expect(200).main, /hasn’t said yet[\s\S]*“Report”/);
	assert.match((await new Client(server, { language: 'zh-CN' }).get('/contact')).main, /还没有填写联系方式.*“举报”/);
	for (const who of [stranger, reader, moderator]) assert.equal((await who.get('/contact')).all('main a[href^="/admin"]').length, 0);
	assert.equal((await author.get(decision)).all('main a[href="/contact"]').length, 0);
	assert.doesNotMatch((await stranger.get('/source')).main, /contact page/);
	const admins = (await admin.get('/contact')).one('main .notice');
	assert.match(admins.textContent, /Nobody can reach you yet/);
	(await admin.get(admins.querySelector('a').getAttribute('href').split('#')[0])).one('#contact');
	await (await admin.get('/admin')).form('/admin').fill({ contact: 'host@example.org' }).send();
	assert.equal((await author.get(decision)).all('main a[href="/contact"]').length, 1);
	await (await admin.get('/admin')).form('/admin').fill({ contact: '' }).send();
});

test('the host’s settings: name, sentence, rules, contact; faults keep what was typed', async () => {
	const settings = async (values) => (await admin.get('/admin')).expect(200).form('/admin').fill(values).send();
	(await settings({ name: 'Riverside & friends', summary: 'Neighbours <here>.', text_rules: '1. Be kind\n2. 不要打扰', contact: 'host@example.org' })).expect(303);
	assert.match((await stranger.get('/')).one('title').textContent, /Riverside & friends/);
	assert.equal((await admin.get('/contact')).all('a[href="/admin#contact"]').length, 0);
	assert.match((await stranger.get('/rules')).expect(200).main, /1\. Be kind\s*2\. 不要打扰/);
	assert.match((await stranger.get('/contact')).expect(200).main, /host@example\.org/);
	const answer = await settings({ name: '', summary: 'kept' });
	answer.expect(422);
	assert.equal(answer.form('/admin').value('summary'), 'kept');
	await server.restart();
	assert.match((await stranger.get('/about')).one('title').textContent, /Riverside & friends/);
});

test('about, rules, privacy, contact, source in both languages', async () => {
	for (const language of ['en', 'zh-CN']) {
		const client = new Client(server, { language });
		for (const path of ['/about', '/rules', '/privacy', '/contact', '/source']) {
			assert.ok((await client.get(path)).expect(200).main.length > 20, path);
		}
	}
	assert.ok((await stranger.get('/')).all('.foot a[href="/source"], a[href="/source"]').length >= 1);
	(await stranger.get('/styleguide')).expect(200);
});

test('healthz and metrics', async () => {
	assert.equal((await stranger.get('/healthz')).expect(200).text, 'ok\n');
	const text = (await stranger.get('/metrics')).expect(200).text;
	assert.match(text, /^http_request/m);
	assert.match(text, /^process_resident_memory_bytes \d+/m);
	assert.match(text, /^database_up 1$/m);
	assert.match(text, /^jobs_waiting/m);
	assert.match(text, /^changes_delay_seconds \d+\.\d+$/m);
	assert.ok(Number(/^changes_unheard_seconds (\S+)$/m.exec(text)[1]) < 5);
});

test('commands: account list, roles, jobs, config, words, routes, doctor', async () => {
	const list = server.cli(['account', 'list']);
	assert.match(list, new RegExp(`@${admin.name}\\s+admin`));
	assert.match(server.cli(['config']), /listen\s+=/);
	assert.match(server.cli(['words']), /en: (\d+) of \1 words/);
	assert.match(server.cli(['routes']), /GET\s+\/healthz/);
	assert.equal(server.command(['account', 'role', 'nobody_of_this_name', 'admin']).status, 1);
	assert.equal(server.command(['nonsense']).status, 2);
	assert.equal(server.command(['account', 'create', admin.name]).status, 1);
	assert.equal(server.command(['config', '--listeners', 'many']).status, 2);
	assert.match(server.command(['--help']).stdout, /Commands:/);
});
