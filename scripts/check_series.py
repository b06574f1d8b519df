#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""check_series.py STOCK PATCHED DIR LINE: is each step of the series a good one?

Applies the mails in DIR/mails, one by one, by "git am" to a git tree of the pristine
source, DIR/tree. After each, what the patches touch is built without a warning for
x86_64 and arm64, with the new options on and off; checkpatch.pl has nothing to say;
KUnit runs where tests are added. In the end the tree is that which is tested
otherwise. What was verified before is not done again.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ARCHES = ("x86_64", "arm64")
ADDED = re.compile(r"^\+(?!\+\+ )", re.M)
PROGRAMS = Path("scripts/checkpatch-programs").read_text().split()
KUNIT = re.compile(r"Ran \d+ tests: passed: (\d+)")


def failed(why):
    sys.exit(f"FAILED\n{why}")


class Check:
    """The tree, and what is known of the patches"""

    def __init__(self, stock, patched, top, line):
        self.stock, self.patched, self.top, self.line = stock, patched, top, line
        self.tree, self.mails = top / "tree", sorted((top / "mails").glob("*.patch"))[1:]

    def run(self, log, *command, cwd=None, good=(0,)):
        path = self.top / f"{log}.log"
        with path.open("w") as out:
            status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, cwd=cwd,
                                    check=False, stdin=subprocess.DEVNULL).returncode
        text = path.read_text(errors="replace")
        if status not in good:
            failed(f"{' '.join(map(str, command[:4]))} ... failed; the end of {path}:\n    " +
                   "\n    ".join(text.rstrip().split("\n")[-20:]))
        return text

    def git(self, *args):
        return self.run("git", "git", "-C", self.tree, *args)

    def prepare(self):
        """The pristine tree as a git tree: STOCK's files, by hard links"""
        origin = self.tree / ".origin"
        if (self.tree / ".git/refs/tags/stock").exists() and \
                origin.read_text() == (self.stock / ".origin").read_text():
            return
        print("  series   git tree of the pristine source ...", flush=True)
        subprocess.run(["rm", "-rf", self.tree], check=True)
        subprocess.run(["cp", "-al", self.stock, self.tree], check=True)
        self.git("init", "-q")
        self.git("config", "gc.auto", "0")
        (self.tree / ".git/info/exclude").write_text("/.origin\n")
        # Some of its files are ignored by its own .gitignore
        self.git("add", "--all", "--force")
        self.git("rm", "-q", "--cached", ".origin")
        self.git("commit", "-q", "-m", f"Linux {self.line}")
        self.git("tag", "stock")

    def checkpatch(self, mail):
        """MAINTAINERS changes once, and asm/ headers may include others; else all counts"""
        log = self.run("checkpatch", "perl", "scripts/checkpatch.pl", "--strict", "--no-signoff",
                       "--terse", "--showfile", "--show-types", "--ignore",
                       "FILE_PATH_CHANGES,ARCH_INCLUDE_LINUX", mail.resolve(),
                       cwd=self.tree, good=(0, 1))
        for path, kind in re.findall(r"^(\S+?):\d+: (?:ERROR|WARNING|CHECK):(\w+)", log, re.M):
            if not path.startswith("tools/") or kind not in PROGRAMS:
                failed(f"checkpatch: {kind} in {path}: {self.top}/checkpatch.log")

    def objects(self, arch, variant):
        """Returns how many were built"""
        log = self.run(f"objects-{arch}-{variant}", "make", "step-objects", f"ARCH={arch}",
                       f"VARIANT={variant}", f"LINE={self.line}", f"TREE={self.tree}",
                       f"OUT={self.top}/{arch}-{'off' if variant == 'off' else 'on'}")
        if "warning:" in log:
            failed(f"{arch} {variant}: warnings in {self.top}/objects-{arch}-{variant}.log")
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
        on = "lint" if (self.tree / "kernel/seccomp/verify.c").exists() else "bitmap"
        row = {"name": mail.stem, "added": len(ADDED.findall(text)), "objects": 0, "tests": "-"}
        self.checkpatch(mail)
        if any(path.endswith((".c", ".h", "Makefile", "Kconfig", "Kbuild")) for path in changed):
            row["objects"] = sum(self.objects(arch, variant) for arch in ARCHES
                                 for variant in ("off", on))
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
            failed("git am gives another tree than series.py: " + " ".join(bad))

    def all(self):
        self.prepare()
        # Results by commits, whose names are the same as long as all up to them is
        verified = self.top / "steps.json"
        known = json.loads(verified.read_text()) if verified.exists() else {}
        # Only files whose content changes get a new time
        self.git("reset", "-q", "--hard", "stock")
        for number, mail in enumerate(self.mails, 1):
            self.git("am", "-q", mail.resolve())
            commit = self.git("rev-parse", "HEAD").strip()
            if commit not in known:
                start = time.monotonic()
                which = f"{number}/{len(self.mails)} {mail.stem[5:]}"
                print(f"  series   {which} ... ", end="", flush=True)
                known[commit] = self.step(mail)
                verified.write_text(json.dumps(known))
                print(f"{time.monotonic() - start:.0f} s", flush=True)
            yield known[commit]
        self.same_tree()


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    for who in "AUTHOR", "COMMITTER":
        os.environ.update({f"GIT_{who}_NAME": "series", f"GIT_{who}_EMAIL": "series@localhost"})
    os.environ["GIT_COMMITTER_DATE"] = "@1000000000 +0000"
    # Debian's Python has what spdxcheck.py imports
    os.environ["PATH"] = "/usr/bin:" + os.environ["PATH"]
    for name in ("MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL"):
        os.environ.pop(name, None)
    rows = list(Check(*map(Path, sys.argv[1:4]), sys.argv[4]).all())
    line = "{:<62}{:>7}{:>9}{:>9}{:>11}{:>7}"
    print("\n" + line.format("patch", "added", "objects", "warnings", "checkpatch", "tests"))
    for row in rows:
        print(line.format(row["name"], row["added"], row["objects"], 0, 0, row["tests"]))
    print(f"\n{len(rows)} patches; the tree is the one that is tested")
    print(f"{len(rows)} passed, 0 failed")


main()
