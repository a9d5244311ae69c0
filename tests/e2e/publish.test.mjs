// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Publishing text and pictures with and without scripts, editing, deleting, bad input.

import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { comment, mediaOf, noteId, person, publish } from '../lib/people.mjs';
import { picture, png } from '../lib/pictures.mjs';
import { startServer, until } from '../lib/server.mjs';

let server;
let author;
let stranger;
before(async () => {
	server = await startServer();
	author = await person(server, 'author');
	stranger = new Client(server);
});
after(() => server.close());

const note = async (id, client = stranger) => (await client.get(`/note/${id}`)).expect(200);

// One file to the server in pieces, the way upload.js does; what the last answer says of the picture.
async function upload(client, bytes, piece = 1 << 20) {
	const opened = (await client.call('POST', '/upload', { headers: { 'Upload-Length': String(bytes.length), 'Upload-Name': 'a.png' } })).expect(201).json;
	let { offset } = opened;
	for (;;) {
		const answer = await client.call('PATCH', `/upload/${opened.id}`, { body: bytes.subarray(offset, offset + piece), headers: { 'Upload-Offset': String(offset) } });
		answer.expect(200);
		offset = answer.json.offset;
		if (answer.json.media) return answer.json.media;
		assert.ok(offset < bytes.length, 'the last piece answers with the picture');
	}
}

async function publishMedia(client, media, more = {}) {
	const form = (await client.get('/publish')).form('/publish').fill({ title: 'Pictures', ...more.fields });
	for (const id of media) form.pairs.push(['media', id]);
	for (const alt of more.alts ?? media.map(() => '')) form.pairs.push(['alt', alt]);
	if (more.cover) form.force('cover', more.cover);
	if (more.crop) form.force('crop', more.crop);
	return form.send();
}

test('a text: title, body, topics and mentions in any script; the author sees it at once everywhere', async () => {
	const other = await person(server, 'named');
	const id = await publish(author, { title: '周末的面包 & <b>bread</b>', body: `第一段 #面包 #Sourdough\nсо всеми @${other.name}\n\n<script>alert(1)</script> https://example.org/?a=1&b=2` });
	const page = await note(id);
	assert.equal(page.one('h1.note-title').textContent.trim(), '周末的面包 & <b>bread</b>');
	const text = page.one('.note .text');
	assert.ok(text.textContent.includes('<script>alert(1)</script>'));
	assert.equal(text.querySelectorAll('script').length, 0);
	assert.deepEqual([...text.querySelectorAll('a.topic')].map((a) => decodeURI(a.getAttribute('href'))), ['/topic/面包', '/topic/sourdough']);
	assert.equal(text.querySelector('a.mention').getAttribute('href'), `/@${other.name}`);
	assert.match(text.querySelector('a[href^="https://example.org"]').getAttribute('rel'), /nofollow/);
	for (const path of ['/', '/following', `/@${author.name}`, '/topic/面包', '/topic/SOURDOUGH']) {
		const there = async () => (await author.get(path)).expect(200).all(`#note-${id}`).length === 1;
		// Explore is ordered anew once a second; everywhere else the author sees it at once.
		if (path === '/') await until(there, 'explore');
		else assert.ok(await there(), path);
	}
	assert.match(page.one('time').getAttribute('datetime'), /^\d{4}-\d\d-\d\dT/);
});

test('a text alone is a typographic card', async () => {
	const id = await publish(author, { title: '', body: 'Only these words.' });
	const card = (await stranger.get(`/@${author.name}`)).one(`#note-${id}`);
	assert.match(card.querySelector('.card-cover').getAttribute('class'), /\bwords\b/);
	assert.equal(card.querySelector('.card-cover').textContent.trim(), 'Only these words.');
	assert.equal((await note(id)).all('.stage').length, 0);
});

