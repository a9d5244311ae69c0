// SPDX-License-Identifier: AGPL-3.0-or-later
// Like, collect, follow: a <button name="on" value="1" aria-pressed="false"> in a <form method="post" data-optimistic>,
// alone or one of many that differ by formaction. The value is the state asked for. The button shows the new state at
// once, wherever the same thing is asked; when the server refuses or cannot be reached the old state returns and the
// person is told.

import { post, reasonOf, shortCount, word } from './page.js';
import { toast } from './toast.js';

const BUTTONS = 'form[data-optimistic] button[name="on"]';
const underway = new Map();

const actionOf = (button) => button.getAttribute('formaction') ?? button.form.getAttribute('action');

export function showLike(button, pressed, number) {
	const count = button.querySelector('[data-count]');
	button.setAttribute('aria-pressed', String(pressed));
	button.value = pressed ? '0' : '1';
	if (!count) return;
	count.dataset.count = String(number);
	count.textContent = number > 0 ? shortCount(number) : '';
}

function show(action, pressed, difference) {
	for (const button of document.querySelectorAll(BUTTONS)) {
		if (actionOf(button) !== action) continue;
		button.classList.toggle('is-fresh', pressed && difference > 0);
		showLike(button, pressed, Math.max(0, Number(button.querySelector('[data-count]')?.dataset.count ?? 0) + difference));
	}
}

// As the browser would have done without this script.
function visit(button, action) {
	const state = Object.assign(document.createElement('input'), { type: 'hidden', name: button.name, value: button.value });
	button.form.append(state);
	button.form.setAttribute('action', action);
	HTMLFormElement.prototype.submit.call(button.form);
	state.remove();
}

async function submit(button) {
	const action = actionOf(button);
	const pressed = button.value === '1';
	const difference = pressed ? 1 : -1;
	const fields = new URLSearchParams(new FormData(button.form));
	fields.set('on', button.value);
	// Presses of one button reach the server in the order they were made.
	const answered = (underway.get(action) ?? Promise.resolve()).then(() => post(action, fields, 'application/json')).catch(() => null);
	underway.set(action, answered);
	show(action, pressed, difference);
	const answer = await answered;
	if (answer?.ok) return;
	show(action, !pressed, -difference);
	if (answer?.status === 401) {
		visit(button, action);
		return;
	}
	toast((answer && (await reasonOf(answer))) || word(navigator.onLine ? 'failed' : 'offline'));
}

export function startOptimistic() {
	document.addEventListener('submit', (event) => {
		const button = event.submitter ?? event.target.querySelector('button[name="on"]');
		if (!button?.matches(BUTTONS)) return;
		event.preventDefault();
		submit(button);
	});
}
