# SPDX-License-Identifier: GPL-2.0-only
"""Changed at random, input gives a result or a message: never anything else"""

import random

from harness import CACHE, JGE, LEN, RET, ALLOW, SMALL, flat, raw
from inputs import CRD
from profiles import PROFILE
from units import UNIT


def changed(check):
    rng, worst = random.Random(1), ""
    seeds = raw(SMALL), flat(PROFILE), CACHE.encode(), CRD.encode(), UNIT.encode()
    for data in seeds * 30:
        data = bytearray(data)
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] = rng.choice(
                (0, 1, 0x15, 0x7F, 0xFF, rng.randrange(256))
            )
        got = check.run("-a", "x86_64", data=bytes(data))
        if got.returncode not in (0, 2) or got.returncode == 2 and got.stdout:
            worst = (
                f"{bytes(data)!r}: status {got.returncode}\n{got.stderr.decode(errors='replace')}"
            )
    check.point("150 hostile inputs", not worst, worst)


def long(check):
    rng, worst = random.Random(2), ""
    for seed in range(10):
        insns = [
            rng.choice(
                SMALL[3:9]
                + [
                    (JGE, 0, 1, seed),
                    (0x02, 0, 0, 0),
                    (LEN, 0, 0, 0),
                    (0x2C, 0, 0, 0),
                    (0x07, 0, 0, 0),
                    (0x7C, 0, 0, 0),
                ]
            )
            for _ in range(4000)
        ] + [(RET, 0, 0, ALLOW)] * 96
        got = check.run("-qa", "x86_64", data=raw(insns))
        if got.returncode:
            worst = f"seed {seed}: status {got.returncode}\n{got.stderr.decode(errors='replace')}"
    check.point("10 long filters", not worst, worst)


def run(check):
    changed(check)
    long(check)
