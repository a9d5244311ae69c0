# SPDX-License-Identifier: AGPL-3.0-or-later
"""The measuring: wrk against both servers in turns, publishing against raw SQLite in turns.

Machines are noisy: every pair is measured in rounds A B A B …, and the ratio of a round is between
neighbours of the same seconds. What counts is the median."""
import os
import re
import statistics
import struct
import subprocess
import time
import zlib

from server import CODINGS, ROOT

THREADS, CONNECTIONS, PUBLISHERS = 2, 64, 32
ROW_BYTES = 280  # what publish.lua sends: title and body


class Pair:
    """Rates of ours and of the reference, round by round; processor time of ours for one answer."""

    def __init__(self):
        self.ours, self.theirs, self.cpu = [], [], []

    def add(self, ours, theirs):
        rate, cpu = ours
        self.ours.append(rate)
        self.theirs.append(theirs)
        self.cpu.append(cpu)

    def cost(self):
        """Microseconds of processor time for one; the least disturbed round."""
        return min(self.cpu) * 1e6

    def ratio(self):
        return statistics.median(a / b for a, b in zip(self.ours, self.theirs))

    def rate(self):
        return statistics.median(self.ours)

    def reference(self):
        return statistics.median(self.theirs)


def wrk(port, path, seconds, headers=()):
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    for header in headers:
        command += ["-H", header]
    out = subprocess.run(command + [f"http://127.0.0.1:{port}{path}"], capture_output=True,
                         text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"bench: not every answer of {path} was good:\n{out}")
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
            int(re.search(r"(\d+) requests in", out).group(1)))


def timed(house, run):
    """Rate of a run, and our processor time for each of what it did."""
    before = house.cpu()
    rate, n = run()
    return rate, (house.cpu() - before) / max(n, 1)


def compare(house, nginx, path, place, coding, rounds, seconds, cookie):
    pair = Pair()
    headers = ["Accept-Encoding: " + CODINGS[coding]] + (["Cookie: " + cookie] if cookie else [])
    wrk(house.port, path, 1, headers)  # warm
    for _ in range(rounds):
        ours = timed(house, lambda: wrk(house.port, path, seconds, headers))
        pair.add(ours, wrk(nginx.port, place, seconds, headers[:1])[0])
    return pair


def publish(house, csrf, seconds, run):
    out = subprocess.run(
        ["wrk", f"-t{THREADS}", f"-c{PUBLISHERS}", f"-d{seconds}s", "-s",
         os.path.join(ROOT, "bench", "publish.lua"), f"http://127.0.0.1:{house.port}", "--",
         house.cookie, csrf, str(run)], capture_output=True, text=True, check=True).stdout
    sent, refused, took = map(int, re.search(
        r"published (\d+) refused (\d+) in (\d+) us", out).groups())
    if refused:
        raise SystemExit(f"bench: {refused} of {sent} notes were refused:\n{out}")
    return sent / (took / 1e6), sent


def build_raw(directory):
    program = os.path.join(directory, "raw_group_commit")
    subprocess.run(["cc", "-O2", "-o", program, os.path.join(ROOT, "bench", "raw_group_commit.c"),
                    "-lsqlite3"], check=True)
    return program


def compare_publishing(house, raw, rounds, seconds):
    pair, run = Pair(), int(time.time())
    csrf = house.field("/publish", "csrf")
    publish(house, csrf, 1, run)  # warm
    for i in range(rounds):
        ours = timed(house, lambda n=i: publish(house, csrf, seconds, run + n + 1))
        theirs = subprocess.run([raw, os.path.join(house.data, "raw.db"), str(ROW_BYTES),
                                 str(seconds)], capture_output=True, text=True, check=True).stdout
        pair.add(ours, float(theirs))
    return pair


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width=1080, height=1440):
    """A picture with gradients, edges and grain, as a photograph has."""
    rows, seed = [], 1
    for y in range(height):
        row = bytearray()
        for x in range(width):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            grain, disc = seed >> 27, (x - 500) ** 2 + (y - 700) ** 2 < 90000
            row += bytes(((x * 200 // width + grain), (y * 160 // height + grain + 40 * disc),
                          (120 + (x * y >> 14) % 90 + grain) & 255))
        rows.append(b"\0" + bytes(row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(b"".join(rows), 1)) + chunk(b"IEND", b""))


def publish_picture(house):
    """Publishes a note with one picture through the form; returns the address of its cover."""
    fields = {"csrf": house.field("/publish", "csrf"), "request": f"picture{time.time_ns()}",
              "visibility": "public", "title": "A picture", "body": "A disc on a slope", "alt": "",
              "media": "", "ratio": "3:4", "cover_number": "1"}
    border = "----bench"
    body = b"".join(f'--{border}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
                    .encode() for k, v in fields.items())
    body += (f'--{border}\r\nContent-Disposition: form-data; name="pictures"; filename="a.png"\r\n'
             "Content-Type: image/png\r\n\r\n").encode() + png() + f"\r\n--{border}--\r\n".encode()
    answer = house.request("POST", "/publish", ("multipart/form-data; boundary=" + border, body))
    if answer.status != 303:
        raise SystemExit(f"bench: the picture was not published ({answer.status})")
    time.sleep(2)  # its other sizes are jobs
    page = house.request("GET", answer.header("Location")).body.decode()
    return re.search(r'src="(/media/[^"]+)"', page).group(1)


def follow_authors(house, wanted=40):
    """Follows whom explore shows, page by page."""
    path, seen = "/", []
    while path and len(seen) < wanted:
        page = house.request("GET", path).body.decode()
        for name in re.findall(r'href="/@([a-z0-9_]+)"', page):
            if name not in seen and len(seen) < wanted:
                seen.append(name)
        after = re.search(r'href="(/\?after=[^"]+)"', page)
        path = after.group(1).replace("&amp;", "&") if after else ""
    csrf = house.field("/publish", "csrf")
    for name in seen:
        house.request("POST", f"/@{name}/follow", {"csrf": csrf, "on": "1"})
    return len(seen)
