// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a newcomer stumbles over when it is wrong: how to join, pictures a browser cannot draw, a lost connection, paper,
// narrow windows, who stands in for people without a picture.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { comment, person, publish, signIn, PASSWORD, newName } from '../lib/people.mjs';
import { oddPicture, picture, png } from '../lib/pictures.mjs';
import { startServer, until } from '../lib/server.mjs';

let server;
let browser;
let reader;
let writer;
let pictured;
let worded;
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	reader = await person(server, 'newcomer');
	writer = await person(server, 'settled');
	pictured = await publish(writer, { title: 'Two pictures', body: 'Words under them', pictures: [picture(600, 800), picture(800, 600)] });
	worded = await publish(writer, { title: '', body: 'A note of words alone, on a paper of its own.' });
	for (let n = 0; n < 12; n++) await publish(writer, { title: `More ${n}`, body: 'To fill the page' });
	await comment(reader, pictured, 'A kind word');
	await until(async () => (await reader.get('/')).all('article.card').length >= 14, 'explore is filled');
});
after(async () => {
	await browser?.close();
	await server.close();
});

const PHONE = { width: 390, height: 844 };
const walk = (one, looks = {}) => Walker.begin(browser, server, { cookies: one ? [...one.cookies] : [], ...looks });
const box = (page, selector) => page.locator(selector).first().boundingBox();
const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test('a phone sees on its first screen how to join', async () => {
	for (const width of [320, 390]) {
		const walker = await walk(null, { width, height: 640 });
		await walker.page.goto('/');
		const join = walker.page.locator('.topbar a[href^="/signup"]');
		assert.ok(await join.isVisible());
		const { y, height, x, width: wide } = await join.boundingBox();
		assert.ok(y >= 0 && y + height < 640 && x >= 0 && x + wide <= width);
		await walker.sound();
		await walker.end();
	}
});

test('the cross beside an open note lies on nothing of the page’s frame', async () => {
	for (const width of [960, 1280, 1600]) {
		const walker = await walk(reader, { width });
		const { page } = walker;
		await page.goto('/');
		for (const id of [pictured, worded]) {
			await page.locator(`#note-${id} .card-title a`).click();
			await page.locator('dialog[open] .overlay-close').waitFor();
			const cross = await box(page, '.overlay-close');
			assert.ok(cross.x >= 0 && cross.x + cross.width <= width, `inside the window at ${width}`);
			for (const other of ['.brand', '.topbar-end', '.nav', 'dialog .note']) {
				assert.ok(!meet(cross, await box(page, other)), `${other} at ${width}`);
			}
			await page.locator('.overlay-close').click();
			await page.waitForFunction(() => !document.querySelector('dialog[open]'));
		}
		await walker.end();
	}
});

test('a card of words opens on its paper', async () => {
	const walker = await walk(reader);
	const { page } = walker;
	await page.goto('/');
	const card = await page.locator(`#note-${worded} .words`).evaluate((one) => getComputedStyle(one).backgroundColor);
	await page.goto(`/note/${worded}`);
	assert.equal(await page.locator('.note-paper').evaluate((one) => getComputedStyle(one).backgroundColor), card);
	await walker.axe('on paper');
	await page.goto(`/note/${pictured}`);
	assert.equal(await page.locator('.note-paper').count(), 0);
	await walker.end();
});

