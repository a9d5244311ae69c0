#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""checked_copy.py SHA256 FROM TO: copies a file of data whose content is known, and refuses another."""
import hashlib
import sys

wanted, source, target = sys.argv[1:]
with open(source, "rb") as f:
    data = f.read()
found = hashlib.sha256(data).hexdigest()
if found != wanted:
    raise SystemExit(f"{source}: sha256 {found}, expected {wanted}: not the data that was tried")
with open(target, "wb") as f:
    f.write(data)
