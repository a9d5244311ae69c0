// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which language a note is in is seen from its words, whatever its author usually writes, unless the author says so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { comment, person, publish } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let writer;
before(async () => {
	server = await startServer();
	writer = await person(server, 'writer');
});
after(() => server.close());

const texts = {
	en: ['Rainy Sunday', 'We stayed at home and baked far too many cookies'],
	es: ['Mi abuela cocina mejor', 'Hoy hemos hecho croquetas y no ha quedado ni una'],
	fr: ['Un dimanche à la mer', 'Le vent était si fort que le chien ne voulait plus sortir'],
	ca: ['Pa amb tomàquet', 'Avui hem esmorzat a la platja amb els nens i la iaia'],
	de: ['Endlich Frühling', 'Die Katze liegt den ganzen Tag in der Sonne'],
	'zh-Hans': ['今天吃火锅', '和朋友们在重庆吃了一顿正宗的老火锅'],
	'zh-Hant': ['今天吃火鍋', '和朋友們在臺北吃了一頓麻辣火鍋'],
	ja: ['今日のごはん', '母が作ってくれたカレーです'],
	ko: ['오늘의 점심', '친구와 함께 김치찌개를 먹었어요'],
	ru: ['Первый снег', 'Сегодня утром весь двор был белым'],
	uk: ['Перший сніг', 'Сьогодні вранці все подвір’я було білим'],
};

test('a note and a comment are in the language of their words', async () => {
	const stranger = new Client(server);
	for (const [tag, [title, body]] of Object.entries(texts)) {
		const id = await publish(writer, { title, body });
		await comment(writer, id, body);
		const page = (await stranger.get(`/note/${id}`)).expect(200);
		assert.equal(page.one('h1.note-title').closest('[lang]').getAttribute('lang'), tag, title);
		assert.equal(page.one('.comment .text').closest('[lang]').getAttribute('lang'), tag, body);
	}
});

test('what dictionaries are made of is named where the place says what it is', async () => {
	for (const [tag, own] of [['en', /Our own lexicon/], ['zh-CN', /我们自己编写/]]) {
		const page = (await new Client(server, { language: tag }).get('/about')).expect(200);
		assert.match(page.one('.prose').textContent, own);
		assert.match(page.one('.prose').textContent, /CC-CEDICT[^]*CC BY-SA 4\.0[^]*lid\.176[^]*CC BY-SA 3\.0/);
	}
});
