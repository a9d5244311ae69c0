// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A server of one's own for a test: a temporary directory, a free port of 127.0.0.1, SQLite or a fresh database of a
// PostgreSQL, by QIAO_TEST_DATABASE. Whatever happens it ends with the test's process, and so does its directory.
// Stopping asks for exit code 0: under the sanitizers that also says that nothing leaked.

import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const BUILD = join(ROOT, process.env.QIAO_TEST_BUILD ?? 'build-test');
export const PROGRAM = join(BUILD, 'src/qiao');
const MEDIA = join(BUILD, 'src/media/sandbox/qiao-media');
export const DATABASE = process.env.QIAO_TEST_DATABASE ?? 'sqlite';

const running = new Set();
const folders = new Set();
let cluster = null;
let databases = 0;

process.on('exit', () => {
	for (const child of running) child.kill('SIGKILL');
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
	if (cluster?.own) spawnSync(join(ROOT, 'tests/lib/postgres'), ['stop', cluster.dir]);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

export function temporary(prefix = 'qiao-test.') {
	const folder = mkdtempSync(join(tmpdir(), prefix));
	folders.add(folder);
	return folder;
}

export function run(program, args, { input = '', env = {} } = {}) {
	const done = spawnSync(program, args, { input, encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 64 << 20 });
	if (done.error) throw done.error;
	return done;
}

// One PostgreSQL a test process, or the one that tests/run started.
function postgres() {
	if (cluster) return cluster;
	const given = process.env.QIAO_TEST_POSTGRES;
	if (given) {
		cluster = { dir: given, own: false };
		return cluster;
	}
	const said = run(join(ROOT, 'tests/lib/postgres'), ['start', String(process.pid)]);
	if (said.status !== 0) throw new Error(`PostgreSQL does not start: ${said.stderr}`);
	cluster = { dir: said.stdout.split('\n')[0], own: true };
	return cluster;
}

function newDatabase() {
	const { dir } = postgres();
	const name = `test_${process.pid}_${++databases}`;
	const made = run('psql', ['-q', '-h', dir, '-U', 'postgres', '-c', `CREATE DATABASE ${name} TEMPLATE template0`, 'postgres']);
	if (made.status !== 0) throw new Error(made.stderr);
	return `postgresql:///${name}?host=${dir}&user=postgres`;
}

// The sanitizers make every fault an end of the process, which stop() and the tests notice.
export const STRICT = {
	ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=0:allocator_may_return_null=1',
	UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
};

function environment() {
	const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('QIAO_')));
	return { ...clean, ...STRICT };
}

export class Server {
	// Beside another: a second process of its community, which reaches the same database by an address of its own.
	constructor(options = {}, { beside = null, database = beside?.database } = {}) {
		this.options = { 'rate-limits': 'off', ...options };
		this.dir = temporary();
		this.data = join(this.dir, 'data');
		this.logFile = join(this.dir, 'log');
		this.database = database ?? (DATABASE === 'postgres' ? newDatabase() : null);
		this.beside = beside;
		if (beside && !options.media) {
			mkdirSync(this.data);
			for (const shared of ['media', 'upload']) symlinkSync(join(beside.data, shared), join(this.data, shared));
		}
		this.port = 0;
		this.child = null;
		this.env = {}; // more for the server's environment
	}

	// Options every command needs to find the same house.
	get place() {
		const { media } = this.options;
		return ['--data', this.data, '--media-tool', MEDIA, ...(media ? ['--media', media] : []), ...(this.database ? ['--database', this.database] : [])];
	}

	command(args, input = '') {
		const env = environment();
		const done = spawnSync(PROGRAM, [...args, ...this.place], { input, encoding: 'utf8', env, maxBuffer: 64 << 20 });
		if (done.error) throw done.error;
		return done;
	}

	// A command that goes on beside the test.
	begin(args) {
		const child = spawn(PROGRAM, [...args, ...this.place], { stdio: 'ignore', env: environment() });
		running.add(child);
		const ended = new Promise((resolve) => {
			child.once('exit', (code, signal) => {
				running.delete(child);
				resolve({ code, signal });
			});
		});
		return { child, ended };
	}

