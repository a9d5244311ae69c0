// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What rank opens is judged from the account as it is now: a page that was open a moment ago is shut to a moderator or
// an admin who was suspended or lost the role, by the command line too, which is another process.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { person, publish } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let ann;
before(async () => {
	server = await startServer();
	ann = await person(server, 'ann');
});
after(() => server.close());

// Every row that rank opens, as the program lists them.
function rows() {
	const list = server.cli(['routes']).split('\n').filter((line) => /\/moderation|\/admin/.test(line));
	return list.map((line) => {
		const method = /\b(GET|POST|PUT|PATCH|DELETE)\b/.exec(line)[1];
		return { method, path: /(\/\S*)/.exec(line)[1].replace(':id', '1').replace(':name', ann.name) };
	});
}

const CHANGES = [
	['a suspended moderator', 'moderator', (name) => ['account', 'suspend', name]],
	['a suspended admin', 'admin', (name) => ['account', 'suspend', name]],
	['a moderator made a member', 'moderator', (name) => ['account', 'role', name, 'member']],
	['an admin made a member', 'admin', (name) => ['account', 'role', name, 'member']],
];

for (const [what, role, change] of CHANGES) {
	test(`${what} opens nothing that rank opens, from that moment on`, async () => {
		const all = rows();
		assert.ok(all.length >= 10, `only ${all.length} rows`);
		const one = await person(server, 'rank', { role });
		(await one.get('/moderation')).expect(200);
		if (role === 'admin') (await one.get('/admin')).expect(200);
		const token = await one.csrf();
		if (role === 'admin') await person(server, 'stays', { role }); // the last one cannot be suspended
		server.cli(change(one.name));
		for (const { method, path } of all) {
			const answer = method === 'GET' ? await one.get(path)
				: await one.request(method, path, { headers: { 'X-CSRF-Token': token, 'Content-Type': 'application/x-www-form-urlencoded' }, body: Buffer.from('name=x') });
			assert.equal(answer.status, 403, `${method} ${path}: ${answer.status}`);
			assert.doesNotMatch(answer.text, /href="\/(moderation|admin)/, `${method} ${path} shows the way`);
		}
		const page = (await one.get('/about')).expect(200);
		assert.doesNotMatch(page.text, /href="\/(moderation|admin)/, 'the menu forgot it');
	});
}

test('a moderator who became an admin gets in at once; restored, a moderator is one again', async () => {
	const one = await person(server, 'rises', { role: 'moderator' });
	(await one.get('/admin')).expect(403);
	server.cli(['account', 'role', one.name, 'admin']);
	(await one.get('/admin')).expect(200);
	server.cli(['account', 'suspend', one.name]);
	(await one.get('/moderation')).expect(403);
	server.cli(['account', 'restore', one.name]);
	(await one.get('/moderation')).expect(200);
});

test('somebody suspended by the command line does nothing from pages that were open', async () => {
	const one = await person(server, 'open');
	const id = await publish(ann, { title: 'Theirs' });
	await publish(one, { title: 'Before' });
	const forms = [
		(await one.get('/publish')).form('/publish').fill({ title: 'After', body: 'x' }),
		(await one.get(`/note/${id}`)).form(`/note/${id}/like`).press('on', '1'),
		(await one.get(`/note/${id}`)).form(`/note/${id}/comment`).fill({ text: 'After' }),
		(await one.get(`/@${ann.name}`)).form(`/@${ann.name}/follow`).press('on', '1'),
	];
	server.cli(['account', 'suspend', one.name]);
	for (const form of forms) (await form.send()).expect(403, 422);
	const page = (await ann.get(`/note/${id}`)).expect(200);
	assert.doesNotMatch(page.main, /After/);
	assert.equal(page.one(`form[action="/note/${id}/like"] .count`).getAttribute('data-count'), '0');
});
