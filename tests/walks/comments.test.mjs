// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A note that many have commented on: the rest comes below what is there, with a script in place, without one on a
// page of its own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { comment, person, publish } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let browser;
let reader;
let busy;
const made = [];
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	reader = await person(server, 'many');
	busy = await publish(reader, { title: 'Much talked about' });
	for (let i = 0; i < 45; i++) made.push(`comment-${await comment(reader, busy, `Number ${i}`)}`);
	for (const which of [7, 31]) (await reader.call('POST', `/note/${made[which].slice(8)}/like`, { form: { on: '1' } })).expect(200);
});
after(async () => {
	await browser?.close();
	await server.close();
});

const best = () => [made[7], made[31], ...made.filter((_, i) => i !== 7 && i !== 31)];
const shown = (page) => page.locator('.comment-list > .comment').evaluateAll((all) => all.map((one) => one.id));

for (const [name, looks] of [['wide', {}], ['390 px', { width: 390, height: 844 }]]) {
	test(`more comments come below the others (${name})`, async () => {
		const walker = await Walker.begin(browser, server, { cookies: [...reader.cookies], ...looks });
		const { page } = walker;
		await page.goto(`/note/${busy}`);
		const address = page.url();
		for (const there of [40, 45]) {
			await page.locator('p.comments-more a').focus();
			await page.keyboard.press('Enter');
			await page.waitForFunction((n) => document.querySelectorAll('.comment-list > .comment').length === n, there);
		}
		assert.deepEqual(await shown(page), best());
		assert.equal(await page.locator('p.comments-more').count(), 0);
		assert.equal(await page.evaluate(() => document.activeElement.id), best()[40], 'the keyboard goes on where the new ones begin');
		assert.equal(page.url(), address);
		await walker.sound();
		await walker.end();
	});
}

test('a comment that was liked meanwhile does not stand there twice', async () => {
	const walker = await Walker.begin(browser, server, { cookies: [...reader.cookies] });
	const { page } = walker;
	await page.goto(`/note/${busy}?order=new`);
	const extra = await comment(reader, busy, 'One more');
	const before = await shown(page);
	await page.locator('p.comments-more a').click();
	await page.waitForFunction(() => document.querySelectorAll('.comment-list > .comment').length === 40);
	const all = await shown(page);
	assert.equal(new Set(all).size, 40);
	assert.deepEqual(all.slice(0, 20), before);
	assert.ok(!all.includes(`comment-${extra}`));
	(await (await reader.get(`/note/${extra}/delete`)).expect(200).form(`/note/${extra}/delete`).send()).expect(303);
	await walker.end();
});

for (const [name, overlay] of [['on its page', false], ['over the feed', true]]) {
	test(`by keys alone the focus is never lost: sent, refused, an answer begun and left (${name})`, async () => {
		const id = await publish(reader, { title: 'Said by keys' });
		const walker = await Walker.begin(browser, server, { cookies: [...reader.cookies] });
		const { page } = walker;
		const focus = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.localName);
		if (overlay) {
			await page.goto(`/@${reader.name}`);
			await page.locator(`#note-${id} .card-title a`).click();
			await page.locator('dialog[open] article.note').waitFor();
		} else {
			await page.goto(`/note/${id}`);
		}
		const field = page.locator('.note .write-field');
		await field.focus();
		await page.keyboard.type('First');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Tab');
		assert.match(await focus(), /write-send/);
		await page.keyboard.press('Enter');
		const first = page.locator('.note .comment', { hasText: 'First' });
		await first.waitFor();
		await page.waitForFunction(() => document.activeElement.matches('.note .comment'));
		assert.equal(await focus(), await first.getAttribute('id'));
		await first.locator('[data-reply]').focus();
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => document.activeElement.matches('.write-field'));
		await page.locator('.note .write-to button').focus();
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => document.activeElement.matches('.write-field'), null, { timeout: 3000 });
		// Longer than may be: the field takes no more by hand, but what is pasted elsewhere may come.
		await field.evaluate((one) => { one.removeAttribute('maxlength'); one.value = 'x'.repeat(5000); });
		await page.keyboard.press('Control+Enter');
		await page.locator('.note .write .error:visible').waitFor();
		await page.waitForFunction(() => document.activeElement.matches('.write-field[aria-invalid="true"]'));
		assert.equal(await field.getAttribute('aria-describedby'), await page.locator('.note .write .error').getAttribute('id'));
		await walker.axe('refused');
		await field.fill('Short enough');
		await page.keyboard.press('Control+Enter');
		await page.locator('.note .comment', { hasText: 'Short enough' }).waitFor();
		assert.equal(await field.getAttribute('aria-invalid'), null);
		await page.waitForFunction(() => document.activeElement.matches('.note .comment'));
		await walker.end();
	});
}

test('offline the link stays and says so; without a script it leads to the rest', async () => {
	const walker = await Walker.begin(browser, server, { cookies: [...reader.cookies] });
	await walker.page.goto(`/note/${busy}`);
	await walker.context.setOffline(true);
	await walker.page.locator('p.comments-more a').click();
	await walker.page.locator('.toast').first().waitFor();
	assert.equal((await shown(walker.page)).length, 20);
	await walker.context.setOffline(false);
	await walker.page.locator('p.comments-more a').click();
	await walker.page.waitForFunction(() => document.querySelectorAll('.comment-list > .comment').length === 40);
	await walker.context.close(); // the browser itself says that a request failed
	const plain = await Walker.begin(browser, server, { cookies: [...reader.cookies], script: false });
	const seen = [];
	await plain.page.goto(`/note/${busy}`);
	for (let turn = 0; turn < 3; turn++) {
		seen.push(...await shown(plain.page));
		if (turn < 2) await plain.page.locator('p.comments-more a').click();
	}
	assert.deepEqual(seen, best());
	assert.equal(await plain.page.locator('p.comments-more').count(), 0);
	await plain.sound();
});
