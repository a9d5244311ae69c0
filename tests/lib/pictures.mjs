// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pictures for tests: small PNGs made here, every one different, and the odd ones of tests/media/make_pictures.py.

import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { ROOT, run, temporary } from './server.mjs';

// Debian's Node 18 has no crc32 of its own.
const TABLE = Array.from({ length: 256 }, (_, n) => {
	let c = n;
	for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
	return c >>> 0;
});

function crc32(bytes) {
	let c = 0xffffffff;
	for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
	return (c ^ 0xffffffff) >>> 0;
}

export function pngChunk(kind, data) {
	const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
	const out = Buffer.alloc(body.length + 8);
	out.writeUInt32BE(data.length, 0);
	body.copy(out, 4);
	out.writeUInt32BE(crc32(body), body.length + 4);
	return out;
}

let made = 0;

// A gradient between two colours that no other picture of this run has.
export function png(width = 480, height = 640, noise = 0) {
	const seed = ++made;
	const rows = Buffer.alloc(height * (1 + width * 3));
	let state = seed * 2654435761 >>> 0;
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const at = y * (1 + width * 3) + 1 + x * 3;
			if (noise) state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			const grain = noise ? (state >>> 24) % noise : 0;
			rows[at] = (seed * 53 + (x * 120 / width) + grain) & 255;
			rows[at + 1] = (seed * 97 + (y * 120 / height) + grain) & 255;
			rows[at + 2] = (seed * 31 + grain) & 255;
		}
	}
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, 2, 0, 0, 0], 8);
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), pngChunk('IHDR', head), pngChunk('IDAT', deflateSync(rows, { level: noise ? 1 : 6 })), pngChunk('IEND', Buffer.alloc(0))]);
}

export function picture(width, height, noise) {
	return { file: `picture-${made + 1}.png`, type: 'image/png', bytes: png(width, height, noise) };
}

let folder = null;

// The folder of the real and the hostile ones.
export function oddPictures() {
	if (folder) return folder;
	folder = temporary('qiao-pictures.');
	const done = run('python3', ['-B', join(ROOT, 'tests/media/make_pictures.py'), folder]);
	if (done.status !== 0) throw new Error(done.stderr);
	return folder;
}

export function oddPicture(name) {
	return { file: name, type: `image/${name.split('.').pop().replace('jpg', 'jpeg')}`, bytes: readFileSync(join(oddPictures(), name)) };
}
