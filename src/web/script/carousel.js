// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures of a note: the browser's own scroll-snap does the swiping; this adds arrows, keys, dots and count, loads the
// next picture early and opens the full-screen view. A tap opens it through the picture's own link without script.

import { calm } from './page.js';
import { openViewer } from './viewer.js';

const steps = new WeakMap();

// Left and right belong to the pictures of the note in front, wherever the focus is, unless something there needs them.
document.addEventListener('keydown', (event) => {
	if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
	if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
	if (event.target.closest('input, textarea, select, [contenteditable], .viewer, .menu')) return;
	const modals = document.querySelectorAll('dialog:modal');
	const front = modals.length ? modals[modals.length - 1] : document;
	const step = steps.get(front.querySelector('[data-carousel]'));
	if (!step) return;
	event.preventDefault();
	step(event.key === 'ArrowRight');
});

function start(root) {
	const track = root.querySelector('.carousel-track');
	const slides = [...root.querySelectorAll('.slide')];
	const previous = root.querySelector('.carousel-prev');
	const next = root.querySelector('.carousel-next');
	const now = root.querySelector('[data-now]');
	const dots = [...(root.querySelector('.carousel-dots')?.children ?? [])];
	let index = 0;

	const show = () => {
		if (previous) previous.disabled = index === 0;
		if (next) next.disabled = index === slides.length - 1;
		if (now) now.textContent = String(index + 1);
		dots.forEach((dot, i) => dot.setAttribute('aria-current', String(i === index)));
		for (const slide of slides.slice(index, index + 2)) {
			const image = slide.querySelector('img');
			if (image) image.loading = 'eager';
		}
	};
	const go = (to) => {
		const target = slides[Math.max(0, Math.min(slides.length - 1, to))];
		const left = target.offsetLeft - slides[0].offsetLeft;
		track.scrollTo({ left, behavior: calm() ? 'instant' : 'smooth' });
	};

	track.addEventListener('scroll', () => {
		const at = Math.round(Math.abs(track.scrollLeft) / Math.max(1, track.clientWidth));
		if (at === index) return;
		index = at;
		show();
	}, { passive: true });
	previous?.addEventListener('click', () => go(index - 1));
	next?.addEventListener('click', () => go(index + 1));
	steps.set(root, (right) => {
		const forward = right === (getComputedStyle(track).direction === 'ltr');
		go(index + (forward ? 1 : -1));
	});
	track.addEventListener('click', (event) => {
		const link = event.target.closest('.slide > a');
		if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
		event.preventDefault();
		const pictures = slides.map((slide) => ({
			large: slide.querySelector('a').dataset.large,
			moving: slide.querySelector('picture > source')?.srcset ?? '',
			shape: slide.classList.contains('slide-tall') ? 'tall' : slide.classList.contains('slide-wide') ? 'wide' : '',
			small: slide.querySelector('img').currentSrc,
			alt: slide.querySelector('img').alt,
		}));
		openViewer(pictures, slides.indexOf(link.closest('.slide')), root, go);
	});
	show();
}

export function enhanceCarousels(root) {
	root.querySelectorAll('[data-carousel]').forEach(start);
}
