// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A browser without a screen: cookies, redirects when asked, pages as documents, and forms that are sent the way a
// browser without JavaScript sends them. A form is filled by the names of its fields; a name it lacks is an error, so
// a test notices a field that has gone.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { parseHTML } from 'linkedom';

export class Answer {
	constructor(client, method, path, incoming, body) {
		Object.assign(this, { client, method, path, status: incoming.statusCode, headers: incoming.headers, body });
	}

	get text() {
		return this.body.toString('utf8');
	}

	get json() {
		return JSON.parse(this.text);
	}

	get document() {
		this.parsed ??= parseHTML(this.text).document;
		return this.parsed;
	}

	get location() {
		return this.headers.location;
	}

	one(selector) {
		const found = this.document.querySelector(selector);
		assert.ok(found, `${this.method} ${this.path} (${this.status}) has no ${selector}:\n${this.main.slice(0, 1500)}`);
		return found;
	}

	all(selector) {
		return [...this.document.querySelectorAll(selector)];
	}

	get main() {
		return this.document.querySelector('main')?.textContent.replace(/\s+/g, ' ').trim() ?? this.text.slice(0, 1500);
	}

	// The form whose action ends with `action`; '' is the page's own.
	form(action) {
		const all = this.all('form');
		const at = (form) => (form.getAttribute('action') || this.path).split('#')[0];
		const found = all.find((form) => at(form) === action) ?? all.find((form) => at(form).split('?')[0] === action);
		assert.ok(found, `${this.path} (${this.status}) has no form ${action}: ${all.map(at).join(' ')}\n${this.main.slice(0, 800)}`);
		return new Form(this, found);
	}

	expect(...statuses) {
		assert.ok(statuses.includes(this.status),
			`${this.method} ${this.path}: ${this.status} instead of ${statuses.join(' or ')}: ${this.main.slice(0, 1200)} ${this.location ?? ''}`);
		return this;
	}

	// After a form: follows the redirect.
	async follow() {
		this.expect(302, 303);
		return this.client.get(this.location);
	}
}

// The parser leaves references in a <textarea> as they are.
const REFERENCES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decode = (text) => text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, ten, sixteen, name) => {
	if (name) return REFERENCES[name] ?? whole;
	return String.fromCodePoint(ten ? Number(ten) : parseInt(sixteen, 16));
});

function valueOf(field) {
	const name = field.localName;
	if (name === 'textarea') return decode(field.textContent.replace(/^\n/, ''));
	if (name === 'select') {
		const options = [...field.querySelectorAll('option')];
		const chosen = options.find((option) => option.hasAttribute('selected')) ?? options[0];
		return chosen ? chosen.getAttribute('value') ?? chosen.textContent.trim() : '';
	}
	return field.getAttribute('value') ?? (['checkbox', 'radio'].includes(field.getAttribute('type')) ? 'on' : '');
}

export class Form {
	constructor(page, element) {
		this.page = page;
		this.element = element;
		this.action = element.getAttribute('action') || page.path;
		this.multipart = element.getAttribute('enctype') === 'multipart/form-data';
		// What stands in a <template> is not part of the form.
		this.fields = [...element.querySelectorAll('input[name], textarea[name], select[name], button[name]')]
			.filter((field) => !field.closest('template') && !field.hasAttribute('disabled'));
		this.pairs = [];
		this.files = [];
		for (const field of this.fields) {
			const type = field.getAttribute('type');
			if (field.localName === 'button' || type === 'file' || type === 'submit') continue;
			if ((type === 'checkbox' || type === 'radio') && !field.hasAttribute('checked')) continue;
			this.pairs.push([field.getAttribute('name'), valueOf(field)]);
		}
	}

	has(name) {
		return this.fields.some((field) => field.getAttribute('name') === name);
	}

	value(name) {
		return this.pairs.find(([key]) => key === name)?.[1];
	}

	values(name) {
		return this.pairs.filter(([key]) => key === name).map(([, value]) => value);
	}

	// What may be chosen of a group or a select.
	choices(name) {
		const of = this.fields.filter((field) => field.getAttribute('name') === name);
		if (of[0]?.localName === 'select') return [...of[0].querySelectorAll('option')].map((o) => o.getAttribute('value') ?? o.textContent.trim());
		return of.map(valueOf);
	}

