#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""fit.py TREE LINE: does series/ fit a kernel tree?

Tells of each patch whether it fits; whether it does so with the edit that is meant for
another line; whether the tree has it already; or whether it needs a hand, and where.
Nothing is written. Exits with 1 if a patch needs a hand, 2 if TREE is no kernel tree.
"""

import difflib
import sys
from pathlib import Path

import series
from edits import NOWHERE, owner


def inside(text, name):
    """Which lines of TEXT are in the function NAME; all, if there is none"""
    lines, current = [], None
    for number, line in enumerate(text):
        current = owner(line) or current
        if current == name:
            lines.append(number)
        if line[:1] == "}":
            current = None
    return lines or range(len(text))


def there(text, hunk):
    """The lines of TEXT that are most like those that HUNK expects"""
    wanted = set(filter(str.strip, hunk.old))
    likes = [line in wanted for line in text]
    best = max(inside(text, owner(hunk.heading)),
               key=lambda at: sum(likes[at:at + len(hunk.old)]))
    return text[best:best + len(hunk.old)]


def hand(path, misfits, content):
    """What a person has to look at"""
    for hunk, why in misfits:
        if not hunk:
            yield f"    {path} {why}"
            continue
        yield f"    {path}: {hunk.heading or 'at its beginning'}: {why}"
        if why == NOWHERE:
            yield "      expected (-), and what is there (+):"
            for line in difflib.ndiff(hunk.old, there(content.split("\n"), hunk)):
                if line[0] != "?":
                    yield f"      {line}".rstrip()


def verdict(patch, is_there, result, bad):
    """What to say of a patch, and whether it fits; BAD: files that have not, in which patch"""
    wrong = {path for path, (_, _, misfits) in result.items() if misfits}
    for path in wrong & bad.keys():
        return f"waits for {bad[path]}: {path}", False
    bad.update(dict.fromkeys(wrong, patch.name))
    if wrong:
        return "needs a hand", False
    if is_there:
        return "already there", True
    _, usual = patch.lines[0]
    other = [f"{patch.line_of(edit) or 'most lines'} of {path}"
             for path, (_, edit, _) in result.items() if edit and edit != usual.get(path)]
    return f"fits with the edit for {', '.join(other)}" if other else "fits", True


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tree, line = Path(sys.argv[1]), sys.argv[2]
    if "SECCOMP_ARCH_NATIVE" not in (series.Overlay(tree).read("kernel/seccomp.c") or ""):
        print(f"fit: {tree} is no kernel tree, or too old: its kernel/seccomp.c has no "
              "SECCOMP_ARCH_NATIVE, which came with Linux 5.11", file=sys.stderr)
        sys.exit(2)
    bad, all_fit = {}, True
    for patch, is_there, result in series.steps(tree, line):
        what, fits = verdict(patch, is_there, result, bad)
        print(f"  {patch.name:<18} {what}")
        all_fit &= fits
        if what == "needs a hand":
            for path, (content, _, misfits) in result.items():
                print(*hand(path, misfits, content), sep="\n", end="\n" if misfits else "")
    sys.exit(not all_fit)


main()
