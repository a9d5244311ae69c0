// SPDX-License-Identifier: AGPL-3.0-or-later
//
// When the disk runs short: nobody can take it all by uploads that never end, the reserve is left alone, and on a disk
// without a free byte people still sign in, read, delete and moderate.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { comment, person, publish, signIn } from '../lib/people.mjs';
import { picture, png } from '../lib/pictures.mjs';
import { Server, idle, until } from '../lib/server.mjs';
import { SmallDisk } from '../lib/small.mjs';

const JSON_ANSWER = { Accept: 'application/json' };
const open = (client, length) => client.call('POST', '/upload', { headers: { 'Upload-Length': String(length), ...JSON_ANSWER } });
const claimed = async (client) => Number(/^uploads_claimed_bytes (\d+)$/m.exec((await client.get('/metrics')).text)[1]);

async function timed(work) {
	const from = Date.now();
	await work();
	return Date.now() - from;
}

// A request whose body stops short of its end and stays silent. Resolves to what the server says until it is closed.
function silentRequest(client, head, length, sent) {
	const socket = net.connect(client.server.port, '127.0.0.1');
	let said = '';
	socket.on('data', (bytes) => { said += bytes.toString('latin1'); });
	socket.on('error', () => {});
	socket.write(`${head} HTTP/1.1\r\nHost: x\r\nCookie: ${client.cookieHeader}\r\nX-CSRF-Token: ${client.token}\r\n`
		+ `Sec-Fetch-Site: same-origin\r\nAccept: application/json\r\nContent-Length: ${length}\r\n`);
	socket.write(sent);
	return { get said() { return said; }, end: () => socket.destroy(), more: (bytes) => socket.write(bytes), get status() { return Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0); } };
}

