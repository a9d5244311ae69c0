#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the pictures that test_colours.py hands to the decoder: every way to say what colours mean.

Needs vips, heif-enc and avifenc. Colours are worked out here from the standards, not by the decoder's own code.
"""

import pathlib
import struct
import zlib

import make_heif as heif
from make_pictures import HEIGHT, QUARTERS, WIDTH, chunk, png, run, scene, write_ppm

# x and y of red, green and blue, all with the white of sRGB.
PRIMARIES = {
	1: ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
	9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
	12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
D65 = (0.3127, 0.3290)
PAPER = 203


def solve(m, v):
	"""Cramer's rule for three unknowns."""
	def det(a):
		return (a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
			+ a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]))
	return [det([[v[r] if c == k else m[r][c] for c in range(3)] for r in range(3)]) / det(m) for k in range(3)]


def matrix(primaries):
	"""From light of these primaries to XYZ."""
	columns = [(x / y, 1, (1 - x - y) / y) for x, y in PRIMARIES[primaries]]
	m = [[column[r] for column in columns] for r in range(3)]
	white = (D65[0] / D65[1], 1, (1 - D65[0] - D65[1]) / D65[1])
	scale = solve(m, white)
	return [[m[r][c] * scale[c] for c in range(3)] for r in range(3)]


def light_of_srgb(v):
	return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4


def code(transfer, light):
	"""The number 0-1 that a transfer function writes for light in paper whites (HLG: of a screen of 1,000 nits)."""
	if transfer == 16:
		y = (light * PAPER / 10000) ** 0.1593017578125
		return ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375
	if transfer == 8:
		return light
	if transfer == 4:
		return light ** (1 / 2.2)
	return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def recoded(rgb, primaries, transfer):
	"""An sRGB colour in other primaries and another transfer function, 0-1."""
	linear = [light_of_srgb(v / 255) for v in rgb]
	m = matrix(1)
	xyz = [sum(m[r][c] * linear[c] for c in range(3)) for r in range(3)]
	other = [min(1, max(0, v)) for v in solve(matrix(primaries), xyz)]
	return tuple(code(transfer, v) for v in other)


def write_deep_png(path, width, height, row_of, *chunks):
	"""Sixteen bits: row_of(y) gives rows of 0-1 triples."""
	lines = []
	for y in range(height):
		lines.append(b"\0" + struct.pack(f">{width * 3}H", *(round(v * 65535) for rgb in row_of(y) for v in rgb)))
	path.write_bytes(png(struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0), *chunks,
		chunk(b"IDAT", zlib.compress(b"".join(lines)))))


