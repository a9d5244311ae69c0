// SPDX-License-Identifier: AGPL-3.0-or-later
// One picture over the whole window: pinch, wheel or double tap to look closely, drag to move, arrows for the others.
// One that is much longer than the window is as wide (or high) as can be read and simply scrolls.
// The position is a plain transform set through the style object, which the page's policy allows.

import { calm, word } from './page.js';

const CLOSEST = 6;

function icon(name) {
	return document.getElementById('words')?.content.querySelector(`.icon-${name}`)?.cloneNode(true) ?? '';
}

function button(className, name, label, run) {
	const made = document.createElement('button');
	made.type = 'button';
	made.className = `btn-icon ${className}`;
	made.setAttribute('aria-label', label);
	made.append(icon(name));
	made.addEventListener('click', run);
	return made;
}

// Zoom and position of the picture in its box.
function lens(dialog, image) {
	const at = { scale: 1, x: 0, y: 0 };
	const apply = () => {
		const width = dialog.clientWidth, height = dialog.clientHeight;
		at.scale = Math.max(1, Math.min(CLOSEST, at.scale));
		at.x = Math.min(0, Math.max(width - width * at.scale, at.x));
		at.y = Math.min(0, Math.max(height - height * at.scale, at.y));
		image.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.scale})`;
		dialog.classList.toggle('is-zoomed', at.scale > 1);
	};
	return {
		at,
		reset() {
			Object.assign(at, { scale: 1, x: 0, y: 0 });
			apply();
		},
		move(dx, dy) {
			at.x += dx;
			at.y += dy;
			apply();
		},
		zoom(factor, x, y) {
			const scale = Math.max(1, Math.min(CLOSEST, at.scale * factor));
			at.x = x - (x - at.x) * (scale / at.scale);
			at.y = y - (y - at.y) * (scale / at.scale);
			at.scale = scale;
			apply();
		},
	};
}

function watchFingers(image, glass, step, scrolls) {
	const fingers = new Map();
	let lastTap = 0;
	let travelled = 0;
	const spread = () => {
		const [a, b] = [...fingers.values()];
		return { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
	};
	image.addEventListener('pointerdown', (event) => {
		if (scrolls()) return;
		image.setPointerCapture(event.pointerId);
		fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
		if (fingers.size === 1) travelled = 0;
	});
	image.addEventListener('pointermove', (event) => {
		const before = fingers.get(event.pointerId);
		if (!before) return;
		const wide = fingers.size === 2 ? spread() : null;
		fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
		if (wide) {
			const now = spread();
			glass.zoom(now.distance / Math.max(1, wide.distance), now.x, now.y);
			glass.move(now.x - wide.x, now.y - wide.y);
			travelled = 0;
		} else {
			if (glass.at.scale > 1) glass.move(event.clientX - before.x, event.clientY - before.y);
			travelled += event.clientX - before.x;
		}
	});
	const end = (event) => {
		if (!fingers.delete(event.pointerId) || fingers.size) return;
		if (event.type === 'pointerup' && glass.at.scale === 1 && Math.abs(travelled) > 60) step(travelled < 0 ? 1 : -1);
		else if (event.type === 'pointerup' && Math.abs(travelled) < 8) {
			if (event.timeStamp - lastTap < 300) {
				if (glass.at.scale > 1) glass.reset();
				else glass.zoom(2.5, event.clientX, event.clientY);
				lastTap = 0;
			} else lastTap = event.timeStamp;
		}
	};
	image.addEventListener('pointerup', end);
	image.addEventListener('pointercancel', end);
	image.addEventListener('wheel', (event) => {
		if (scrolls()) return;
		event.preventDefault();
		glass.zoom(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
	}, { passive: false });
}

export function openViewer(pictures, first, home, moved) {
	const dialog = document.createElement('dialog');
	dialog.className = 'viewer';
	const room = document.createElement('div');
	room.className = 'viewer-room';
	const image = document.createElement('img');
	image.className = 'viewer-picture';
	image.draggable = false;
	room.append(image);
	const caption = document.createElement('p');
	caption.className = 'viewer-alt';
	const glass = lens(dialog, image);
	let index = first;

	const show = () => {
		const picture = pictures[index];
		dialog.classList.toggle('is-tall', picture.shape === 'tall');
		dialog.classList.toggle('is-wide', picture.shape === 'wide');
		if (picture.shape) room.tabIndex = 0;
		else room.removeAttribute('tabindex');
		room.scrollTo(0, 0);
		image.src = picture.small;
		// What moves on the stage moves here; of others the large one is waited for.
		const large = picture.moving && !calm() ? picture.moving : picture.large;
		image.alt = picture.alt;
		const loading = new Image();
		loading.addEventListener('load', () => {
			if (pictures[index] === picture) image.src = large;
		});
		loading.src = large;
		caption.textContent = picture.alt;
		caption.hidden = !picture.alt;
		back.hidden = index === 0;
		on.hidden = index === pictures.length - 1;
		glass.reset();
		if (picture.shape && dialog.open) room.focus({ preventScroll: true });
	};
	const step = (by) => {
		const to = index + by;
		if (to < 0 || to >= pictures.length) return;
		index = to;
		show();
	};
	const back = button('viewer-prev', 'left', word('previous'), () => step(-1));
	const on = button('viewer-next', 'right', word('next'), () => step(1));
	dialog.append(room, caption, back, on, button('viewer-close', 'close', word('close'), () => dialog.close()));
	dialog.addEventListener('keydown', (event) => {
		if (pictures[index].shape === 'wide' && event.key.startsWith('Arrow')) return event.stopPropagation();
		if (event.key === 'ArrowLeft') step(-1);
		else if (event.key === 'ArrowRight') step(1);
		else if (pictures[index].shape) return;
		else if (event.key === '+' || event.key === '=') glass.zoom(1.4, dialog.clientWidth / 2, dialog.clientHeight / 2);
		else if (event.key === '-') glass.zoom(1 / 1.4, dialog.clientWidth / 2, dialog.clientHeight / 2);
		else return;
		event.stopPropagation();
	});
	dialog.addEventListener('close', () => {
		dialog.remove();
		moved(index);
		home.querySelector('.carousel-track')?.focus({ preventScroll: true });
	});
	watchFingers(image, glass, step, () => Boolean(pictures[index].shape));
	(home.closest('dialog') ?? document.body).append(dialog);
	dialog.showModal();
	show();
}
