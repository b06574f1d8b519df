#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""series.py STOCK LINE: can an edit of series/ land in the wrong place?

A helper function is put in front of each function and comment of each C file that
the patches edit. Then an edit must either not fit, or land where it lands without
the helper. And patches have the numbers of their mails, by which the cover letter
names them. Reports as TAP.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
import series                                                   # pylint: disable=C0413

HELPER = "static int helper(int x)\n{\n\tif (x)\n\t\treturn 1;\n\treturn 0;\n}\n\n"
# Where something begins at the margin: a function, a comment, a declaration
BEGIN = re.compile(r"(?<=\n\n)(?=[a-z_A-Z/#])")


def final(content, edits):
    for edit in edits:
        content = series.edited(content, edit)
    return content


def places(content, edits):
    """(places tried, those where the helper is refused, those where it goes wrong)"""
    expected, refused, wrong = final(content, edits), 0, []
    starts = [match.start() for match in BEGIN.finditer(content)]
    for at in starts:
        try:
            with_helper = final(content[:at] + HELPER + content[at:], edits)
        except series.Misfit:
            refused += 1
            continue
        if with_helper.replace(HELPER, "", 1) != expected:
            wrong.append(content.count("\n", 0, at) + 1)
    return len(starts), refused, wrong


def main():
    stock, line = Path(sys.argv[1]), sys.argv[2]
    edits, misnumbered = {}, []
    for number, patch in enumerate(series.patches(line), 1):
        if not patch.name.startswith(f"{number:02}-"):
            misnumbered.append(patch.name)
        for path, edit in patch.edits.items():
            if path.endswith((".c", ".h")) and (stock / path).exists():
                edits.setdefault(path, []).append(edit)
    print("TAP version 13")
    failed = not edits or bool(misnumbered)
    for number, path in enumerate(sorted(edits), 1):
        tried, refused, wrong = places((stock / path).read_text(), edits[path])
        bad = wrong or not tried
        failed |= bool(bad)
        print(f"{'not ok' if bad else 'ok'} {number} {path} # {tried} places, {refused} refused"
              + (f", wrong at {wrong}" if wrong else ""))
    print(f"{'not ok' if misnumbered else 'ok'} {len(edits) + 1} numbers of patches"
          + (f" # not those of mails: {' '.join(misnumbered)}" if misnumbered else ""))
    print(f"1..{len(edits) + 1}")
    sys.exit(failed)


main()