describe('a small disk', () => {
	const disk = new SmallDisk(64);
	if (disk.why) {
		test('on a small file system', { skip: disk.why });
		return;
	}
	let server;
	let member;
	let other;
	let reader;
	before(async () => {
		server = new Server();
		server.data = join(disk.dir, 'data');
		await server.start();
		member = await person(server, 'member');
		other = await person(server, 'other');
		reader = new Client(server);
	});
	after(async () => {
		await server.close();
		disk.close();
	});

	test('27 silent uploads of one member leave room for the others, who publish as quickly as before', async () => {
		const withPicture = () => publish(other, { title: 'Meanwhile', pictures: [picture(600, 800)] });
		const usual = Math.max(await timed(withPicture), await timed(withPicture));
		const size = 3 << 20;
		const most = png(1200, 1000, 255).subarray(0, size - 100000);
		const attack = [];
		for (let i = 0; i < 27; i++) {
			if (i % 3 === 2) {
				attack.push(silentRequest(member, 'POST /publish', size, Buffer.concat([
					Buffer.from('Content-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\nContent-Disposition: form-data; name="pictures"; filename="a.png"\r\n\r\n'), most])));
				continue;
			}
			const opened = await open(member, size);
			assert.ok([201, 429, 507].includes(opened.status), opened.text);
			const id = opened.status === 201 ? opened.json.id : '1';
			attack.push(silentRequest(member, `PATCH /upload/${id}`, size, Buffer.concat([
				Buffer.from('Upload-Offset: 0\r\nContent-Type: application/octet-stream\r\n\r\n'), most])));
		}
		await until(() => attack.filter((one) => one.status === 429).length >= 15, 'most are told to wait');
		assert.ok(await claimed(reader) > 0, 'some are on their way');
		const held = await claimed(reader);
		assert.ok(held <= (64 << 20) / 4, `${held} bytes are a share`);
		for (let i = 0; i < 6; i++) {
			const took = await timed(withPicture);
			assert.ok(took < Math.max(2000, 3 * usual), `${took} ms, usually ${usual} ms`);
			assert.ok(disk.free > 4 << 20, `${disk.free} bytes are left`);
		}
		for (const one of attack) one.end();
		await until(async () => await claimed(reader) === 0, 'the claims to end');
	});

	test('slow uploads of one account and of several take no room from who sends', async () => {
		const slow = [];
		for (let i = 0; i < 8; i++) slow.push(await person(server, 'slow'));
		const size = 3 << 20;
		const attack = [];
		for (const client of slow) {
			for (let i = 0; i < 3; i++) {
				const opened = (await open(client, size)).expect(201).json;
				attack.push(silentRequest(client, `PATCH /upload/${opened.id}`, size, Buffer.concat([
					Buffer.from('Upload-Offset: 0\r\nContent-Type: application/octet-stream\r\n\r\n'), Buffer.alloc(20000)])));
			}
		}
		await until(async () => await claimed(reader) >= attack.length * 60000, 'all of them to begin');
		const dribbling = setInterval(() => { for (const one of attack) one.more(Buffer.alloc(1000)); }, 500);
		try {
			assert.ok(attack.length * size > (64 << 20), 'they announced more than there is');
			for (let i = 0; i < 3; i++) {
				const bytes = png(1000, 900, 255);
				const opened = (await open(other, bytes.length)).expect(201).json;
				(await other.call('PATCH', `/upload/${opened.id}`, { body: bytes, headers: { 'Upload-Offset': '0', ...JSON_ANSWER } })).expect(200);
				await publish(other, { title: 'Meanwhile', pictures: [png(700, 800, 255)].map((one) => ({ file: 'a.png', type: 'image/png', bytes: one })) });
			}
			assert.deepEqual(attack.map((one) => one.said.slice(0, 300)).filter(Boolean), [], 'the slow ones go on');
			assert.ok(await claimed(reader) < 8 << 20, `${await claimed(reader)} bytes`);
		} finally {
			clearInterval(dribbling);
			for (const one of attack) one.end();
		}
		await until(async () => await claimed(reader) === 0, 'the claims to end');
	});

	test('on a full disk people sign in, read, delete and moderate; all else is refused with 507', async () => {
		const moderator = await person(server, 'moderator', { role: 'moderator' });
		const rude = await person(server, 'rude');
		const mine = [];
		for (let i = 0; i < 3; i++) mine.push(await publish(other, { title: `Mine ${i}`, pictures: [picture(600, 800)] }));
		const bad = await publish(rude, { title: 'Something rude' });
		const said = await comment(other, bad, 'Oh!');
		await until(() => idle(server), 'the jobs');
		disk.fill();
		assert.ok(disk.free < 4096);
		await until(async () => /warning: disk full/.test((await reader.get('/healthz')).text), 'the warning');

		const again = await signIn(server, other.name);
		(await reader.get('/')).expect(200);
		(await again.get(`/note/${mine[0]}`)).expect(200);
		const refused = (await (await again.get('/publish')).form('/publish').fill({ title: 'More', body: 'words' }).send()).expect(507);
		assert.match(refused.text, /disk is full/);
		assert.equal(refused.form('/publish').value('title'), 'More', 'what was typed is still there');
		assert.equal((await open(again, 1000)).expect(507).json.code, 'full');

		for (const id of mine) {
			const page = (await again.get(`/note/${id}/delete`)).expect(200);
			(await page.form(`/note/${id}/delete`).send()).expect(303);
			(await reader.get(`/note/${id}`)).expect(404, 410);
		}
		const gone = (await again.get(`/note/${said}/delete`)).expect(200);
		(await gone.form(`/note/${said}/delete`).send()).expect(303);
		const report = (await again.get(`/report?note=${bad}`)).expect(200).form('/report');
		(await report.fill({ reason: report.choices('reason')[0], details: 'rude' }).send()).expect(303);
		const path = (await moderator.get('/moderation')).expect(200).one('a[href*="/moderation/report/"]').getAttribute('href');
		const decision = (await moderator.get(path)).expect(200).form(path);
		(await decision.fill({ action: 'remove', reason: 'Rude.' }).send()).expect(303);
		(await reader.get(`/note/${bad}`)).expect(404, 410);

		disk.makeRoom();
		await until(() => existsSync(join(server.data, 'ballast')), 'the ballast');
		await until(async () => (await reader.get('/healthz')).text === 'ok\n', 'health');
		await publish(again, { title: 'Room again', pictures: [picture(600, 800)] });
		await until(() => idle(server), 'the jobs');
	});
});

