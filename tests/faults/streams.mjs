// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who comes to both processes while something is wrong. Writers publish and comment, and send a form again until it is
// acknowledged, as people do; owners narrow and delete what strangers have seen; strangers look at it again and again.

import assert from 'node:assert/strict';
import { Client } from '../lib/client.mjs';
import { mediaOf, newName, noteId, PASSWORD, person, publish, signIn } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { until } from '../lib/server.mjs';
import { pause } from './house.mjs';

const PATIENCE = 60000; // of a client
const ROUNDS = 4; // of a stranger that may be under way

export class Record {
	constructor() {
		this.over = false;
		this.asked = []; // {side, what, from, to, status}; status 0: no answer
		this.acked = []; // {mark, from}
		this.refused = []; // answers that nobody should get
		this.taken = []; // what owners take away: {mark, kind, paths, at: when that was acknowledged}
		this.seen = []; // {mark, side, path, from, to}: what showed it
	}

	// The answer, or null; either way it is in the record.
	async timed(side, what, request) {
		const from = Date.now();
		let timer;
		const answer = await Promise.race([
			request().catch(() => null),
			new Promise((resolve) => { timer = setTimeout(resolve, PATIENCE, null); }),
		]);
		clearTimeout(timer);
		const status = answer?.status ?? 0;
		this.asked.push({ side, what, from, to: Date.now(), status });
		const signedOut = status === 303 && /^\/signin/.test(answer.location);
		if (signedOut || (status >= 400 && ![404, 503].includes(status)))
			this.refused.push(`${side} ${what}: ${signedOut ? 'signed out' : `${status} ${answer.main.slice(0, 200)}`}`);
		return answer;
	}

	asks(side, client, path) {
		return this.timed(side, path, () => client.get(path));
	}
}

// A page from memory, with a word on top, while the database gives no answer: it is nobody's own and has no forms.
const isKept = (page) => !page.text.includes('action="/signout"');

async function sendUntilAcked(record, side, what, form, mark) {
	for (const from = Date.now(); !record.over;) {
		const answer = await record.timed(side, what, () => form.send());
		if (answer?.status === 404) return null; // what it stands under was taken away
		if (answer && answer.status < 400) {
			record.acked.push({ mark, from, to: Date.now(), side });
			return answer;
		}
		await pause(300);
	}
	return null;
}

// Publishes and comments in turn; every fifth note is for its author alone, and stands in `taken` from the beginning.
async function write(record, side, client, hot) {
	for (let n = 0; !record.over; n++) {
		const mark = `w${client.name}x${n}y`.replaceAll('_', 'z');
		const comments = n % 2;
		const page = await record.asks(side, client, comments ? `/note/${hot}` : '/publish');
		if (page?.status === 200 && !isKept(page)) {
			const form = page.form(comments ? `/note/${hot}/comment` : '/publish');
			form.fill(comments ? { text: mark } : { title: mark, body: mark });
			const secret = n % 10 === 4;
			if (secret) {
				form.fill({ visibility: 'me' });
				record.taken.push({ mark, kind: 'secret', paths: [], at: 0 });
			}
			const answer = await sendUntilAcked(record, side, comments ? 'comment' : 'publish', form, mark);
			if (answer && !comments) record.acked.at(-1).id = noteId(answer.location);
			if (answer && secret) record.acked.at(-1).secret = true;
		}
		await pause(150);
	}
}

// Comments on one note as fast as it goes, until that is taken away.
async function crowdOn(record, side, client, note) {
	for (let n = 0; !record.over; n++) {
		const mark = `w${client.name}x${n}y`.replaceAll('_', 'z');
		const page = await record.asks(side, client, `/note/${note}`);
		if (page?.status === 404) return;
		if (page?.status === 200 && !isKept(page)) await sendUntilAcked(record, side, 'comment', page.form(`/note/${note}/comment`).fill({ text: mark }), mark);
		else await pause(100);
	}
}

// Narrows or deletes; it is acknowledged by the redirect, or because it is not there any more.
async function take(record, side, client, one) {
	one.asked = Date.now();
	const what = one.kind === 'narrowed' ? 'edit' : 'delete';
	const path = `/note/${one.id}/${what}`;
	while (!record.over) {
		const page = await record.asks(side, client, path);
		let answer = page;
		if (page?.status === 200 && !isKept(page)) {
			const form = page.form(path);
			if (what === 'edit') form.fill({ visibility: 'me' });
			answer = await record.timed(side, what, () => form.send());
		}
		if (answer?.status === 303 || (answer?.status === 404 && what === 'delete')) {
			one.at = Date.now();
			return;
		}
		await pause(200);
	}
}

