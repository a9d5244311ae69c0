// SPDX-License-Identifier: AGPL-3.0-or-later
// The publish and edit form: chosen or dropped pictures become tiles that upload at once, two at a time; tiles are
// ordered by drag or by buttons, removed, described, made the cover. The form that is sent at the end is the plain one:
// repeated fields media and alt in order, cover, crop, ratio, title, body.

import { startCrop } from './crop.js';
import { draftFor, dropDraft, fillFrom, markSent, saveDraft } from './draft.js';
import { word } from './page.js';
import { toast } from './toast.js';
import { uploadFile } from './upload.js';

const AT_ONCE = 2;

export function startPublish(form) {
	const list = form.querySelector('[data-uploads]');
	const pattern = form.querySelector('template[data-tile]') ?? document.getElementById('upload-tile');
	const input = form.querySelector('input[type="file"][name="pictures"]');
	const cropBox = form.querySelector('.crop');
	const coverPart = form.querySelector('[data-cover-part]');
	const most = Number(form.dataset.most) || 18;
	const crop = cropBox && startCrop(cropBox, form);
	const waiting = [];
	const jobs = new Map();
	let running = 0;

	const tiles = () => [...list.children];
	const part = (tile, selector) => tile.querySelector(selector);
	const sourceOf = (tile) => part(tile, '.upload-picture img').src;
	const ready = (tile) => part(tile, 'input[name="media"]').value !== '';

	const refresh = () => {
		const all = tiles();
		all.forEach((tile, i) => {
			part(tile, '[data-up]').disabled = i === 0;
			part(tile, '[data-down]').disabled = i === all.length - 1;
			part(tile, 'label[for]')?.setAttribute('data-number', String(i + 1));
		});
		if (all.length && !all.some((tile) => part(tile, 'input[name="cover"]').checked)) {
			part(all[0], 'input[name="cover"]').checked = true;
		}
		const cover = all.find((tile) => part(tile, 'input[name="cover"]').checked);
		if (coverPart) coverPart.hidden = !cover;
		if (cover && crop) crop.show(sourceOf(cover));
		input.closest('.drop')?.classList.toggle('drop-small', all.length > 0);
		keep();
	};
	const keep = () => {
		if (form.dataset.publish === 'edit') return;
		saveDraft(form, tiles().filter(ready).map((tile) => ({
			id: part(tile, 'input[name="media"]').value,
			url: tile.dataset.url,
			alt: part(tile, 'textarea[name="alt"]').value,
		})));
	};
	const state = (tile, text, share) => {
		const bar = part(tile, 'progress');
		part(tile, '[data-state]').textContent = text;
		bar.hidden = share === undefined;
		if (share !== undefined) bar.value = share;
	};
	const finish = (tile, media) => {
		part(tile, 'input[name="media"]').value = media.id;
		part(tile, 'input[name="cover"]').value = media.id;
		tile.dataset.url = media.url;
		state(tile, '');
	};

	const next = () => {
		while (running < AT_ONCE && waiting.length) run(waiting.shift());
	};
	const run = async (tile) => {
		const job = jobs.get(tile);
		if (!job) return;
		running++;
		tile.classList.remove('is-failed');
		part(tile, '[data-retry]').hidden = true;
		state(tile, word('uploading'), 0);
		try {
			const media = await uploadFile(job.file, (share) => {
				state(tile, share < 1 ? word('uploading') : word('preparing'), share);
			}, job.stop.signal);
			finish(tile, media);
			jobs.delete(tile);
			refresh();
		} catch (fault) {
			if (fault.name !== 'AbortError') {
				tile.classList.add('is-failed');
				state(tile, fault.message || word('uploadFailed'));
				part(tile, '[data-retry]').hidden = fault.final === true;
			}
		} finally {
			running--;
			next();
		}
	};
	const newTile = () => {
		const tile = pattern.content.firstElementChild.cloneNode(true);
		const id = `alt-${crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)}`;
		part(tile, 'textarea[name="alt"]').id = id;
		part(tile, 'label[for]').htmlFor = id;
		list.append(tile);
		return tile;
	};
	const take = (files) => {
		const pictures = [...files].filter((file) => file.type.startsWith('image/') || /\.(heic|heif|avif)$/i.test(file.name));
		const room = most - tiles().length;
		if (pictures.length > room) toast(word('tooMany', { most }));
		for (const file of pictures.slice(0, Math.max(0, room))) {
			const tile = newTile();
			part(tile, '.upload-picture img').src = URL.createObjectURL(file);
			jobs.set(tile, { file, stop: new AbortController() });
			waiting.push(tile);
			state(tile, word('waiting'), 0);
		}
		refresh();
		next();
	};
	const remove = (tile) => {
		const neighbour = tile.nextElementSibling ?? tile.previousElementSibling;
		jobs.get(tile)?.stop.abort();
		jobs.delete(tile);
		const at = waiting.indexOf(tile);
		if (at >= 0) waiting.splice(at, 1);
		tile.remove();
		(neighbour?.querySelector('[data-remove]') ?? input).focus();
		refresh();
	};
	const shift = (tile, by, button) => {
		const other = by < 0 ? tile.previousElementSibling : tile.nextElementSibling;
		if (!other) return;
		if (by < 0) other.before(tile);
		else other.after(tile);
		refresh();
		(button.disabled ? part(tile, by < 0 ? '[data-down]' : '[data-up]') : button).focus();
	};

	list.addEventListener('click', (event) => {
		const tile = event.target.closest('.upload');
		const button = event.target.closest('button');
		if (!tile || !button) return;
		if (button.matches('[data-remove]')) remove(tile);
		else if (button.matches('[data-up]')) shift(tile, -1, button);
		else if (button.matches('[data-down]')) shift(tile, 1, button);
		else if (button.matches('[data-retry]')) {
			waiting.push(tile);
			next();
		}
	});
	list.addEventListener('change', refresh);
	orderByDrag(list, refresh);
	input.addEventListener('change', () => {
		take(input.files);
		input.value = '';
	});
	takeDrops(form, take);
	form.addEventListener('input', keep);
	form.addEventListener('submit', (event) => {
		if (event.defaultPrevented) return;
		if (tiles().some((tile) => !ready(tile))) {
			event.preventDefault();
			toast(word('stillUploading'));
			return;
		}
		markSent();
	});

	const draft = form.dataset.publish === 'edit' ? null : draftFor(form);
	if (draft) {
		fillFrom(draft, form);
		for (const media of draft.pictures ?? []) {
			const tile = newTile();
			part(tile, '.upload-picture img').src = media.url;
			part(tile, 'textarea[name="alt"]').value = media.alt ?? '';
			finish(tile, media);
		}
		toast(word('draftRestored'), {
			label: word('draftDiscard'),
			run() {
				dropDraft();
				form.reset();
				list.replaceChildren();
				refresh();
			},
		});
	}
	refresh();
}

function takeDrops(form, take) {
	const area = form.querySelector('.drop');
	const over = (yes) => area?.classList.toggle('is-over', yes);
	form.addEventListener('dragover', (event) => {
		if (!event.dataTransfer.types.includes('Files')) return;
		event.preventDefault();
		over(true);
	});
	form.addEventListener('dragleave', (event) => {
		if (!form.contains(event.relatedTarget)) over(false);
	});
	form.addEventListener('drop', (event) => {
		over(false);
		if (!event.dataTransfer.files.length) return;
		event.preventDefault();
		take(event.dataTransfer.files);
	});
	form.addEventListener('paste', (event) => {
		if (event.clipboardData?.files.length) take(event.clipboardData.files);
	});
}

// Drag by the picture, with pointer events, so that it works for fingers as well.
function orderByDrag(list, done) {
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
