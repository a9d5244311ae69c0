// SPDX-License-Identifier: AGPL-3.0-or-later
// Writing a comment in place. The server answers a fetch (Accept: text/html, X-Fragment: comment) with the one new
// <li class="comment">; it is put under its parent or at the top. What was typed stays until the server has it.
// More comments are fetched from where the link leads and put below the others; without this script it leads there.

import { csrf, pageAt, reasonOf, word } from './page.js';
import { say, toast } from './toast.js';

function noteOf(element) {
	return element.closest('.note') ?? document;
}

function replyTo(form, link) {
	const box = form.querySelector('.write-to');
	form.querySelector('input[name="parent"]').value = link?.dataset.reply ?? '';
	if (!box) return;
	box.hidden = !link;
	const name = box.querySelector('[data-name]');
	if (name) name.textContent = link?.dataset.name ?? '';
	if (link) form.querySelector('.write-field').focus();
}

function place(note, item, parent) {
	note.querySelector(`#${CSS.escape(item.id)}`)?.remove(); // sent twice, it is one comment
	const above = parent ? note.querySelector(`#comment-${CSS.escape(parent)}`) : null;
	const thread = above?.closest('.comment-list > .comment');
	if (thread) {
		let replies = thread.querySelector('.comment-replies');
		if (!replies) {
			replies = document.createElement('ol');
			replies.className = 'comment-replies';
			thread.append(replies);
		}
		replies.append(item);
	} else {
		note.querySelector('.comment-list')?.prepend(item);
	}
	const empty = note.querySelector('.comments-empty');
	if (empty) empty.hidden = true;
	item.scrollIntoView({ block: 'nearest' });
}

// How many there are now, in the words of the answer; a single thread has a heading of its own.
function count(note, page) {
	const words = page.querySelector('[data-comments]');
	const title = note.querySelector('.comments-head');
	if (!words) return;
	if (title && !title.querySelector('a[href$="#comments"].link')) title.querySelector('h2').textContent = words.textContent;
	const number = note.querySelector('.note-acts [data-write] .count');
	if (number) number.textContent = words.dataset.comments;
}

// What is written when the session ended waits in the tab while one goes through the door: the server may not be able
// to finish it there (too late, not approved yet), and long texts do not fit into the way.
const waiting = (form) => `say:${form.getAttribute('action')}`;
const KEPT = ['text', 'parent', 'visibility', 'request'];

function keepForLater(form) {
	const fields = KEPT.map((name) => [name, form.elements[name]?.value ?? '']);
	try {
		sessionStorage.setItem(waiting(form), JSON.stringify(Object.fromEntries(fields)));
	} catch {
		/* no storage: the browser's own memory of the field remains */
	}
}

function takeKept(form) {
	try {
		const kept = JSON.parse(sessionStorage.getItem(waiting(form)));
		sessionStorage.removeItem(waiting(form));
		return kept;
	} catch {
		return null; // not allowed: nothing was kept either
	}
}

// The door leads to the comment when it was posted there: one's own, which one may delete.
function wasPosted() {
	const item = location.hash.startsWith('#comment-') && document.getElementById(location.hash.slice(1));
	return Boolean(item && item.querySelector('.comment-delete'));
}

function comeBack(form) {
	const field = form.querySelector('.write-field');
	const kept = takeKept(form);
	if (kept && !field.value && !wasPosted()) {
		const link = kept.parent && noteOf(form).querySelector(`[data-reply="${CSS.escape(kept.parent)}"]`);
		if (link) replyTo(form, link);
		field.value = kept.text;
		form.elements.request.value = kept.request;
		if (form.elements.visibility && kept.visibility) form.elements.visibility.value = kept.visibility;
	}
	// After the browser has gone to the fragment, which takes the focus.
	const go = () => setTimeout(() => field.focus());
	if (location.hash !== '#write' || form.closest('dialog')) return;
	if (document.readyState === 'complete') go();
	else window.addEventListener('load', go, { once: true });
}

// The address may carry what is posted now; loaded again it would fill the field again.
function forgetBegun() {
	const here = new URL(location.href);
	if (!here.searchParams.has('begun')) return;
	here.searchParams.delete('begun');
	history.replaceState(history.state, '', here);
}

// refused: it is the text that is wrong, so one goes on there; else (no connection) the focus stays where it is.
function tell(form, text, refused = false) {
	const error = form.querySelector('.error');
	const field = form.querySelector('.write-field');
	if (!error) {
		toast(text);
		return;
	}
	error.textContent = text;
	error.hidden = !text;
	field.ariaInvalid = refused ? 'true' : null;
	if (refused) field.focus();
}

