// SPDX-License-Identifier: AGPL-3.0-or-later
// Endless scrolling: when the link to the next page comes near, its articles are fetched and put into the same grid.
// The link stays a link: without this script, or when fetching fails, it simply leads on.

import { pageAt, word } from './page.js';
import { toast } from './toast.js';

const NEAR = '1200px';

// A cover fades in over its average colour, but only when it was not there already.
function fadeCovers(root) {
	for (const image of root.querySelectorAll('.card-cover > img')) {
		if (image.complete) continue;
		image.classList.add('is-loading');
		const shown = () => image.classList.remove('is-loading');
		image.addEventListener('load', shown, { once: true });
		image.addEventListener('error', shown, { once: true });
	}
}

function bones(count, ratios) {
	const list = document.createDocumentFragment();
	for (let i = 0; i < count; i++) {
		const card = document.createElement('div');
		card.className = `card is-coming lines-1 ${ratios[i % ratios.length]}`;
		card.setAttribute('aria-hidden', 'true');
		card.innerHTML = '<div class="card-cover"></div><div class="card-body"><div class="bone"></div>'
			+ '<div class="bone bone-short"></div></div>';
		list.append(card);
	}
	return list;
}

async function append(grid, more, link) {
	const slow = setTimeout(() => grid.append(bones(6, ['ratio-3x4', 'ratio-1x1', 'ratio-3x4', 'ratio-4x3'])), 200);
	try {
		const { page } = await pageAt(link.href);
		const known = new Set([...grid.children].map((card) => card.id).filter(Boolean));
		const fresh = [...page.querySelectorAll('[data-endless] > article')].filter((card) => !known.has(card.id));
		const adopted = fresh.map((card) => document.adoptNode(card));
		const holder = document.createDocumentFragment();
		holder.append(...adopted);
		fadeCovers(holder);
		clearTimeout(slow);
		grid.querySelectorAll('.is-coming').forEach((bone) => bone.remove());
		grid.append(holder);
		const next = page.querySelector('a[rel="next"]');
		if (next) link.href = next.getAttribute('href');
		else more.remove();
		return Boolean(next);
	} finally {
		clearTimeout(slow);
		grid.querySelectorAll('.is-coming').forEach((bone) => bone.remove());
	}
}

function follow(grid, more, link) {
	let busy = false;
	let failed = false;
	const load = async () => {
		if (busy) return;
		busy = true;
		try {
			const again = await append(grid, more, link);
			failed = false;
			if (again) {
				observer.unobserve(more);
				observer.observe(more);
			} else {
				observer.disconnect();
			}
		} catch {
			failed = true;
			toast(word(navigator.onLine ? 'failed' : 'offline'));
		} finally {
			busy = false;
		}
	};
	const observer = new IntersectionObserver((entries) => {
		if (!failed && entries.some((entry) => entry.isIntersecting)) load();
	}, { rootMargin: `${NEAR} 0px` });
	observer.observe(more);
	link.addEventListener('click', (event) => {
		if (event.metaKey || event.ctrlKey || event.shiftKey || failed) return;
		event.preventDefault();
		load();
	});
}

export function enhanceFeed(root) {
	for (const grid of root.querySelectorAll('[data-endless]')) {
		fadeCovers(grid);
		const more = grid.closest('.grid-wrap, .feed')?.parentNode.querySelector('.more') ?? document.querySelector('.more');
		const link = more?.querySelector('a[rel="next"]');
		if (link) follow(grid, more, link);
	}
}
