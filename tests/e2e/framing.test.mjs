// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Requests that two readers could understand in two ways, asked of the server itself and through nginx as deploy/ has
// it: refused, and the connection ends; or nginx makes one proper request of it. What hides in a body is never answered.

import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { Nginx } from '../lib/nginx.mjs';
import { person } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

const HOST = 'Host: bridge.example.org\r\n';
const HIDDEN = `GET /hidden HTTP/1.1\r\n${HOST}\r\n`;
const CHUNKED = `0\r\n\r\n${HIDDEN}`;
const LENGTH = `Content-Length: ${HIDDEN.length}\r\n`;
const ALL = `Content-Length: ${CHUNKED.length}\r\n`;

// Each with a request in its body, as one reader or the other would find it.
const head = (fields, body = HIDDEN) => ({ method, path, more }) => `${method} ${path} HTTP/1.1\r\n${HOST}${more}${fields}\r\n${body}`;
const line = (of, rest = `\r\n${HOST}`) => ({ method, path, more }) => `${of(method, path)}${rest}${more}${LENGTH}\r\n${HIDDEN}`;
const FORMS = {
	'bare LF after the request line': line((method, path) => `${method} ${path} HTTP/1.1`, `\n${HOST}`),
	'bare LF after a header': head(`A: b\n${LENGTH}`),
	'bare LF at the end of the head': ({ method, path, more }) => `${method} ${path} HTTP/1.1\r\n${HOST}${more}${LENGTH}\n${HIDDEN}`,
	'bare LF before the request line': line((method, path) => `\n${method} ${path} HTTP/1.1`),
	'folded header': head(`A: b\r\n c\r\n${LENGTH}`),
	'folded length': head(`Content-Length:\r\n ${HIDDEN.length}\r\n`),
	'NUL in the path': line((method, path) => `${method} ${path}\0x HTTP/1.1`),
	'NUL in a header': head(`A: b\0c\r\n${LENGTH}`),
	'NUL in a name': head(`A\0: b\r\n${LENGTH}`),
	'NUL and LF after a header': head(`A: b\0\n${LENGTH}`),
	'NUL and LF as a line': head(`A: b\r\n\0\n${LENGTH}`),
	'NUL and LF after the request line': line((method, path) => `${method} ${path} HTTP/1.1`, `\0\n${HOST}`),
	'a length, then a coding': head(`${ALL}Transfer-Encoding: chunked\r\n`, CHUNKED),
	'a coding, then a length': head(`Transfer-Encoding: chunked\r\n${ALL}`, CHUNKED),
	'two lengths that differ': head(`Content-Length: 0\r\n${LENGTH}`),
	'two lengths that are equal': head(`${LENGTH}${LENGTH}`),
	'two lengths in one line': head(`Content-Length: 0, ${HIDDEN.length}\r\n`),
	'chunked twice': head('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', CHUNKED),
	'chunked and another coding': head('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', CHUNKED),
	'chunked and another coding in one line': head('Transfer-Encoding: chunked, identity\r\n', CHUNKED),
	'space before the colon of a coding': head('Transfer-Encoding : chunked\r\n', CHUNKED),
	'space before the colon of a length': head(`Content-Length : ${HIDDEN.length}\r\n`),
	'space before a colon': head(`A : b\r\n${LENGTH}`),
};

let server;
let nginx;
let routes;
before(async () => {
	server = await startServer({ url: 'https://bridge.example.org', 'trusted-proxies': '127.0.0.1' });
	const member = await person(server, 'member');
	const page = await member.get('/');
	const asset = page.one('link[rel=stylesheet]').getAttribute('href');
	const token = page.one('meta[name=csrf-token]').getAttribute('content');
	const upload = `Cookie: ${member.cookieHeader}\r\nX-CSRF-Token: ${token}\r\nUpload-Offset: 0\r\n`;
	routes = {
		asset: { method: 'GET', path: asset, more: '' },
		page: { method: 'GET', path: '/about', more: '' },
		upload: { method: 'PATCH', path: '/upload/1', more: upload },
	};
	nginx = await Nginx.before(server);
});
after(async () => {
	await nginx?.close();
	await server.close();
});

// What is heard until the connection ends, or nothing comes for a while after an answer.
function ask(connect, bytes, { quiet = 400, done = false } = {}) {
	return new Promise((resolve) => {
		let said = '';
		let timer = null;
		const socket = connect(() => socket[done ? 'end' : 'write'](bytes, 'latin1'));
		const finish = (ended) => {
			clearTimeout(timer);
			socket.destroy();
			resolve({ said, ended });
		};
		socket.setTimeout(10000, () => finish(false));
		socket.on('data', (more) => {
			said += more.toString('latin1');
			clearTimeout(timer);
			timer = setTimeout(finish, quiet, false);
		});
		socket.on('error', () => {});
		socket.once('close', () => finish(true));
	});
}

