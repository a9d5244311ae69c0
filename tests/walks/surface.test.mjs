// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How the pages behave under the hand: the note over the feed, pictures, keys, nothing that jumps.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { comment, person, publish } from '../lib/people.mjs';
import { oddPicture, picture, png } from '../lib/pictures.mjs';
import { startServer, until } from '../lib/server.mjs';

let server;
let browser;
let reader;
let talked;
const notes = [];
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	reader = await person(server, 'hand');
	const writers = [];
	for (let i = 0; i < 3; i++) writers.push(await person(server, `surface${i}`));
	const shapes = [[600, 800, '3:4'], [800, 600, '4:3'], [700, 700, '1:1']];
	for (let n = 0; n < 27; n++) {
		const [width, height, ratio] = shapes[n % 3];
		notes.push(await publish(writers[n % 3], { title: `Note ${n} with a title of some length`, body: 'A text #here', ratio, pictures: [picture(width, height), picture(height, width), picture(500, 500)] }));
	}
	await comment(reader, notes[0], 'Hello there');
	talked = await publish(reader, { title: 'Talked about', body: 'Many lines\n\n'.repeat(6) });
	for (let n = 0; n < 12; n++) await comment(reader, talked, `Comment ${n}`);
	await until(async () => (await reader.get('/')).all('article.card').length >= 20, 'explore is filled');
});
after(async () => {
	await browser?.close();
	await server.close();
});

const walk = (looks = {}) => Walker.begin(browser, server, { cookies: [...reader.cookies], ...looks });
const scrolled = (page) => page.evaluate(() => window.scrollY);

async function openFirst(page) {
	const card = page.locator('article.card').nth(4);
	await card.scrollIntoViewIfNeeded();
	await page.evaluate(() => window.scrollBy(0, 120));
	const at = await scrolled(page);
	const title = (await card.locator('.card-title').innerText()).trim();
	await card.locator('.card-title a').click();
	await page.locator('dialog[open] article.note').waitFor();
	assert.equal((await page.locator('dialog[open] .note-title').innerText()).trim(), title);
	assert.match(page.url(), /\/note\/\d+/);
	return at;
}

for (const [name, looks] of [['wide', {}], ['390 px', { width: 390, height: 844 }]]) {
	test(`the note over the feed (${name}): back, Escape, the cross, a reload`, async () => {
		const walker = await walk(looks);
		const { page } = walker;
		await page.goto('/');
		for (const leave of ['back', 'escape', 'cross']) {
			const at = await openFirst(page);
			if (leave === 'back') await page.goBack();
			else if (leave === 'escape') await page.keyboard.press('Escape');
			else await page.locator('dialog[open] .overlay-close:visible, dialog[open] .note-back:visible').first().click();
			await page.waitForFunction(() => !document.querySelector('dialog[open]') && location.pathname === '/');
			assert.ok(Math.abs(await scrolled(page) - at) <= 2, `${leave}: the feed stays where it was`);
		}
		await openFirst(page);
		await page.goBack();
		await page.waitForFunction(() => !document.querySelector('dialog[open]'));
		await page.goForward();
		await page.locator('dialog[open] article.note').waitFor();
		await page.reload();
		await page.locator('main article.note').waitFor();
		assert.equal(await page.locator('dialog[open]').count(), 0);
		await walker.end();
	});
}

test('the carousel: arrows, keys, the viewer', async () => {
	const walker = await walk();
	const { page } = walker;
	await page.goto(`/note/${notes[0]}`);
	const now = () => page.locator('[data-now]').innerText();
	const shows = (n) => page.waitForFunction((wanted) => document.querySelector('[data-now]').textContent === wanted, String(n));
	assert.equal(await now(), '1');
	await page.click('.carousel-next');
	await shows(2);
	await page.locator('.carousel-track').focus();
	await page.keyboard.press('ArrowRight');
	await shows(3);
	await page.keyboard.press('ArrowLeft');
	await shows(2);
	await page.locator('.slide a').nth(1).click();
	await page.locator('dialog.viewer[open]').waitFor();
	await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('Escape');
	await page.waitForFunction(() => !document.querySelector('dialog.viewer'));
	await shows(1);
	await walker.end();
});

test('swiping by hand moves the pictures at 390 px', async () => {
	const walker = await walk({ width: 390, height: 844 });
	const { page } = walker;
	await page.goto(`/note/${notes[1]}`);
	const snap = await page.locator('.carousel-track').evaluate((track) => getComputedStyle(track).scrollSnapType);
	assert.match(snap, /x mandatory/);
	await page.locator('.carousel-track').evaluate((track) => track.scrollTo({ left: track.clientWidth }));
	await page.waitForFunction(() => document.querySelector('[data-now]').textContent === '2');
	await walker.end();
});

