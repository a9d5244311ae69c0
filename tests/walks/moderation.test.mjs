// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A report, from the menu of a note to the person who is told.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { person, publish } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let browser;
before(async () => {
	server = await startServer();
	browser = await openBrowser();
});
after(async () => {
	await browser?.close();
	await server.close();
});

const as = (client, looks = {}) => Walker.begin(browser, server, { cookies: [...client.cookies], ...looks });

async function handled(looks) {
	const seller = await person(server, 'seller');
	const reader = await person(server, 'reader');
	const moderator = await person(server, 'moderator', { role: 'moderator' });
	const id = await publish(seller, { title: 'Watches, very cheap', body: 'Write to me', pictures: [picture()] });

	const reporting = await as(reader, looks);
	await reporting.page.goto(`/note/${id}`);
	if (looks.script === false) {
		await reporting.page.goto(await reporting.page.locator('a[href*="/report?note="]').first().getAttribute('href'));
	} else {
		await reporting.page.click('.note-head [popovertarget]');
		await reporting.page.locator('.note-head a[href*="/report?"]').click();
	}
	await reporting.page.locator('input[name=reason]').first().check({ force: true });
	await reporting.page.fill('textarea[name=details]', 'This is advertising');
	await reporting.sound();
	await reporting.page.click('main .form-foot .btn-primary');
	await reporting.page.waitForURL(/\/report\/done/);
	await reporting.end();

	const deciding = await as(moderator, looks);
	const { page } = deciding;
	await page.goto('/moderation');
	await page.locator('li.report', { hasText: 'Watches, very cheap' }).locator('a[href*="/moderation/report/"]').click();
	assert.match(await page.locator('main').innerText(), /This is advertising/);
	await page.locator('input[name=action][value=remove]').check({ force: true });
	await page.fill('textarea[name=reason]', 'No advertising here, please.');
	await deciding.sound();
	await page.locator('main form button.btn-primary').click();
	await page.waitForLoadState();
	await page.goto('/moderation');
	assert.equal(await page.locator('li.report', { hasText: 'Watches, very cheap' }).count(), 0);
	await deciding.end();

	const told = await as(seller, looks);
	for (let turn = 0; ; turn++) {
		await told.page.goto('/notifications');
		if (/No advertising here, please\./.test(await told.page.locator('main').innerText())) break;
		assert.ok(turn < 100, 'the author was never told');
		await told.page.waitForTimeout(100);
	}
	await told.sound();
	const gone = await told.page.goto(`/note/${id}`);
	assert.ok([404, 410].includes(gone.status()));
	await told.end();
}

test('a report handled by a moderator', { timeout: 120000 }, () => handled({}));
test('the same without scripts, at 390 px', { timeout: 120000 }, () => handled({ script: false, width: 390, height: 844 }));
