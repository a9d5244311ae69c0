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

// LZW as GIF has it, codes of 2 bits: n times colour 0 in as few bytes as can be.
function zeroes(n) {
	const out = [];
	let [bits, held, size, following, longest] = [0, 0, 3, 6, 1];
	const put = (code) => {
		bits |= code << held;
		held += size;
		for (; held >= 8; held -= 8, bits >>>= 8) out.push(bits & 255);
	};
	put(4);
	for (let left = n; left > 0;) {
		const run = Math.min(longest, left);
		put(run === 1 ? 0 : run + 4);
		left -= run;
		if (following === 4095 || !left) continue;
		[longest, following] = [run + 1, following + 1];
		size = Math.min(size + (following > 1 << size ? 1 : 0), 12);
	}
	put(5);
	out.push(bits & 255);
	return Buffer.from(out);
}

// An animation that draws all of its width and height in each frame, in few bytes.
export function film(width, height, frames) {
	const data = zeroes(width * height);
	const blocks = [];
	for (let at = 0; at < data.length; at += 255) {
		const block = data.subarray(at, at + 255);
		blocks.push(Buffer.from([block.length]), block);
	}
	const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
	const frame = Buffer.from('!\xf9\x04\x04\x02\0\0\0,\0\0\0\0\0\0\0\0\0\x02', 'latin1');
	for (const [bytes, at] of [[head, 6], [frame, 13]]) {
		bytes.writeUInt16LE(width, at);
		bytes.writeUInt16LE(height, at + 2);
	}
	const whole = Buffer.concat([frame, ...blocks, Buffer.from([0])]);
	return Buffer.concat([head, ...Array(frames).fill(whole), Buffer.from(';')]);
}

let folder = process.env.QIAO_TEST_PICTURES ?? null;

// The folder of the real and the hostile ones; QIAO_TEST_PICTURES names one where somebody made them.
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
