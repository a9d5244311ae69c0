// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Mentions, links and topics as people meet them: nobody is let in by an address that looks like a mention, names lead
// to somebody or nowhere, and links lead where this very language's URL class says (the table of the scanner's tests).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { comment, PASSWORD, person, publish, signIn } from '../lib/people.mjs';
import { idle, startServer, until } from '../lib/server.mjs';

let server;
let author;
let stranger;
const named = {};

before(async () => {
	server = await startServer();
	author = await person(server, 'author');
	stranger = new Client(server);
	for (const name of ['example', 'weibo', 'maya', 'doe']) {
		server.cli(['account', 'create', name, '--password-stdin'], `${PASSWORD}\n`);
		named[name] = await signIn(server, name);
	}
});
after(() => server.close());

const textOf = async (id, client = author) => (await client.get(`/note/${id}`)).expect(200).one('.note .text');
const hrefs = (element, kind) => [...element.querySelectorAll(`a.${kind}`)].map((a) => a.getAttribute('href'));
const told = async (client) => (await client.get('/notifications')).expect(200).all('.notif').length;

const NOBODY = [
	'write to josé@example.com', '@用户@weibo.com', 'иван@example', '"john doe"@example.org', 'user+tag@example.com', 'o\'brien@maya',
	'100%@maya', '用户@weibo。com', '@maya.example.org', '@maya@weibo.com', '@maya:example.org', 'mailto:你@maya', 'https://用户@maya/',
	'ftp://你好@maya', 'jose\u200b@maya', 'jose\u0301@maya', '@josé @mayaя @maya/core', 'a.用户@maya', 'user@maya.中国',
];
for (const body of NOBODY) {
	test(`for those mentioned, nobody: ${body}`, async () => {
		const id = await publish(author, { title: 'Secret', body, visibility: 'mentioned' });
		for (const client of Object.values(named)) (await client.get(`/note/${id}`)).expect(404);
		assert.deepEqual(hrefs(await textOf(id), 'mention'), []);
	});
}

test('nobody was told of any of them', async () => {
	await until(() => idle(server), 'all jobs done');
	for (const client of Object.values(named)) assert.equal(await told(client), 0, client.name);
});

test('a comment with an address tells nobody', async () => {
	const id = await publish(author, { title: 'Write to us' });
	await comment(author, id, 'At josé@example.com or @用户@weibo.com', { visibility: 'mentioned' });
	await until(() => idle(server), 'all jobs done');
	for (const who of ['example', 'weibo']) {
		assert.equal(await told(named[who]), 0);
		assert.equal((await named[who].get(`/note/${id}`)).expect(200).all('.comment').length, 0);
	}
});

for (const body of ['你好@maya谢谢', 'ありがとう@mayaさん', '(@maya)', '谢谢@maya。明天见', 'Hello @Maya.', '“@maya”']) {
	test(`for those mentioned, one: ${body}`, async () => {
		const was = await told(named.maya);
		const id = await publish(author, { title: 'For you', body, visibility: 'mentioned' });
		assert.deepEqual(hrefs(await textOf(id, named.maya), 'mention'), ['/@maya']);
		(await named.example.get(`/note/${id}`)).expect(404);
		await until(async () => await told(named.maya) === was + 1, 'told');
	});
}

test('a name leads to whom it meant, or nowhere', async () => {
	const id = await publish(author, { title: 'Names', body: '@doe @nobody @newcomer' });
	const under = await comment(author, id, 'And @doe, @newcomer.');
	const names = async () => {
		const page = (await stranger.get(`/note/${id}`)).expect(200);
		return [hrefs(page.one('.note .text'), 'mention'), hrefs(page.one(`#comment-${under} .text`), 'mention')];
	};
	assert.deepEqual(await names(), [['/@doe'], ['/@doe']]);
	server.cli(['account', 'create', 'newcomer', '--password-stdin'], `${PASSWORD}\n`);
	assert.deepEqual(await names(), [['/@doe'], ['/@doe']], 'nobody who takes the name later');
	server.cli(['account', 'suspend', 'doe']);
	await until(async () => (await names()).flat().length === 0, 'a suspended account is no link, on kept pages too');
	server.cli(['account', 'restore', 'doe']);
	await until(async () => (await names()).flat().length === 2, 'restored');
});

test('names and topics of a profile lead to somebody and something', async () => {
	const form = (await author.get('/settings/profile')).form('/settings/profile');
	(await form.fill({ bio: 'With @maya, not @nobody, me@example.com. #noSuchTopic https://shop.müller.example/' }).send()).expect(303);
	const bio = (await stranger.get(`/@${author.name}`)).expect(200).one('.profile-bio, .text');
	assert.deepEqual(hrefs(bio, 'mention'), ['/@maya']);
	assert.deepEqual(hrefs(bio, 'topic'), []);
	assert.deepEqual(hrefs(bio, 'link'), ['https://shop.xn--mller-kva.example/']);
});

test('topics of every script have a page, spelt as in public; those that no page has are text', async () => {
	const hidden = await publish(author, { title: 'Not yet', body: '#Col·LECCIÓ #SecretProject', visibility: 'me' });
	assert.deepEqual(hrefs(await textOf(hidden), 'topic'), []);
	const body = '#col·lecció #レオナルド・ダ・ヴィンチ #می\u200cخواهم #हिन्दी #火锅🍲 ＃美食 #covid-19 #C++';
	const id = await publish(author, { title: 'Topics', body });
	const links = hrefs(await textOf(id, stranger), 'topic');
	assert.equal(links.length, 8);
	for (const link of links) assert.equal((await stranger.get(link)).expect(200).all(`#note-${id}`).length, 1, link);
	assert.match((await stranger.get(links[0])).main, /#?col·lecció/);
	assert.equal(hrefs(await textOf(hidden), 'topic').length, 1, 'now there is one');
});

// Lines of the table whose whole text is one link.
const unescape = (text) => text.replace(/\\u\{([0-9A-F]+)\}|\\(.)/gi, (_, hex, one) => {
	if (hex) return String.fromCodePoint(parseInt(hex, 16));
	return { n: '\n', t: '\t' }[one] ?? one;
});
const addresses = readFileSync(new URL('../../src/unicode/scan_cases.txt', import.meta.url), 'utf8').split('\n')
	.map((line) => line.split('\t').map(unescape)).filter(([text, found]) => found === `L(${text})` && text.length < 2000).map(([text]) => text);

test('links lead where browsers go, and show where they lead', async () => {
	assert.ok(addresses.length > 90);
	let seen = 0;
	for (let at = 0; at < addresses.length; at += 30) {
		const some = addresses.slice(at, at + 30);
		const id = await publish(author, { title: 'Links', body: some.join('\n') });
		const links = [...(await textOf(id)).querySelectorAll('a.link')];
		assert.equal(links.length, some.length);
		links.forEach((link, i) => {
			const href = link.getAttribute('href');
			assert.equal(new URL(href).href, new URL(some[i].normalize('NFC')).href);
			const host = link.querySelector('bdi').textContent;
			assert.equal(new URL(`https://${host}`).hostname, new URL(href).hostname, 'what is shown is where it leads');
			assert.ok(link.textContent.startsWith(host));
			seen++;
		});
	}
	assert.equal(seen, addresses.length);
});
