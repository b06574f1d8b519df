#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the parts of a check and judge them.

judge.py row DIR NAME PART [--console LOG [--classifier NAME] [--kunit]] -- COMMAND...
	Run a command, keep its result as a row in DIR.  With a console log, what
	counts is every test point in it; without one, the command's exit status.
judge.py table DIR
	Print the rows, then the sum; the same goes to DIR/junit.xml.
"""

import argparse
import json
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path

STAMP = re.compile(r"^\[ *\d+\.\d+\](\[ *[CT]\d+\])? ?")
RESULT = re.compile(r"(?P<indent> *)(?P<bad>not )?ok (?P<nr>\d+) ?(- )?(?P<name>[^#]*)(# ?(?P<why>.*))?")
SUBTEST = re.compile(r"(?P<indent> *)# Subtest: (?P<name>.*)")
PLAN = re.compile(r"(?P<indent> *)1\.\.(?P<count>\d+)( # SKIP.*)?")
END = "guest: end, status 0"
CLASSIFIER = re.compile(r"seccomp_bitmap: .*; classifier (\w+)")
# What a kernel says when something is wrong with it; QEMU's nvram is empty
COMPLAINT = re.compile(r"\bWARNING: (?!nvram )|\bBUG: |\bKASAN: |\bUBSAN: |INFO: (possible|task|rcu|trying)|"
                       r"suspicious RCU|detected stall|\bOops\b|Kernel panic|kmemleak: \d|"
                       r"seccomp_bitmap: .*mismatch|Bail out!")


class Level:
    """One list of test points: 'ok 1', 'ok 2', ..."""

    def __init__(self, failed):
        self.name = None
        self.seen = 0
        self.planned = None
        self.failed = failed            # how many cases had before


class Console:
    """The test points of a console log, KTAP in KTAP, and the kernel's complaints"""

    def __init__(self, text):
        self.cases = []                 # [name, "passed" or "failed" or "skipped", why]
        self.levels = []
        # What XML cannot hold, a wild console may
        text = re.sub(r"[^\t\n -~\u00a0-\ud7ff]", "", text)
        self.lines = [STAMP.sub("", line) for line in text.split("\n")]
        for line in self.lines:
            self.take(line)
        self.close(0, "the console")

    def failed(self):
        return count(self.cases, "failed")

    def fail(self, name, why):
        self.cases.append([name, "failed", why])

    def close(self, depth, name):
        """Leave all levels from depth on; returns the outermost of them"""
        left = self.levels[depth:]
        del self.levels[depth:]
        for level in left:
            if level.planned not in (None, level.seen):
                self.fail(name, f"{level.seen} results, {level.planned} planned")
        return left[0] if left else None

    def level(self, indent):
        while len(self.levels) <= len(indent) // 4:
            self.levels.append(Level(self.failed()))
        return self.levels[len(indent) // 4]

    def take(self, line):
        if COMPLAINT.search(line):
            self.fail("console", line.strip())
        elif line == "KTAP version 1":
            self.close(0, "tests before")
        elif match := SUBTEST.fullmatch(line):
            self.level(match["indent"]).name = match["name"]
        elif match := PLAN.fullmatch(line):
            self.level(match["indent"]).planned = int(match["count"])
        elif match := RESULT.fullmatch(line):
            self.point(match)

    def point(self, match):
        name, why = match["name"].strip(), match["why"] or ""
        group = self.close(len(match["indent"]) // 4 + 1, name)
        level = self.level(match["indent"])
        level.seen += 1
        name = "/".join(filter(None, [above.name for above in self.levels] + [name]))
        if match["bad"]:
            # A group fails by its members, or else in its own right.
            if not group or self.failed() == group.failed:
                self.fail(name, why or "failed")
        elif why.upper().startswith(("SKIP", "XFAIL")):
            self.cases.append([name, "skipped", why])
        elif not group or not group.seen:
            self.cases.append([name, "passed", ""])


def judge(args):
    """[[name, result, why]...] from a console"""
    path = Path(args.console)
    console = Console(path.read_text(errors="replace") if path.exists() else "")
    text = "\n".join(console.lines)
    if END not in console.lines:
        console.fail("console", f"it ends early: no '{END}'")
    if args.kunit and "# Subtest: seccomp" not in text:
        console.fail("console", "no KUnit results")
    if args.classifier:
        match = CLASSIFIER.search(text)
        found = match[1] if match else "no boot line"
        if found != args.classifier:
            console.fail("console", f"classifier {found}, expected {args.classifier}")
    return console.cases


def count(cases, result):
    return sum(case[1] == result for case in cases)


def row(args):
    """Run the command and keep what came of it; returns the exit status"""
    if args.console:
        Path(args.console).unlink(missing_ok=True)
        print(f"  boot     {args.name} {args.part} ...", flush=True)
    begun, start = time.time_ns(), time.monotonic()
    status = subprocess.run(args.command, check=False).returncode
    cases = (judge(args) if args.console else
             [["exit status", "failed" if status else "passed", str(status or "")]])
    failures = [f"{name}: {why}" for name, result, why in cases if result == "failed"]
    seconds = round(time.monotonic() - start)
    if args.console:
        print(f"  booted   {args.name} {args.part}: {count(cases, 'passed')} passed, "
              f"{len(failures)} failed ... {seconds} s")
        for failure in failures[:20]:
            print(f"    FAILED {failure}")
        if failures:
            print(f"    console: {args.console}")
    args.dir.mkdir(parents=True, exist_ok=True)
    (args.dir / f"{begun}.json").write_text(json.dumps(
        {"name": args.name, "part": args.part, "seconds": seconds, "cases": cases}))
    return 1 if failures else 0


def junit(rows, path):
    """Keep the rows in the form that CI services read"""
    suites = xml.Element("testsuites")
    for r in rows:
        suite = xml.SubElement(suites, "testsuite", name=f"{r['name']} {r['part']}",
                               time=str(r["seconds"]), tests=str(len(r["cases"])),
                               failures=str(count(r["cases"], "failed")),
                               skipped=str(count(r["cases"], "skipped")))
        for name, result, why in r["cases"]:
            case = xml.SubElement(suite, "testcase", classname=suite.get("name"), name=name)
            if result != "passed":
                xml.SubElement(case, {"failed": "failure"}.get(result, result), message=why)
    xml.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)


def table(args):
    """Print all rows and their sum; returns the exit status"""
    rows = [json.loads(path.read_text()) for path in sorted(args.dir.glob("*.json"))]
    total = dict.fromkeys(("passed", "failed", "skipped"), 0)
    skips = {}
    print(f"\n{'kernel':<16}{'part':<24}{'passed':>8}{'failed':>8}{'skipped':>8}{'time':>8}")
    for r in rows:
        print(f"{r['name']:<16}{r['part']:<24}", end="")
        for result in total:
            number = count(r["cases"], result)
            total[result] += number
            print(f"{number:>8}", end="")
        print(f"{r['seconds']:>6} s")
        for name, result, why in r["cases"]:
            if result == "skipped":
                skips.setdefault((name, why), []).append(f"{r['name']} {r['part']}")
    if skips:
        print("\nskipped:")
    for (name, why), where in skips.items():
        print(f"  {name}: {why.removeprefix('SKIP').strip() or 'no reason given'}\n"
              f"      ({', '.join(where)})")
    junit(rows, args.dir / "junit.xml")
    print(f"\n{total['passed']} passed, {total['failed']} failed" +
          (f", {total['skipped']} skipped" if total["skipped"] else ""))
    return 1 if total["failed"] or not total["passed"] else 0


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
