// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Nobody loses their place: back from a profile, from a note, from the door, after a reload, in every feed, deep down.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { PASSWORD, explored, follow, person, publish } from '../lib/people.mjs';
import { startServer, until } from '../lib/server.mjs';

const NOTES = 130;
let server;
let browser;
let reader;
let prolific;
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	reader = await person(server, 'placed');
	const writers = [];
	for (let i = 0; i < 3; i++) writers.push(await person(server, `deep${i}`));
	[prolific] = writers;
	let newest;
	for (let n = 0; n < NOTES; n++) {
		const writer = n % 4 === 3 ? prolific : writers[n % 3];
		newest = await publish(writer, { title: `Number ${n}`, body: `Some words of the note number ${n}, long enough for a card of its own in the grid, #deep` });
	}
	for (const writer of writers) await follow(reader, writer.name);
	await explored(reader, newest);
});
after(async () => {
	await browser?.close();
	await server.close();
});

const PHONE = { width: 390, height: 844 };
const walk = (looks = {}) => Walker.begin(browser, server, { cookies: [...reader.cookies], ...looks });

// Scrolls until so many cards are there and lets a card stand at the top of the window.
async function goDeep(page, wanted = 80) {
	await until(async () => {
		await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
		return await page.locator('article.card').count() >= wanted;
	}, `${wanted} cards`);
	await page.evaluate(() => {
		const cards = document.querySelectorAll('article.card');
		cards[cards.length - 12].scrollIntoView({ block: 'start' });
		window.scrollBy(0, -120);
	});
	await page.waitForTimeout(150);
	return where(page);
}

// What is seen: the cards in the window and how high they stand.
function where(page) {
	return page.evaluate(() => ({
		y: Math.round(window.scrollY),
		cards: [...document.querySelectorAll('article.card')].map((card) => [card.id, Math.round(card.getBoundingClientRect().top)])
			.filter(([, top]) => top > 60 && top < window.innerHeight - 60),
	}));
}

async function same(page, before, what) {
	await page.waitForFunction((count) => document.querySelectorAll('article.card').length >= count, before.cards.length, { timeout: 8000 });
	await page.waitForTimeout(250);
	const now = await where(page);
	assert.deepEqual(now.cards.map(([id]) => id), before.cards.map(([id]) => id), `${what}: the same cards (${before.y} became ${now.y})`);
	for (const [i, [, top]] of now.cards.entries()) assert.ok(Math.abs(top - before.cards[i][1]) <= 2, `${what}: ${before.y} became ${now.y}`);
}

const inView = (page, selector) => page.evaluateHandle((wanted) => [...document.querySelectorAll(wanted)].find((one) => {
	const { top, bottom } = one.getBoundingClientRect();
	return top > 80 && bottom < window.innerHeight - 90;
}), selector).then((handle) => handle.asElement());

