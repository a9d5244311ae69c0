// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Begun as a stranger, finished behind the door: on the card one tapped, in the note one read, with scripts and without.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { PASSWORD, comment, newName, person, publish } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let browser;
let writer;
const notes = [];
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	writer = await person(server, 'host');
	const other = await person(server, 'guest');
	for (let n = 0; n < 40; n++) notes.push(await publish(n % 2 ? writer : other, { title: `Number ${n}`, body: `Some words of the note number ${n} in the grid` }));
	await new Promise((resolve) => { setTimeout(resolve, 2200); });
});
after(async () => {
	await browser?.close();
	await server.close();
});

const PHONE = { width: 390, height: 844 };

async function signIn(page, one) {
	await page.locator('.door .notice').waitFor();
	await page.fill('#name', one.name);
	await page.fill('#password', PASSWORD);
	await page.click('main form button.btn-primary');
	await page.locator('.nav a[href^="/@"]').waitFor({ state: 'attached' });
}

const told = async (page) => (await page.locator('.toasts .toast').first().innerText()).trim();

for (const [name, looks] of [['wide', {}], ['390 px', PHONE], ['390 px, without scripts', { ...PHONE, script: false }]]) {
	test(`a like on a card, deep in explore (${name})`, { timeout: 60000 }, async () => {
		const one = await person(server, 'liker');
		const walker = await Walker.begin(browser, server, looks);
		const { page } = walker;
		await page.goto('/');
		if (looks.script === false) {
			await page.click('a[rel=next]');
		} else {
			for (let turn = 0; turn < 60 && await page.locator('.more').count(); turn++) {
				await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
				await page.waitForTimeout(50);
			}
		}
		const card = page.locator('article.card').nth(looks.script === false ? 5 : 33);
		const id = await card.getAttribute('id');
		await card.scrollIntoViewIfNeeded();
		const before = await page.evaluate(() => window.scrollY);
		await card.locator('.card-like').click();
		await signIn(page, one);
		await page.locator(`#${id} .card-like[aria-pressed=true]`).waitFor();
		const box = await page.locator(`#${id}`).boundingBox();
		assert.ok(box.y > -300 && box.y < 860, `the card is in the window: ${box.y}, ${before}`);
		assert.match(await told(page), /your like/);
		assert.equal((await page.locator(`#${id} .count`).innerText()).trim(), '1');
		await walker.sound();
		await walker.end();
	});

	test(`a follow and a comment in a note (${name})`, { timeout: 60000 }, async () => {
		const one = await person(server, 'talker');
		const walker = await Walker.begin(browser, server, looks);
		const { page } = walker;
		await page.goto(`/note/${notes[3]}`);
		await page.locator('.follow').click();
		await signIn(page, one);
		await page.locator(`article.note .follow[aria-pressed=true]`).waitFor();
		assert.equal(new URL(page.url()).pathname, `/note/${notes[3]}`);
		assert.match(await told(page), /follow/);
		// The session ends elsewhere while something is written.
		await page.locator('.write-field').fill('Written while the session ended');
		await walker.context.clearCookies({ name: 'session' });
		await page.click('.write-send');
		await signIn(page, one);
		await page.locator('.comment', { hasText: 'Written while the session ended' }).waitFor();
		assert.match(await told(page), /comment/);
		await walker.end();
	});
}

test('the way to a comment leads to its field; a new account through all its steps', { timeout: 60000 }, async () => {
	const walker = await Walker.begin(browser, server, PHONE);
	const { page } = walker;
	await page.goto('/');
	await page.locator('.card-title a').nth(2).click();
	await page.locator('dialog[open] .write-join').click();
	await page.locator('.door-foot a').click();
	await page.fill('#name', newName('newcomer'));
	await page.fill('#password', PASSWORD);
	await page.check('input[name=rules]');
	await page.click('main form button.btn-primary');
	for (let step = 1; step <= 3; step++) {
		await page.waitForURL((url) => url.pathname === '/welcome');
		await page.click('main .form-foot button.btn-primary');
		if (step < 3) await page.waitForURL(new RegExp(`step=${step + 1}`));
	}
	await page.waitForURL(/\/note\/\d+#write$/);
	await page.waitForFunction(() => document.activeElement?.matches('.write-field'));
	await page.keyboard.type('I found my way');
	await page.keyboard.press('Control+Enter');
	await page.locator('.comment', { hasText: 'I found my way' }).waitFor();
	await walker.end();
});

test('a long text waits in the tab when the session ended', { timeout: 60000 }, async () => {
	const one = await person(server, 'wordy');
	const walker = await Walker.begin(browser, server, { cookies: [] });
	const { page } = walker;
	await page.goto(`/signin?back=/note/${notes[4]}`);
	await page.fill('#name', one.name);
	await page.fill('#password', PASSWORD);
	await page.click('main form button.btn-primary');
	await page.waitForURL(/\/note\//);
	const text = '很长的评论'.repeat(200);
	await page.locator('.write-field').fill(text);
	await walker.context.clearCookies({ name: 'session' });
	await page.click('.write-send');
	await page.waitForURL(/\/signin/);
	await page.fill('#name', one.name);
	await page.fill('#password', PASSWORD);
	await page.click('main form button.btn-primary');
	await page.waitForURL(/\/note\//);
	await page.waitForFunction((wanted) => document.querySelector('.write-field').value === wanted, text);
	await walker.end();
});

test('the number of comments follows at once, in words and figures; one’s own can be deleted, others’ reported', async () => {
	const one = await person(server, 'counter');
	const id = await publish(writer, { title: 'Counted' });
	const walker = await Walker.begin(browser, server, { cookies: [...one.cookies] });
	const { page } = walker;
	await page.goto(`/note/${id}`);
	for (const [n, words] of [[1, '1 comment'], [2, '2 comments']]) {
		await page.locator('.write-field').fill(`Comment ${n}`);
		await page.click('.write-send');
		await page.waitForFunction((wanted) => document.querySelector('#comments-title').textContent.trim() === wanted, words);
		assert.equal((await page.locator('.note-acts [data-write] .count').innerText()).trim(), String(n));
	}
	const first = await page.locator('.comment').last().getAttribute('id');
	await page.locator(`#${first} [data-reply]`).click();
	await page.locator('.write-field').fill('An answer');
	await page.click('.write-send');
	await page.waitForFunction(() => document.querySelector('#comments-title').textContent.trim() === '3 comments');
	await comment(writer, id, 'Of the author');
	await page.reload();
	assert.equal((await page.locator('#comments-title').innerText()).trim(), '4 comments');
	for (const item of await page.locator('.comment').all()) {
		const own = (await item.locator('> .comment-main .comment-by a').first().getAttribute('href')) === `/@${one.name}`;
		const facts = item.locator('> .comment-main .comment-facts');
		assert.equal(await facts.locator('a[href^="/report"]').count(), own ? 0 : 1);
		assert.equal(await facts.locator('.comment-delete').count(), own ? 1 : 0);
	}
	await walker.axe('comments');
	page.once('dialog', (dialog) => dialog.accept());
	await page.locator('.comment', { hasText: 'An answer' }).locator('.comment-replies .comment-delete button').click();
	await page.waitForFunction(() => document.querySelector('#comments-title')?.textContent.trim() === '3 comments');
	await walker.end();
});
