// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The command line: help and exit codes, the demo world, filling, backup and restore, the doctor.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '../lib/client.mjs';
import { publish, signIn } from '../lib/people.mjs';
import { Server, run, temporary } from '../lib/server.mjs';

const WORLD = {
	'accounts-a.json': [
		{
			name: 'xiaoman_cq', display: '小满', bio: '重庆', lang: 'zh-Hans', reads: ['zh-Hans', 'en'], topics: ['美食'],
			avatar: { scene: 'hotpot', seed: 1 }, cover: { scene: 'harbor', seed: 2 }, follows: ['maya_eats'],
		},
		{ name: 'maya_eats', display: 'Maya', bio: '', lang: 'en', reads: ['en'], topics: ['soup'], avatar: { scene: 'bread', seed: 3 }, follows: ['xiaoman_cq', 'nobody_here'] },
	],
	'notes-a.json': [
		{
			by: 'maya_eats', lang: 'en', title: 'Soup for a rainy week', body: 'Two onions and patience.\n#soup', hours_ago: 30, ratio: '3:4', likes: 1,
			pictures: [{ scene: 'home_cooking', seed: 4, headline: 'Soup', alt: 'A pot on a stove' }, { scene: 'bread', seed: 5, alt: 'Bread' }],
			comments: [{ by: 'xiaoman_cq', text: '看起来很好吃', likes: 1, replies: [{ by: 'maya_eats', text: 'Thank you!', likes: 0 }] }],
		},
		{ by: 'xiaoman_cq', lang: 'zh-Hans', title: '楼下的火锅', body: '微辣就够了 @maya_eats #美食', hours_ago: 2, ratio: '3:4', likes: 0, pictures: [], comments: [] },
	],
};

function worldIn(folder) {
	mkdirSync(folder);
	for (const [file, content] of Object.entries(WORLD)) writeFileSync(join(folder, file), JSON.stringify(content));
	return folder;
}

const COMMANDS = ['serve', 'demo', 'account', 'invite', 'backup', 'restore', 'doctor', 'recount', 'routes', 'jobs', 'egress', 'config', 'words'];
let demo;
let world;
before(() => {
	demo = new Server();
	world = worldIn(join(temporary(), 'world'));
	demo.cli(['demo', '--from', world]);
});
after(() => demo.close());

test('every command explains itself', () => {
	const all = demo.cli(['--help']);
	for (const name of COMMANDS) {
		assert.match(all, new RegExp(`^  ${name} `, 'm'));
		assert.match(demo.cli([name, '--help']), new RegExp(`^usage: qiao ${name}`));
	}
	assert.match(demo.cli(['--version']), /^qiao \d+\.\d+\.\d+\n$/);
});

test('slips on the command line end with 2', () => {
	for (const args of [['dance'], [], ['demo', '--notes', 'many'], ['demo', '--notes', '0'], ['demo', 'x'], ['backup'], ['restore'], ['doctor', 'x'], ['recount', 'x'],
		['egress', 'x'], ['egress', '0'], ['config', '--workers', '0'], ['config', '--log=xml']]) {
		const done = demo.command(args);
		assert.equal(done.status, 2, `qiao ${args.join(' ')}: ${done.status} ${done.stderr}`);
	}
	assert.match(demo.command(['dance']).stderr, /no command 'dance'/);
	for (const args of [['jobs', 'retry'], ['jobs', 'some'], ['words', 'x'], ['routes', 'x'], ['invite', '0'], ['account'], ['account', 'create'], ['account', 'praise', 'demo']]) {
		assert.match(demo.command(args).stderr, new RegExp(`^usage: qiao ${args[0]} `, 'm'), args.join(' '));
	}
	assert.match(demo.command(['backup']).stderr, /usage: qiao backup FILE/);
});

test('what is refused is said in a sentence, once', () => {
	for (const [args, why] of [
		[['jobs', 'retry', '7'], /^qiao: jobs: no job 7 was given up\n$/],
		[['account', 'suspend', 'nobody_at_all'], /^qiao: account: no account @nobody_at_all\n$/],
		[['account', 'role', 'demo', 'queen'], /^qiao: account: roles are member, moderator, admin\n$/],
		[['account', 'create', 'x'.repeat(99)], /^qiao: account: [A-Z].*\n$/],
		[['restore', '/nowhere'], /^qiao: there is a community already.*\n$/],
	]) {
		const done = demo.command(args);
		assert.equal(done.status, 1, `qiao ${args.join(' ')}: ${done.status} ${done.stderr}`);
		assert.match(done.stderr, why);
	}
});

