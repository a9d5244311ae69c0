// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pictures that cost much: made to unpack to gigabytes, or honestly large. One person's do not stop another's, who
// waits is told so, and a picture process that the system ends is no fault of the picture.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { person, publish } from '../lib/people.mjs';
import { picture, png, pngChunk } from '../lib/pictures.mjs';
import { idle, startServer, until } from '../lib/server.mjs';

const SIGNATURE = 8;
const IHDR = 25;

// 15 MB of texts in front of a small picture; each unpacks to 8 MB.
function inflating() {
	const bytes = png(300, 400);
	const packed = deflateSync(Buffer.alloc(8 << 20), { level: 9 });
	const text = pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), packed]));
	const texts = Buffer.concat(Array(Math.floor((15 << 20) / text.length)).fill(text));
	const at = SIGNATURE + IHDR;
	return Buffer.concat([bytes.subarray(0, at), texts, bytes.subarray(at)]);
}

// Very many pixels in few bytes: nothing can be taken out of it.
function vast(width, height) {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, 2, 0, 0, 0], 8);
	const rows = deflateSync(Buffer.alloc(height * (1 + 3 * width)), { level: 1 });
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), pngChunk('IHDR', head), pngChunk('IDAT', rows), pngChunk('IEND', Buffer.alloc(0))]);
}

async function begin(client, bytes) {
	const opened = (await client.call('POST', '/upload', { headers: { 'Upload-Length': String(bytes.length) } })).expect(201).json;
	return (headers = {}) => client.call('PATCH', `/upload/${opened.id}`, { body: bytes, headers: { 'Upload-Offset': '0', Accept: 'application/json', ...headers } });
}

async function timed(work) {
	const from = Date.now();
	await work();
	return Date.now() - from;
}

let server;
let heavy;
let light;
before(async () => {
	server = await startServer();
	heavy = await person(server, 'heavy');
	light = await person(server, 'light');
});
after(() => server.close());

const publishOne = () => publish(light, { title: 'Meanwhile', pictures: [picture(600, 800)] });

test('ten PNGs of 15 MB with inflating texts: others publish as quickly as before, and the ten are taken in', async () => {
	const usual = Math.max(await timed(publishOne), await timed(publishOne));
	const bomb = inflating();
	assert.ok(bomb.length > 14 << 20);
	const sends = [];
	for (let i = 0; i < 10; i++) sends.push(await begin(heavy, bomb));
	let left = sends.length;
	const all = sends.map((send) => send().finally(() => { left--; }));
	const took = [];
	do took.push(await timed(publishOne)); while (left > 0 && took.length < 20);
	for (const one of took) assert.ok(one < Math.max(2000, 4 * usual), `${took} ms, usually ${usual} ms`);
	for (const answer of await Promise.all(all)) assert.ok(answer.expect(200).json.media.url);
});

test('honestly large pictures of one take turns with those of another', async () => {
	const large = vast(6000, 6000);
	const sends = [];
	for (let i = 0; i < 8; i++) sends.push(await begin(heavy, large));
	let done = 0;
	const all = sends.map((send) => send().then((answer) => { done++; return answer; }));
	await new Promise((resolve) => { setTimeout(resolve, 100); });
	await publishOne();
	assert.ok(done <= 5, `${done} of 8 went before`);
	for (const answer of await Promise.all(all)) answer.expect(200, 202);
});

// The picture processes of this server.
function processes() {
	const children = [];
	for (const thread of readdirSync(`/proc/${server.child.pid}/task`)) {
		try {
			children.push(...readFileSync(`/proc/${server.child.pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean));
		} catch { /* it has just ended */ }
	}
	return children.map(Number);
}

// Ends every picture process that has been at work for a moment.
async function killing(most, ended) {
	const killed = new Set(); // one that is not reaped yet is still there
	while (killed.size < most && !ended()) {
		for (const pid of processes()) {
			try {
				const time = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
				if (Number(time[11]) + Number(time[12]) < 15 || killed.size >= most || killed.has(pid)) continue;
				process.kill(pid, 'SIGKILL');
				killed.add(pid);
			} catch { /* it has just ended */ }
		}
		await new Promise((resolve) => { setTimeout(resolve, 10); });
	}
	return killed.size;
}

test('a picture process that is killed once is started again; twice is the picture’s fault, and the log says why', async () => {
	const bytes = vast(9000, 9000);
	await until(() => idle(server), 'what was before', 60000);
	let ended = false;
	const once = (await begin(heavy, bytes))().finally(() => { ended = true; });
	const first = await killing(1, () => ended);
	assert.equal(first, 1, 'it was caught at work');
	assert.ok((await once).expect(200).json.media.url);

	await until(() => idle(server), 'its other sizes', 60000);
	ended = false;
	const twice = (await begin(heavy, bytes))().finally(() => { ended = true; });
	assert.equal(await killing(99, () => ended), 2);
	assert.match((await twice).expect(422).json.error, /memory/);
	const line = await until(() => server.log.split('\n').find((one) => one.includes('picture refused')), 'the line');
	const said = JSON.parse(line);
	assert.equal(said.why, 'media_memory');
	assert.ok(said.media > 0 && said.bytes === bytes.length, line);
});

test('what is refused leaves a line in the log that tells why', async () => {
	const lines = () => server.log.split('\n').filter((one) => one.includes('picture refused')).map((one) => JSON.parse(one).why);
	const before = lines().length;
	(await (await begin(light, Buffer.from('no picture')))()).expect(415, 422);
	(await (await begin(light, png(50, 50).subarray(0, 90)))()).expect(422);
	(await light.call('POST', '/upload', { headers: { 'Upload-Length': '999999999' } })).expect(413);
	assert.deepEqual(lines().slice(before), ['media_unknown_format', 'media_truncated', 'media_too_large']);
});
