#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""manifest.py PATCHED BUNDLE LINE VERSION RELEASE: what a bundle has, and what was tested.

A result counts if its test began after the last file of the tree PATCHED changed.
"""

import json
import sys
from collections import Counter
from pathlib import Path

patched, bundle, (line, version, release) = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
changed = max((patched / path).stat().st_mtime_ns
              for path in (patched / ".patched").read_text().split())
rows = [json.loads(path.read_text()) for path in sorted(Path("build/tested").glob("*.json"))]
rows = [row for row in rows if row["name"].split()[0] == line and row["begun"] > changed]

print(f"seccomp-bitmap {version} for Linux {line}, made from the sources of {release}\n\npatches:")
for path in sorted(bundle.glob("patches/*.patch")):
    print(f"  {path.stem}")
print("\ntested, on the tree that these patches make of these sources:")
if not rows:
    print(f"  nothing; make check LINE={line} before make bundle tests it")
for row in rows:
    results = Counter(result for _, result, _ in row["cases"])
    print(f"  {row['name']:<16}{row['part']:<24}{results['passed']:>5} passed, "
          f"{results['failed']} failed, {results['skipped']} skipped")
