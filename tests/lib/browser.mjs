// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Debian's Chromium. Every page of a walk is watched: a script error, a refusal by the content policy, a request to
// another host or an answer 5xx fails the test.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function openBrowser() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
	});
}

export class Walker {
	constructor(context, origin) {
		this.context = context;
		this.origin = origin;
		this.faults = [];
	}

	static async begin(browser, server, { width = 1280, height = 860, locale = 'en-US', colorScheme = 'light', script = true, motion = false, cookies = [] } = {}) {
		const phone = width < 500;
		const context = await browser.newContext({
			viewport: { width, height }, locale, colorScheme, javaScriptEnabled: script, hasTouch: phone, isMobile: phone,
			deviceScaleFactor: phone ? 2 : 1, reducedMotion: motion ? 'no-preference' : 'reduce', baseURL: server.origin,
		});
		context.setDefaultTimeout(20000);
		await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: server.origin })));
		const walker = new Walker(context, server.origin);
		walker.page = await walker.newPage();
		return walker;
	}

	async newPage() {
		const page = await this.context.newPage();
		const say = (what) => this.faults.push(`${new URL(page.url() || this.origin).pathname}: ${what}`);
		page.on('pageerror', (fault) => say(`script error: ${fault.message}`));
		page.on('console', (message) => {
			// What the server refuses on purpose (401, 404, 422) is no fault of the page.
			if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) say(`console: ${message.text()}`);
		});
		page.on('request', (request) => {
			if (/^https?:/.test(request.url()) && !request.url().startsWith(this.origin)) say(`foreign request: ${request.url()}`);
		});
		page.on('response', (response) => {
			if (response.status() >= 500) say(`${response.status()} ${response.url()}`);
		});
		return page;
	}

	// Nothing scrolls sideways, and nothing was wrong so far.
	async sound() {
		const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		assert.ok(wide <= 1, `${this.page.url()} scrolls sideways by ${wide} px`);
		assert.deepEqual(this.faults, []);
	}

	async axe(what, options = {}) {
		await this.page.evaluate(AXE);
		const violations = await this.page.evaluate(async (more) => {
			const { violations: found } = await window.axe.run(document, { resultTypes: ['violations'], ...more });
			return found.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim() ?? one.help})`));
		}, options);
		assert.deepEqual([...new Set(violations)], [], what);
	}

	async end() {
		await this.context.close();
		assert.deepEqual(this.faults, []);
	}
}
