// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What every answer has to be, whatever the page: headers, CSRF, statuses, caching, limits, a graceful end.

import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Client, multipart, urlencoded } from '../lib/client.mjs';
import { person, publish } from '../lib/people.mjs';
import { picture } from '../lib/pictures.mjs';
import { Server, startServer, until } from '../lib/server.mjs';

let server;
let member;
let stranger;
before(async () => {
	server = await startServer();
	member = await person(server, 'member');
	stranger = new Client(server);
});
after(() => server.close());

// Raw bytes in, everything that comes back out.
function raw(port, text, { end = false, written = () => {} } = {}) {
	return new Promise((resolve, reject) => {
		let said = '';
		const socket = net.connect(port, '127.0.0.1', () => socket.write(text, () => {
			written();
			if (end) socket.end();
		}));
		socket.on('data', (bytes) => { said += bytes.toString('latin1'); });
		socket.once('error', (fault) => (said ? resolve(said) : reject(fault)));
		socket.once('close', () => resolve(said));
	});
}

test('security headers on every kind of answer', async () => {
	const id = await publish(member, { pictures: [picture()] });
	const media = await until(async () => (await stranger.get(`/note/${id}`)).all('.slide img')[0]?.getAttribute('src'));
	const style = (await stranger.get('/')).one('link[rel=stylesheet]').getAttribute('href');
	for (const path of ['/', `/note/${id}`, '/nothing-here', '/publish', media, style, '/healthz']) {
		const { headers } = await stranger.get(path);
		const csp = headers['content-security-policy'];
		assert.match(csp, /default-src 'none'/, path);
		assert.match(csp, /base-uri 'none'/);
		assert.match(csp, /frame-ancestors 'none'/);
		assert.match(csp, /form-action 'self'/);
		assert.doesNotMatch(csp, /unsafe|\*|http:/);
		assert.equal(headers['x-content-type-options'], 'nosniff', path);
		assert.equal(headers['referrer-policy'], 'same-origin');
		assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
		assert.ok(headers['permissions-policy']);
		assert.equal(headers['strict-transport-security'], undefined);
	}
	assert.match((await member.get('/')).headers['cache-control'], /private|no-store/);
});

test('pages hold nothing inline and load nothing from elsewhere', async () => {
	for (const path of ['/', '/about', '/publish', '/settings/profile', '/notifications', '/styleguide', `/@${member.name}`]) {
		const page = (await member.get(path)).expect(200);
		assert.equal(page.all('[style]').length, 0, `${path}: style=`);
		assert.equal(page.all('style').length, 0, `${path}: <style>`);
		for (const script of page.all('script')) assert.ok(script.getAttribute('src')?.startsWith('/'), `${path}: inline script`);
		for (const one of page.all('[src], link[href], [srcset]')) {
			const address = one.getAttribute('src') ?? one.getAttribute('srcset') ?? one.getAttribute('href');
			assert.ok(/^(\/(?!\/)|data:)/.test(address) || one.getAttribute('rel') === 'canonical', `${path}: ${address}`);
		}
		for (const one of page.all('*')) {
			for (const name of one.getAttributeNames()) assert.ok(!name.startsWith('on'), `${path}: ${name}`);
		}
	}
});

test('CSRF: a missing, foreign or crossed token is refused, nothing happens', async () => {
	const other = await person(server, 'other');
	const title = 'Forged note';
	const form = (await member.get('/publish')).form('/publish').fill({ title });
	const token = form.value('csrf');
	const theirs = (await other.get('/publish')).form('/publish').value('csrf');
	for (const value of [null, '', 'x', theirs, `${token}x`, token.slice(0, -2)]) (await form.force('csrf', value).send()).expect(403, 422);
	form.force('csrf', token);
	for (const headers of [{ Origin: 'https://evil.example', 'Sec-Fetch-Site': null }, { 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'null', 'Sec-Fetch-Site': null }]) {
		(await form.send(headers)).expect(403);
	}
	const bare = urlencoded([['title', title]]);
	(await member.request('POST', '/publish', { body: bare.bytes, headers: { 'Content-Type': bare.type } })).expect(403, 415, 422);
	assert.ok(!(await stranger.get(`/@${member.name}`)).text.includes(title));
	assert.notEqual((await member.get('/publish')).form('/publish').value('csrf'), token, 'masked anew each time');
	(await form.send()).expect(303);
});

