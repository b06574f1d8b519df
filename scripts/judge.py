#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the parts of a check and judge them.

judge.py row DIR NAME PART [--console LOG [--classifier NAME] [--kunit]] -- COMMAND...
	Run a command, keep its result as a row in DIR.  With a console log, what
	counts is every test point in it; without one, the command's exit status.
judge.py table DIR
	Print the rows, then the sum.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path

STAMP = re.compile(r"^\[ *\d+\.\d+\](\[ *[CT]\d+\])? ?")
RESULT = re.compile(r"(?P<indent> *)(?P<bad>not )?ok (?P<nr>\d+) ?(- )?(?P<name>[^#]*)(# ?(?P<why>.*))?")
PLAN = re.compile(r"(?P<indent> *)1\.\.(?P<count>\d+)( # SKIP.*)?")
END = "guest: end, status 0"
CLASSIFIER = re.compile(r"seccomp_bitmap: .*; classifier (\w+)")
# What a kernel says when something is wrong with it
COMPLAINT = re.compile(r"\bWARNING: |\bBUG: |\bKASAN: |\bUBSAN: |INFO: (possible|task|rcu|trying)|"
                       r"suspicious RCU|detected stall|\bOops\b|Kernel panic|kmemleak: \d|"
                       r"seccomp_bitmap: .*mismatch|Bail out!")


class Level:
    """One list of test points: 'ok 1', 'ok 2', ..."""

    def __init__(self, failures):
        self.seen = 0
        self.planned = None
        self.failures = failures        # how many there were before


class Console:
    """The test points of a console log, KTAP in KTAP, and the kernel's complaints"""

    def __init__(self, text):
        self.passed = self.skipped = 0
        self.failures = []
        self.levels = []
        self.lines = [STAMP.sub("", line.rstrip("\r")) for line in text.split("\n")]
        for line in self.lines:
            self.take(line)
        self.close(0, "the console")

    def close(self, depth, name):
        """Leave all levels from depth on; returns the outermost of them"""
        left = self.levels[depth:]
        del self.levels[depth:]
        for level in left:
            if level.planned not in (None, level.seen):
                self.failures.append(f"{name}: {level.seen} results, {level.planned} planned")
        return left[0] if left else None

    def level(self, depth):
        while len(self.levels) <= depth:
            self.levels.append(Level(len(self.failures)))
        return self.levels[depth]

    def take(self, line):
        if COMPLAINT.search(line):
            self.failures.append(line.strip())
        elif line == "KTAP version 1":
            self.close(0, "tests before")
        elif match := PLAN.fullmatch(line):
            self.level(len(match["indent"]) // 4).planned = int(match["count"])
        elif match := RESULT.fullmatch(line):
            self.point(match)

    def point(self, match):
        depth, name = len(match["indent"]) // 4, match["name"].strip()
        group = self.close(depth + 1, name)
        self.level(depth).seen += 1
        why = match["why"] or ""
        if match["bad"]:
            # A group fails by its members, or else in its own right.
            if not group or len(self.failures) == group.failures:
                self.failures.append(f"{name}: {why or 'failed'}")
        elif why.upper().startswith(("SKIP", "XFAIL")):
            self.skipped += 1
        elif not group or not group.seen:
            self.passed += 1


def judge(args):
    """passed, skipped, [failure...] from a console"""
    path = Path(args.console)
    console = Console(path.read_text(errors="replace") if path.exists() else "")
    text = "\n".join(console.lines)
    if END not in console.lines:
        console.failures.append(f"the console ends early: no '{END}'")
    if args.kunit and "# Subtest: seccomp" not in text:
        console.failures.append("no KUnit results")
    if args.classifier:
        match = CLASSIFIER.search(text)
        found = match[1] if match else "no boot line"
        if found != args.classifier:
            console.failures.append(f"classifier: {found}, expected {args.classifier}")
    return console.passed, console.skipped, console.failures


def row(args):
    """Run the command and keep what came of it; returns the exit status"""
    if args.console:
        Path(args.console).unlink(missing_ok=True)
        print(f"  boot     {args.name} {args.part} ...", flush=True)
    begun, start = time.time_ns(), time.monotonic()
    status = subprocess.run(args.command, check=False).returncode
    passed, skipped, failures = (judge(args) if args.console else
                                 (1, 0, []) if status == 0 else (0, 0, ["failed"]))
    seconds = round(time.monotonic() - start)
    if args.console:
        print(f"  booted   {args.name} {args.part}: {passed} passed, "
              f"{len(failures)} failed ... {seconds} s")
        for failure in failures[:20]:
            print(f"    FAILED {failure}")
        if failures:
            print(f"    console: {args.console}")
    args.dir.mkdir(parents=True, exist_ok=True)
    (args.dir / f"{begun}.json").write_text(json.dumps(
        {"name": args.name, "part": args.part, "passed": passed, "skipped": skipped,
         "failures": failures, "seconds": seconds}))
    return 1 if failures else 0


def table(args):
    """Print all rows and their sum; returns the exit status"""
    rows = [json.loads(path.read_text()) for path in sorted(args.dir.glob("*.json"))]
    print(f"\n{'kernel':<16}{'part':<24}{'passed':>8}{'failed':>8}{'skipped':>8}{'time':>8}")
    for r in rows:
        print(f"{r['name']:<16}{r['part']:<24}{r['passed']:>8}{len(r['failures']):>8}"
              f"{r['skipped']:>8}{r['seconds']:>6} s")
    passed, skipped = (sum(r[key] for r in rows) for key in ("passed", "skipped"))
    failed = sum(len(r["failures"]) for r in rows)
    print(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(required=True)
    mode = modes.add_parser("row")
    mode.set_defaults(func=row)
    mode.add_argument("dir", type=Path)
    mode.add_argument("name")
    mode.add_argument("part")
    mode.add_argument("--console")
    mode.add_argument("--classifier")
    mode.add_argument("--kunit", action="store_true")
    mode.add_argument("command", nargs="+")
    mode = modes.add_parser("table")
    mode.set_defaults(func=table)
    mode.add_argument("dir", type=Path)
    args = parser.parse_args()
    sys.exit(args.func(args))


main()
