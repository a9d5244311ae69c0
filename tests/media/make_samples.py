#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prints src/media/sandbox/samples.c: one tiny picture in each format, made with vips and heif-enc."""

import pathlib
import subprocess
import tempfile

SIZE = 16
HEAD = """// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Tiny pictures of our own drawing (a gradient), one a format. Printed by tests/media/make_samples.py.
#include "samples.h"

// clang-format off
"""


def run(*command):
	subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def make(folder):
	ppm = folder / "plain.ppm"
	pixels = bytes(v for y in range(SIZE) for x in range(SIZE) for v in (x * 16, y * 16, 128))
	ppm.write_bytes(b"P6 %d %d 255\n" % (SIZE, SIZE) + pixels)
	for name, options in (("jpg", "[Q=50,strip]"), ("png", "[strip]"), ("webp", "[Q=50,strip]"), ("gif", "")):
		run("vips", "copy", ppm, f"{folder}/sample.{name}{options}")
	run("heif-enc", "-q", 40, folder / "sample.png", "-o", folder / "sample.heic")
	run("heif-enc", "-A", "-q", 40, folder / "sample.png", "-o", folder / "sample.avif")


def array(name, data):
	rows = [", ".join(f"0x{b:02x}" for b in data[i:i + 15]) for i in range(0, len(data), 15)]
	return f"static const uint8_t {name}[] = {{\n\t" + ",\n\t".join(rows) + ",\n};\n"


def main():
	names = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif", "HEIC": "heic"}
	with tempfile.TemporaryDirectory() as temporary:
		folder = pathlib.Path(temporary)
		make(folder)
		print(HEAD)
		for format_name, ending in names.items():
			print(array(format_name.lower(), (folder / f"sample.{ending}").read_bytes()))
	print("const struct bytes samples[MEDIA_FORMATS] = {")
	for format_name in names:
		low = format_name.lower()
		print(f"\t[MEDIA_{format_name}] = {{{low}, sizeof {low}}},")
	print("};")


if __name__ == "__main__":
	main()
