#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Show what tests/guest/ has measured: report.py [OPTIONS] LABEL=LOG[,LOG]...

The LOGs are consoles of the guests that ran measure, and memory. Prints which
numbers have constant results, then one table of costs with a line for each label
and the ratio of the last label to each other one.
"""

import argparse
import csv
import re
import statistics
import sys
import textwrap
from pathlib import Path

FILTERS = Path(__file__).parent.parent / "tests/filters"
# (name, title[, filters])
ROWS = [line.split("\t") for line in (FILTERS / "rows").read_text("utf-8").splitlines()
        if not line.startswith("#")]
TITLES = {name: title for name, title, *_ in ROWS}
# Rows that are only in the chart
CURVES = [f"trivial-x{n}" for n in (2, 4, 8, 16)] + [f"linear-{n}" for n in (10, 100, 1000)]
# The columns beside calls whose arguments filters look at: their name is a call
COLUMNS = {
    "allowed": ("", "allowed"),
    "denied": ("", "denied"),
    "checked": ("argument-", "checked"),
    "attach-last": ("attach", "last"),
    "attach-all": ("attach", "all"),
    "attach-again": ("attach", "again"),
    "irqs-off": ("interrupts", "held up"),
    "preempt-off": ("preemption", "off"),
    "memory-own": ("memory,", "own texts"),
    "memory-same": ("memory,", "same texts"),
    "jit-limit-own": ("tasks to", "JIT limit"),
    "jit-limit-same": ("...with", "same texts"),
}
MEMORY = "memory-own", "memory-same"
# What is not counted in the unit of the others
UNITS = {**dict.fromkeys(MEMORY, "bytes"), "jit-limit-own": "tasks", "jit-limit-same": "tasks"}
# Not always measured; only where timers are good, and where the kernel traces that
OPTIONAL = *UNITS, "irqs-off", "preempt-off"
LEGEND = """\
{unit} above the same call without seccomp. Allowed: getppid, or another call that
does little. Denied: with an errno. Argument-checked: of the calls whose arguments
the filters look at, and allow, the one that compares worst{worst}. Attach: the
newest of the filters, and all of them together, which no other task has; then
again, while another task has them. Held up: the longest that a timer interrupt had
to wait while they were attached. Off: the longest with preemption or interrupts off
meanwhile, as the kernel's tracer has it. Memory: KB by which free memory shrinks for each
of 300 tasks with all of the filters, whose texts are the task's own, or the same
for all tasks. To JIT limit: how many tasks of an ordinary user, of 4,096, can have
the filters with bpf_jit_limit at 6 MB, with their own texts and with the same ones.
"""
# In what seccomp_benchmark prints, of any kernel line
EXPECTATION = re.compile(r"^#?\s+(\S.* [≤≈] .*): (.*)$", re.M)


class Console:
    """The figures and the coverage that guests printed"""

    def __init__(self, arg):
        self.label, _, self.path = arg.partition("=")
        if not self.path:
            sys.exit(f"report.py: {arg}: expected LABEL=console.log")
        self.figures, self.coverage = {}, []
        for path in self.path.split(","):
            text = read(path)
            figures = re.findall(r"^measure: (\S+) (\S+) (-?\d+)\r*$", text, re.M)
            if not figures:
                sys.exit(f"report.py: {path}: no figures: the guest did not get to"
                         " its program in /bin, or it failed; see the file")
            self.figures.update({(row, column): int(value) for row, column, value in figures})
            self.coverage += re.findall(
                r"^coverage: (\S+) (\S+) (\d+)(?:-(\d+))? ([A-Z][\w ]*?)\r*$", text, re.M)


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError as err:
        sys.exit(f"report.py: {err}")


def print_coverage(console):
    found = {}
    for workload, abi, first, last, result in console.coverage:
        size = int(last or first) - int(first) + 1
        ranges = found.setdefault((workload, abi), {}).setdefault(result, [])
        ranges.append((size, first + (f"-{last}" if last else "")))
    for (workload, abi), results in found.items():
        count = {result: sum(size for size, _ in ranges) for result, ranges in results.items()}
        total, runs = sum(count.values()), count.get("FILTER", 0)
        print(f"{named(workload)}, {abi}: {total - runs} of {total} numbers constant, {runs} not")
        for result, ranges in sorted(results.items()):
            print(textwrap.fill(
                " ".join(text for _, text in ranges), 79,
                initial_indent=f"  {result:<12} ({count[result]:>3}) ",
                subsequent_indent=" " * 21))
        print()


def named(workload):
    return TITLES.get(workload, workload)


def ratio(one, other):
    if one is None or other is None or one < 0 or other <= 0:
        return "-"
    return f"{one / other:.2f}" if one / other >= 0.005 else "<0.01"


def together(consoles):
    """{(workload, column): [a figure for each console]}, and {workload: call}: of its
    argument-checked calls the one where the last console compares worst with the first
    one, which may be one and the same. The figures have that call as "checked", too.
    """
    figures = {key: [c.figures.get(key) for c in consoles] for c in consoles for key in c.figures}
    worst = {}
    for workload in dict.fromkeys(name for name, _ in figures):
        calls = [(values[-1] / values[0] if values[0] else 0, values[-1], column)
                 for (name, column), values in figures.items()
                 if name == workload and "(" in column and None not in values]
        worst[workload] = max(calls)[2] if calls else None
        if calls:
            figures[workload, "checked"] = figures[workload, worst[workload]]
    return figures, worst


def shown(column, value):
    if value is None:
        return "-"
    return f"{value / 1024:,.1f}" if column in MEMORY else f"{value:,}"


def print_table(consoles, figures, worst, unit):
    *others, ours = consoles
    indent = max(len(c.label) for c in consoles) + len(ours.label) + 4
    columns = [column for column in COLUMNS if any(c == column for _, c in figures)]

    def line(label, values):
        print((label.ljust(indent) + "".join(f"{value:>12}" for value in values)).rstrip())

    for part in 0, 1:
        line("", (COLUMNS[column][part] for column in columns))
    for workload, call in worst.items():
        print("\n" + named(workload) + (f"; {call}" if call else ""))
        none = [None] * len(consoles)
        rows = list(zip(*(figures.get((workload, column), none) for column in columns)))
        for console, row in zip(consoles, rows):
            line(f"  {console.label}", map(shown, columns, row))
        for console, row in zip(others, rows):
            line(f"  {ours.label}/{console.label}", map(ratio, rows[-1], row))
    where = f" with {consoles[0].label}, named beside the filters" if others else ""
    print("\n" + textwrap.fill(LEGEND.format(unit=unit.capitalize(), worst=where), 79))


def print_summary(consoles, figures):
    """How the last console compares with the first one, over all rows"""
    print(f"\n{consoles[-1].label}/{consoles[0].label}, over all filters:")
    for column, heads in COLUMNS.items():
        ratios = {name: values[-1] / values[0] for (name, c), values in figures.items()
                  if c == column and name != "none" and None not in values and values[0] > 0}
        if ratios:
            most = max(ratios, key=ratios.get)
            print(f"  {' '.join(heads).strip().replace('- ', '-'):<22}"
                  f" median {statistics.median(ratios.values()):.2f},"
                  f" maximum {ratios[most]:.2f} ({named(most)})")
    print()


def write_csv(path, consoles, figures, unit):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["workload", "column", "unit"] + [c.label for c in consoles])
        for (workload, column), values in figures.items():
            out.writerow([workload, column, UNITS.get(column, unit)] + values)


def print_benchmark(arg):
    """What the kernel's own benchmark says of its expectations; are all met?"""
    label, _, path = arg.partition("=")
    text = read(path)
    verdicts = EXPECTATION.findall(text)
    failed = [what for what, verdict in verdicts if "✔" not in verdict]
    skipped = re.search(r"# SKIP|Skipping", text)
    print(f"seccomp_benchmark, {label}: {len(verdicts) - len(failed)} of {len(verdicts)}"
          " expectations hold"
          f"{', others were skipped' if skipped else ''} ({path})")
    for what in failed:
        print(f"  not: {what}")
    return verdicts and not failed and not skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", metavar="FILE", help="also write the figures")
    parser.add_argument("--unit", default="instructions", help="of time")
    parser.add_argument("--benchmark", metavar="LABEL=console.log", action="append",
                        default=[], help="a run of the kernel's seccomp_benchmark")
    parser.add_argument("consoles", nargs="+", metavar="LABEL=LOG[,LOG]")
    args = parser.parse_args()

    consoles = [Console(arg) for arg in args.consoles]
    everything = set().union(*(c.figures for c in consoles))
    for console in consoles:
        missing = {key for key in everything - set(console.figures) if key[1] not in OPTIONAL}
        if missing:
            sys.exit(f"report.py: {console.path}: no figure for"
                     f" {' '.join(min(missing))}; the guest stopped early?")
    for console in [c for c in consoles if c.coverage][:1]:
        print_coverage(console)
    figures, worst = together(consoles)
    print_table(consoles, figures, worst, args.unit)
    if args.csv:
        print_summary(consoles, figures)
        write_csv(args.csv, consoles, figures, args.unit)
    if not all([print_benchmark(arg) for arg in args.benchmark]):
        sys.exit(1)


if __name__ == "__main__":
    main()
