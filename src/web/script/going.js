// SPDX-License-Identifier: AGPL-3.0-or-later
// The way to another page: a line at the top says at once that something is on its way, whatever the connection does.
// Without a connection a tap changes nothing but says so, instead of the browser's page of regret.

import { word } from './page.js';
import { toast } from './toast.js';

let under = 0;

export function begin() {
	under++;
	document.documentElement.classList.add('is-going');
}

export function end() {
	under = Math.max(0, under - 1);
	if (!under) document.documentElement.classList.remove('is-going');
}

// True when there is no connection: the person was told, and stays.
export function offline() {
	if (navigator.onLine) return false;
	toast(word('offline'));
	return true;
}

const leads = (link) => link && link.origin === location.origin && !link.target && !link.hasAttribute('download')
	&& (link.pathname !== location.pathname || link.search !== location.search || !link.hash);

function onClick(event) {
	if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
	const link = event.target.closest?.('a[href]');
	if (!leads(link)) return;
	if (offline()) event.preventDefault();
	else begin();
}

function onSubmit(event) {
	if (event.defaultPrevented) return;
	if (offline()) event.preventDefault();
	else begin();
}

// After the listeners of the parts, which may have taken the matter in hand themselves.
export function startGoing() {
	document.addEventListener('click', onClick);
	document.addEventListener('submit', onSubmit);
	window.addEventListener('pageshow', () => {
		under = 0;
		document.documentElement.classList.remove('is-going');
	});
}
