// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A community moves from SQLite to PostgreSQL and back by the commands of docs/hosting.md; people stay signed in.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { like, mediaOf, person, publish } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { DATABASE, Server, until } from '../lib/server.mjs';

const skip = DATABASE !== 'postgres' && 'there is nowhere to move';

// Stops one, starts the other with what was there; whoever was signed in has only been waiting.
async function move(from, to, people) {
	const file = join(from.dir, 'move.tar');
	await from.stop();
	from.cli(['backup', file]);
	to.cli(['restore', file]);
	to.options.url = from.options.url;
	await to.start();
	for (const one of people) one.server = to;
	assert.match(to.cli(['doctor']), /database/);
}

test('from SQLite to PostgreSQL, and back', { skip }, async (t) => {
	const [small, large, again] = [new Server({ url: 'http://moving.example.org' }), new Server(), new Server()];
	t.after(async () => { for (const server of [small, large, again]) await server.close(); });
	for (const one of [small, again]) one.database = null;
	await small.start();
	const [ann, ben] = [await person(small, 'ann'), await person(small, 'ben')];
	const id = await publish(ann, { title: 'Goes along', pictures: [picture(420, 520)] });
	await like(ben, id);
	const shown = async (server) => {
		const stranger = new Client(server);
		const page = await until(async () => {
			const now = (await stranger.get(`/note/${id}`)).expect(200);
			return now.all('.slide img').length && now;
		}, 'the picture');
		assert.match(page.main, /Goes along/);
		assert.equal(page.one(`form[action="/note/${id}/like"] .count`).getAttribute('data-count'), '1');
		for (const path of mediaOf({ text: page.one('.stage').innerHTML })) (await stranger.get(path)).expect(200);
	};
	await shown(small);
	for (const [from, to] of [[small, large], [large, again]]) {
		await move(from, to, [ann, ben]);
		await shown(to);
		await publish(ann, { title: 'Written after the move' }); // still signed in
		assert.match((await ben.get('/')).expect(200).text, /Goes along/);
	}
});