test('pictures without scripts: in order, with sizes, renditions and a cover', async () => {
	const id = await publish(author, { title: 'Three', ratio: '1:1', pictures: [picture(600, 800), picture(800, 600), picture(500, 500)], cover_number: '2' });
	const page = await until(async () => {
		const now = await note(id);
		return now.all('.slide img').length === 3 && now;
	}, 'three pictures');
	assert.deepEqual(page.all('.slide img').map((img) => `${img.getAttribute('width')}x${img.getAttribute('height')}`), ['800x600', '600x800', '500x500'], 'the cover comes first');
	const card = await until(async () => {
		const found = (await stranger.get(`/@${author.name}`)).one(`#note-${id}`);
		const img = found.querySelector('img');
		return img.getAttribute('width') === img.getAttribute('height') && found;
	}, 'the cover');
	assert.match(card.getAttribute('class'), /ratio-1x1/);
	for (const address of mediaOf(page)) {
		const file = (await stranger.get(address)).expect(200);
		assert.match(file.headers['content-type'], /^image\/(webp|jpeg)$/);
		assert.match(file.headers['cache-control'], /public.*immutable/);
		const jpeg = file.body[0] === 0xff && file.body[1] === 0xd8;
		assert.ok(jpeg || file.body.toString('latin1', 8, 12) === 'WEBP', address);
	}
});

test('one upload in pieces answers with the picture; alternative text, cover and crop are kept', async () => {
	const media = [];
	for (let i = 0; i < 2; i++) media.push((await upload(author, png(700, 900, 200), 300000)).id);
	const answer = await publishMedia(author, media, { alts: ['A first "alt" & more', '第二张'], cover: media[1], crop: '0,100,1000,700', fields: { ratio: '4:3' } });
	const id = noteId(answer.expect(303).location);
	const page = await note(id);
	assert.deepEqual(page.all('.slide img').map((img) => img.getAttribute('alt')), ['第二张', 'A first "alt" & more']);
	const card = await until(async () => {
		const found = (await stranger.get(`/@${author.name}`)).one(`#note-${id}`);
		return /\.webp/.test(found.querySelector('img').getAttribute('src')) && found;
	});
	assert.match(card.getAttribute('class'), /ratio-4x3/);
	assert.equal(card.querySelector('img').getAttribute('alt'), '第二张');
});

// Sends the head and a part of the body, then hangs up.
function cutPatch(client, id, bytes, sent) {
	return new Promise((resolve, reject) => {
		const socket = net.connect(client.server.port, '127.0.0.1', () => {
			socket.write(`PATCH /upload/${id} HTTP/1.1\r\nHost: x\r\nCookie: ${client.cookieHeader}\r\nX-CSRF-Token: ${client.token}\r\n`
				+ `Sec-Fetch-Site: same-origin\r\nAccept: application/json\r\nUpload-Offset: 0\r\nContent-Type: application/octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`);
			socket.write(bytes.subarray(0, sent), () => socket.end(() => socket.destroySoon()));
		});
		socket.once('error', reject);
		socket.once('close', resolve);
	});
}

test('a cut connection: the upload goes on where it broke off', async () => {
	await author.csrf();
	const bytes = png(900, 900, 200);
	assert.ok(bytes.length > 400000);
	const { id } = (await author.call('POST', '/upload', { headers: { 'Upload-Length': String(bytes.length), 'Upload-Name': 'cut.png' } })).expect(201).json;
	await cutPatch(author, id, bytes, 250000);
	const offset = await until(async () => (await author.call('GET', `/upload/${id}`)).expect(200).json.offset, 'what arrived is kept');
	assert.ok(offset > 0 && offset <= 250000, String(offset));
	const wrong = await author.call('PATCH', `/upload/${id}`, { body: bytes.subarray(0, 10), headers: { 'Upload-Offset': String(offset + 1) } });
	assert.equal(wrong.expect(409).json.offset ?? offset, offset);
	await server.restart();
	const rest = await author.call('PATCH', `/upload/${id}`, { body: bytes.subarray(offset), headers: { 'Upload-Offset': String(offset) } });
	const media = rest.expect(200).json.media;
	const note2 = noteId((await publishMedia(author, [media.id])).expect(303).location);
	assert.equal((await note(note2)).all('.slide img').length, 1);
});

