// SPDX-License-Identifier: AGPL-3.0-or-later
// The list of a note's pictures on the publish page: making a tile from the page's template, its parts, its state, its
// place in the order by buttons and by drag. It knows nothing of uploading.

export const part = (tile, selector) => tile.querySelector(selector);
export const isReady = (tile) => part(tile, 'input[name="media"]').value !== '';
export const pictureOf = (tile) => part(tile, '.upload-picture img').src;
export const isCover = (tile) => part(tile, 'input[name="cover"]').checked;

let made = 0;

export function makeTile(pattern, source) {
	const tile = pattern.content.firstElementChild.cloneNode(true);
	const field = part(tile, 'textarea[name="alt"]');
	field.id = `alt-new-${++made}`;
	part(tile, 'label[for]').htmlFor = field.id;
	const image = part(tile, '.upload-picture img');
	image.addEventListener('error', () => {
		// HEIC in most browsers: the server's picture takes its place as soon as there is one.
		if (tile.dataset.url && image.getAttribute('src') !== tile.dataset.url) image.src = tile.dataset.url;
		else tile.classList.add('is-undrawn');
		tile.dispatchEvent(new CustomEvent('drawn', { bubbles: true }));
	});
	image.addEventListener('load', () => {
		tile.classList.remove('is-undrawn');
		tile.dispatchEvent(new CustomEvent('drawn', { bubbles: true }));
	});
	image.src = source;
	return tile;
}

// share: 0…1 shows the bar, undefined hides it.
export function showState(tile, text, share) {
	const bar = part(tile, 'progress');
	part(tile, '[data-state]').textContent = text;
	bar.hidden = share === undefined;
	if (share !== undefined) bar.value = share;
}

export function finish(tile, media) {
	part(tile, 'input[name="media"]').value = media.id;
	part(tile, 'input[name="cover"]').value = media.id;
	tile.dataset.url = media.url;
	if (tile.classList.contains('is-undrawn')) part(tile, '.upload-picture img').src = media.url;
	showState(tile, '');
}

// First and last cannot go further; one tile is always the cover. Returns the cover's tile.
export function settle(tiles) {
	tiles.forEach((tile, i) => {
		part(tile, '[data-up]').disabled = i === 0;
		part(tile, '[data-down]').disabled = i === tiles.length - 1;
	});
	if (tiles.length && !tiles.some(isCover)) part(tiles[0], 'input[name="cover"]').checked = true;
	return tiles.find(isCover) ?? null;
}

// Moves by one place; focus stays with the button that was pressed, or goes to its opposite at the end.
export function moveTile(tile, by, button, done) {
	const other = by < 0 ? tile.previousElementSibling : tile.nextElementSibling;
	if (!other) return;
	if (by < 0) other.before(tile);
	else other.after(tile);
	done();
	(button.disabled ? part(tile, by < 0 ? '[data-down]' : '[data-up]') : button).focus();
}

// Drag by the picture, with pointer events, so that it works for fingers as well.
export function orderByDrag(list, done) {
	let tile = null;
	list.addEventListener('pointerdown', (event) => {
		const handle = event.target.closest('.upload-picture');
		if (!handle || event.button !== 0 || event.target.closest('label')) return;
		event.preventDefault();
		tile = handle.closest('.upload');
		tile.classList.add('is-dragged');
		list.setPointerCapture(event.pointerId);
	});
	list.addEventListener('pointermove', (event) => {
		if (!tile) return;
		const under = [...list.children].find((other) => {
			const box = other.getBoundingClientRect();
			return other !== tile && event.clientY > box.top && event.clientY < box.bottom;
		});
		if (!under) return;
		const box = under.getBoundingClientRect();
		if (event.clientY < box.top + box.height / 2) under.before(tile);
		else under.after(tile);
	});
	const end = () => {
		if (!tile) return;
		tile.classList.remove('is-dragged');
		tile = null;
		done();
	};
	list.addEventListener('pointerup', end);
	list.addEventListener('pointercancel', end);
}
