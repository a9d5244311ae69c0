// SPDX-License-Identifier: AGPL-3.0-or-later
// Light, dark, or as the system: applied at once, remembered by the server through the same form that works without
// script (it sets data-theme on the next page, so nothing flashes).

import { sendForm, word } from './page.js';
import { toast } from './toast.js';

function apply(choice) {
	const root = document.documentElement;
	if (choice === 'light' || choice === 'dark') root.dataset.theme = choice;
	else delete root.dataset.theme;
	for (const button of document.querySelectorAll('form[data-theme-form] button[name="theme"]')) {
		button.setAttribute('aria-pressed', String(button.value === choice));
	}
}

export function startTheme() {
	document.addEventListener('submit', async (event) => {
		const form = event.target.closest('form[data-theme-form]');
		const choice = form && new FormData(form, event.submitter).get('theme');
		if (!choice) return;
		event.preventDefault();
		const before = document.documentElement.dataset.theme ?? 'system';
		apply(choice);
		const answer = await sendForm(form, event.submitter, 'application/json').catch(() => null);
		if (!answer?.ok) {
			apply(before);
			toast(word('failed'));
		}
	});
}