def recoded_scene(path, primaries, transfer, *chunks):
	corners = [[recoded(rgb, primaries, transfer) for rgb in row] for row in QUARTERS]
	rows = [[row[0]] * (WIDTH // 2) + [row[1]] * (WIDTH // 2) for row in corners]
	write_deep_png(path, WIDTH, HEIGHT, lambda y: rows[y >= HEIGHT // 2], *chunks)


def encode(source, folder, name, codes, depth, limited):
	run("avifenc", "--speed", 8, "--min", 2, "--max", 4, "-y", "444", "--cicp", "/".join(map(str, codes)), "-d", depth,
		"--range", "limited" if limited else "full", source, folder / f"{name}.avif")


def contain(folder, name, codes, limited):
	"""heif-enc says the codes only inside the coded picture; here the container says them, of one picture and of a
	grid of two by one."""
	colour = heif.box(b"colr", b"nclx", struct.pack(">HHHB", *codes, 0 if limited else 128))
	(folder / f"{name}.heic").write_bytes(heif.grid(folder / "coded.heic", 1, 1, colour))
	(folder / f"{name}-grid.heic").write_bytes(heif.grid(folder / "coded.heic", 2, 1, colour))


def encode_heic(source, folder, name, codes, limited):
	"""By way of planes that avifenc made: heif-enc knows one matrix and range."""
	run("avifenc", "--speed", 8, "--min", 1, "--max", 2, "-y", "420", "--cicp", "/".join(map(str, codes)), "-d", 8,
		"--range", "limited" if limited else "full", source, folder / "planes.avif")
	run("avifdec", folder / "planes.avif", folder / "planes.y4m")
	run("heif-enc", "-q", 97, folder / "planes.y4m", "-o", folder / "coded.heic")
	contain(folder, name, codes, limited)


def encode_deep_heic(source, folder, name, codes):
	"""Ten bits, only grey: no matrix matters."""
	run("heif-enc", "-q", 97, "-b", 10, source, "-o", folder / "coded.heic")
	contain(folder, name, codes, False)


def by_code_points(folder):
	for primaries, transfer, codes in (
			(9, 13, (9, 13, 9)), (12, 13, (12, 13, 6)), (12, 13, (12, 13, 1)), (9, 8, (9, 8, 9)), (1, 4, (1, 4, 1))):
		name = "-".join(map(str, codes))
		recoded_scene(folder / f"{name}.png", primaries, transfer)
		for depth, limited in ((8, False), (10, True), (12, False)):
			if transfer != 8 or depth > 8:
				encode(folder / f"{name}.png", folder, f"sdr-{name}-{depth}{'-limited' if limited else ''}", codes, depth,
					limited)
	# Encoders do not write these: constant luminance, and one that nobody decodes.
	plain = (folder / "sdr-9-13-9-8.avif").read_bytes()
	told = b"nclx" + struct.pack(">HHH", 9, 13, 9)
	assert plain.count(told) == 1
	for name, matrix in (("matrix-10", 10), ("matrix-14", 14)):
		(folder / f"{name}.avif").write_bytes(plain.replace(told, told[:-1] + bytes((matrix,))))
	for codes in ((12, 13, 6), (12, 13, 1), (9, 13, 9)):
		for limited in (False, True):
			name = "-".join(map(str, codes))
			encode_heic(folder / f"{name}.png", folder, f"sdr-{name}{'-limited' if limited else ''}", codes, limited)


def high_range(folder):
	"""Black, paper white, 1,000 nits, and a dark gradient, in PQ and HLG."""
	hlg = {0.0: 0, 1.0: 0.75, 1000 / PAPER: 1}
	for transfer, name in ((16, "pq"), (18, "hlg")):
		flat = [hlg[v] if transfer == 18 else code(16, v) for v in (0.0, 1.0, 1000 / PAPER)]
		row = [(flat[0],) * 3] * 64 + [(flat[1],) * 3] * 64 + [(flat[2],) * 3] * 64
		write_deep_png(folder / f"{name}.png", 192, 64, lambda y: row)
		ramp = [(0.2 + 0.2 * x / 1023,) * 3 for x in range(1024)]
		write_deep_png(folder / f"{name}-ramp.png", 1024, 32, lambda y: ramp)
		for kind in (name, f"{name}-ramp"):
			for limited in (False, True):
				ending = "-limited" if limited else ""
				encode(folder / f"{kind}.png", folder, f"{kind}{ending}", (9, transfer, 9), 10, limited)
			encode_deep_heic(folder / f"{kind}.png", folder, kind, (9, transfer, 9))
		encode_heic(folder / f"{name}.png", folder, f"{name}-limited", (9, transfer, 9), True)
		write_deep_png(folder / f"cicp-{name}.png", 192, 64, lambda y: row,
			chunk(b"cICP", bytes((9, transfer, 0, 1))))


def png_numbers(folder):
	adobe = chunk(b"cHRM", struct.pack(">8I", *(round(v * 100000) for v in (*D65, .64, .33, .21, .71, .15, .06))))
	kinds = {
		"gamma-1": (chunk(b"gAMA", struct.pack(">I", 100000)),),
		"gamma-18": (chunk(b"gAMA", struct.pack(">I", 55556)),),
		"gamma-adobe": (chunk(b"gAMA", struct.pack(">I", 45455)), adobe),
		"srgb-over-gamma": (chunk(b"sRGB", b"\0"), chunk(b"gAMA", struct.pack(">I", 100000))),
		"cicp-p3": (chunk(b"cICP", bytes((12, 13, 0, 1))),),
		"cicp-2020": (chunk(b"cICP", bytes((9, 14, 0, 1))),),
		"no-word": (),
	}
	row = b"".join(b"\0" + bytes(v for x in range(64) for v in (x * 4, y * 5, 255 - x * 3)) for y in range(48))
	for name, chunks in kinds.items():
		(folder / f"png-{name}.png").write_bytes(
			png(struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0), *chunks, chunk(b"IDAT", zlib.compress(row))))
	grey = b"".join(b"\0" + bytes((x * 4 + y) % 256 for x in range(64)) for y in range(48))
	deep = b"".join(b"\0" + b"".join(struct.pack(">H", x * 1000 + y) for x in range(64)) for y in range(48))
	alpha = b"".join(b"\0" + bytes(v for x in range(64) for v in (x * 4, 255 - y * 5)) for y in range(48))
	for name, depth, kind, rows in (("grey", 8, 0, grey), ("grey-deep", 16, 0, deep), ("grey-alpha", 8, 4, alpha)):
		for gamma, chunks in (("gamma-1", kinds["gamma-1"]), ("gamma-adobe", kinds["gamma-adobe"])):
			(folder / f"png-{name}-{gamma}.png").write_bytes(png(struct.pack(">IIBBBBB", 64, 48, depth, kind, 0, 0, 0),
				*chunks, chunk(b"IDAT", zlib.compress(rows))))


def profile(space, gamma):
	"""Of version 2: a curve, and of RGB the primaries of sRGB."""
	def xyz(*values):
		return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(v * 65536) for v in values))

	curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
	tags = {b"wtpt": xyz(.9642, 1, .8249), **{kind: curve for kind in ((b"kTRC",) if space == b"GRAY" else
		(b"rTRC", b"gTRC", b"bTRC"))}}
	if space == b"RGB ":
		tags |= {b"rXYZ": xyz(.4360, .2225, .0139), b"gXYZ": xyz(.3851, .7169, .0971), b"bXYZ": xyz(.1431, .0606, .7141)}
	table, data = struct.pack(">I", len(tags)), b""
	for kind, body in tags.items():
		table += kind + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(data), len(body))
		data += body
	head = struct.pack(">4sI4s4s4s", bytes(4), 0x02100000, b"mntr", space, b"XYZ ") + bytes(12) + b"acsp" + bytes(28)
	head += struct.pack(">3i", 0xf6d6, 0x10000, 0xd32d) + bytes(48)
	return struct.pack(">I", 4 + len(head) + len(table) + len(data)) + head + table + data