test('404, 405, 413, 415, 400, HEAD, OPTIONS', async () => {
	for (const path of ['/nothing', '/note/abc', '/note/1', '/@', '/note/99999999999999999999', '/assets/none.css', '/media/none/360.webp', '/topic/', '//', '/about/']) {
		const answer = (await stranger.get(path)).expect(404);
		assert.match(answer.headers['content-type'], /html/, path);
	}
	const wrong = (await stranger.request('DELETE', '/about')).expect(405);
	assert.match(wrong.headers.allow, /GET/);
	(await stranger.request('PUT', '/')).expect(405);
	assert.match((await stranger.request('OPTIONS', '/about')).expect(204, 200).headers.allow, /GET, HEAD/);
	const head = (await stranger.request('HEAD', '/about')).expect(200);
	assert.equal(head.body.length, 0);
	assert.ok(Number(head.headers['content-length']) > 500);
	(await member.call('POST', '/signin', { body: Buffer.alloc(3 << 20), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })).expect(413);
	(await member.call('POST', '/signin', { body: Buffer.from('<a/>'), headers: { 'Content-Type': 'text/xml' } })).expect(415);
	const many = urlencoded(Array.from({ length: 400 }, (_, i) => [`f${i}`, 'x']));
	(await stranger.request('POST', '/language', { body: many.bytes, headers: { 'Content-Type': many.type } })).expect(400, 413, 422);
	for (const path of ['/%ff', '/?topic=%ff', '/%00', '/?a=%00', '/..%2fabout', '/%2e%2e/']) {
		assert.ok([400, 404].includes((await stranger.get(path)).status), path);
	}
	(await stranger.request('POST', '/language', { body: Buffer.from('language=%ff'), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })).expect(400);
	assert.equal((await stranger.get('/healthz')).status, 200);
});

test('broken requests end with 4xx or a closed connection, and the server goes on', async () => {
	for (const text of ['GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', '\0\0\0\0\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', `GET /${'a'.repeat(40000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
		`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40000)}\r\n\r\n`, 'POST /language HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
		'POST /language HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'POST /language HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n']) {
		const said = await raw(server.port, text, { end: true }).catch(() => '');
		assert.ok(said === '' || /^HTTP\/1\.[01] [45]\d\d/.test(said), `${text.slice(0, 40)} → ${said.slice(0, 80)}`);
	}
	const began = Date.now();
	assert.match(await raw(server.port, `GET /cards?${'a&'.repeat(500)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 400/);
	assert.ok(Date.now() - began < 2000, 'parameters that are too many are refused at once');
	const broken = multipart([['language', 'en']]);
	(await stranger.request('POST', '/language', { body: broken.bytes.subarray(0, broken.bytes.length - 8), headers: { 'Content-Type': broken.type } })).expect(400, 422);
	assert.equal((await stranger.get('/healthz')).status, 200);
});

