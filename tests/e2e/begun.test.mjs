// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a stranger begins is kept sealed at the door and finished behind it, by them alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, urlencoded } from '../lib/client.mjs';
import { comment, newName, person, publish, signIn, PASSWORD } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let ann;
let ben;
before(async () => {
	server = await startServer();
	ann = await person(server, 'ann');
	ben = await person(server, 'ben');
});
after(() => server.close());

const note = async (id, client = new Client(server)) => (await client.get(`/note/${id}`)).expect(200);

// What a stranger sends, followed to the door.
async function toTheDoor(stranger, action, values, page = action.replace(/\/\w+$/, '')) {
	const { type, bytes } = urlencoded(Object.entries(values));
	const answer = await stranger.request('POST', action, { body: bytes, headers: { 'Content-Type': type, Referer: `http://localhost:${server.port}${page}` } });
	return stranger.get(answer.expect(302, 303).location);
}
const enter = (door, one) => door.form('/signin').fill({ name: one.name, password: PASSWORD }).send();
const toast = async (client, at) => (await client.get(at)).one('.toasts .toast').textContent;

test('what a stranger began is finished after signing in, and said: like, follow, comment, answer', async () => {
	const id = await publish(ann, { title: 'Begun' });
	const first = await comment(ben, id, 'Already there');
	const one = await person(server, 'begins');
	const begins = [
		[`/note/${id}/like`, { on: '1' }, `/note/${id}`, `/note/${id}`],
		[`/note/${id}/like`, { on: '1' }, `/?topic=walk&after=1.24`, `/?topic=walk&after=1.24#note-${id}`],
		[`/note/${first}/like`, { on: '1' }, `/note/${id}`, `/note/${id}#comment-${first}`],
		[`/@${ann.name}/follow`, { on: '1' }, `/@${ann.name}`, `/@${ann.name}`],
		[`/note/${id}/comment`, { text: 'Begun & finished\nin two lines', visibility: '', parent: '' }, `/note/${id}`, null],
		[`/note/${id}/comment`, { text: '开始了，也说完了', parent: first }, `/note/${id}`, null],
	];
	const said = new Set();
	for (const [action, values, page, back] of begins) {
		const stranger = new Client(server);
		const door = await toTheDoor(stranger, action, values, page);
		assert.ok(door.one('.door .notice').textContent.trim());
		// A slip on the way loses nothing.
		const again = (await door.form('/signin').fill({ name: one.name, password: 'not that' }).send()).expect(422);
		const done = (await enter(again, one)).expect(303);
		if (back) assert.equal(done.location, back);
		else assert.match(done.location, /#comment-\d+$/);
		said.add(await toast(stranger, done.location));
	}
	assert.equal(said.size, 3);
	const page = await note(id, await signIn(server, one.name));
	assert.equal(page.one(`form[action="/note/${id}/like"] button`).getAttribute('aria-pressed'), 'true');
	assert.equal(page.one(`form[action="/note/${first}/like"] button`).getAttribute('aria-pressed'), 'true');
	assert.equal(page.one(`form[action="/@${ann.name}/follow"] button`).getAttribute('aria-pressed'), 'true');
	assert.match(page.one('.comments').textContent, /Begun & finished/);
	assert.match(page.one(`#comment-${first} .comment-replies`).textContent, /也说完了/);
});

test('what was begun goes through signing up as well', async () => {
	const id = await publish(ann, { title: 'Begun by somebody new' });
	const stranger = new Client(server);
	const door = await toTheDoor(stranger, `/note/${id}/comment`, { text: 'Hello, I am new here' });
	const up = (await stranger.get(door.one('.door-foot a').getAttribute('href'))).expect(200);
	assert.ok(up.one('.door .notice').textContent.trim());
	const made = (await up.form('/signup').fill({ name: newName('fresh'), password: PASSWORD, rules: '1' }).send()).expect(303);
	assert.match(made.location, new RegExp(`^/note/${id}\\?order=new#comment-\\d+$|^/note/${id}[^/]*#comment-\\d+$`), 'back at the note at once');
	assert.equal(await toast(stranger, made.location), 'Welcome! Your comment has been posted.');
	assert.match((await note(id)).one('.comments').textContent, /Hello, I am new here/);
	// The first steps wait where they are in nobody's way, until they are taken or put off.
	const steps = async () => (await stranger.get('/')).all('.begin a[href="/welcome"]').length;
	assert.equal(await steps(), 1);
	const later = await (await stranger.get('/')).form('/welcome').press('later', '1').send();
	assert.equal(later.expect(303).location, '/');
	assert.equal(await steps(), 0);
});

test('whoever signs up from a note comes back to it, from elsewhere to the first steps', async () => {
	const id = await publish(ann, { title: 'Read as a stranger' });
	const join = async (back) => {
		const stranger = new Client(server);
		const up = (await stranger.get(`/signup?back=${encodeURIComponent(back)}`)).expect(200);
		const made = (await up.form('/signup').fill({ name: newName('reads'), password: PASSWORD, rules: '1' }).send()).expect(303);
		return { up, made, stranger };
	};
	const from = await join(`/note/${id}#write`);
	assert.match(from.up.one('.door .notice').textContent, /back at “Read as a stranger”/);
	assert.equal(from.made.location, `/note/${id}#write`);
	assert.match(await toast(from.stranger, from.made.location), /^Welcome!/);
	for (const back of ['/', `/@${ann.name}`, '/topic/tea', '//evil.example/note/1']) {
		assert.match((await join(back)).made.location, /^\/welcome/, back);
	}
	const steps = await join(`/@${ann.name}`);
	let page = await steps.made.follow();
	for (let step = 1; step <= 2; step++) page = await (await page.form('/welcome').send()).follow();
	const end = await page.form('/welcome').send();
	assert.equal(end.expect(303).location, `/@${ann.name}`);
	assert.match(await toast(steps.stranger, end.location), /back where you were/);
});

test('the door says what it is for, in both languages, and names nothing that a stranger may not see', async () => {
	const named = await publish(ann, { title: 'A note with a name' });
	const bare = await publish(ann, { title: '', body: 'Without a name' });
	const hidden = await publish(ann, { title: 'For my eyes', visibility: 'me' });
	const said = await comment(ben, named, 'A word');
	const { display } = { display: ann.name };
	const heading = async (back, language = 'en') => (await new Client(server, { language }).get(`/signin?back=${encodeURIComponent(back)}`)).expect(200).one('h1').textContent;
	for (const [back, en, zh] of [
		[`/note/${named}#write`, 'Sign in to comment on “A note with a name”', '登录后评论“A note with a name”'],
		[`/note/${named}?reply=${said}#write`, 'Sign in to comment on “A note with a name”', '登录后评论“A note with a name”'],
		[`/note/${bare}#write`, `Sign in to comment on ${display}’s note`, `登录后评论 ${display} 的笔记`],
		['/publish', 'Sign in to publish a note', '登录后发布笔记'],
		['/notifications', 'Sign in to see your notifications', '登录后查看通知'],
		[`/note/${named}`, 'Sign in', '登录'],
		[`/note/${hidden}#write`, 'Sign in', '登录'],
		['/note/99#write', 'Sign in', '登录'],
		['/note/x#write', 'Sign in', '登录'],
		['', 'Sign in', '登录'],
	]) {
		assert.equal(await heading(back), en, back);
		assert.equal(await heading(back, 'zh-CN'), zh, back);
	}
	for (const [action, values, en] of [
		[`/note/${named}/like`, { on: '1' }, 'Sign in to like “A note with a name”'],
		[`/note/${said}/like`, { on: '1' }, `Sign in to like ${ben.name}’s comment`],
		[`/@${ann.name}/follow`, { on: '1' }, `Sign in to follow ${display}`],
		[`/note/${named}/comment`, { text: 'Hm' }, 'Sign in to comment on “A note with a name”'],
	]) {
		const door = await toTheDoor(new Client(server), action, values, `/note/${named}`);
		assert.equal(door.one('h1').textContent, en);
		assert.ok(door.one('title').textContent.startsWith(en));
	}
	// Nothing begun, nothing finished: no welcome.
	const one = await person(server, 'plain');
	const plain = new Client(server);
	const done = (await enter(await plain.get(`/signin?back=/note/${named}`), one)).expect(303);
	assert.equal((await plain.get(done.location)).all('.toasts .toast').length, 0);
});

test('where nobody may join by oneself, no page offers it', async () => {
	const admin = await person(server, 'doorkeeper', { role: 'admin' });
	const id = await publish(ann, { title: 'Seen from outside' });
	const mode = async (signup) => (await (await admin.get('/admin')).form('/admin').fill({ signup }).send()).expect(303);
	for (const [signup, en, zh] of [['invite', /by invitation/, /受邀/], ['closed', /new members right now/, /暂不接受新成员/], ['open', null]]) {
		await mode(signup);
		for (const [language, words] of [['en', en], ['zh-CN', zh]]) {
			const stranger = new Client(server, { language });
			const offers = (page) => page.all('a').filter((link) => /^(Join|加入|Create an account|创建账号)$/.test(link.textContent.trim()));
			for (const path of ['/', `/note/${id}`, `/@${ann.name}`, '/signin', '/rules']) {
				const page = (await stranger.get(path)).expect(200);
				assert.equal(offers(page).length > 0, signup === 'open', `${signup} ${path}`);
				assert.ok(page.all('.topbar a[href^="/signin"]').length === 1, path);
			}
			if (!words) continue;
			assert.match((await stranger.get('/')).one('.invite').textContent, words);
			assert.match((await stranger.get('/signin')).one('.door-foot').textContent, words);
			const up = (await stranger.get('/signup')).expect(200);
			if (signup === 'closed') assert.match(up.one('.door h1').textContent, /Sign-up is closed|暂未开放注册/);
			assert.equal(up.all('form[action="/signup"]').length, signup === 'invite' ? 1 : 0);
			assert.ok(up.all('.door a[href^="/signin"]').length === 1);
		}
	}
});

test('nobody finishes for another what they did not begin', async () => {
	const id = await publish(ann, { title: 'Not begun' });
	const one = await person(server, 'careful');
	const likes = async () => (await note(id)).one(`form[action="/note/${id}/like"] .count`).getAttribute('data-count');
	const attacker = new Client(server);
	const door = await toTheDoor(attacker, `/note/${id}/like`, { on: '1' });
	const sealed = door.form('/signin').value('begun');
	// A link with what somebody else began is a plain door.
	const victim = new Client(server);
	const lured = await victim.get(`/signin?begun=${sealed}`);
	assert.equal(lured.all('.door .notice').length, 0);
	assert.ok(!lured.form('/signin').has('begun'));
	(await lured.form('/signin').fill({ name: one.name, password: PASSWORD }).force('begun', sealed).send()).expect(303);
	assert.equal(await likes(), '0');
	// Changed, cut, made up; another site's form; a link that is opened when signed in already.
	for (const bent of [`${sealed.slice(0, -2)}AA`, sealed.slice(4), 'A'.repeat(90), '']) {
		const client = new Client(server);
		client.cookies = new Map(attacker.cookies);
		(await enter(await client.get(`/signin?begun=${bent}`), one)).expect(303);
		assert.equal(await likes(), '0', bent);
	}
	const crossed = new Client(server);
	const { type, bytes } = urlencoded([['on', '1']]);
	(await crossed.request('POST', `/note/${id}/like`, { body: bytes, headers: { 'Content-Type': type, 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' } })).expect(403);
	const signedIn = await signIn(server, one.name);
	for (const [name, value] of attacker.cookies) if (name.endsWith('guest')) signedIn.cookies.set(name, value);
	(await signedIn.get(`/signin?begun=${sealed}&back=/note/${id}`)).expect(302, 303);
	assert.equal(await likes(), '0');
	// Who began it may.
	(await enter(door, one)).expect(303);
	assert.equal(await likes(), '1');
});

test('begun by somebody who may not, or about what has gone: signed in all the same, and told', async () => {
	const id = await publish(ann, { title: 'Soon gone' });
	const one = await person(server, 'late');
	const stranger = new Client(server);
	const door = await toTheDoor(stranger, `/note/${id}/like`, { on: '1' });
	(await (await ann.get(`/note/${id}/delete`)).form(`/note/${id}/delete`).send()).expect(303);
	const done = (await enter(door, one)).expect(303);
	assert.match(await toast(stranger, '/'), /couldn’t/);
	assert.equal(done.location, `/note/${id}`);
});

test('a comment that cannot be posted behind the door comes back to its field, for whom it is', async () => {
	const id = await publish(ann, { title: 'Answered too late' });
	const first = await comment(ben, id, 'Soon gone');
	const one = await person(server, 'slow');
	const stranger = new Client(server);
	const text = 'Kept & carried\r\nin two lines';
	const door = await toTheDoor(stranger, `/note/${id}/comment`, { text, parent: first, visibility: 'me' });
	(await (await ben.get(`/note/${first}/delete`)).form(`/note/${first}/delete`).send()).expect(303);
	const done = (await enter(door, one)).expect(303);
	assert.match(done.location, new RegExp(`^/note/${id}\\?reply=${first}&begun=[\\w-]+#write$`));
	const page = (await stranger.get(done.location)).expect(200);
	assert.match(page.one('.toasts .toast').textContent, /couldn’t be finished/);
	const form = page.form(`/note/${id}/comment`);
	assert.equal(form.value('text').replace('\r', ''), 'Kept & carried\nin two lines');
	assert.equal(form.value('visibility'), 'me', 'and for no more than it was meant for');
	// Not under another note, and not for another browser.
	const other = await publish(ann, { title: 'Another' });
	const query = done.location.slice(done.location.indexOf('begun='), -'#write'.length);
	assert.equal((await stranger.get(`/note/${other}?${query}`)).form(`/note/${other}/comment`).value('text'), '');
	assert.equal((await ben.get(`/note/${id}?${query}`)).form(`/note/${id}/comment`).value('text'), '');
	assert.ok(!(await new Client(server).get(`/note/${id}?${query}`)).text.includes('carried'));
});

test('who waits for approval is shown what they wrote; a seal that does not open is said, not passed over', async () => {
	const admin = await person(server, 'host', { role: 'admin' });
	await (await admin.get('/admin')).form('/admin').fill({ signup: 'approval' }).send();
	const id = await publish(ann, { title: 'Before approval' });
	const stranger = new Client(server);
	const door = await toTheDoor(stranger, `/note/${id}/comment`, { text: 'Not approved yet' });
	const up = await stranger.get(door.one('.door-foot a').getAttribute('href'));
	const made = (await up.form('/signup').fill({ name: newName('waits'), password: PASSWORD, why: 'To talk', rules: '1' }).send()).expect(303);
	assert.match(await toast(stranger, made.location), /can’t do this yet/);
	const back = new URLSearchParams(made.location.split('?')[1]).get('back');
	assert.match((await stranger.get(back)).one('.note-bar textarea[readonly]').textContent, /Not approved yet/);
	await (await admin.get('/admin')).form('/admin').fill({ signup: 'open' }).send();

	const one = await person(server, 'broken');
	const bent = await toTheDoor(new Client(server), `/note/${id}/comment`, { text: 'Bent' });
	const form = bent.form('/signin').fill({ name: one.name, password: PASSWORD });
	(await form.fill({ begun: `${form.value('begun').slice(0, -2)}AA` }).send()).expect(303);
	assert.match(await toast(bent.client, '/'), /try again/);
});