def grey_profiles(folder):
	"""Grey with a profile of its own, or with one of red, green and blue: browsers follow both."""
	for name, space in (("grey", b"GRAY"), ("rgb", b"RGB ")):
		icc = folder / f"{name}.icc"
		icc.write_bytes(profile(space, 1.4))
		run("vips", "copy", folder / "grey.png", f"{folder}/icc-{name}-of-grey.jpg[Q=95,profile={icc}]")
		for depth in (8, 10):
			run("avifenc", "--speed", 8, "--min", 1, "--max", 2, "-y", "400", "-d", depth, "--icc", icc, folder / "grey.png",
				folder / f"icc-{name}-of-grey-{depth}.avif")


def profiles(folder):
	plain = folder / "plain.ppm"
	write_ppm(plain, WIDTH, HEIGHT, scene())
	run("vips", "copy", plain, folder / "plain.png")
	run("vips", "icc_transform", plain, f"{folder}/icc-p3.jpg[Q=97]", "p3", "--input-profile", "srgb")
	run("vips", "icc_transform", plain, f"{folder}/icc-p3.webp[lossless]", "p3", "--input-profile", "srgb")
	run("vips", "icc_transform", plain, f"{folder}/icc-p3-deep.png", "p3", "--input-profile", "srgb", "--depth", 16)
	run("avifenc", "--speed", 8, "--min", 2, "--max", 4, "-y", "444", folder / "icc-p3-deep.png", folder / "icc-p3.avif")
	run("vips", "icc_transform", plain, f"{folder}/cmyk.jpg[Q=97]", "cmyk", "--input-profile", "srgb")
	run("vips", "copy", folder / "cmyk.jpg", f"{folder}/cmyk-no-profile.jpg[Q=97,strip]")
	run("vips", "colourspace", plain, f"{folder}/grey.png", "b-w")
	run("vips", "colourspace", plain, f"{folder}/grey-deep.png", "grey16")
	# A gain map is a second JPEG behind the first (MPF): the first is the picture.
	(folder / "plain.jpg").unlink(missing_ok=True)
	run("vips", "copy", plain, f"{folder}/plain.jpg[Q=95]")
	run("vips", "invert", plain, folder / "map.jpg")
	first, second = (folder / "plain.jpg").read_bytes(), (folder / "map.jpg").read_bytes()
	mpf = b"MPF\0II*\0\x08\0\0\0\x01\0\x01\xb0\x04\0\x01\0\0\0\x02\0\0\0\0\0\0\0"
	marker = b"\xff\xe2" + struct.pack(">H", len(mpf) + 2) + mpf
	(folder / "gain-map.jpg").write_bytes(first[:2] + marker + first[2:] + second)


def make(folder):
	folder = pathlib.Path(folder)
	by_code_points(folder)
	high_range(folder)
	png_numbers(folder)
	profiles(folder)
	grey_profiles(folder)