test('the demo world is there: people, pictures, likes, answers, dates', async () => {
	await demo.start();
	const stranger = new Client(demo);
	const explore = (await stranger.get('/')).expect(200);
	assert.match(explore.main, /Soup for a rainy week/);
	assert.match(explore.main, /楼下的火锅/);
	const profile = (await stranger.get('/@maya_eats')).expect(200);
	const note = /\/note\/\d+/.exec(profile.text)[0];
	const page = (await stranger.get(note)).expect(200);
	assert.match(page.main, /看起来很好吃/);
	assert.match(page.main, /Thank you!/);
	const picture = /\/media\/[\w-]+\/[\w.-]+/.exec(page.text)[0];
	(await stranger.get(picture)).expect(200);
	const said = new Date(page.one('article time').getAttribute('datetime')).getTime();
	assert.ok(Math.abs(Date.now() - said - 30 * 3600e3) < 3600e3, 'thirty hours ago');
	const admin = await signIn(demo, 'demo', { password: 'bridge-demo' });
	(await admin.get('/admin')).expect(200);
	assert.match((await admin.get('/following')).expect(200).main, /楼下的火锅/);
	await demo.stop();
});

test('a second time nothing is loaded; where people are, nothing at all', async () => {
	assert.match(demo.cli(['demo', '--from', world]), /^Sign in as demo/);
	assert.equal(demo.cli(['account', 'list']).trim().split('\n').length, 3);
	assert.equal(existsSync(join(demo.data, 'demo-pictures')), false);
	const people = new Server();
	people.cli(['account', 'create', 'someone']);
	const refused = people.command(['demo', '--from', world]);
	assert.equal(refused.status, 1);
	assert.match(refused.stderr, /has members already/);
	assert.equal(people.cli(['demo', '--if-empty', '--from', world]), '');
	assert.equal(people.cli(['account', 'list']).trim().split('\n').length, 1);
	await people.close();
});

test('a load that was cut off goes on', async () => {
	const server = new Server();
	const broken = worldIn(join(temporary(), 'world'));
	writeFileSync(join(broken, 'notes-b.json'), JSON.stringify([{ by: 'maya_eats', lang: 'en', title: 'x'.repeat(101), body: '', hours_ago: 1, ratio: '3:4', pictures: [] }]));
	assert.equal(server.command(['demo', '--from', broken]).status, 1);
	assert.match(server.cli(['demo', '--from', world]), /2 notes/);
	await server.start();
	const profile = (await new Client(server).get('/@maya_eats')).expect(200);
	assert.equal(new Set(profile.text.match(/\/note\/\d+/g)).size, 1);
	await server.close();
});

test('filling makes a community of any size, with right numbers', async () => {
	const server = new Server();
	assert.match(server.cli(['demo', '--notes', '300', '--from', world]), /Filled: 300 notes of 23 accounts/);
	await server.start();
	const host = await signIn(server, 'demo', { password: 'bridge-demo' });
	const following = (await host.get('/following')).expect(200);
	assert.ok(following.all('article').length >= 10);
	assert.ok((await new Client(server).get('/')).expect(200).all('article').length >= 10);
	await server.stop();
	assert.equal(server.command(['demo', '--notes', '300', '--from', world]).status, 1);
	await server.close();
});

test('a backup of a running community is restored whole elsewhere', async () => {
	await demo.start();
	const writer = await signIn(demo, 'maya_eats', { password: 'bridge-demo' });
	const id = await publish(writer, { title: 'Written just before', body: 'Everything counts.' });
	const file = join(demo.dir, 'backup.tar');
	demo.cli(['backup', file]);
	assert.equal(demo.command(['backup', file]).status, 1, 'an old backup is not overwritten');
	await demo.stop();

	const folder = temporary();
	assert.equal(run('tar', ['-xf', file, '-C', folder]).status, 0);
	assert.equal(run('sh', ['-c', `cd '${folder}' && sha256sum --quiet -c SHA256SUMS`]).status, 0);

	const other = new Server();
	assert.match(other.cli(['restore', file]), /Restored the database and \d+ media files/);
	assert.equal(other.command(['restore', file]).status, 1, 'not into a community');
	await other.start();
	const stranger = new Client(other);
	const page = (await stranger.get(`/note/${id}`)).expect(200);
	assert.match(page.main, /Written just before/);
	const soup = /\/note\/\d+/g;
	for (const note of new Set((await stranger.get('/@maya_eats')).expect(200).text.match(soup))) {
		for (const picture of new Set((await stranger.get(note)).expect(200).text.match(/\/media\/[\w-]+\/[\w.-]+/g) ?? [])) {
			(await stranger.get(picture)).expect(200);
		}
	}
	await signIn(other, 'maya_eats', { password: 'bridge-demo' });
	await other.close();
});

