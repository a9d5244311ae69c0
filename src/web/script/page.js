// SPDX-License-Identifier: AGPL-3.0-or-later
// What the other modules ask the page for: its words in the person's language, its CSRF token, numbers as the
// language says them. Words come from <template id="words" data-failed="…">, so no text stands in a script.

export function word(name, values = {}) {
	const text = document.getElementById('words')?.dataset[name] ?? '';
	return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export function csrf() {
	return document.querySelector('meta[name="csrf-token"]')?.content ?? '';
}

export function language() {
	return document.documentElement.lang || 'en';
}

export function shortCount(count) {
	if (count < 10000 && language().startsWith('zh')) return String(count);
	if (count < 1000) return String(count);
	return new Intl.NumberFormat(language(), { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}

export function post(action, body, accept) {
	return fetch(action, {
		method: 'POST',
		body,
		headers: { Accept: accept, 'X-CSRF-Token': csrf() },
		credentials: 'same-origin',
	});
}

// Sends what a form would send. The server sees from Accept that it may answer with a fragment or JSON.
export function sendForm(form, submitter, accept) {
	const data = new FormData(form, submitter ?? undefined);
	const action = submitter?.getAttribute('formaction') ?? form.getAttribute('action') ?? location.href;
	const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data);
	return post(action, body, accept);
}

export async function pageAt(address) {
	const answer = await fetch(address, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
	if (!answer.ok) throw new Error(String(answer.status));
	const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
	return { page, address: answer.url };
}

export function calm() {
	return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

// What the server says of a refusal, or nothing when it does not say it in a way we read.
export async function reasonOf(answer) {
	if (!answer.headers.get('Content-Type')?.startsWith('application/json')) return '';
	const body = await answer.json().catch(() => null);
	return typeof body?.error === 'string' ? body.error : '';
}
