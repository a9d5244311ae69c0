// SPDX-License-Identifier: AGPL-3.0-or-later
// A picture that was just chosen is seen at once where it will stand: [data-preview] holds the place and the file
// input, and names the classes of the picture. What a browser cannot show (HEIC in most) leaves things as they were.

function startPreview(field) {
	const place = field.querySelector('.preview');
	const input = field.querySelector('input[type=file]');
	const before = [...place.childNodes];
	let address = '';

	input.addEventListener('change', () => {
		URL.revokeObjectURL(address);
		place.replaceChildren(...before);
		const [file] = input.files;
		input.closest('.file-pick').classList.toggle('is-chosen', Boolean(file));
		if (!file) return;
		const remove = field.querySelector('input[type=checkbox]');
		if (remove) remove.checked = false;
		const picture = new Image();
		picture.className = field.dataset.preview;
		picture.alt = '';
		picture.addEventListener('load', () => {
			if (picture.src === address) place.replaceChildren(picture);
		});
		field.querySelector('[data-file]').textContent = file.name;
		address = URL.createObjectURL(file);
		picture.src = address;
	});
}

export function enhancePreviews(root) {
	root.querySelectorAll('[data-preview]').forEach(startPreview);
}
