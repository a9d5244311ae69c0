// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Real and hostile pictures through the front door: the right pixels without any metadata, or a clear sentence; and
// the server goes on.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { mediaOf, noteId, person } from '../lib/people.mjs';
import { oddPicture, oddPictures } from '../lib/pictures.mjs';
import { idle, run, startServer, temporary, until } from '../lib/server.mjs';

const QUARTERS = [[220, 40, 40], [40, 160, 60], [40, 60, 200], [230, 220, 60]];
const MUTED = [[170, 90, 85], [95, 140, 100], [90, 100, 140], [200, 190, 120]];
const SENTENCES = {
	unknown: /can’t read this picture/,
	truncated: /Part of this picture is missing|damaged/,
	pixels: /too large: .* 210M pixels/,
	large: /too large/,
	long: /too long: each side can have up to 65,500 pixels/,
	empty: /empty/,
};

let server;
let author;
let stranger;
let folder;
before(async () => {
	oddPictures();
	folder = temporary();
	server = await startServer();
	author = await person(server, 'camera');
	stranger = new Client(server);
}, { timeout: 240000 });
after(() => server.close());

async function send(name) {
	const page = (await author.get('/publish')).expect(200);
	return page.form('/publish').fill({ title: `Picture ${name}`, pictures: [oddPicture(name)] }).send();
}

function pixels(bytes, name) {
	const source = join(folder, `${name}.in`);
	const plain = join(folder, `${name}.ppm`);
	writeFileSync(source, bytes);
	const done = run('vips', ['copy', source, plain]);
	assert.equal(done.status, 0, done.stderr);
	const data = readFileSync(plain);
	const head = /^P([56])\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s+(\d+)\s/.exec(data.toString('latin1', 0, 200));
	const [width, height, bands] = [Number(head[2]), Number(head[3]), head[1] === '6' ? 3 : 1];
	const start = data.length - width * height * bands;
	return { width, height, at: (x, y) => [...data.subarray(start + (y * width + x) * bands, start + (y * width + x) * bands + bands)] };
}

function bare(bytes, name) {
	for (const mark of ['SecretMark', 'Exif', 'ICC_PROFILE', 'ICCP', 'http://ns.adobe', '8BIM', 'Photoshop', 'GPS']) assert.ok(!bytes.includes(mark), `${mark} in ${name}`);
	const file = join(folder, `${name.replaceAll('/', '_')}`);
	writeFileSync(file, bytes);
	const tags = JSON.parse(run('exiftool', ['-j', '-a', '-u', '-G1', file]).stdout)[0];
	for (const tag of Object.keys(tags)) assert.ok(['SourceFile', 'ExifTool', 'System', 'File', 'JFIF', 'RIFF', 'Composite'].includes(tag.split(':')[0]), `${name}: ${tag}`);
}

// Published, looked at by a stranger: every file that the page names.
async function good(name, { size = null, quarters = QUARTERS, tolerance = 14 } = {}) {
	const id = noteId((await send(name)).expect(303).location);
	const page = await until(async () => {
		const now = (await stranger.get(`/note/${id}`)).expect(200);
		return now.all('.slide img').length === 1 && /srcset/.test(now.one('.slide').innerHTML) && now;
	}, `the picture of ${name}`, 90000);
	const img = page.one('.slide img');
	if (size) assert.deepEqual([Number(img.getAttribute('width')), Number(img.getAttribute('height'))], size, name);
	const files = mediaOf({ text: page.one('.stage').innerHTML });
	assert.ok(files.length >= 1, name);
	for (const address of files) {
		const { body } = (await stranger.get(address)).expect(200);
		bare(body, address);
		if (!quarters) continue;
		const { width, height, at } = pixels(body, 'look');
		for (let row = 0; row < 2; row++) {
			for (let column = 0; column < 2; column++) {
				const found = at(Math.floor(width * (1 + 2 * column) / 4), Math.floor(height * (1 + 2 * row) / 4));
				const wanted = quarters[row * 2 + column];
				assert.ok(found.every((value, i) => Math.abs(value - wanted[i]) <= tolerance), `${name} ${address} ${row},${column}: ${found} for ${wanted}`);
			}
		}
	}
}

async function refused(name, sentence) {
	const answer = (await send(name)).expect(422, 413);
	assert.match(answer.main, sentence, name);
	if (answer.status === 422) assert.equal(answer.form('/publish').value('title'), `Picture ${name}`);
	assert.ok(!(await stranger.get(`/@${author.name}`)).text.includes(`Picture ${name}`));
}

test('EXIF orientation 1 to 8 with GPS: upright, and nothing told', async () => {
	for (let n = 1; n <= 8; n++) await good(`orientation-${n}.jpg`, { size: [320, 240] });
});

