#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Show what filters cost whole programs, from consoles of tests/apps/guest.sh:
apps.py [--limits] CSV STOCK=LOG OURS=LOG

Prints a table and writes CSV, for figures.py, of what a program takes, in instructions,
and of overheads, in hundredths of per cent. With --limits those that are promised for
Docker's profile are judged, too, and decide the exit status.
"""

import csv
import re
import sys

from report import named, read

LINE = re.compile(r"^apps: (\S+) (\S+) (\d+) \S+ (\S+) (\S+) ", re.M)
# Per cent that calls alone may cost with bitmaps
CALLS = {"dd": 10, "sqlite": 10, "find": 6, "shell": 3}
# Of stock's overhead, attaching included. Not for a container: what seccomp adds to its
# start is mostly libseccomp's work, which makes the filter
SHARE = 1 / 3


def figures(path):
    """{(program, column): number}; columns are "none", and for each row ROW ROW-calls..."""
    found, totals = {}, {}
    for program, row, total, *attach in LINE.findall(read(path)):
        totals[program, row] = int(total)
        if row != "none":
            found[program, f"{row}-total"] = int(total)
        for column, value in zip(("attach", "first"), attach):
            if value != "-":
                found[program, f"{row}-{column}"] = int(value)
    for (program, row), total in totals.items():
        none = totals.get((program, "none")) or sys.exit(f"apps.py: {path}: no {program} alone")
        if row == "none":
            found[program, "none"] = none
            continue
        found[program, row] = round((total / none - 1) * 10000)
        if attach := found.get((program, f"{row}-attach")):
            found[program, f"{row}-calls"] = round(((total - attach) / none - 1) * 10000)
    if not found:
        sys.exit(f"apps.py: {path}: no figures: the guest did not get to them")
    return found


def print_table(labels, pairs):
    print(f"{'program':<9}{'filters':<21}{'overhead, %':>20}{'calls alone, %':>20}"
          f"{'attach, thousands':>20}{'first':>16}")
    print(" " * 30 + f"{' → '.join(labels):>20}" * 3 + f"{labels[0] + ' → ' + labels[1]:>16}")

    def cell(program, column, divisor, decimals):
        pair = pairs.get((program, column))
        return " → ".join(f"{value / divisor:,.{decimals}f}" for value in pair) if pair else "-"

    for program, row in pairs:
        if (program, f"{row}-total") in pairs:
            print(f"{program:<9}{named(row):<21}{cell(program, row, 100, 2):>20}"
                  f"{cell(program, f'{row}-calls', 100, 2):>20}"
                  f"{cell(program, f'{row}-attach', 1000, 0):>20}"
                  f"{cell(program, f'{row}-first', 1000, 0):>16}")


def judge(pairs):
    """Are limits kept? Prints each that is not"""
    checks = [(f"{program}: {ours / 100:.2f} % overhead, more than a third of {stock / 100:.2f}",
               ours <= stock * SHARE)
              for (program, row), (stock, ours) in pairs.items()
              if row == "runc" and (program, "runc-calls") in pairs]
    for program, limit in CALLS.items():
        if (program, "runc-calls") not in pairs:
            sys.exit(f"apps.py: no figure of {program}: a guest stopped early?")
        _, ours = pairs[program, "runc-calls"]
        checks.append((f"{program}: calls alone {ours / 100:.2f} %, not below {limit}",
                       ours < limit * 100))
    missed = [text for text, kept in checks if not kept]
    print(f"\nlimits under Docker's profile: {len(checks) - len(missed)} of {len(checks)} are kept")
    for text in missed:
        print(f"  not: {text}")
    return not missed


def main():
    limits = sys.argv[1:2] == ["--limits"]
    if len(sys.argv) != 4 + limits:
        sys.exit(__doc__)
    path, *consoles = sys.argv[1 + limits:]
    labels, logs = zip(*(console.split("=", 1) for console in consoles))
    stock, ours = map(figures, logs)
    if stock.keys() != ours.keys():
        sys.exit(f"apps.py: only one has {min(stock.keys() ^ ours.keys())}: a guest stopped early?")
    pairs = {key: (stock[key], ours[key]) for key in stock}
    print_table(labels, pairs)
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["workload", "column", "unit", *labels])
        for (program, column), pair in pairs.items():
            overhead = f"{column.removesuffix('-calls')}-total"
            unit = "0.01 %" if (program, overhead) in pairs else "instructions"
            out.writerow([program, column, unit, *pair])
    if limits and not judge(pairs):
        sys.exit(1)


main()
