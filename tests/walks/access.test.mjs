// SPDX-License-Identifier: AGPL-3.0-or-later
//
// axe-core finds nothing on the pages people use, in light and dark, in English and Chinese, wide and narrow.

import { after, before, test } from 'node:test';
import { openBrowser, Walker } from '../lib/browser.mjs';
import { comment, follow, like, person, publish } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { startServer, until } from '../lib/server.mjs';

let server;
let browser;
let admin;
let pages;
before(async () => {
	server = await startServer();
	browser = await openBrowser();
	admin = await person(server, 'admin', { role: 'admin' });
	const writer = await person(server, 'writer');
	const other = await person(server, 'other');
	const id = await publish(writer, { title: 'A note with all there is', body: 'Words #bread\n\nhttps://example.org', pictures: [picture(600, 800), picture(800, 600)] });
	await publish(other, { title: '', body: '只有文字的笔记，写在卡片上。' });
	await publish(other, { title: 'Behind a veil', sensitive: true, pictures: [picture()] });
	await publish(writer, { title: '面包', body: '#bread', pictures: [picture(700, 700)], ratio: '1:1' });
	const said = await comment(other, id, 'A first comment');
	await comment(writer, id, 'An answer', { parent: said });
	const own = await publish(admin, { title: 'The admin’s own' });
	await like(writer, own);
	await comment(other, own, 'Hello');
	await follow(other, admin.name);
	const form = (await other.get(`/report?note=${id}`)).form('/report');
	await form.fill({ reason: form.choices('reason')[0], details: 'Please look' }).send();
	const report = (await admin.get('/moderation')).one('a[href*="/moderation/report/"]').getAttribute('href');
	await until(async () => (await admin.get('/notifications')).all('.notif').length >= 3);
	pages = {
		explore: '/', note: `/note/${id}`, 'a note of words': `/note/${own}`, profile: `/@${writer.name}`, 'own profile': `/@${admin.name}`, topic: '/topic/bread',
		following: '/following', publish: '/publish', edit: `/note/${own}/edit`, notifications: '/notifications', 'settings: profile': '/settings/profile',
		'settings: languages': '/settings/languages', 'settings: privacy': '/settings/privacy', 'settings: password': '/settings/password',
		'settings: appearance': '/settings/appearance', moderation: '/moderation', report: report, 'to report': `/report?note=${id}`, admin: '/admin',
		'first steps': '/welcome', rules: '/rules', 'nothing here': '/nothing-here', followers: `/@${admin.name}/followers`, styleguide: '/styleguide',
	};
});
after(async () => {
	await browser?.close();
	await server.close();
});

for (const colorScheme of ['light', 'dark']) {
	for (const locale of ['en-US', 'zh-CN']) {
		test(`${colorScheme}, ${locale}`, { timeout: 240000 }, async (t) => {
			const language = locale.slice(0, 2) === 'zh' ? 'zh-Hans' : 'en';
			await (await admin.get('/settings/languages')).form('/settings/languages').fill({ locale: language }).send();
			const walker = await Walker.begin(browser, server, { colorScheme, locale, cookies: [...admin.cookies] });
			for (const [name, path] of Object.entries(pages)) {
				await t.test(name, async () => {
					await walker.page.goto(path);
					await walker.axe(`${name} ${path}`);
				});
			}
			await t.test('a note over the feed', async () => {
				await walker.page.goto('/');
				await walker.page.locator('.card-title a').first().click();
				await walker.page.locator('dialog[open] article.note').waitFor();
				await walker.axe('overlay');
			});
			const stranger = await Walker.begin(browser, server, { colorScheme, locale, width: 390, height: 844 });
			for (const path of ['/', pages.note, '/signin', '/signup', pages.profile]) {
				await t.test(`a stranger at 390 px: ${path.replace(/\d{9,}/, 'ID')}`, async () => {
					await stranger.page.goto(path);
					await stranger.sound();
					await stranger.axe(path);
				});
			}
			await stranger.end();
			await walker.end();
		});
	}
}
