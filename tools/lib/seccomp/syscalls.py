#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The system calls of Linux, by name: syscalls.py TREE-6.1 TREE-6.12 TREE-7.3 >syscalls.inc

Reads the tables that the trees build their own headers from. For each name and ABI it
prints the number, marked when the oldest of the trees does not have it yet.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

# ABI: table before they were shared, its ABIs, first number; the order is that of abi.h
TABLES = {
    "x86_64": ("arch/x86/entry/syscalls/syscall_64.tbl", "common 64", 0),
    "ia32": ("arch/x86/entry/syscalls/syscall_32.tbl", "i386", 0),
    "aarch64": ("arch/arm64/tools/syscall_64.tbl", "common 64 renameat rlimit memfd_secret", 0),
    "arm": ("arch/arm/tools/syscall.tbl", "common eabi", 0),
    "riscv64": ("scripts/syscall.tbl", "common 64 riscv rlimit memfd_secret", 0),
    "loongarch64": ("scripts/syscall.tbl", "common 64 memfd_secret", 0),
    "s390x": ("arch/s390/kernel/syscalls/syscall.tbl", "common 64", 0),
    "s390": ("arch/s390/kernel/syscalls/syscall.tbl", "common 32", 0),
    "ppc64le": ("arch/powerpc/kernel/syscalls/syscall.tbl", "common nospu 64", 0),
    "mips": ("arch/mips/kernel/syscalls/syscall_o32.tbl", "o32", 4000),
    "mips64": ("arch/mips/kernel/syscalls/syscall_n64.tbl", "n64", 5000),
    "mips64n32": ("arch/mips/kernel/syscalls/syscall_n32.tbl", "n32", 6000),
}
# Those that had no table in 6.1, but a header: the architecture's name
HEADERS = {"aarch64": "arm64", "riscv64": "riscv", "loongarch64": "loongarch"}
# Outside of it, on 32-bit Arm
ARM_PRIVATE = "arch/arm/include/uapi/asm/unistd.h"
MARKS = "", "|B", "|C"


def of_table(tree, path, abis, first):
    lines = [line for line in map(str.split, (tree / path).read_text(encoding="utf-8").splitlines())
             if len(line) > 2 and line[0].isdigit()]
    if "32" in abis.split() and "32" not in {line[1] for line in lines}:
        return {}                       # s390, which this tree does not have any more
    return {line[2]: first + int(line[0]) for line in lines if line[1] in abis.split()}


def of_header(tree, arch):
    """What the preprocessor makes of an architecture's <asm/unistd.h>"""
    with tempfile.TemporaryDirectory() as extra:
        (Path(extra) / "asm").mkdir()
        wrapper = Path(extra) / "asm/bitsperlong.h"
        wrapper.write_text("#define __BITS_PER_LONG 64\n", encoding="utf-8")
        macros = subprocess.run(
            ["cpp", "-dM", "-nostdinc", "-D__LP64__", f"-I{extra}",
             f"-I{tree}/arch/{arch}/include/uapi", f"-I{tree}/include/uapi", "-"],
            input="#include <asm/unistd.h>\n", text=True, capture_output=True, check=True).stdout
        names = [name for name in re.findall(r"^#define __NR_(\w+) ", macros, re.M)
                 if name not in ("syscalls", "arch_specific_syscall")
                 and not name.startswith("3264")]
        source = "#include <asm/unistd.h>\n" + "".join(f"@{n} __NR_{n}\n" for n in names)
        text = subprocess.run(
            ["cpp", "-P", "-nostdinc", "-D__LP64__", f"-I{extra}",
             f"-I{tree}/arch/{arch}/include/uapi", f"-I{tree}/include/uapi", "-"],
            input=source, text=True, capture_output=True, check=True).stdout
    return {name: sum(map(int, value.strip("()").split(" + ")))
            for name, value in re.findall(r"^@(\w+) (\(?\d+(?: \+ \d+)?\)?)$", text, re.M)}


def calls(tree, abi):
    path, abis, first = TABLES[abi]
    if (tree / path).exists():
        found = of_table(tree, path, abis, first)
    else:
        found = of_header(tree, HEADERS[abi])
    if abi == "arm":
        text = (tree / ARM_PRIVATE).read_text(encoding="utf-8")
        found |= {name: 0xf0000 + int(nr) for name, nr in re.findall(
            r"^#define __ARM_NR_(\w+)\s+\(__ARM_NR_BASE\+(\d+)\)", text, re.M)}
    return found


def column(trees, abi):
    """{name: number, with its mark}, and the size of the table in each tree"""
    found, sizes = {}, []
    for mark, tree in zip(MARKS, trees):
        of_tree = calls(tree, abi)
        for name, nr in of_tree.items():
            found.setdefault(name, f"{nr}{mark}")
        sizes.append(max((nr + 1 for nr in of_tree.values() if nr < 0xf0000), default=0))
    return found, sizes


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: syscalls.py TREE-6.1 TREE-6.12 TREE-7.3")
    columns = {abi: column([Path(tree) for tree in sys.argv[1:]], abi) for abi in TABLES}
    print("/* SPDX-License-Identifier: GPL-2.0-only */\n"
          "/* Made by syscalls.py of the trees of Linux 6.1, 6.12, 7.3: do not edit. B: new in\n"
          " * 6.12, C: new in 7.3, N: not there. " + " ".join(TABLES) + "\n */")
    for number, line in enumerate(("6.1", "6.12", "7.3")):
        sizes = ", ".join(str(columns[abi][1][number]) for abi in TABLES)
        print(f'SIZES("{line}", {sizes})')
    for name in sorted(set().union(*(found for found, _ in columns.values()))):
        numbers = ", ".join(columns[abi][0].get(name, "N") for abi in TABLES)
        print(f'CALL("{name}", {numbers})')


main()
