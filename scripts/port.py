#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Start a port to another architecture, and tell what it still lacks.

port.py write NAME TREE [--probe]
	Write what the target NAME needs, from cross/template/.  What a person has to
	find out is marked with PORT:.  --probe: write what the probe needs instead: a
	select, and a header if the kernel TREE has no flush that it could use.
port.py check NAME TREE
	Say what is marked, missing or contradictory, where, and what to put
	there.  Exits with 1 if there is anything.

SRCARCH in the environment names the directory in arch/, if NAME does not begin with it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

MARK = "PORT:"
TEMPLATE, SERIES = Path("cross/template"), Path("series")

# What describes architectures to the selftests
SELFTESTS = "tools/testing/selftests/seccomp/arch.h"
FLUSH, PROBE = "local_flush_tlb_kernel_range", "HAVE_ARCH_SECCOMP_PROBE"
BITMAP = "HAVE_ARCH_SECCOMP_BITMAP"


def text(path):
    return path.read_text() if path.is_file() else ""


class Port:
    """What our files and a kernel tree say of a target"""

    def __init__(self, name, tree):
        self.name, self.tree = name, tree
        self.target = Path("cross", f"{name}.mk")
        self.fragment = Path("cross/config", f"base-{name}")
        self.variables = dict(re.findall(r"^(\w+)\s*:=[ \t]*(.*)", text(self.target), re.M))
        self.src = self.variables.get("SRCARCH") or os.environ.get("SRCARCH") or max(
            filter(name.startswith, self.known()), key=len, default=name)
        self.header = Path("arch", self.src, "include/asm/seccomp_abi.h")
        self.arch = tree / "arch" / self.src
        self.kconfig = text(self.arch / "Kconfig")
        self.abi = re.findall(r"define\s+(SECCOMP_ARCH_\w+)\s+(.+)",
                              text(self.arch / "include/asm/seccomp.h"))
        self.edits = sorted(SERIES.glob(f"*/arch/{self.src}/**/*.patch"))
        headers = [*self.arch.glob("include/**/tlbflush.h"), self.header, *self.edits]
        self.has_flush = any(FLUSH in text(path) for path in headers)
        # The edit that selects it
        self.probe = next((path for path in self.edits if PROBE in text(path)), None)

    def known(self):
        return sorted(path.name for path in self.tree.glob("arch/*") if path.is_dir())

    def impossible(self):
        """Why the kernel has no place for this port"""
        if not self.arch.is_dir():
            yield (f"{self.target}: SRCARCH is {self.src}, but there is no {self.arch}; "
                   f"SRCARCH= takes one of: {' '.join(self.known())}")
        elif "HAVE_ARCH_SECCOMP_FILTER" not in self.kconfig:
            yield (f"{self.src} has no seccomp filters in this kernel "
                   f"({self.arch}/Kconfig does not select HAVE_ARCH_SECCOMP_FILTER)")

    def missing(self):
        """Files, variables and patches that are not there"""
        for path in self.target, self.fragment:
            if not path.exists():
                yield f"{path} is missing; make port writes one"
        # In the template each variable comes behind what it means.
        needed = re.findall(r"^# (.*)\n(\w+)\s*:=", text(TEMPLATE / "target/cross/@NAME@.mk"), re.M)
        for meaning, variable in needed if self.target.exists() else ():
            if not self.variables.get(variable):
                yield f"{self.target}: {variable} is not set: {meaning}"
        listed = text(SERIES / "series").split()
        last = [patch for patch in listed if patch.endswith("-probe")][-1]
        for patch in self.patches():
            if patch.name not in listed:
                yield f"{SERIES}/series: {patch.name} is missing, behind {last}"

    def patches(self):
        return sorted(SERIES.glob(f"*{self.name}-probe"))

    def marks(self):
        """What is still marked"""
        ours = [Path("arch", self.src), *self.patches()]
        inside = [path for folder in ours for path in sorted(folder.glob("**/*"))]
        for path in (self.target, self.fragment, *inside):
            for number, line in enumerate(text(path).split("\n"), 1):
                if MARK in line:
                    variable = re.match(r"(\w+)\s*:=", line)
                    yield (f"{path}:{number}: {variable[1] + ': ' if variable else ''}"
                           f"{line.partition(MARK)[2].removesuffix('*/').strip()}")

    def contradictions(self):
        """What does not fit together, or not to the kernel"""
        header = text(self.header)
        if not self.abi and not header:
            yield (f"{self.header} is missing: this kernel's asm/seccomp.h of {self.src} does not "
                   "define SECCOMP_ARCH_NATIVE, _NATIVE_NR and _NATIVE_NAME")
        # Numbers from elsewhere than 0 on: asm/seccomp.h knows nothing of that
        if "HAVE_SPARSE_SYSCALL_NR" in self.kconfig:
            if header and "SECCOMP_ARCH_NATIVE_FIRST" not in header:
                yield (f"{self.header}: SECCOMP_ARCH_NATIVE_FIRST is missing, the first number of "
                       f"the table, which is not 0 ({self.arch}/Kconfig: HAVE_SPARSE_SYSCALL_NR)")
            if not any(BITMAP in text(path) for path in self.edits):
                yield (f"series/...-abi/arch/{self.src}/Kconfig.patch: select {BITMAP} is missing: "
                       "with HAVE_SPARSE_SYSCALL_NR it is no default")
        # Does the JIT compiler clear the branch history behind classic programs?
        if "arch_seccomp_clears_branch_history" not in header and any(
                re.search(r"bhb|branch.history", text(path), re.I)
                for path in self.arch.glob("net/*.[chS]")):
            yield (f"{self.header}: arch_seccomp_clears_branch_history() is missing, though the "
                   f"JIT compiler in arch/{self.src}/net/ clears it")
        if self.probe and not self.has_flush:
            yield f"{self.header}: {FLUSH}() is missing, though {self.probe} selects {PROBE}"
        if FLUSH in header and not self.probe:
            yield (f"series/...-probe/arch/{self.src}/Kconfig.patch: select {PROBE} is missing, "
                   f"though {self.header} has its flush; make port PROBE=y writes it")
        if "# CONFIG_SMP is not set" in text(self.fragment) and "QEMU_SMP" not in self.variables:
            yield f"{self.target}: QEMU_SMP := 1 is missing, though {self.fragment} has no SMP"

    def undescribed(self):
        """Do the selftests leave this target out? Only its compiler, if there is one, knows"""
        command = [f"{self.variables['CROSS_COMPILE']}gcc", "-E", "-dM", SELFTESTS]
        try:
            run = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            return False
        return "define ENTER(" not in run.stdout


