#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""check_series.py STOCK PATCHED DIR LINE: is each step of the series a good one?

Applies the mails in DIR/mails, one by one, by "git am" to a git tree of the pristine
source, DIR/tree. After each, what the patches touch is built without a warning for
x86_64 and arm64, with the new options on and off; checkpatch.pl has nothing to say;
KUnit runs where tests are added. In the end the tree is that which is tested
otherwise. What was verified before is not done again.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ARCHES = ("x86_64", "arm64")
ADDED = re.compile(r"^\+(?!\+\+ )", re.M)
PROGRAMS = Path("scripts/checkpatch-programs").read_text().split("\n")
KUNIT = re.compile(r"Ran \d+ tests: passed: (\d+)")


class Failed(Exception):
    """A step is no good"""


class Check:
    """The tree, and what is known of the patches"""

    def __init__(self, stock, patched, top, line):
        self.stock, self.patched, self.top, self.line = stock, patched, top, line
        self.tree, self.verified = top / "tree", top / "verified.json"
        self.mails = sorted((top / "mails").glob("*.patch"))[1:]

    def run(self, log, *command, cwd=None, good=(0,)):
        path = self.top / f"{log}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as out:
            status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, cwd=cwd,
                                    check=False, stdin=subprocess.DEVNULL).returncode
        text = path.read_text(errors="replace")
        if status not in good:
            raise Failed(f"{' '.join(map(str, command[:4]))} ... failed; the end of {path}:\n    " +
                         "\n    ".join(text.rstrip().split("\n")[-20:]))
        return text

    def git(self, *args):
        return self.run("git", "git", "-C", self.tree, *args)

    def prepare(self):
        """The pristine tree as a git tree: STOCK's files, by hard links"""
        origin = (self.stock / ".origin").read_text()
        if (self.tree / ".origin").exists() and (self.tree / ".origin").read_text() == origin \
                and (self.tree / ".git/refs/tags/stock").exists():
            return
        print("  series   git tree of the pristine source ...", flush=True)
        subprocess.run(["rm", "-rf", self.tree, self.verified], check=True)
        subprocess.run(["cp", "-al", self.stock, self.tree], check=True)
        self.git("init", "-q")
        self.git("config", "gc.auto", "0")
        (self.tree / ".git/info/exclude").write_text("/.origin\n")
        # Some of its files are ignored by its own .gitignore
        self.git("add", "--all", "--force")
        self.git("rm", "-q", "--cached", ".origin")
        self.git("commit", "-q", "-m", f"Linux {self.line}")
        self.git("tag", "stock")

    def known(self):
        """Results of the mails that have been verified, as long as they are the same"""
        old = json.loads(self.verified.read_text()) if self.verified.exists() else []
        same = []
        for result, mail in zip(old, self.mails):
            if result["mail"] != hashlib.sha256(mail.read_bytes()).hexdigest():
                break
            same.append(result)
        return same

    def checkpatch(self, mail):
        """MAINTAINERS changes once, and asm/ headers may include others; else all counts"""
        log = self.run("checkpatch", "perl", "scripts/checkpatch.pl", "--strict", "--no-signoff",
                       "--terse", "--showfile", "--show-types", "--ignore",
                       "FILE_PATH_CHANGES,ARCH_INCLUDE_LINUX", mail.resolve(),
                       cwd=self.tree, good=(0, 1))
        for path, kind in re.findall(r"^(\S+?):\d+: (?:ERROR|WARNING|CHECK):(\w+)", log, re.M):
            if not path.startswith("tools/") or kind not in PROGRAMS:
                raise Failed(f"checkpatch: {kind} in {path}: {self.top}/checkpatch.log")

    def objects(self, arch, variant):
        """Returns how many were built"""
        log = self.run(f"objects-{arch}-{variant}", "make", "step-objects", f"ARCH={arch}",
                       f"VARIANT={variant}", f"LINE={self.line}", f"TREE={self.tree}",
                       f"OUT={self.top}/{arch}-{'off' if variant == 'off' else 'on'}")
        if "warning:" in log:
            raise Failed(f"{arch} {variant}: warnings in {self.top}/objects-{arch}-{variant}.log")
        return log.count("  CC      ")

    def kunit(self):
        """Returns how many tests have passed"""
        log = self.run("kunit", "tools/testing/kunit/kunit.py", "run", "--arch=x86_64",
                       "--kunitconfig=kernel/seccomp/tests", f"--jobs={os.cpu_count()}",
                       f"--build_dir={self.top.resolve()}/kunit", cwd=self.tree)
        return int(KUNIT.search(log)[1])

    def step(self, mail):
        """All that is asked of one patch; returns a row of the table"""
        text = mail.read_text()
        changed = re.findall(r"^\+\+\+ b/(.*)$", text, re.M)
        self.git("am", "-q", mail.resolve())
        verify = (self.tree / "kernel/seccomp/verify.c").exists()
        row = {"mail": hashlib.sha256(mail.read_bytes()).hexdigest(), "name": mail.name[:-6],
               "added": len(ADDED.findall(text)), "objects": 0, "tests": None}
        self.checkpatch(mail)
        if any(path.endswith((".c", ".h", "Makefile", "Kconfig", "Kbuild")) for path in changed):
            for arch in ARCHES:
                row["objects"] += self.objects(arch, "off")
                row["objects"] += self.objects(arch, "lint" if verify else "bitmap")
        if any(path.endswith("_kunit.c") for path in changed):
            row["tests"] = self.kunit()
        return row

    def same_tree(self):
        """Is the tree what series.py makes of STOCK?"""
        ours = set((self.patched / ".patched").read_text().split())
        theirs = set(self.git("diff", "--name-only", "stock", "HEAD").split())
        bad = sorted(ours ^ theirs) + sorted(
            path for path in ours & theirs
            if (self.patched / path).read_bytes() != (self.tree / path).read_bytes())
        if bad:
            raise Failed("git am gives another tree than series.py: " + " ".join(bad))

    def all(self):
        self.prepare()
        rows = self.known()
        self.git("reset", "-q", "--hard", "stock")
        # Only files whose content changes get a new time: replay what is known elsewhere
        for mail in self.mails[:len(rows)]:
            self.git("am", "-q", mail.resolve())
        for number, mail in enumerate(self.mails[len(rows):], len(rows) + 1):
            start = time.monotonic()
            print(f"  series   {number}/{len(self.mails)} {mail.name[5:-6]} ... ", end="", flush=True)
            rows.append(self.step(mail))
            self.verified.write_text(json.dumps(rows))
            print(f"{time.monotonic() - start:.0f} s", flush=True)
        self.same_tree()
        return rows


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    os.environ.update({f"GIT_COMMITTER_{what}": value for what, value in (
        ("NAME", "series"), ("EMAIL", "series@localhost"), ("DATE", "@1000000000 +0000"))})
    os.environ.update({"GIT_AUTHOR_NAME": "series", "GIT_AUTHOR_EMAIL": "series@localhost"})
    # Debian's Python has what spdxcheck.py imports
    os.environ["PATH"] = "/usr/bin:" + os.environ["PATH"]
    for name in ("MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL"):
        os.environ.pop(name, None)
    try:
        rows = Check(*map(Path, sys.argv[1:4]), sys.argv[4]).all()
    except Failed as error:
        sys.exit(f"FAILED\n{error}")
    print(f"\n{'patch':<62}{'added':>7}{'objects':>9}{'warnings':>9}{'checkpatch':>11}{'tests':>7}")
    for row in rows:
        print(f"{row['name']:<62}{row['added']:>7}{row['objects']:>9}{0:>9}{0:>11}"
              f"{'-' if row['tests'] is None else row['tests']:>7}")
    print(f"\n{len(rows)} patches; the tree is the one that is tested\n{len(rows)} passed, 0 failed")


main()
