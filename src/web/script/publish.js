// SPDX-License-Identifier: AGPL-3.0-or-later
// The publish and edit form: chosen, dropped or pasted pictures become tiles that upload at once, two at a time. The
// form sent at the end is the plain one: repeated fields media and alt in order, cover, crop, ratio, title, body; the
// file field is emptied, so nothing is sent twice.

import { startCrop } from './crop.js';
import { draftFor, dropDraft, fillFrom, markSent, saveDraft } from './draft.js';
import { word } from './page.js';
import { finish, isReady, makeTile, moveTile, orderByDrag, part, pictureOf, settle, showState } from './tiles.js';
import { toast } from './toast.js';
import { uploadFile } from './upload.js';

const AT_ONCE = 2;

class Publisher {
	constructor(form) {
		this.form = form;
		this.list = form.querySelector('[data-uploads]');
		this.pattern = form.querySelector('template[data-tile]');
		this.input = form.querySelector('input[type="file"][name="pictures"]');
		this.coverPart = form.querySelector('[data-cover-part]');
		this.most = Number(form.dataset.most) || 18;
		this.keeps = form.dataset.publish !== 'edit';
		this.jobs = new Map();
		this.lines = new Map();
		this.waiting = [];
		this.running = 0;
		const box = form.querySelector('.crop');
		this.crop = box && startCrop(box, form);
		if (!this.keeps) this.crop?.keepRatio();
	}

	get tiles() {
		return [...this.list.children];
	}

	refresh() {
		const tiles = this.tiles;
		const cover = settle(tiles);
		const drawn = cover && !cover.classList.contains('is-undrawn');
		if (this.coverPart) this.coverPart.hidden = !drawn;
		if (drawn && this.crop) this.crop.show(pictureOf(cover));
		this.input.closest('.drop')?.classList.toggle('drop-small', tiles.length > 0);
		this.keep();
	}

	keep() {
		if (!this.keeps) return;
		saveDraft(this.form, this.tiles.filter(isReady).map((tile) => ({
			id: part(tile, 'input[name="media"]').value,
			url: tile.dataset.url,
			alt: part(tile, 'textarea[name="alt"]').value,
		})));
	}

	troubleLine(tile) {
		const line = this.form.querySelector('template[data-trouble-line]').content.firstElementChild.cloneNode(true);
		line.querySelector('[data-name]').textContent = this.jobs.get(tile)?.file.name ?? '';
		line.querySelector('[data-why]').textContent = part(tile, '[data-state]').textContent;
		line.querySelector('[data-leave-out]').addEventListener('click', () => this.remove(tile));
		return line;
	}

	// What went wrong stands where one publishes, by the file's name, with the way to go on without it. A line stays as
	// long as its trouble: it is read out once, and the focus in it is not lost to another's.
	tellTrouble() {
		const failed = this.tiles.filter((tile) => tile.classList.contains('is-failed'));
		for (const [tile, line] of this.lines) {
			if (failed.includes(tile)) continue;
			line.remove();
			this.lines.delete(tile);
		}
		for (const tile of failed) {
			if (this.lines.has(tile)) continue;
			const line = this.troubleLine(tile);
			this.lines.set(tile, line);
			this.form.querySelector('[data-trouble]').append(line);
		}
		return failed.length > 0;
	}

	next() {
		while (this.running < AT_ONCE && this.waiting.length) this.run(this.waiting.shift());
	}

	async run(tile) {
		const job = this.jobs.get(tile);
		if (!job) return;
		this.running++;
		tile.classList.remove('is-failed');
		this.tellTrouble();
		part(tile, '[data-retry]').hidden = true;
		showState(tile, word('uploading'), 0);
		try {
			finish(tile, await uploadFile(job.file, (share) => {
				showState(tile, word(share < 1 ? 'uploading' : 'preparing'), share);
			}, job.stop.signal, (text) => showState(tile, text, 1)));
			this.jobs.delete(tile);
			this.refresh();
		} catch (fault) {
			if (fault.name !== 'AbortError') {
				tile.classList.add('is-failed');
				showState(tile, fault.message || word('uploadFailed'));
				part(tile, '[data-retry]').hidden = fault.final === true;
				this.tellTrouble();
			}
		} finally {
			this.running--;
			this.next();
		}
	}

