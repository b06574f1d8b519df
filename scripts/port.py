#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Start a port to another architecture, and tell what it still lacks.

port.py write NAME TREE [--probe]
	Write what the target NAME needs: cross/NAME.mk, cross/config/base-NAME
	and, where the kernel TREE does not say enough of the architecture, its
	asm/seccomp_abi.h.  What cannot be found is marked with PORT:.
	--probe: write what the probe needs instead: a select, and a header if
	the kernel has no flush that it could use.
port.py check NAME TREE
	Say what is marked, missing or contradictory, where, and what to put
	there.  Exits with 1 if there is anything.
"""

import argparse
import ast
import re
import subprocess
import sys
from pathlib import Path

MARK = "PORT:"

# What describes architectures to the selftests
SELFTESTS = "tools/testing/selftests/seccomp/arch.h"

# What a target file has to say
VARIABLES = {
    "KARCH": "the kernel's ARCH=",
    "SRCARCH": "its directory in arch/",
    "KIMAGE": "the image that QEMU boots, as a path in the build directory",
    "CROSS_COMPILE": "the compiler's prefix",
    "QEMU": "the emulator",
    "QEMU_ARGS": "its machine: -M ...",
    "QEMU_CPU": "the processor: -cpu",
    "CONSOLE": "console= of the kernel's command line",
    "CLASSIFIER": "what the boot line must name: symbolic",
    "PKGS_ARCH": "Debian packages of compiler, C library and emulator",
}

# Options of cross/config/base that some architectures cannot have, and what
# their Kconfig holds if they can
OPTIONS = {
    "SMP": r"^config SMP$",
    "BPF_JIT": r"select HAVE_(EBPF|CBPF)_JIT\b",
    "RSEQ": r"select HAVE_RSEQ\b",
    "UPROBES": r"ARCH_SUPPORTS_UPROBES\b",
    "UPROBE_EVENTS": r"ARCH_SUPPORTS_UPROBES\b",
    "PERF_EVENTS": r"select HAVE_PERF_EVENTS\b",
    "FTRACE": r"TRACE_IRQFLAGS_SUPPORT\b",
}

# Where names of the kernel and of its users differ
OTHER_NAMES = {"ppc": "powerpc", "hppa": "parisc", "aarch64": "arm64", "amd64": "x86"}
DEBIAN_NAMES = {"ppc": "powerpc", "parisc": "hppa", "arm64": "aarch64", "i386": "i686",
                "x86_64": "x86-64"}
QEMU_PACKAGES = {"arm": "arm", "aarch64": "arm", "i386": "x86", "x86_64": "x86", "mips": "mips",
                 "ppc": "ppc", "sparc": "sparc"}


def mark(text):
    return f"{MARK} {text}"


class Architecture:
    """What a kernel tree says of the architecture of a target"""

    def __init__(self, name, tree, src=None):
        self.name, self.tree = name, tree
        self.karch, self.src = (src, src) if src else self.directories()
        self.kconfig = self.text("Kconfig")
        self.options = "\n".join(path.read_text() for path in
                                 sorted((tree / "arch" / self.src).rglob("Kconfig*")))

    def text(self, path):
        path = self.tree / "arch" / self.src / path
        return path.read_text() if path.exists() else ""

    def directories(self):
        """The kernel's ARCH= and its directory: mostly the same"""
        special = dict(re.findall(r"ifeq \(\$\(ARCH\),(\w+)\)\s+SRCARCH := (\w+)",
                                  (self.tree / "Makefile").read_text()))
        if self.name in special:
            return self.name, special[self.name]
        known = [path.name for path in (self.tree / "arch").iterdir() if path.is_dir()]
        prefixes = {name: name for name in known} | OTHER_NAMES
        for prefix in sorted(prefixes, key=len, reverse=True):
            if self.name.startswith(prefix):
                return prefixes[prefix], prefixes[prefix]
        sys.exit(f"port: ARCH={self.name}: no directory of {self.tree}/arch/ is its own; "
                 f"there are: {' '.join(sorted(known))}")

    def has(self, symbol):
        return re.search(rf"\b{symbol}\b", self.kconfig) is not None

    def abis(self):
        """[(native or compat, AUDIT_ARCH value, table size, name)] as asm/seccomp.h has them"""
        defines = re.findall(r"define\s+SECCOMP_ARCH_(NATIVE|COMPAT)(\w*)[ \t]+(.+)",
                             self.text("include/asm/seccomp.h"))
        columns = {suffix: [(kind, value) for kind, suf, value in defines if suf == suffix]
                   for suffix in ("", "_NR", "_NAME")}
        return [(kind.lower(), arch, size, name) for (kind, arch), (_, size), (_, name)
                in zip(columns[""], columns["_NR"], columns["_NAME"])]

    def audit_arch(self):
        """What filters see, by asm/syscall.h"""
        found = set(re.findall(r"\bAUDIT_ARCH_\w+", self.text("include/asm/syscall.h")))
        return found.pop() if len(found) == 1 else None

    def has_local_flush(self):
        headers = (self.tree / "arch" / self.src / "include").rglob("tlbflush.h")
        ours = Path("arch", self.src).rglob("*")
        return any(path.is_file() and "local_flush_tlb_kernel_range" in path.read_text()
                   for path in [*headers, *ours])

    def jit_clears_history(self):
        """Does the JIT compiler clear the branch history behind classic programs?"""
        return any(re.search(r"bhb|branch.history", path.read_text(), re.I)
                   for path in (self.tree / "arch" / self.src / "net").glob("*.[chS]"))

    def qemu(self):
        """The arguments of QemuArchParams() in the kernel's own QEMU configurations"""
        best = {}
        for path in sorted((self.tree / "tools/testing/kunit/qemu_configs").glob("*.py")):
            params = {}
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.keyword) and node.arg:
                    params[node.arg] = literal(node.value)
            if path.stem == self.name:
                return params
            if params.get("linux_arch") in (self.karch, self.src):
                best = params
        return best


