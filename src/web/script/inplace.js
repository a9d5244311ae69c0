// SPDX-License-Identifier: AGPL-3.0-or-later
// Links to a page of which a part can be shown right here. a[data-swap=ID]: it takes the place of that element, until
// a[data-swap-back] in it is followed. a[data-panel]: it opens over the page, at the bottom of a phone's screen and
// beside the link on a desk. Asked for with X-Fragment; whatever fails becomes a plain visit.

import { word } from './page.js';
import { begin, end } from './going.js';
import { toast } from './toast.js';

const GAP = 6;
const CONTROLS = 'a[href], button, input, select, textarea';
const away = new WeakMap(); // what stands there now: what stood there, and the link that was followed

async function partAt(address) {
	const answer = await fetch(address, { headers: { Accept: 'text/html', 'X-Fragment': 'part' }, credentials: 'same-origin' });
	if (!answer.ok) throw new Error(String(answer.status));
	const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
	if (page.body.childElementCount !== 1) throw new Error('no part of a page');
	return document.adoptNode(page.body.firstElementChild);
}

async function arrives(link, show) {
	if (link.ariaBusy === 'true') return;
	link.ariaBusy = 'true';
	begin();
	try {
		show(await partAt(link.href));
	} catch {
		if (navigator.onLine) location.assign(link.href);
		else toast(word('offline'));
	} finally {
		link.ariaBusy = null;
		end();
	}
}

function swap(link) {
	const text = (link.closest('.note') ?? document).querySelector(`#${CSS.escape(link.dataset.swap)}`);
	if (!text) {
		location.assign(link.href);
		return;
	}
	arrives(link, (part) => {
		away.set(part, { text, link });
		text.replaceWith(part);
		link.hidden = true;
		part.focus({ preventScroll: true });
	});
}

function swappedAround(element) {
	let at = element;
	while (at && !away.has(at)) at = at.parentElement;
	return at;
}

function swapBack(part) {
	const { text, link } = away.get(part);
	part.replaceWith(text);
	link.hidden = false;
	link.focus({ preventScroll: true });
}

// Beside the link, within the window; over it where there is more room. A phone's stands at the bottom by its style.
function placeBeside(panel, link) {
	if (!matchMedia('(min-width: 720px)').matches) return;
	const at = link.getBoundingClientRect();
	const { offsetWidth: width, offsetHeight: height } = panel;
	const below = innerHeight - at.bottom - GAP;
	const over = below < height && at.top > below;
	const left = Math.min(Math.max(at.left + at.width / 2 - width / 2, GAP), document.documentElement.clientWidth - width - GAP);
	panel.style.left = `${Math.max(left, GAP)}px`;
	panel.style.top = `${Math.max(over ? at.top - height - GAP : Math.min(at.bottom + GAP, innerHeight - height - GAP), GAP)}px`;
}

function open(link) {
	arrives(link, (part) => {
		const panel = document.createElement('div');
		panel.className = 'sheet';
		panel.popover = 'auto';
		panel.role = 'dialog';
		panel.tabIndex = -1;
		panel.ariaLabel = part.querySelector('[data-title]')?.textContent.trim() ?? '';
		panel.append(part);
		(link.closest('dialog') ?? document.body).append(panel);
		panel.addEventListener('toggle', ({ newState }) => {
			if (newState === 'open') return;
			const goesOn = !panel.contains(document.activeElement) && document.activeElement.matches(CONTROLS);
			panel.remove();
			link.classList.remove('is-open');
			if (!goesOn) link.focus({ preventScroll: true });
		});
		panel.showPopover();
		link.classList.add('is-open');
		placeBeside(panel, link);
		panel.focus({ preventScroll: true });
	});
}

// A tap outside closes the panel and nothing else: what lies below it (a note over its feed) stays.
function startClosing() {
	let wasOpen = false;
	document.addEventListener('pointerdown', () => {
		wasOpen = Boolean(document.querySelector('.sheet'));
	}, true);
	document.addEventListener('click', (event) => {
		if (!wasOpen || !event.detail || event.target.closest(`.sheet, ${CONTROLS}`)) return;
		event.preventDefault();
		event.stopPropagation();
	}, true);
}

export function startInPlace() {
	if (!HTMLElement.prototype.showPopover) return;
	startClosing();
	document.addEventListener('click', (event) => {
		if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		event.target.closest('[data-panel-close]')?.closest('[popover]')?.hidePopover();
		const link = event.target.closest('a[data-swap], a[data-swap-back], a[data-panel]');
		if (!link) return;
		const back = link.matches('[data-swap-back]');
		const part = back && swappedAround(link);
		if (back && !part) return; // the part is a page of its own
		event.preventDefault();
		if (back) swapBack(part);
		else if (link.dataset.swap) swap(link);
		else open(link);
	});
}
