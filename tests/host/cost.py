#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Count the instructions that attaching takes, with callgrind.

cost.py OUT SRC FILTERS NAME
	SRC is the tree to build from, FILTERS are folders of real filters.
	Prints tables of instructions for all ABIs (two of them): of this
	kernel's core, of that for the stack's table alone, and of what a stock
	kernel does instead. Writes NAME.csv and NAME.svg.
cost.py OUT SRC FILTERS
	Only the table of real filters.
"""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from report import draw                                         # pylint: disable=C0413

FIELDS = ["kind", "length", "table size", "constant", "rests", "programs", "instructions",
          "for the table", "stock"]
ADVERSARIAL = ["argument-diamonds", "both-diamonds", "number-diamonds", "flags", "crowd",
               "arithmetic", "ways", "bits"]
LARGER = [4096]         # rows of an ABI, beyond what tables have


def make(out, src, *more):
    subprocess.run(["make", "-s", f"OUT={out}", f"SRC={src}", *more, f"{out}/cost"], check=True)
    return out / "cost"


def count(program, args, counted, dumped):
    """Instructions in one function, for each call of another one; and the output."""
    work = program.parent / "callgrind"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={work}/part",
         f"--toggle-collect={counted}", f"--dump-after={dumped}", program, *args],
        capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"cost: {program} failed:\n{run.stdout}{run.stderr}")
    lines = run.stdout.splitlines()
    parts = [(work / f"part.{nr}").read_text() for nr in range(1, len(lines) + 1)]
    return [int(re.search(r"^totals: (\d+)", part, re.M)[1]) for part in parts], lines


def measure(program, *args):
    """Rows of what the program measures, each with its instructions."""
    ours, lines = count(program, args, "cost_ours", "cost_ours")
    tables, _ = count(program, args, "seccomp_table_freeze", "cost_ours")
    stock, _ = count(program, args, "cost_stock", "cost_stock")
    rows = []
    for line, *totals in zip(lines, ours, tables, stock):
        kind, *numbers = line.split()
        rows.append([kind, *map(int, numbers), *totals])
    return rows


def larger_tables(out, src, rows):
    """The cost program with tables of another size."""
    tree = out / f"rows-{rows}"
    for part in "include/linux", "include/asm-generic", "kernel/seccomp":
        shutil.copytree(Path(src) / part, tree / part, dirs_exist_ok=True)
    header = tree / "kernel/seccomp/rows.h"
    text, n = re.subn(r"(#define SECCOMP_ABI_ROWS\s+)\d+", rf"\g<1>{rows}", header.read_text())
    if n != 1:
        sys.exit("cost: the header has no SECCOMP_ABI_ROWS")
    header.write_text(text)
    return make(tree / "build", tree, "WARN=-w")


def show(title, rows):
    """Print rows, each column as wide as it has to be."""
    cells = [["", *FIELDS[1:], "ratio"]]
    for kind, *numbers, ours, table, stock in rows:
        cells.append([kind, *map(str, numbers), f"{ours:,}", f"{table:,}", f"{stock:,}",
                      f"{ours / stock:.2f}"])
    widths = [max(map(len, column)) for column in zip(*cells)]
    print(f"\n{title}\n")
    for name, *rest in cells:
        print(name.ljust(widths[0]), *(c.rjust(w) for c, w in zip(rest, widths[1:])), sep="  ")


def plot(name, lengths, sizes):
    def curves(rows, x, wanted):
        kinds = [k for k in dict.fromkeys(r[0] for r in rows) if wanted(k)]
        for kind in kinds:
            points = "".join(f"{r[x]} {r[6]}\n" for r in rows if r[0] == kind)
            yield kind, f"$data{x}_{kind.replace('-', '_')}", points

    def panel(title, label, curves):
        curves = list(curves)
        blocks = "".join(f"{block} << EOD\n{points}EOD\n" for _, block, points in curves)
        lines = ", ".join(f"{block} with linespoints title '{kind}'" for kind, block, _ in curves)
        return f"{blocks}set title '{title}'\nset xlabel '{label}'\nplot {lines}\n"

    script = f"""
set terminal svg size 800,1200 background 'white'
set multiplot layout 3,1
set key left top
set grid
set xrange [0:4096]
set xtics 1024
set yrange [0:*]
set format y '%.1s %c'
set ylabel 'instructions, both ABIs'
""" + panel("What people write, 463 numbers", "instructions in the filter",
            curves(lengths, 1, lambda k: k not in ADVERSARIAL)) \
        + panel("What adversaries write, 463 numbers", "instructions in the filter",
                curves(lengths, 1, lambda k: k in ADVERSARIAL)) \
        + """
set key outside right top
set logscale xy
unset mxtics
unset mytics
set xtics 2
set xrange [64:4096]
set yrange [*:*]
""" + panel("Filters of 1024 instructions", "numbers of an ABI",
            curves(sizes, 2, lambda k: True))
    Path(f"{name}.svg").write_text(draw(script))


def real_filters(dirs):
    """Files, and folders with a stack each."""
    found = [path for folder in dirs.split() for path in sorted(Path(folder).glob("*"))]
    return [path for path in found if path.suffix == ".bpf" or any(path.glob("*.bpf"))]


def main(out, src, filters, name=None):
    out = Path(out)
    program = make(out, src)
    real = real_filters(filters)
    rows = measure(program, *real) if real else []
    show("Real filters", rows)
    if not name:
        return
    lengths = measure(program, "-l")
    sizes = measure(program, "-s")
    for more in LARGER:
        sizes += [r for r in measure(larger_tables(out, src, more), "-s")
                  if r[2] > sizes[-1][2]]
    sizes.sort(key=lambda r: (r[0], r[2]))

    show("Cost against length", lengths)
    show("Cost against the size of the tables", sizes)
    with open(f"{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows([FIELDS, *rows, *lengths, *sizes])
    plot(name, lengths, sizes)
    print(f"\n{name}.csv {name}.svg")


main(*sys.argv[1:])
