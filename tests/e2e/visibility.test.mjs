// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who may see what: every visibility for every kind of reader, the page, the feeds, the pictures; comments of their
// own visibility; pictures of a note that was public once.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { befriend, comment, follow, like, mediaOf, person, publish } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { idle, startServer, until } from '../lib/server.mjs';

const READERS = ['stranger', 'member', 'follower', 'mutual', 'mentioned', 'author'];
// Who sees the page and the pictures of a note of that visibility.
const SEES = {
	public: ['stranger', 'member', 'follower', 'mutual', 'mentioned', 'author'],
	unlisted: ['stranger', 'member', 'follower', 'mutual', 'mentioned', 'author'],
	followers: ['follower', 'mutual', 'mentioned', 'author'],
	mutuals: ['mutual', 'mentioned', 'author'],
	mentioned: ['mentioned', 'author'],
	me: ['author'],
};
const VALUE = { public: 'public', unlisted: 'unlisted', followers: 'followers', mutuals: 'mutual', mentioned: 'mentioned', me: 'me' };

let server;
const as = {};
const notes = {};
const media = {};

before(async () => {
	server = await startServer();
	as.stranger = new Client(server);
	for (const who of READERS.slice(1)) as[who] = await person(server, who);
	await follow(as.follower, as.author.name);
	await befriend(as.mutual, as.author);
	const choices = (await as.author.get('/publish')).form('/publish').choices('visibility');
	for (const kind of Object.keys(SEES)) {
		const value = choices.find((choice) => choice === VALUE[kind]) ?? choices[Object.keys(SEES).indexOf(kind)];
		notes[kind] = await publish(as.author, { title: `For ${kind}`, body: `@${as.mentioned.name} #matrix${kind}`, visibility: value, pictures: [picture(400, 500)] });
		VALUE[kind] = value;
	}
	for (const kind of Object.keys(SEES)) {
		const page = await until(async () => {
			const now = await as.author.get(`/note/${notes[kind]}`);
			return now.all('.slide img').length && now;
		}, 'the picture');
		media[kind] = mediaOf({ text: page.one('.stage').innerHTML });
		assert.ok(media[kind].length >= 1);
	}
});
after(() => server.close());

for (const kind of Object.keys(SEES)) {
	test(`${kind}: the page and its pictures`, async () => {
		for (const who of READERS) {
			const sees = SEES[kind].includes(who);
			const page = await as[who].get(`/note/${notes[kind]}`);
			assert.equal(page.status, sees ? 200 : 404, `${who}: page`);
			if (!sees) assert.ok(!page.text.includes(`For ${kind}`));
			for (const address of media[kind]) {
				const file = await as[who].get(address);
				assert.equal(file.status, sees ? 200 : 404, `${who}: ${address}`);
				if (!sees) continue;
				const open = kind === 'public' || kind === 'unlisted';
				assert.match(file.headers['cache-control'], open ? /public.*immutable/ : /private, no-store/);
				if (!open) assert.equal(file.headers.etag, undefined);
			}
		}
	});

	test(`${kind}: profile, explore, topic, following`, async () => {
		await until(async () => (await as.stranger.get('/')).all(`#note-${notes.public}`).length, 'explore');
		const holds = async (who, path) => (await as[who].get(path)).expect(200, 302, 404).all(`#note-${notes[kind]}`).length === 1;
		for (const who of READERS) {
			assert.equal(await holds(who, '/'), kind === 'public', `${who}: explore`);
			assert.equal(await holds(who, `/topic/matrix${kind}`), kind === 'public', `${who}: topic`);
			if (who !== 'stranger') {
				const expected = SEES[kind].includes(who) && ['follower', 'mutual', 'author'].includes(who);
				assert.equal(await holds(who, '/following'), expected, `${who}: following`);
			}
			if (kind !== 'unlisted') assert.equal(await holds(who, `/@${as.author.name}`), SEES[kind].includes(who), `${who}: profile`);
		}
	});

	test(`${kind}: only who sees it likes and comments`, async () => {
		for (const who of READERS.slice(1)) {
			const sees = SEES[kind].includes(who);
			const liked = await as[who].call('POST', `/note/${notes[kind]}/like`, { form: { on: '1' } });
			assert.equal(liked.status < 300, sees, `${who}: like ${liked.status}`);
			const said = await as[who].call('POST', `/note/${notes[kind]}/comment`, { form: { text: `by ${who}`, parent: '' } });
			assert.equal(said.status < 400, sees, `${who}: comment ${said.status}`);
			if (!sees) assert.equal(said.status, 404);
		}
	});
}

test('a comment is never wider than its note, and may be narrower', async () => {
	const id = notes.followers;
	const answer = await as.follower.call('POST', `/note/${id}/comment`, { form: { text: 'Wide?', parent: '', visibility: VALUE.public } });
	if (answer.status < 400) {
		for (const who of ['stranger', 'member']) assert.ok(!(await as[who].get(`/note/${id}`)).text.includes('Wide?'));
	}
	(await as.mutual.call('POST', `/note/${notes.public}/comment`, { form: { text: 'A whisper', parent: '', visibility: VALUE.me } })).expect(200, 201, 303);
	assert.ok((await as.mutual.get(`/note/${notes.public}`)).text.includes('A whisper'));
	for (const who of ['stranger', 'member', 'follower']) assert.ok(!(await as[who].get(`/note/${notes.public}`)).text.includes('A whisper'), who);
});

