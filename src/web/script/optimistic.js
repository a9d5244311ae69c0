// SPDX-License-Identifier: AGPL-3.0-or-later
// Like, collect, follow: <form method="post" data-optimistic> with one <button name="on" value="1" aria-pressed="false">.
// The value is the state asked for. The button shows the new state at once, on every form with the same action; when
// the server refuses or cannot be reached the old state returns and the person is told.

import { sendForm, reasonOf, shortCount, word } from './page.js';
import { toast } from './toast.js';

const underway = new Map();

function twins(form) {
	const action = form.getAttribute('action');
	return [...document.querySelectorAll('form[data-optimistic]')].filter((f) => f.getAttribute('action') === action);
}

function show(form, pressed, difference) {
	for (const twin of twins(form)) {
		const button = twin.querySelector('button[name="on"]');
		if (!button) continue;
		button.setAttribute('aria-pressed', String(pressed));
		button.value = pressed ? '0' : '1';
		button.classList.toggle('is-fresh', pressed && difference > 0);
		const count = button.querySelector('[data-count]');
		if (!count) continue;
		const number = Math.max(0, Number(count.dataset.count) + difference);
		count.dataset.count = String(number);
		count.textContent = number > 0 ? shortCount(number) : '';
	}
}

async function submit(form, button) {
	const action = form.getAttribute('action');
	const pressed = button.value === '1';
	const difference = pressed ? 1 : -1;
	const waiting = underway.get(action) ?? Promise.resolve();
	const data = sendAfter(waiting, form, button, pressed);
	show(form, pressed, difference);
	underway.set(action, data.catch(() => null));
	const answer = await data.catch(() => null);
	if (answer?.ok) return;
	show(form, !pressed, -difference);
	if (answer?.status === 401) {
		HTMLFormElement.prototype.submit.call(form);
		return;
	}
	toast((answer && (await reasonOf(answer))) || word(navigator.onLine ? 'failed' : 'offline'));
}

// Presses of one button reach the server in the order they were made. The form's data is read now, before the
// button's value turns into the opposite wish.
function sendAfter(waiting, form, button, pressed) {
	const copy = form.cloneNode(true);
	const copied = copy.querySelector('button[name="on"]');
	copied.value = pressed ? '1' : '0';
	return waiting.then(() => sendForm(copy, copied, 'application/json'));
}

export function startOptimistic() {
	document.addEventListener('submit', (event) => {
		const form = event.target.closest('form[data-optimistic]');
		const button = form?.querySelector('button[name="on"]');
		if (!form || !button) return;
		event.preventDefault();
		submit(form, button);
	});
}