test('an upload is its owner’s alone, and so is its picture', async () => {
	const other = await person(server, 'thief');
	const opened = (await author.call('POST', '/upload', { headers: { 'Upload-Length': '1000', 'Upload-Name': 'x.png' } })).expect(201).json;
	(await other.call('GET', `/upload/${opened.id}`)).expect(404);
	(await other.call('PATCH', `/upload/${opened.id}`, { body: Buffer.alloc(10), headers: { 'Upload-Offset': '0' } })).expect(404);
	const media = await upload(author, png());
	(await publishMedia(other, [media.id])).expect(422);
	(await other.get(media.url)).expect(404);
	(await author.get(media.url)).expect(200);
});

test('uploads with faults: clear answers', async () => {
	for (const [length, status] of [['0', 422], ['x', 422], [String((60 << 20) + 1), 413], ['-5', 422]]) {
		const answer = await author.call('POST', '/upload', { headers: { 'Upload-Length': length, 'Upload-Name': 'x' } });
		assert.ok(answer.status === status || (answer.status >= 400 && answer.status < 500), `${length}: ${answer.status}`);
		assert.ok(answer.json.error.length > 10);
	}
	(await author.call('GET', '/upload/1')).expect(404);
	(await author.call('GET', '/upload/nonsense')).expect(404);
	(await stranger.request('POST', '/upload', { headers: { Accept: 'application/json', 'Upload-Length': '10' } })).expect(401, 403);
	const { id } = (await author.call('POST', '/upload', { headers: { 'Upload-Length': '5', 'Upload-Name': 'x' } })).json;
	(await author.call('PATCH', `/upload/${id}`, { body: Buffer.alloc(50), headers: { 'Upload-Offset': '0' } })).expect(400, 413, 422);
});

test('bad input: 422, a sentence, and everything typed is still there', async () => {
	const body = 'Kept <text> & "quotes"';
	for (const values of [{ title: 'x'.repeat(101), body }, { title: 'A title', body: 'y'.repeat(5001) }, { title: '', body: '' }]) {
		const answer = await (await author.get('/publish')).form('/publish').fill({ visibility: 'unlisted', ...values }).send();
		answer.expect(422);
		const form = answer.form('/publish');
		assert.equal(form.value('title'), values.title);
		assert.equal(form.value('body'), values.body);
		assert.equal(form.value('visibility'), 'unlisted');
		assert.ok(answer.all('.error, [role=alert]').some((one) => one.textContent.trim().length > 5));
	}
	const exact = await publish(author, { title: '长'.repeat(100), body: '文'.repeat(5000) });
	const title = (await note(exact)).one('h1.note-title');
	assert.equal(title.textContent.trim(), '长'.repeat(100));
	assert.equal(title.getAttribute('lang'), 'zh-Hans');
});

test('too many pictures, and a file that is none', async () => {
	const many = await (await author.get('/publish')).form('/publish').fill({ title: 'Too many', pictures: Array.from({ length: 19 }, () => picture(20, 20)) }).send();
	many.expect(413, 422);
	const answer = await (await author.get('/publish')).form('/publish').fill({ title: 'Kept title', pictures: [picture(), { file: 'a.jpg', type: 'image/jpeg', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }] }).send();
	answer.expect(422);
	assert.equal(answer.form('/publish').value('title'), 'Kept title');
	assert.match(answer.main, /a\.jpg: This is an SVG drawing, which can’t be opened here/);
});

test('a form sent twice publishes once', async () => {
	const form = (await author.get('/publish')).form('/publish').fill({ title: 'Only once', body: 'Impatient finger.' });
	const [one, two] = await Promise.all([form.send(), form.send()]);
	assert.equal(noteId(one.expect(303).location), noteId(two.expect(303).location));
	assert.equal((await stranger.get(`/@${author.name}`)).all('.card-title').filter((title) => title.textContent.trim() === 'Only once').length, 1);
});

