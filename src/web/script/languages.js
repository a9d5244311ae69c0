// SPDX-License-Identifier: AGPL-3.0-or-later
// The languages a person reads: the list of their order follows the boxes at once, and its buttons move a language
// without sending the form. The hidden fields "order" tell the server.

function settle(part) {
	const ranks = [...part.querySelectorAll('.rank')];
	ranks.forEach((rank, i) => {
		rank.querySelector('button').hidden = i === 0;
	});
	part.hidden = ranks.length < 2;
}

function makeRank(part, box) {
	const rank = part.querySelector('template').content.firstElementChild.cloneNode(true);
	const name = box.closest('label').textContent.trim();
	const button = rank.querySelector('button');
	const shown = rank.querySelector('span');
	rank.querySelector('input').value = box.value;
	shown.textContent = name;
	shown.lang = box.value;
	button.value = box.value;
	button.setAttribute('aria-label', button.getAttribute('aria-label').replace('%', name));
	return rank;
}

const rankOf = (part, tag) => [...part.querySelectorAll('.rank')]
	.find((rank) => rank.querySelector('input').value === tag);

function moveUp(part, button) {
	const rank = button.closest('.rank');
	rank.previousElementSibling?.before(rank);
	settle(part);
	(button.hidden ? rank.nextElementSibling?.querySelector('button') : button)?.focus();
}

export function enhanceLanguages(root) {
	for (const part of root.querySelectorAll('[data-ranks]')) {
		const form = part.closest('form');
		form.addEventListener('change', (event) => {
			if (event.target.name !== 'reads') return;
			const rank = rankOf(part, event.target.value);
			if (event.target.checked && !rank) part.querySelector('.ranks').append(makeRank(part, event.target));
			else if (!event.target.checked) rank?.remove();
			settle(part);
		});
		part.addEventListener('click', (event) => {
			const button = event.target.closest('button[name="up"]');
			if (!button) return;
			event.preventDefault();
			moveUp(part, button);
		});
	}
}
