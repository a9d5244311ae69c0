// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whoever may only read (suspended, or waiting for approval) is told so on every page, and before a form, not after it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { newName, PASSWORD, person, publish, signIn } from '../lib/people.mjs';
import { Client } from '../lib/client.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let browser;
let others;
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	others = await publish(await person(server, 'other'), { title: 'Of somebody else' });
});
after(async () => {
	await browser?.close();
	await server.close();
});

async function suspended() {
	const admin = await person(server, 'host', { role: 'admin' });
	const one = await person(server, 'resting');
	const own = await publish(one, { title: 'Mine' });
	const form = (await admin.get(`/moderation/account/${one.name}`)).form(`/moderation/account/${one.name}`);
	(await form.fill({ action: 'suspend', reason: 'Enough for now.' }).send()).expect(303);
	return { one, own };
}

async function waiting() {
	const admin = await person(server, 'host', { role: 'admin' });
	(await (await admin.get('/admin')).form('/admin').fill({ signup: 'approval' }).send()).expect(303);
	const name = newName('waiting');
	const page = await new Client(server).get('/signup');
	(await page.form('/signup').fill({ name, password: PASSWORD, why: 'To read along', rules: '1' }).send()).expect(303);
	(await (await admin.get('/admin')).form('/admin').fill({ signup: 'open' }).send()).expect(303);
	return { one: await signIn(server, name), own: null };
}

const KINDS = [
	['suspended', suspended, { 'en-US': /suspended/, 'zh-CN': /封禁/ }],
	['waiting for approval', waiting, { 'en-US': /waiting for approval/, 'zh-CN': /审核中/ }],
];
for (const [kind, make, words] of KINDS) {
	test(`somebody ${kind} is told beforehand`, { timeout: 120000 }, async () => {
		const { one, own } = await make();
		for (const [locale, looks] of [['en-US', { width: 390, height: 844 }], ['zh-CN', { colorScheme: 'dark' }]]) {
			const language = locale === 'zh-CN' ? 'zh-Hans' : 'en';
			(await (await one.get('/settings/languages')).form('/settings/languages').fill({ locale: language }).send()).expect(303);
			const walker = await Walker.begin(browser, server, { locale, cookies: [...one.cookies], ...looks });
			const { page } = walker;
			const forms = ['/publish', '/settings/profile', `/report?note=${others}`, ...(own ? [`/note/${own}/edit`] : [])];
			for (const path of ['/', '/following', `/note/${others}`, `/@${one.name}`, '/notifications', '/welcome', '/settings/languages', ...forms]) {
				await page.goto(path);
				const told = page.locator(forms.includes(path) ? 'main .empty' : 'main > .limited');
				assert.match(await told.innerText(), words[locale], path);
				assert.equal(await page.locator('main form:is(.publish, .write, [action="/report"], [action="/settings/profile"])').count(), 0, path);
				assert.equal(await page.locator('.begin').count(), 0, 'nothing is offered that they may not do');
				assert.equal(await page.locator('.limited').count() + await page.locator('main .empty', { hasText: words[locale] }).count(), 1, `${path}: said once`);
				await walker.sound();
				await walker.axe(path);
			}
			if (own) {
				await page.goto('/publish');
				await page.locator('main .empty a').first().click();
				await page.locator('.notif', { hasText: 'Enough for now.' }).waitFor();
				assert.equal(await page.locator('.limited a').count(), 0, 'not to where one is');
				await page.locator('.notif-text > a').click();
				await page.waitForURL(/\/decision\//);
				assert.match(await page.locator('main').innerText(), words[locale]);
				assert.equal(await page.locator('.limited').count(), 0, 'the decision says it');
				await walker.axe('decision');
			}
			await walker.end();
		}
	});
}
