// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One person does not take the place of all at the door: passwords are hashed by a few, the others are told when to
// come again, and pages go on meanwhile.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { newName, PASSWORD, person, publish } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

const PROXY = { 'trusted-proxies': '127.0.0.1' };
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// A browser behind the proxy, at an address of its own.
function at(server, address, language) {
	const client = new Client(server, { language });
	const plain = client.request.bind(client);
	client.request = (method, path, { headers = {}, body } = {}) => plain(method, path, { headers: { 'X-Forwarded-For': address, ...headers }, body });
	return client;
}

async function timed(question) {
	const from = Date.now();
	const answer = await question();
	return { answer, took: Date.now() - from };
}

test('fifty sign-ups at once: pages go on, and who has to wait is told how long', async () => {
	const server = await startServer(PROXY);
	try {
		const ann = await person(server, 'ann');
		const id = await publish(ann, { title: 'Read meanwhile' });
		const forms = [];
		for (let i = 0; i < 50; i++) {
			const client = at(server, `203.0.113.${i}`, i % 2 ? 'zh-CN' : 'en');
			forms.push((await client.get('/signup')).expect(200).form('/signup').fill({ name: newName('many'), password: PASSWORD, rules: true }));
		}
		let ended = false;
		const signups = Promise.all(forms.map((form) => form.send())).finally(() => { ended = true; });
		const pages = [];
		while (!ended) {
			for (const path of [`/note/${id}`, '/', `/@${ann.name}`, '/settings/privacy']) {
				const { answer, took } = await timed(() => ann.get(path));
				answer.expect(200);
				pages.push(took);
			}
			const form = (await ann.get(`/note/${id}`)).form(`/note/${id}/comment`).fill({ text: `Meanwhile ${pages.length}` });
			const { answer, took } = await timed(() => form.send());
			answer.expect(303);
			pages.push(took);
		}
		const answers = await signups;
		assert.ok(Math.max(...pages) < 4000, `a page took ${Math.max(...pages)} ms`);
		const busy = answers.filter((one) => one.status === 503);
		assert.ok(answers.every((one) => one.status === 303 || one.status === 503), answers.map((one) => one.status).join(' '));
		assert.ok(answers.length - busy.length >= 20, `${busy.length} of 50 were sent away`);
		for (const one of busy) {
			const seconds = Number(one.headers['retry-after']);
			assert.ok(seconds >= 1 && seconds <= 60, `Retry-After ${one.headers['retry-after']}`);
			assert.match(one.main, one.client.language === 'en' ? /try again in \d+ second/ : /请在 \d+ 秒后再试/);
		}
		// They were right to say that it passes.
		for (const one of busy.slice(0, 2)) {
			const again = (await one.client.get('/signup')).form('/signup').fill({ name: newName('again'), password: PASSWORD, rules: true });
			(await again.send()).expect(303);
		}
	} finally {
		await server.close();
	}
});
