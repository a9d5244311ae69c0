// SPDX-License-Identifier: AGPL-3.0-or-later
// Short messages that go by themselves, with Undo where something can be undone. They stay while pointed at or
// focused. The box moves into an open modal dialog, because everything outside of one is inert.

const LIFE = 5000;

function box() {
	let list = document.querySelector('.toasts');
	if (!list) {
		list = document.createElement('div');
		list.className = 'toasts';
		list.setAttribute('role', 'status');
	}
	const modals = document.querySelectorAll('dialog:modal');
	const home = modals.length ? modals[modals.length - 1] : document.body;
	if (list.parentNode !== home) home.append(list);
	return list;
}

function expire(toast) {
	let timer = 0;
	const go = () => {
		timer = setTimeout(() => toast.remove(), LIFE);
	};
	const stay = () => clearTimeout(timer);
	toast.addEventListener('pointerenter', stay);
	toast.addEventListener('pointerleave', go);
	toast.addEventListener('focusin', stay);
	toast.addEventListener('focusout', go);
	go();
}

// The same words twice are one message: it comes again, and is read out again, and the first goes.
function removeEqual(list, text) {
	for (const one of list.querySelectorAll('.toast')) if (one.textContent.trim() === text) one.remove();
}

export function toast(text, undo) {
	if (!text) return;
	const item = document.createElement('div');
	item.className = 'toast';
	const words = document.createElement('span');
	words.textContent = text;
	item.append(words);
	if (undo) {
		const button = document.createElement('button');
		button.type = 'button';
		button.textContent = undo.label;
		button.addEventListener('click', () => {
			item.remove();
			undo.run();
		});
		item.append(button);
	}
	const list = box();
	removeEqual(list, text);
	list.append(item);
	expire(item);
}

// Read out, not shown: what happened can be seen already.
export function say(text) {
	const item = document.createElement('div');
	item.className = 'vh';
	item.textContent = text;
	box().append(item);
	setTimeout(() => item.remove(), LIFE);
}

// Messages the server put on the page after a form was sent.
export function adoptToasts() {
	document.querySelectorAll('.toasts > .toast').forEach(expire);
}