	// A string, a list (several fields of that name), true and false for a checkbox, or {file, type, bytes}.
	fill(values) {
		for (const [name, value] of Object.entries(values)) {
			const mine = this.fields.filter((field) => field.getAttribute('name') === name);
			assert.ok(mine.length, `the form ${this.action} of ${this.page.path} has no field ${name}: ${[...new Set(this.fields.map((f) => f.getAttribute('name')))].join(' ')}`);
			const list = Array.isArray(value) ? value : [value];
			if (mine[0].getAttribute('type') === 'file') {
				this.files.push(...list.map((file) => ({ field: name, ...file })));
				continue;
			}
			this.pairs = this.pairs.filter(([key]) => key !== name);
			if (value === false) continue;
			for (const one of list) {
				const choice = ['radio', 'checkbox'].includes(mine[0].getAttribute('type')) || mine[0].localName === 'select';
				if (choice && one !== true) assert.ok(this.choices(name).includes(one), `${name} cannot be ${one}: ${this.choices(name).join(' ')}`);
				this.pairs.push([name, one === true ? valueOf(mine[0]) : String(one)]);
			}
		}
		return this;
	}

	// Values that no browser would send.
	force(name, value) {
		this.pairs = this.pairs.filter(([key]) => key !== name);
		if (value !== null) this.pairs.push([name, value]);
		return this;
	}

	// Presses the button of that name and value, or the nameless one.
	press(name, value) {
		const button = this.fields.find((field) => field.localName === 'button' && field.getAttribute('name') === name
			&& (value === undefined || field.getAttribute('value') === value));
		assert.ok(button, `the form ${this.action} of ${this.page.path} has no button ${name}=${value}`);
		this.pairs.push([name, button.getAttribute('value') ?? '']);
		return this;
	}

	body() {
		if (this.multipart) return multipart(this.pairs, this.files);
		return urlencoded(this.pairs);
	}

	async send(headers = {}) {
		const { type, bytes } = this.body();
		return this.page.client.request('POST', this.action, { headers: { 'Content-Type': type, ...headers }, body: bytes });
	}
}

export function urlencoded(pairs) {
	return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(new URLSearchParams(pairs).toString()) };
}

export function multipart(pairs, files = []) {
	const boundary = `----${randomBytes(12).toString('hex')}`;
	const parts = [];
	for (const [name, value] of pairs) {
		parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
	}
	for (const { field, file, type = 'application/octet-stream', bytes } of files) {
		parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${file}"\r\nContent-Type: ${type}\r\n\r\n`), bytes, Buffer.from('\r\n'));
	}
	parts.push(Buffer.from(`--${boundary}--\r\n`));
	return { type: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat(parts) };
}

export class Client {
	constructor(server, { language = 'en', name = null } = {}) {
		this.server = server;
		this.language = language;
		this.name = name;
		this.cookies = new Map();
		this.via = server.tls ? https : http;
		this.agent = new this.via.Agent({ keepAlive: true, maxSockets: 20, rejectUnauthorized: false });
	}

	get cookieHeader() {
		return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
	}

	#remember(headers) {
		for (const line of headers['set-cookie'] ?? []) {
			const [pair, ...attributes] = line.split(/;\s*/);
			const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
			const age = attributes.find((one) => /^max-age=/i.test(one));
			if (age && Number(age.slice(8)) <= 0) this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
	}

	request(method, path, { headers = {}, body } = {}) {
		return new Promise((resolve, reject) => {
			const all = { 'Accept-Language': this.language, Accept: 'text/html', ...headers };
			if (this.cookies.size) all.Cookie ??= this.cookieHeader;
			if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) {
				all['Sec-Fetch-Site'] ??= 'same-origin';
				all['Content-Length'] ??= String(body?.length ?? 0);
			}
			for (const [key, value] of Object.entries(all)) if (value === null) delete all[key];
			const request = this.via.request({ host: '127.0.0.1', port: this.server.port, method, path: path.replace(/#.*$/, '').replace(/[^\x21-\x7e]+/g, encodeURIComponent), headers: all, agent: this.agent });
			// As browsers do: a connection that stood idle may have been ended as this was sent.
			request.once('error', (error) => (method === 'GET' && request.reusedSocket && error.code === 'ECONNRESET'
				? resolve(this.request(method, path, { headers, body })) : reject(error)));
			request.once('response', (incoming) => {
				const parts = [];
				incoming.on('data', (part) => parts.push(part));
				incoming.once('error', reject);
				incoming.once('end', () => {
					this.#remember(incoming.headers);
					resolve(new Answer(this, method, path, incoming, Buffer.concat(parts)));
				});
			});
			request.end(body);
		});
	}

	get(path, headers) {
		return this.request('GET', path, { headers });
	}

	// The token scripts use.
	async csrf() {
		this.token = (await this.get('/about')).one('meta[name=csrf-token]').getAttribute('content');
		return this.token;
	}

	// As our scripts send it.
	async call(method, path, { body, headers = {}, form } = {}) {
		const token = this.token ?? await this.csrf();
		const sent = form ? urlencoded(Object.entries(form)) : { type: 'application/octet-stream', bytes: body };
		return this.request(method, path, {
			body: sent.bytes,
			headers: { Accept: 'application/json', 'X-CSRF-Token': token, ...(sent.bytes ? { 'Content-Type': sent.type } : {}), ...headers },
		});
	}

	close() {
		this.agent.destroy();
	}
}
