// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Numbers and lists agree, as a stranger and as others see them: before, during and after a suspension, when a note is
// narrowed and opened again, when something is taken back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { comment, follow, like, person, publish } from '../lib/people.mjs';
import { idle, startServer, until } from '../lib/server.mjs';

let server;
let stranger;
const as = {};

before(async () => {
	server = await startServer();
	stranger = new Client(server);
	for (const who of ['ann', 'ben', 'cleo', 'dan']) as[who] = await person(server, who);
	as.moderator = await person(server, 'moderator', { role: 'moderator' });
});
after(() => server.close());

const number = (element) => Number(/\d+/.exec(element?.textContent ?? '')?.[0] ?? 0);
const quiet = () => until(() => idle(server), 'all jobs done');

// Every page of a list, by its link to the next.
async function listed(client, path, selector) {
	const found = [];
	for (let next = path; next;) {
		const page = (await client.get(next)).expect(200);
		found.push(...page.all(selector).map((one) => one.id || one.getAttribute('href')));
		next = page.all('a[rel=next], .comments > .comments-more a')[0]?.getAttribute('href').replace(/#.*/, '');
	}
	return found;
}

// What a page says and what it lists; the two must agree.
async function note(client, id) {
	const page = await client.get(`/note/${id}`);
	if (page.status === 404) return null;
	page.expect(200);
	const threads = page.all('.comment-list > .comment').map((one) => one.id.replace('comment-', ''));
	let comments = threads.length;
	for (const thread of threads) comments += (await client.get(`/note/${id}?answers=${thread}`)).expect(200).all('.comment-replies > .comment').length;
	assert.equal(number(page.one('.note-acts a.act .count')), comments, `the number of comments of ${id}`);
	if (comments) assert.equal(number(page.one('#comments-title')), comments);
	assert.equal(page.all('.comments-empty').length, comments ? 0 : 1);
	return { likes: number(page.one('.note-acts .act .count')), comments };
}

async function profile(client, name) {
	const page = (await client.get(`/@${name}`)).expect(200);
	const [following, followers, liked] = page.all('.stats b').map((one) => number(one));
	const shown = { following, followers, liked, notes: (await listed(client, `/@${name}`, '.card')).length };
	const list = await client.get(`/@${name}/followers`);
	if (list.status === 404) return { ...shown, gone: true };
	assert.equal((await listed(client, `/@${name}/followers`, '.list > li a.person-name')).length > 0, followers > 0);
	const people = async (which) => new Set(await listed(client, `/@${name}/${which}`, '.list > li a.person-name')).size;
	assert.equal(await people('followers'), followers, `followers of ${name}`);
	assert.equal(await people('following'), following, `followed by ${name}`);
	return shown;
}

async function topic(client, name) {
	const page = await client.get(`/topic/${encodeURIComponent(name)}`);
	if (page.status === 404) return null;
	const count = number(page.expect(200).one('.topic-head .small'));
	assert.equal((await listed(client, `/topic/${encodeURIComponent(name)}`, '.card')).length, count);
	return { count, spelled: page.one('h1').textContent.trim() };
}

async function told(client) {
	const page = (await client.get('/about')).expect(200);
	const bell = number(page.document.querySelector('.nav .unread'));
	return { bell };
}

async function world(notes) {
	const seen = {};
	for (const who of [stranger, as.dan]) {
		const all = { notes: {}, people: {}, topic: await topic(who, 'harvest') };
		for (const [name, id] of Object.entries(notes)) all.notes[name] = await note(who, id);
		for (const name of ['ann', 'ben', 'cleo']) all.people[name] = await profile(who, as[name].name);
		seen[who === stranger ? 'stranger' : 'dan'] = all;
	}
	return seen;
}

async function judge(action, name) {
	const page = (await as.moderator.get(`/moderation/account/${name}`)).expect(200);
	const form = page.all('form').find((one) => one.querySelector('[name=action]'));
	(await page.form(form.getAttribute('action')).fill({ action, reason: 'Because.' }).send()).expect(303);
}

test('a suspension takes all that was done out of numbers and lists, and its end brings it back', async () => {
	const notes = { anns: await publish(as.ann, { title: 'Apples', body: '#Harvest' }) };
	notes.bens = await publish(as.ben, { title: 'Pears', body: '#HARVEST' });
	const first = await comment(as.ben, notes.anns, 'of ben');
	await comment(as.cleo, notes.anns, 'of cleo under ben', { parent: first });
	await comment(as.cleo, notes.anns, `of cleo @${as.ann.name}`);
	await comment(as.dan, notes.bens, 'of dan');
	for (const who of ['ben', 'cleo']) {
		await like(as[who], notes.anns);
		await follow(as[who], as.ann.name);
	}
	await follow(as.ann, as.ben.name);
	await like(as.ann, notes.bens);
	await quiet();
	const before = await world(notes);
	assert.deepEqual(before.stranger.notes.anns, { likes: 2, comments: 3 });
	assert.deepEqual(before.stranger.topic, { count: 2, spelled: 'Harvest' });
	const bell = await told(as.ann);
	await judge('suspend', as.ben.name);
	const during = await world(notes);
	for (const who of ['stranger', 'dan']) {
		assert.deepEqual(during[who].notes, { anns: { likes: 1, comments: 1 }, bens: null });
		assert.deepEqual(during[who].people.ann, { following: 0, followers: 1, liked: 1, notes: 1 });
		assert.deepEqual(during[who].topic, { count: 1, spelled: 'Harvest' });
	}
	assert.ok(!(await as.ann.get('/notifications', { 'Sec-Purpose': 'prefetch' })).text.includes(as.ben.name));
	assert.equal((await told(as.ann)).bell, bell.bell - 4); // the like, the follow, the comment, and the answer under it
	assert.equal((await as.ann.get(`/note/${notes.anns}`)).all(`#comment-${first}`).length, 0);
	await judge('restore', as.ben.name);
	assert.deepEqual(await world(notes), before);
	assert.deepEqual(await told(as.ann), bell);
	await quiet();
	assert.deepEqual(await world(notes), before);
});

test('restored by another process, who writes at once is seen as soon as that is heard of', async () => {
	const gil = await person(server, 'gil'); // of whom nothing else is in any number
	for (let turn = 0; turn < 4; turn++) { // what is heard of soon may be heard of before
		const id = await publish(as.dan, { title: 'Soon' });
		const form = (await gil.get(`/note/${id}`)).form(`/note/${id}/comment`).fill({ text: 'back' });
		server.cli(['account', 'suspend', gil.name]);
		await until(async () => (await as.dan.get(`/@${gil.name}`)).all('form[action$="/follow"]').length === 0);
		await quiet();
		server.cli(['account', 'restore', gil.name]);
		await until(async () => (await form.send()).status === 303, 'may write again');
		await stranger.get(`/note/${id}`); // kept, perhaps without what was just written
		await until(async () => (await as.dan.get(`/note/${id}`)).all('.comment').length === 1, 'seen');
		await until(async () => (await stranger.get(`/note/${id}`)).all('.comment').length === 1, 'seen by strangers', 5000);
		assert.equal((await note(stranger, id)).comments, 1);
	}
});

test('one’s own comment can be taken back where nobody sees it any more; liked comments are no cards', async () => {
	const id = await publish(as.ann, { title: 'Talk' });
	const mine = await comment(as.ben, id, 'of ben');
	const others = await comment(as.cleo, id, 'of cleo');
	await like(as.dan, id);
	(await as.dan.call('POST', `/note/${mine}/like`, { form: { on: '1' } })).expect(200);
	assert.equal((await listed(as.dan, `/@${as.dan.name}/likes`, '.card')).length, 1);
	await judge('suspend', as.ann.name);
	for (const address of [`/note/${id}`, `/note/${others}`, `/note/${others}/delete`]) (await as.ben.get(address)).expect(404);
	const to = (await as.ben.get(`/note/${mine}`)).expect(302).location;
	assert.equal(to, `/note/${mine}/delete`);
	const page = (await as.ben.get(to)).expect(200);
	assert.equal(page.one('.form-foot a').getAttribute('href'), `/@${as.ben.name}`);
	assert.equal((await page.form(to).send()).expect(303).location, `/@${as.ben.name}`);
	await judge('restore', as.ann.name);
	assert.deepEqual(await note(stranger, id), { likes: 1, comments: 1 });
});

test('a private note leaves nothing in public numbers, and a topic of its own is none', async () => {
	const id = await publish(as.cleo, { title: 'Plans', body: '#SecretProject', visibility: 'me' });
	const before = await profile(stranger, as.cleo.name);
	for (const address of ['/topic/secretproject', '/topic/SecretProject']) {
		for (const who of [stranger, as.cleo]) {
			const page = (await who.get(address)).expect(404);
			assert.ok(!page.text.replaceAll(address, '').includes('SecretProject'), address);
		}
	}
	await like(as.cleo, id);
	await comment(as.cleo, id, 'to myself');
	assert.deepEqual(await profile(stranger, as.cleo.name), before);
	assert.deepEqual(await note(as.cleo, id), { likes: 1, comments: 1 });
	(await (await as.cleo.get(`/note/${id}/delete`)).form(`/note/${id}/delete`).send()).expect(303);
	(await stranger.get('/topic/secretproject')).expect(404);
});

test('narrower comments count for whoever may read them', async () => {
	const id = await publish(as.ann, { title: 'Open' });
	await comment(as.ben, id, 'for all');
	const whisper = await comment(as.cleo, id, 'for ann', { visibility: 'me' });
	for (let i = 0; i < 5; i++) await comment(as.ann, id, `answer ${i}`, { parent: whisper });
	assert.equal((await note(stranger, id)).comments, 1);
	assert.equal((await note(as.dan, id)).comments, 1);
	assert.equal((await note(as.ann, id)).comments, 7);
	assert.equal((await note(as.cleo, id)).comments, 7);
	const page = (await as.cleo.get(`/note/${id}`)).expect(200);
	assert.match(page.one(`#comment-${whisper} .comments-more`).textContent, /More/);
	(await (await as.ann.get(`/note/${id}/edit`)).form(`/note/${id}/edit`).fill({ visibility: 'followers' }).send()).expect(303);
	assert.equal(await note(stranger, id), null);
	assert.equal((await note(as.ann, id)).comments, 7);
	(await (await as.ann.get(`/note/${id}/edit`)).form(`/note/${id}/edit`).fill({ visibility: 'public' }).send()).expect(303);
	assert.equal((await note(stranger, id)).comments, 0);
	assert.equal((await note(as.ann, id)).comments, 7);
});

test('what is taken back is not told any more', async () => {
	const eve = await person(server, 'eve');
	const id = await publish(eve, { title: 'Bread' });
	await like(as.ben, id);
	await follow(as.ben, eve.name);
	await until(async () => (await told(eve)).bell === 2);
	await like(as.ben, id, '0');
	assert.equal((await told(eve)).bell, 1);
	await follow(as.ben, eve.name, '0');
	assert.equal((await told(eve)).bell, 0);
	assert.ok(!(await eve.get('/notifications')).text.includes(as.ben.name));
});

test('a mention in a note since made private is not unread', async () => {
	const fay = await person(server, 'fay');
	const edit = async (id, values) => (await (await as.ann.get(`/note/${id}/edit`)).form(`/note/${id}/edit`).fill(values).send()).expect(303);
	const id = await publish(as.ann, { title: 'Look', body: `For @${fay.name}` });
	await until(async () => (await told(fay)).bell === 1);
	await edit(id, { visibility: 'me' });
	assert.equal((await told(fay)).bell, 0);
	await edit(id, { visibility: 'public', body: 'For nobody' });
	assert.equal((await told(fay)).bell, 0);
	await edit(id, { body: `For @${fay.name}` });
	await until(async () => (await told(fay)).bell === 1);
});

test('explore, following and topics are full pages while many are away', async () => {
	const crowd = [];
	for (let i = 0; i < 3; i++) crowd.push(await person(server, 'crowd'));
	const kept = await publish(as.dan, { title: 'Kept', body: '#crowded' });
	for (const one of crowd) {
		await follow(as.dan, one.name);
		for (let i = 0; i < 9; i++) await publish(one, { title: `Away ${i}`, body: '#crowded' });
	}
	for (const one of crowd) await judge('suspend', one.name);
	await until(async () => (await topic(stranger, 'crowded')).count === 1);
	assert.deepEqual((await stranger.get('/topic/crowded')).all('.card').map((one) => one.id), [`note-${kept}`]);
	await until(async () => {
		const first = (await stranger.get('/')).all('.card').map((one) => one.id);
		return first.includes(`note-${kept}`) && !(await stranger.get('/')).text.includes('Away');
	});
	assert.ok((await as.dan.get('/following')).all(`#note-${kept}`).length);
	assert.equal((await profile(stranger, as.dan.name)).following, 0);
	for (const one of crowd) await judge('restore', one.name);
	await until(async () => (await topic(stranger, 'crowded')).count === 28);
	assert.equal((await profile(stranger, as.dan.name)).following, 3);
	await until(async () => (await stranger.get('/?topic=crowded')).all('.card').length === 24);
	assert.match(server.cli(['recount']), /^Every public number is right/);
});
