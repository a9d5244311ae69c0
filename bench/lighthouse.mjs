// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Lighthouse on a phone: node bench/lighthouse.mjs ORIGIN RUNS NAME=PATH…
// Prints one line of JSON a page: the medians of the four categories, of the largest contentful paint, and what was
// held against the page in any run.

import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const [origin, runs, ...pages] = process.argv.slice(2);
if (!pages.length) {
	console.error('usage: node bench/lighthouse.mjs ORIGIN RUNS NAME=PATH…');
	process.exit(2);
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// What costs points: audits of weight that did not pass.
function faults(result) {
	return CATEGORIES.flatMap((category) => result.categories[category].auditRefs.filter((ref) => ref.weight > 0)
		.map((ref) => result.audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 0.9)
		.map((audit) => `${audit.id}${audit.displayValue ? ` (${audit.displayValue})` : ''}`));
}

// On a busy machine a trace may be lost; that says nothing about the page.
async function once(url, port, tries = 3) {
	const { lhr } = await lighthouse(url, { port, logLevel: 'error', onlyCategories: CATEGORIES });
	if (!lhr.runtimeError) return lhr;
	if (tries > 1) return once(url, port, tries - 1);
	throw new Error(`${url}: ${lhr.runtimeError.message}`);
}

const chrome = await launch({
	chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
	logLevel: 'error',
});
try {
	for (const page of pages) {
		const name = page.slice(0, page.indexOf('='));
		const url = origin + page.slice(page.indexOf('=') + 1);
		const results = [];
		for (let run = 0; run < Number(runs); run++) results.push(await once(url, chrome.port));
		const scores = Object.fromEntries(CATEGORIES.map((one) => [one, median(results.map((result) => Math.round(result.categories[one].score * 100)))]));
		const lcp = median(results.map((result) => Math.round(result.audits['largest-contentful-paint'].numericValue)));
		console.log(JSON.stringify({ name, ...scores, lcp, faults: [...new Set(results.flatMap(faults))] }));
	}
} finally {
	chrome.kill();
}
