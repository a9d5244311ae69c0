// SPDX-License-Identifier: AGPL-3.0-or-later
//
// PgBouncer in front of a PostgreSQL. Ends with the test's process.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporary, until } from './server.mjs';

export class PgBouncer {
	// Database: postgresql:///NAME?host=DIR&user=postgres
	static async before(database, settings) {
		const [, name, dir] = /^postgresql:\/\/\/(\w+)\?host=([^&]+)/.exec(database);
		const bouncer = new PgBouncer();
		const own = temporary('qiao-pgbouncer.');
		const lines = Object.entries({
			listen_port: 6432, unix_socket_dir: own, auth_type: 'any', pidfile: join(own, 'pid'), logfile: join(own, 'log'),
			ignore_startup_parameters: 'extra_float_digits', ...settings,
		}).map(([key, value]) => `${key} = ${value}`);
		const file = join(own, 'pgbouncer.ini');
		writeFileSync(file, ['[databases]', `${name} = host=${dir} user=postgres`, '[pgbouncer]', ...lines, ''].join('\n'));
		chmodSync(own, 0o777); // it refuses to be root, and then is the user postgres
		const root = process.getuid() === 0 ? ['-u', 'postgres'] : [];
		bouncer.child = spawn('pgbouncer', [...root, file], { stdio: ['ignore', 'ignore', 'pipe'] });
		let said = '';
		bouncer.child.stderr.on('data', (bytes) => { said += bytes; });
		bouncer.child.once('error', (fault) => { said += fault.message; bouncer.gone = true; });
		bouncer.child.once('exit', () => { bouncer.gone = true; });
		process.once('exit', () => bouncer.child.kill('SIGKILL'));
		await until(() => {
			if (bouncer.gone) throw new Error(`pgbouncer does not start: ${said}`);
			return existsSync(join(own, '.s.PGSQL.6432'));
		}, 'pgbouncer');
		bouncer.database = `postgresql:///${name}?host=${own}&port=6432&user=postgres`;
		return bouncer;
	}

	async close() {
		this.child.kill('SIGINT');
		await until(() => this.gone, 'the end of pgbouncer');
	}
}