for (const [name, looks] of [['wide', {}], ['390 px', PHONE]]) {
	for (const path of ['/', '/following', '/topic/deep', '/?topic=deep', () => `/@${prolific.name}`]) {
		const label = typeof path === 'string' ? path : 'a profile';
		test(`${label} (${name}): a person’s page and back, a reload, a note’s page and back`, { timeout: 60000 }, async () => {
			const walker = await walk(looks);
			const { page } = walker;
			const address = typeof path === 'string' ? path : path();
			await page.goto(address);
			const deep = await goDeep(page, label === 'a profile' ? 40 : 80);
			assert.ok(deep.y > 2000, `deep enough: ${deep.y}`);

			await page.goto('/about');
			await page.goBack();
			await same(page, deep, 'another page and back');

			await page.reload();
			await same(page, deep, 'a reload');
			await page.reload();
			await same(page, deep, 'a second reload');

			// By way of the note over the feed to its author's page, and back twice.
			await (await inView(page, '.card-title a')).click();
			await page.locator('dialog[open] article.note').waitFor();
			await page.locator('dialog[open] .note-author').click();
			await page.locator('.profile').waitFor();
			await page.goBack();
			await page.locator('main article.note').waitFor();
			await page.goBack();
			await page.locator('article.card').first().waitFor();
			await same(page, deep, 'overlay, profile, back, back');

			// The note's page loaded again, and its own way back.
			await (await inView(page, '.card-title a')).click();
			await page.locator('dialog[open] article.note').waitFor();
			await page.reload();
			await page.locator('main article.note').waitFor();
			if (looks.width) {
				await page.locator('main .note-back').click();
			} else {
				await page.goBack();
			}
			await page.locator('article.card').first().waitFor();
			await same(page, deep, 'the note’s page and back');
			assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, address);

			// It goes on from there, without doubles.
			await until(async () => {
				await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
				return await page.locator('.more').count() === 0;
			}, 'the end');
			const ids = await page.locator('article.card').evaluateAll((cards) => cards.map((card) => card.id));
			assert.equal(new Set(ids).size, ids.length);
			if (label !== 'a profile') assert.equal(ids.length, NOTES);
			await walker.end();
		});
	}
}

test('a stranger signs in deep down (390 px) and is where they were', { timeout: 60000 }, async () => {
	const walker = await Walker.begin(browser, server, PHONE);
	const { page } = walker;
	await page.goto('/');
	const deep = await goDeep(page);
	await page.locator('.nav a[href^="/signin"]').click();
	await page.fill('#name', reader.name);
	await page.fill('#password', PASSWORD);
	await page.click('main form button.btn-primary');
	await page.locator('.nav a[href^="/@"]').waitFor();
	await same(page, deep, 'after signing in');
	await walker.end();
});

test('the door is looked at and left: back, and the place is there; the logo leads to the top', { timeout: 60000 }, async () => {
	const walker = await Walker.begin(browser, server, PHONE);
	const { page } = walker;
	await page.goto('/');
	const deep = await goDeep(page);
	await page.locator('.nav a[href^="/signin"]').click();
	await page.locator('#password').waitFor();
	await page.goBack();
	await same(page, deep, 'back from the door');
	await page.locator('.nav a[href^="/signin"]').click();
	await page.locator('#password').waitFor();
	await page.locator('.brand').click();
	await page.locator('article.card').first().waitFor();
	assert.equal(await page.evaluate(() => window.scrollY), 0);
	await walker.end();
});

test('what one account saw is not kept for the next in the same tab', async () => {
	const walker = await walk();
	const { page } = walker;
	await page.goto('/following');
	await goDeep(page, 40);
	await page.goto('/about');
	assert.ok(await page.evaluate(() => Object.keys(sessionStorage).some((key) => key.startsWith('place:'))));
	await page.click('[popovertarget=menu]');
	await page.locator('form[action="/signout"] button').click();
	await page.locator('.nav a[href^="/signin"]').waitFor();
	const kept = await page.evaluate(() => Object.entries(sessionStorage).filter(([key]) => key.startsWith('place:')).map(([, value]) => JSON.parse(value)));
	assert.deepEqual(kept.filter((place) => place.who), []);
	await walker.end();
});

test('without scripts a page of a feed is an address, and the door leads back to it', async () => {
	const walker = await Walker.begin(browser, server, { ...PHONE, script: false });
	const { page } = walker;
	await page.goto('/topic/deep');
	await page.click('a[rel=next]');
	await page.waitForURL(/after=/);
	const before = page.url();
	await page.locator('.nav a[href^="/signin"]').click();
	await page.fill('#name', reader.name);
	await page.fill('#password', PASSWORD);
	await page.click('main form button.btn-primary');
	await page.waitForURL(/after=/);
	assert.equal(page.url(), before);
	await page.locator('.card-title a').nth(9).click();
	await page.locator('main article.note').waitFor();
	await page.goBack();
	assert.equal(page.url(), before);
	await walker.end();
});
