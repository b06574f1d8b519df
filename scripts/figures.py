#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draw what `make bench`, `make density` or `make apps` measured, and put it into documents.

figures.py bench|density|apps CSV TITLE SVG [DOCUMENT...]
	CSV is as report.py or apps.py writes it: of a stock kernel, then of ours. What
	is between "bench: begin" and "bench: end" in a DOCUMENT becomes tables of it,
	or the same with "density" or "apps".
"""

import csv
import re
import subprocess
import sys
from pathlib import Path

from report import CURVES, named, ratio

COLOURS = "#b35806", "#2166ac"  # of stock, of ours
PLOT = Path(__file__).with_name("plot.sh")
# What tables show of a column: (title, divisor, decimals)
COLUMNS = {
    "allowed": ("allowed", 1, 0),
    "denied": ("denied", 1, 0),
    "checked": ("argument-checked", 1, 0),
    "attach-all": ("attach, thousands", 1000, 0),
    "attach-again": ("attach again, thousands", 1000, 0),
    "irqs-off": ("interrupts held up", 1, 0),
    "memory-own": ("memory a task, KB, own texts", 1024, 1),
    "memory-same": ("same texts", 1024, 1),
    "jit-limit-own": ("tasks to JIT limit, own texts", 1, 0),
    "jit-limit-same": ("same texts", 1, 0),
    "none": ("without seccomp, millions", 1000000, 0),
}
SANDBOXES = ["runc", "systemd-x16", "flatpak"]
for sandbox in SANDBOXES:
    COLUMNS[sandbox] = (named(sandbox), 100, 2)
    COLUMNS[f"{sandbox}-calls"] = (f"{named(sandbox)}, calls alone", 100, 2)
MEMORY, ATTACH = ["memory-own", "memory-same"], ["attach-all", "attach-again"]
TABLES = {
    "bench": [["allowed", "denied", "checked"], [*ATTACH, "irqs-off", *MEMORY]],
    "density": [[*MEMORY, "jit-limit-own", "jit-limit-same", *ATTACH]],
    "apps": [["none", *SANDBOXES], [f"{sandbox}-calls" for sandbox in SANDBOXES]],
}
CAPTIONS = {
    "bench": "{unit} above the same call without seccomp",
    "density": "attaching in {unit}",
    "apps": "per cent of {unit} above the program without seccomp",
}
# (label, distance of ticks, [(x, workload)...])
PANELS = [
    ("filters on top of each other", 8,
     [(1, "trivial")] + [(n, f"trivial-x{n}") for n in (2, 4, 8, 16, 32)]),
    ("numbers that one filter compares with", 200,
     [(1, "trivial")] + [(n, f"linear-{n}") for n in (10, 100, 300, 1000)]),
]


class Bench:
    """The figures, each a list of stock's and ours, or None where there is none"""

    def __init__(self, path):
        with open(path, encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        self.labels = head[3:]
        self.unit = rows[0][2]
        self.figures = {(row[0], row[1]): [int(value) if value else None for value in row[3:]]
                        for row in rows}


def block(name, lines):
    """Data for gnuplot"""
    return "\n".join([f"${name} << EOD", *(" ".join(map(str, line)) for line in lines), "EOD\n"])


def draw_bench(bench):
    curves = [(column, which) for column in ("denied", "allowed") for which in (0, 1)]
    script = f"""
set terminal svg size 800,300 background 'white' font 'sans,12'
set multiplot layout 1,2
set key left top reverse Left
set grid
set yrange [0:*]
set ylabel '{bench.unit}'
"""
    for label, ticks, rows in PANELS:
        script += block("rows", [
            (x, *(bench.figures[name, column][which] for column, which in curves))
            for x, name in rows])
        script += f"set xlabel '{label}'\nset xtics {ticks}\nplot " + ", ".join(
            f"$rows using 1:{i} with linespoints lw 2 pt 7 ps 0.5"
            f" dt {1 if column == 'denied' else 2} lc rgb '{COLOURS[which]}'"
            f" title '{bench.labels[which]}, {column}'"
            for i, (column, which) in enumerate(curves, 2)) + "\n"
    return script


def histogram(rows, bars, scale, label):
    """Bars for each of ROWS, lines of data; a bar is (which kernel, is it hatched, title)"""
    plots = ", ".join(
        f"$rows using {i}{':xtic(1)' if i == 2 else ''} lc rgb '{COLOURS[which]}'"
        f" fs {('solid', 'pattern 2')[hatched]} title '{title}'"
        for i, (which, hatched, title) in enumerate(bars, 2))
    return f"""{block("rows", rows)}
set terminal svg size 800,300 background 'white' font 'sans,12'
set style data histogram
set style histogram clustered gap 1
{scale}
set grid ytics
set key below
set ylabel '{label}'
plot {plots}
"""


def draw_density(bench):
    """For each row of filters how much each kernel takes for a task, own texts and same"""
    bars = [(column, which) for column in MEMORY for which in (0, 1)]
    rows = [(f'"{named(name)}"', *(f"{max(bench.figures[name, column][which] / 1024, 0.1):.1f}"
                                   for column, which in bars))
            for name, column in bench.figures if column == "memory-own"]
    return histogram(rows, [(which, column.endswith("same"),
                             f"{bench.labels[which]}, {column[7:]} texts")
                            for column, which in bars],
                     "set logscale y\nset yrange [0.05:*]", "KB for each of 300 tasks")


def draw_apps(bench):
    """How much longer each program takes on each kernel, under two kinds of filters. What is
    there to be started alone would dwarf them"""
    bars = [(row, which) for row in SANDBOXES[:2] for which in (0, 1)]
    programs = dict.fromkeys(name for name, column in bench.figures if column.endswith("-calls"))
    rows = [(f'"{name}"', *(f"{bench.figures[name, row][which] / 100:.2f}"
                            if (name, row) in bench.figures else "NaN" for row, which in bars))
            for name in programs]
    return histogram(rows, [(which, row != SANDBOXES[0], f"{bench.labels[which]}, {named(row)}")
                            for row, which in bars],
                     "set yrange [0:*]", "per cent above no seccomp")


def cell(pair, divisor, decimals):
    if not pair or pair[1] is None:
        return "-"
    stock, ours = (None if value is None else f"{value / divisor:,.{decimals}f}" for value in pair)
    return ours if stock is None else f"{stock} → {ours} ({ratio(pair[1], pair[0])})"


def table(bench, first, columns):
    """The head and the rows, of cells that are padded"""
    lines = [[first, *(COLUMNS[column][0] for column in columns)]]
    for row in dict.fromkeys(name for name, _ in bench.figures):
        values = [cell(bench.figures.get((row, column)), *COLUMNS[column][1:])
                  for column in columns]
        if row not in CURVES and set(values) != {"-"}:
            lines.append([named(row), *values])
    widths = [max(map(len, column)) for column in zip(*lines)]
    return [list(map(str.ljust, line, widths)) for line in lines]


def rst(rows):
    # A hyphen alone would begin a list
    rows = [[re.sub(r"^-(?= *$)", "–", value) for value in row] for row in rows]
    rule = ["=" * len(value) for value in rows[0]]
    return ["  ".join(row).rstrip() for row in (rule, rows[0], rule, *rows[1:], rule)]


def markdown(rows):
    return ["| " + " | ".join(row) + " |" for row in (rows[0], ["---"] * len(rows[0]), *rows[1:])]


def insert(kind, bench, title, path):
    """Replace what the document has between its markers"""
    form = rst if path.suffix == ".rst" else markdown
    labels = "without → with bitmaps" if form is rst else " → ".join(bench.labels)
    caption = f"{title}; {CAPTIONS[kind].format(unit=bench.unit)}, {labels} (ratio):"
    first = "program" if kind == "apps" else "filters"
    text = "\n\n".join([caption] + ["\n".join(form(table(bench, first, columns)))
                                    for columns in TABLES[kind]])
    new, count = re.subn(rf"(?s)({kind}: begin[^\n]*\n).*?(?=[^\n]*{kind}: end)",
                         lambda m: f"{m[1]}\n{text}\n\n", path.read_text("utf-8"))
    if count != 1:
        sys.exit(f"figures.py: {path} has no place for the table")
    path.write_text(new, "utf-8")


def main():
    if len(sys.argv) < 5 or sys.argv[1] not in TABLES:
        sys.exit(__doc__)
    kind, path, title, svg, *documents = sys.argv[1:]
    bench = Bench(path)
    draw = {"bench": draw_bench, "density": draw_density, "apps": draw_apps}[kind]
    subprocess.run([PLOT, svg], input=draw(bench), text=True, check=True)
    for document in documents:
        insert(kind, bench, title, Path(document))


main()
