#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of seccomp-coverage: check.py PROGRAM [GROUP...]; TAP"""

import os
import sys

import build
import compare
import estimates
import hostile
import inputs
import manual
import names
import profiles
import real
import results
import trouble
import units
from harness import Checks

GROUPS = (results, names, profiles, inputs, units, compare, estimates, trouble, build, real, manual,
          hostile)


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: check.py PROGRAM [GROUP...]")
    wanted = sys.argv[2:]
    os.environ["LC_ALL"] = "C"
    os.environ.pop("NO_COLOR", None)
    check = Checks(os.path.abspath(sys.argv[1]))
    print("TAP version 13")
    for group in GROUPS:
        if not wanted or group.__name__ in wanted:
            group.run(check)
    print(f"1..{check.seen}")
    print(f"{check.seen - check.failed} passed, {check.failed} failed")
    sys.exit(check.failed > 0)


if __name__ == "__main__":
    main()
