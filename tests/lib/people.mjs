// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Accounts made by the command line, signed in through the page; and what they do most: publish, follow, comment,
// like, all through the forms that a person would use.

import assert from 'node:assert/strict';
import { Client } from './client.mjs';
import { until } from './server.mjs';

export const PASSWORD = 'correct horse battery';
let made = 0;

export function newName(stem = 'person') {
	return `${stem}_${process.pid % 10000}_${++made}`;
}

export async function signIn(server, name, { language = 'en', password = PASSWORD } = {}) {
	const client = new Client(server, { language, name });
	const page = (await client.get('/signin')).expect(200);
	const answer = await page.form('/signin').fill({ name, password }).send();
	answer.expect(303);
	return client;
}

export async function person(server, stem = 'person', { role = 'member', language } = {}) {
	const name = newName(stem);
	server.cli(['account', 'create', name, '--password-stdin', '--role', role], `${PASSWORD}\n`);
	return signIn(server, name, { language });
}

export const noteId = (address) => /\/note\/(\d+)/.exec(address)?.[1];

// Publishes through the form as a browser without JavaScript does; the note's id.
export async function publish(client, values = {}) {
	const page = (await client.get('/publish')).expect(200);
	const answer = (await page.form('/publish').fill({ title: 'A title', body: 'A text.', ...values }).send()).expect(303);
	const id = noteId(answer.location);
	assert.ok(id, `published, but led to ${answer.location}`);
	return id;
}

// Presses the button when it is not pressed already.
async function toggle(page, action, on) {
	const form = page.form(action);
	const button = form.element.querySelector('button[name=on]');
	if ((button.getAttribute('aria-pressed') === 'true') === (on === '1')) return null;
	return (await form.press('on', on).send()).expect(303);
}

export async function follow(client, name, on = '1') {
	return toggle((await client.get(`/@${name}`)).expect(200), `/@${name}/follow`, on);
}

export async function befriend(one, other) {
	await follow(one, other.name);
	await follow(other, one.name);
}

export async function like(client, id, on = '1') {
	return toggle((await client.get(`/note/${id}`)).expect(200), `/note/${id}/like`, on);
}

export async function comment(client, id, text, { parent, ...more } = {}) {
	const page = (await client.get(parent ? `/note/${id}?reply=${parent}` : `/note/${id}`)).expect(200);
	const form = page.form(`/note/${id}/comment`).fill({ text, ...more });
	if (parent) form.force('parent', parent);
	const answer = (await form.send()).expect(303);
	return /comment-(\d+)/.exec(answer.location)?.[1];
}

export const mediaOf = (answer) => [...new Set([...answer.text.matchAll(/\/media\/[\w-]+\/[\w.-]+/g)].map(([address]) => address))];

export const cards = (page) => page.all('[data-endless] > article.card').map((card) => card.id.replace('note-', ''));

// The notes of a feed, page after page, by the links that lead on.
export async function pages(client, path, between = async () => {}) {
	const seen = [];
	let page = (await client.get(path)).expect(200);
	for (let turn = 0; turn < 20; turn++) {
		seen.push(cards(page));
		const next = page.document.querySelector('a[rel=next]');
		if (!next) return seen;
		await between(turn);
		page = (await client.get(next.getAttribute('href'))).expect(200);
	}
	throw new Error('no end of pages');
}

// Explore is ordered anew once a second: waits until this note stands in it for others than its author.
export async function explored(client, id) {
	await until(async () => (await pages(client, '/')).flat().includes(id), 'the newest note in explore');
}
