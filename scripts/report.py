#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Show what tests/guest/measure.c found: report.py [OPTIONS] LABEL=console.log...

Prints which numbers have constant results, then one table of costs with a
line for each label and the ratio of the last label to each other one.
"""

import argparse
import csv
import re
import sys
import textwrap

WORKLOADS = {
    "none": "no seccomp (whole call)",
    "container": "container profile",
    "container-x4": "container profile, 4 deep",
    "container-tree": "container profile as a tree",
    "systemd-x16": "16 systemd filters",
    "trivial": "trivial filter",
    **{f"trivial-x{n}": f"trivial filter, {n} deep" for n in (2, 4, 8, 16, 32)},
    **{f"linear-{n}": f"linear list of {n}" for n in (10, 100, 300, 1000)},
}
COLUMNS = {
    "allowed": ("", "allowed"),
    "denied": ("", "denied"),
    "personality": ("checked", "personality"),
    "mprotect": ("checked", "mprotect"),
    "attach-last": ("attach", "last"),
    "attach-all": ("attach", "all"),
    "irqs-off": ("interrupts", "held up"),
    "bytes": ("", "bytes"),
}
# Not on a stock kernel; only where timers are good
OPTIONAL = "bytes", "irqs-off"
LEGEND = """\
{unit} above the same call without seccomp. Allowed: getppid. Denied with an
errno: add_key. Checked: calls whose arguments the filters look at, and allow.
Attach: the newest of the filters, and all of them together. Held up: the
longest that a timer interrupt had to wait while they were attached. Bytes: what
the tables and entry programs of all the filters take.
"""
# In what seccomp_benchmark prints, of any kernel line
EXPECTATION = re.compile(r"^#?\s+(\S.* [≤≈] .*): (.*)$", re.M)


class Console:
    """The figures and the coverage that one guest printed"""

    def __init__(self, arg):
        self.label, _, path = arg.partition("=")
        if not path:
            sys.exit(f"report.py: {arg}: expected LABEL=console.log")
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError as err:
            sys.exit(f"report.py: {err}")
        self.path = path
        self.figures = {
            (m[1], m[2]): int(m[3]) for m in
            re.finditer(r"^measure: (\S+) (\S+) (-?\d+)\r*$", text, re.M)}
        self.coverage = re.findall(
            r"^coverage: (\S+) (\S+) (\d+)(?:-(\d+))? ([A-Z][\w ]*?)\r*$",
            text, re.M)
        if not self.figures:
            sys.exit(f"report.py: {path}: no figures: the guest did not get to"
                     " /bin/measure, or it failed; see the file")


def print_coverage(console):
    found = {}
    for workload, abi, first, last, result in console.coverage:
        size = int(last or first) - int(first) + 1
        ranges = found.setdefault((workload, abi), {}).setdefault(result, [])
        ranges.append((size, first + (f"-{last}" if last else "")))
    for (workload, abi), results in found.items():
        count = {result: sum(size for size, _ in ranges)
                 for result, ranges in results.items()}
        runs = count.get("FILTER", 0)
        total = sum(count.values())
        print(f"{WORKLOADS.get(workload, workload)}, {abi}: {total - runs} of"
              f" {total} numbers constant, {runs} run the filters")
        for result, ranges in sorted(results.items()):
            print(textwrap.fill(
                " ".join(text for _, text in ranges), 79,
                initial_indent=f"  {result:<12} ({count[result]:>3}) ",
                subsequent_indent=" " * 21))
        print()


def cells(values):
    return "".join(f"{value:>12}" for value in values)


def ratio(one, other):
    if one is None or other is None or one < 0 or other <= 0:
        return "-"
    return f"{one / other:.2f}" if one / other >= 0.005 else "<0.01"


def print_table(consoles, workloads, unit):
    *others, ours = consoles
    indent = max(len(c.label) for c in consoles) + len(ours.label) + 4
    for line in 0, 1:
        print((" " * indent + cells(head[line] for head in COLUMNS.values())).rstrip())
    for workload in workloads:
        rows = [[c.figures.get((workload, column)) for column in COLUMNS]
                for c in consoles]
        print("\n" + WORKLOADS.get(workload, workload))
        for console, row in zip(consoles, rows):
            print(f"  {console.label}".ljust(indent) + cells(
                "-" if value is None else f"{value:,}" for value in row))
        for console, row in zip(others, rows):
            print(f"  {ours.label}/{console.label}".ljust(indent) +
                  cells(map(ratio, rows[-1], row)))
    print("\n" + textwrap.fill(LEGEND.format(unit=unit.capitalize()), 79))


def write_csv(path, consoles, unit):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["workload", "column", "unit"] + [c.label for c in consoles])
        for workload, column in consoles[-1].figures:
            out.writerow([workload, column, "bytes" if column == "bytes" else unit] +
                         [c.figures.get((workload, column)) for c in consoles])


def print_benchmark(arg):
    """What the kernel's own benchmark says of its expectations; are all met?"""
    label, _, path = arg.partition("=")
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    failed = [what for what, verdict in EXPECTATION.findall(text) if "✔" not in verdict]
    total = len(EXPECTATION.findall(text))
    skipped = re.search(r"# SKIP|Skipping", text)
    print(f"seccomp_benchmark, {label}: {total - len(failed)} of {total} expectations hold"
          f"{', others were skipped' if skipped else ''} ({path})")
    for what in failed:
        print(f"  not: {what}")
    return total and not failed and not skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", metavar="FILE", help="also write the figures")
    parser.add_argument("--unit", default="instructions", help="of time")
    parser.add_argument("--benchmark", metavar="LABEL=console.log", action="append",
                        default=[], help="a run of the kernel's seccomp_benchmark")
    parser.add_argument("consoles", nargs="+", metavar="LABEL=console.log")
    args = parser.parse_args()

    consoles = [Console(arg) for arg in args.consoles]
    everything = set().union(*(c.figures for c in consoles))
    for console in consoles:
        missing = {(workload, column) for workload, column in
                   everything - set(console.figures) if column not in OPTIONAL}
        if missing:
            sys.exit(f"report.py: {console.path}: no figure for"
                     f" {' '.join(min(missing))}; the guest stopped early?")
    covered = next((c for c in consoles if c.coverage), None)
    if covered:
        print_coverage(covered)
    print_table(consoles, dict.fromkeys(w for w, _ in consoles[0].figures), args.unit)
    if args.csv:
        write_csv(args.csv, consoles, args.unit)
    if not all([print_benchmark(arg) for arg in args.benchmark]):
        sys.exit(1)


if __name__ == "__main__":
    main()
