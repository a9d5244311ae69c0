// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One line a test file, the whole story only of what failed; the counts for tests/run go to QIAO_TEST_COUNTS,
// the times to QIAO_TEST_TIMES.

import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';

const WIDTH = 72;

function reason(error) {
	const cause = error?.cause ?? error;
	const stack = (cause?.stack ?? String(cause)).split('\n').filter((line) => !line.includes('node:internal'));
	return stack.slice(0, 40).map((line) => `      ${line}`).join('\n');
}

export default async function* report(source) {
	const label = process.env.QIAO_TEST_LABEL ?? '';
	const files = new Map();
	let passed = 0;
	let failed = 0;
	for await (const { type, data } of source) {
		if (type !== 'test:pass' && type !== 'test:fail') continue;
		const isFile = data.nesting === 0 && data.file !== undefined && data.name.endsWith('.mjs');
		if (data.details?.type === 'suite' || (isFile && type === 'test:pass')) continue;
		const name = basename(data.file ?? '?', '.test.mjs');
		const one = files.get(name) ?? { passed: 0, failed: 0, skipped: [], ms: 0 };
		files.set(name, one);
		if (data.skip !== undefined) {
			one.skipped.push(`${data.name}${typeof data.skip === 'string' && data.skip ? ` (${data.skip})` : ''}`);
			continue;
		}
		if (data.nesting === 0) one.ms += data.details.duration_ms;
		// A test with subtests fails once with them: the innermost tells.
		if (type === 'test:fail' && data.details.error?.failureType === 'subtestsFailed') continue;
		if (type === 'test:pass') {
			one.passed++;
			passed++;
			continue;
		}
		one.failed++;
		failed++;
		yield `  FAILED ${label} ${name}: ${data.name}\n${reason(data.details.error)}\n`;
	}
	for (const [name, one] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const line = `  ${label} ${name} `.padEnd(WIDTH - 24, '.');
		if (process.env.QIAO_TEST_TIMES) appendFileSync(process.env.QIAO_TEST_TIMES, `${(one.ms / 1000).toFixed(1)} ${label} ${name}\n`);
		yield `${line} ${one.passed} passed${one.failed ? `, ${one.failed} FAILED` : ''}${one.skipped.length ? `, ${one.skipped.length} skipped` : ''} (${(one.ms / 1000).toFixed(1)} s)\n`;
		for (const what of one.skipped) yield `    skipped: ${what}\n`;
	}
	if (process.env.QIAO_TEST_COUNTS) appendFileSync(process.env.QIAO_TEST_COUNTS, `${passed} ${failed}\n`);
}
