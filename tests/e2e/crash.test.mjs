// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Kill -9 while 200 notes are published at once, with and without pictures; after a restart every note that was
// answered with success is there and whole, nothing is there by half, and the jobs that were left go on. `make soak` kills
// at more moments (QIAO_TEST_LONG).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { noteId, person } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { idle, startServer, until } from '../lib/server.mjs';

const AT_ONCE = 200;
const AUTHORS = 10;
const SHARES = process.env.QIAO_TEST_LONG ? [0.05, 0.15, 0.3, 0.5, 0.65, 0.8] : [0.5];

let server;
let authors;
before(async () => {
	server = await startServer();
	authors = [];
	for (let i = 0; i < AUTHORS; i++) authors.push(await person(server, `crash${i}`));
});
after(() => server.close());

// Number n has n % 3 pictures: so many that the kill meets uploads, transactions, decoding and jobs.
async function prepare(round) {
	const all = [];
	for (let n = 0; n < AT_ONCE; n++) {
		const author = authors[n % AUTHORS];
		const page = (await author.get('/publish')).expect(200);
		const mark = `round${round}n${n}x`;
		const pictures = Array.from({ length: n % 3 }, () => picture(240, 320));
		all.push({ mark, pictures: pictures.length, form: page.form('/publish').fill({ title: `Note ${mark}`, body: `Text of ${mark} #topic${mark} #all`, ...(pictures.length ? { pictures } : {}) }) });
	}
	return all;
}

// Whoever is told that too many came at once sends the form again; null when the server has gone.
async function sendUntilServed(form) {
	for (;;) {
		const answer = await form.send().catch(() => null);
		if (answer?.status !== 503) return answer;
		assert.ok(Number(answer.headers['retry-after']) > 0);
		await new Promise((resolve) => { setTimeout(resolve, 500); });
	}
}

async function whole(stranger, id, wanted) {
	const page = await until(async () => {
		const now = (await stranger.get(`/note/${id}`)).expect(200);
		return now.all('.slide img').length === wanted.pictures && now;
	}, `${wanted.pictures} pictures of ${wanted.mark}`, 60000);
	assert.equal(page.one('h1.note-title').textContent.trim(), `Note ${wanted.mark}`);
	assert.ok(page.one('.note .text').textContent.includes(`Text of ${wanted.mark}`));
	assert.equal((await stranger.get(`/topic/topic${wanted.mark}`)).expect(200).all(`#note-${id}`).length, 1, `topic of ${wanted.mark}`);
	for (const img of page.all('.slide img')) {
		const file = (await stranger.get(img.getAttribute('src'))).expect(200);
		assert.equal(file.body.length, Number(file.headers['content-length']));
		assert.ok(file.body.length > 50);
		for (const part of (img.getAttribute('srcset') ?? '').split(',').filter(Boolean)) (await stranger.get(part.trim().split(' ')[0])).expect(200);
	}
}

for (const [round, share] of SHARES.entries()) {
	test(`killed when ${share * 100} % are answered`, { timeout: 240000 }, async () => {
		const all = await prepare(round);
		let answered = 0;
		let reached;
		const enough = new Promise((resolve) => { reached = resolve; });
		const answers = all.map(async (one) => {
			const answer = await sendUntilServed(one.form);
			if (answer?.status === 303) {
				one.id = noteId(answer.location);
				if (++answered >= AT_ONCE * share) reached();
			} else if (answer) one.refused = answer.status;
		});
		await Promise.race([enough, Promise.all(answers)]);
		await server.kill();
		await Promise.all(answers);
		const kept = all.filter((one) => one.id);
		assert.ok(kept.length >= AT_ONCE * share && kept.length < AT_ONCE, `${kept.length} answered before the kill`);
		assert.deepEqual(all.filter((one) => one.refused).map((one) => one.refused), []);

		await server.start();
		const stranger = new Client(server);
		for (const one of kept) await whole(stranger, one.id, one);

		// Those without an answer: there whole, or not at all.
		const answeredIds = new Set(kept.map((one) => one.id));
		for (const author of authors) {
			let path = `/@${author.name}`;
			for (let turn = 0; path && turn < 20; turn++) {
				const page = (await stranger.get(path)).expect(200);
				for (const card of page.all('article.card')) {
					const id = card.id.replace('note-', '');
					const mark = /round(\d+)n\d+x/.exec(card.textContent);
					assert.ok(mark, `a card of something half: ${card.textContent}`);
					if (mark[1] !== String(round) || answeredIds.has(id)) continue;
					const one = all.find((other) => other.mark === mark[0]);
					assert.ok(!one.id, `${mark[0]} is there twice`);
					one.id = id;
					await whole(stranger, id, one);
				}
				path = page.document.querySelector('a[rel=next]')?.getAttribute('href');
			}
		}
		await until(() => idle(server), 'the jobs that were left are done', 120000);
		assert.equal(server.cli(['jobs', 'failed']).trim(), '');
		// The count of the topic is exact.
		const there = all.filter((one) => one.id).length;
		const seen = new Set();
		let path = '/topic/all';
		while (path) {
			const page = (await stranger.get(path)).expect(200);
			for (const card of page.all('article.card')) if (card.textContent.includes(`round${round}n`)) seen.add(card.id);
			path = page.document.querySelector('a[rel=next]')?.getAttribute('href');
		}
		assert.equal(seen.size, there);
	});
}
