# SPDX-License-Identifier: GPL-2.0-only
"""Defect 1: names are the kernel's own, of the kernel that is asked about"""

import os
import subprocess
import sys
from pathlib import Path

from harness import ALLOW, RET, allowing, flat, raw

HERE = Path(__file__).resolve().parent
LIB = HERE.parents[1] / "lib/seccomp"
TREES = [HERE.parents[2] / f"build/linux-{line}" for line in ("6.1", "6.12", "7.3")]


def run(check):
    new = allowing("read", "mseal", "statmount", "listmount", "raed")
    own = "-a", "x86_64"
    check.says(
        "calls that libseccomp is too old for",
        flat(new),
        *own,
        out=(
            "x86_64 457-458 ALLOW        statmount..listmount\n",
            "x86_64 462     ALLOW        mseal\n",
        ),
        err="unknown system calls, skipped as " "runtimes do: raed\n",
    )
    check.says("they can be required", flat(new), *own, "-qr", "mseal")
    check.says("they are so on other ABIs", flat(new), "-a", "s390x", out="s390x 462     ALLOW ")
    check.says(
        "they are so on two ABIs at once",
        flat(allowing("mseal", architectures=["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"])),
        "-a",
        "x86_64,ia32",
        out=("x86_64 462     ALLOW ", "ia32 462     ALLOW "),
    )
    denied = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "syscalls": [
            {
                "names": ["mseal"],
                "action": "SCMP_ACT_ERRNO",
                "args": [
                    {"index": 1, "value": 1 << 32, "op": "SCMP_CMP_GE"},
                    {"index": 2, "value": 0xFF, "valueTwo": 3, "op": "SCMP_CMP_MASKED_EQ"},
                ],
            }
        ],
    }
    for args, verdict in (
        ("0, 0x100000000, 0x103", "ERRNO 1"),
        ("0, 0xffffffff, 3", "ALLOW"),
        ("0, 0x200000001, 4", "ALLOW"),
        ("0, 0x200000000, 3", "ERRNO 1"),
    ):
        check.says(
            f"their arguments: mseal({args})",
            flat(denied),
            *own,
            "-f",
            f"mseal({args})",
            out=f"x86_64 mseal({args}): {verdict};",
        )
    for name, number in ("NE", 1), ("LT", 2), ("LE", 3), ("EQ", 4), ("GT", 6):
        denied["syscalls"][0]["args"] = [
            {"index": 0, "value": (5 << 32) + 7, "op": f"SCMP_CMP_{name}"}
        ]
        good = {"NE": (6, 8), "LT": (6,), "LE": (6, 7), "EQ": (7,), "GT": (8,)}[name]
        for low in 6, 7, 8:
            want = "ERRNO 1" if low in good else "ALLOW"
            check.says(
                f"comparison {number}: {name} {low}",
                flat(denied),
                *own,
                "-f",
                f"mseal({(5 << 32) + low:#x})",
                out=f": {want};",
            )

    everything = raw([(RET, 0, 0, ALLOW)])
    check.says(
        "Linux 6.1 ends at 450", everything, *own, "-k", "6.1", out="set_mempolicy_home_node\n"
    )
    check.says("Linux 6.12 ends at 462", everything, *own, "-k", "6.12", out="336-462 ALLOW ")
    check.says(
        "Linux 6.1 has no uretprobe",
        everything,
        "-qk",
        "6.1",
        *own,
        "-r",
        "uretprobe",
        status=2,
        err="Linux 6.1 has no call 'uretprobe'",
    )
    check.says(
        "Linux 7.3 has no s390", everything, "-a", "s390", status=2, err="Linux 7.3 has no ABI s390"
    )
    check.trouble("a kernel that is not known", everything, "take 6.1, 6.12 or 7.3", "-k", "5.10")
    check.says(
        "ABIs that share a number keep their names",
        everything,
        "-a",
        "ia32",
        "-f",
        "mmap2",
        out="ia32 mmap2: ALLOW",
    )
    check.says(
        "a call that the ABI does not have",
        everything,
        "-a",
        "aarch64",
        "-f",
        "open(0)",
        out="aarch64 open(0): not there\n",
        whole=True,
    )
    tables(check)


def tables(check):
    """The committed table is what the trees say"""
    if not all(tree.exists() for tree in TREES):
        check.skip("tables against the trees", "no trees in build/")
        return
    got = subprocess.run(
        [sys.executable, LIB / "syscalls.py", *TREES],
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    same = got.stdout == (LIB / "syscalls.inc").read_bytes()
    check.point(
        "tables against the trees",
        same,
        got.stderr.decode() or "syscalls.inc is not what syscalls.py makes: run it again",
    )