def literal(node):
    """The value of an expression, without what is known only where it runs"""
    if isinstance(node, ast.List):
        return [literal(item) for item in node.elts]
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def apt_cache(*args):
    try:
        run = subprocess.run(["apt-cache", *args], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return []
    return run.stdout.split()


def compiler(arch):
    """The cross compiler's prefix, and its packages in Debian"""
    packages = {match[1]: name for name in apt_cache("pkgnames", "gcc-")
                if (match := re.fullmatch(r"gcc-(?!\d|multilib)([\w-]+)-linux-gnu\w*", name))}
    for name in (arch.name, arch.src):
        for kernels, debians in DEBIAN_NAMES.items():
            if name.startswith(kernels):
                name = debians + name.removeprefix(kernels)
        found = [name] if name in packages else [cpu for cpu in packages if cpu.startswith(name)]
        if len(found) == 1:
            package = packages[found[0]]
            libc = [word for word in apt_cache("depends", package)
                    if re.fullmatch(r"libc6-dev-\w+-cross", word)]
            return package[4:].replace("x86-64", "x86_64") + "-", " ".join([package, *libc[:1]])
    return (mark("the compiler's prefix, sh4-linux-gnu- or such"),
            mark("gcc-...-linux-gnu and libc6-dev-...-cross; "
                 "`apt-cache search --names-only linux-gnu` lists them"))


def option(words, *names):
    """The value of one of these options in a command line"""
    for name, value in zip(words, words[1:]):
        if name in names:
            return value
    return None


def target_file(arch, params):
    """cross/NAME.mk"""
    prefix, packages = compiler(arch)
    extra = params.get("extra_qemu_params", [])
    machine = params.get("qemu_arch", "...")
    qemu = f"qemu-system-{machine}"
    board = option(extra, "-machine", "-M")
    console = re.search(r"console=(\S+)", params.get("kernel_command_line", ""))
    package = next((pkg for name, pkg in QEMU_PACKAGES.items() if machine.startswith(name)), "misc")
    values = {
        "KARCH": arch.karch,
        "SRCARCH": arch.src,
        "KIMAGE": params.get("kernel_path") or mark("arch/.../boot/..., or vmlinux"),
        "CROSS_COMPILE": prefix,
        "QEMU": qemu if params else mark(qemu),
        "QEMU_ARGS": f"-M {board}" if board else mark(f"-M and one of `{qemu} -M help`"),
        "QEMU_CPU": option(extra, "-cpu") or mark(f"one of `{qemu} -cpu help`"),
        "CONSOLE": console[1] if console else mark("ttyS0 or such: console= for the kernel"),
        "CLASSIFIER": "symbolic",
    }
    if params.get("serial") == "null":
        values["QEMU_ARGS"] += " -serial null"
    if "SMP" in missing_options(arch):
        values["QEMU_SMP"] = "1"
    lines = [f"{name:<10} := {value}" for name, value in values.items()]
    lines += ["", f"PKGS_ARCH  := {packages} qemu-system-{package}", ""]
    return "\n".join(["# SPDX-License-Identifier: GPL-2.0-only", *lines])


def missing_options(arch):
    return [name for name, needs in OPTIONS.items() if not re.search(needs, arch.options, re.M)]


def consoles(arch, drivers):
    """What makes consoles of these serial drivers: on by itself, but not where all is off"""
    kconfig = "\n".join(path.read_text() for path in
                        sorted((arch.tree / "drivers/tty").rglob("Kconfig")))
    return [f"CONFIG_{name}_CONSOLE=y" for name in re.findall(r"CONFIG_(SERIAL_\w+)=y", drivers)
            if re.search(rf"^config {name}_CONSOLE$", kconfig, re.M)]


def fragment(arch, params):
    """cross/config/base-NAME"""
    lines = ["# SPDX-License-Identifier: GPL-2.0-only"]
    if params:
        lines += ["# The machine that QEMU has, and its console"]
        lines += [line.strip() for line in params["kconfig"].split("\n") if line.strip()]
        lines += [line for line in consoles(arch, params["kconfig"]) if line not in lines]
    else:
        lines += [f"# {mark('the machine that QEMU has, and the driver of its console')}"]
    if not re.search(r"^config 64BIT$", arch.options, re.M):
        lines += ["# Debian's programs use these calls", "CONFIG_COMPAT_32BIT_TIME=y"]
    if missing := missing_options(arch):
        lines += ["# What this architecture does not have"]
        lines += [f"# CONFIG_{name} is not set" for name in missing]
    return "\n".join(lines + [""])


def header(arch, body):
    guard = f"_ASM_{arch.src.upper()}_SECCOMP_ABI_H"
    return "\n".join(["/* SPDX-License-Identifier: GPL-2.0-only */", f"#ifndef {guard}",
                      f"#define {guard}", "", *body, "",
                      "#include <asm-generic/seccomp_abi.h>", "", f"#endif /* {guard} */", ""])


def descriptor(arch):
    """asm/seccomp_abi.h for an architecture without SECCOMP_ARCH_NATIVE"""
    value = arch.audit_arch() or f"0 /* {mark('AUDIT_ARCH_..., as syscall_get_arch() has it')} */"
    body = ["#include <asm/unistd.h>", "", f"#define SECCOMP_ARCH_NATIVE\t\t{value}",
            "#define SECCOMP_ARCH_NATIVE_NR\t\tNR_syscalls",
            f'#define SECCOMP_ARCH_NATIVE_NAME\t"{arch.name}"']
    if arch.has("COMPAT"):
        body += [f"/* {mark('SECCOMP_ARCH_COMPAT, _COMPAT_NR, _COMPAT_NAME if CONFIG_COMPAT')} */"]
    return header(arch, body)


def probe_header(arch):
    """asm/seccomp_abi.h for an architecture without local_flush_tlb_kernel_range()"""
    return header(arch, [
        "#include <asm/tlbflush.h>", "",
        "/* As flush_tlb_kernel_range(), but for this CPU only; preemption is off. */",
        "static inline void local_flush_tlb_kernel_range(unsigned long start,",
        "\t\t\t\t\t\tunsigned long end)", "{",
        f"\t/* {mark('drop the translations of these pages from this TLB')} */", "}", "",
        f"/* {mark('arch_seccomp_probe_usable() if some CPUs do not set the flag')} */"])


def probe_select(arch):
    """arch/.../Kconfig.patch"""
    lines = arch.kconfig.split("\n")
    at = next(i for i, line in enumerate(lines) if "select HAVE_ARCH_SECCOMP_FILTER" in line)
    return "\n".join([
        "# SPDX-License-Identifier: GPL-2.0-only",
        "# Its accessed flag of kernel mappings follows accesses.",
        f"--- a/arch/{arch.src}/Kconfig", f"+++ b/arch/{arch.src}/Kconfig",
        f"@@ -{at + 1},2 +{at + 1},3 @@", f" {lines[at]}",
        "+\tselect HAVE_ARCH_SECCOMP_PROBE", f" {lines[at + 1]}", ""])


def refuse_unsupported(arch):
    if not arch.has("HAVE_ARCH_SECCOMP_FILTER"):
        sys.exit(f"port: {arch.src} has no seccomp filters in this kernel "
                 f"(arch/{arch.src}/Kconfig does not select HAVE_ARCH_SECCOMP_FILTER)")
    if arch.has("HAVE_SPARSE_SYSCALL_NR"):
        sys.exit(f"port: {arch.src} has numbers that do not start at 0 (HAVE_SPARSE_SYSCALL_NR); "
                 "struct seccomp_abi takes a member for the first number before it can be ported")


def new_files(arch, probe):
    """{path: content} of what a port, or its probe, takes"""
    shared = Path("arch", arch.src, "include/asm/seccomp_abi.h")
    files = {}
    if probe:
        files[Path("arch", arch.src, "Kconfig.patch")] = probe_select(arch)
        if not arch.has_local_flush():
            files[shared] = probe_header(arch)
        return files
    params = arch.qemu()
    files[Path("cross", f"{arch.name}.mk")] = target_file(arch, params)
    files[Path("cross/config", f"base-{arch.name}")] = fragment(arch, params)
    if not arch.abis() and not shared.exists():
        files[shared] = descriptor(arch)
    return files


def write(arch, args):
    refuse_unsupported(arch)
    files = new_files(arch, args.probe)
    there = [str(path) for path in files if path.exists()]
    if there:
        sys.exit(f"port: {' '.join(there)}: there already, and not overwritten; "
                 f"`make check ARCH={arch.name}` tells what is missing")
    for kind, value, size, name in arch.abis():
        print(f"  found    {kind} ABI {name}: {value}, {size}")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        todo = sum(MARK in line for line in content.split("\n"))
        print(f"  wrote    {path}" + (f": {todo} to fill in" if todo else ""))
    if args.probe and len(files) == 1:
        print(f"  no need  of a header: arch/{arch.src}/ has local_flush_tlb_kernel_range()")
    if not args.probe and arch.abis():
        print(f"  no need  of arch/{arch.src}/: the generic header says the rest")
    print(f"  next     make check ARCH={arch.name}")
    return 0


def port_files(name, src):
    files = [Path("cross", f"{name}.mk"), Path("cross/config", f"base-{name}")]
    return files + [path for path in sorted(Path("arch", src).rglob("*")) if path.is_file()]


def marks(paths):
    """What is still marked"""
    for path in paths:
        if not path.exists():
            yield f"{path} is missing; make port writes one"
            continue
        for number, line in enumerate(path.read_text().split("\n"), 1):
            if MARK in line:
                what = line[line.index(MARK) + len(MARK):].removesuffix("*/").strip()
                variable = re.match(r"(\w+)\s*:=", line)
                yield f"{path}:{number}: {variable[1] + ': ' if variable else ''}{what}"


def unset(target):
    """Variables that a target file does not set"""
    values = dict(re.findall(r"^(\w+)\s*:=[ \t]*(.*)", target.read_text(), re.M))
    for name, meaning in VARIABLES.items():
        if not values.get(name):
            yield f"{target}: {name} is not set: {meaning}"


def contradictions(arch):
    """What does not fit together, or not to the kernel"""
    ours = Path("arch", arch.src, "include/asm/seccomp_abi.h")
    select = Path("arch", arch.src, "Kconfig.patch")
    if not arch.abis() and not ours.exists():
        yield (f"{ours} is missing: this kernel's asm/seccomp.h of {arch.src} does not define "
               "SECCOMP_ARCH_NATIVE")
    text = ours.read_text() if ours.exists() else ""
    if arch.jit_clears_history() and "arch_seccomp_clears_branch_history" not in text:
        yield (f"{ours}: arch_seccomp_clears_branch_history() is missing, though the JIT compiler "
               f"in arch/{arch.src}/net/ clears it")
    probe = select.exists() and "HAVE_ARCH_SECCOMP_PROBE" in select.read_text()
    flush = "local_flush_tlb_kernel_range" in text
    if probe and not arch.has_local_flush():
        yield (f"{ours}: local_flush_tlb_kernel_range() is missing, though {select} "
               "selects HAVE_ARCH_SECCOMP_PROBE")
    if flush and not probe:
        yield f"{select}: select HAVE_ARCH_SECCOMP_PROBE is missing, though {ours} has its flush"


def undescribed(target):
    """Do the selftests leave this target out? Only its compiler, if there is one, knows"""
    prefix = re.search(r"^CROSS_COMPILE\s*:=[ \t]*(\S*)", target.read_text(), re.M)[1]
    try:
        run = subprocess.run([f"{prefix}gcc", "-E", "-dM", SELFTESTS], capture_output=True,
                             text=True, check=False)
    except FileNotFoundError:
        return False
    return "define ENTER(" not in run.stdout


def check(name, tree):
    target = Path("cross", f"{name}.mk")
    found = re.search(r"^SRCARCH\s*:=\s*(\w+)", target.read_text() if target.exists() else "", re.M)
    src = found[1] if found else name
    todo = list(marks(port_files(name, src)))
    if target.exists():
        todo += unset(target)
    if tree.exists() and not todo:
        if (tree / "arch" / src).is_dir():
            todo += contradictions(Architecture(name, tree, src))
        else:
            todo.append(f"{target}: SRCARCH is {src}, but there is no {tree}/arch/{src}")
    if todo:
        print(f"port {name}: {len(todo)} to do, then again: make check ARCH={name}",
              *todo, sep="\n  ", file=sys.stderr)
    elif undescribed(target):
        print(f"  port     {name}: KUnit and the kernel's own tests; for all of them describe it in "
              f"{SELFTESTS}")
    return 1 if todo else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("write", "check"))
    parser.add_argument("name")
    parser.add_argument("tree", type=Path)
    parser.add_argument("--probe", action="store_true")
    args = parser.parse_args()
    if args.what == "check":
        sys.exit(check(args.name, args.tree))
    sys.exit(write(Architecture(args.name, args.tree), args))


main()
