// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two processes behind nginx by the example in deploy/: while each is restarted in its turn, people read, like and write
// without end, and nobody sees anything of it.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { Nginx } from '../lib/nginx.mjs';
import { newName, PASSWORD, publish, signIn } from '../lib/people.mjs';
import { DATABASE, Server, until } from '../lib/server.mjs';

const DRAIN = 4;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const skip = DATABASE !== 'postgres' && 'several processes need PostgreSQL';
const options = { drain: DRAIN, url: 'https://bridge.example.org', 'trusted-proxies': '127.0.0.1' };

const door = () => ({ port: nginx.port, tls: true });

let servers = [];
let nginx;
let note;
const people = [];
before(async () => {
	if (skip) return;
	const one = await new Server(options).start();
	const other = await new Server(options, { beside: one }).start();
	servers = [one, other];
	for (const server of servers) server.options.listen = `127.0.0.1:${server.port}`; // they come back where they were
	nginx = await Nginx.beforeTwo(one.port, other.port);
	for (let i = 0; i < 3; i++) {
		const name = newName('busy');
		one.cli(['account', 'create', name, '--password-stdin'], `${PASSWORD}\n`);
		people.push(await signIn(door(), name));
	}
	note = await publish(people[0], { title: 'Never away' });
});
after(async () => {
	await nginx?.close();
	for (const server of servers.reverse()) await server.close();
});

// Does it again and again until told to stop; what went wrong.
function stream(once, state) {
	return (async () => {
		while (!state.stop) {
			const from = Date.now();
			try {
				await once();
				state.done++;
			} catch (fault) {
				state.failed.push(`${new Date().toISOString()} after ${Date.now() - from} ms: ${fault.message.slice(0, 300)}`);
			}
			state.longest = Math.max(state.longest, Date.now() - from);
			await pause(10);
		}
	})();
}

async function likes(client) {
	const form = (await client.get(`/note/${note}`)).expect(200).form(`/note/${note}/like`);
	(await form.press('on', form.has('on') && form.fields.find((field) => field.getAttribute('name') === 'on').getAttribute('value')).send()).expect(303);
}

async function reads() {
	const client = new Client(door());
	const page = (await client.get('/')).expect(200);
	(await client.get(page.one('link[rel=stylesheet]').getAttribute('href'))).expect(200);
	(await client.get(`/note/${note}`)).expect(200);
	client.close();
}

async function restart(server) {
	const ended = server.stop();
	const client = new Client(server);
	const health = await until(async () => {
		const now = await client.get('/healthz');
		return now.status === 503 && now;
	}, 'the word that it ends', 2000);
	assert.match(health.text, /^draining\n/);
	(await client.get(`/note/${note}`)).expect(200);
	await ended;
	await server.start();
	await until(async () => (await new Client(server).get('/healthz')).status === 200, 'health');
	await pause(2500); // until the proxy looks again
}

test('each is restarted in its turn, and nobody sees anything of it', { skip, timeout: 180000 }, async (t) => {
	const state = { stop: false, done: 0, longest: 0, failed: [] };
	const streams = [...people.map((one) => () => likes(one)), () => publish(people[0], { title: 'One more' }), reads, reads, reads].map((once) => stream(once, state));
	await pause(1000);
	for (const server of [...servers, ...servers]) await restart(server);
	state.stop = true;
	await Promise.all(streams);
	t.diagnostic(`${state.done} rounds, ${state.failed.length} failed, the longest took ${state.longest} ms`);
	assert.deepEqual(state.failed, []);
	assert.ok(state.done > 200, `only ${state.done} rounds`);
	for (const server of servers) assert.ok(server.requests.length > 100, 'one of them did nothing');
});

test('where a client says it comes from is not believed', { skip }, async () => {
	const heard = [];
	const listener = http.createServer((request, answer) => { heard.push(request.headers['x-forwarded-for']); answer.end('heard'); });
	await new Promise((resolve) => { listener.listen(0, '127.0.0.1', resolve); });
	const { port } = listener.address();
	const own = await Nginx.beforeTwo(port, port);
	const client = new Client({ port: own.port, tls: true });
	(await client.get('/', { 'X-Forwarded-For': '203.0.113.9' })).expect(200);
	client.close();
	await own.close();
	listener.close();
	assert.deepEqual(heard, ['127.0.0.1']);
});
