// SPDX-License-Identifier: AGPL-3.0-or-later
// Small gestures on the page: copy a link, hand it to the system's share sheet, ask before something is destroyed,
// count the characters of a field, close a dialog, stop an animation.

import { word } from './page.js';
import { toast } from './toast.js';

async function copy(button) {
	const text = button.dataset.copy;
	try {
		await navigator.clipboard.writeText(text);
		toast(word('copied'));
	} catch {
		// Without TLS there is no clipboard for scripts: the link is marked, to be copied by hand.
		const near = button.closest('.invitation, .menu, .dialog')?.querySelector('input[readonly], .invitation-link');
		if (!near) {
			toast(word('failed'));
			return;
		}
		near.focus();
		if (near.select) near.select();
		else getSelection().selectAllChildren(near);
	}
}

// The still picture beneath stands while the moving source is out.
const stopped = new WeakMap();

function toggleMotion(button) {
	const picture = button.closest('.slide, .look').querySelector('picture');
	const source = picture.querySelector('source');
	if (source) {
		stopped.set(picture, source);
		source.remove();
	} else {
		picture.prepend(stopped.get(picture));
	}
	button.setAttribute('aria-pressed', String(Boolean(source)));
}

async function share(button) {
	try {
		await navigator.share({ url: button.dataset.share, title: button.dataset.title });
	} catch (fault) {
		if (fault.name !== 'AbortError') toast(word('failed'));
	}
}

// Characters as people count them: code points, not UTF-16 units.
function count(field) {
	const counter = document.getElementById(field.dataset.counter);
	if (!counter) return;
	const most = Number(field.dataset.most);
	const length = [...field.value].length;
	counter.textContent = `${length} / ${most}`;
	counter.classList.toggle('is-over', length > most);
}

// A row of tabs that is wider than the window begins where the current one stands.
function showCurrentTabs() {
	for (const tab of document.querySelectorAll('.tabs > [aria-current]')) {
		const row = tab.parentNode;
		row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
	}
}

export function startActions() {
	showCurrentTabs();
	document.addEventListener('click', (event) => {
		const button = event.target.closest('[data-copy], [data-share], [data-close], [data-motion]');
		if (!button) return;
		if (button.dataset.copy !== undefined) copy(button);
		else if (button.dataset.share !== undefined) share(button);
		else if (button.dataset.motion !== undefined) toggleMotion(button);
		else button.closest('dialog')?.close();
	});
	document.addEventListener('submit', (event) => {
		const question = event.submitter?.dataset.confirm ?? event.target.dataset?.confirm;
		if (question && !window.confirm(question)) {
			event.preventDefault();
			event.stopImmediatePropagation();
		}
	}, true);
	document.addEventListener('input', (event) => {
		if (event.target.dataset?.counter) count(event.target);
	});
	document.querySelectorAll('[data-counter]').forEach(count);
	if (!navigator.share) {
		document.querySelectorAll('[data-share]').forEach((button) => {
			button.hidden = true;
		});
	}
}
