// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What goes wrong. begin() does it and gives what ends it; it lasts so many milliseconds, and so many after its end
// everything must be well. What only concerns `far` spares `near`.

import { Crowd, Session } from './session.mjs';

const S = 1000;
const GROWS = 16; // megabytes that a process may grow beside a quarter

function locked(table) {
	return {
		name: `${table} locked`, lasts: 20 * S, well: 10 * S,
		async begin(house) {
			const other = new Session(house.place);
			await other.ask('BEGIN');
			await other.ask(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
			return async () => {
				await other.ask('ROLLBACK');
				other.close();
			};
		},
	};
}

function restarted(mode, lasts) {
	return {
		name: `database stopped, ${mode}`, lasts, well: 15 * S,
		async begin(house) {
			await house.database('halt', mode);
			return () => house.database('resume');
		},
	};
}

// Nothing goes wrong for SOAK_MINUTES (10), and what the processes hold in memory stays what it was: what they keep on
// purpose is full after a third.
const longRun = {
	name: 'long run', onlyNamed: true, lasts: Number(process.env.SOAK_MINUTES ?? 10) * 60 * S, well: 5 * S,
	async begin(house) {
		let before;
		const timer = setTimeout(() => { before = house.sizes; }, this.lasts / 3);
		return async () => {
			clearTimeout(timer);
			const after = house.sizes;
			const said = `${before.map(Math.round).join(' and ')} MB after a third, ${after.map(Math.round).join(' and ')} MB at the end`;
			console.log(`      ${said}`);
			if (after.some((size, i) => size > 1.25 * before[i] + GROWS)) throw new Error(`memory grew: ${said}`);
		};
	},
};

export const faults = [
	{ name: 'nothing', spares: true, lasts: 10 * S, well: 5 * S, begin: async () => async () => {} },
	{
		name: 'process stopped', spares: true, lasts: 32 * S, well: 10 * S,
		async begin(house, { disputed }) {
			await house.catchWriting(disputed);
			return async () => {
				process.kill(house.far.child.pid, 'SIGCONT');
				house.isBack();
			};
		},
	},
	{
		name: 'process killed', spares: true, lasts: 3 * S, well: 15 * S,
		async begin(house, { disputed }) {
			await house.catchWriting(disputed);
			await house.far.kill();
			return async () => {
				await house.far.start();
				house.isBack();
			};
		},
	},
	{ name: 'clock 40 s behind', spares: true, clock: -40, lasts: 15 * S, well: 5 * S, begin: async () => async () => {} },
	{ name: 'clock 40 s ahead', spares: true, clock: 40, lasts: 15 * S, well: 5 * S, begin: async () => async () => {} },
	{
		name: 'link silent', spares: true, lasts: 20 * S, well: 10 * S,
		async begin(house) {
			house.relay.hold();
			return async () => house.relay.flow();
		},
	},
	{
		name: 'commits without answers', spares: true, lasts: 12 * S, well: 10 * S,
		async begin(house) {
			house.relay.deafen();
			return async () => house.relay.flow();
		},
	},
	{
		name: 'link reset', spares: true, lasts: 20 * S, well: 10 * S,
		async begin(house) {
			house.relay.break();
			return async () => house.relay.flow();
		},
	},
	locked('note'),
	locked('account'),
	locked('change'),
	{
		name: 'connections full', lasts: 20 * S, well: 10 * S,
		async begin(house) {
			const crowd = new Crowd(house.place);
			// What `far` has is taken too, after it had a while with what it has.
			const timer = setTimeout(() => {
				house.session.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'far'").catch(() => {});
			}, 7 * S);
			return async () => {
				clearTimeout(timer);
				crowd.close();
			};
		},
	},
	restarted('fast', 3 * S),
	restarted('immediate', 3 * S),
	{ ...restarted('fast', 15 * S), name: 'database away for 15 s' },
	longRun,
];
