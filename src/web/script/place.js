// SPDX-License-Identifier: AGPL-3.0-or-later
// Where somebody is in a feed. When a page with a grid is left, its cards, the address of what comes next and the card
// at the top of the window are kept for its entry in the history, in this tab only. Going back, loading again and coming
// back from a note's page or from signing in find the same cards at the same height. Another account forgets them all.

import { showLike } from './optimistic.js';

const PREFIX = 'place:';
const RETURN = 'return';
const MOST = 8;
const AT_ONCE = 100;
const LIFE = 6 * 3600 * 1000;
const DOORS = ['/signin', '/signup', '/welcome'];

// The address the document was loaded for: a note over it changes what the address bar says.
export const loadedAs = location.pathname + location.search;
const viewer = () => document.querySelector('.nav a[href^="/@"]')?.getAttribute('href') ?? '';
const grid = () => document.querySelector('main [data-endless]');

let key = '';

function read(name) {
	try {
		return JSON.parse(sessionStorage.getItem(PREFIX + name));
	} catch {
		return null;
	}
}

// Names of all places, the oldest first.
function names() {
	const found = [];
	for (let i = 0; i < sessionStorage.length; i++) {
		const name = sessionStorage.key(i);
		if (name.startsWith(PREFIX)) found.push(name.slice(PREFIX.length));
	}
	return found.map((name) => [read(name)?.at ?? 0, name]).sort((a, b) => a[0] - b[0]).map(([, name]) => name);
}

function write(name, place) {
	const text = JSON.stringify(place);
	const others = names().filter((other) => other !== name);
	while (others.length >= MOST) sessionStorage.removeItem(PREFIX + others.shift());
	for (;;) {
		try {
			sessionStorage.setItem(PREFIX + name, text);
			return;
		} catch {
			// No room: the oldest gives way; in the end the page is simply not kept.
			if (!others.length) return;
			sessionStorage.removeItem(PREFIX + others.shift());
		}
	}
}

// The first card that is seen below the top bar, and how far below.
function anchor() {
	const top = document.querySelector('.topbar')?.getBoundingClientRect().bottom ?? 0;
	for (const card of grid().children) {
		const box = card.getBoundingClientRect();
		if (card.id && box.bottom > top + 8) return { id: card.id, top: box.top };
	}
	return null;
}

function cards() {
	const copy = grid().cloneNode(true);
	copy.querySelectorAll('.is-coming').forEach((bone) => bone.remove());
	copy.querySelectorAll('.is-loading, .is-leaving').forEach((one) => one.classList.remove('is-loading', 'is-leaving'));
	return copy.innerHTML;
}

export function keepPlace() {
	if (!key || !grid()) return;
	write(key, {
		at: Date.now(), who: viewer(), url: loadedAs, y: window.scrollY, anchor: anchor(), cards: cards(),
		next: document.querySelector('.more a[rel="next"]')?.getAttribute('href') ?? '',
	});
}

function wanted() {
	const [how] = performance.getEntriesByType('navigation');
	const back = sessionStorage.getItem(RETURN);
	sessionStorage.removeItem(RETURN);
	if (how?.type === 'back_forward' || how?.type === 'reload') return history.state?.place ?? null;
	if (back) return back;
	// Through the door and back to where one was.
	const from = document.referrer.startsWith(location.origin) ? new URL(document.referrer).pathname : '';
	return DOORS.includes(from) && viewer() ? lastPlace(loadedAs) : null;
}

function lastPlace(url) {
	return names().reverse().find((name) => !url || read(name)?.url === url) ?? null;
}

function forgetOthers() {
	const who = viewer();
	for (const name of names()) {
		const place = read(name);
		// What a stranger saw may be seen by whom they turned out to be.
		if (!place || (place.who && place.who !== who) || Date.now() - place.at > LIFE) sessionStorage.removeItem(PREFIX + name);
	}
}

function putBack(place) {
	const list = grid();
	const more = document.querySelector('.more');
	const link = more?.querySelector('a[rel="next"]');
	list.innerHTML = place.cards;
	if (link && place.next) link.setAttribute('href', place.next);
	else if (!place.next) more?.remove();
	const go = () => {
		const card = place.anchor && document.getElementById(place.anchor.id);
		const y = card ? window.scrollY + card.getBoundingClientRect().top - place.anchor.top : place.y;
		window.scrollTo({ top: y, behavior: 'instant' });
	};
	// Ours, not the browser's, which knows only how high the page was when it came.
	history.scrollRestoration = 'manual';
	go();
	window.addEventListener('load', () => {
		go();
		setTimeout(() => {
			history.scrollRestoration = 'auto';
		});
	}, { once: true });
}

// The cards are as they were; what was liked, counted and deleted meanwhile is asked for.
async function refresh() {
	const ids = [...grid().children].map((card) => card.id.replace('note-', '')).filter(Boolean);
	for (let from = 0; from < ids.length; from += AT_ONCE) {
		const some = ids.slice(from, from + AT_ONCE);
		const answer = await fetch(`/cards?${some.map((id) => `id=${id}`).join('&')}`, { headers: { Accept: 'application/json' } });
		if (!answer.ok) return;
		const there = new Map((await answer.json()).cards.map((card) => [card.id, card]));
		for (const id of some) {
			const card = document.getElementById(`note-${id}`);
			const now = there.get(id);
			if (now) showLike(card.querySelector('.card-like'), now.on, now.likes);
			else card?.classList.add('is-gone');
		}
	}
}

// Leads to the feed somebody came from, at its place; false when there is none.
export function backToFeed() {
	const name = lastPlace('');
	const url = name && read(name)?.url;
	if (!url) return false;
	sessionStorage.setItem(RETURN, name);
	location.assign(url);
	return true;
}

export function startPlace() {
	try {
		forgetOthers();
		const name = wanted();
		const list = grid();
		if (!list) return;
		const place = name && read(name);
		key = place?.url === loadedAs ? name : `${Date.now()}.${Math.random().toString(36).slice(2)}`;
		if (place?.url === loadedAs && place.y > 0) {
			putBack(place);
			refresh().catch(() => {});
		}
		history.replaceState({ ...history.state, place: key }, '');
	} catch {
		key = ''; // no storage here: the browser does what it can
		return;
	}
	window.addEventListener('pagehide', keepPlace);
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState === 'hidden') keepPlace();
	});
}
