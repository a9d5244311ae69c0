// SPDX-License-Identifier: AGPL-3.0-or-later
// Which part of the cover shows on its card: a frame of the chosen ratio over the picture, moved by finger, mouse or
// arrow keys, sized by a slider. The hidden field "crop" carries x,y,width,height in thousandths of the picture.

const RATIOS = { '3:4': 3 / 4, '1:1': 1, '4:3': 4 / 3 };
const CLOSEST = 3;

export function startCrop(box, form) {
	const image = box.querySelector('img');
	const frame = box.querySelector('.crop-frame');
	const output = form.elements.crop;
	const zoom = form.querySelector('[data-crop-zoom]');
	const at = { x: 0.5, y: 0.5, zoom: 1 };
	let held = null;
	let chosen = false;

	const ratio = () => RATIOS[form.elements.ratio?.value] ?? RATIOS['3:4'];
	const size = () => {
		const own = image.naturalWidth / Math.max(1, image.naturalHeight) || 1;
		const wide = Math.min(1, ratio() / own);
		const high = Math.min(1, own / ratio());
		return { width: wide / at.zoom, height: high / at.zoom };
	};
	// Until somebody chooses, the card takes the ratio nearest to the picture's own.
	const suggest = () => {
		if (chosen || !image.naturalWidth) return;
		const own = Math.log(image.naturalWidth / image.naturalHeight);
		const away = (name) => Math.abs(Math.log(RATIOS[name]) - own);
		form.elements.ratio.value = Object.keys(RATIOS).reduce((best, name) => (away(name) < away(best) ? name : best));
	};
	const apply = () => {
		const { width, height } = size();
		at.x = Math.min(1 - width / 2, Math.max(width / 2, at.x));
		at.y = Math.min(1 - height / 2, Math.max(height / 2, at.y));
		const left = at.x - width / 2, top = at.y - height / 2;
		Object.assign(frame.style, {
			left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%`,
		});
		output.value = [left, top, width, height].map((part) => Math.round(part * 1000)).join(',');
		form.dispatchEvent(new CustomEvent('cropped', { detail: { left, top, width, height, source: image.src } }));
	};
	const move = (dx, dy) => {
		at.x += dx;
		at.y += dy;
		apply();
	};

	frame.addEventListener('pointerdown', (event) => {
		held = { x: event.clientX, y: event.clientY };
		frame.setPointerCapture(event.pointerId);
	});
	frame.addEventListener('pointermove', (event) => {
		if (!held) return;
		move((event.clientX - held.x) / box.clientWidth, (event.clientY - held.y) / box.clientHeight);
		held = { x: event.clientX, y: event.clientY };
	});
	const drop = () => {
		held = null;
	};
	frame.addEventListener('pointerup', drop);
	frame.addEventListener('pointercancel', drop);
	frame.addEventListener('keydown', (event) => {
		const step = event.shiftKey ? 0.1 : 0.02;
		const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
		if (!way) return;
		event.preventDefault();
		move(way[0] * step, way[1] * step);
	});
	zoom?.addEventListener('input', () => {
		at.zoom = 1 + (Number(zoom.value) / 100) * (CLOSEST - 1);
		apply();
	});
	form.addEventListener('change', (event) => {
		if (event.target.name !== 'ratio') return;
		chosen = true;
		apply();
	});
	image.addEventListener('load', () => {
		suggest();
		apply();
	});

	// Begins where the field already points, so that editing keeps the earlier choice.
	const earlier = (output.value || '').split(',').map((part) => Number(part) / 1000);
	if (earlier.length === 4 && earlier.every((part) => part >= 0 && part <= 1) && earlier[2] > 0) {
		chosen = true;
		at.x = earlier[0] + earlier[2] / 2;
		at.y = earlier[1] + earlier[3] / 2;
		const begin = () => {
			at.zoom = Math.min(CLOSEST, Math.max(1, size().width / earlier[2]));
			if (zoom) zoom.value = String(Math.round(((at.zoom - 1) / (CLOSEST - 1)) * 100));
			apply();
		};
		if (image.complete) begin();
		else image.addEventListener('load', begin, { once: true });
	} else if (image.complete && image.naturalWidth) {
		apply();
	}

	return {
		keepRatio() {
			chosen = true;
		},
		show(source) {
			if (image.src === source) return;
			Object.assign(at, { x: 0.5, y: 0.5, zoom: 1 });
			if (zoom) zoom.value = '0';
			image.src = source;
		},
	};
}
