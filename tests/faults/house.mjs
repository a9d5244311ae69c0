// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two processes of one community: `near` reaches the database directly, `far` through a relay, and may have a clock of
// its own. What is done to them is done to `far`, or to the database of both.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../lib/client.mjs';
import { Relay } from '../lib/relay.mjs';
import { ROOT, STRICT, Server, run, temporary } from '../lib/server.mjs';
import { Session } from './session.mjs';

export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// The environment of a process whose clock is off by so many seconds.
// What a machine lacks, so that a fault cannot be tried on it.
export class Missing extends Error {}

function clockOff(seconds) {
	const made = join(temporary('qiao-clock.'), 'clock.so');
	const said = run('cc', ['-shared', '-fPIC', '-O1', '-o', made, join(ROOT, 'tests/faults/clock.c')]);
	if (said.status !== 0) throw new Missing(`no clock of its own can be made: ${said.stderr}`);
	return { LD_PRELOAD: made, CLOCK_OFF: String(seconds), ASAN_OPTIONS: `${STRICT.ASAN_OPTIONS}:verify_asan_link_order=0` };
}

export class House {
	constructor() {
		this.away = []; // when `far` was not there: {from, to}
	}

	static async open({ clock = 0 } = {}) {
		const house = new House();
		try {
			await house.begin(clock);
			return house;
		} catch (why) {
			await house.close().catch(() => {});
			throw why;
		}
	}

	async begin(clock) {
		const house = this;
		house.near = new Server();
		const [, name, dir] = /^postgresql:\/\/\/(\w+)\?host=([^&]+)/.exec(house.near.database);
		house.place = { name, dir };
		house.relay = await Relay.before(house.near.database);
		house.near.database += '&application_name=near';
		await house.near.start();
		house.far = new Server({}, { beside: house.near, database: `${house.relay.database}&application_name=far` });
		if (clock) house.far.env = clockOff(clock);
		await house.far.start();
		for (const one of house.sides) house[one].options.listen = `127.0.0.1:${house[one].port}`; // it comes back there
		house.session = new Session(house.place);
	}

	get sides() {
		return ['near', 'far'];
	}

	// Stops `far` at a moment when a transaction of it is open that has that note locked.
	async catchWriting(note) {
		const { pid } = this.far.child;
		for (let tries = 0; tries < 400; tries++) {
			process.kill(pid, 'SIGSTOP');
			const from = Date.now();
			await pause(30); // what it had sent is done
			const free = await this.session.ask(`SELECT id FROM note WHERE id = ${note} FOR UPDATE SKIP LOCKED`);
			if (!free.length) {
				this.away.push({ from, to: Infinity });
				return;
			}
			process.kill(pid, 'SIGCONT');
			await pause(5 + Math.random() * 40);
		}
		throw new Error('it was never caught within a transaction');
	}

	// What the two hold in memory, in megabytes.
	get sizes() {
		return this.sides.map((side) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this[side].child.pid}/status`, 'utf8'))[1]) / 1024);
	}

	isBack() {
		this.away.at(-1).to = Date.now();
	}

	// How much of a time `far` was not there.
	awayWithin(from, to) {
		return this.away.reduce((sum, one) => sum + Math.max(0, Math.min(to, one.to) - Math.max(from, one.from)), 0);
	}

	async database(what, ...more) {
		const child = spawn(join(ROOT, 'tests/lib/postgres'), [what, this.place.dir, ...more], { stdio: 'ignore' });
		await new Promise((resolve) => { child.once('exit', resolve); });
	}

	// Both say that they are well, and show a page.
	async isWell(note) {
		for (const side of this.sides) {
			const client = new Client(this[side]);
			try {
				if ((await client.get('/healthz')).text !== 'ok\n') return false;
				for (const path of ['/', `/note/${note}`]) if ((await client.get(path)).status !== 200) return false;
			} catch {
				return false;
			} finally {
				client.close();
			}
		}
		return true;
	}

	async close() {
		this.session?.close();
		await this.far?.close();
		this.relay?.close();
		await this.near.close();
	}
}