// The new comment takes the focus: Tab goes on to its buttons, and a reader reads it out.
function goTo(item) {
	item.tabIndex = -1;
	item.focus({ preventScroll: true });
}

async function send(form) {
	const field = form.querySelector('.write-field');
	if (!field.value.trim()) {
		field.focus();
		return;
	}
	const parent = form.querySelector('input[name="parent"]').value;
	const button = form.querySelector('.write-send');
	if (button.ariaDisabled) return;
	button.ariaDisabled = 'true'; // a disabled one would lose the focus
	tell(form, '');
	try {
		const answer = await fetch(form.getAttribute('action'), {
			method: 'POST',
			body: new URLSearchParams(new FormData(form)),
			headers: { Accept: 'text/html, application/json', 'X-Fragment': 'comment', 'X-CSRF-Token': csrf() },
			credentials: 'same-origin',
		});
		if (answer.status === 401) {
			keepForLater(form);
			HTMLFormElement.prototype.submit.call(form);
			return;
		}
		if (!answer.ok) {
			tell(form, (await reasonOf(answer)) || word('failed'), answer.status === 422);
			return;
		}
		const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
		const item = page.querySelector('li.comment');
		if (!item || page.querySelector('article.note')) {
			location.assign(answer.url);
			return;
		}
		place(noteOf(form), document.adoptNode(item), parent);
		count(noteOf(form), page);
		field.value = '';
		forgetBegun();
		if (form.elements.visibility) form.elements.visibility.selectedIndex = 0;
		// The form's key makes one comment of what is sent twice; the next comment needs another.
		form.elements.request.value = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
		replyTo(form, null);
		goTo(item);
		say(word('commented'));
	} catch {
		tell(form, word(navigator.onLine ? 'failed' : 'offline'));
	} finally {
		button.ariaDisabled = null;
	}
}

// What moved down the list between two pages is there already: it stays where it is.
function addUnknown(list, coming) {
	const fresh = [];
	for (const item of [...coming.children]) {
		const here = item.id && list.querySelector(`#${CSS.escape(item.id)}`);
		const replies = item.querySelector('.comment-replies');
		if (!here) {
			list.append(document.adoptNode(item));
			fresh.push(item);
		} else if (replies && here.querySelector('.comment-replies')) {
			fresh.push(...addUnknown(here.querySelector('.comment-replies'), replies));
		}
	}
	return fresh;
}

// A page may be empty and yet not the last, where very many comments are for others only.
async function addMore(link) {
	const list = noteOf(link).querySelector('.comment-list');
	for (let turn = 0; turn < 5; turn++) {
		const { page } = await pageAt(link.href);
		const coming = page.querySelector('.comment-list');
		const next = page.querySelector('p.comments-more a');
		if (!list || !coming) throw new Error('no comments there');
		const fresh = addUnknown(list, coming);
		if (next) link.href = next.getAttribute('href');
		else link.parentNode.remove();
		if (fresh.length && !next) goTo(fresh[0]);
		if (fresh.length || !next) return;
	}
}

async function more(link) {
	if (link.ariaBusy === 'true') return;
	link.ariaBusy = 'true';
	try {
		await addMore(link);
	} catch {
		toast(word(navigator.onLine ? 'failed' : 'offline'));
	} finally {
		link.ariaBusy = null;
	}
}

export function enhanceComments(root) {
	root.querySelectorAll('form[data-comment]').forEach(comeBack);
}

export function startComments() {
	document.addEventListener('click', (event) => {
		const on = event.target.closest('p.comments-more a');
		if (!on || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
		event.preventDefault();
		more(on);
	});
	document.addEventListener('click', (event) => {
		const link = event.target.closest('[data-reply]');
		const cancel = event.target.closest('.write-to button');
		const write = event.target.closest('[data-write]');
		const form = (link || cancel || write) && noteOf(link ?? cancel ?? write).querySelector('form[data-comment]');
		if (!form) return;
		event.preventDefault();
		if (!write) replyTo(form, link);
		if (write || cancel) form.querySelector('.write-field').focus(); // the cross goes, and would take it along
	});
	document.addEventListener('submit', (event) => {
		const form = event.target.closest('form[data-comment]');
		if (!form || event.defaultPrevented) return;
		event.preventDefault();
		send(form);
	});
	document.addEventListener('keydown', (event) => {
		if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
		event.target.closest?.('form[data-comment]')?.requestSubmit();
	});
}
