#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the pictures that test_pictures.py hands to the decoder: make_pictures.py FOLDER

Good ones of every format and odd kind, and broken, lying, huge and hostile ones. Most show the same scene: four
quarters, red and green above blue and yellow, so that turning and colours can be read off the corners. Needs vips,
heif-enc, avifenc and exiftool.
"""

import pathlib
import struct
import subprocess
import sys
import zlib

import make_heif

WIDTH, HEIGHT = 320, 240
QUARTERS = ((220, 40, 40), (40, 160, 60)), ((40, 60, 200), (230, 220, 60))
MUTED = ((170, 90, 85), (95, 140, 100)), ((90, 100, 140), (200, 190, 120))  # all of them can be printed
SECRET = "SecretMark"


def run(*command):
	result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
	if result.returncode != 0:
		raise SystemExit(f"{command[0]} failed: {result.stderr or result.stdout}")


def scene(width=WIDTH, height=HEIGHT, quarters=QUARTERS):
	top = bytes(quarters[0][0]) * (width // 2) + bytes(quarters[0][1]) * (width - width // 2)
	bottom = bytes(quarters[1][0]) * (width // 2) + bytes(quarters[1][1]) * (width - width // 2)
	return top * (height // 2) + bottom * (height - height // 2)


def write_ppm(path, width, height, rgb):
	path.write_bytes(b"P6 %d %d 255\n" % (width, height) + rgb)


def chunk(kind, data):
	return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(header, *chunks):
	return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def turned_quarters(orientation):
	"""The quarters as a camera held that way stores them, so that undoing the orientation gives QUARTERS."""
	(a, b), (c, d) = QUARTERS
	return {
		1: ((a, b), (c, d)), 2: ((b, a), (d, c)), 3: ((d, c), (b, a)), 4: ((c, d), (a, b)),
		5: ((a, c), (b, d)), 6: ((b, d), (a, c)), 7: ((d, b), (c, a)), 8: ((c, a), (d, b)),
	}[orientation]


def add_metadata(path, *more):
	run("exiftool", "-q", "-overwrite_original", "-GPSLatitude=48.8584", "-GPSLatitudeRef=N",
		"-GPSLongitude=2.2945", "-GPSLongitudeRef=E", f"-EXIF:Artist={SECRET}", "-EXIF:Make=Camera",
		f"-XMP:Creator={SECRET}", "-EXIF:DateTimeOriginal=2026:01:02 03:04:05", *more, path)


def oriented(folder):
	thumbnail = folder / "thumbnail.jpg"
	write_ppm(folder / "thumbnail.ppm", 32, 24, scene(32, 24))
	run("vips", "copy", folder / "thumbnail.ppm", thumbnail)
	for orientation in range(1, 9):
		width, height = (WIDTH, HEIGHT) if orientation < 5 else (HEIGHT, WIDTH)
		plain = folder / "plain.ppm"
		path = folder / f"orientation-{orientation}.jpg"
		write_ppm(plain, width, height, scene(width, height, turned_quarters(orientation)))
		run("vips", "copy", plain, f"{path}[Q=95]")
		add_metadata(path, f"-Orientation#={orientation}", f"-IPTC:By-line={SECRET}", f"-Comment={SECRET}",
			f"-ThumbnailImage<={thumbnail}")


def colours(folder, plain):
	muted = folder / "muted.ppm"
	write_ppm(muted, WIDTH, HEIGHT, scene(quarters=MUTED))
	run("vips", "icc_transform", muted, f"{folder}/cmyk.jpg[Q=95]", "cmyk", "--input-profile", "srgb")
	run("vips", "icc_transform", plain, f"{folder}/p3.jpg[Q=95]", "p3", "--input-profile", "srgb")
	run("vips", "icc_transform", plain, f"{folder}/p3.png", "p3", "--input-profile", "srgb")
	run("vips", "colourspace", plain, f"{folder}/deep.png", "rgb16")
	run("vips", "colourspace", plain, f"{folder}/grey.jpg[Q=95]", "b-w")
	run("vips", "copy", plain, f"{folder}/progressive.jpg[Q=95,interlace]")
	run("vips", "copy", plain, f"{folder}/interlaced.png[interlace]")
	run("vips", "copy", plain, f"{folder}/palette.png[palette]")
	run("vips", "copy", plain, f"{folder}/plain.webp[Q=95]")
	run("vips", "copy", plain, f"{folder}/lossless.webp[lossless]")
	run("vips", "copy", plain, f"{folder}/plain.png")
	add_metadata(folder / "plain.png", f"-PNG:Comment={SECRET}")
	add_metadata(folder / "plain.webp")
	half = zlib.compress(b"".join(b"\0" + bytes((255, 0, 0, 128)) * 64 for _ in range(64)))
	(folder / "alpha.png").write_bytes(png(struct.pack(">IIBBBBB", 64, 64, 8, 6, 0, 0, 0), chunk(b"IDAT", half)))
	bits = zlib.compress(b"".join(b"\0" + b"\xf0" * 4 for _ in range(32)))
	(folder / "one-bit.png").write_bytes(png(struct.pack(">IIBBBBB", 32, 32, 1, 0, 0, 0, 0), chunk(b"IDAT", bits)))
	bad = zlib.compress(b"not a profile at all" * 10)
	(folder / "bad-profile.png").write_bytes(png(
		struct.pack(">IIBBBBB", 64, 64, 8, 6, 0, 0, 0), chunk(b"iCCP", b"x\0\0" + bad), chunk(b"IDAT", half)))


def heif(folder):
	for ending, option in (("heic", ()), ("avif", ("-A",))):
		run("heif-enc", *option, "-q", 90, folder / "orientation-1.jpg", "-o", folder / f"plain.{ending}")
	run("heif-enc", "-q", 90, "-b", 10, folder / "deep.png", "-o", folder / "deep.heic")


def containers(folder):
	"""The same pictures as other encoders wrap them."""
	for name in ("plain.avif", "plain.heic"):
		(folder / f"reordered-{name}").write_bytes(make_heif.reordered(folder / name))
	avif = {"brand": b"avif", "kind": b"av01", "configuration": b"av1C"}
	write_ppm(folder / "stored.ppm", WIDTH, HEIGHT, scene())
	run("vips", "copy", folder / "stored.ppm", folder / "stored.png")
	for ending, options in (("heic", ()), ("avif", ("-A",))):
		run("heif-enc", *options, "-q", 90, folder / "stored.png", "-o", folder / f"bare.{ending}")
	(folder / "in-meta.avif").write_bytes(make_heif.in_meta(folder / "bare.avif", **avif))
	(folder / "in-meta.heic").write_bytes(make_heif.in_meta(folder / "bare.heic"))
	(folder / "grid.avif").write_bytes(make_heif.grid(folder / "bare.avif", 2, 2, **avif))
	for turns, stored in ((0, 1), (1, 8), (2, 3), (3, 6)):
		source = folder / f"stored-{stored}.png"
		width, height = (WIDTH, HEIGHT) if stored in (1, 3) else (HEIGHT, WIDTH)
		write_ppm(folder / "stored.ppm", width, height, scene(width, height, turned_quarters(stored)))
		run("vips", "copy", folder / "stored.ppm", source)
		for ending, options in (("heic", ()), ("avif", ("-A",))):
			run("heif-enc", *options, "-q", 90, source, "-o", folder / f"stored.{ending}")
			how = avif if ending == "avif" else {}
			turn = make_heif.box(b"irot", bytes([turns]))
			(folder / f"turned-{turns}.{ending}").write_bytes(
				make_heif.grid(folder / f"stored.{ending}", 1, 1, transforms=(turn,), **how))
	for mirror, stored in ((0, 4), (1, 2)):
		write_ppm(folder / "stored.ppm", WIDTH, HEIGHT, scene(quarters=turned_quarters(stored)))
		run("vips", "copy", folder / "stored.ppm", folder / "stored.png")
		run("heif-enc", "-A", "-q", 90, folder / "stored.png", "-o", folder / "stored.avif")
		flip = make_heif.box(b"imir", bytes([mirror]))
		(folder / f"mirrored-{mirror}.avif").write_bytes(
			make_heif.grid(folder / "stored.avif", 1, 1, transforms=(flip,), **avif))
	tile = folder / "tile.ppm"
	write_ppm(tile, 512, 512, scene(512, 512))
	run("vips", "copy", tile, folder / "tile.png")
	run("heif-enc", "-q", 50, folder / "tile.png", "-o", folder / "tile.heic")
	(folder / "phone-200.heic").write_bytes(make_heif.grid(folder / "tile.heic", 32, 24, size=(16320, 12240)))
	(folder / "over-limit.heic").write_bytes(make_heif.grid(folder / "tile.heic", 40, 24, size=(20480, 12288)))
	frames = [folder / f"frame-{i}.png" for i in range(3)]
	for i, path in enumerate(frames):
		other = tuple(tuple(tuple(255 - v for v in colour) for colour in row) for row in QUARTERS)
		write_ppm(folder / "frame.ppm", WIDTH, HEIGHT, scene(quarters=other if i == 1 else QUARTERS))
		run("vips", "copy", folder / "frame.ppm", path)
	run("avifenc", "--speed", 8, "--fps", 10, *frames, folder / "animated.avif")
	(folder / "no-still.avif").write_bytes(make_heif.without_still(folder / "animated.avif"))


def turned_in_other_formats(folder):
	for orientation in range(1, 9):
		width, height = (WIDTH, HEIGHT) if orientation < 5 else (HEIGHT, WIDTH)
		write_ppm(folder / "plain-turned.ppm", width, height, scene(width, height, turned_quarters(orientation)))
		for ending in ("png", "webp"):
			path = folder / f"orientation-{orientation}.{ending}"
			run("vips", "copy", folder / "plain-turned.ppm", f"{path}[Q=95]" if ending == "webp" else path)
			run("exiftool", "-q", "-overwrite_original", f"-Orientation#={orientation}", path)


def odd(folder, plain):
	"""Sizes and kinds of numbers at the edge."""
	for width, height in ((1, 1), (1, 4000), (4000, 1), (2, 3)):
		write_ppm(folder / "odd.ppm", width, height, bytes((200, 30, 30)) * (width * height))
		for ending in ("png", "jpg", "webp", "gif"):
			run("vips", "copy", folder / "odd.ppm", folder / f"size-{width}x{height}.{ending}")
	run("vips", "colourspace", plain, f"{folder}/grey-16.png", "grey16")
	grey = zlib.compress(b"".join(b"\0" + bytes((0, 128)) * 64 for _ in range(64)))
	(folder / "grey-alpha.png").write_bytes(png(struct.pack(">IIBBBBB", 64, 64, 8, 4, 0, 0, 0), chunk(b"IDAT", grey)))
	deep = zlib.compress(b"".join(b"\0" + bytes((0, 0, 128, 0)) * 64 for _ in range(64)))
	(folder / "grey-alpha-16.png").write_bytes(
		png(struct.pack(">IIBBBBB", 64, 64, 16, 4, 0, 0, 0), chunk(b"IDAT", deep)))
	trns = zlib.compress(b"".join(b"\0" + b"\0" * 64 for _ in range(64)))
	(folder / "palette-alpha.png").write_bytes(png(struct.pack(">IIBBBBB", 64, 64, 8, 3, 0, 0, 0),
		chunk(b"PLTE", bytes((255, 0, 0))), chunk(b"tRNS", bytes((128,))), chunk(b"IDAT", trns)))


def long_ones(folder):
	for name, width, height in (("page", 990, 11490), ("chat", 1080, 50000), ("panorama", 12000, 2000), ("screen", 1170, 2532),
			("thread", 2, 65500)):
		run("vips", "black", folder / "long.v", width, height, "--bands", 3)
		run("vips", "copy", folder / "long.v", folder / f"{name}.png")
	run("vips", "black", folder / "long.v", 70000, 10, "--bands", 3)
	run("vips", "copy", folder / "long.v", folder / "over-long.png")


def others(folder):
	"""What is named instead of decoded."""
	jpeg = bytearray((folder / "plain.jpg").read_bytes())
	at = jpeg.index(b"\xff\xc0")
	for name, marker, bits in (("12", 0xC1, 12), ("lossless", 0xC3, 8), ("hierarchical", 0xC5, 8), ("ls", 0xF7, 8)):
		jpeg[at + 1], jpeg[at + 4] = marker, bits
		(folder / f"other-{name}.jpg").write_bytes(jpeg)
	(folder / "other.jp2").write_bytes(b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40))
	(folder / "other.jxl").write_bytes(b"\xff\x0a" + bytes(40))
	(folder / "other.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(40))
	(folder / "other.dng").write_bytes(b"II*\0\x08\0\0\0\x01\0\x12\xc6\x01\0\x04\0\0\0\x01\x04\0\0" + bytes(8))
	(folder / "other.heif").write_bytes(b"\0\0\0\x18ftypmif1\0\0\0\0mif1vvic" + bytes(40))
	(folder / "other.hevc").write_bytes(
		make_heif.box(b"ftyp", b"hevc", bytes(4), b"msf1hevc") + make_heif.box(b"moov", bytes(20)) + make_heif.box(b"mdat"))
	(folder / "other.bmp").write_bytes(b"BM" + struct.pack("<IIII", 100, 0, 54, 40) + bytes(60))


def make_gif_frame(width, height, number, disposal=0):
	"""A bar that travels, in codes that never grow: a clear before every second pixel."""
	control = b"\x21\xf9\x04" + bytes((disposal << 2,)) + struct.pack("<H", 4) + b"\0\0"
	bar = 8
	pixels = bar * 16
	bits, count = 0, 0
	for i in range(0, pixels, 2):
		for value in (4, 1, 1):
			bits |= value << count
			count += 3
	bits |= 5 << count
	count += 3
	data = bits.to_bytes((count + 7) // 8, "little")
	blocks = b"".join(bytes((len(data[i:i + 255]),)) + data[i:i + 255] for i in range(0, len(data), 255))
	place = struct.pack("<HHHHB", number % (width - bar), number % (height - 16), bar, 16, 0)
	return control + b"\x2c" + place + b"\x02" + blocks + b"\0"


def animated(folder):
	frames = folder / "frames.ppm"
	other = tuple(tuple(tuple(255 - v for v in colour) for colour in row) for row in QUARTERS)
	write_ppm(frames, WIDTH, HEIGHT * 3, scene() + scene(quarters=other) + scene())
	for ending in ("gif", "webp[Q=95]"):
		run("vips", "copy", frames, f"{folder}/animated.{ending.replace('[', '[page-height=240,')}"
			if "[" in ending else f"{folder}/animated.{ending}[page-height=240]")
	# 400 frames of 700 by 500, 40 ms each.
	blocks = (make_gif_frame(700, 500, i) for i in range(400))
	(folder / "film.gif").write_bytes(b"GIF89a" + struct.pack("<HHBBB", 700, 500, 0xF0, 0, 0) + bytes((0, 0, 0, 0, 0, 255))
		+ b"".join(blocks) + b";")
	one = (folder / "animated.gif").read_bytes()
	(folder / "polyglot.gif").write_bytes(one + b"PK\x03\x04" + b"\0" * 26 + b"PK\x05\x06" + b"\0" * 18)
	frame = b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
	head = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"
	(folder / "frames-3000.gif").write_bytes(head + frame * 3000 + b";")
	# A bar of 8 by 16 on a screen of red that is never filled, or has no size; one that is cleared after.
	colours = bytes((255, 0, 0, 0, 160, 0, 255, 255, 255, 0, 0, 0))
	for name, size, frames in (("uncovered", (64, 48), (make_gif_frame(64, 48, 16),)),
			("no-screen", (0, 0), (make_gif_frame(64, 48, 0),)),
			("cleared", (64, 48), [make_gif_frame(64, 48, number, 2) for number in (0, 16, 24)])):
		(folder / f"{name}.gif").write_bytes(b"GIF89a" + struct.pack("<HHBBB", *size, 0xF1, 0, 0) + colours + b"".join(frames)
			+ b";")


def heavy(folder):
	"""Much work in a megabyte: 120 megapixels of 16-bit colour with transparency, all of it zero. The interlaced
	one has to stand in memory whole, and is too large to."""
	width, height = 12000, 10000
	passes = {"heavy.png": ((0, 0, 1, 1),), "heavy-interlaced.png": (
		(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))}
	for name, steps in passes.items():
		compress, data = zlib.compressobj(1), []
		for x, y, across, down in steps:
			row = bytes(1 + len(range(x, width, across)) * 8)
			data += [compress.compress(row) for _ in range(y, height, down)]
		header = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, int(len(steps) > 1))
		(folder / name).write_bytes(png(header, chunk(b"IDAT", b"".join(data) + compress.flush())))


def huge(folder, plain):
	"""100.8 megapixels: 12,000 by 8,400."""
	seed = folder / "seed.v"
	run("vips", "resize", plain, seed, 0.125)
	run("vips", "zoom", seed, folder / "huge.v", 300, 280)
	run("vips", "copy", folder / "huge.v", f"{folder}/huge.jpg[Q=80]")
	run("vips", "copy", folder / "huge.v", f"{folder}/huge-progressive.jpg[Q=80,interlace]")
	run("vips", "copy", folder / "huge.v", f"{folder}/huge.png[compression=1]")
	(folder / "huge.v").unlink()


def hostile(folder):
	rows = zlib.compress(bytes(40000 * (1 + 40000 // 8)), 9)
	(folder / "bomb.png").write_bytes(png(
		struct.pack(">IIBBBBB", 40000, 40000, 1, 0, 0, 0, 0), chunk(b"IDAT", rows)))
	half = zlib.compress(b"".join(b"\0" + bytes((255, 0, 0)) * 64 for _ in range(64)))
	profile = zlib.compress(bytes(400_000_000), 9)
	(folder / "bomb-profile.png").write_bytes(png(
		struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0), chunk(b"iCCP", b"x\0\0" + profile), chunk(b"IDAT", half)))
	(folder / "lying.png").write_bytes(png(
		struct.pack(">IIBBBBB", 10000, 10000, 8, 2, 0, 0, 0), chunk(b"IDAT", half)))
	jpeg = bytearray((folder / "plain.jpg").read_bytes())
	at = jpeg.index(b"\xff\xc0")
	jpeg[at + 5:at + 9] = struct.pack(">HH", 65000, 65000)
	(folder / "lying-limits.jpg").write_bytes(jpeg)
	jpeg[at + 5:at + 9] = struct.pack(">HH", 10000, 10000)
	(folder / "lying.jpg").write_bytes(jpeg)
	(folder / "wide.gif").write_bytes(b"GIF89a\xff\xff\xff\xff\0\0\0;")
	(folder / "svg.jpg").write_text(
		'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>')
	(folder / "html.jpg").write_text("<!doctype html><script>alert(1)</script>")
	(folder / "empty.jpg").write_bytes(b"")
	(folder / "pdf.png").write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
	(folder / "magic-only.jpg").write_bytes(b"\xff\xd8\xff")
	(folder / "magic-only.png").write_bytes(b"\x89PNG\r\n\x1a\n")
	with open(folder / "over-60-mb.jpg", "wb") as big:
		big.write(b"\xff\xd8\xff\xe0")
		big.truncate((60 << 20) + 1)


def cut(folder):
	for name in ("plain.jpg", "progressive.jpg", "plain.png", "plain.webp", "animated.webp", "animated.gif",
			"plain.avif", "plain.heic"):
		whole = (folder / name).read_bytes()
		(folder / f"cut-{name}").write_bytes(whole[:len(whole) * 6 // 10])
	whole = (folder / "plain.jpg").read_bytes()
	(folder / "cut-at-end.jpg").write_bytes(whole[:-40])


def main():
	folder = pathlib.Path(sys.argv[1])
	folder.mkdir(parents=True, exist_ok=True)
	plain = folder / "scene.ppm"
	write_ppm(plain, WIDTH, HEIGHT, scene())
	run("vips", "copy", plain, f"{folder}/plain.jpg[Q=95]")
	run("vips", "copy", plain, f"{folder}/tiff.jpg.tif")
	(folder / "tiff.jpg.tif").rename(folder / "tiff.jpg")
	oriented(folder)
	colours(folder, plain)
	heif(folder)
	containers(folder)
	turned_in_other_formats(folder)
	odd(folder, plain)
	long_ones(folder)
	others(folder)
	animated(folder)
	huge(folder, plain)
	heavy(folder)
	hostile(folder)
	cut(folder)


if __name__ == "__main__":
	main()
