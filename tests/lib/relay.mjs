// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A relay in front of a PostgreSQL that can lose everything for a while: held, not a byte passes in either direction,
// and nobody is told; deaf, a connection's next COMMIT arrives and no answer comes back; broken, every connection is reset, and every
// new one.

import net from 'node:net';

// Tells of what a client sends whether it is a COMMIT: a statement that was prepared under a name, and is called by it.
function commitsOf() {
	let name = null;
	return (bytes) => {
		const text = bytes.toString('latin1');
		const called = name !== null && text.includes(`\0${name}\0`);
		name = /(s\d+)\0COMMIT\0/.exec(text)?.[1] ?? name;
		return called;
	};
}

export class Relay {
	// Database: postgresql:///NAME?host=DIR&user=postgres
	static async before(database) {
		const [, name, dir] = /^postgresql:\/\/\/(\w+)\?host=([^&]+)/.exec(database);
		const relay = new Relay();
		relay.held = false;
		relay.pairs = new Set();
		relay.waiting = [];
		relay.server = net.createServer({ pauseOnConnect: true }, (client) => {
			if (relay.broken) client.resetAndDestroy();
			else if (relay.held) relay.waiting.push(client);
			else relay.#join(client, `${dir}/.s.PGSQL.5432`);
		});
		relay.upstream = `${dir}/.s.PGSQL.5432`;
		await new Promise((resolve) => { relay.server.listen(0, '127.0.0.1', resolve); });
		relay.database = `postgresql://postgres@127.0.0.1:${relay.server.address().port}/${name}?sslmode=disable&gssencmode=disable`;
		return relay;
	}

	#join(client, path) {
		const server = net.connect(path);
		const pair = [client, server];
		this.pairs.add(pair);
		const end = () => {
			this.pairs.delete(pair);
			for (const socket of pair) socket.destroy();
		};
		for (const [from, to] of [[client, server], [server, client]]) {
			from.on('data', (bytes) => to.write(bytes));
			from.on('error', end);
			from.on('close', end);
		}
		const commits = commitsOf();
		client.on('data', (bytes) => {
			if (commits(bytes) && this.deaf) server.pause();
		});
		client.resume();
	}

	hold() {
		this.held = true;
		for (const socket of [...this.pairs].flat()) socket.pause();
	}

	// What is being committed happens, and nobody hears of it.
	deafen() {
		this.deaf = true;
	}

	break() {
		this.broken = true;
		for (const [client, server] of this.pairs) {
			client.resetAndDestroy();
			server.destroy();
		}
	}

	flow() {
		this.deaf = false;
		this.broken = false;
		this.held = false;
		for (const socket of [...this.pairs].flat()) socket.resume();
		for (const client of this.waiting.splice(0)) this.#join(client, this.upstream);
	}

	close() {
		this.flow();
		for (const socket of [...this.pairs].flat()) socket.destroy();
		this.server.close();
	}
}
