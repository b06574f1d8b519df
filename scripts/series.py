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

from edits import Misfit, applied, edited, explained

SERIES = Path("series")
TOP = ("Documentation", "arch", "fs", "include", "kernel", "mm", "net", "tools/testing")
EDIT = re.compile(r"(?P<file>.+?)(\.(?P<line>\d+\.\d+))?\.patch")
JUNK = re.compile(r"\.(?!kunitconfig$).*|.*(~|\.orig|\.rej|\.pyc)")


class Patch:
    """A directory of series/, for trees of a LINE or like it"""

    def __init__(self, name, line):
        self.name, self.dir = name, SERIES / name
        self.message = (self.dir / "message").read_text()
        files = self.dir / "files"
        self.files = files.read_text().split() if files.exists() else []
        all_lines = {}
        for path in sorted(self.dir.rglob("*.patch")):
            match = EDIT.fullmatch(str(path.relative_to(self.dir)))
            all_lines.setdefault(match["line"], {})[match["file"]] = path
        common = all_lines.pop(None, {})
        # Its edits for each line, the nearest line first
        self.lines = [(at, common | all_lines.get(at, {})) for at in nearest(line)]
        self.edits = self.lines[0][1]

    def choose(self, read):
        """
        {path: (content, edit, misfits)} of the edits for the nearest line that fit
        all; where a file does not take that line's edit, another line's may do
        """
        chosen = None
        for _, edits in self.lines:
            choice = {path: self.best(path, edits[path], read(path)) for path in edits}
            if not any(misfits for _, _, misfits in choice.values()):
                return choice
            chosen = chosen or choice
        return chosen

    def best(self, path, edit, content):
        if content is None:
            return "", edit, [(None, "is not in this tree")]
        others = [edits[path] for _, edits in self.lines if path in edits]
        tried = [(*applied(content, other), other) for other in dict.fromkeys([edit, *others])]
        content, misfits, edit = next((one for one in tried if not one[1]), tried[0])
        return content, edit, misfits

    def line_of(self, edit):
        """The line that an EDIT is for, if it is not for all"""
        return EDIT.fullmatch(str(edit.relative_to(self.dir)))["line"]


def nearest(line):
    """The lines that edits are for, the one that is nearest to LINE first"""
    def version(name):
        return tuple(map(int, name.split(".")[:2]))

    names = {EDIT.fullmatch(path.name)["line"] for path in SERIES.rglob("*.patch")} - {None}
    names = sorted(names, key=version)
    at = sum(version(name) < version(line) for name in names)
    if line not in names:
        at -= .5
    return sorted(names, key=lambda name: (abs(names.index(name) - at), -names.index(name)))


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


class Overlay:
    """The files of a tree, with changes that are not written"""

    def __init__(self, stock):
        self.stock, self.changed = stock, {}

    def read(self, path):
        """None if there is no such file"""
        if path not in self.changed:
            there = self.stock / path
            self.changed[path] = there.read_text() if there.is_file() else None
        return self.changed[path]


def taken_out(overlay, patch, brought):
    """Take PATCH out of a tree, if that has the whole of it"""
    if any(overlay.read(path) != brought[path] for path in patch.files):
        return False
    for _, edits in patch.lines:
        results = {path: applied(overlay.read(path) or "", edit, undo=True)
                   for path, edit in edits.items()}
        if not any(misfits for _, misfits in results.values()):
            overlay.changed.update({path: content for path, (content, _) in results.items()})
            overlay.changed.update(dict.fromkeys(patch.files))
            return True
    return False


def steps(stock, line):
    """For each patch (patch, is it there?, {path: (content, edit, misfits)})"""
    series, overlay = patches(line), Overlay(stock)
    brought = introduced(series)
    there = {patch for patch in reversed(series) if taken_out(overlay, patch, brought)}
    for patch in series:
        has = [(None, "is in this tree, and not what the patch brings")]
        result = patch.choose(overlay.read)
        for path in patch.files:
            result[path] = brought[path], None, has if overlay.read(path) is not None else []
        overlay.changed.update({path: content for path, (content, _, _) in result.items()})
        yield patch, patch in there, result


def states(stock, line, last=None):
    """(patch, {path: its content}) for each patch"""
    errors = {}
    for patch, _, result in steps(stock, line):
        for path, (_, edit, misfits) in result.items():
            for hunk, why in misfits:
                errors.setdefault(path, explained(path, edit, hunk, why))
        yield patch, {path: content for path, (content, _, _) in result.items()}
        if patch.name == last:
            break
    if errors:
        raise Misfit("\nseries: ".join(errors.values()))


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
        sys.exit(f"series: {error}\nseries: nothing was changed; "
                 "make fit KDIR= compares a tree of your own with what was expected")


if __name__ == "__main__":
    main()
