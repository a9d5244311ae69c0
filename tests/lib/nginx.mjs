// SPDX-License-Identifier: AGPL-3.0-or-later
//
// nginx in front of a server, by the example in deploy/: that very file, with other addresses and paths. Between the
// two stands a listener that keeps what passes. Ends with the test's process.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { ROOT, run, temporary, until } from './server.mjs';

const NAME = 'bridge.example.org'; // as in the example

// Debian puts sites into such a frame; nothing in it decides what a request is.
const frame = (dir) => `daemon off; pid ${dir}/pid; error_log ${dir}/error.log info;
events {}
http {
	access_log off;
	client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi;
	uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
	include ${dir}/site.conf;
}
`;

async function freePorts(n) {
	const held = await Promise.all(Array.from({ length: n }, () => new Promise((resolve) => {
		const one = net.createServer().listen(0, '127.0.0.1', () => resolve(one));
	})));
	const ports = held.map((one) => one.address().port);
	await Promise.all(held.map((one) => new Promise((resolve) => { one.close(resolve); })));
	return ports;
}

// The example with every address and path of it replaced; what is not found once has changed there.
function replaced(text, pairs, file) {
	return pairs.reduce((all, [from, to]) => {
		assert.equal(all.split(from).length, 2, `deploy/${file} has ${from} not once`);
		return all.replace(from, to);
	}, text);
}

function makeCertificate(dir) {
	const made = run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
		'-subj', `/CN=${NAME}`, '-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')]);
	if (made.status !== 0) throw new Error(made.stderr);
}

// What came from nginx on each of its connections since it was last asked for, and what went back.
class Listener {
	constructor(port) {
		this.passed = new Map();
		this.server = net.createServer((from) => {
			const to = net.connect(port, '127.0.0.1');
			const end = () => [from, to].forEach((socket) => socket.destroy());
			const keep = (which, bytes) => {
				const one = this.passed.get(from) ?? { sent: '', answered: '' };
				one[which] += bytes.toString('latin1');
				this.passed.set(from, one);
			};
			for (const [one, other, which] of [[from, to, 'sent'], [to, from, 'answered']]) {
				one.on('data', (bytes) => { keep(which, bytes); other.write(bytes); });
				one.on('error', end);
				one.on('end', () => other.end());
			}
		});
	}

	take() {
		const passed = [...this.passed.values()];
		this.passed.clear();
		return passed;
	}
}

export class Nginx {
	static async before(server) {
		const listener = new Listener(server.port);
		await new Promise((resolve) => { listener.server.listen(0, '127.0.0.1', resolve); });
		const nginx = await Nginx.by('nginx.conf', [['server 127.0.0.1:8080;', `server 127.0.0.1:${listener.server.address().port};`]]);
		nginx.listener = listener;
		return nginx;
	}

	// In front of the two ports of one community's processes.
	static beforeTwo(one, other) {
		return Nginx.by('nginx-two.conf', [['server 10.0.0.11:8080 ', `server 127.0.0.1:${one} `], ['server 10.0.0.12:8080 ', `server 127.0.0.1:${other} `]]);
	}

	static async by(file, upstream) {
		const nginx = new Nginx();
		const dir = temporary('qiao-nginx.');
		nginx.dir = dir;
		nginx.name = NAME;
		const [plain, plain6, tls, tls6] = await freePorts(4);
		nginx.port = tls;
		makeCertificate(dir);
		writeFileSync(join(dir, 'site.conf'), replaced(readFileSync(join(ROOT, 'deploy', file), 'utf8'), [
			...upstream,
			['listen 80;', `listen 127.0.0.1:${plain};`],
			['listen [::]:80;', `listen 127.0.0.1:${plain6};`],
			['listen 443 ssl', `listen 127.0.0.1:${tls} ssl`],
			['listen [::]:443 ssl', `listen 127.0.0.1:${tls6} ssl`],
			[`/etc/letsencrypt/live/${NAME}/fullchain.pem`, join(dir, 'cert.pem')],
			[`/etc/letsencrypt/live/${NAME}/privkey.pem`, join(dir, 'key.pem')],
		], file));
		writeFileSync(join(dir, 'nginx.conf'), frame(dir));
		await nginx.#start();
		return nginx;
	}

	get log() {
		return readFileSync(join(this.dir, 'error.log'), 'utf8');
	}

	async #start() {
		const root = process.getuid() === 0 ? ['-g', 'user root;'] : [];
		let said = '';
		this.child = spawn('nginx', ['-p', this.dir, '-c', join(this.dir, 'nginx.conf'), '-e', join(this.dir, 'error.log'), ...root], { stdio: ['ignore', 'ignore', 'pipe'] });
		const { child } = this;
		child.stderr.on('data', (bytes) => { said += bytes; });
		child.once('error', (fault) => { said += fault.message; child.gone = true; });
		child.once('exit', () => { child.gone = true; });
		process.once('exit', () => child.kill('SIGTERM'));
		await until(() => {
			assert.ok(!child.gone, `nginx does not start: ${said}`);
			return new Promise((resolve) => {
				const probe = net.connect(this.port, '127.0.0.1', () => { probe.destroy(); resolve(true); }).once('error', () => resolve(false));
			});
		}, 'nginx');
	}

	async close() {
		this.child.kill('SIGTERM');
		await until(() => this.child.gone, 'the end of nginx');
		this.listener?.server.close();
	}
}
