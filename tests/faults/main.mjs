// SPDX-License-Identifier: AGPL-3.0-or-later
//
// main.mjs [NAME…]: each fault of faults.mjs, on two processes and a database of their own; what people saw of it, in a
// table; exit code 1 when one of the bounds was broken.

import { Client } from '../lib/client.mjs';
import { until } from '../lib/server.mjs';
import { faults } from './faults.mjs';
import { House, Missing, pause } from './house.mjs';
import { Session } from './session.mjs';
import { Streams } from './streams.mjs';

const TRUSTED = 5000; // from the acknowledgement of taking away until no stranger who asks is shown it
const DEADLINE = 5000; // a page that was begun before goes out at its deadline at the latest
const LONGEST = 10000; // that a request takes, the time apart in which its process was not there
const ACKED = 10000; // from the first try to the acknowledgement by a process that is spared
const SLACK = 500; // a busy machine's, from sending to being read
const AFTER = 6000; // that things go on when all is well again

const seconds = (ms) => (ms / 1000).toFixed(1);
const most = (list, of) => list.reduce((max, one) => Math.max(max, of(one)), 0);

class Verdict {
	constructor() {
		this.wrong = [];
	}

	must(holds, what) {
		if (!holds) this.wrong.push(what);
	}
}

function judgeAnswers(verdict, house, { asked, refused }, row) {
	const here = (one) => one.to - one.from - house.awayWithin(one.from, one.to);
	const excused = (one) => one.side === 'far' && house.awayWithin(one.from, one.to + 1000) > 0;
	row.asked = asked.length;
	row.busy = asked.filter((one) => one.status === 503).length;
	row.none = asked.filter((one) => one.status === 0).length;
	row.longest = most(asked, here);
	const lost = asked.filter((one) => one.status === 0 && !excused(one));
	verdict.must(!lost.length, `${lost.length} without an answer, as ${JSON.stringify(lost[0])}`);
	const slow = asked.find((one) => here(one) === row.longest);
	verdict.must(row.longest <= LONGEST, `a request took ${seconds(row.longest)} s: ${JSON.stringify(slow)}`);
	verdict.must(!refused.length, `${refused.length} odd answers: ${[...new Set(refused)].slice(0, 3).join('; ')}`);
}

function judgeSight(verdict, { taken, seen }, row) {
	const at = new Map(taken.map((one) => [one.mark, one.at]));
	const late = seen.map((one) => ({ ...one, late: one.from - at.get(one.mark), end: one.to - at.get(one.mark) })).filter((one) => one.late > 0);
	row.late = most(late, (one) => one.late);
	const worst = late.sort((a, b) => b.late - a.late).find((one) => one.late > TRUSTED + SLACK || one.end > TRUSTED + DEADLINE + SLACK);
	verdict.must(!worst, `shown ${JSON.stringify(worst)}`);
	verdict.must(taken.every((one) => one.at < Infinity), 'not everything could be taken away');
}

// How long they tried whose process was spared.
function judgeWaits(verdict, fault, { acked, taken }, row) {
	row.waited = Math.max(most(acked.filter((one) => one.side === 'near'), (one) => one.to - one.from),
		most(taken.filter((one) => one.side === 'near'), (one) => one.at - one.asked));
	verdict.must(!fault.spares || row.waited <= ACKED, `acknowledged by the other process only after ${seconds(row.waited)} s`);
}

// What was acknowledged is there, once, on both processes; what was taken away is not.
async function judgeNotes(verdict, house, { acked, taken }, row) {
	const session = new Session(house.place);
	const times = new Map();
	for (const [mark] of await session.ask("SELECT CASE WHEN title = '' THEN body ELSE title END FROM note WHERE body LIKE 'w%y'"))
		times.set(mark, (times.get(mark) ?? 0) + 1);
	session.close();
	row.acked = acked.length;
	const lost = acked.filter((one) => !times.has(one.mark));
	const twice = [...times].filter(([, n]) => n > 1).map(([mark]) => mark);
	for (const side of house.sides) {
		const stranger = new Client(house[side]);
		for (const one of acked.filter((other) => other.id)) {
			const answer = await stranger.get(`/note/${one.id}`);
			const right = one.secret ? answer.status === 404 : answer.status === 200 && answer.text.includes(one.mark);
			if (!right) lost.push({ ...one, side, status: answer.status });
		}
		for (const path of taken.flatMap((one) => one.paths)) {
			const { status } = await stranger.get(path);
			verdict.must(status === 404, `${path} is ${status} at the end`);
		}
		stranger.close();
	}
	row.lost = lost.length;
	row.twice = twice.length;
	verdict.must(!lost.length, `acknowledged and not there: ${JSON.stringify(lost.slice(0, 3))}`);
	verdict.must(!twice.length, `there twice: ${twice.slice(0, 3).join(' ')}`);
	const doctor = house.near.command(['doctor']);
	verdict.must(doctor.status === 0, `doctor: ${doctor.stdout.slice(-600)}${doctor.stderr.slice(-300)}`);
}