test('sensitive: the picture stands behind a veil, on the card and on the page', async () => {
	const id = await publish(author, { title: 'Veiled', sensitive: true, pictures: [picture()] });
	assert.match((await stranger.get(`/@${author.name}`)).one(`#note-${id} .card-cover`).getAttribute('class'), /card-veil/);
	assert.equal((await note(id)).all('details.veil').length, 1);
});

test('edit: text, order, removal, language, visibility; only the author may', async () => {
	const other = await person(server, 'other');
	const id = await publish(author, { title: 'Before', body: 'Old #oldtopic', pictures: [picture(300, 300), picture(310, 310), picture(320, 320)] });
	await until(async () => (await note(id)).all('.slide img').length === 3);
	(await other.get(`/note/${id}/edit`)).expect(403, 404);
	const form = (await author.get(`/note/${id}/edit`)).expect(200).form(`/note/${id}/edit`);
	assert.equal(form.value('title'), 'Before');
	assert.equal(form.value('body'), 'Old #oldtopic');
	const media = form.values('media');
	assert.equal(media.length, 3);
	const removed = mediaOf(await note(id));
	form.fill({ title: 'After', body: 'New #newtopic', language: 'ja' });
	form.pairs = form.pairs.filter(([key]) => !['media', 'alt', 'position', 'cover', 'remove'].includes(key));
	for (const one of [media[2], media[0]]) form.pairs.push(['media', one], ['alt', `alt of ${one}`]);
	form.pairs.push(['cover', media[2]]);
	(await form.send()).expect(303);
	const page = await note(id);
	assert.equal(page.one('h1.note-title').textContent.trim(), 'After');
	assert.equal(page.one('h1.note-title').getAttribute('lang'), 'ja');
	assert.deepEqual(page.all('.slide img').map((img) => img.getAttribute('width')), ['320', '300']);
	const kept = new Set(mediaOf(page));
	const gone = removed.filter((address) => ![...kept].some((one) => one.split('/')[2] === address.split('/')[2]));
	assert.ok(gone.length > 0);
	await until(async () => (await stranger.get(gone[0])).status === 404, 'the removed picture is gone');
	assert.equal((await stranger.get('/topic/newtopic')).all(`#note-${id}`).length, 1);
	assert.equal((await stranger.get('/topic/oldtopic')).all(`#note-${id}`).length, 0);
	const stolen = (await other.get('/publish')).form('/publish');
	stolen.action = `/note/${id}/edit`;
	(await stolen.fill({ title: 'Stolen' }).send()).expect(403, 404);
	assert.equal((await note(id)).one('h1.note-title').textContent.trim(), 'After');
});

test('edit with faults keeps what was typed and changes nothing', async () => {
	const id = await publish(author, { title: 'Stays', body: 'As it was' });
	const answer = await (await author.get(`/note/${id}/edit`)).form(`/note/${id}/edit`).fill({ title: 't'.repeat(101), body: 'typed' }).send();
	answer.expect(422);
	assert.equal(answer.form(`/note/${id}/edit`).value('body'), 'typed');
	assert.equal((await note(id)).one('h1.note-title').textContent.trim(), 'Stays');
});

test('delete: asked first, then note, comments, pictures are gone for everyone', async () => {
	const other = await person(server, 'reader');
	const id = await publish(author, { title: 'Short life', body: '#shortlife', pictures: [picture()] });
	const page = await until(async () => {
		const now = await note(id);
		return mediaOf(now).length && now;
	});
	const mine = mediaOf(page).filter((address) => address.endsWith('.webp') || address.includes('master'));
	await comment(other, id, 'Nice while it lasts');
	(await other.get(`/note/${id}/delete`)).expect(403, 404);
	const ask = (await author.get(`/note/${id}/delete`)).expect(200);
	(await ask.form(`/note/${id}/delete`).send()).expect(303);
	for (const client of [stranger, other, author]) (await client.get(`/note/${id}`)).expect(404, 410);
	assert.equal((await stranger.get(`/@${author.name}`)).all(`#note-${id}`).length, 0);
	assert.equal((await stranger.get('/')).all(`#note-${id}`).length, 0);
	for (const address of mine) await until(async () => (await stranger.get(address)).status === 404, address);
});
