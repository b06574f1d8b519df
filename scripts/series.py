#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Apply the patches of series/ to a kernel tree.

series.py tree STOCK DEST LINE [LAST]
	Make DEST the tree STOCK with all patches, or those up to LAST, applied.
	DEST shares its unchanged files with STOCK by hard links, and only files
	whose content changes are replaced: a small edit is a small build.
series.py commits STOCK REPOSITORY LINE
	Make a git repository of the files of STOCK that the patches touch, with a
	commit for each patch.

series/series names the patches in their order. In series/PATCH/, "message" is the
commit's message, "files" lists the new files that it brings, and FILE.patch is an
edit of FILE, FILE.<LINE>.patch the one for that kernel line. A new file lives at its
own path in this repository, as it is after the last patch; an edit of it is undone
to find what it was like before.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SERIES = Path("series")
TOP = ("Documentation", "arch", "fs", "include", "kernel", "mm", "net", "tools/testing")
EDIT = re.compile(r"(?P<file>.+?)(\.(?P<line>\d+\.\d+))?\.patch")
HUNK = re.compile(r"^@@ -\d.*?@@ ?(.*)$", re.M)
JUNK = re.compile(r"\.(?!kunitconfig$).*|.*(~|\.orig|\.rej|\.pyc)")


class Misfit(Exception):
    """An edit does not fit"""


class Patch:
    """A directory of series/"""

    def __init__(self, name, line):
        self.name, self.dir = name, SERIES / name
        self.message = (self.dir / "message").read_text()
        files = self.dir / "files"
        self.files = files.read_text().split() if files.exists() else []
        self.edits = {}
        for path in sorted(self.dir.rglob("*.patch")):
            match = EDIT.fullmatch(str(path.relative_to(self.dir)))
            if match["line"] == line or (not match["line"] and match["file"] not in self.edits):
                self.edits[match["file"]] = path


def hunks(path):
    """[(lines before, lines after, function heading)...] of an edit"""
    parts = HUNK.split(path.read_text())[1:]
    for heading, body in zip(parts[::2], parts[1::2]):
        lines = body.split("\n")[1:-1]
        yield ([at[1:] for at in lines if at[:1] in "- "],
               [at[1:] for at in lines if at[:1] in "+ "], heading)


def places(text, lines, start):
    """Where LINES are in TEXT, from START on"""
    return [at for at in range(start, len(text) - len(lines) + 1) if text[at:at + len(lines)] == lines]


def edited(content, path, undo=False):
    """
    CONTENT with the edit PATH in it. patch and git apply take the place that is
    nearest to a line number; here there must be as many places as the edit has
    hunks for it, so that none can land in another function.
    """
    text, start = content.split("\n"), 0
    todo = [(new, old, where) if undo else (old, new, where) for old, new, where in hunks(path)]
    for nr, (old, new, where) in enumerate(todo):
        found = places(text, old, start)
        if len(found) != sum(other[0] == old for other in todo[nr:]):
            fits = f"fits {len(found)} places" if found else "does not fit"
            raise Misfit(f"{path} {fits}; {where or 'the file'} should hold this:\n    " +
                         "\n    ".join(old))
        text[found[0]:found[0] + len(old)] = new
        start = found[0] + len(new)
    return "\n".join(text)


def patches(line):
    return [Patch(name, line) for name in (SERIES / "series").read_text().split()]


def introduced(series):
    """What each of our files is like when its patch brings it"""
    brought = [path for patch in series for path in patch.files]
    ours = [str(path) for top in TOP for path in sorted(Path(top).rglob("*"))
            if path.is_file() and not JUNK.fullmatch(path.name)]
    for path in set(brought) ^ set(ours):
        raise Misfit(f"{path} is {'missing' if path in brought else 'in no patch of series/'}")
    contents = {path: Path(path).read_text() for path in ours}
    for patch in reversed(series):
        for path in set(patch.edits) & set(contents):
            contents[path] = edited(contents[path], patch.edits[path], undo=True)
    return contents


def states(stock, line, last=None):
    """(patch, {path: its content}) for each patch"""
    series = patches(line)
    ours, now, errors, misfits = introduced(series), {}, [], set()
    for patch in series:
        changed = {path: ours[path] for path in patch.files}
        for path in patch.files:
            if (stock / path).exists():
                errors.append(f"this tree has a {path}, which {patch.name} brings")
        for path, edit in patch.edits.items():
            if path in misfits:
                continue
            try:
                if path not in now and not (stock / path).is_file():
                    raise Misfit(f"{edit}: this tree has no {path}")
                before = now[path] if path in now else (stock / path).read_text()
                changed[path] = edited(before, edit)
            except Misfit as error:
                errors.append(str(error))
                misfits.add(path)
        now.update(changed)
        yield patch, changed
        if patch.name == last:
            break
    if errors:
        raise Misfit("\nseries: ".join(errors))


def replace(path, content):
    """Never write in place: the old content may be STOCK's own, by a hard link"""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text(content)
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


def tree(stock, dest, line, last=None):
    """Bring DEST to what the patches make of STOCK"""
    wanted, count = {}, 0
    for count, (_, changed) in enumerate(states(stock, line, last), 1):
        wanted.update(changed)
    fresh(stock, dest)
    record = dest / ".patched"
    formerly = record.read_text().split("\n") if record.exists() else []
    # Written first: an interrupted run must not forget what it has touched.
    replace(record, "\n".join(sorted(set(formerly) | set(wanted))))
    installed = 0
    for path in filter(None, set(formerly) - set(wanted)):
        installed += 1
        if (stock / path).exists():
            replace(dest / path, (stock / path).read_text())
        else:
            (dest / path).unlink(missing_ok=True)
    for path, content in wanted.items():
        there = dest / path
        if not there.exists() or there.read_text() != content:
            replace(there, content)
            installed += 1
    replace(record, "\n".join(sorted(wanted)))
    print(f"  series   {dest.name}: {count} patches, {len(wanted)} files, {installed} to install")


def commits(stock, repository, line):
    """A commit for each patch, the first one for what the tree has"""
    def git(*args, **kwargs):
        subprocess.run(["git", "-C", repository, *args], check=True, **kwargs)

    def commit(message):
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "--file=-", input=message, text=True)

    steps = list(states(stock, line))
    if repository.exists():
        shutil.rmtree(repository)
    repository.mkdir(parents=True)
    git("init", "--quiet")
    for path in {path for _, changed in steps for path in changed}:
        if (stock / path).exists():
            replace(repository / path, (stock / path).read_text())
    commit(f"Linux {line}")
    for patch, changed in steps:
        for path, content in changed.items():
            replace(repository / path, content)
        commit(patch.message)


def main():
    what = {"tree": tree, "commits": commits}.get(sys.argv[1] if sys.argv[1:] else "")
    if not what or len(sys.argv) < 5:
        sys.exit(__doc__)
    try:
        what(Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:])
    except Misfit as error:
        sys.exit(f"series: {error}\nseries: nothing was changed")


if __name__ == "__main__":
    main()
