// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Somebody without Chinese reads a Chinese note: word by word in its place, a word in a panel, and back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { comment, person, publish } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let browser;
let author;
let note;
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	author = await person(server, 'author');
	note = await publish(author, { title: '重庆火锅真的太好吃了！', body: '昨天和朋友一起去，排了两个小时的队。\n不过真的值得，尤其是毛肚和鸭肠，七上八下刚刚好。\n\n下次还来！ #重庆美食', language: 'zh-Hans' });
	await comment(author, note, '下次一起去吃火锅吧，我请你。');
});
after(async () => {
	await browser?.close();
	await server.close();
});

const focused = (page) => page.evaluate(() => document.activeElement.className || document.activeElement.localName);
// No word lies over another, and none leaves the window.
const collisions = (page) => page.locator('.reading .w').evaluateAll((all) => {
	const boxes = all.map((one) => one.getBoundingClientRect());
	const over = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
	return boxes.filter((a, i) => a.right > innerWidth || a.left < 0 || boxes.some((b, j) => i < j && over(a, b))).length;
});

for (const [name, looks, overlay] of [['390 px', { width: 390, height: 844 }, false], ['390 px, dark', { width: 390, height: 844, colorScheme: 'dark' }, false], ['over the feed', {}, true]]) {
	test(`open a note, word by word, tap a word, close (${name})`, async () => {
		const walker = await Walker.begin(browser, server, looks);
		const { page } = walker;
		await page.goto(overlay ? `/@${author.name}` : `/note/${note}`);
		if (overlay) await page.locator(`#note-${note} .card-title a`).click();
		const address = overlay ? new RegExp(`/note/${note}$`) : page.url();
		await page.locator('.note-words .text-offer').click();
		await page.locator('.note .reading').waitFor();
		assert.match(await focused(page), /reading/);
		assert.equal(await collisions(page), 0);
		await walker.axe('word by word');
		const link = page.locator('.reading-title .w', { hasText: '火锅' });
		for (const close of ['Escape', 'button', 'outside']) {
			await link.click();
			await page.locator('.sheet .word-title').waitFor();
			assert.match(await focused(page), /sheet/);
			if (close === 'Escape') {
				await walker.axe('a word');
				await page.keyboard.press('Escape');
			} else if (close === 'button') {
				await page.locator('.sheet [data-panel-close]').click();
			} else {
				await page.mouse.click(5, 5);
			}
			await page.waitForFunction(() => !document.querySelector('.sheet'));
			await page.waitForFunction(() => document.activeElement.matches('.w'), null, { timeout: 3000 });
			assert.equal(await page.locator('.note .reading').count(), 1, 'the note is still open');
		}
		await page.locator('[data-swap-back]').click();
		assert.equal(await page.locator('.reading').count(), 0);
		assert.match(await focused(page), /text-offer/);
		assert.match(await page.locator('.note-words .text').textContent(), /七上八下/);
		assert.ok(overlay ? address.test(page.url()) : page.url() === address);
		await walker.sound();
		await walker.end();
	});
}

test('a comment in its place; without scripts all of it are pages', async () => {
	const walker = await Walker.begin(browser, server, { width: 390, height: 844 });
	await walker.page.goto(`/note/${note}`);
	await walker.page.locator('.comment .text-offer').click();
	await walker.page.locator('.comment .reading .w', { hasText: '火锅' }).waitFor();
	assert.equal(await collisions(walker.page), 0);
	await walker.page.locator('.comment [data-swap-back]').click();
	await walker.page.locator('.comment .text').waitFor();
	await walker.end();
	const plain = await Walker.begin(browser, server, { width: 390, height: 844, script: false });
	await plain.page.goto(`/note/${note}`);
	await plain.page.locator('.note-words .text-offer').click();
	await plain.page.waitForURL(`**/note/${note}/words`);
	await plain.page.locator('.reading-title .w', { hasText: '火锅' }).click();
	await plain.page.waitForURL('**/word/*');
	assert.match(await plain.page.locator('h1').textContent(), /火锅/);
	await plain.end();
});
