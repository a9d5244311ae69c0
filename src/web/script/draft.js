// SPDX-License-Identifier: AGPL-3.0-or-later
// What was typed on the publish page, kept in this browser until the note is out. A sent draft is only marked; the
// page of one's own note, where publishing leads, forgets it, so that a broken connection, a session that ended or a busy
// server loses nothing.

const KEY = 'draft:publish';
const FIELDS = ['title', 'body', 'language', 'visibility', 'ratio'];

function read() {
	try {
		return JSON.parse(localStorage.getItem(KEY)) ?? null;
	} catch {
		return null;
	}
}

function write(draft) {
	try {
		localStorage.setItem(KEY, JSON.stringify(draft));
	} catch {
		/* no room or not allowed: the page works without */
	}
}

export function saveDraft(form, pictures) {
	const draft = { at: Date.now(), pictures };
	for (const name of FIELDS) {
		const field = form.elements[name];
		if (field) draft[name] = field.value;
	}
	if (draft.title || draft.body || pictures.length) write(draft);
	else dropDraft();
}

// The draft, unless the form already has content of its own.
export function draftFor(form) {
	const draft = read();
	if (!draft || form.elements.title?.value || form.elements.body?.value) return null;
	return draft.title || draft.body || draft.pictures?.length ? draft : null;
}

export function fillFrom(draft, form) {
	for (const name of FIELDS) {
		const field = form.elements[name];
		if (field && draft[name]) {
			field.value = draft[name];
			const one = field instanceof RadioNodeList ? null : field;
			one?.dispatchEvent(new Event('input', { bubbles: true }));
		}
	}
}

export function markSent() {
	const draft = read();
	if (draft) write({ ...draft, sent: true });
}

export function dropDraft() {
	try {
		localStorage.removeItem(KEY);
	} catch {
		/* not allowed: nothing was kept either */
	}
}

// On a note of one's own only: others' are looked at while one's own is still on its way.
export function forgetSentDraft() {
	const own = document.querySelector(`main a[href="${location.pathname}/edit"]`);
	if (own && read()?.sent) dropDraft();
}
