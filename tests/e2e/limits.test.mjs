// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What guards accounts is counted over all processes on one database: who goes from one to the other gains nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { PASSWORD, newName, person, publish } from '../lib/people.mjs';
import { DATABASE, Server, startServer } from '../lib/server.mjs';

const skip = DATABASE !== 'postgres' && 'several processes need PostgreSQL';
const HEARD = 1500; // until what one counted is known to the other, and more
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

let servers;
before(async () => {
	if (skip) return;
	const near = await startServer({ 'rate-limits': 'on' });
	servers = [near, new Server({ 'rate-limits': 'on' }, { beside: near })];
	await servers[1].start();
});
after(async () => {
	for (const server of [...servers ?? []].reverse()) await server.close();
});

// The statuses of as many tries at one, and then, when the other heard of it, at the other.
async function tries(attempt, atOne, atOther) {
	const statuses = [[], []];
	for (let i = 0; i < atOne; i++) statuses[0].push(await attempt(servers[0], i));
	await pause(HEARD);
	for (let i = 0; i < atOther; i++) statuses[1].push(await attempt(servers[1], atOne + i));
	return statuses;
}

const count = (statuses, wanted) => statuses.filter((status) => status === wanted).length;

test('wrong passwords', { skip }, async () => {
	const { name } = await person(servers[0], 'sought');
	const [one, other] = await tries(async (server) => {
		const page = await new Client(server).get('/signin');
		return (await page.form('/signin').fill({ name, password: 'not the password' }).send()).status;
	}, 8, 8);
	assert.equal(count(one, 422), 8, `all are looked at: ${one}`);
	assert.ok(count(other, 422) <= 4, `few more are looked at by the other: ${other}`);
	assert.equal(other.at(-1), 429);
});

test('the right password frees its network from what failed before, everywhere', { skip }, async () => {
	const { name } = await person(servers[0], 'right');
	const sign = async (server, password) => (await (await new Client(server).get('/signin')).form('/signin').fill({ name, password }).send()).status;
	for (let i = 0; i < 8; i++) assert.equal(await sign(servers[0], 'not the password'), 422);
	await pause(HEARD);
	assert.equal(await sign(servers[0], PASSWORD), 303);
	await pause(HEARD);
	for (let i = 0; i < 6; i++) assert.equal(await sign(servers[1], 'not the password'), 422, `try ${i}`);
});

test('sign-ups from one network', { skip }, async () => {
	const [one, other] = await tries(async (server) => {
		const page = await new Client(server).get('/signup');
		return (await page.form('/signup').fill({ name: newName('new'), password: 'short', rules: '1' }).send()).status;
	}, 20, 20);
	assert.equal(count(one, 422), 20);
	assert.ok(count(other, 422) >= 8 && count(other, 422) <= 14, `${other}`);
	assert.equal(other.at(-1), 429);
});

test('published notes', { skip }, async () => {
	const ann = await person(servers[0], 'ann');
	for (let i = 0; i < 15; i++) await publish(ann, { title: `Note ${i}` });
	await pause(HEARD);
	const there = new Client(servers[1], { name: ann.name });
	there.cookies = ann.cookies;
	const statuses = [];
	for (let i = 0; i < 15; i++) {
		const page = (await there.get('/publish')).expect(200);
		statuses.push((await page.form('/publish').fill({ title: `More ${i}`, body: 'A text.' }).send()).status);
	}
	assert.ok(count(statuses, 303) >= 3 && count(statuses, 303) <= 8, `${statuses}`);
	assert.equal(statuses.at(-1), 429);
});
