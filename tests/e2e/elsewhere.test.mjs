// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two of one name, one of another server: each has a profile, a handle, followers and notes of its own, and nobody
// from elsewhere signs in here or takes a name.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { PASSWORD, comment, person, publish, signIn } from '../lib/people.mjs';
import { startServer, until } from '../lib/server.mjs';

const HOST = 'far.example:8443';
const FAR = 4611686018427000; // an id, as that of a note of theirs
const NOTE = FAR + 1;
let server;
let ann;
let ben;
let moderator;
let stranger;
let far; // the handle
let path;

const account = (id, name, display) => `INSERT INTO account (id, name, host, display, bio, role, standing, locale, reads, writes, topics, show_likes, welcomed,
	password, why, created, notes, followers, following, liked) VALUES (${id}, '${name}', '${HOST}', '${display}', '', 1, 0, '', '', '', '', 1, 1, '', '', 0, 1, 0, 0, 0);`;

before(async () => {
	server = await startServer();
	ann = await person(server, 'ann');
	ben = await person(server, 'ben');
	moderator = await person(server, 'mod', { role: 'moderator' });
	stranger = new Client(server);
	far = `@${ann.name}@${HOST}`;
	path = `/${far.replace(':', '%3A')}`;
	server.change(`${account(FAR, ann.name, 'Ann of Far')} ${account(FAR + 2, 'only_there', '')}
		INSERT INTO note (id, account, created, edited, visibility, language, sensitive, title, body, ratio, pictures, likes, comments, uri)
		VALUES (${NOTE}, ${FAR}, 0, 0, 0, 'en', 0, 'From far', 'To @${ben.name}.', 0, 0, 0, 0, 'https://${HOST}/notes/1');`);
});
after(() => server.close());

const hrefs = (page, selector) => page.all(selector).map((one) => one.getAttribute('href'));
const handles = async (client, address) => (await client.get(address)).expect(200).all('.person .handle').map((one) => one.textContent.trim());

test('each has a profile, which says whose it is', async () => {
	const there = (await stranger.get(path)).expect(200);
	assert.equal(there.one('.profile .handle').textContent.trim(), far);
	assert.equal(there.one('#profile-name').textContent.trim(), 'Ann of Far');
	assert.equal(there.one('link[rel=canonical]').getAttribute('href'), server.origin + path);
	assert.equal((await stranger.get(there.one('link[rel=shortlink]').getAttribute('href'))).expect(302).location, path);
	assert.deepEqual(hrefs(there, '.stats a'), [`${path}/following`, `${path}/followers`]);
	assert.equal((await stranger.get(`/${far.toUpperCase()}`)).expect(200).one('.profile .handle').textContent.trim(), far);
	const here = (await stranger.get(`/@${ann.name}`)).expect(200);
	assert.equal(here.one('.profile .handle').textContent.trim(), `@${ann.name}`);
	assert.ok(!here.text.includes(HOST) && !here.text.includes('Ann of Far'));
	for (const nobody of [`/@${ann.name}@`, `/@${ann.name}@elsewhere.example`, '/@only_there', `${path}@x`]) (await stranger.get(nobody)).expect(404);
	(await stranger.get(`/@only_there@${HOST}`)).expect(200);
});

test('their notes are notes here, under their handle', async () => {
	const card = (await stranger.get(path)).expect(200).one(`#note-${NOTE}`);
	assert.ok(card.querySelector(`a[href="/note/${NOTE}"]`));
	assert.equal(card.querySelector(`a[href="${path}"]`)?.textContent.includes('Ann of Far'), true);
	const note = (await stranger.get(`/note/${NOTE}`)).expect(200);
	assert.equal(note.one('.note-author').getAttribute('href'), path);
	assert.equal(note.one('.note-author .handle').textContent, far);
	const own = await publish(ann, { title: 'From here' });
	assert.ok(!(await stranger.get(path)).all('article.card').some((one) => one.id === `note-${own}`));
	assert.ok(!(await stranger.get(`/@${ann.name}`)).all('article.card').some((one) => one.id === `note-${NOTE}`));
});

