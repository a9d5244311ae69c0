// SPDX-License-Identifier: AGPL-3.0-or-later
// One file to the server in pieces, resumable: POST /upload opens it, PATCH /upload/ID sends the next piece, GET
// /upload/ID says how far it got after the connection was lost. The last PATCH answers with the finished picture, and
// so does GET when all had arrived.
// Errors carry the server's own sentence when it gave one; `final` marks those that trying again cannot mend.

import { csrf } from './page.js';

const PIECE = 1024 * 1024;
const PAUSES = [1000, 2000, 4000, 8000, 15000];

class UploadError extends Error {
	constructor(message, final) {
		super(message);
		this.final = final;
	}
}

async function call(method, address, headers, body, signal) {
	let answer;
	try {
		answer = await fetch(address, {
			method,
			body,
			signal,
			credentials: 'same-origin',
			headers: { Accept: 'application/json', 'X-CSRF-Token': csrf(), ...headers },
		});
	} catch (fault) {
		if (fault.name === 'AbortError') throw fault;
		throw new UploadError('', false);
	}
	const reply = await answer.json().catch(() => ({}));
	if (answer.ok) return reply;
	const passing = (answer.status >= 500 && answer.status !== 507) || answer.status === 408 || answer.status === 409 || answer.status === 429;
	throw new UploadError(reply.error ?? '', !passing);
}

function pause(time, signal) {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(done, time);
		function done() {
			clearTimeout(timer);
			window.removeEventListener('online', done);
			resolve();
		}
		window.addEventListener('online', done);
		signal.addEventListener('abort', () => {
			done();
			reject(new DOMException('', 'AbortError'));
		}, { once: true });
	});
}

// The server answers a while later that the picture still waits for its turn: then it is asked again, as long as it
// takes. slow(text) is told what to show meanwhile.
async function prepared(id, reply, slow, signal) {
	let state = reply;
	while (state.waiting) {
		slow?.(state.waiting);
		state = await call('GET', `/upload/${id}`, {}, undefined, signal);
	}
	return state;
}

// Resolves to {id, url, width, height, ratio}; progress(0…1) is called after every piece.
export async function uploadFile(file, progress, signal, slow) {
	let id = null;
	let offset = 0;
	let tries = 0;
	for (;;) {
		try {
			if (id === null) {
				const opened = await call('POST', '/upload', {
					'Upload-Length': String(file.size),
					'Upload-Name': encodeURIComponent(file.name),
				}, undefined, signal);
				id = opened.id;
				offset = opened.offset;
			} else if (tries > 0) {
				const state = await prepared(id, await call('GET', `/upload/${id}`, {}, undefined, signal), slow, signal);
				if (state.media) return state.media;
				({ offset } = state);
			}
			while (offset < file.size) {
				const sent = await call('PATCH', `/upload/${id}`, {
					'Upload-Offset': String(offset),
					'Content-Type': 'application/octet-stream',
				}, file.slice(offset, offset + PIECE), signal);
				const reply = await prepared(id, sent, slow, signal);
				if (reply.offset > offset) tries = 0;
				offset = reply.offset;
				progress(offset / file.size);
				if (reply.media) return reply.media;
			}
			throw new UploadError('', true);
		} catch (fault) {
			if (fault.name === 'AbortError' || fault.final || tries >= PAUSES.length) throw fault;
			await pause(PAUSES[tries++], signal);
		}
	}
}