test('an answer to a whisper stays between the two', async () => {
	const id = notes.public;
	const whisper = await comment(as.mutual, id, 'For your eyes', { visibility: VALUE.me });
	const answer = await comment(as.author, id, 'Only between us', { parent: whisper });
	for (const who of ['mutual', 'author']) {
		const page = await as[who].get(`/note/${id}?answers=${whisper}`);
		assert.equal(page.expect(200).all(`#comment-${answer}`).length, 1, who);
	}
	for (const who of ['stranger', 'member', 'follower']) {
		assert.ok(!(await as[who].get(`/note/${id}`)).text.includes('Only between us'), who);
		(await as[who].get(`/note/${answer}`)).expect(404);
	}
	assert.equal((await as.mutual.get(`/note/${id}?answers=${whisper}`)).all(`#comment-${whisper} > .comment-main .comment-circle`).length, 1);
});

test('public once: as soon as it is private a stranger gets neither page nor picture', async () => {
	const id = await publish(as.author, { title: 'Was public', visibility: VALUE.public, pictures: [picture(420, 520)] });
	const page = await until(async () => {
		const now = await as.stranger.get(`/note/${id}`);
		return now.all('.slide img').length && now;
	});
	const addresses = mediaOf({ text: page.one('.stage').innerHTML });
	const tags = [];
	for (const address of addresses) tags.push((await as.stranger.get(address)).expect(200).headers.etag);
	(await (await as.author.get(`/note/${id}/edit`)).form(`/note/${id}/edit`).fill({ visibility: VALUE.me }).send()).expect(303);
	for (const [i, address] of addresses.entries()) {
		for (const who of READERS.slice(0, 5)) {
			(await as[who].get(address)).expect(404);
			(await as[who].get(address, { 'If-None-Match': tags[i] ?? '"x"' })).expect(404);
			(await as[who].get(address, { Range: 'bytes=0-9' })).expect(404);
			(await as[who].request('HEAD', address)).expect(404);
		}
		(await as.author.get(address)).expect(404); // a cache on the way has it under this address, and nobody else
	}
	const nameOf = (address) => address.split('/')[2];
	const shown = async () => mediaOf({ text: (await as.author.get(`/note/${id}`)).one('.stage').innerHTML });
	const own = await shown();
	const name = nameOf(own[0]);
	assert.notEqual(name, nameOf(addresses[0]));
	for (const address of own) {
		assert.equal(nameOf(address), name);
		assert.match((await as.author.get(address)).expect(200).headers['cache-control'], /private, no-store/);
		(await as.stranger.get(address)).expect(404);
	}
	// Narrowed once more it keeps its names: nobody could keep them. The files of the old ones are gone.
	(await (await as.author.get(`/note/${id}/edit`)).form(`/note/${id}/edit`).fill({ visibility: VALUE.followers }).send()).expect(303);
	(await (await as.author.get(`/note/${id}/edit`)).form(`/note/${id}/edit`).fill({ visibility: VALUE.me }).send()).expect(303);
	assert.equal(nameOf((await shown())[0]), name);
	const folder = (address) => join(server.data, 'media', nameOf(address).slice(0, 2), nameOf(address));
	await until(() => addresses.every((address) => !existsSync(folder(address))), 'the old files are gone');
	assert.ok(own.every((address) => existsSync(folder(address))));
	(await as.stranger.get(`/note/${id}`)).expect(404);
	assert.equal((await as.stranger.get('/')).all(`#note-${id}`).length, 0);
	await server.restart();
	for (const address of addresses) (await as.stranger.get(address)).expect(404);
});

test('unfollowing closes what followers see; following opens it', async () => {
	const late = await person(server, 'late');
	(await late.get(media.followers[0])).expect(404);
	await follow(late, as.author.name);
	(await late.get(media.followers[0])).expect(200);
	(await late.get(`/note/${notes.followers}`)).expect(200);
	await follow(late, as.author.name, '0');
	(await late.get(media.followers[0])).expect(404);
	(await late.get(`/note/${notes.followers}`)).expect(404);
});

test('what one likes is hidden from others unless shown, and never shows what they may not see', async () => {
	const fan = await person(server, 'fan');
	await like(fan, notes.public);
	(await as.stranger.get(`/@${fan.name}/likes`)).expect(403, 404);
	assert.equal((await fan.get(`/@${fan.name}/likes`)).expect(200).all(`#note-${notes.public}`).length, 1);
	(await (await fan.get('/settings/privacy')).form('/settings/privacy').fill({ likes: true }).send()).expect(303);
	assert.equal((await as.stranger.get(`/@${fan.name}/likes`)).expect(200).all(`#note-${notes.public}`).length, 1);
	await like(as.mutual, notes.mutuals);
	(await (await as.mutual.get('/settings/privacy')).form('/settings/privacy').fill({ likes: true }).send()).expect(303);
	assert.equal((await as.member.get(`/@${as.mutual.name}/likes`)).expect(200).all(`#note-${notes.mutuals}`).length, 0);
});

test('a mention in a comment lets nobody in', async () => {
	await comment(as.author, notes.me, `Look, @${as.member.name}`);
	(await as.member.get(`/note/${notes.me}`)).expect(404);
	await until(() => idle(server), 'all jobs done');
	assert.equal((await as.member.get('/notifications')).expect(200).all(`a[href*="/note/${notes.me}"]`).length, 0);
});
