#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""graft.py STOCK DEST LINE: make DEST the kernel tree STOCK with our files in it.

A file of ours lands at its own path; FILE.patch is an edit to the kernel's
FILE, and FILE.<LINE>.patch is used instead of it on that kernel line.  All
edits are tried before anything is changed.  DEST shares its unchanged files
with STOCK by hard links, and only files whose content changes are replaced, so
that a build after a small edit is a small build.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = ("Documentation", "arch", "fs", "include", "kernel", "mm", "net", "tools/testing")
PATCH = re.compile(r"(?P<file>.+?)(\.(?P<line>\d+\.\d+))?\.patch")
JUNK = re.compile(r"\.(?!kunitconfig$|gitignore\.patch$).*|.*(~|\.orig|\.rej|\.pyc)")


def collect(line):
    """Our files and our edits for this kernel line: {path in the tree: source}"""
    files, edits, own_line = {}, {}, set()
    for top in TOP:
        for src in sorted(Path(top).rglob("*")):
            if not src.is_file() or JUNK.fullmatch(src.name):
                continue
            match = PATCH.fullmatch(str(src))
            if not match:
                files[str(src)] = src
            elif match["line"] == line:
                edits[match["file"]] = src
                own_line.add(match["file"])
            elif not match["line"] and match["file"] not in own_line:
                edits[match["file"]] = src
    return files, edits


def edit(stock, path, patch, tmp):
    """The patched content of one of the kernel's files, or what did not fit"""
    if not (stock / path).is_file():
        return None, f"{patch}: this tree has no {path}"
    out, rej = tmp / "out", tmp / "rej"
    run = subprocess.run(["patch", "--batch", "--forward", "--fuzz=0", "-r", rej, "-o", out,
                          stock / path, patch], text=True, errors="replace",
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if run.returncode == 0:
        return out.read_bytes(), None
    why = rej.read_text(errors="replace") if rej.exists() else run.stdout
    rej.unlink(missing_ok=True)
    return None, f"{patch} does not fit {path}, which should hold this:\n{why}"


def plan(stock, line):
    """{path: content} for all that differs from STOCK; exits if an edit does not fit"""
    files, edits = collect(line)
    wanted, errors = {}, []
    for path, src in files.items():
        wanted[path] = src.read_bytes()
        if (stock / path).exists():
            errors.append(f"{src}: the tree has a file of this name; it needs a {path}.patch")
    with tempfile.TemporaryDirectory() as tmp:
        for path, patch in edits.items():
            wanted[path], error = edit(stock, path, patch, Path(tmp))
            if error:
                errors.append(error)
    if errors:
        sys.exit("graft: " + "\ngraft: ".join(errors) + "\ngraft: nothing was changed")
    return wanted, len(files), len(edits)


def replace(path, content):
    """Never write in place: the old content may be STOCK's own, by a hard link"""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_bytes(content)
    os.replace(new, path)


def fresh(stock, dest):
    """DEST as a copy of STOCK, anew when STOCK is not what it was"""
    origin = stock / ".origin"
    copied = dest / ".origin"
    if copied.exists() and copied.read_bytes() == origin.read_bytes():
        return
    part = dest.with_name(dest.name + ".part")
    for old in (part, dest):
        if old.exists():
            shutil.rmtree(old)
    subprocess.run(["cp", "-al", stock, part], check=True)
    part.rename(dest)


def install(stock, dest, wanted):
    """Bring DEST to the plan; returns how many files had to change"""
    record = dest / ".grafted"
    formerly = record.read_text().split("\n") if record.exists() else []
    changed = 0
    # Written first: an interrupted run must not forget what it has touched.
    replace(record, "\n".join(sorted(set(formerly) | set(wanted))).encode())
    for path in filter(None, set(formerly) - set(wanted)):
        changed += 1
        if (stock / path).exists():
            replace(dest / path, (stock / path).read_bytes())
        else:
            (dest / path).unlink(missing_ok=True)
    for path, content in wanted.items():
        there = dest / path
        if not there.exists() or there.read_bytes() != content:
            replace(there, content)
            changed += 1
    replace(record, "\n".join(sorted(wanted)).encode())
    return changed


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    stock, dest, line = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    wanted, files, edits = plan(stock, line)
    fresh(stock, dest)
    changed = install(stock, dest, wanted)
    print(f"  graft    {dest.name}: {files} files, {edits} edits, {changed} to install")


main()