test('what people write names people here', async () => {
	const id = await publish(ben, { title: 'Names', body: `@${ann.name}, ${far} @only_there` });
	const under = await comment(ben, id, `@${ann.name}`);
	const page = (await stranger.get(`/note/${id}`)).expect(200);
	assert.deepEqual([...page.one('.note .text').querySelectorAll('a.mention')].map((one) => one.getAttribute('href')), [`/@${ann.name}`]);
	assert.deepEqual(hrefs(page, `#comment-${under} .text a.mention`), [`/@${ann.name}`]);
});

test('a mention of theirs shows the handle', async () => {
	const id = await publish(ben, { title: 'Of both', body: 'With @friend.' });
	server.change(`INSERT INTO mention (account, note, author, reach, name) VALUES (${FAR}, ${id}, 0, 0, 'friend')`);
	const [link] = (await stranger.get(`/note/${id}`)).expect(200).all('.note .text a.mention');
	assert.deepEqual([link.getAttribute('href'), link.textContent], [path, far]);
});

test('each is followed alone, also by who was at the door', async () => {
	const press = (client, address) => client.get(address).then((page) => page.expect(200).form(`${address}/follow`).press('on', '1').send());
	(await press(ben, path)).expect(303);
	assert.deepEqual(await handles(ben, `/@${ben.name}/following`), [far]);
	assert.deepEqual(await handles(ben, `${path}/followers`), [`@${ben.name}`]);
	assert.deepEqual(await handles(ben, `/@${ann.name}/followers`), []);
	const guest = new Client(server);
	const door = await guest.get((await press(guest, path)).expect(303).location);
	assert.match(door.expect(200).one('h1').textContent, /Ann of Far/);
	(await door.form('/signin').fill({ name: moderator.name, password: PASSWORD }).send()).expect(303);
	assert.deepEqual(await handles(ben, `${path}/followers`), [`@${ben.name}`, `@${moderator.name}`]);
	assert.deepEqual(await handles(ben, `/@${ann.name}/followers`), []);
});

test('they do not sign in, and their names are free', async () => {
	const enter = async (name) => (await (await stranger.get('/signin')).form('/signin').fill({ name, password: PASSWORD }).send()).status;
	assert.equal(await enter(far), 422);
	assert.equal(await enter('only_there'), 422);
	assert.equal(server.command(['account', 'password', far], 'correct horse battery\n').status === 0, false);
	assert.equal(server.command(['account', 'role', far, 'admin']).status === 0, false);
	server.cli(['account', 'create', 'only_there', '--password-stdin'], `${PASSWORD}\n`);
	await signIn(server, 'only_there');
	assert.equal((await stranger.get('/@only_there')).expect(200).one('.profile .handle').textContent.trim(), '@only_there');
	assert.notEqual(server.command(['account', 'create', ann.name, '--password-stdin'], `${PASSWORD}\n`).status, 0);
});

test('moderators tell them apart', async () => {
	const [report] = hrefs((await ben.get(path)).expect(200), 'a[href^="/report"]');
	const form = (await ben.get(report)).expect(200);
	assert.ok(form.main.includes(`Ann of Far ${far}`));
	(await form.form('/report').fill({ reason: 'spam' }).send()).expect(303);
	const about = `/moderation/account/${path.slice(2)}`;
	assert.ok((await moderator.get('/moderation')).expect(200).text.includes('Ann of Far'));
	assert.equal((await moderator.get(about)).expect(200).one('.facts .handle').textContent, far);
	assert.deepEqual(hrefs((await moderator.get(`/moderation/accounts?name=${encodeURIComponent(far)}`)).expect(200), '.report-line a'), [about]);
	assert.ok(!(await moderator.get(`/moderation/accounts?name=${ann.name}`)).expect(200).main.includes(HOST));
	assert.match(server.cli(['account', 'list']), new RegExp(`^${far}\\s`, 'm'));
	server.cli(['account', 'suspend', far]);
	await until(async () => (await stranger.get(`/note/${NOTE}`)).status === 404, 'their notes gone');
	assert.ok((await stranger.get(`/@${ann.name}`)).expect(200).main.includes('From here'));
});
