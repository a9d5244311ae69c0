// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Comments, likes, follows, and the notifications they make; profiles and settings.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { comment, follow, like, person, publish, signIn, PASSWORD } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { idle, startServer, until } from '../lib/server.mjs';

let server;
let ann;
let ben;
let cem;
let stranger;
before(async () => {
	server = await startServer();
	ann = await person(server, 'ann');
	ben = await person(server, 'ben');
	cem = await person(server, 'cem');
	stranger = new Client(server);
});
after(() => server.close());

const note = async (id, client = stranger, more = '') => (await client.get(`/note/${id}${more}`)).expect(200);
const number = (text) => Number(/\d+/.exec(text)?.[0] ?? NaN);

async function notified(client, pattern) {
	return until(async () => {
		const page = (await client.get('/notifications')).expect(200);
		return page.all('.notif').find((one) => pattern.test(one.textContent));
	}, `a notification ${pattern}`);
}

test('likes: once a person, taken back, counted, shown to the liker', async () => {
	const id = await publish(ann, { title: 'Likeable' });
	const count = async () => number((await note(id)).one(`form[action="/note/${id}/like"] .count`).getAttribute('data-count'));
	await like(ben, id);
	await like(ben, id);
	await like(cem, id);
	assert.equal(await count(), 2);
	assert.equal((await note(id, ben)).one(`form[action="/note/${id}/like"] button`).getAttribute('aria-pressed'), 'true');
	assert.equal((await note(id, ann)).one(`form[action="/note/${id}/like"] button`).getAttribute('aria-pressed'), 'false');
	await like(ben, id, '0');
	await like(ben, id, '0');
	assert.equal(await count(), 1);
	const scripted = await ben.call('POST', `/note/${id}/like`, { form: { on: '1' } });
	assert.ok(scripted.status >= 200 && scripted.status < 300, String(scripted.status));
	assert.equal(await count(), 2);
	await notified(ann, new RegExp(`${ben.name}|liked`));
});

test('an address without a name leads to a profile', async () => {
	const page = (await stranger.get(`/@${ann.name}`)).expect(200);
	const address = page.one('link[rel=shortlink]').getAttribute('href');
	assert.match(address, /^\/account\/\d+$/);
	assert.equal((await stranger.get(address)).expect(302).location, `/@${ann.name}`);
	(await stranger.get('/account/1')).expect(404);
	(await stranger.get('/account/nobody')).expect(404);
});

test('notifications: unread ones are counted until they are read', async () => {
	const eve = await person(server, 'eve');
	const unread = async () => Number((await eve.get('/about')).document.querySelector('.nav .unread')?.textContent ?? 0);
	const id = await publish(eve);
	await like(ben, id);
	await follow(cem, eve.name);
	await until(async () => await unread() === 2, 'two unread');
	const page = (await eve.get('/notifications')).expect(200);
	assert.equal(page.all('.notif').length, 2);
	(await page.form('/notifications/read').send()).expect(303);
	assert.equal(await unread(), 0);
	assert.equal((await eve.get('/notifications')).all('.notif').length, 2);
});

test('a stranger who likes is led to the door', async () => {
	const id = await publish(ann);
	const form = (await note(id)).form(`/note/${id}/like`);
	assert.match((await form.press('on', '1').send()).expect(302, 303).location, /^\/signin/);
});

test('comments: two levels, the author’s mark, orders, deleting by either', async () => {
	const id = await publish(ann, { title: 'Talk to me' });
	const first = await comment(ben, id, 'First & <b>foremost</b>');
	const answer = await comment(ann, id, 'Thanks!', { parent: first });
	const again = await comment(cem, id, 'An answer to the answer', { parent: answer });
	const second = await comment(cem, id, 'Second');
	for (const fan of [ben, ann]) (await fan.call('POST', `/note/${second}/like`, { form: { on: '1' } })).expect(200);
	let page = await note(id, stranger, '?order=new');
	assert.deepEqual(page.all('.comment-list > .comment').map((one) => one.id), [`comment-${second}`, `comment-${first}`]);
	assert.deepEqual(page.all(`#comment-${first} .comment-replies > .comment`).map((one) => one.id), [`comment-${answer}`, `comment-${again}`]);
	assert.equal(page.one(`#comment-${first} > .comment-main .text`).textContent.trim(), 'First & <b>foremost</b>');
	assert.equal(page.all(`#comment-${answer} .comment-by .badge`).length, 1);
	assert.equal(page.all(`#comment-${again} > .comment-main .badge`).length, 0);
	assert.match(page.one('#comments-title').textContent, /\b4\b/);
	page = await note(id, stranger, '?order=best');
	assert.equal(page.one('.comment-list > .comment').id, `comment-${second}`);

	const refused = await ben.call('POST', `/note/${second}/delete`);
	assert.ok(refused.status === 403 || refused.status === 404, String(refused.status));
	const remove = async (client, which) => {
		const form = (await client.get(`/note/${which}/delete`)).expect(200).form(`/note/${which}/delete`);
		(await form.send()).expect(303);
	};
	await remove(cem, again);
	await remove(ann, first);
	page = await note(id);
	assert.deepEqual(page.all('.comment').map((one) => one.id), [`comment-${second}`]);
	assert.match(page.one('#comments-title').textContent, /\b1\b/);
});