test('Host is never trusted', async () => {
	const said = await raw(server.port, 'GET /publish HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
	assert.doesNotMatch(said, /evil\.example/);
	const page = await raw(server.port, 'GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n');
	assert.match(page, /^HTTP\/1\.1 200/);
	assert.doesNotMatch(page, /evil\.example/);
});

test('ETag and 304; assets immutable, in gzip and brotli; pages in gzip', async () => {
	const page = await until(async () => {
		const now = (await stranger.get('/')).expect(200);
		return now.headers.etag && now; // kept as soon as there is a note on it
	}, 'explore for strangers has an ETag');
	const same = (await stranger.get('/', { 'If-None-Match': page.headers.etag })).expect(304);
	assert.equal(same.body.length, 0);
	(await stranger.get('/', { 'If-None-Match': '"other"' })).expect(200);
	const zipped = (await stranger.get('/', { 'Accept-Encoding': 'gzip' })).expect(200);
	assert.equal(zipped.headers['content-encoding'], 'gzip');
	assert.match(zipped.headers.vary, /Accept-Encoding/i);
	assert.match(gunzipSync(zipped.body).toString(), /<!doctype html>/i);
	for (const selector of ['link[rel=stylesheet]', 'script[src]']) {
		const one = page.one(selector);
		const path = one.getAttribute('href') ?? one.getAttribute('src');
		const plain = (await stranger.get(path)).expect(200);
		assert.match(plain.headers['cache-control'], /public.*max-age=31536000.*immutable/);
		const gzip = await stranger.get(path, { 'Accept-Encoding': 'gzip' });
		const brotli = await stranger.get(path, { 'Accept-Encoding': 'br, gzip' });
		assert.equal(brotli.headers['content-encoding'], 'br');
		assert.ok(gunzipSync(gzip.body).equals(plain.body));
		assert.ok(brotliDecompressSync(brotli.body).equals(plain.body));
	}
	const id = await publish(member, { title: 'Changes the page' });
	await until(async () => {
		const fresh = await stranger.get('/', { 'If-None-Match': page.headers.etag });
		return fresh.status === 200 && fresh.all(`#note-${id}`).length === 1;
	}, 'a fresh page');
});

test('pictures in ranges', async () => {
	const id = await publish(member, { title: 'Ranges', pictures: [picture(800, 800, 100)] });
	const src = await until(async () => (await stranger.get(`/note/${id}`)).all('.slide img')[0]?.getAttribute('src'));
	const whole = (await stranger.get(src)).expect(200);
	const part = (await stranger.get(src, { Range: 'bytes=100-199' })).expect(206);
	assert.equal(part.headers['content-range'], `bytes 100-199/${whole.body.length}`);
	assert.ok(part.body.equals(whole.body.subarray(100, 200)));
	(await stranger.get(src, { Range: `bytes=${whole.body.length}-` })).expect(416);
});

test('keep-alive: many requests on one connection', async () => {
	const said = await raw(server.port, `${'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(5)}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
	assert.equal(said.match(/HTTP\/1\.1 200/g).length, 6);
});

test('the page of an error says what it is in its title, in both languages, and leads on', async () => {
	const form = urlencoded([['text', 'x'.repeat(3 << 20)]]);
	const errors = [
		[403, 'Not allowed', '没有权限', (client) => client.get('/moderation')],
		[403, 'This page is out of date', '页面已过期', (client) => client.request('POST', '/settings/sessions', { body: Buffer.from('csrf=old'), headers: { 'Content-Type': form.type } })],
		[404, 'Not found', '页面不存在', (client) => client.get('/nothing-here')],
		[405, 'That doesn’t work here', '无法这样访问', (client) => client.request('DELETE', '/about')],
		[413, 'Too large', '内容太大', (client) => client.request('POST', '/settings/privacy', { body: form.bytes, headers: { 'Content-Type': form.type } })],
	];
	for (const language of ['en', 'zh-CN']) {
		const client = new Client(server, { language });
		client.cookies = new Map(member.cookies);
		client.cookies.set('lang', language === 'en' ? 'en' : 'zh-Hans');
		for (const [status, en, zh, ask] of errors) {
			const page = (await ask(client)).expect(status);
			const title = language === 'en' ? en : zh;
			assert.equal(page.one('h1').textContent, title);
			assert.ok(page.one('title').textContent.startsWith(`${title} · `));
			assert.ok(page.one('.fault p:not([aria-hidden])').textContent.trim().length > 4);
			assert.equal(page.one('.fault a[href="/"]').textContent, language === 'en' ? 'Back to Explore' : '返回发现页');
			assert.ok(page.one('svg.art').innerHTML.includes('<path'), 'drawn without the sprite');
		}
	}
	const back = await member.get('/moderation', { Referer: `http://localhost:${server.port}/about?x=1` });
	assert.equal(back.one('.fault .btn-primary').getAttribute('href'), '/about?x=1');
	for (const Referer of ['https://evil.example/about', `http://localhost:${server.port}/moderation`, `http://localhost:${server.port}//evil.example/`]) {
		assert.equal((await member.get('/moderation', { Referer })).one('.fault .btn-primary').getAttribute('href'), '/', Referer);
	}
});

test('429 with Retry-After where limits are on; wrong passwords are slowed', async () => {
	const limited = await startServer({ 'rate-limits': 'on' });
	try {
		limited.cli(['account', 'create', 'guessed', '--password-stdin'], 'a very good password\n');
		const client = new Client(limited);
		const form = (await client.get('/signin')).form('/signin').fill({ name: 'guessed', password: 'wrong' });
		let refused = null;
		for (let i = 0; i < 60 && !refused; i++) {
			const answer = await form.send();
			if (answer.status === 429) refused = answer;
		}
		assert.ok(refused, 'no guess was refused');
		assert.ok(Number(refused.headers['retry-after']) > 0);
		const answers = await Promise.all(Array.from({ length: 700 }, () => client.get('/about')));
		const some = answers.filter((one) => one.status === 429);
		assert.ok(some.length > 0, 'no request was refused');
		assert.ok(Number(some[0].headers['retry-after']) > 0);
		assert.match(some[0].headers['content-type'], /html/);
		assert.equal(some[0].one('h1').textContent, 'One moment, please');
		assert.equal(some[0].one('.btn-primary').getAttribute('href'), '/about', 'once more');
	} finally {
		await limited.close();
	}
});

test('one form counts as one note, however often it is sent; whoever has to wait is told how long', async (t) => {
	const limited = await startServer({ 'rate-limits': 'on' });
	t.after(() => limited.close());
	const ann = await person(limited, 'ann');
	const form = (await ann.get('/publish')).form('/publish').fill({ title: 'Once', body: 'A text.' });
	const first = (await form.send()).expect(303);
	const again = await Promise.all([form.send(), form.send(), form.send()]);
	for (const answer of again) assert.equal(answer.expect(303).location, first.location);
	const both = (await ann.get('/publish')).form('/publish').fill({ title: 'At once', body: 'A text.' });
	const answers = await Promise.all([both.send(), both.send(), both.send(), both.send()]);
	assert.equal(new Set(answers.map((answer) => answer.expect(303).location)).size, 1);
	let last = both;
	for (let i = 0; i < 18; i++) {
		last = (await ann.get('/publish')).form('/publish').fill({ title: `Note ${i}`, body: 'A text.' });
		(await last.send()).expect(303);
	}
	const refused = (await (await ann.get('/publish')).form('/publish').fill({ title: 'Too many', body: 'A text.' }).send()).expect(429);
	assert.match(refused.headers['retry-after'], /^[1-9]\d*$/);
	(await last.send()).expect(303); // it is there: nothing is done
	const note = (await ann.get(first.location)).expect(200);
	const comment = note.all('form').map((one) => one.getAttribute('action')).find((action) => /\/comment$/.test(action));
	const said = note.form(comment).fill({ text: 'Said once' });
	for (let i = 0; i < 40; i++) (await said.send()).expect(303);
});

test('behind a proxy: https address, Secure cookies, HSTS, the client’s address', async () => {
	const proxied = await startServer({ url: 'https://qiao.example.org', 'trusted-proxies': '127.0.0.1' });
	try {
		const client = new Client(proxied);
		const page = (await client.get('/signin', { 'X-Forwarded-For': '203.0.113.7' })).expect(200);
		assert.match(page.headers['strict-transport-security'], /max-age=\d{7,}/);
		const cookie = page.headers['set-cookie'].join();
		assert.match(cookie, /__Host-/);
		assert.match(cookie, /Secure/i);
		(await client.get('/metrics', { 'X-Forwarded-For': '203.0.113.7' })).expect(403, 404);
		(await client.get('/metrics')).expect(200, 403, 404);
		const canonical = (await client.get('/')).document.querySelector('link[rel=canonical], meta[property="og:url"]');
		if (canonical) assert.match(canonical.getAttribute('href') ?? canonical.getAttribute('content'), /^https:\/\/qiao\.example\.org/);
		await proxied.stop();
		await assert.rejects(() => proxied.start({ url: 'https://another.example.org' }), /cannot become/);
	} finally {
		await proxied.close();
	}
});

test('a second server in the same directory is refused', async () => {
	const second = new Server();
	const { data, database, dir } = second;
	second.data = server.data;
	second.database = server.database;
	await assert.rejects(() => second.start(), /another qiao serves from this directory/);
	Object.assign(second, { data, database, dir });
	await second.close();
});

test('a graceful stop: a request under way is answered, new ones are refused, exit 0', async () => {
	const own = await startServer();
	const client = await person(own, 'last');
	const form = (await client.get('/publish')).form('/publish').fill({ title: 'The last one', pictures: Array.from({ length: 6 }, () => picture(900, 1200, 120)) });
	const { type, bytes } = form.body();
	// More than a socket holds: when all is written, the server is reading it.
	let written;
	const reading = new Promise((resolve) => { written = resolve; });
	const sent = raw(own.port, Buffer.concat([Buffer.from(`POST /publish HTTP/1.1\r\nHost: x\r\nCookie: ${client.cookieHeader}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\nExpect:\r\n\r\n`), bytes]), { written });
	await reading;
	const port = own.port;
	const ending = own.stop();
	const said = await sent.catch((fault) => fault.message);
	await ending;
	assert.match(said, /^HTTP\/1\.1 303/);
	await assert.rejects(() => raw(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
	await own.start();
	assert.ok((await new Client(own).get(`/@${client.name}`)).text.includes('The last one'));
	await own.close();
});

test('a slow client is cut off, others are served meanwhile', async () => {
	const began = Date.now();
	const slow = raw(server.port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow');
	for (let i = 0; i < 5; i++) assert.equal((await stranger.get('/healthz')).status, 200);
	const said = await slow;
	assert.ok(said === '' || /^HTTP\/1\.1 408/.test(said), said.slice(0, 60));
	assert.ok(Date.now() - began < 40000);
});
