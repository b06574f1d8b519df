#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Show what guests have measured: report.py [OPTIONS] KIND LABEL=LOG[,LOG]...

KIND is run, bench, density or apps; the LOGs are consoles of guests that ran what is in
tests/guest/, or tests/apps/guest.sh. Prints which numbers have constant results, then tables
of costs on the kernel of the first label and of the last one. What calls, programs and
memory cost beyond seccomp's absence is in the unit that --unit names.
"""

import argparse
import csv
import re
import statistics
import subprocess
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
SANDBOXES = ["runc", "systemd-x16", "flatpak"]
# What tables show of a column: (title, divisor, decimals). There are others: a call whose
# arguments filters look at is the name of one
COLUMNS = {
    "allowed": ("allowed", 1, 0),
    "denied": ("denied", 1, 0),
    "checked": ("argument-checked", 1, 0),
    "attach-all": ("attach, thousands", 1000, 0),
    "attach-last": ("the newest alone", 1000, 0),
    "attach-again": ("all again", 1000, 0),
    "irqs-off": ("interrupts held up", 1, 0),
    "preempt-off": ("preemption off", 1, 0),
    "memory-own": ("memory a task, KB, own texts", 1024, 1),
    "memory-same": ("same texts", 1024, 1),
    "jit-limit-own": ("tasks to JIT limit, own texts", 1, 0),
    "jit-limit-same": ("same texts", 1, 0),
    "none": ("without seccomp, millions", 1000000, 0),
}
for box in SANDBOXES:
    COLUMNS[box] = (TITLES[box], 100, 2)
    COLUMNS[f"{box}-calls"] = (f"{TITLES[box]}, calls alone", 100, 2)
    COLUMNS[f"{box}-attach"] = (f"{TITLES[box]}, attach, thousands", 1000, 0)
    COLUMNS[f"{box}-first"] = ("first", 1000, 0)
MEMORY, ATTACH = ["memory-own", "memory-same"], ["attach-all", "attach-again"]
# What is not counted in the unit of the others
UNITS = {**dict.fromkeys(MEMORY, "bytes"), "jit-limit-own": "tasks", "jit-limit-same": "tasks",
         **dict.fromkeys([*SANDBOXES, *(f"{box}-calls" for box in SANDBOXES)], "0.01 %")}
# Not always measured: only where timers are good, and where the kernel traces that
OPTIONAL = {*MEMORY, "jit-limit-own", "jit-limit-same", "irqs-off", "preempt-off"}
# The first two tables of each are for documents as well
CALLS = [["allowed", "denied", "checked"],
         ["attach-all", "attach-last", "attach-again", "irqs-off", *MEMORY], ["preempt-off"]]
TABLES = {
    "run": CALLS,
    "bench": CALLS,
    "density": [[*MEMORY, "jit-limit-own", "jit-limit-same", *ATTACH]],
    "apps": [["none", *SANDBOXES], [f"{box}-calls" for box in SANDBOXES],
             [f"{box}-{what}" for box in SANDBOXES for what in ("attach", "first")]],
}
CAPTIONS = {
    "run": "{unit} above the same call without seccomp",
    "bench": "{unit} above the same call without seccomp",
    "density": "attaching in {unit}",
    "apps": "per cent of {unit} above the program without seccomp",
}
LEGEND = """\
Allowed: getppid, or another call that does little. Denied: with an errno.
Argument-checked: of the calls whose arguments the filters look at, and allow, the one that
compares worst, named beside the filters. Attach: all of the filters, which no other task
has; of these the newest, as a process does that starts in a sandbox; then all again, while
another task has them. Held up: the longest that a timer interrupt had to wait while they
were attached. Off: the longest with preemption or interrupts off meanwhile, as the kernel's
tracer has it. Memory: KB by which free memory shrinks for each of 300 tasks with all of the
filters, whose texts are the task's own, or the same for all tasks. To JIT limit: how many
tasks of an ordinary user, of 4,096, can have the filters with bpf_jit_limit at 6 MB, with
their own texts and with the same ones.
"""
DOCUMENTS = [Path("README.md"), Path("Documentation/userspace-api/seccomp_bitmap.rst")]
TERMINAL = "set terminal svg size 800,300 background 'white' font 'sans,12'\n"
COLOURS = "#b35806", "#2166ac"  # of stock, of ours
# (label, distance of ticks, [(x, row)...])
PANELS = [
    ("filters on top of each other", 8,
     [(1, "trivial")] + [(n, f"trivial-x{n}") for n in (2, 4, 8, 16, 32)]),
    ("numbers that one filter compares with", 200,
     [(1, "trivial")] + [(n, f"linear-{n}") for n in (10, 100, 300, 1000)]),
]
# (columns, one that rows have, what the columns are, the least, scale, label). What there is
# to be started alone, of apps, would dwarf the rest
BARS = {
    "density": (MEMORY, "memory-own", ("own texts", "same texts"), 0.1,
                "set logscale y\nset yrange [0.05:*]", "KB for each of 300 tasks"),
    "apps": (SANDBOXES[:2], "runc-calls", [TITLES[box] for box in SANDBOXES[:2]], 0,
             "set yrange [0:*]", "per cent above no seccomp"),
}
# Per cent that calls alone may cost under Docker's profile; and of stock's overhead,
# attaching included. Not for a container: what seccomp adds to its start is mostly
# libseccomp's work, which makes the filter
LIMITS, SHARE = {"dd": 10, "sqlite": 10, "find": 6, "shell": 3}, 1 / 3
# In what seccomp_benchmark prints, of any kernel line
EXPECTATION = re.compile(r"^#?\s+(\S.* [≤≈] .*): (.*)$", re.M)


def read(path):
    try:
        return Path(path).read_text("utf-8", errors="replace")
    except OSError as err:
        sys.exit(f"report.py: {err}")


def overheads(text):
    """{(program, column): number}; columns are "none", and for each row ROW, ROW-calls..."""
    lines = re.findall(r"^apps: (\S+) (\S+) (\d+) \S+ (\S+) (\S+) ", text, re.M)
    totals = {(program, row): int(total) for program, row, total, *_ in lines}
    found = {}
    for program, row, _, attach, first in lines:
        total = totals[program, row]
        none = totals.get((program, "none")) or sys.exit(f"report.py: no {program} alone")
        if row == "none":
            found[program, row] = none
            continue
        found[program, row] = round((total / none - 1) * 10000)
        if attach != "-":
            found[program, f"{row}-attach"], found[program, f"{row}-first"] = int(attach), int(first)
            found[program, f"{row}-calls"] = round(((total - int(attach)) / none - 1) * 10000)
    return found


class Console:
    """The figures and the coverage that guests printed"""

    def __init__(self, arg):
        self.label, _, self.path = arg.partition("=")
        self.figures, self.coverage = {}, []
        for path in self.path.split(","):
            text = read(path)
            figures = {(row, column): int(value) for row, column, value in
                       re.findall(r"^measure: (\S+) (\S+) (-?\d+)\r*$", text, re.M)}
            self.figures |= figures or overheads(text) or sys.exit(
                f"report.py: {path}: no figures: the guest did not get to"
                " its program in /bin, or it failed; see the file")
            self.coverage += re.findall(
                r"^coverage: (\S+) (\S+) (\d+)(?:-(\d+))? ([A-Z][\w ]*?)\r*$", text, re.M)


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
        if calls:
            worst[workload] = max(calls)[2]
            figures[workload, "checked"] = figures[workload, worst[workload]]
    return figures, worst


def cell(values, divisor, decimals):
    shown = [None if value is None else f"{value / divisor:,.{decimals}f}"
             for value in values or [None]]
    if len(shown) == 1 or None in (shown[0], shown[-1]):
        return shown[-1] or "-"
    return f"{shown[0]} → {shown[-1]} ({ratio(values[-1], values[0])})"


def table(kind, figures, columns, more=()):
    """The head and the rows, of cells that are padded"""
    lines = [["program" if kind == "apps" else "filters",
              *(COLUMNS[column][0] for column in columns)]]
    for row in dict.fromkeys(name for name, _ in figures):
        values = [cell(figures.get((row, column)), *COLUMNS[column][1:]) for column in columns]
        if row not in CURVES and set(values) != {"-"}:
            lines.append([named(row) + (f"; {more[row]}" if row in more else ""), *values])
    widths = [max(map(len, column)) for column in zip(*lines)]
    return [list(map(str.ljust, line, widths)) for line in lines]


def print_tables(kind, figures, worst):
    for columns in TABLES[kind]:
        columns = [column for column in columns if any(c == column for _, c in figures)]
        if columns:
            print(*("  ".join(row).rstrip() for row in table(kind, figures, columns, worst)),
                  sep="\n", end="\n\n")
            worst = {}
    if kind != "apps":
        print(textwrap.fill(LEGEND, 79))


def print_summary(labels, figures):
    """How the last console compares with the first one, over all rows"""
    print(f"\n{labels[-1]}/{labels[0]}, over all:")
    for column in COLUMNS:
        ratios = {name: values[-1] / values[0] for (name, c), values in figures.items()
                  if c == column and name != "none" and None not in values and values[0] > 0}
        if ratios:
            most = max(ratios, key=ratios.get)
            print(f"  {column:<18} median {statistics.median(ratios.values()):.2f},"
                  f" maximum {ratios[most]:.2f} ({named(most)})")


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


def within_limits(figures):
    """Are limits kept? Prints each that is not"""
    checks = [(f"{program}: {ours / 100:.2f} % overhead, more than a third of {stock / 100:.2f}",
               ours <= stock * SHARE)
              for (program, row), (stock, ours) in figures.items()
              if row == "runc" and (program, "runc-calls") in figures]
    for program, limit in LIMITS.items():
        _, ours = figures.get((program, "runc-calls")) or sys.exit(f"report.py: no {program}")
        checks.append((f"{program}: calls alone {ours / 100:.2f} %, not below {limit}",
                       ours < limit * 100))
    missed = [text for text, kept in checks if not kept]
    print(f"\nlimits under Docker's profile: {len(checks) - len(missed)} of {len(checks)} are kept")
    for text in missed:
        print(f"  not: {text}")
    return not missed


def block(name, lines):
    """Data for gnuplot"""
    return "\n".join([f"${name} << EOD", *(" ".join(map(str, line)) for line in lines), "EOD\n"])


def curves(figures, labels, unit):
    """Of calls that trivial filters deny and allow, by their number and by their length"""
    lines = [(column, which) for column in ("denied", "allowed") for which in (0, 1)]
    yield ("set multiplot layout 1,2\nset key left top reverse Left\nset grid\nset yrange [0:*]\n"
           f"set ylabel '{unit}'\n")
    for label, ticks, rows in PANELS:
        yield block("rows", [(x, *(figures[row, column][which] for column, which in lines))
                             for x, row in rows])
        yield f"set xlabel '{label}'\nset xtics {ticks}\nplot " + ", ".join(
            f"$rows using 1:{i} with linespoints lw 2 pt 7 ps 0.5"
            f" dt {1 if column == 'denied' else 2} lc rgb '{COLOURS[which]}'"
            f" title '{labels[which]}, {column}'"
            for i, (column, which) in enumerate(lines, 2)) + "\n"


def bars(figures, labels, columns, key, titles, least, scale, label):
    """For each row a bar for each kernel and column, those of the second column hatched"""
    lines = [(i, which) for i in (0, 1) for which in (0, 1)]
    yield block("rows", [
        (f'"{named(row)}"',
         *(f"{max(figures[row, columns[i]][which] / COLUMNS[columns[i]][1], least):.2f}"
           for i, which in lines))
        for row, column in figures if column == key])
    yield "set style data histogram\nset style histogram clustered gap 1\nset grid ytics\n"
    yield f"set key below\nset ylabel '{label}'\n{scale}\nplot " + ", ".join(
        f"$rows using {n}{':xtic(1)' if n == 2 else ''} lc rgb '{COLOURS[which]}'"
        f" fs {('solid', 'pattern 2')[i]} title '{labels[which]}, {titles[i]}'"
        for n, (i, which) in enumerate(lines, 2))


def draw(script):
    """What gnuplot writes, a third of which is groups of nothing"""
    svg = subprocess.run("gnuplot", input=script, capture_output=True, text=True, check=True).stdout
    svg = re.sub(r"[ \t]*\n", "\n", re.sub(r"<g [^>]*>\n</g>\n", "", svg)).rstrip() + "\n"
    return svg.replace("\n", "\n<!-- SPDX-License-Identifier: GPL-2.0-only -->\n", 1)


def rst(rows):
    # A hyphen alone would begin a list
    rows = [[re.sub(r"^-(?= *$)", "–", value) for value in row] for row in rows]
    rule = ["=" * len(value) for value in rows[0]]
    return ["  ".join(row).rstrip() for row in (rule, rows[0], rule, *rows[1:], rule)]


def markdown(rows):
    return ["| " + " | ".join(row) + " |" for row in (rows[0], ["---"] * len(rows[0]), *rows[1:])]


def insert(path, args, labels, figures):
    """Replace what the document has between its markers"""
    form = rst if path.suffix == ".rst" else markdown
    labels = "without → with bitmaps" if form is rst else " → ".join(labels)
    caption = f"{args.title}; {CAPTIONS[args.kind].format(unit=args.unit)}, {labels} (ratio):"
    text = "\n\n".join([caption] + ["\n".join(form(table(args.kind, figures, columns)))
                                    for columns in TABLES[args.kind][:2]])
    new, count = re.subn(rf"(?s)({args.kind}: begin[^\n]*\n).*?(?=[^\n]*{args.kind}: end)",
                         lambda m: f"{m[1]}\n{text}\n\n", path.read_text("utf-8"))
    if count != 1:
        sys.exit(f"report.py: {path} has no place for the table")
    path.write_text(new, "utf-8")


def keep(args, labels, figures):
    """Leave figures and a chart as files, and in documents"""
    with open(f"{args.out}.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["workload", "column", "unit", *labels])
        for (row, column), values in figures.items():
            out.writerow([row, column, UNITS.get(column, args.unit), *values])
    svg = draw(TERMINAL + "".join(curves(figures, labels, args.unit) if args.kind == "bench" else
                                  bars(figures, labels, *BARS[args.kind])))
    picture = DOCUMENTS[1].with_suffix("") / f"{args.kind}.svg"
    for path in [Path(f"{args.out}.svg")] + [picture] * args.documents:
        path.write_text(svg, "utf-8")
    for document in DOCUMENTS * args.documents:
        insert(document, args, labels, figures)
    print(f"  figures  {args.out}.csv, {args.out}.svg",
          *[*DOCUMENTS, picture] * args.documents)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--unit", default="instructions", help="of time")
    parser.add_argument("--title", help="of tables in documents")
    parser.add_argument("--out", help="write OUT.csv and OUT.svg")
    parser.add_argument("--documents", action="store_true", help="bring them up to date")
    parser.add_argument("--limits", action="store_true", help="of apps: fail if they are not kept")
    parser.add_argument("--benchmark", metavar="LABEL=LOG", action="append",
                        default=[], help="a run of the kernel's seccomp_benchmark")
    parser.add_argument("kind", choices=TABLES)
    parser.add_argument("consoles", nargs="+", metavar="LABEL=LOG[,LOG]")
    args = parser.parse_args()

    consoles = [Console(arg) for arg in args.consoles]
    everything = set().union(*(c.figures for c in consoles))
    for console in consoles:
        missing = {key for key in everything - set(console.figures) if key[1] not in OPTIONAL}
        if missing:
            sys.exit(f"report.py: {console.path}: no figure for"
                     f" {' '.join(min(missing))}; the guest stopped early?")
    for console in [c for c in consoles if c.coverage][-1:]:
        print_coverage(console)
    labels = [c.label for c in consoles]
    figures, worst = together(consoles)
    print(" → ".join(labels) + f", {CAPTIONS[args.kind].format(unit=args.unit)} (ratio)\n")
    print_tables(args.kind, figures, worst)
    good = [print_benchmark(arg) for arg in args.benchmark]
    if args.out:
        # Documents do not show what has failed
        args.documents &= all(good)
        print_summary(labels, figures)
        keep(args, labels, figures)
    if args.limits:
        good.append(within_limits(figures))
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
