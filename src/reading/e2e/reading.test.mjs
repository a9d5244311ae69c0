// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A Chinese note word by word and its words: who may read the note reads its words, and nobody else.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../../../tests/lib/client.mjs';
import { comment, person, publish } from '../../../tests/lib/people.mjs';
import { startServer } from '../../../tests/lib/server.mjs';

const BODY = '昨天和朋友一起去吃火锅，毛肚（七上八下）真的太好吃了！\n排了两个小时的队。\n\n#重庆美食 @nobody1 https://example.org/a?b=1&c=2';
let server;
let author;
let stranger;
let hotpot;
before(async () => {
	server = await startServer();
	author = await person(server, 'author');
	stranger = new Client(server);
	hotpot = await publish(author, { title: '重庆火锅', body: BODY, language: 'zh-Hans' });
});
after(() => server.close());

const words = async (id, client = stranger, headers) => (await client.get(`/note/${id}/words`, headers)).expect(200);
const wordOf = (page, text) => page.all('a.w').map((a) => ({
	text: a.querySelector('ruby').firstChild.textContent.trim(), pinyin: a.querySelector('rt')?.textContent.trim(),
	gloss: a.querySelector('.w-gloss').textContent, href: a.getAttribute('href'), line: a.parentNode.textContent,
})).find((one) => one.text === text);

test('each word has its reading and its meaning, and leads to its page', async () => {
	const page = await words(hotpot);
	const { line, ...word } = wordOf(page, '火锅');
	assert.deepEqual(word, { text: '火锅', pinyin: 'huǒ guō', gloss: 'hotpot', href: `/word/${encodeURIComponent('火锅')}` });
	assert.equal(page.all('.reading-text > p').length, 2);
	assert.equal(page.all('.reading-text > p:first-child br').length, 1);
	assert.match(page.one('.reading-what').textContent, /Dictionary, word by word/);
	assert.equal(page.one('[data-swap-back]').getAttribute('href'), `/note/${hotpot}`);
	assert.equal(page.one('.reading-text a.topic').textContent, '#重庆美食');
	assert.equal(page.one('.reading-text a.link').getAttribute('href'), 'https://example.org/a?b=1&c=2');
	assert.equal(page.one('meta[name=robots]').getAttribute('content'), 'noindex');
});

test('nothing of the text is lost, and punctuation stays with its word', async () => {
	const page = await words(hotpot);
	assert.match(wordOf(page, '七上八下').line, /^（.*）/s);
	assert.ok(page.all('.w-line').some((one) => /^了.*！$/s.test(one.textContent)));
	for (const more of page.all('rt, .w-gloss')) more.remove();
	const plain = page.one('.reading-text').textContent.replace(/\s/g, '');
	assert.equal(plain, '昨天和朋友一起去吃火锅，毛肚（七上八下）真的太好吃了！排了两个小时的队。#重庆美食@nobody1example.org/a?b=1&c=2');
});

test('a script gets the part alone', async () => {
	const part = await words(hotpot, stranger, { 'X-Fragment': 'part' });
	assert.ok(part.text.startsWith('<div class="reading"'), part.text.slice(0, 60));
	const word = (await stranger.get('/word/火锅', { 'X-Fragment': 'part' })).expect(200);
	assert.ok(word.text.startsWith('<div class="word-panel"'), word.text.slice(0, 60));
});

test('the way there is for those who do not read Chinese, under Chinese texts', async () => {
	const said = await comment(author, hotpot, '我也想去吃火锅，下次一起吧。');
	const plain = await publish(author, { title: 'Bread', body: 'An English text about bread.' });
	const offers = async (id, client) => (await client.get(`/note/${id}`)).expect(200).all('.text-offer').map((a) => a.getAttribute('href'));
	assert.deepEqual(await offers(hotpot, stranger), [`/note/${hotpot}/words`, `/note/${said}/words`]);
	assert.deepEqual(await offers(hotpot, new Client(server, { language: 'zh-CN' })), []);
	assert.deepEqual(await offers(plain, stranger), []);
	(await stranger.get(`/note/${plain}/words`)).expect(404);
	assert.ok(wordOf(await words(said), '下次'));
});

test('the words of what a stranger may not see are not there', async () => {
	const secret = await publish(author, { title: '秘密火锅', body: '只有我知道。', visibility: 'me', language: 'zh-Hans' });
	assert.ok(wordOf(await words(secret, author), '秘密'));
	(await stranger.get(`/note/${secret}/words`)).expect(404);
	const found = (await stranger.get('/word/秘密')).expect(200);
	assert.equal(found.all('.word-notes a').length, 0);
});

test('a hostile text is text', async () => {
	const id = await publish(author, { title: '火锅<img src=x onerror=alert(1)>', body: '火锅"><script>alert(1)</script>\'好吃', language: 'zh-Hans' });
	const page = await words(id);
	assert.equal(page.all('main script, main img').length, 0);
	assert.match(page.one('.reading-text').textContent, /<script>/);
	assert.equal((await stranger.get(`/word/${encodeURIComponent('<script>alert(1)</script>')}`)).expect(404).all('main script').length, 0);
});

test('of a huge text so many words are looked up, and all of it is there', async () => {
	const body = '我们吃火锅。'.repeat(800);
	const id = await publish(author, { title: '长', body, language: 'zh-Hans' });
	const page = await words(id);
	assert.ok(page.all('a.w').length <= 1000, String(page.all('a.w').length));
	page.one('.reading-cut');
	for (const more of page.all('rt, .w-gloss')) more.remove();
	assert.equal(page.one('.reading-text').textContent.replace(/\s/g, ''), body);
});

test('a word: characters, readings, measure words, use, recent notes', async () => {
	const page = (await stranger.get('/word/火锅')).expect(200);
	assert.match(page.one('h1').textContent, /火锅\s*Traditional: 火鍋/);
	assert.equal(page.one('.word-pinyin').textContent, 'huǒ guō');
	assert.match(page.one('.word-senses').textContent, /hot ?pot/i);
	assert.ok(page.all('.word-notes a').some((a) => a.getAttribute('href') === `/note/${hotpot}`));
	const many = (await stranger.get('/word/的')).expect(200);
	assert.ok(many.all('.word-pinyin').length > 1);
	assert.match(many.one('.word-use').textContent, /我的猫/);
	assert.ok((await stranger.get('/word/猫')).expect(200).all('.word-measures a').length >= 1);
	(await stranger.get('/word/火鍋')).expect(200);
	const none = (await stranger.get('/word/qqqq')).expect(404);
	assert.match(none.text, /Our dictionary doesn’t have this word\./);
});