	cli(args, input = '') {
		const done = this.command(args, input);
		if (done.status !== 0) throw new Error(`qiao ${args.join(' ')}: exit ${done.status}: ${done.stderr}`);
		return done.stdout;
	}

	// What no command does: a statement straight into the database, beside the running server.
	change(sql) {
		const [program, ...args] = this.database
			? ['psql', '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql, this.database]
			: ['python3', '-c', 'import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as db: db.executescript(sys.argv[2])', join(this.data, 'qiao.db'), sql];
		const done = run(program, args);
		if (done.status !== 0) throw new Error(done.stderr);
	}

	// As the server calls itself.
	get origin() {
		return `http://localhost:${this.port}`;
	}

	get log() {
		return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
	}

	get requests() {
		return this.log.split('\n').filter((line) => line.startsWith('{') && line.includes('"event":"request"'))
			.map((line) => JSON.parse(line));
	}

	async start(more = {}) {
		const options = { listen: '127.0.0.1:0', log: 'json', 'log-requests': 'on', 'slow-ms': '20000', ...this.options, ...more };
		const args = ['serve', ...this.place];
		for (const [key, value] of Object.entries(options)) if (key !== 'media') args.push(`--${key}`, String(value));
		const log = openSync(this.logFile, 'a');
		this.child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', log], env: { ...environment(), ...this.env } });
		closeSync(log);
		running.add(this.child);
		const child = this.child;
		this.ended = new Promise((resolve) => {
			child.once('exit', (code, signal) => {
				running.delete(child);
				resolve({ code, signal });
			});
		});
		try {
			this.port = await this.#readPort();
		} catch (fault) {
			this.child = null;
			throw fault;
		}
		return this;
	}

	#readPort() {
		return new Promise((resolve, reject) => {
			this.said = '';
			this.child.stdout.on('data', (bytes) => {
				this.said += bytes;
				const found = /Serving on http:\/\/\S+?:(\d+)\s/.exec(this.said);
				if (found) resolve(Number(found[1]));
			});
			this.ended.then(({ code, signal }) => reject(new Error(`the server ended (${code ?? signal}): ${this.log.slice(-4000)}`)));
		});
	}

	#keepRequests() {
		const into = process.env.QIAO_TEST_CALLS;
		if (!into) return;
		const calls = new Set(this.requests.filter((one) => one.status < 400).map((one) => `${one.method === 'HEAD' ? 'GET' : one.method} ${one.route}`));
		if (calls.size) appendFileSync(into, `${[...calls].join('\n')}\n`);
	}

	// Graceful: waits for the end, exit code 0 expected.
	async stop() {
		if (!this.child) return;
		this.child.kill('SIGTERM');
		const { code, signal } = await this.ended;
		this.child = null;
		this.#keepRequests();
		if (code !== 0) throw new Error(`the server ended with ${code ?? signal}: ${this.log.slice(-6000)}`);
	}

	async kill() {
		this.child.kill('SIGKILL');
		await this.ended;
		this.child = null;
	}

	async restart() {
		if (this.child) await this.stop();
		return this.start();
	}

	// For the end of a test: stops, removes.
	async close() {
		try {
			await this.stop();
		} finally {
			rmSync(this.dir, { recursive: true, force: true });
			folders.delete(this.dir);
			if (this.database && !this.beside) {
				const name = /\/\/\/(\w+)/.exec(this.database)[1];
				run('psql', ['-q', '-h', postgres().dir, '-U', 'postgres', '-c', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, 'postgres']);
			}
		}
	}
}

// True when nothing waits to be done but what comes round by the clock.
export function idle(server) {
	return server.cli(['jobs', 'waiting']).split('\n').every((line) => !line || /^\d+\s+\S+\.sweep\s/.test(line));
}

export async function startServer(options) {
	return new Server(options).start();
}

// Asks until the answer is truthy; for what a job does after the answer has left.
export async function until(question, what = 'the condition', most = 20000) {
	const end = Date.now() + most;
	for (;;) {
		const answer = await question();
		if (answer) return answer;
		if (Date.now() > end) throw new Error(`${what} did not come true within ${most} ms`);
		await new Promise((resolve) => { setTimeout(resolve, 40); });
	}
}