test('an empty and an endless comment: 422, the text is kept', async () => {
	const id = await publish(ann);
	for (const text of ['', '   ', 'x'.repeat(2001)]) {
		const answer = await (await note(id, ben)).form(`/note/${id}/comment`).fill({ text }).send();
		answer.expect(422);
		assert.equal(answer.form(`/note/${id}/comment`).value('text'), text);
	}
	const scripted = await ben.call('POST', `/note/${id}/comment`, { form: { text: '', parent: '' }, headers: { 'X-Fragment': 'comment', Accept: 'text/html, application/json' } });
	assert.ok(scripted.expect(422).json.error.length > 3);
	const good = await ben.call('POST', `/note/${id}/comment`, { form: { text: 'By script', parent: '' }, headers: { 'X-Fragment': 'comment', Accept: 'text/html, application/json' } });
	assert.equal(good.expect(201).all('li.comment').length, 1);
	(await ben.call('POST', '/note/1/comment', { form: { text: 'Where?', parent: '' } })).expect(404);
});

test('many comments: pages without holes or doubles', async () => {
	const id = await publish(ann, { title: 'Busy' });
	const made = [];
	for (let i = 0; i < 45; i++) {
		const answer = await ben.call('POST', `/note/${id}/comment`, { form: { text: `Number ${i}`, parent: '' }, headers: { 'X-Fragment': 'comment', Accept: 'text/html' } });
		made.push(answer.expect(201).one('li.comment').id);
	}
	for (const order of ['new', 'best']) {
		const seen = [];
		let page = await note(id, stranger, `?order=${order}`);
		for (let turn = 0; turn < 10; turn++) {
			seen.push(...page.all('.comment-list > .comment').map((one) => one.id));
			const more = page.document.querySelector('.comments-more a');
			if (!more) break;
			page = (await stranger.get(more.getAttribute('href').replace(/^\?/, `/note/${id}?`))).expect(200);
		}
		assert.equal(new Set(seen).size, 45, order);
		assert.equal(seen.length, 45, order);
		if (order === 'new') assert.deepEqual(seen, [...made].reverse());
	}
});

test('follow and unfollow: counts, lists, oneself not', async () => {
	const dora = await person(server, 'dora');
	await follow(ben, dora.name);
	await follow(ben, dora.name);
	await follow(cem, dora.name);
	const list = async (path) => (await stranger.get(path)).expect(200).all('.person-name .handle').map((one) => one.textContent.trim());
	assert.deepEqual(new Set(await list(`/@${dora.name}/followers`)), new Set([`@${ben.name}`, `@${cem.name}`]));
	assert.deepEqual(await list(`/@${ben.name}/following`), [`@${dora.name}`]);
	assert.match((await stranger.get(`/@${dora.name}`)).one('.stats').textContent, /2\s+followers/);
	assert.equal((await ben.get(`/@${dora.name}`)).one(`form[action="/@${dora.name}/follow"] button`).getAttribute('aria-pressed'), 'true');
	await follow(ben, dora.name, '0');
	assert.deepEqual(await list(`/@${dora.name}/followers`), [`@${cem.name}`]);
	assert.ok((await dora.call('POST', `/@${dora.name}/follow`, { form: { on: '1' } })).status >= 400);
	(await dora.call('POST', '/@nobody_of_this_name/follow', { form: { on: '1' } })).expect(404);
});

test('notifications: like, comment, answer, mention, follower; counted, new once', async () => {
	const eva = await person(server, 'eva');
	const fritz = await person(server, 'fritz');
	const id = await publish(eva, { title: 'Ring the bell' });
	await like(fritz, id);
	const said = await comment(fritz, id, 'What a note');
	await follow(fritz, eva.name);
	await publish(fritz, { title: 'Hello', body: `@${eva.name} look here` });
	await until(async () => number((await eva.get('/about')).document.querySelector('.nav .unread')?.textContent ?? '') === 4, 'four unread');
	const page = (await eva.get('/notifications')).expect(200);
	assert.equal(page.all('.notif.is-new').length, 4);
	for (const kind of ['like', 'comment', 'follow', 'mention']) assert.ok(page.document.querySelector(`.notif-kind-${kind}`), kind);
	await until(async () => (await eva.get('/about')).all('.nav .unread').length === 0, 'nothing unread');
	assert.equal((await eva.get('/notifications')).all('.notif.is-new').length, 0);
	await comment(eva, id, 'Thank you', { parent: said });
	await notified(fritz, /Thank you/);
	// What one does to oneself rings no bell, nor twice for the same like.
	await like(eva, id);
	await like(fritz, id, '0');
	await like(fritz, id);
	await comment(eva, id, 'To myself');
	await until(() => idle(server), 'all jobs done');
	assert.equal((await eva.get('/notifications')).all('.notif').length, 4);
});

