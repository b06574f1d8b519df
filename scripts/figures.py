#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draw what `make bench` measured, and put it into documents.

figures.py CSV TITLE SVG [DOCUMENT...]
	CSV is as report.py writes it: of a stock kernel, then of ours. What is
	between "bench: begin" and "bench: end" in a DOCUMENT becomes a table of it.
"""

import csv
import re
import subprocess
import sys
from pathlib import Path

from report import WORKLOADS, ratio

PLOT = Path(__file__).with_name("plot.sh")
ROWS = ["none", "container", "container-x4", "container-tree", "systemd-x16",
        "trivial", "trivial-x32", "linear-300"]
# What a table shows of the columns: (title, divisor)
COLUMNS = {
    "allowed": ("allowed", 1),
    "denied": ("denied", 1),
    "personality": ("argument-checked", 1),
    "attach-all": ("attach, thousands", 1000),
    "irqs-off": ("interrupts held up", 1),
    "bytes": ("bytes", 1),
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


def draw(bench, path):
    def curve(workloads, column, which):
        points = "".join(f"{x} {bench.figures[name, column][which]}\n" for x, name in workloads)
        colour, dash = ("#b35806", "#2166ac")[which], ("allowed", "denied").index(column)
        title = f"{bench.labels[which]}, {column}"
        block = f"$x{which}{dash}"
        return (f"{block} << EOD\n{points}EOD\n",
                f"{block} with linespoints lw 2 pt 7 ps 0.5 dt {2 - dash} lc rgb '{colour}'"
                f" title '{title}'")

    script = f"""
set terminal svg size 800,300 background 'white' font 'sans,12'
set multiplot layout 1,2
set key left top reverse Left
set grid
set yrange [0:*]
set ylabel '{bench.unit}'
"""
    for label, ticks, workloads in PANELS:
        curves = [curve(workloads, column, which)
                  for column in ("denied", "allowed") for which in (0, 1)]
        script += "".join(block for block, _ in curves)
        script += f"set xlabel '{label}'\nset xtics {ticks}\nplot " + ", ".join(plot for _, plot in curves) + "\n"
    subprocess.run([PLOT, path], input=script, text=True, check=True)


def cell(pair, divisor):
    if not pair or pair[1] is None:
        return "-"
    stock, ours = (None if value is None else f"{value / divisor:,.0f}" for value in pair)
    return ours if stock is None else f"{stock} → {ours} ({ratio(pair[1], pair[0])})"


def table(bench, sep, edge):
    """Lines of padded cells with SEP between them and EDGE before, and their widths"""
    lines = [["filters", *(title for title, _ in COLUMNS.values())]]
    for row in ROWS:
        lines.append([WORKLOADS[row], *(cell(bench.figures.get((row, column)), divisor)
                                        for column, (_, divisor) in COLUMNS.items())])
    widths = [max(map(len, column)) for column in zip(*lines)]
    return widths, [edge + sep.join(map(str.ljust, line, widths)).rstrip() for line in lines]


def insert(bench, title, path):
    """Replace what the document has between its markers"""
    caption = (f"{title}; {bench.unit} above the same call without seccomp,"
               f" {' → '.join(bench.labels)} (ratio):")
    if path.suffix == ".rst":
        widths, (head, *body) = table(bench, "  ", "")
        rule = "  ".join("=" * width for width in widths)
        lines = [rule, head, rule, *body, rule]
    else:
        widths, (head, *body) = table(bench, " | ", "| ")
        lines = [head, " --- ".join("|" * len(widths)) + " ---", *body]
        lines = [line + " |" for line in lines]
    text = "\n".join([caption, "", *lines])
    new, count = re.subn(r"(?s)(bench: begin[^\n]*\n).*?(?=[^\n]*bench: end)",
                         lambda m: f"{m[1]}\n{text}\n\n", path.read_text("utf-8"))
    if count != 1:
        sys.exit(f"figures.py: {path} has no place for the table")
    path.write_text(new, "utf-8")


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    path, title, svg, *documents = sys.argv[1:]
    bench = Bench(path)
    draw(bench, svg)
    for document in documents:
        insert(bench, title, Path(document))


main()