	take(files) {
		// Whatever it is: the server knows kinds that the browser does not, and says by name what it cannot take.
		const pictures = [...files];
		const room = Math.max(0, this.most - this.list.children.length);
		if (pictures.length > room) toast(word('tooMany', { most: this.most }));
		for (const file of pictures.slice(0, room)) {
			const tile = makeTile(this.pattern, URL.createObjectURL(file));
			this.list.append(tile);
			this.jobs.set(tile, { file, stop: new AbortController() });
			this.waiting.push(tile);
			showState(tile, word('waiting'), 0);
		}
		this.refresh();
		this.next();
	}

	retry(tile) {
		part(tile, '[data-remove]').focus(); // the button pressed goes
		this.waiting.push(tile);
		this.next();
	}

	remove(tile) {
		const neighbour = tile.nextElementSibling ?? tile.previousElementSibling;
		this.jobs.get(tile)?.stop.abort();
		this.jobs.delete(tile);
		this.waiting = this.waiting.filter((other) => other !== tile);
		tile.remove();
		this.tellTrouble();
		(neighbour?.querySelector('[data-remove]') ?? this.input).focus();
		this.refresh();
	}

	restore() {
		const draft = this.keeps && !this.tiles.length && draftFor(this.form);
		if (!draft) return;
		fillFrom(draft, this.form);
		if (draft.pictures?.length) this.crop?.keepRatio();
		for (const media of draft.pictures ?? []) {
			const tile = makeTile(this.pattern, media.url);
			part(tile, 'textarea[name="alt"]').value = media.alt ?? '';
			this.list.append(tile);
			finish(tile, media);
		}
		toast(word('draftRestored'), {
			label: word('draftDiscard'),
			run: () => {
				dropDraft();
				this.form.reset();
				this.list.replaceChildren();
				this.refresh();
			},
		});
	}
}

function listenToTiles(publisher) {
	const { list } = publisher;
	list.addEventListener('click', (event) => {
		const tile = event.target.closest('.upload');
		const button = event.target.closest('button');
		if (!tile || !button) return;
		const done = () => publisher.refresh();
		if (button.matches('[data-remove]')) publisher.remove(tile);
		else if (button.matches('[data-up]')) moveTile(tile, -1, button, done);
		else if (button.matches('[data-down]')) moveTile(tile, 1, button, done);
		else if (button.matches('[data-retry]')) publisher.retry(tile);
	});
	list.addEventListener('change', () => publisher.refresh());
	list.addEventListener('drawn', () => publisher.refresh());
	orderByDrag(list, () => publisher.refresh());
}

function listenToFiles(publisher) {
	const { form, input } = publisher;
	const area = form.querySelector('.drop');
	input.addEventListener('change', () => {
		publisher.take(input.files);
		input.value = '';
	});
	form.addEventListener('dragover', (event) => {
		if (!event.dataTransfer.types.includes('Files')) return;
		event.preventDefault();
		area?.classList.add('is-over');
	});
	form.addEventListener('dragleave', (event) => {
		if (!form.contains(event.relatedTarget)) area?.classList.remove('is-over');
	});
	form.addEventListener('drop', (event) => {
		area?.classList.remove('is-over');
		if (!event.dataTransfer.files.length) return;
		event.preventDefault();
		publisher.take(event.dataTransfer.files);
	});
	form.addEventListener('paste', (event) => {
		if (event.clipboardData?.files.length) publisher.take(event.clipboardData.files);
	});
}

export function startPublish(form) {
	// Their meaning is the script's to say now.
	for (const field of form.querySelectorAll('.without-script :is(input, select)')) field.disabled = true;
	const publisher = new Publisher(form);
	listenToTiles(publisher);
	listenToFiles(publisher);
	form.addEventListener('input', () => publisher.keep());
	form.addEventListener('submit', (event) => {
		if (event.defaultPrevented) return;
		if (!publisher.tiles.every(isReady)) {
			event.preventDefault();
			if (publisher.tellTrouble()) form.querySelector('[data-leave-out]').focus();
			else toast(word('stillUploading'));
			return;
		}
		if (publisher.keeps) markSent();
	});
	publisher.restore();
	publisher.refresh();
}