test('a picture said to have been sent is one’s own, or none was sent', { timeout: 60000 }, async () => {
	const [one, other] = [await person(server, 'sender'), await person(server, 'owner')];
	const id = await publish(other, { title: 'Theirs', pictures: [picture(300, 300)] });
	// Ids of others, of no profile, of nothing: the words are saved, at once, and the picture stays as it was.
	const edit = (await other.get(`/note/${id}/edit`)).form(`/note/${id}/edit`);
	for (const sent of [edit.value('media'), '1', '99999999999']) {
		const form = (await one.get('/settings/profile')).form('/settings/profile').fill({ bio: `Bio with ${sent}` }).force('avatar_sent', sent).force('cover_sent', sent);
		const began = Date.now();
		assert.equal((await form.send()).expect(303).location, '/settings/profile');
		assert.ok(Date.now() - began < 5000, 'nothing was waited for');
		const page = await one.get('/settings/profile');
		assert.equal(page.form('/settings/profile').value('bio'), `Bio with ${sent}`);
		assert.match(page.one('.preview img').getAttribute('src'), /^\/face\//);
	}
	assert.ok((await other.get(`/@${other.name}`)).all('article.card img').length, 'and theirs is there still');
});

test('a profile: display name, bio, avatar, cover; the old picture is gone', async () => {
	const gus = await person(server, 'gus');
	const edit = async (values) => (await gus.get('/settings/profile')).expect(200).form('/settings/profile').fill(values).send();
	(await edit({ display: '古斯 <Gus>', bio: 'Zwei Zeilen\n& mehr', avatar: picture(300, 300), cover: picture(900, 300) })).expect(303);
	const profile = await until(async () => {
		const page = await stranger.get(`/@${gus.name}`);
		return page.all('.profile img.avatar').length && page.all('.profile-cover img').length && page;
	}, 'both pictures');
	assert.equal(profile.one('#profile-name').textContent.trim(), '古斯 <Gus>');
	assert.match(profile.one('.profile-bio').innerHTML, /Zwei Zeilen\s*(<br[ /]*>)?\s*&amp; mehr/);
	const old = profile.one('.profile img.avatar').getAttribute('src');
	assert.match((await stranger.get(old)).expect(200).headers['content-type'], /image/);
	(await edit({ avatar: picture(310, 310) })).expect(303);
	await until(async () => (await stranger.get(old)).status === 404, 'the old avatar is gone');
	const cover = profile.one('.profile-cover img').getAttribute('src');
	(await edit({ cover_remove: true })).expect(303);
	await until(async () => (await stranger.get(cover)).status === 404, 'the cover is gone');
	for (const values of [{ display: 'x'.repeat(51) }, { bio: 'y'.repeat(501) }]) {
		const answer = await edit({ ...values });
		answer.expect(422);
		for (const [name, value] of Object.entries(values)) assert.equal(answer.form('/settings/profile').value(name), value);
	}
	const broken = await edit({ display: 'Still here', avatar: { file: 'x.png', type: 'image/png', bytes: Buffer.from('no picture') } });
	assert.equal(broken.expect(422).form('/settings/profile').value('display'), 'Still here');
});

test('languages of reading, writing, interface', async () => {
	const hao = await person(server, 'hao', { language: 'en' });
	(await (await hao.get('/settings/languages')).form('/settings/languages').fill({ locale: 'zh-Hans', reads: ['zh-Hans'], writes: 'zh-Hans' }).send()).expect(303);
	assert.equal((await hao.get('/')).one('html').getAttribute('lang'), 'zh-Hans');
	const id = await publish(hao, { title: 'OK', body: '123' });
	assert.equal((await note(id)).one('h1.note-title').getAttribute('lang'), 'zh-Hans');
});

test('a new password ends the other sessions', async () => {
	const ida = await person(server, 'ida');
	const elsewhere = await signIn(server, ida.name);
	const wrong = await (await ida.get('/settings/password')).form('/settings/password').fill({ old: 'not it', fresh: 'a new long password' }).send();
	wrong.expect(422);
	(await (await ida.get('/settings/password')).form('/settings/password').fill({ old: PASSWORD, fresh: 'a new long password' }).send()).expect(303);
	(await ida.get('/settings/profile')).expect(200);
	(await elsewhere.get('/settings/profile')).expect(302, 303);
	await signIn(server, ida.name, { password: 'a new long password' });
	const refused = new Client(server);
	(await (await refused.get('/signin')).form('/signin').fill({ name: ida.name, password: PASSWORD }).send()).expect(422);
});

test('settings of the appearance', async () => {
	const page = (await ann.get('/settings/appearance')).expect(200);
	assert.ok(page.form('/appearance').has('theme'));
	assert.match((await ann.get('/settings')).expect(200, 302, 303).location ?? '/settings', /settings/);
});

test('a name in another case, and a name of nobody', async () => {
	const answer = await stranger.get(`/@${ann.name.toUpperCase()}`);
	assert.ok(answer.status === 200 || /^\/@/.test(answer.location ?? ''), String(answer.status));
	(await stranger.get('/@nobody_of_this_name')).expect(404);
});