test('a damaged backup restores nothing', async () => {
	const file = join(demo.dir, 'damaged.tar');
	demo.cli(['backup', file]);
	const bytes = readFileSync(file);
	bytes[Math.floor(bytes.length / 2)] ^= 1;
	writeFileSync(file, bytes);
	const other = new Server();
	const done = other.command(['restore', file]);
	assert.equal(done.status, 1);
	assert.match(done.stderr, /damaged/);
	assert.equal(other.cli(['account', 'list']), '');
	writeFileSync(file, bytes.subarray(0, bytes.length - 4096));
	assert.equal(other.command(['restore', file]).status, 1);
	bytes[Math.floor(bytes.length / 2)] ^= 1;
	for (const junk of ['x', 'x'.repeat(512), '\0'.repeat(512) + 'x'.repeat(512), '\0'.repeat(100)]) {
		writeFileSync(file, Buffer.concat([bytes, Buffer.from(junk)]));
		assert.equal(other.command(['restore', file]).status, 1, 'what stands behind the end is checked by nobody');
	}
	writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(9216)]));
	other.cli(['restore', file]);
	await other.close();
});

const asides = (server) => readdirSync(server.data).filter((name) => /^(backup|restore)-/.test(name));

// Stopped in the middle: as soon as the second names of the pictures are there.
async function interrupt(server, args, signal) {
	for (let attempt = 0; attempt < 20; attempt++) {
		const { child, ended } = server.begin(args);
		let over = null;
		ended.then((how) => { over = how; });
		while (!over && !asides(server).some((name) => readdirSync(join(server.data, name)).length)) await delay(1);
		child.kill('SIGSTOP');
		const amid = !over && asides(server).length > 0;
		child.kill(signal);
		child.kill('SIGCONT');
		const how = await ended;
		if (amid && how.code !== 0) return;
		rmSync(args[1], { force: true }); // it had just finished
	}
	assert.fail('never caught in the middle');
}

test('a backup that is interrupted leaves nothing behind', async () => {
	const file = join(demo.dir, 'interrupted.tar');
	const folder = () => readdirSync(demo.dir).filter((name) => name.startsWith('interrupted'));
	for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGXFSZ', 'SIGXCPU']) {
		await interrupt(demo, ['backup', file], signal);
		assert.deepEqual(asides(demo), [], signal);
		assert.deepEqual(folder(), [], signal);
	}
	await interrupt(demo, ['backup', file], 'SIGKILL');
	assert.equal(asides(demo).length, 1);
	assert.deepEqual(folder(), []);
	await demo.start();
	assert.deepEqual(asides(demo), [], 'swept by the next start');
	await interrupt(demo, ['backup', file], 'SIGKILL');
	for (let i = 0; asides(demo).length && i < 200; i++) await delay(100);
	assert.deepEqual(asides(demo), [], 'swept by the server that runs');
	// One that works beside the server is left alone.
	const { child, ended } = demo.begin(['backup', file]);
	while (!asides(demo).length && child.exitCode === null) await delay(1);
	child.kill('SIGSTOP');
	const working = asides(demo);
	await demo.restart();
	assert.deepEqual(asides(demo), working);
	child.kill('SIGCONT');
	assert.equal((await ended).code, 0);
	await demo.stop();
});

test('what a community keeps is not for others on this machine', async () => {
	chmodSync(demo.data, 0o755);
	if (!demo.database) chmodSync(join(demo.data, 'qiao.db'), 0o644); // as earlier programs left it
	await demo.start();
	const writer = await signIn(demo, 'maya_eats', { password: 'bridge-demo' });
	await publish(writer, { title: 'Ours', body: 'Not everyone on this machine is one of us.' });
	const open = readdirSync(demo.data, { recursive: true }).filter((name) => lstatSync(join(demo.data, name)).mode & 0o007);
	assert.deepEqual(open, []);
	await demo.stop();
});

test('the doctor finds what is wrong and says what to do', () => {
	const well = demo.command(['doctor', '--listen', '127.0.0.1:0']);
	assert.equal(well.status, 0, well.stdout + well.stderr);
	assert.match(well.stdout, /^ok +database/m);
	assert.match(well.stdout, /^ok +pictures +.*jpeg/m);
	assert.match(well.stdout, /^ok +egress +nothing leaves/m);
	const open = demo.command(['doctor', '--listen', '127.0.0.1:0', '--egress', 'translate=https://api.example.com/,push=*']).stdout;
	assert.match(open, /^ok +egress +translate: https:\/\/api\.example\.com\nok +egress +push: any https$/m);
	const ill = demo.command(['doctor', '--listen', 'nowhere', '--url', 'bridge.example.org', '--egress', 'tea=https://a.example']);
	assert.equal(ill.status, 1);
	assert.match(ill.stdout, /^MEND +listen +nowhere\n +This is no ADDRESS:PORT/m);
	assert.match(ill.stdout, /^MEND +url/m);
	assert.match(ill.stdout, /^MEND +egress +egress: "tea" is no purpose/m);
});

test('the configuration in effect is printed with where it came from', () => {
	const said = demo.cli(['config', '--workers', '3', '--metrics-token', 'hidden']);
	assert.match(said, /^workers +=? *3 +# command line$/m);
	assert.match(said, /^slow_ms +=? *500 +# default$/m);
	assert.ok(!said.includes('hidden'));
});
