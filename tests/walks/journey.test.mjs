// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The main job, walked by two people: one signs up, takes the first steps and publishes three photos; the other finds
// the note, likes it, follows and comments; the first sees it. With scripts, without, and on a phone.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { PASSWORD, newName, person, publish } from '../lib/people.mjs';
import { picture, png } from '../lib/pictures.mjs';
import { startServer, temporary } from '../lib/server.mjs';

let server;
let browser;
let photos;
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	const folder = temporary();
	photos = [[900, 1200], [1200, 900], [1000, 1000]].map(([width, height], i) => {
		const file = join(folder, `photo-${i + 1}.png`);
		writeFileSync(file, png(width, height, 60));
		return file;
	});
	const host = await person(server, 'neighbour');
	for (let i = 0; i < 3; i++) await publish(host, { title: `Neighbour ${i}`, body: 'Words about #bread', pictures: [picture(400, 500)] });
});
after(async () => {
	await browser?.close();
	await server.close();
});

async function signUp(walker, name) {
	const { page } = walker;
	await page.goto('/');
	await page.goto('/signup');
	await page.fill('#name', name);
	await page.fill('#password', PASSWORD);
	await page.check('input[name=rules]');
	await page.click('main form button:not([name])');
	await page.waitForURL(/\/welcome/);
}

async function firstSteps(walker) {
	const { page } = walker;
	await page.check('input[name=reads][value=zh-Hans]', { force: true });
	await walker.sound();
	await page.click('.form-foot button.btn-primary');
	await page.waitForURL(/step=2/);
	await page.click('.form-foot button.btn-primary');
	await page.waitForURL(/step=3/);
	await walker.sound();
	await page.click('.form-foot button.btn-primary');
	await page.waitForURL((url) => url.pathname === '/');
}

async function publishPhotos(walker, title, script) {
	const { page } = walker;
	await page.goto('/publish');
	await page.setInputFiles('#pictures', photos);
	if (script) {
		await page.waitForFunction(() => [...document.querySelectorAll('.uploads .upload input[name=media]')].filter((one) => one.value).length === 3, null, { timeout: 60000 });
		await page.fill('.upload:nth-child(1) textarea[name=alt]', 'The first photo');
		await page.click('.upload:nth-child(3) [data-up]');
		await page.click('.ratios label.ratio-1x1');
	}
	await page.fill('#title', title);
	await page.fill('#body', 'Three photos of a #walk along the river');
	await walker.sound();
	await page.click('.publish .form-foot .btn-primary');
	await page.waitForURL(/\/note\/\d+/, { timeout: 60000 });
	assert.equal(await page.locator('.slide img').count(), 3);
	await walker.sound();
	return /\/note\/(\d+)/.exec(page.url())[1];
}

// The pages of explore are ordered anew once a second.
async function find(walker, id) {
	const { page } = walker;
	for (let turn = 0; ; turn++) {
		await page.goto('/');
		if (await page.locator(`#note-${id}`).count()) return;
		assert.ok(turn < 40, 'the note never came to explore');
		await page.waitForTimeout(100);
	}
}

async function bell(walker, commenter) {
	const { page } = walker;
	for (let turn = 0; ; turn++) {
		await page.goto('/notifications');
		if (await page.locator('.notif').count() >= 3) break;
		assert.ok(turn < 100, 'three notifications never came');
		await page.waitForTimeout(100);
	}
	const text = await page.locator('main').innerText();
	assert.match(text, new RegExp(commenter));
	assert.match(text, /What a lovely walk/);
	for (const kind of ['like', 'comment', 'follow']) assert.ok(await page.locator(`.notif-kind-${kind}`).count() >= 1, kind);
	await walker.sound();
}

async function journey(looks, script) {
	const writer = newName('writer');
	const reader = newName('reader');
	const one = await Walker.begin(browser, server, { script, ...looks });
	await signUp(one, writer);
	await firstSteps(one);
	const title = `A walk of ${writer}`;
	const id = await publishPhotos(one, title, script);

	const two = await Walker.begin(browser, server, { script, ...looks });
	await signUp(two, reader);
	await find(two, id);
	await two.sound();
	await two.page.click(`#note-${id} .card-title a`);
	await two.page.waitForURL(new RegExp(`/note/${id}`));
	const note = two.page.locator('article.note');
	await note.waitFor();
	assert.equal((await note.locator('.note-title').innerText()).trim(), title);
	const liking = note.locator(`form[action="/note/${id}/like"] button`);
	await liking.click();
	await two.page.locator(`article.note form[action="/note/${id}/like"] button[aria-pressed=true]`).waitFor();
	const following = note.locator(`form[action="/@${writer}/follow"] button`);
	await following.click();
	await two.page.locator(`article.note form[action="/@${writer}/follow"] button[aria-pressed=true]`).waitFor();
	await note.locator('.write-field').fill('What a lovely walk');
	await note.locator('.write-send').click();
	await two.page.locator('article.note .comment', { hasText: 'What a lovely walk' }).waitFor();
	await two.sound();
	await two.page.goto('/following');
	assert.equal(await two.page.locator(`#note-${id}`).count(), 1);
	await two.end();

	await bell(one, reader);
	await one.end();
}

test('with scripts, on a wide screen', { timeout: 180000 }, () => journey({}, true));
test('without scripts', { timeout: 180000 }, () => journey({}, false));
test('at 390 px', { timeout: 180000 }, () => journey({ width: 390, height: 844 }, true));
test('at 390 px, without scripts, in Chinese and the dark', { timeout: 180000 }, () => journey({ width: 390, height: 844, locale: 'zh-CN', colorScheme: 'dark' }, false));
