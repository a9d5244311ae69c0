// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A form that is refused comes back with the focus where one goes on: in the first wrong field, which names what is wrong
// with it, or on the sentence for the whole form. With scripts and without.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { newName, PASSWORD, person, publish } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let browser;
let admin;
let member;
let note;
let report;
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	admin = await person(server, 'host', { role: 'admin' });
	member = await person(server, 'member');
	note = await publish(admin, { title: 'Reported' });
	const form = (await member.get(`/report?note=${note}`)).form('/report');
	await form.fill({ reason: form.choices('reason')[0], details: 'Please look' }).send();
	report = (await admin.get('/moderation')).one('a[href*="/moderation/report/"]').getAttribute('href');
});
after(async () => {
	await browser?.close();
	await server.close();
});

const LONG = 'x'.repeat(4000);
const joining = { name: () => newName('refused'), password: PASSWORD };
const broken = { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') };

// who, page, form, what is filled in; the field that takes the focus ("": the sentence for the whole form)
const FORMS = [
	['stranger', '/signin', '/signin', { name: 'nobody_here', password: 'not that one' }, ''],
	['stranger', '/signup', '/signup', { ...joining, name: 'no spaces', rules: true }, 'name'],
	['stranger', '/signup', '/signup', { ...joining, name: () => member.name, rules: true }, 'name'],
	['stranger', '/signup', '/signup', { ...joining, password: 'short', rules: true }, 'password'],
	['stranger', '/signup', '/signup', { ...joining, display: LONG, rules: true }, 'display'],
	['stranger', '/signup', '/signup', joining, 'rules'],
	['stranger', '/join/not-an-invitation', '/signup', { ...joining, password: 'short', rules: true }, 'password'],
	['member', '/publish', '/publish', {}, 'body'],
	['member', '/publish', '/publish', { title: LONG }, 'title'],
	['member', '/publish', '/publish', { title: 'x', body: LONG.repeat(4) }, 'body'],
	['member', '/settings/profile', '/settings/profile', { display: LONG }, 'display'],
	['member', '/settings/profile', '/settings/profile', { bio: LONG }, 'bio'],
	['member', '/settings/profile', '/settings/profile', { avatar: broken }, 'avatar'],
	['member', '/settings/profile', '/settings/profile', { cover: broken }, 'cover'],
	['member', '/settings/password', '/settings/password', { old: 'not that one', fresh: 'another long one' }, 'old'],
	['member', '/settings/password', '/settings/password', { old: PASSWORD, fresh: 'short' }, 'fresh'],
	['member', () => `/report?note=${note}`, '/report', {}, 'reason'],
	['admin', () => report, null, {}, 'action'],
	['admin', () => report, null, { action: 'warn' }, 'reason'],
	['admin', '/admin', '/admin', { name: '' }, 'name'],
	['admin', '/admin', '/admin', { quota: 'x' }, 'quota'],
	['admin', '/admin', '/admin', { source_url: 'nowhere' }, 'source_url'],
	['admin', '/admin', '/admin', { contact: LONG }, 'contact'],
	['admin', '/admin', '/admin', { text_rules: LONG.repeat(11) }, 'text_rules'],
	['admin', '/admin', '/admin/mark', { mark: broken }, 'mark'],
	['admin', '/admin', '/admin/invite', { uses: '0' }, ''],
];

async function fill(form, values) {
	await form.evaluate((one) => { // what a browser would not let through, and longer texts than it takes
		one.noValidate = true;
		for (const field of one.querySelectorAll('[maxlength]')) field.removeAttribute('maxlength');
		for (const field of one.querySelectorAll('[type=number], [type=url]')) field.type = 'text';
	});
	for (const [name, value] of Object.entries(values)) {
		const field = form.locator(`[name=${name}]`);
		if (typeof value === 'object') await field.setInputFiles(value);
		else if (value === true) await field.check({ force: true });
		else if (await field.first().getAttribute('type') === 'radio') await form.locator(`[name=${name}][value=${value}]`).check({ force: true });
		else await field.fill(typeof value === 'function' ? value() : value);
	}
}

const looked = (page) => page.evaluate(() => {
	const on = document.activeElement;
	const named = (on.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean).map((id) => document.getElementById(id));
	const told = on.id === 'problem' ? on : named.find((one) => one?.getAttribute('role') === 'alert');
	const { top, bottom } = (told ?? on).getBoundingClientRect();
	return {
		at: on.id === 'problem' ? '' : on.name || on.querySelector?.('[name]')?.name || on.localName,
		wrong: on.getAttribute('aria-invalid') === 'true' || on.id === 'problem',
		told: told?.textContent.trim() ?? '',
		whole: named.every(Boolean),
		seen: top >= 0 && bottom <= innerHeight,
		others: [...document.querySelectorAll('[aria-invalid="true"]')].filter((one) => one !== on && !one.getAttribute('aria-describedby')).length,
		targets: document.querySelectorAll('[autofocus]').length,
	};
});

for (const [name, looks] of [['with scripts', {}], ['at 390 px, without scripts', { width: 390, height: 844, script: false }]]) {
	test(`a refused form leads to what is wrong (${name})`, { timeout: 240000 }, async (t) => {
		const who = { stranger: [], member: [...member.cookies], admin: [...admin.cookies] };
		for (const [one, path, action, values, wanted] of FORMS) {
			const at = typeof path === 'function' ? path() : path;
			await t.test(`${at.replace(/\d{9,}/, 'ID')} ${Object.keys(values)} → ${wanted || 'the sentence'}`, async () => {
				const walker = await Walker.begin(browser, server, { ...looks, cookies: who[one] });
				const { page } = walker;
				await page.goto(one === 'member' && at.startsWith('/report') ? `/report?note=${await publish(admin, { title: 'Another' })}` : at);
				const form = page.locator(action ? `main form[action="${action}"]` : 'main form.panel');
				await fill(form, values);
				await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'POST'), form.locator('button:not([type=button]):not([name=up]):not(.vh)').last().click()]);
				await page.waitForLoadState();
				await page.waitForFunction(() => document.activeElement !== document.body);
				const found = await looked(page);
				assert.equal(found.at, wanted);
				assert.ok(found.wrong && found.whole && found.told && found.seen, JSON.stringify(found));
				assert.equal(found.others, 0, 'every field that is marked says why');
				assert.equal(found.targets, 1);
				if (looks.script !== false) await walker.axe(at);
				await walker.end();
			});
		}
	});
}

test('a comment that is refused without scripts comes back in its field, marked', async () => {
	const walker = await Walker.begin(browser, server, { script: false, cookies: [...member.cookies] });
	const { page } = walker;
	await page.goto(`/note/${note}`);
	await fill(page.locator('form.write'), { text: LONG });
	await page.locator('.write-send').click();
	await page.locator('.write .error').waitFor();
	const found = await looked(page);
	assert.equal(found.at, 'text');
	assert.ok(found.wrong && found.told && found.seen, JSON.stringify(found));
	await walker.end();
});

test('pictures that cannot be taken are named where the focus is', async () => {
	const walker = await Walker.begin(browser, server, { script: false, cookies: [...member.cookies] });
	const { page } = walker;
	await page.goto('/publish');
	await page.setInputFiles('#pictures', [broken]);
	await page.click('.publish .form-foot .btn-primary');
	await page.waitForFunction(() => document.activeElement.id === 'pictures-error');
	assert.match(await page.locator('#pictures-error').innerText(), /holiday\.jpg/);
	assert.equal(await page.locator('#pictures').getAttribute('aria-invalid'), 'true');
	await walker.end();
});