test('with keys alone: skip link, cards, liking, commenting; the focus is always seen', async () => {
	const walker = await walk();
	const { page } = walker;
	await page.goto('/');
	await page.keyboard.press('Tab');
	assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
	await page.keyboard.press('Enter');
	for (let turn = 0; ; turn++) {
		await page.keyboard.press('Tab');
		const found = await page.evaluate(() => {
			const one = document.activeElement;
			const style = getComputedStyle(one);
			const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
			const card = one.closest('.card-title') && getComputedStyle(one.closest('.card')).outlineStyle !== 'none';
			return { seen: ring || card || style.boxShadow !== 'none', title: Boolean(one.closest('.card-title')), what: one.outerHTML.slice(0, 100) };
		});
		assert.ok(found.seen, `no focus ring on ${found.what}`);
		if (found.title) break;
		assert.ok(turn < 60, 'no card is reached by Tab');
	}
	await page.keyboard.press('Enter');
	await page.locator('dialog[open] article.note').waitFor();
	const inside = () => page.evaluate(() => Boolean(document.activeElement.closest('dialog')) || document.activeElement === document.body);
	let liked = false;
	let said = false;
	for (let turn = 0; turn < 160 && !(liked && said); turn++) {
		await page.keyboard.press('Tab');
		assert.ok(await inside(), 'the focus left the open note');
		const what = await page.evaluate(() => (document.activeElement.closest('.note-bar') ? document.activeElement.closest('form')?.getAttribute('action') ?? '' : ''));
		if (!liked && /\/like$/.test(what)) {
			await page.keyboard.press('Enter');
			await page.locator('dialog .note-bar button[aria-pressed=true]').waitFor();
			liked = true;
		}
		if (!said && await page.evaluate(() => document.activeElement.matches('.write-field'))) {
			await page.keyboard.type('By keys alone');
			await page.keyboard.press('Control+Enter');
			await page.locator('dialog .comment', { hasText: 'By keys alone' }).waitFor();
			said = true;
		}
	}
	assert.ok(liked && said, 'the like button or the field was never reached');
	await page.keyboard.press('Escape');
	await page.waitForFunction(() => !document.querySelector('dialog[open]'));
	await page.waitForFunction(() => document.activeElement.closest('.card'), null, { timeout: 3000 });
	await walker.end();
});

for (const [name, looks] of [['wide', {}], ['390 px', { width: 390, height: 844 }]]) {
	test(`nothing jumps while pictures load (${name})`, async () => {
		const walker = await walk(looks);
		const { page } = walker;
		await page.addInitScript(() => {
			window.shifts = [];
			new PerformanceObserver((list) => {
				for (const one of list.getEntries()) {
					window.shifts.push({ value: one.value, by: one.sources.map((source) => source.node?.outerHTML?.slice(0, 80) ?? String(source.node?.nodeName)) });
				}
			}).observe({ type: 'layout-shift', buffered: true });
		});
		// Pictures come late and one by one.
		await page.route('**/media/**', async (route) => {
			await new Promise((resolve) => { setTimeout(resolve, 150); });
			await route.continue();
		});
		for (const path of ['/', `/note/${notes[0]}`, '/topic/here']) {
			await page.goto(path, { waitUntil: 'load' });
			for (let i = 0; i < 5; i++) {
				await page.mouse.wheel(0, 600);
				await page.waitForLoadState('networkidle');
			}
			const shifts = await page.evaluate(() => window.shifts);
			assert.deepEqual(shifts.filter((one) => one.value > 0.0005), [], path);
		}
		await walker.end();
	});
}

for (const [name, script, nth] of [['with scripts', true, 6], ['without scripts', false, 7]]) {
	test(`a card is liked in the grid, and no other (${name})`, async () => {
		const walker = await walk({ script });
		const { page } = walker;
		await page.goto('/');
		const id = await page.locator('article.card').nth(nth).getAttribute('id');
		const pressed = () => page.locator('.card-like[aria-pressed=true]').evaluateAll((buttons) => buttons.map((button) => button.closest('.card').id));
		const before = await pressed();
		const answered = page.waitForResponse((response) => response.url().includes(`${id.replace('note-', '/note/')}/like`));
		await page.locator(`#${id} .card-like`).click();
		await answered;
		await page.goto('/');
		assert.deepEqual((await pressed()).sort(), [...before, id].sort());
		await walker.end();
	});
}

test('endless scrolling brings every note once', async () => {
	const walker = await walk();
	const { page } = walker;
	await page.goto('/');
	await until(async () => {
		await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
		return await page.locator('.more').count() === 0;
	}, 'the end of explore');
	const ids = await page.locator('article.card').evaluateAll((cards) => cards.map((card) => card.id));
	assert.equal(new Set(ids).size, ids.length);
	assert.equal(ids.length, notes.length + 1); // and the one that is talked about
	await walker.end();
});

