// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Explore, topics, the following feed: order, pages, languages.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { cards, explored, follow, like, pages, person, publish } from '../lib/people.mjs';
import { startServer, until } from '../lib/server.mjs';

let server;
let stranger;
const authors = [];
const notes = new Map(); // id → {author, language}
const EN = 'The morning bread was warm and the whole street smelled of it.';
const ZH = '早上的面包还是热的，整条街都是它的香味。';

before(async () => {
	server = await startServer();
	stranger = new Client(server);
	for (let i = 0; i < 6; i++) authors.push(await person(server, `writer${i}`));
	// Two of the six write in Chinese; the first writes as much as three others.
	for (let round = 0; round < 8; round++) {
		for (const [i, author] of authors.entries()) {
			for (let more = i === 0 ? 3 : 1; more > 0; more--) {
				const language = i >= 4 ? 'zh-Hans' : 'en';
				const id = await publish(author, { title: '', body: `${language === 'en' ? EN : ZH} ${round}.${more} #street` });
				notes.set(id, { author: author.name, language });
			}
		}
	}
	await explored(stranger, [...notes.keys()].at(-1));
});
after(() => server.close());

test('explore shows every public note once', async () => {
	const all = (await pages(stranger, '/')).flat();
	assert.equal(all.length, new Set(all).size);
	assert.deepEqual(new Set(all), new Set(notes.keys()));
});

test('explore: never two of one author in a row, also across pages', async () => {
	const all = (await pages(stranger, '/')).flat().map((id) => notes.get(id).author);
	const left = new Map();
	for (const name of all) left.set(name, (left.get(name) ?? 0) + 1);
	for (let i = 1; i < all.length; i++) {
		left.set(all[i - 1], left.get(all[i - 1]) - 1);
		// When nothing but one author is left there is no other order.
		const others = [...left].some(([name, n]) => n > 0 && name !== all[i - 1]);
		if (others) assert.notEqual(all[i], all[i - 1], `place ${i}`);
	}
});

test('explore: the reader’s languages first', async () => {
	for (const [header, language] of [['en', 'en'], ['zh-CN', 'zh-Hans']]) {
		const first = (await pages(new Client(server, { language: header }), '/'))[0].map((id) => notes.get(id).language);
		const lead = first.slice(0, 6).filter((one) => one === language).length;
		assert.ok(lead >= 5, `${header}: ${first}`);
	}
});

test('explore: pages stay stable while others publish', async () => {
	const before = (await pages(stranger, '/')).flat();
	const writer = await person(server, 'meanwhile');
	const during = (await pages(stranger, '/', async () => {
		const id = await publish(writer, { title: '', body: `${EN} meanwhile` });
		notes.set(id, { author: writer.name, language: 'en' });
	})).flat();
	assert.equal(during.length, new Set(during).size, 'no note twice');
	for (const id of before) assert.ok(during.includes(id), `note ${id} was lost between pages`);
});

test('a topic and its tab in explore hold exactly its notes', async () => {
	await explored(stranger, [...notes.keys()].at(-1));
	const writer = await person(server, 'topical');
	const one = await publish(writer, { title: '', body: 'On #夜市 we eat' });
	const two = await publish(authors[1], { title: 'Title with #夜市', body: 'x' });
	for (const id of [one, two]) notes.set(id, { author: 'x', language: 'en' });
	await explored(stranger, [...notes.keys()].at(-1));
	for (const path of ['/topic/夜市', '/?topic=%E5%A4%9C%E5%B8%82']) {
		assert.deepEqual(new Set((await pages(stranger, path)).flat()), new Set([one, two]), path);
	}
	assert.deepEqual(cards((await stranger.get('/topic/夜市')).expect(200)), [two, one]);
	assert.deepEqual((await pages(stranger, '/topic/street')).flat().length >= 60, true);
	(await stranger.get('/topic/nobody-wrote-this')).expect(200, 404);
});

