# SPDX-License-Identifier: AGPL-3.0-or-later
"""How Lighthouse judges the demo world's pages on a phone: medians of its four categories."""
import json
import os
import re
import subprocess
import sys

from server import PROGRAM, ROOT, House

CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
AIM = 95


def demo(scratch, pictures):
    """The world of make run, all of its pictures made."""
    data = os.path.join(scratch, "demo")
    subprocess.run([PROGRAM, "demo", "--data", data, "--pictures", pictures], check=True,
                   stdout=subprocess.DEVNULL)
    return data


def addresses(house):
    """Of a note whose writer has a picture of their own and which is about something."""
    for note in re.findall(r'href="(/note/\d+)"', house.request("GET", "/").body.decode()):
        page = house.request("GET", note).body.decode()
        topic = re.search(r'href="(/topic/[^"]+)"', page)
        if topic and "carousel" in page:
            writer = re.search(r'href="(/@[a-z0-9_]+)"', page).group(1)
            return {"explore": "/", "note": note, "profile": writer, "topic": topic.group(1),
                    "sign-up": "/signup"}
    raise SystemExit("bench: no note of the demo world has pictures and a topic")


def judge(house, runs):
    pages = [f"{name}={path}" for name, path in addresses(house).items()]
    command = [os.path.join(ROOT, "tests", "lib", "node"), os.path.join(ROOT, "bench", "lighthouse.mjs"),
               f"http://localhost:{house.port}", str(runs)] + pages
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        results = [json.loads(line) for line in process.stdout]
    if process.returncode:
        raise SystemExit("bench: Lighthouse failed")
    return results


def bench_phone(scratch, pictures, runs):
    print("  pages on a phone", file=sys.stderr, flush=True)
    house = House(demo(scratch, pictures))
    house.start()
    house.settle()
    results = judge(house, runs)
    house.stop()
    return results


def print_phone(results, runs):
    print(f"\nLighthouse on a phone, the demo world: medians of {runs}; the largest contentful paint in ms")
    print(f"  {'':<12}" + "".join(f"{c:>16}" for c in CATEGORIES) + f"{'LCP':>8}   aim >= {AIM}")
    for r in results:
        good = all(r[c] >= AIM for c in CATEGORIES)
        print(f"  {r['name']:<12}" + "".join(f"{r[c]:>16}" for c in CATEGORIES) +
              f"{r['lcp']:>8}   " + ("ok" if good else "MISSED: " + ", ".join(r["faults"])))