test('the theme and the language are changed in the menu', async () => {
	const walker = await walk();
	const { page } = walker;
	await page.goto('/about');
	await page.click('[popovertarget=menu]');
	await page.click('#menu button[name=theme][value=dark]');
	await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
	await page.reload();
	assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
	await page.click('[popovertarget=menu]');
	await page.click('#menu button[name=language][value=zh-Hans]');
	await page.waitForFunction(() => document.documentElement.lang === 'zh-Hans');
	await walker.end();
});

test('pictures of the profile are seen when chosen, and stay when saved', async () => {
	const walker = await walk();
	const { page } = walker;
	const file = (name, image) => ({ name, mimeType: 'image/png', buffer: image });
	await page.goto('/settings/profile');
	await page.setInputFiles('#avatar', file('broken.png', Buffer.from('not a picture')));
	await page.setInputFiles('#cover', file('cover.png', png(1200, 400)));
	await page.locator('.preview > img.cover-preview[src^="blob:"]').waitFor();
	assert.equal(await page.locator('.preview > img.avatar[src^="blob:"]').count(), 0);
	await page.setInputFiles('#avatar', file('avatar.png', png(300, 300)));
	await page.locator('.preview > img.avatar[src^="blob:"]').waitFor();
	await walker.sound();
	await page.click('main .form-foot .btn-primary');
	await page.locator('.preview > img.avatar[src^="/media/"]').waitFor();
	await page.locator('.preview > img.cover-preview[src^="/media/"]').waitFor();
	await page.check('input[name=cover_remove]');
	await page.setInputFiles('#cover', file('other.png', png(900, 300)));
	await page.locator('.preview > img[src^="blob:"]').waitFor();
	assert.equal(await page.isChecked('input[name=cover_remove]'), false);
	await walker.end();
});

test('the bar of a note is in nobody’s way: what lies beneath can be scrolled free', async () => {
	for (const width of [390, 412]) {
		const walker = await walk({ width, height: 800, cookies: [] });
		const { page } = walker;
		await page.goto(`/note/${talked}`);
		// Some button comes to lie half beneath the bar.
		for (let height = 640; height < 880; height += 22) {
			await page.setViewportSize({ width, height });
			await walker.axe(`target size at ${width} by ${height}`, { runOnly: ['target-size'] });
		}
		await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
		const [bar, foot] = [await page.locator('.note-bar').boundingBox(), await page.locator('.foot').boundingBox()];
		assert.ok(foot.y + foot.height <= bar.y + 1, 'at the end nothing is covered');
		await walker.end();
	}
});

test('an animation moves and can be stopped; it stands still for those who prefer that', { timeout: 60000 }, async () => {
	const id = await publish(reader, { title: 'It moves', pictures: [oddPicture('animated.gif'), picture(400, 400)] });
	await until(async () => (await reader.get(`/note/${id}`)).text.includes('/moving-'), 'its loop');
	const walker = await walk({ motion: true });
	const { page } = walker;
	const image = page.locator('article.note .slide img').first();
	const shows = (kind) => page.waitForFunction((wanted) => {
		const { currentSrc, complete } = document.querySelector('.slide img, .look-room img');
		return complete && currentSrc && currentSrc.includes('moving') === wanted;
	}, kind);
	for (const path of [`/note/${id}`, `/note/${id}/picture/1`]) {
		await page.goto(path);
		const stop = page.locator('[data-motion]');
		await shows(true);
		assert.equal(await stop.count(), 1);
		await stop.focus();
		for (const moves of [false, true, false]) {
			await page.keyboard.press('Enter');
			await shows(moves);
			assert.equal(await stop.getAttribute('aria-pressed'), String(!moves));
		}
		await walker.axe(path);
		await walker.sound();
	}
	// What was stopped is not set going by looking closely.
	await page.goto(`/note/${id}`);
	await page.locator('[data-motion]').click();
	await image.click();
	await page.locator('.viewer img').first().waitFor();
	assert.doesNotMatch(await page.locator('.viewer img').first().getAttribute('src'), /moving/);
	await walker.end();
	const calm = await walk();
	await calm.page.goto(`/note/${id}`);
	assert.equal(await calm.page.locator('[data-motion]').isVisible(), false);
	assert.doesNotMatch(await calm.page.locator('.slide img').first().evaluate((one) => one.currentSrc), /moving/);
	await calm.end();
});

test('a draft survives a reload', async () => {
	const walker = await walk();
	const { page } = walker;
	await page.goto('/publish');
	await page.fill('#title', 'Half a thought');
	await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('draft') && localStorage.getItem(key).includes('Half a thought')));
	await page.reload();
	await page.waitForFunction(() => document.querySelector('#title').value === 'Half a thought');
	await walker.end();
});