describe('a reserve larger than what is free', () => {
	let server;
	let writer;
	before(async () => {
		server = new Server({ reserve: '900T' });
		await server.start();
		writer = await person(server, 'writer');
	});
	after(() => server.close());

	test('pictures are refused in the language of the person, words and everything else go on', async () => {
		const said = (await open(writer, 1000)).expect(507).json;
		assert.deepEqual([said.code, said.field], ['full', 'pictures']);
		assert.match(said.error, /too little room/);
		const chinese = await signIn(server, writer.name, { language: 'zh-Hans' });
		assert.match((await open(chinese, 1000)).expect(507).json.error, /空间不足/);

		const small = (await (await writer.get('/publish')).form('/publish').fill({ title: 'Typed', pictures: [picture(60, 80)] }).send()).expect(507);
		assert.match(small.text, /too little room/);
		const large = (await (await writer.get('/publish')).form('/publish').fill({ title: 'Typed', pictures: [picture(900, 900, 255)] }).send()).expect(507);
		assert.match(large.text, /too little room/);
		const portrait = (await (await writer.get('/settings/profile')).form('/settings/profile').fill({ avatar: { file: 'a.png', type: 'image/png', bytes: png(100, 100) } }).send()).expect(507);
		assert.match(portrait.text, /too little room/);

		const id = await publish(writer, { title: 'Only words' });
		await comment(writer, id, 'and an answer');
		(await (await writer.get(`/note/${id}/delete`)).form(`/note/${id}/delete`).send()).expect(303);
	});

	test('health, doctor and metrics say so', async () => {
		const client = new Client(server);
		const health = (await client.get('/healthz')).expect(200).text;
		assert.match(health, /^ok\nwarning: disk low: \d+ MB free, reserve \d+ MB\n$/);
		assert.match((await client.get('/metrics')).text, /disk_free_bytes \d{6,}/);
		const doctor = server.command(['doctor', '--reserve', '900T']);
		assert.equal(doctor.status, 1);
		assert.match(doctor.stdout, /MEND +disk .*MB free/);
		assert.match(server.command(['doctor', '--reserve', '1M']).stdout, /ok +disk .*MB free/);
	});
});

describe('a quota for each person', () => {
	let server;
	let admin;
	let member;
	before(async () => {
		server = new Server();
		await server.start();
		admin = await person(server, 'admin', { role: 'admin' });
		member = await person(server, 'member');
	});
	after(() => server.close());
	const quota = async (mb) => (await (await admin.get('/admin')).form('/admin').fill({ quota: mb }).send());

	test('it is set by the host, shown to the person, refuses clearly, and is freed by deleting', async () => {
		assert.equal((await admin.get('/admin')).form('/admin').value('quota'), '5120');
		for (const wrong of ['-1', 'x', '1e9', '99999999999999999999', '-9223372036854775808', '']) {
			assert.equal((await quota(wrong)).expect(422).form('/admin').value('quota'), wrong, 'as it was typed');
		}
		(await quota('3')).expect(303);
		const room = async () => (await member.get('/settings/profile')).main;
		assert.match(await room(), /0 MB of 3 MB used/);

		const ids = [];
		let refused;
		for (let i = 0; i < 20 && !refused; i++) {
			const answer = await (await member.get('/publish')).form('/publish').fill({ title: `Large ${i}`, pictures: [picture(600, 600, 200)] }).send();
			if (answer.status === 303) ids.push(/note\/(\d+)/.exec(answer.location)[1]);
			else refused = answer.expect(507);
			await until(() => idle(server), 'the jobs');
		}
		assert.ok(ids.length >= 1 && refused, 'the room ends');
		assert.match(refused.text, /over your 3 MB/);
		// All that find no room are named, not only the first.
		const several = await (await member.get('/publish')).form('/publish').fill({ title: 'Several', pictures: [0, 1, 2].map(() => picture(600, 600, 200)) }).send();
		const [names, left] = several.expect(507).all('[data-trouble] p').map((one) => one.textContent.trim());
		assert.match(names, /^picture-\d+\.png, picture-\d+\.png, picture-\d+\.png: .*over your 3 MB/);
		assert.match(left, /^3 files have been left out/);
		assert.equal((await open(member, 3 << 20)).expect(507).json.code, 'full');
		assert.match((await member.get('/publish')).main, /used \d MB of your 3 MB for pictures/);
		await publish(member, { title: 'Words take no room' });
		await publish(admin, { title: 'Others have theirs', pictures: [picture(600, 600, 200)] });

		for (const id of ids) (await (await member.get(`/note/${id}/delete`)).form(`/note/${id}/delete`).send()).expect(303);
		assert.match(await room(), /0 MB of 3 MB used/);
		await publish(member, { title: 'Room again', pictures: [picture(600, 600, 200)] });
		(await quota('0')).expect(303);
		assert.match(await room(), /\d MB used/);
	});
});
