// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Begun as a stranger, finished behind the door: on the card one tapped, in the note one read, with scripts and without.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { Client } from '../lib/client.mjs';
import { PASSWORD, comment, explored, follow, newName, person, publish } from '../lib/people.mjs';
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
	await explored(new Client(server), notes.at(-1));
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
		assert.match(await told(page), /Your like/);
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

test('a new account comes from the way to a comment to its field; the first steps wait in explore', { timeout: 60000 }, async () => {
	const walker = await Walker.begin(browser, server, PHONE);
	const { page } = walker;
	await page.goto('/');
	await page.locator('.card-title a').nth(2).click();
	await page.locator('dialog[open] .write-join').click();
	assert.match(await page.locator('h1').innerText(), /^Sign in to comment on “Number \d+”$/);
	await walker.axe('the door');
	await page.locator('.door-foot a').click();
	await walker.axe('signing up');
	await page.fill('#name', newName('newcomer'));
	await page.fill('#password', PASSWORD);
	await page.check('input[name=rules]');
	await page.click('main form button.btn-primary');
	await page.waitForURL(/\/note\/\d+#write$/);
	await page.waitForFunction(() => document.activeElement?.matches('.write-field'));
	await page.keyboard.type('I found my way');
	await page.keyboard.press('Control+Enter');
	await page.locator('.comment', { hasText: 'I found my way' }).waitFor();
	await page.goto('/');
	await walker.axe('explore with the first steps');
	await walker.sound();
	await page.locator('.begin a').click();
	for (let step = 1; step <= 3; step++) {
		await page.waitForURL((url) => url.pathname === '/welcome');
		await page.click('main .form-foot button.btn-primary');
		if (step < 3) await page.waitForURL(new RegExp(`step=${step + 1}`));
	}
	await page.waitForURL((url) => url.pathname === '/');
	assert.equal(await page.locator('.begin').count(), 0);
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

// Out with the session while something is written: to the door.
async function sendWithoutSession(walker, text) {
	const { page } = walker;
	await page.locator('.write-field').fill(text);
	await walker.context.clearCookies({ name: 'session' });
	await page.click('.write-send');
	await page.waitForURL(/\/signin/);
}

async function enter(page, one) {
	await page.fill('#name', one.name);
	await page.fill('#password', PASSWORD);
	await page.click('main form button.btn-primary');
	await page.waitForURL(/\/note\//);
}

const keptInTab = (page) => page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('say:')).length);

test('a comment waits in the tab until it is posted: the answer’s comment has gone, the browser forgot who began', { timeout: 60000 }, async () => {
	const one = await person(server, 'patient');
	const above = await comment(writer, notes[5], 'Answer me');
	const walker = await Walker.begin(browser, server, { cookies: [...one.cookies] });
	const { page } = walker;
	const field = page.locator('.write-field');
	await page.goto(`/note/${notes[5]}`);
	await page.locator(`#comment-${above} [data-reply]`).click();
	await page.locator('.write select').selectOption('me');
	await sendWithoutSession(walker, 'An answer\nto what is deleted now');
	(await (await writer.get(`/note/${above}/delete`)).form(`/note/${above}/delete`).send()).expect(303);
	await enter(page, one);
	assert.equal(await field.inputValue(), 'An answer\nto what is deleted now');
	assert.equal(await page.locator('.write select').inputValue(), 'me');
	await page.click('.write-send');
	await page.locator('.comment', { hasText: 'to what is deleted now' }).waitFor();
	await page.reload();
	assert.equal(await field.inputValue(), '', 'posted is posted');

	await sendWithoutSession(walker, 'The browser forgets');
	await walker.context.clearCookies({ name: 'guest' });
	await page.reload();
	await enter(page, one);
	assert.equal(await field.inputValue(), 'The browser forgets');

	await sendWithoutSession(walker, 'And now it is posted: https://example.org/a');
	assert.equal(await keptInTab(page), 1);
	await enter(page, one);
	await page.locator('.comment', { hasText: 'And now it is posted' }).waitFor();
	assert.equal(await field.inputValue(), '');
	assert.equal(await keptInTab(page), 0);
	await walker.end();
});

test('comments on a note for followers are counted as the page counts them', async () => {
	const one = await person(server, 'follower');
	await follow(one, writer.name);
	const id = await publish(writer, { title: 'For followers', visibility: 'followers' });
	const walker = await Walker.begin(browser, server, { cookies: [...one.cookies] });
	const { page } = walker;
	await page.goto(`/note/${id}`);
	for (const [n, words] of [[1, '1 comment'], [2, '2 comments']]) {
		await page.locator('.write-field').fill(`Among us ${n}`);
		await page.click('.write-send');
		await page.locator('.comment', { hasText: `Among us ${n}` }).waitFor();
		await page.waitForFunction((wanted) => document.querySelector('#comments-title').textContent.trim() === wanted, words);
		assert.equal((await page.locator('.note-acts [data-write] .count').innerText()).trim(), String(n));
	}
	await walker.end();
});

test('a finished note waits in the browser until it is out', { timeout: 60000 }, async () => {
	const one = await person(server, 'drafting');
	const theirs = await publish(writer, { title: 'Looked at meanwhile' });
	const walker = await Walker.begin(browser, server, { cookies: [...one.cookies] });
	const { page } = walker;
	const send = '.publish .form-foot .btn-primary';
	await page.goto('/publish');
	await page.fill('#title', 'Long thought over');
	await page.fill('#body', 'And long written');
	await walker.context.clearCookies({ name: 'session' });
	await page.click(send);
	await page.waitForURL(/\/signin/);
	await page.goto(`/note/${theirs}`); // somebody else's: not where publishing leads
	await page.locator('main article.note').waitFor();
	await page.goto('/signin?back=/publish');
	await page.fill('#name', one.name);
	await page.fill('#password', PASSWORD);
	await page.click('main form button.btn-primary');
	await page.waitForURL(/\/publish/);
	await page.waitForFunction(() => document.querySelector('#title').value === 'Long thought over');
	assert.equal(await page.inputValue('#body'), 'And long written');
	await page.click(send);
	await page.waitForURL(/\/note\//);
	await page.goto('/publish');
	await page.locator('form[data-publish]').waitFor();
	await page.waitForTimeout(300);
	assert.equal(await page.inputValue('#title'), '', 'published is not offered again');
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