test('colours: CMYK, Display P3, 16 bits, grey become sRGB', async () => {
	await good('cmyk.jpg', { quarters: MUTED, tolerance: 40 }); // as browsers show it: without moving the black point
	for (const name of ['p3.jpg', 'p3.png', 'deep.png']) await good(name);
	await good('grey.jpg', { quarters: null });
	await good('alpha.png', { quarters: null });
});

test('formats: PNG, WebP, HEIC, AVIF, progressive and interlaced, animations by their first frame', async () => {
	for (const name of ['plain.jpg', 'plain.png', 'progressive.jpg', 'interlaced.png', 'palette.png', 'plain.webp', 'lossless.webp', 'plain.heic', 'deep.heic', 'plain.avif']) {
		await good(name, { size: [320, 240] });
	}
	for (const name of ['animated.gif', 'animated.webp', 'polyglot.gif']) await good(name, { size: [320, 240], tolerance: 30 });
});

test('an animation is kept moving, and stands still for those who prefer it', async () => {
	for (const name of ['animated.gif', 'animated.webp', 'animated.avif']) {
		const id = noteId((await send(name)).expect(303).location);
		const page = await until(async () => {
			const now = (await stranger.get(`/note/${id}`)).expect(200);
			return now.all('.slide picture > source').length > 0 && now;
		}, 'the loop, which comes after the still');
		const source = page.one('.slide picture > source');
		assert.equal(source.getAttribute('media'), '(prefers-reduced-motion: no-preference)', name);
		const { body } = (await stranger.get(source.getAttribute('srcset'))).expect(200);
		assert.ok(body.includes('ANMF') && body.toString('latin1', 8, 12) === 'WEBP', name);
		bare(body, `${name}.moving`);
		assert.doesNotMatch(page.one('.slide img').getAttribute('src'), /moving/);
	}
});

test('a page of text stays as wide as it can be read, and has a page to scroll without script', async () => {
	const id = noteId((await send('page.png')).expect(303).location);
	const page = (await stranger.get(`/note/${id}`)).expect(200);
	const img = page.one('.slide-tall img');
	assert.deepEqual([Number(img.getAttribute('width')), Number(img.getAttribute('height'))], [990, 11490]);
	assert.match(page.one('.slide-mark').textContent, /Long picture/);
	const look = (await stranger.get(page.one('.slide a').getAttribute('href'))).expect(200);
	const { body } = (await stranger.get(look.one('.look-tall img').getAttribute('src'))).expect(200);
	const { width, height } = pixels(body, 'page');
	assert.deepEqual([width, height], [990, 11490]);
	(await stranger.get(`/note/${id}/picture/2`)).expect(404);
	(await stranger.get(`/note/${id}/picture/0`)).expect(404);
	const wide = noteId((await send('panorama.png')).expect(303).location);
	assert.ok((await stranger.get(`/note/${wide}`)).expect(200).one('.slide-wide'));
});

test('a hundred megapixels', { timeout: 240000 }, async () => {
	await good('huge.jpg', { size: [2560, 1792] });
});

test('what is no picture, whatever its name', async () => {
	await refused('html.jpg', SENTENCES.unknown);
	for (const [name, what] of [['svg.jpg', /an SVG drawing/], ['pdf.png', /a PDF/], ['tiff.jpg', /a TIFF picture/], ['other-12.jpg', /12 bits/], ['other.jxl', /JPEG XL/], ['other.dng', /RAW/], ['other.mp4', /a video/]]) await refused(name, what);
	await refused('empty.jpg', new RegExp(`${SENTENCES.empty.source}|${SENTENCES.unknown.source}`));
});

test('truncated files', async () => {
	for (const name of ['cut-plain.jpg', 'cut-progressive.jpg', 'cut-at-end.jpg', 'cut-plain.png', 'cut-plain.webp', 'cut-animated.webp', 'cut-animated.gif', 'cut-plain.avif', 'cut-plain.heic', 'magic-only.jpg', 'magic-only.png']) {
		await refused(name, SENTENCES.truncated);
	}
});

test('bombs and liars', { timeout: 240000 }, async () => {
	for (const name of ['bomb.png', 'lying-limits.jpg']) await refused(name, SENTENCES.pixels);
	for (const name of ['lying.png', 'lying.jpg']) await refused(name, SENTENCES.truncated);
	await refused('wide.gif', SENTENCES.long);
	await refused('over-60-mb.jpg', SENTENCES.large);
	await refused('heavy-interlaced.png', /too much memory|too large/);
});

test('after all that the server is well and nothing was left behind', async () => {
	assert.equal((await stranger.get('/healthz')).text, 'ok\n');
	await until(() => idle(server), 'all jobs done', 60000);
	const left = readdirSync(join(server.data, 'upload')).filter((name) => statSync(join(server.data, 'upload', name)).isFile());
	assert.deepEqual(left, []);
});