def fill(port, kind):
    """Write the files of a template"""
    select = re.search(r".*select HAVE_ARCH_SECCOMP_FILTER\b.*", port.kconfig)[0]
    values = {"@NAME@": port.name, "@SRCARCH@": port.src, "@SELECT@": f" {select}"}
    for template in filter(Path.is_file, sorted(TEMPLATE.glob(f"{kind}/**/*"))):
        path, content = (re.sub("@[A-Z]+@", lambda match: values[match[0]], before) for before in
                         (str(template.relative_to(TEMPLATE / kind)), template.read_text()))
        if Path(path).exists():
            print(f"  kept     {path}: it was there")
            continue
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(content)
        todo = content.count(MARK)
        print(f"  wrote    {path}" + (f": {todo} to fill in" if todo else ""))


def write(port, probe):
    for refusal in port.impossible():
        sys.exit(f"port: {refusal}")
    if not probe:
        for what, value in port.abi:
            print(f"  found    {what} {value}")
        fill(port, "target")
    elif port.probe:
        print(f"  kept     {port.probe}: it was there")
    else:
        fill(port, "probe")
        if not port.has_flush and not port.header.exists():
            fill(port, "flush")
    print(f"  next     make check ARCH={port.name}")


def check(port):
    todo = [*port.missing(), *port.marks()]
    if port.tree.exists() and not todo:
        todo = [*port.impossible()] or [*port.contradictions()]
    if todo:
        head = f"port {port.name}: {len(todo)} to do, then again: make check ARCH={port.name}"
        sys.exit("\n  ".join([head, *todo]))
    if port.undescribed():
        print(f"  port     {port.name}: KUnit and the kernel's own tests; for all of them describe "
              f"it in {SELFTESTS}")


def main():
    what, probe = sys.argv[1:2], sys.argv[4:] == ["--probe"]
    if what not in (["write"], ["check"]) or len(sys.argv) != 4 + probe:
        sys.exit(__doc__)
    port = Port(sys.argv[2], Path(sys.argv[3]))
    if what == ["check"]:
        check(port)
    else:
        write(port, probe)


main()