test('a note published a moment ago is on its author’s first page, whatever else is loved', async () => {
	const author = await person(server, 'fresh');
	for (const [title, body] of [['Nouveau', 'Un petit mot en français sur la vieille rue du village.'], ['New', `${EN} #street`]]) {
		const id = await publish(author, { title, body });
		notes.set(id, { author: author.name, language: title === 'New' ? 'en' : 'fr' });
		const all = await pages(author, '/');
		assert.ok(all[0].includes(id), title);
		assert.equal(all.flat().length, new Set(all.flat()).size);
		if (title === 'New') assert.ok((await pages(author, '/?topic=street'))[0].includes(id));
	}
	await explored(stranger, [...notes.keys()].at(-1));
});

test('people to begin with are those whose notes one can read', async () => {
	const offered = async (reads) => {
		const reader = await person(server, 'begins');
		await (await reader.get('/welcome?step=1')).form('/welcome').fill({ reads }).send();
		const found = (await reader.get('/welcome?step=3')).all('.person-name').map((one) => one.getAttribute('href').slice(2));
		const empty = (await reader.get('/following')).all('.person-name').map((one) => one.getAttribute('href').slice(2));
		assert.deepEqual(new Set(empty), new Set(found));
		return new Set(found);
	};
	const names = (from, to) => new Set(authors.slice(from, to).map((one) => one.name));
	const english = await offered(['en']);
	assert.ok([...names(0, 4)].every((name) => english.has(name)));
	assert.ok([...names(4, 6)].every((name) => !english.has(name)));
	assert.deepEqual(await offered(['zh-Hans']), names(4, 6));
	assert.deepEqual(await offered(['ja']), new Set());
});

test('cards that a tab kept: which are there, liked, by how many', async () => {
	const [one, other] = authors;
	const id = await publish(one, { title: 'Kept' });
	const hidden = await publish(one, { title: 'For nobody', visibility: 'me' });
	await like(other, id);
	const ask = async (client) => (await client.get(`/cards?id=${id}&id=${hidden}&id=1`, { Accept: 'application/json' })).expect(200).json.cards;
	assert.deepEqual(await ask(other), [{ id, likes: 1, on: true }]);
	assert.deepEqual(await ask(stranger), [{ id, likes: 1, on: false }]);
	assert.deepEqual((await ask(one)).map((card) => card.id), [id, hidden]);
	assert.deepEqual((await stranger.get('/cards')).expect(200).json.cards, []);
	(await stranger.get('/cards?id=x', { Accept: 'application/json' })).expect(404);
	(await (await one.get(`/note/${id}/delete`)).form(`/note/${id}/delete`).send()).expect(303);
	assert.deepEqual(await ask(stranger), []);
});

test('following: newest first, own notes among them, only those followed', async () => {
	const reader = await person(server, 'reader');
	assert.equal(cards((await reader.get('/following')).expect(200)).length, 0);
	await follow(reader, authors[0].name);
	await follow(reader, authors[5].name);
	const own = await publish(reader, { title: 'Mine' });
	notes.set(own, { author: reader.name, language: 'en' });
	const expected = [...notes].filter(([, note]) => [authors[0].name, authors[5].name, reader.name].includes(note.author))
		.map(([id]) => BigInt(id)).sort((a, b) => (a < b ? 1 : -1)).map(String);
	assert.deepEqual((await pages(reader, '/following')).flat(), expected);
	await follow(reader, authors[0].name, '0');
	assert.deepEqual((await pages(reader, '/following')).flat(), expected.filter((id) => notes.get(id).author !== authors[0].name));
});

test('after a restart the feeds are the same', async () => {
	await explored(stranger, [...notes.keys()].at(-1));
	const before = (await pages(stranger, '/')).flat();
	const topic = (await pages(stranger, '/topic/street')).flat();
	await server.restart();
	await until(async () => (await pages(stranger, '/')).flat().length === before.length, 'the feed is rebuilt');
	assert.deepEqual(new Set((await pages(stranger, '/')).flat()), new Set(before));
	assert.deepEqual((await pages(stranger, '/topic/street')).flat(), topic);
});

test('cursors that nobody gave out', async () => {
	for (const cursor of ['nonsense', '-1', '9'.repeat(40), '%00', '../..', '0']) {
		const answer = await stranger.get(`/?after=${cursor}`);
		assert.ok([200, 400, 404].includes(answer.status), `${cursor}: ${answer.status}`);
	}
});