// Looks at everything once.
async function look(record, side, server, pages) {
	const stranger = new Client(server);
	const paths = [...new Set([...pages, ...record.taken.flatMap((one) => one.paths)])];
	await Promise.all(paths.map(async (path) => {
		const from = Date.now();
		const answer = await record.asks(side, stranger, path);
		if (!answer || answer.status === 503 || answer.status === 404) return;
		const to = Date.now();
		const media = path.startsWith('/media/');
		for (const one of record.taken)
			if (media ? one.paths.includes(path) : answer.text.includes(one.mark)) record.seen.push({ mark: one.mark, side, path, from, to });
	}));
	stranger.close();
}

async function watch(record, side, server, pages) {
	const rounds = new Set();
	while (!record.over) {
		if (rounds.size < ROUNDS) {
			const round = look(record, side, server, pages).finally(() => rounds.delete(round));
			rounds.add(round);
		}
		await pause(400);
	}
	await Promise.all(rounds);
}

// Notes that strangers of both processes have in memory, to be taken away: early and late, by this process and the other.
async function prepare(house, record, owner) {
	for (const side of house.sides)
		for (const kind of ['narrowed', 'deleted'])
			for (const turn of ['early', 'late']) {
				const mark = `${kind}z${side}z${turn}z`;
				const id = await publish(owner, { title: mark, body: `${mark} #fading`, pictures: [picture(320, 400)] });
				const page = await until(async () => {
					const now = await owner.get(`/note/${id}`);
					return now.all('.slide img').length && now;
				}, 'the picture');
				const [image] = mediaOf({ text: page.one('.stage').innerHTML });
				record.taken.push({ id, mark, kind, side, turn, paths: [`/note/${id}`, image], at: Infinity });
			}
}

// Somebody with an account of one's own on that process.
async function signedIn(house, side) {
	const name = newName('writer');
	house.near.cli(['account', 'create', name, '--password-stdin'], `${PASSWORD}\n`);
	return signIn(house[side], name);
}

export class Streams {
	static async begin(house) {
		const streams = new Streams();
		const record = streams.record = new Record();
		const owners = {};
		owners.near = await person(house.near, 'owner');
		owners.far = new Client(house.far, { name: owners.near.name });
		owners.far.cookies = owners.near.cookies;
		const pages = ['/', `/@${owners.near.name}`, '/topic/fading'];
		await prepare(house, record, owners.near);
		// What `far` comments on without end is narrowed by `near`: whoever stops within a comment stands in its way.
		const disputed = streams.disputed = await publish(owners.near, { title: 'narrowedzdisputedz' });
		record.taken.push({ id: disputed, mark: 'narrowedzdisputedz', kind: 'narrowed', side: 'near', turn: 'early', paths: [`/note/${disputed}`], at: Infinity });
		streams.hot = await publish(owners.near, { title: 'A note that everybody comments on' });
		const writers = [];
		for (const side of house.sides)
			for (let i = 0; i < 2; i++) writers.push([side, await signedIn(house, side)]);
		const crowd = [];
		for (let i = 0; i < 3; i++) crowd.push(await signedIn(house, 'far'));
		streams.owners = owners;
		for (const side of house.sides) await until(() => house.isWell(streams.hot), side);
		streams.going = [
			...writers.map(([side, client]) => write(record, side, client, streams.hot)),
			...crowd.map((client) => crowdOn(record, 'far', client, disputed)),
			...house.sides.map((side) => watch(record, side, house[side], pages)),
		];
		await until(() => record.taken.filter((one) => one.id).every((one) => house.sides.every((side) => one.paths.every((path) => record.seen.some((s) => s.side === side && s.path === path)))), 'all is in memory');
		return streams;
	}

	// Each owner takes away what is to go by its process in this turn.
	take(turn) {
		const { record } = this;
		for (const one of record.taken)
			if (one.turn === turn) this.going.push(take(record, one.side, this.owners[one.side], one));
	}

	// When somebody was first acknowledged something there that was begun after that moment.
	wroteAfter(side, at) {
		return this.record.acked.some((one) => one.side === side && one.from > at);
	}

	get allTaken() {
		return this.record.taken.every((one) => one.at < Infinity);
	}

	async end() {
		this.record.over = true;
		await Promise.all(this.going);
		assert.ok(this.record.acked.length, 'nobody wrote anything');
	}
}
