// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Others at the database: a session that stays open and is asked again and again, and a crowd that only takes places.

import { spawn } from 'node:child_process';
import net from 'node:net';
import { join } from 'node:path';

const SAID = 'that-was-all';

export class Session {
	constructor({ dir, name }) {
		this.child = spawn('psql', ['-qAtX', '-h', dir, '-U', 'postgres', name], { stdio: ['pipe', 'pipe', 'ignore'] });
		this.child.stdout.setEncoding('utf8');
		this.child.stdin.on('error', () => {}); // whose end is told below
		this.heard = '';
		this.child.stdout.on('data', (text) => { this.heard += text; this.#tell(); });
		this.child.once('exit', () => { this.gone = true; this.#tell(); });
		this.waiting = [];
	}

	#tell() {
		for (let at = this.heard.indexOf(`${SAID}\n`); at >= 0; at = this.heard.indexOf(`${SAID}\n`)) {
			const lines = this.heard.slice(0, at).split('\n').filter(Boolean);
			this.heard = this.heard.slice(at + SAID.length + 1);
			this.waiting.shift()?.resolve(lines.map((line) => line.split('|')));
		}
		if (this.gone) for (const one of this.waiting.splice(0)) one.reject(new Error('the session with the database ended'));
	}

	// The rows, each a list of texts. A statement that fails has none.
	ask(statement) {
		return new Promise((resolve, reject) => {
			this.waiting.push({ resolve, reject });
			this.child.stdin.write(`${statement};\n\\echo ${SAID}\n`);
			if (this.gone) this.#tell();
		});
	}

	close() {
		this.child.kill('SIGKILL');
	}
}

// Connections, as many as the server gives, and every one that becomes free; they ask nothing.
export class Crowd {
	constructor({ dir, name }) {
		const words = Buffer.from(`user\0postgres\0database\0${name}\0\0`);
		this.hello = Buffer.alloc(8 + words.length);
		this.hello.writeInt32BE(this.hello.length, 0);
		this.hello.writeInt32BE(3 << 16, 4); // the protocol's version
		words.copy(this.hello, 8);
		this.path = join(dir, '.s.PGSQL.5432');
		this.in = new Set();
		this.timer = setInterval(() => this.#knock(), 20);
	}

	#knock() {
		for (let i = 0; i < 5; i++) {
			const socket = net.connect(this.path, () => socket.write(this.hello));
			socket.once('data', (bytes) => (bytes[0] === 0x52 ? this.in.add(socket) : socket.destroy())); // R: let in
			socket.on('close', () => this.in.delete(socket));
			socket.on('error', () => {});
		}
	}

	close() {
		clearInterval(this.timer);
		for (const socket of this.in) socket.destroy();
	}
}