const toServer = (connected) => net.connect(server.port, '127.0.0.1', connected);
const toNginx = (connected) => tls.connect({ port: nginx.port, host: '127.0.0.1', servername: nginx.name, rejectUnauthorized: false }, connected);


const statuses = (said) => [...said.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
const hiddenAnswers = () => server.requests.filter((one) => one.path === '/hidden').length;

async function everyForm(check) {
	for (const [name, form] of Object.entries(FORMS)) {
		for (const [kind, route] of Object.entries(routes)) await check(form(route), `${name}, ${kind}`, name);
	}
	assert.equal(hiddenAnswers(), 0);
}

test('the server refuses all of them by itself', () => everyForm(async (bytes, what) => {
	const { said, ended } = await ask(toServer, bytes);
	assert.ok(ended && statuses(said).length, `${what}: ${ended ? 'ended' : 'goes on'}: ${said.slice(0, 200)}`);
	assert.deepEqual([...new Set(statuses(said))], [400], what);
}));

// What nginx does not refuse but mends: an LF becomes CR LF.
const MENDED = /^bare LF/;
// Several codings in one line it does not know.
const UNKNOWN = 'chunked and another coding in one line';

// Takes what went to the server apart as strictly as can be: a list of request lines.
function requestsIn(sent) {
	const found = [];
	for (let rest = sent; rest;) {
		const [all, first, fields] = /^([A-Z]+ \/[!-~]* HTTP\/1\.1)\r\n((?:[\w-]+: [ -~]*\r\n)+)\r\n/.exec(rest) ?? assert.fail(`no request: ${rest}`);
		const lengths = [...fields.matchAll(/^content-length: (\d+)\r$/gim)];
		assert.ok(lengths.length <= 1 && !/^transfer-encoding:/im.test(fields), fields);
		found.push(first);
		rest = rest.slice(all.length + Number(lengths[0]?.[1] ?? 0));
	}
	return found;
}

test('nginx refuses them, or hands on one proper request', () => everyForm(async (bytes, what, name) => {
	nginx.listener.take();
	const { said, ended } = await ask(toNginx, bytes);
	const passed = nginx.listener.take();
	if (MENDED.test(name)) {
		const [{ sent, answered }] = passed;
		assert.equal(passed.length, 1, what);
		assert.deepEqual(requestsIn(sent), [/[A-Z]+ \S+ HTTP\/1\.1/.exec(bytes)[0]], what);
		assert.equal(statuses(answered).length, 1, what);
		assert.deepEqual(statuses(said), statuses(answered), what);
	} else {
		assert.deepEqual(passed, [], what);
		assert.deepEqual(statuses(said), [name === UNKNOWN ? 501 : 400], what);
		assert.ok(ended, `${what}: the connection goes on`);
	}
}));

test('what is hidden would be noticed', async () => {
	for (const connect of [toServer, toNginx]) {
		const before = hiddenAnswers();
		const { said } = await ask(connect, `GET /healthz HTTP/1.1\r\n${HOST}\r\n${HIDDEN}`);
		assert.deepEqual(statuses(said), [200, 404]);
		assert.equal(hiddenAnswers(), before + 1);
	}
	const [{ sent }] = nginx.listener.take();
	assert.deepEqual(requestsIn(sent), ['GET /healthz HTTP/1.1', 'GET /hidden HTTP/1.1']);
});

test('a client that says it is done is answered, and the connection ends', async () => {
	// The one that was quiet for longest is treated in another order: let each listener have an older one.
	const older = await Promise.all(Array.from({ length: 16 }, () => new Promise((resolve) => {
		const one = toServer(() => resolve(one));
	})));
	for (const [{ method, path, more }, status] of [[routes.asset, 200], [routes.page, 200], [{ ...routes.page, more: routes.upload.more }, 200], [routes.upload, 404]]) {
		const { said, ended } = await ask(toServer, `${method} ${path} HTTP/1.1\r\n${HOST}${more}\r\n`, { quiet: 4000, done: true });
		assert.deepEqual(statuses(said), [status], path);
		assert.ok(ended, path);
	}
	for (const one of older) one.destroy();
});

test('a field over its limit is answered, however its length is told', async () => {
	const border = 'border';
	const body = `--${border}\r\nContent-Disposition: form-data; name="body"\r\n\r\n${'x'.repeat(2 << 20)}\r\n--${border}--\r\n`;
	const first = `POST /publish HTTP/1.1\r\n${HOST}${routes.upload.more}Content-Type: multipart/form-data; boundary=${border}\r\n`;
	for (const connect of [toServer, toNginx]) {
		for (const bytes of [`${first}Content-Length: ${body.length}\r\n\r\n${body}`,
			`${first}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`]) {
			const { said } = await ask(connect, bytes);
			assert.deepEqual(statuses(said), [413]);
		}
	}
	nginx.listener.take();
});
