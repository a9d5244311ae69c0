// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A host begins: the empty place, the first account, name and mark, an invitation that is copied and handed out; a friend
// joins with it and publishes the first note. With scripts, without, on a narrow phone in Chinese.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { newName, PASSWORD } from '../lib/people.mjs';
import { png } from '../lib/pictures.mjs';
import { startServer } from '../lib/server.mjs';

let browser;
before(async () => {
	browser = await openBrowser();
});
after(() => browser?.close());

async function signIn(walker, name) {
	const { page } = walker;
	await page.goto('/signin');
	await page.fill('#name', name);
	await page.fill('#password', PASSWORD);
	await page.locator('main form .btn-primary').click();
	await page.waitForURL((url) => url.pathname === '/');
}

async function nameIt(walker, script) {
	const { page } = walker;
	await page.locator('main .empty a[href="/admin"]').click();
	await page.setInputFiles('#mark', { name: 'mark.png', mimeType: 'image/png', buffer: png(256, 256) });
	await page.locator('form[action="/admin/mark"] button:not([name])').click();
	await page.locator('.preview > img.mark-preview[src^="/media/"]').waitFor();
	await page.locator('.topbar img.brand-own').waitFor();
	await page.fill('#name', 'Lakeside Walking Club, East Shore');
	await page.locator('input[name=signup][value=invite]').check({ force: true });
	await page.locator('form[action="/admin"] .btn-primary').click();
	await page.locator('.brand-name').waitFor();
	await walker.sound();
	if (script) await walker.axe('the host’s page');
}

async function invite(walker, script) {
	const { page } = walker;
	await page.locator('form[action="/admin/invite"] button').click();
	const link = (await page.locator('.invitation-link').first().innerText()).trim();
	assert.match(link, /^http:\/\/localhost:\d+\/join\/[\w-]+$/);
	// One tap takes all of it, for the browser's own copying.
	await page.locator('.invitation-link').first().click();
	assert.equal((await page.evaluate(() => String(getSelection()))).trim(), link);
	const copy = page.locator('.invitation [data-copy]').first();
	assert.equal(await copy.isVisible(), script);
	if (script) { // without TLS there is no clipboard: the link is marked instead
		await page.evaluate(() => {
			getSelection().removeAllRanges();
			Object.defineProperty(navigator, 'clipboard', { value: undefined });
		});
		await copy.click();
		await page.waitForFunction((wanted) => String(getSelection()).trim() === wanted, link);
	}
	await walker.sound();
	return link;
}

async function begin(looks, script) {
	const server = await startServer();
	try {
		const visitor = await Walker.begin(browser, server, { script, ...looks });
		await visitor.page.goto('/');
		assert.match(await visitor.page.locator('main .first-command').innerText(), /qiao account create/);
		await visitor.sound();
		if (script) await visitor.axe('the empty place'); // axe waits for timers, which no script has
		const host = newName('host');
		server.cli(['account', 'create', host, '--password-stdin', '--role', 'admin'], `${PASSWORD}\n`);
		await signIn(visitor, host);
		await visitor.sound();
		await nameIt(visitor, script);
		const link = await invite(visitor, script);

		const friend = await Walker.begin(browser, server, { script, ...looks });
		await friend.page.goto(link);
		await friend.page.locator('.door-head img.brand-own').waitFor();
		await friend.sound();
		if (script) await friend.axe('an invitation');
		await friend.page.fill('#name', newName('friend'));
		await friend.page.fill('#password', PASSWORD);
		await friend.page.check('input[name=rules]');
		await friend.page.locator('main form .btn-primary').click();
		await friend.page.waitForURL(/\/welcome/);
		await friend.page.goto('/');
		await friend.page.locator('main .empty a[href="/publish"]').click();
		await friend.page.fill('#body', 'The first walk of many');
		await friend.page.click('.publish .form-foot .btn-primary');
		await friend.page.waitForURL(/\/note\/\d+/);
		await friend.end();

		visitor.page.on('dialog', (dialog) => dialog.accept());
		await visitor.page.goto('/admin');
		await visitor.page.locator('.invitation .btn-danger').first().click();
		await visitor.page.locator('.invitation').waitFor({ state: 'detached' });
		const late = await Walker.begin(browser, server, { script, ...looks });
		await late.page.goto(link);
		await late.page.locator('#invite-error').waitFor();
		await late.sound();
		await late.end();
		await visitor.end();
	} finally {
		await server.close();
	}
}

test('a club begins: with scripts, wide', { timeout: 180000 }, () => begin({}, true));
test('a club begins: without scripts, at 390 px', { timeout: 180000 }, () => begin({ width: 390, height: 844 }, false));
test('a club begins: at 320 px, in Chinese and the dark', { timeout: 180000 }, () => begin({ width: 320, height: 640, locale: 'zh-CN', colorScheme: 'dark' }, true));
