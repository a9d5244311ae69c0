#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the decoder makes of colours: against the standards, and against what Chromium shows.

test_colours.py DECODER [unittest options]
"""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

import make_colours
import make_pictures
import test_pictures
from test_pictures import Made, near, read_pixels, rendition, TAKE

FOLDER = None
FOUND = pathlib.Path(__file__).parent / "found"
ACROSS = 320


class ColourCase(test_pictures.PictureCase):
	def master(self, path):
		made = Made(TAKE, path, (), self.folder)
		self.assertEqual(made.answer.result, "OK", f"{path.name}: {made.answer.detail}")
		return made.outputs[0]


class Standards(ColourCase):
	def left_tile(self, path):
		whole = self.master(path)
		if "-grid" not in path.name:
			return whole
		tile = self.folder / "tile.png"
		subprocess.run(["vips", "crop", whole, tile, "0", "0", "320", "240"], check=True)
		return tile

	def test_code_points_of_ordinary_range(self):
		names = sorted(path for path in FOLDER.iterdir() if path.name.startswith("sdr-"))
		self.assertGreater(len(names), 15)
		for path in names:
			with self.subTest(path.name):
				self.shows_scene(self.left_tile(path), 8)

	def test_constant_luminance_is_shown_as_the_usual_kind(self):
		self.shows_scene(self.master(FOLDER / "matrix-10.avif"), 8)

	def test_a_matrix_that_nobody_decodes_has_a_name(self):
		made = Made(TAKE, FOLDER / "matrix-14.avif", (), self.folder)
		self.assertEqual((made.answer.result, made.answer.kind), ("UNSUPPORTED", "avif feature"), made.answer.detail)

	def test_paper_white_is_nearly_white_and_what_is_brighter_is_brighter(self):
		for name in ("pq.avif", "pq-limited.avif", "pq.heic", "pq-limited.heic", "pq-grid.heic", "pq-limited-grid.heic", "hlg.avif", "hlg-limited.avif",
				"hlg.heic", "hlg-limited.heic", "cicp-pq.png", "cicp-hlg.png"):
			with self.subTest(name):
				_, _, at = read_pixels(self.master(FOLDER / name))
				black, paper, bright = (at(x, 32) for x in (32, 96, 160))
				self.assertLess(max(black), 6)
				self.assertGreaterEqual(min(paper), 235)
				self.assertLess(max(paper), 250)
				self.assertGreater(min(bright), max(paper) + 4)
				self.assertLessEqual(max(bright) - min(bright), 2)

	def test_a_deep_gradient_has_no_steps(self):
		"""Eight bits have few steps here; between them the mean of a column goes on rising."""
		for name in ("pq-ramp.avif", "pq-ramp.heic", "hlg-ramp.avif", "hlg-ramp.heic"):
			with self.subTest(name):
				width, height, at = read_pixels(self.master(FOLDER / name))
				means = [sum(at(x, y)[1] for y in range(height)) / height for x in range(width)]
				window = [sum(means[x:x + 16]) / 16 for x in range(0, width - 16, 4)]
				rise = window[-1] - window[0]
				self.assertGreater(rise, 20)
				flat, longest = 0, 0
				for one, other in zip(window, window[1:]):
					flat = flat + 1 if abs(other - one) < 0.01 else 0
					longest = max(longest, flat)
				# A step of plain rounding would be as wide as the whole gradient over its steps.
				self.assertLess(longest * 4, width / rise * 0.9)

	def test_what_was_found(self):
		_, _, at = read_pixels(self.master(FOUND / "pq-white-203nits.avif"))
		self.assertGreaterEqual(min(at(240, 300)), 235)
		_, _, at = read_pixels(self.master(FOUND / "lut-profile-perceptual-only.jpg"))
		self.assertTrue(near(at(80, 60), (35, 221, 36), 8), at(80, 60))

	def test_a_gain_map_changes_nothing(self):
		with_map = self.master(FOLDER / "gain-map.jpg").read_bytes()
		self.assertEqual(with_map, self.master(FOLDER / "plain.jpg").read_bytes())


class AsInABrowser(ColourCase):
	"""All pictures on one page, one screenshot; the mean difference by CIEDE2000."""

	NAMES = ["icc-p3.jpg", "icc-p3.webp", "icc-p3-deep.png", "icc-p3.avif", "cmyk-no-profile.jpg", "grey.png",
		"grey-deep.png", "gain-map.jpg", "png-gamma-1.png", "png-gamma-18.png", "png-gamma-adobe.png",
		"png-srgb-over-gamma.png", "png-cicp-p3.png", "png-cicp-2020.png", "png-no-word.png",
		"png-grey-gamma-1.png", "png-grey-gamma-adobe.png", "png-grey-deep-gamma-1.png", "png-grey-deep-gamma-adobe.png",
		"png-grey-alpha-gamma-1.png", "png-grey-alpha-gamma-adobe.png", "icc-grey-of-grey.jpg", "icc-rgb-of-grey.jpg",
		"icc-grey-of-grey-8.avif", "icc-grey-of-grey-10.avif"]

	def screenshot(self, paths):
		page = "".join(f'<img src="{path}" style="position:absolute;left:0;top:{i * 250}px">'
			for i, path in enumerate(paths))
		(self.folder / "page.html").write_text(f"<!doctype html><body style='background:#fff'>{page}")
		shot = self.folder / "shot.png"
		subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
			"--force-color-profile=srgb", "--allow-file-access-from-files", f"--user-data-dir={self.folder}/profile",
			f"--window-size={ACROSS},{len(paths) * 250}", f"--screenshot={shot}", str(self.folder / "page.html")],
			check=True, capture_output=True, timeout=120)
		return shot

	def test_the_difference_is_small(self):
		paths = [FOLDER / name for name in self.NAMES]
		paths += sorted(path for path in FOLDER.glob("sdr-*.avif"))
		shot = self.screenshot(paths)
		worst = 0
		for i, path in enumerate(paths):
			with self.subTest(path.name):
				ours = self.master(path)
				width, height, _ = read_pixels(ours)
				theirs, difference = self.folder / "theirs.v", self.folder / "difference.v"
				subprocess.run(["vips", "crop", shot, theirs, "0", str(i * 250), str(width), str(height)], check=True)
				subprocess.run(["vips", "extract_band", theirs, self.folder / "three.v", "0", "--n", "3"], check=True)
				subprocess.run(["vips", "dE00", ours, self.folder / "three.v", difference], check=True)
				mean = float(subprocess.run(["vips", "avg", difference], check=True, capture_output=True).stdout)
				worst = max(worst, mean)
				self.assertLess(mean, 3)
		print(f"\n{len(paths)} pictures beside Chromium: the worst mean difference is {worst:.2f}", file=sys.stderr)


def main():
	global FOLDER
	test_pictures.DECODER = os.path.abspath(sys.argv.pop(1))
	resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
	with tempfile.TemporaryDirectory() as folder:
		FOLDER = pathlib.Path(folder)
		make_colours.make(folder)
		unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=1)


if __name__ == "__main__":
	main()
