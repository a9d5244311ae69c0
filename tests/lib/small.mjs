// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A small file system of one's own, where the test may mount one, to be filled to the last byte.

import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporary } from './server.mjs';

const mounted = new Set();
process.on('exit', () => {
	for (const dir of mounted) spawnSync('umount', ['--lazy', dir]);
});

export class SmallDisk {
	// Throws nothing: `why` tells what kept it from being mounted.
	constructor(megabytes) {
		this.dir = join(temporary('qiao-small.'), 'disk');
		mkdirSync(this.dir);
		const done = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', this.dir], { encoding: 'utf8' });
		this.why = done.status === 0 ? '' : `no file system can be mounted here: ${(done.stderr ?? String(done.error)).trim()}`;
		if (!this.why) mounted.add(this.dir);
	}

	get free() {
		return Number(spawnSync('df', ['--output=avail', '-B1', this.dir], { encoding: 'utf8' }).stdout.split('\n')[1]);
	}

	// Takes every byte that is left.
	fill() {
		this.filler = join(this.dir, 'filler');
		const file = openSync(this.filler, 'a');
		try {
			for (const size of [1 << 20, 4096]) {
				for (;;) {
					try {
						if (writeSync(file, Buffer.alloc(size)) < size) break;
					} catch (fault) {
						if (fault.code === 'ENOSPC') break;
						throw fault;
					}
				}
			}
		} finally {
			closeSync(file);
		}
	}

	makeRoom() {
		rmSync(this.filler);
	}

	close() {
		if (!mounted.delete(this.dir)) return;
		spawnSync('umount', ['--lazy', this.dir]);
	}
}
