// SPDX-License-Identifier: AGPL-3.0-or-later
// A note opened from a feed appears over it in a <dialog>, under its own address. Escape, the cross, a click beside it
// and the back button close it, and the feed is where it was, because it never left. Any failure becomes a plain visit.

import { begin, end, offline } from './going.js';
import { calm, pageAt, word } from './page.js';
import { backToFeed, keepPlace, loadedAs } from './place.js';
import { toast } from './toast.js';

let dialog = null;
let enhance = () => {};
let feedTitle = '';
let opener = null;
const arrived = new Map();

function build() {
	dialog = document.createElement('dialog');
	dialog.className = 'overlay';
	document.body.append(dialog);
	dialog.addEventListener('cancel', (event) => {
		event.preventDefault();
		leave();
	});
	dialog.addEventListener('click', (event) => {
		if (event.target === dialog || event.target.closest('.overlay-close')) leave();
		else if (event.target.closest('.note-head > .note-back')) {
			event.preventDefault();
			leave();
		}
	});
}

function closeButton() {
	const button = document.createElement('button');
	button.type = 'button';
	button.className = 'btn-icon overlay-close';
	button.setAttribute('aria-label', word('close'));
	const cross = document.getElementById('words')?.content.querySelector('.icon-close');
	if (cross) button.append(cross.cloneNode(true));
	return button;
}

function leave() {
	if (history.state?.overlay) history.back();
	else hide();
}

function hide() {
	if (!dialog?.open) return;
	dialog.close();
	dialog.replaceChildren();
	document.title = feedTitle;
	// After the browser has gone to the address's fragment (#main of the skip link), which takes the focus.
	const back = opener;
	setTimeout(() => back?.focus({ preventScroll: true }));
}

async function fetchNote(address) {
	if (arrived.has(address)) return arrived.get(address);
	const { page } = await pageAt(address);
	const note = page.querySelector('article.note');
	if (!note) throw new Error('no note there');
	return { note, title: page.title };
}

async function morph(cover, change) {
	if (!document.startViewTransition || calm() || !cover) {
		change();
		return;
	}
	cover.classList.add('is-leaving');
	const transition = document.startViewTransition(() => {
		cover.classList.remove('is-leaving');
		change();
		dialog.querySelector('.stage')?.classList.add('is-arriving');
	});
	transition.ready.catch(() => {});
	await transition.updateCallbackDone;
	transition.finished.catch(() => {}).then(() => dialog.querySelector('.stage')?.classList.remove('is-arriving'));
}

async function open(address, cover, arrive) {
	const { note, title } = await fetchNote(address);
	if (!dialog) build();
	const article = document.importNode(note, true);
	await morph(cover, () => {
		dialog.replaceChildren(closeButton(), article);
		dialog.setAttribute('aria-label', title);
		if (!dialog.open) dialog.showModal();
		dialog.scrollTop = 0;
		arrive?.();
		document.title = title;
	});
	enhance(dialog);
	dialog.querySelector('.note-scroll')?.scrollTo(0, 0);
}

async function visit(link) {
	const address = link.href;
	const cover = link.closest('.card')?.querySelector('.card-cover');
	opener = link;
	if (offline()) return;
	begin();
	cover?.classList.add('is-opening');
	try {
		if (!dialog?.open) feedTitle = document.title;
		await open(address, cover, () => {
			keepPlace();
			history.pushState({ overlay: address }, '', address);
		});
	} catch {
		// A lost connection leaves the feed where it is; anything else is the page's own to say.
		if (!(await reachable())) toast(word('offline'));
		else location.assign(address);
	} finally {
		cover?.classList.remove('is-opening');
		end();
	}
}

// Whether the server answers at all.
async function reachable() {
	try {
		await fetch('/healthz', { method: 'HEAD', cache: 'no-store' });
		return true;
	} catch {
		return false;
	}
}

export function startOverlay(enhanceWith) {
	enhance = enhanceWith;
	if (!('showModal' in HTMLDialogElement.prototype)) return;
	document.addEventListener('click', (event) => {
		if (event.defaultPrevented || event.button !== 0) return;
		if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		if (event.target.closest('.note-head > .note-back')) {
			// A note's own page: what lies behind it, when that is a feed of this tab.
			if (history.state?.overlay) history.back();
			else if (!backToFeed()) return;
			event.preventDefault();
			return;
		}
		const link = event.target.closest('.card-title a, .card-cover > a');
		if (!link || link.target || link.origin !== location.origin) return;
		event.preventDefault();
		visit(link);
	});
	window.addEventListener('popstate', (event) => {
		const address = event.state?.overlay;
		if (address) open(address, null).catch(() => location.reload());
		// The note's page was loaded by itself, and this entry is the feed it once lay over.
		else if (location.pathname + location.search !== loadedAs) location.reload();
		else hide();
	});
}
