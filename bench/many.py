#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""PostgreSQL under many people at once, beside pgbench's simple-update in turns: publishing to many topics and to
one, likes of many notes and of one, jobs done by one process and by three. Needs a release build in build/."""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from server import House, PROGRAM, ROOT, end, free_port  # noqa: E402

PEOPLE, CLIENTS, THREADS = 64, 16, 2
JOBS = 6000
PASSWORD = "one of very many"


class Postgres:
    """A server that writes to the disk as one at work does."""

    def __init__(self):
        out = subprocess.run([os.path.join(ROOT, "tests/lib/postgres"), "start", str(os.getpid())],
                             env={**os.environ, "POSTGRES_OPTIONS": "-c fsync=on -c shared_buffers=128MB"},
                             capture_output=True, text=True, check=True).stdout.split("\n")
        self.dir, self.url = out[0], out[1]
        subprocess.run(self.bench("-i", "-q", "-s", "20"), check=True, capture_output=True)

    def bench(self, *options):
        return ["pgbench", "-h", self.dir, "-U", "postgres", *options, "postgres"]

    def sql(self, text):
        return subprocess.run(["psql", "-qAt", self.url, "-c", text], capture_output=True, text=True,
                              check=True).stdout.strip()

    def simple(self, seconds):
        out = subprocess.run(self.bench("-n", "-N", "-c", str(CLIENTS), "-j", str(THREADS), "-M", "prepared",
                                        "-T", str(seconds)), capture_output=True, text=True, check=True).stdout
        return float(re.search(r"tps = ([\d.]+)", out).group(1))

    def stop(self):
        subprocess.run([os.path.join(ROOT, "tests/lib/postgres"), "stop", self.dir], check=True)


class Process(House):
    """One of several on the database, each with a data directory of its own."""

    def __init__(self, data, postgres, runners):
        os.makedirs(data, exist_ok=True)
        super().__init__(data)
        self.more = ["--database", postgres.url, "--runners", str(runners)]

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "--rate-limits", "off",
             *self.more], stdout=self.log, stderr=self.log, close_fds=False)
        for _ in range(3000):
            try:
                if self.request("GET", "/healthz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.01)
        raise SystemExit("bench: the server did not start:\n" + open(self.log.name).read()[-2000:])


def people_of(house, postgres, data, scratch):
    """Accounts that are signed in, and a note of each."""
    lines, notes = [], []
    for i in range(PEOPLE):
        name = f"many_{i}"
        subprocess.run([PROGRAM, "account", "create", name, "--password-stdin", "--data", data, "--database",
                        postgres.url], input=PASSWORD.encode() + b"\n", stdout=subprocess.DEVNULL, check=True)
        house.cookie = ""
        form = {"csrf": house.field("/signin", "csrf"), "name": name, "password": PASSWORD}
        if house.request("POST", "/signin", form).status != 303:
            raise SystemExit("bench: signing in failed")
        csrf = house.field("/publish", "csrf")
        answer = house.request("POST", "/publish", {"csrf": csrf, "request": f"first{i}", "visibility": "public",
                                                    "title": "First", "body": "A note"})
        notes.append(re.search(r"/note/(\d+)", answer.header("Location")).group(1))
        lines.append(f"{house.cookie}\t{csrf}")
    paths = [os.path.join(scratch, name) for name in ("people", "notes")]
    for path, rows in zip(paths, (lines, notes)):
        with open(path, "w") as f:
            f.write("\n".join(rows) + "\n")
    return paths, notes


def load(house, files, what, where, seconds, run):
    out = subprocess.run(
        ["wrk", f"-t{THREADS}", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "10s", "-s",
         os.path.join(ROOT, "bench", "many.lua"), f"http://127.0.0.1:{house.port}", "--", what, where, *files,
         str(run)], capture_output=True, text=True, check=True).stdout
    sent, refused, took = map(int, re.search(r"done (\d+) refused (\d+) in (\d+) us", out).groups())
    if refused:
        raise SystemExit(f"bench: {refused} of {sent} were refused:\n{out}")
    return sent / (took / 1e6)


def load_jobs(postgres, notes):
    """Rows as likes leave them: of everybody, to the authors of all notes."""
    postgres.sql("DELETE FROM job WHERE kind LIKE 'notify.%'")
    postgres.sql("DELETE FROM notification")
    postgres.sql(f"""
        INSERT INTO job (id, kind, payload, subject, state, run_at, lease, lease_until, attempts, again, added_at,
            done_at, last_error, unique_key, account, turn)
        SELECT 1000 + n, 'notify.like', (SELECT CAST(id AS TEXT) FROM account ORDER BY id OFFSET n % {PEOPLE} LIMIT 1),
            CAST((ARRAY[{",".join(notes)}])[1 + n / {PEOPLE} % {PEOPLE}] AS BIGINT), 0, 1, 0, 0, 0, 0, 1, NULL, '', NULL,
            0, 1 FROM generate_series(0, {JOBS - 1}) AS n""")


def drain(data, postgres, notes, processes):
    """Jobs done a second from when the last of the processes answers."""
    load_jobs(postgres, notes)
    houses = [Process(os.path.join(data, str(n)), postgres, 4) for n in range(processes)]
    for house in houses:
        house.start()
    began, first = time.perf_counter(), None
    while True:
        left = int(postgres.sql("SELECT COUNT(*) FROM job WHERE state = 0 AND kind = 'notify.like'"))
        first = left if first is None else first
        if left == 0:
            break
        time.sleep(0.02)
    took = time.perf_counter() - began
    for house in houses:
        house.stop()
    return first / took


def median(values):
    return statistics.median(values)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seconds", type=int, default=4)
    args = p.parse_args()
    kinds = [(what, where) for what in ("publish", "like") for where in ("spread", "hot")]
    rates = {kind: [] for kind in kinds}
    ratios = {kind: [] for kind in kinds}
    hot = {what: [] for what in ("publish", "like")}
    drained = {1: [], 3: []}
    with tempfile.TemporaryDirectory(prefix="many-") as data, tempfile.TemporaryDirectory() as scratch:
        postgres = Postgres()
        try:
            house = Process(os.path.join(data, "0"), postgres, 1)
            house.start()
            files, notes = people_of(house, postgres, house.data, scratch)
            run = int(time.time())
            for i in range(args.rounds):
                simple = postgres.simple(args.seconds)
                for kind in kinds:
                    run += 1
                    rate = load(house, files, *kind, args.seconds, run)
                    rates[kind].append(rate)
                    ratios[kind].append(rate / simple)
                for what in hot:
                    hot[what].append(rates[what, "hot"][-1] / rates[what, "spread"][-1])
            house.stop()
            for _ in range(args.rounds):
                for processes in drained:
                    drained[processes].append(drain(data, postgres, notes, processes))
        finally:
            end(house.process)
            postgres.stop()
    print(f"{os.cpu_count()} cores; PostgreSQL with fsync, {PEOPLE} people over {CLIENTS} connections; medians of "
          f"{args.rounds} rounds of {args.seconds} s; pgbench: simple-update, {CLIENTS} clients.")
    for what, where in kinds:
        print(f"{what:8} {where:7} {median(rates[what, where]):7.0f} a second {median(ratios[what, where]):6.2f} of pgbench")
    for what in hot:
        print(f"{what:8} hot / spread {median(hot[what]):5.2f}")
    one, three = median(drained[1]), median(drained[3])
    print(f"jobs     one process {one:.0f} a second, three {three:.0f}: {three / one:.2f}")


if __name__ == "__main__":
    main()
