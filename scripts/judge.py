#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the parts of a check and judge them.

judge.py row DIR NAME PART [--console LOG --tree TREE [--classifier NAME] [--kunit] [--amount]
	     [--stock-fails TEST]...] -- COMMAND...
	Run a command, keep its result as a row in DIR.  With a console log, what
	counts is every test point in it, as the parser of the kernel TREE reads it;
	without one, the command's exit status.  A TEST that fails on the stock kernel,
	too, has to fail, and counts as skipped.  --amount: it has to say how much it has done.
judge.py table DIR
	Print the rows, then the sum; the same goes to DIR/junit.xml.
judge.py compare DIR PART...
	Print what each kernel made of each test: every PART, and all the same.
judge.py tested DIR LINE TIME
	Print the rows of a kernel line that began after a TIME, in seconds.
"""

import argparse
import contextlib
import importlib
import io
import json
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from collections import Counter
from pathlib import Path

STAMP = re.compile(r"^\[ *\d+\.\d+\](\[ *[CT]\d+\])? ?", re.M)
KTAP = re.compile(r" *(KTAP version |1\.\.\d|(not )?ok \d|#)")
END = "guest: end, status 0"
RESULTS = "passed", "failed", "skipped"
CLASSIFIER = re.compile(r"seccomp_bitmap: .*; classifier (\w+)")
# What a kernel says when something is wrong with it; QEMU's nvram is empty
COMPLAINT = re.compile(r"\bWARNING: (?!nvram )|\bBUG: |\bKASAN: |\bUBSAN: |"
                       r"INFO: (possible|task|rcu|trying)|suspicious RCU|detected stall|\bOops\b|"
                       r"Kernel panic|kmemleak: \d|seccomp_bitmap: .*mismatch|Bail out!")
# What KCSAN says of a race: both sides of it, and who called them
RACE = re.compile(r"^=+\nBUG: KCSAN: (.*)\n(?:(?!=).*\n)*=+$", re.M)


def points(test, path, reasons):
    """[[name, result, why]...] of a test and of what is in it"""
    name = "/".join(filter(None, [path, test.name]))
    inner = [point for sub in test.subtests for point in points(sub, name, reasons)]
    result = {"SUCCESS": "passed", "SKIPPED": "skipped"}.get(test.status.name, "failed")
    # A group fails by its members, or else in its own right.
    if test.name and (not inner or result == "failed" and not count(inner, "failed")):
        said = reasons.get(test.name) or "; ".join(line.strip(" #") for line in test.log)
        inner.append([name, result, "" if result == "passed" else said])
    return inner


def ktap(tree, text):
    """The same of all documents in TEXT, KUnit's and init's, as the kernel TREE reads them"""
    sys.path.insert(0, str(tree / "tools/testing/kunit"))
    sys.dont_write_bytecode = True
    with contextlib.redirect_stdout(io.StringIO()):     # where its printer writes for good
        parser, printer = map(importlib.import_module, ("kunit_parser", "kunit_printer"))
    # Newer ones are told where to print.
    quiet = [printer.null_printer] if hasattr(printer, "null_printer") else []
    cases, wrong = [], []
    parser.Test.add_error = lambda test, *said: wrong.append(f"{test.name}: {said[-1]}")
    for document in re.split(r"^(?=KTAP version 1$)", text, flags=re.M)[1:]:
        # On Linux 6.1 programs do not name tests that they skip.
        lines = [re.sub(r"(ok \d+) #", r"\1 unnamed #", line)
                 for line in document.split("\n") if KTAP.match(line)]
        reasons = dict(re.findall(r"ok \d+ (?:- )?(.+?) # (.*)", "\n".join(lines)))
        tests = parser.parse_run_tests(lines, *quiet).subtests
        cases += [point for test in tests for point in points(test, "", reasons)]
        # It does not look beyond the plan.
        results = sum(line.startswith(("ok", "not ok")) for line in lines)
        if results != len(tests):
            wrong.append(f"{results} results, {len(tests)} planned")
    return cases + [["console", "failed", why] for why in dict.fromkeys(wrong)]


def excuse(cases, names):
    """Skip those that must fail: the kernel without our patches has the mistake, too"""
    for case in cases:
        if case[0] in names and case[1] == "failed":
            case[1:] = ["skipped", "fails on the stock kernel, too"]
        elif case[0] in names:
            case[1:] = ["failed", f"{case[1]}, but STOCK_FAILS in cross/ names it: take it out"]


def read_console(log):
    path = Path(log)
    text = path.read_text(errors="replace") if path.exists() else ""
    # What XML cannot hold, a wild console may
    return STAMP.sub("", re.sub(r"[^\t\n -~\u00a0-\ud7ff]", "", text))


def amount(text):
    """What programs say of how much they have done, all of them together"""
    sums = Counter()
    for line in re.findall(r"# amount: (.*)", text):
        for number, what in re.findall(r"(\d+) (\w+)", line):
            sums[what] += int(number)
    return ", ".join(f"{number:,} {what}" for what, number in sums.items())


def without_other_races(text):
    """TEXT but for races in which nothing of seccomp takes part: the kernel has its own"""
    others = Counter(match[1] for match in RACE.finditer(text) if "seccomp" not in match[0])
    for race, times in others.items():
        print(f"    not ours: {race}{f', {times} times' if times > 1 else ''}")
    return RACE.sub(lambda match: match[0] if "seccomp" in match[0] else "", text)


def judge(args, text):
    """[[name, result, why]...] from the text of a console"""
    text = without_other_races(text)
    wrong = [line.strip() for line in text.split("\n") if COMPLAINT.search(line)]
    if END not in text.split("\n"):
        wrong.append(f"it ends early: no '{END}'")
    if args.amount and not amount(text):
        wrong.append("it has not said what it has done")
    if args.kunit and "# Subtest: seccomp_bitmap" not in text:
        wrong.append("no KUnit results")
    if args.classifier:
        match = CLASSIFIER.search(text)
        found = match[1] if match else "no boot line"
        if found != args.classifier:
            wrong.append(f"classifier {found}, expected {args.classifier}")
    cases = ktap(args.tree, text)
    excuse(cases, args.stock_fails)
    return cases + [["console", "failed", why] for why in wrong]


def count(cases, result):
    return sum(case[1] == result for case in cases)


def row(args):
    """Run the command and keep what came of it; returns the exit status"""
    name, part, *command = args.words
    if args.console:
        Path(args.console).unlink(missing_ok=True)
        print(f"  boot     {name} {part} ...", flush=True)
    begun, start = time.time_ns(), time.monotonic()
    status = subprocess.run(command, check=False).returncode
    text = read_console(args.console) if args.console else ""
    cases = (judge(args, text) if args.console else
             [["exit status", "failed" if status else "passed", str(status or "")]])
    failures = [f"{test}: {why}" for test, result, why in cases if result == "failed"]
    seconds = round(time.monotonic() - start)
    if args.console:
        print(f"  booted   {name} {part}: {count(cases, 'passed')} passed, "
              f"{len(failures)} failed ... {seconds} s")
        for failure in failures[:20]:
            print(f"    FAILED {failure}")
        if failures:
            print(f"    console: {args.console}")
    result = json.dumps({"name": name, "part": part, "seconds": seconds,
                         "begun": begun, "amount": amount(text), "cases": cases})
    # The next table begins without it, the last result of a kernel stays
    for path in (args.dir / f"{begun}.json",
                 args.dir.parent / "tested" / f"{name} {part}.json".replace("/", "-")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(result)
    return 1 if failures else 0


def junit(rows, path):
    """Keep the rows in the form that CI services read"""
    path.parent.mkdir(parents=True, exist_ok=True)
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


def read_rows(args):
    return [json.loads(path.read_text()) for path in sorted(args.dir.glob("*.json"))]


def compare(args):
    """Print each test with its results on all kernels; returns the exit status"""
    rows = {r["part"]: r for r in read_rows(args)}
    results = [{name: result for name, result, _ in rows[part]["cases"]} if part in rows else {}
               for part in args.words]
    names = dict.fromkeys(name for found in results for name in found)
    line, other = "{:<34}" + "{:>10}" * len(results), 0
    print("\n" + line.format("check", *args.words))
    for name in names:
        found = [result.get(name, "no result") for result in results]
        other += len(set(found)) > 1
        print(line.format(name, *found) + ("  differs" if len(set(found)) > 1 else ""))
    print(line.format("seconds", *(rows[part]["seconds"] if part in rows else "-"
                                   for part in args.words)))
    junit(rows.values(), args.dir / "junit.xml")
    # One that fails everywhere tells nothing of our kernel.
    failed = sum(count(r["cases"], "failed") for r in rows.values())
    passed = sum(count(r["cases"], "passed") for r in rows.values())
    print(f"\n{passed} passed, {failed} failed, {other} of {len(names)} differ")
    return 1 if other or failed or not passed else 0


def line_of(r):
    """A row, as the table has it"""
    return [r["name"], r["part"], *(count(r["cases"], result) for result in RESULTS)]


def tested(args):
    """Print the rows of a line that began after a time"""
    rows = [r for r in read_rows(args) if r["name"].split()[0] == args.words[0]
            and r["begun"] > float(args.words[1]) * 1e9]
    for r in rows:
        print("  {:<16}{:<24}{:>5} passed, {} failed, {} skipped".format(*line_of(r)))
    if not rows:
        print("  nothing; make check before make bundle tests it")


def table(args):
    """Print all rows and their sum; returns the exit status"""
    rows = read_rows(args)
    line, skips = "{:<16}{:<28}{:>8}{:>8}{:>8}{:>8}  {}", {}
    print("\n" + line.format("kernel", "part", *RESULTS, "time",
                             "amount" * any(r["amount"] for r in rows)).rstrip())
    for r in rows:
        print(line.format(*line_of(r), f"{r['seconds']} s", r["amount"]).rstrip())
        for name, result, why in r["cases"]:
            if result == "skipped":
                skips.setdefault((name, why), []).append(f"{r['name']} {r['part']}")
    if skips:
        print("\nskipped:")
    for (name, why), where in skips.items():
        print(f"  {name}: {why.removeprefix('SKIP').strip() or 'no reason given'}\n"
              f"      ({', '.join(where)})")
    junit(rows, args.dir / "junit.xml")
    total = Counter(result for r in rows for _, result, _ in r["cases"])
    print(f"\n{total['passed']} passed, {total['failed']} failed" +
          (f", {total['skipped']} skipped" if total["skipped"] else ""))
    return 1 if total["failed"] or not total["passed"] else 0


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=("row", "table", "compare", "tested"))
    parser.add_argument("dir", type=Path)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--console")
    parser.add_argument("--tree", type=Path)
    parser.add_argument("--classifier")
    parser.add_argument("--kunit", action="store_true")
    parser.add_argument("--amount", action="store_true")
    parser.add_argument("--stock-fails", action="append", default=[])
    args = parser.parse_intermixed_args()
    sys.exit(globals()[args.what](args))


main()