test('what was just made is covered by no message', async () => {
	for (const looks of [{}, PHONE]) {
		const walker = await walk(reader, looks);
		const { page } = walker;
		await page.goto('/publish');
		await page.fill('#title', 'Made just now');
		await page.fill('#body', 'And seen whole');
		await page.click('.publish .form-foot .btn-primary');
		await page.waitForURL(/\/note\//);
		if (await page.locator('.toast').count()) {
			const toast = await box(page, '.toast');
			for (const made of ['.note-title', '.note .text', '.note-bar']) assert.ok(!meet(toast, await box(page, made)), made);
		}
		await page.locator('.write-field').fill('Said just now');
		await page.click('.write-send');
		await page.locator('.comment', { hasText: 'Said just now' }).waitFor();
		for (const toast of await page.locator('.toast').all()) assert.ok(!meet(await toast.boundingBox(), await box(page, '.comment')));
		assert.match(await page.locator('.toasts').innerText(), /\S/, 'and yet it is read out');
		await walker.end();
	}
});

test('without a connection a tap keeps the feed and says so', async () => {
	const walker = await walk(reader, PHONE);
	const { page } = walker;
	await page.goto('/');
	await page.evaluate(() => window.scrollTo(0, 500));
	await walker.context.setOffline(true);
	walker.faults.push = () => 0; // requests that fail are the point
	for (const tap of ['.card-title a', '.card-author', '.nav a[href="/following"]', '.feed-tabs .tab']) {
		await page.locator('.toast').evaluateAll((all) => all.forEach((one) => one.remove()));
		await page.locator(tap).nth(tap.startsWith('.card') ? 5 : 0).click();
		await page.locator('.toast', { hasText: /offline/i }).first().waitFor();
		assert.equal(new URL(page.url()).pathname, '/');
		assert.ok(await page.locator('article.card').count() >= 14);
	}
	// However often: it is said once, and for as long as if it were the first time.
	for (let turn = 0; turn < 3; turn++) {
		await page.locator('.card-title a').nth(turn).click();
		await page.locator('article.card .card-like').nth(turn).click();
	}
	await page.locator('.toast').first().waitFor();
	assert.equal(await page.locator('.toast').count(), 1);
	await walker.context.setOffline(false);
	// The system believes in its connection, but nothing comes.
	await page.route('**/note/*', (route) => route.abort('internetdisconnected'));
	await page.route('**/healthz', (route) => route.abort('internetdisconnected'));
	await page.locator('.toast').evaluateAll((all) => all.forEach((one) => one.remove()));
	await page.locator('.card-title a').nth(4).click();
	await page.locator('.toast', { hasText: /offline/i }).first().waitFor();
	assert.equal(new URL(page.url()).pathname, '/');
	await page.unrouteAll();
	await page.locator('.card-title a').nth(4).click();
	await page.locator('dialog[open] article.note').waitFor();
	await walker.context.close();
});

test('on a slow line a tap is answered within 100 ms', async () => {
	const walker = await walk(reader, PHONE);
	const { page } = walker;
	await page.goto('/');
	await page.route('**/note/*', async (route) => {
		await new Promise((resolve) => { setTimeout(resolve, 1500); });
		await route.continue();
	});
	const answered = await page.evaluate(() => new Promise((resolve) => {
		const from = performance.now();
		new MutationObserver(() => {
			if (document.documentElement.classList.contains('is-going')) resolve(performance.now() - from);
		}).observe(document.documentElement, { attributes: true });
		document.querySelector('.card-title a').click();
	}));
	assert.ok(answered < 100, `${answered} ms`);
	await page.locator('dialog[open] article.note').waitFor();
	assert.ok(!await page.evaluate(() => document.documentElement.classList.contains('is-going')));
	// A whole page on its way: the line stays until it comes.
	await page.keyboard.press('Escape');
	await page.route('**/following', async (route) => {
		await new Promise((resolve) => { setTimeout(resolve, 800); });
		await route.continue();
	});
	await page.waitForFunction(() => !document.querySelector('dialog[open]'));
	assert.ok(await page.evaluate(() => {
		document.querySelector('.nav a[href="/following"]').click();
		return document.documentElement.classList.contains('is-going');
	}));
	await page.waitForURL(/following/);
	await walker.end();
});

test('icons are asked for before scripts and pictures', async () => {
	const { text } = await reader.get('/');
	const at = (pattern) => text.search(pattern);
	assert.ok(at(/rel="preload"[^>]*icons-[0-9a-f]+\.svg/) > 0);
	assert.ok(at(/rel="preload"[^>]*icons/) < at(/modulepreload/));
});

test('the icons of the first screen are there before the sprite is', async () => {
	for (const [locale, one, looks] of [['en-US', null, PHONE], ['zh-CN', reader, {}]]) {
		const walker = await walk(one, { locale, ...looks });
		const { page } = walker;
		await page.route('**/icons-*.svg', (route) => route.abort());
		for (const [path, where] of [['/', '.topbar, .nav, .card'], [`/note/${pictured}`, '.topbar, .nav, .note-head, .note-acts'], ['/signin', '.topbar, .nav, .door-head'], ['/nothing-here', '.fault']]) {
			await page.goto(path);
			const drawn = await page.evaluate((areas) => [...document.querySelectorAll(areas)]
				.flatMap((area) => [...area.querySelectorAll('svg')])
				.filter((svg) => svg.getClientRects().length && !svg.closest('[popover]'))
				.map((svg) => svg.getBBox().width), where);
			assert.ok(drawn.length >= (path === '/nothing-here' ? 1 : 3), `${path}: ${drawn.length} icons`);
			assert.ok(drawn.every((width) => width > 0), `${path}: ${drawn}`);
		}
		await walker.context.close(); // the browser itself says that the sprite did not come
	}
});

test('print prints the note: every picture, the words, the comments, nothing to press', async () => {
	const walker = await walk(reader, { colorScheme: 'dark' });
	const { page } = walker;
	await page.goto(`/note/${pictured}`);
	await page.emulateMedia({ media: 'print' });
	const seen = async (selector) => (await page.locator(selector).all()).reduce(async (n, one) => (await n) + (await one.isVisible() ? 1 : 0), Promise.resolve(0));
	const check = async (where) => {
		for (const gone of ['.topbar', '.nav', '.foot', `${where} .note-bar`, `${where} .follow`, `${where} .comment-like`, `${where} .carousel-next`]) assert.equal(await seen(gone), 0, gone);
		assert.equal(await seen(`${where} .slide img`), 2);
		const boxes = await page.locator(`${where} .slide img`).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
		assert.ok(boxes[1] > boxes[0], 'one under the other');
		const [words, pictures] = [await page.locator(`${where} .note-title`).boundingBox(), await page.locator(`${where} .slide img`).last().boundingBox()];
		assert.ok(words.y >= pictures.y + pictures.height, 'the words below all pictures');
		for (const there of ['.note-title', '.note .text', '.comment']) assert.ok(await seen(`${where} ${there}`) >= 1, there);
		const ink = await page.locator(`${where} .note-title`).evaluate((one) => getComputedStyle(one).color);
		assert.match(ink, /oklch\(0\.[0-3]|rgb\((\d|[1-6]\d),/, `dark ink on white paper: ${ink}`);
	};
	await check('main');
	await page.setViewportSize({ width: 390, height: 500 }); // as wide as paper is to a browser
	await check('main');
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.emulateMedia({ media: 'screen' });
	await page.goto('/');
	await page.locator(`#note-${pictured} .card-title a`).click();
	await page.locator('dialog[open] article.note').waitFor();
	await page.emulateMedia({ media: 'print' });
	await check('dialog');
	assert.equal(await seen('main article.card'), 0);
	await page.emulateMedia({ media: 'screen' });
	for (const path of ['/', `/@${writer.name}`]) {
		await page.goto(path);
		await page.emulateMedia({ media: 'print' });
		assert.ok(await seen('article.card') >= 10);
		assert.equal(await seen('.nav') + await seen('.topbar') + await seen('.foot'), 0);
		await page.emulateMedia({ media: 'screen' });
	}
	await walker.end();
});

test('people without a picture have a drawn one of their own, everywhere and always the same', async () => {
	const faces = new Map();
	for (const one of [reader, writer, await person(server, 'third'), await person(server, 'fourth')]) {
		const src = (await one.get(`/@${one.name}`)).one('.profile > img.avatar').getAttribute('src');
		assert.match(src, /^\/face\/[0-9a-f]{8}\.svg$/);
		faces.set(one.name, src);
	}
	assert.equal(new Set(faces.values()).size, faces.size);
	const note = await reader.get(`/note/${pictured}`);
	assert.equal(note.one('.note-author img').getAttribute('src'), faces.get(writer.name));
	assert.equal(note.one('.comment img').getAttribute('src'), faces.get(reader.name));
	assert.equal(note.one('.nav-avatar').getAttribute('src'), faces.get(reader.name));
	for (const page of [await reader.get('/'), note, await writer.get('/notifications'), await reader.get('/settings/profile'), await reader.get('/welcome?step=3')]) {
		assert.equal(page.all('.avatar-none').length, 0, page.path);
		assert.ok(page.all('img[src^="/face/"]').length > 0, page.path);
	}
	const drawings = new Set();
	for (const src of faces.values()) {
		const drawn = (await reader.get(src)).expect(200);
		assert.equal(drawn.headers['content-type'], 'image/svg+xml');
		assert.match(drawn.headers['cache-control'], /immutable/);
		drawings.add(drawn.text);
	}
	assert.equal(drawings.size, faces.size);
	for (const wrong of ['/face/x', '/face/0000000g.svg', '/face/12345678', '/face/123456789.svg', '/face/ABCDEF00.svg']) (await reader.get(wrong)).expect(404);
});

test('pickers of files speak the page’s language and are reached by keys', async () => {
	const walker = await walk(reader, { locale: 'zh-CN' });
	const { page } = walker;
	await (await reader.get('/settings/languages')).form('/settings/languages').fill({ locale: 'zh-Hans' }).send();
	await page.goto('/settings/profile');
	for (const id of ['avatar', 'cover']) {
		assert.equal(await page.locator(`#${id}`).evaluate((one) => one.required || one.hasAttribute('aria-required')), false, 'nothing has to be chosen');
		await page.keyboard.press('Tab'); // by keys, so that the focus is to be seen
		await page.locator(`#${id}`).focus();
		const ring = await page.locator(`.file-pick > label[for=${id}]`).evaluate((one) => getComputedStyle(one).outlineStyle);
		assert.notEqual(ring, 'none');
		assert.equal((await page.locator(`#${id}`).boundingBox()).width <= 2, true);
		const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.locator(`.file-pick > label[for=${id}]`).click()]);
		await chooser.setFiles({ name: '照片.png', mimeType: 'image/png', buffer: png(300, 300) });
		assert.match(await page.locator(`.file-pick:has(#${id}) .file-chosen`).innerText(), /照片\.png/);
		await page.setInputFiles(`#${id}`, []);
		assert.equal(await page.locator(`.file-pick:has(#${id}) .file-chosen`).isVisible(), false);
	}
	await walker.axe('settings');
	await (await reader.get('/settings/languages')).form('/settings/languages').fill({ locale: 'en' }).send();
	await walker.end();
	const plain = await walk(reader, { script: false });
	await plain.page.goto('/publish');
	assert.ok((await plain.page.locator('#pictures').boundingBox()).width > 100, 'the browser’s own field says what was chosen');
	await plain.page.goto('/settings/profile');
	for (const id of ['avatar', 'cover']) {
		assert.ok((await plain.page.locator(`#${id}`).boundingBox()).width > 100, id);
		assert.equal(await plain.page.locator(`.file-pick > label[for=${id}]`).isVisible(), false);
	}
	await plain.end();
});

test('a picture that the browser cannot draw has a preview and a crop as soon as the server has one', { timeout: 90000 }, async () => {
	const walker = await walk(reader);
	const { page } = walker;
	await page.goto('/publish');
	await page.setInputFiles('#pictures', { name: 'phone.heic', mimeType: 'image/heic', buffer: oddPicture('plain.heic').bytes });
	await page.locator('.upload img[src^="/media/"]').waitFor({ timeout: 60000 });
	await page.waitForFunction(() => document.querySelector('.upload img').naturalWidth > 0);
	await page.locator('.crop img[src*="/media/"]').waitFor();
	assert.ok((await box(page, '.crop-frame')).width > 20);
	await page.fill('#title', 'From a phone');
	await page.click('.publish .form-foot .btn-primary');
	await page.waitForURL(/\/note\//);
	assert.equal(await page.locator('.slide img').count(), 1);
	await walker.end();
});

test('one file that cannot be read is named where one publishes, and can be left out', { timeout: 90000 }, async () => {
	const walker = await walk(reader, PHONE);
	const { page } = walker;
	await page.goto('/publish');
	await page.setInputFiles('#pictures', [{ name: 'good.png', mimeType: 'image/png', buffer: png(400, 500) }, { name: 'broken holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') }]);
	const trouble = page.locator('[data-trouble] .notice');
	await trouble.waitFor({ timeout: 60000 });
	assert.match(await trouble.innerText(), /broken holiday\.jpg/);
	const [told, button] = [await trouble.boundingBox(), await box(page, '.publish .form-foot .btn-primary')];
	assert.ok(Math.abs(button.y - told.y - told.height) < 60, 'beside the button');
	await page.waitForFunction(() => document.querySelector('.upload input[name=media]').value);
	await page.fill('#title', 'Without the broken one');
	await page.click('.publish .form-foot .btn-primary');
	assert.equal(new URL(page.url()).pathname, '/publish');
	await walker.axe('trouble');
	await trouble.locator('[data-leave-out]').click();
	assert.equal(await trouble.count(), 0);
	await page.click('.publish .form-foot .btn-primary');
	await page.waitForURL(/\/note\//);
	assert.equal(await page.locator('.slide img').count(), 1);
	await walker.end();
	const plain = await walk(reader, { script: false });
	await plain.page.goto('/publish');
	await plain.page.setInputFiles('#pictures', [{ name: 'good.png', mimeType: 'image/png', buffer: png(400, 500) }, { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') }]);
	await plain.page.fill('#title', 'Without script');
	await plain.page.click('.publish .form-foot .btn-primary');
	assert.match(await plain.page.locator('[data-trouble]').innerText(), /broken\.jpg[\s\S]*left out/);
	await plain.page.click('.publish .form-foot .btn-primary');
	await plain.page.waitForURL(/\/note\//);
	await plain.end();
});

test('what is no picture is named too; a line of trouble stays where it is, and so does the focus', { timeout: 90000 }, async () => {
	const walker = await walk(reader);
	const { page } = walker;
	const lines = page.locator('[data-trouble] .notice');
	const odd = (name, mimeType, text) => ({ name, mimeType, buffer: Buffer.from(text) });
	await page.goto('/publish');
	await page.setInputFiles('#pictures', [odd('minutes.pdf', 'application/pdf', '%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n')]);
	await lines.first().waitFor({ timeout: 60000 });
	assert.match(await lines.first().innerText(), /minutes\.pdf[\s\S]*PDF/);
	await lines.first().locator('[data-leave-out]').focus();
	await page.evaluate(() => {
		window.removed = 0;
		new MutationObserver((all) => all.forEach((one) => { window.removed += one.removedNodes.length; }))
			.observe(document.querySelector('[data-trouble]'), { childList: true });
	});
	await page.setInputFiles('#pictures', [odd('raw', '', 'no kind the browser knows')]);
	await lines.nth(1).waitFor({ timeout: 60000 });
	assert.match(await lines.nth(1).innerText(), /^raw/);
	assert.equal(await page.evaluate(() => document.activeElement.closest('.notice')?.querySelector('b').textContent), 'minutes.pdf');
	assert.equal(await page.evaluate(() => window.removed), 0);
	await page.keyboard.press('Enter');
	assert.equal(await lines.count(), 1);
	await walker.axe('trouble');
	await walker.context.close(); // the browser itself complains about pictures that are none
});

test('the field for a description is small beside the one for the story', async () => {
	const walker = await walk(reader, PHONE);
	const { page } = walker;
	await page.goto('/publish');
	await page.setInputFiles('#pictures', { name: 'one.png', mimeType: 'image/png', buffer: png(400, 500) });
	const [description, story] = [await box(page, '.upload textarea[name=alt]'), await box(page, '#body')];
	assert.ok(story.height > 3 * description.height, `${story.height} to ${description.height}`);
	assert.match(await page.locator('.upload-alt label').innerText(), /description/i);
	await walker.end();
});

test('who waits for approval is told before a form, not after', async () => {
	const admin = await person(server, 'approver', { role: 'admin' });
	await (await admin.get('/admin')).form('/admin').fill({ signup: 'approval' }).send();
	const walker = await walk(null, PHONE);
	const { page } = walker;
	await page.goto('/signup');
	assert.match(await page.locator('.door-head').innerText(), /read/i);
	await page.fill('#name', newName('waits'));
	await page.fill('#password', PASSWORD);
	await page.fill('#why', 'To see what people cook');
	await page.check('input[name=rules]');
	await page.click('main form button.btn-primary');
	await page.waitForURL(/welcome/);
	for (const path of ['/publish']) {
		await page.goto(path);
		assert.equal(await page.locator('form.publish').count(), 0);
		assert.match(await page.locator('main').innerText(), /request/i);
		await walker.axe(path);
	}
	await page.goto(`/note/${pictured}`);
	assert.equal(await page.locator('form.write').count(), 0);
	assert.match(await page.locator('.write-not-yet').innerText(), /approved/);
	await walker.end();
	await (await admin.get('/admin')).form('/admin').fill({ signup: 'open' }).send();
});

// Words that are cut: an ellipsis or a box narrower than its words, where a label stands.
const CUT = () => [...document.querySelectorAll('.btn, .tab, .nav-item .label, .chip, .badge, .segments label, .segments button, .menu-item, h1, h2, label, legend, th, .stats > *, .door-foot, .notice, .choice > span, .check > span')]
	.filter((one) => one.getClientRects().length && !one.closest('.vh, [hidden], .card, .carousel') && !one.matches('.vh'))
	.filter((one) => {
		const style = getComputedStyle(one);
		const own = one.getBoundingClientRect();
		const scrolled = one.closest('.tabs, .table-wrap, [popover]');
		return (style.overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
			|| (!scrolled && (own.right > document.documentElement.clientWidth + 1 || own.left < -1) && own.width > 1);
	}).map((one) => `${one.className || one.localName}: ${one.textContent.trim().slice(0, 40)}`);

for (const [locale, language] of [['en-US', 'en'], ['zh-CN', 'zh-Hans']]) {
	test(`320 px cuts no label (${language})`, { timeout: 120000 }, async () => {
		const admin = await person(server, 'narrow', { role: 'admin' });
		await (await admin.get('/settings/languages')).form('/settings/languages').fill({ locale: language }).send();
		const own = await publish(admin, { title: 'Mine' });
		const walker = await walk(admin, { width: 320, height: 640, locale });
		const stranger = await walk(null, { width: 320, height: 640, locale });
		for (const path of ['/', '/following', '/publish', `/note/${own}/edit`, '/notifications', `/note/${pictured}`, `/note/${worded}`, `/note/${own}/delete`, `/@${writer.name}`, `/@${admin.name}`,
			`/@${admin.name}/followers`, '/settings/profile', '/settings/languages', '/settings/privacy', '/settings/password', '/settings/appearance', '/moderation', '/moderation/signups',
			'/moderation/accounts', '/admin', '/welcome', '/welcome?step=2', '/welcome?step=3', `/report?note=${pictured}`, '/about', '/rules', '/privacy', '/contact', '/nothing-here']) {
			await walker.page.goto(path);
			assert.deepEqual(await walker.page.evaluate(CUT), [], path);
			await walker.sound();
		}
		for (const path of ['/', '/signin', '/signup', `/note/${pictured}`, `/@${writer.name}`]) {
			await stranger.page.goto(path);
			assert.deepEqual(await stranger.page.evaluate(CUT), [], `stranger ${path}`);
			await stranger.sound();
		}
		await walker.end();
		await stranger.end();
	});
}

test('on a phone a field keeps its button beside it, and a notice its words', async () => {
	const admin = await person(server, 'finder', { role: 'admin' });
	for (const locale of ['en-US', 'zh-CN']) {
		const walker = await walk(admin, { ...PHONE, locale });
		const { page } = walker;
		await page.goto('/moderation/accounts');
		const [field, button] = [await box(page, 'main .input-affix'), await box(page, 'main form[role=search] .btn')];
		assert.ok(Math.abs(field.y - button.y) < 10 && button.x >= field.x + field.width);
		await page.goto('/contact');
		assert.ok((await box(page, 'main .notice > span')).width > 200);
		await walker.sound();
		await walker.axe('/contact');
		await walker.end();
	}
});

test('what is counted agrees with its number', async () => {
	const one = await person(server, 'counted');
	const stats = async () => (await reader.get(`/@${one.name}`)).one('.stats').textContent.replace(/\s+/g, ' ').trim();
	assert.match(await stats(), /0 following 0 followers 0 likes/);
	const other = await signIn(server, writer.name);
	await (await other.get(`/@${one.name}`)).form(`/@${one.name}/follow`).press('on', '1').send();
	const id = await publish(one, { title: 'Liked once' });
	await (await other.get(`/note/${id}`)).form(`/note/${id}/like`).press('on', '1').send();
	await until(async () => /1 follower 1 like$/.test(await stats()), 'one of each');
});
