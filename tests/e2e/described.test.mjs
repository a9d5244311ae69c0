// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a page says of itself to search engines and link previews: one honest line in its language, one address, and
// nothing of what a stranger may not see.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { person, publish } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { startServer, until } from '../lib/server.mjs';

let server;
let writer;
let stranger;
before(async () => {
	server = await startServer();
	writer = await person(server, 'writer');
	stranger = new Client(server);
});
after(() => server.close());

const meta = (page, name) => page.document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? null;
const canonical = (page) => page.document.querySelector('link[rel=canonical]')?.getAttribute('href') ?? null;
async function look(path, client = stranger) {
	const page = (await client.get(path)).expect(200);
	return { description: meta(page, 'description'), robots: meta(page, 'robots'), canonical: canonical(page), title: page.document.title };
}

test('a public note: its beginning on one line, its address without what was asked', async () => {
	const id = await publish(writer, { title: 'Bread', body: `First line\n\nsecond line “quoted” <b>\n${'long words '.repeat(40)}` });
	for (const path of [`/note/${id}`, `/note/${id}?order=new`]) {
		const said = await look(path);
		assert.match(said.description, /^First line second line “quoted” <b> long words/);
		assert.ok([...said.description].length <= 161, said.description);
		assert.equal(said.canonical, `${server.origin}/note/${id}`);
		assert.equal(said.robots, null);
	}
	const wordless = await publish(writer, { title: 'Only a title', body: '', pictures: [picture()] });
	assert.equal((await look(`/note/${wordless}`)).description, `Note by ${writer.name}`);
});

test('what is not for everybody is for no search engine', async () => {
	for (const visibility of ['followers', 'mutual', 'mentioned', 'me']) {
		const id = await publish(writer, { title: 'Kept', body: `A secret of ${visibility}`, visibility });
		assert.equal((await stranger.get(`/note/${id}`)).status, 404);
		const own = await look(`/note/${id}`, writer);
		assert.deepEqual([own.description, own.robots, own.canonical], [null, 'noindex', null], visibility);
	}
	const unlisted = await look(`/note/${await publish(writer, { body: 'With the link', visibility: 'unlisted' })}`);
	assert.deepEqual([unlisted.description, unlisted.robots, unlisted.canonical], ['With the link', 'noindex', null]);
});

test('profiles say their bio, or whose notes they hold', async () => {
	assert.equal((await look(`/@${writer.name}`)).description, `Notes by ${writer.name} on Qiao`);
	await (await writer.get('/settings/profile')).form('/settings/profile').fill({ bio: 'I bake.\nSometimes.' }).send();
	const page = await look(`/@${writer.name}`);
	assert.deepEqual([page.description, page.canonical], ['I bake. Sometimes.', `${server.origin}/@${writer.name}`]);
	assert.equal((await look(`/@${writer.name}/followers`)).robots, 'noindex');
	server.cli(['account', 'suspend', writer.name]);
	const gone = await until(async () => {
		const now = await look(`/@${writer.name}`);
		return now.robots && now;
	}, 'the suspension is heard of');
	assert.deepEqual([gone.description, gone.robots, gone.canonical], [null, 'noindex', null]);
	server.cli(['account', 'restore', writer.name]);
	await until(async () => !(await look(`/@${writer.name}`)).robots, 'its end, too');
});

test('explore, topics, sign-up and the texts, in the language of the page', async () => {
	await publish(writer, { body: 'One #面包' });
	await until(async () => (await stranger.get('/topic/面包')).status === 200, 'the topic');
	const chinese = new Client(server, { language: 'zh-Hans' });
	assert.equal((await look('/')).description, 'Everyday life, in every language.');
	assert.equal((await look('/', chinese)).description, '分享日常，不限语言。');
	const topic = await look('/topic/面包');
	assert.equal(topic.description, '1 note about #面包 on Qiao');
	assert.equal(topic.canonical, `${server.origin}/topic/${encodeURIComponent('面包')}`);
	assert.match((await look('/topic/面包', chinese)).description, /关于 #面包的 1 篇笔记/);
	assert.equal((await look('/?topic=面包')).canonical, `${server.origin}/?topic=${encodeURIComponent('面包')}`);
	assert.equal((await look('/signup?back=/publish')).canonical, `${server.origin}/signup`);
	for (const path of ['/about', '/rules', '/privacy', '/contact']) assert.ok((await look(path)).description.length > 20, path);
	assert.equal((await look('/signin')).robots, 'noindex');
	assert.equal((await look('/topic/面包?after=5')).robots, 'noindex');
});

test('a phone is offered covers as wide as its columns', async () => {
	const id = await publish(writer, { title: 'With a cover', ratio: '3:4', pictures: [picture(900, 1200)] });
	const img = await until(async () => {
		const found = (await stranger.get('/')).document.querySelector(`#note-${id} img`);
		return /cover-/.test(found?.getAttribute('srcset') ?? '') && found;
	}, 'the cover');
	assert.deepEqual([...img.getAttribute('srcset').matchAll(/ (\d+)w/g)].map((one) => one[1]), ['270', '360', '540']);
	assert.match(img.getAttribute('sizes'), /calc\(50vw - 12px\)$/);
});