async function suffer(house, fault, row, verdict) {
	const streams = await Streams.begin(house);
	const stop = await fault.begin(house, streams);
	const began = Date.now();
	await pause(1000);
	streams.take('early');
	await pause(Math.max(0, Math.min(8000, fault.lasts - 1500) - (Date.now() - began)));
	streams.take('late');
	await pause(Math.max(0, fault.lasts - (Date.now() - began)));
	await stop();
	const ended = Date.now();
	const isWell = async () => house.sides.every((side) => streams.wroteAfter(side, ended)) && house.isWell(streams.hot);
	await until(isWell, 'that all is well', 60000).catch(({ message }) => verdict.must(false, message));
	row.well = Date.now() - ended;
	verdict.must(row.well <= fault.well, `well again only after ${seconds(row.well)} s, and not ${seconds(fault.well)}`);
	await until(() => streams.allTaken, 'that all is taken away').catch(() => {});
	await pause(AFTER);
	await streams.end();
	judgeAnswers(verdict, house, streams.record, row);
	judgeSight(verdict, streams.record, row);
	judgeWaits(verdict, fault, streams.record, row);
	await judgeNotes(verdict, house, streams.record, row);
}

const COLUMNS = [
	['fault', (row) => row.name], ['asked', (row) => row.asked], ['503', (row) => row.busy], ['none', (row) => row.none],
	['longest', (row) => `${seconds(row.longest)} s`], ['tried for', (row) => `${seconds(row.waited)} s`], ['acked', (row) => row.acked], ['lost', (row) => row.lost], ['twice', (row) => row.twice],
	['shown late', (row) => `${seconds(row.late)} s`], ['well after', (row) => `${seconds(row.well)} s`], ['', (row) => row.said],
];
const line = (cells) => `  ${cells.map((cell, i) => (i ? String(cell ?? '').padStart(10) : cell.padEnd(26))).join(' ')}`.trimEnd();

async function one(fault) {
	const row = { name: fault.name, longest: 0, waited: 0, late: 0, well: 0 };
	const verdict = new Verdict();
	let house;
	try {
		house = await House.open(fault);
	} catch (why) {
		if (!(why instanceof Missing)) return { row: { ...row, said: 'not begun' }, wrong: [why.stack] };
		return { row: { ...row, said: 'skipped' }, skipped: why.message, wrong: [] };
	}
	try {
		await suffer(house, fault, row, verdict);
	} catch (wrong) {
		verdict.wrong.push(wrong.stack);
	}
	await house.close().catch((wrong) => verdict.wrong.push(wrong.message.slice(-3000)));
	row.said = verdict.wrong.length ? 'FAILED' : 'good';
	return { row, wrong: verdict.wrong };
}

const names = process.argv.slice(2);
const chosen = faults.filter((fault) => (names.length ? names.some((name) => fault.name.startsWith(name)) : !fault.onlyNamed));
let failed = 0;
console.log(line(COLUMNS.map(([head]) => head)));
for (const fault of chosen) {
	const { row, skipped, wrong } = await one(fault);
	console.log(line(COLUMNS.map(([, cell]) => cell(row))));
	if (skipped) console.log(`      skipped: ${skipped.trim()}`);
	for (const what of wrong) console.log(`      ${what}`);
	failed += wrong.length > 0;
}
console.log(`${chosen.length - failed} of ${chosen.length} faults went well`);
process.exit(failed || !chosen.length ? 1 : 0);
