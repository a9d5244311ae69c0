// SPDX-License-Identifier: AGPL-3.0-or-later
// Entry of the pages' scripts: everything here is ease on top of pages that work without it.
// Modules import each other by relative address, so the folder they are served from must carry the version.
// enhance(root) is called for the page and again for every piece of page that arrives later.

import { startActions } from './actions.js';
import { enhanceCarousels } from './carousel.js';
import { enhanceComments, startComments } from './comments.js';
import { forgetSentDraft } from './draft.js';
import { enhanceFeed } from './explore.js';
import { startGoing } from './going.js';
import { enhanceLanguages } from './languages.js';
import { startInPlace } from './inplace.js';
import { startOptimistic } from './optimistic.js';
import { startOverlay } from './overlay.js';
import { startPlace } from './place.js';
import { enhancePreviews } from './preview.js';
import { startTheme } from './theme.js';
import { adoptToasts } from './toast.js';

export function enhance(root) {
	enhanceCarousels(root);
	enhanceComments(root);
	enhanceFeed(root);
	enhanceLanguages(root);
	enhancePreviews(root);
	const publish = root.querySelector('form[data-publish]');
	if (publish) {
		import('./publish.js').then((module) => module.startPublish(publish));
	} else if (root === document) {
		forgetSentDraft();
	}
}

document.documentElement.classList.add('js');
startPlace();
startTheme();
startActions();
startOptimistic();
startComments();
startOverlay(enhance);
startInPlace();
startGoing();
adoptToasts();
enhance(document);
