# SPDX-License-Identifier: AGPL-3.0-or-later
"""Containers of HEIC and AVIF that no encoder here writes: grids, sequences without a still, boxes in another order."""

import pathlib
import struct


def box(kind, *body):
	data = b"".join(body)
	return struct.pack(">I4s", len(data) + 8, kind) + data


def full(kind, version, flags, *body):
	return box(kind, struct.pack(">I", version << 24 | flags), *body)


def boxes(data, at=0, end=None):
	"""(kind, where it starts, where its body starts, where it ends)"""
	end = len(data) if end is None else end
	found = []
	while at < end:
		size, kind = struct.unpack(">I4s", data[at:at + 8])
		found.append((kind, at, at + 8, at + (size or end - at)))
		at += size or end - at
	return found


def child(data, kind, at, end):
	return next(found for found in boxes(data, at, end) if found[0] == kind)


def coded(path):
	"""The properties and the coded bytes of a file with one picture."""
	data = pathlib.Path(path).read_bytes()
	_, _, meta, meta_end = child(data, b"meta", 0, len(data))
	_, _, iprp, iprp_end = child(data, b"iprp", meta + 4, meta_end)
	_, _, ipco, ipco_end = child(data, b"ipco", iprp, iprp_end)
	properties = {kind: data[start:end] for kind, start, _, end in boxes(data, ipco, ipco_end)}
	_, _, mdat, mdat_end = child(data, b"mdat", 0, len(data))
	return properties, data[mdat:mdat_end]


def grid(path, columns, rows, *extra, size=None, transforms=(), brand=b"heic", kind=b"hvc1", configuration=b"hvcC"):
	"""One picture (1 by 1) or a grid of the same tile; `extra` are properties of all, `transforms` of the whole."""
	properties, data = coded(path)
	tile_size = struct.unpack(">II", properties[b"ispe"][12:20])
	width, height = size or (tile_size[0] * columns, tile_size[1] * rows)
	single = columns * rows == 1
	tiles = [1] if single else list(range(2, 2 + columns * rows))
	ispe = full(b"ispe", 0, 0, struct.pack(">II", width, height))
	all_properties = [properties[configuration], properties[b"ispe"], *extra, *transforms, ispe]
	of_tile = bytes([0x81, 2, *range(3, 3 + len(extra))])
	of_whole = bytes([*range(3, 3 + len(extra) + len(transforms)), len(all_properties)])
	if single:
		of_tile += bytes(range(3 + len(extra), 3 + len(extra) + len(transforms)))
	entries = [struct.pack(">HB", tile, len(of_tile)) + of_tile for tile in tiles]
	items = [full(b"infe", 2, 0 if single else 1, struct.pack(">HH4sB", tile, 0, kind, 0)) for tile in tiles]
	references, description = b"", b""
	if not single:
		description = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
		entries.insert(0, struct.pack(">HB", 1, len(of_whole)) + of_whole)
		items.insert(0, full(b"infe", 2, 0, struct.pack(">HH4sB", 1, 0, b"grid", 0)))
		references = full(b"iref", 0, 0, box(b"dimg", struct.pack(">HH", 1, len(tiles)), *(struct.pack(">H", t) for t in tiles)))
	properties_box = box(b"iprp", box(b"ipco", *all_properties),
		full(b"ipma", 0, 0, struct.pack(">I", len(entries)), *entries))
	head = box(b"ftyp", brand, struct.pack(">I", 0), b"mif1", brand)

	def before(offset):
		places = [] if single else [struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(description))]
		places += [struct.pack(">HHHHII", tile, 0, 0, 1, offset, len(data)) for tile in tiles]
		return head + full(b"meta", 0, 0, full(b"hdlr", 0, 0, struct.pack(">I4s13s", 0, b"pict", b"")),
			full(b"pitm", 0, 0, struct.pack(">H", 1)), full(b"iinf", 0, 0, struct.pack(">H", len(items)), *items), references,
			full(b"iloc", 1, 0, struct.pack(">BBH", 0x44, 0, len(places)), *places), properties_box,
			box(b"idat", description) if description else b"")

	return before(len(before(0)) + 8) + box(b"mdat", data)


def reordered(path):
	"""The same file with its properties, and the boxes about them, the other way round."""
	data = bytearray(pathlib.Path(path).read_bytes())
	_, _, meta, meta_end = child(data, b"meta", 0, len(data))
	_, iprp_at, iprp, iprp_end = child(data, b"iprp", meta + 4, meta_end)
	_, ipco_at, ipco, ipco_end = child(data, b"ipco", iprp, iprp_end)
	_, ipma_at, ipma, ipma_end = child(data, b"ipma", iprp, iprp_end)
	properties = [bytes(data[start:end]) for _, start, _, end in boxes(data, ipco, ipco_end)]
	table = bytearray(data[ipma_at:ipma_end])
	assert table[8] == 0 and table[11] & 1 == 0, "small ids only"
	at = 16
	for _ in range(struct.unpack(">I", table[12:16])[0]):
		count = table[at + 2]
		for i in range(at + 3, at + 3 + count):
			table[i] = table[i] & 0x80 | (len(properties) + 1 - (table[i] & 0x7F))
		# The essential ones last.
		table[at + 3:at + 3 + count] = table[at + 3:at + 3 + count][::-1]
		at += 3 + count
	data[iprp_at:iprp_end] = box(b"iprp", box(b"ipco", *reversed(properties)), bytes(table))
	parts = [bytes(data[start:end]) for _, start, _, end in boxes(data, meta + 4, meta_end)]
	data[meta + 4:meta_end] = b"".join([parts[0], *reversed(parts[1:])])
	return bytes(data)


def in_meta(path, **how):
	"""One picture whose bytes lie in the meta box, which is the last and says it ends with the file."""
	properties, data = coded(path)
	whole = bytearray(grid(path, 1, 1, **how))
	_, meta_at, meta, meta_end = child(whole, b"meta", 0, len(whole))
	parts = [(kind, bytes(whole[start:end])) for kind, start, _, end in boxes(whole, meta + 4, meta_end)]
	place = full(b"iloc", 1, 0, struct.pack(">BBH", 0x44, 0, 1), struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(data)))
	body = b"".join(place if kind == b"iloc" else part for kind, part in parts) + box(b"idat", data)
	return bytes(whole[:meta_at]) + struct.pack(">I4sI", 0, b"meta", 0) + body


def without_still(path):
	"""An image sequence whose meta box is nothing any more."""
	data = bytearray(pathlib.Path(path).read_bytes())
	_, at, _, _ = child(data, b"meta", 0, len(data))
	data[at + 4:at + 8] = b"free"
	_, head, _, head_end = child(data, b"ftyp", 0, len(data))
	data[head:head_end] = bytes(data[head:head_end]).replace(b"avif", b"avis").replace(b"mif1", b"msf1")
	return bytes(data)
