#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compile the filters that people really run: filters.py OUTDIR ARCH

Writes OUTDIR/NAME.bpf, each an array of struct sock_filter in the target's
byte order, and OUTDIR/list, one "NAME<tab>meaning" a line. OUTDIR/rows has what
is to be measured, for tests/guest/rows.c:

	row NAME [coverage] [memory]		a stack of filters, what is wanted of it
	filter FILE				its filters, the oldest first
	call COLUMN ERRNO NUMBER ARGUMENT...	what to call; denied if ERRNO is not 0

Programs' own filters come from tests/filters/ARCH, and are in OUTDIR/own.

Needs Debian's python3-seccomp, golang-github-containers-common (the profile)
and systemd (the sets of system calls); hence Debian's /usr/bin/python3.
"""

import itertools
import json
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import calls
from report import CURVES, FILTERS, ROWS

try:
    import seccomp
    from seccomp import ALLOW, EQ, ERRNO, GT, MASKED_EQ, NE, Arch, Arg, Attr, resolve_syscall
except ImportError:
    sys.exit("filters.py: no module 'seccomp': apt-get install python3-seccomp"
             " and run this under /usr/bin/python3")

PROFILE = "/usr/share/containers/seccomp.json"

# ARCH: libseccomp's name, the name in profiles' conditions; where they are not ARCH
ARCHES = {
    "x86_64": ("x86_64", "amd64"),
    "i386": ("x86", "x86"),
    "arm64": ("aarch64", "arm64"),
    "mips64el": ("mipsel64", "mips64le"),
}

# What a container gets when nobody asks for more: default_capabilities in the
# same package's containers.conf.
CAPS = {"CAP_" + c for c in (
    "CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID"
    " SETPCAP SETUID SYS_CHROOT").split()}

EPERM = 1


class Target:
    """The architecture that the filters are for."""

    def __init__(self, name):
        self.name = name
        lib, self.goarch = ARCHES.get(name, (name, name))
        try:
            self.arch, self.scmp = Arch(lib), f"SCMP_ARCH_{lib.upper()}"
        except ValueError:
            sys.exit(f"filters.py: libseccomp has no {lib}; if it calls {name} otherwise,"
                     " ARCHES in filters.py needs that")
        # libseccomp's values are AUDIT_ARCH_*, where a bit tells the byte order
        self.audit = int(self.arch) & 0xffffffff
        self.order = "<" if self.audit & 0x40000000 else ">"

    def nr(self, call):
        return resolve_syscall(self.arch, call)

    def filter(self, default):
        """An empty filter for this target alone"""
        new = seccomp.SyscallFilter(default)
        if not new.exist_arch(self.arch):
            new.remove_arch(Arch())
            new.add_arch(self.arch)
        return new

    def program(self, bpf):
        """What a filter becomes; libseccomp 2.5 leaves results in this machine's byte order"""
        with tempfile.TemporaryFile() as file:
            bpf.export_bpf(file)
            file.seek(0)
            program = file.read()
        if self.order == "<":
            return program
        turned = []
        for code, jt, jf, k in struct.iter_unpack(">HBBI", program):
            if code == 0x06 and k & 0xffff > k >> 16:
                k = int.from_bytes(k.to_bytes(4, "little"), "big")
            turned.append((code, jt, jf, k))
        return self.pack(turned)

    def pack(self, code):
        return b"".join(struct.pack(self.order + "HBBI", *op) for op in code)


def add(bpf, action, call, *args):
    # libseccomp is older than some names: skip those, as runtimes do
    if resolve_syscall(Arch(), call) != -1:
        bpf.add_rule(action, call, *args)


# --- the container's profile: the OCI format with conditions ---------------

def action_of(name, errno):
    if name == "SCMP_ACT_ERRNO":
        return ERRNO(EPERM if errno is None else errno)
    return getattr(seccomp, name.removeprefix("SCMP_ACT_"))


def applies(rule, target):
    """Do the rule's conditions hold? Every kernel here has its minKernel."""
    inc, exc = rule.get("includes") or {}, rule.get("excludes") or {}
    if inc.get("arches") and target.goarch not in inc["arches"]:
        return False
    if target.goarch in exc.get("arches", []) or exc.get("minKernel"):
        return False
    return CAPS.issuperset(inc.get("caps", [])) and CAPS.isdisjoint(exc.get("caps", []))


def oci_arg(arg):
    op = getattr(seccomp, arg["op"].removeprefix("SCMP_CMP_"))
    values = [arg["value"]] + [arg["valueTwo"]] * (op == MASKED_EQ)
    return Arg(arg["index"], op, *values)


def read_profile():
    try:
        with open(PROFILE, encoding="utf-8") as file:
            return json.load(file)
    except OSError as err:
        sys.exit(f"filters.py: {err}: apt-get install golang-github-containers-common")


def container(target, tree=False):
    profile = read_profile()
    default = action_of(profile["defaultAction"], profile["defaultErrnoRet"])
    bpf = target.filter(default)
    for entry in profile["archMap"]:
        if entry["architecture"] == target.scmp:
            for sub in entry["subArchitectures"]:
                bpf.add_arch(Arch(sub.removeprefix("SCMP_ARCH_").lower()))
    for rule in profile["syscalls"]:
        action = action_of(rule["action"], rule.get("errnoRet"))
        if not applies(rule, target) or action == default:
            continue
        for call in rule["names"]:
            add(bpf, action, call, *map(oci_arg, rule.get("args") or []))
    if tree:
        bpf.set_attr(Attr.CTL_OPTIMIZE, 2)
    return bpf


# --- systemd's: one filter a setting, each of them small --------------------

OPERATORS = {"=": EQ, ">": GT, "!": NE, "&": MASKED_EQ}


def call_sets():
    """systemd's @sets of system calls, without the nesting"""
    try:
        text = subprocess.run(["systemd-analyze", "syscall-filter"],
                              check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as err:
        sys.exit(f"filters.py: {err}: apt-get install systemd")
    sections = re.split(r"^(?=@)", re.sub(r"#.*", "", text), flags=re.M)[1:]
    sets = {name: words for name, *words in map(str.split, sections)}

    def flat(word):
        return set().union(*map(flat, sets[word])) if word.startswith("@") else {word}

    return flat


def rules(line, target, flat):
    """What a line of tests/filters/systemd denies: (errno, call, argument...) each"""
    where, _, rest = line.strip().rpartition(": ")
    if where and (target.name in where.lstrip("!").split(",")) == where.startswith("!"):
        return
    errno, *words = rest.split()
    compared = [[(int(word[0]), OPERATORS[word[1]], *[int(value, 0)] * (1 + (word[1] == "&")))
                 for value in word[2:].split(",")] for word in words if word[0].isdigit()]
    for call in sorted(set().union(*(flat(word) for word in words if not word[0].isdigit()))):
        for args in itertools.product(*compared):
            yield int(errno), call, *(Arg(*arg) for arg in args)


def systemd(target):
    flat = call_sets()
    text = re.sub(r"^#.*\n", "", (FILTERS / "systemd").read_text(), flags=re.M)
    for setting, *lines in map(str.splitlines, re.split(r"^(?=\S)", text, flags=re.M)[1:]):
        bpf = target.filter(ALLOW)
        # The check of the ABI may be all of it
        if lines:
            bpf.set_attr(Attr.ACT_BADARCH, ALLOW)
        for line in lines:
            for errno, call, *args in rules(line, target, flat):
                add(bpf, ERRNO(errno), call, *args)
        yield setting, bpf


# --- hand-made ---------------------------------------------------------------

def linear(target, count):
    """Compare with COUNT numbers, one after the other; the last is add_key's"""
    ld, jeq, ret = 0x20, 0x15, 0x06
    allow, errno = 0x7fff0000, 0x00050000 | EPERM
    code = [(ld, 0, 0, 4), (jeq, 1, 0, target.audit), (ret, 0, 0, allow),
            (ld, 0, 0, 0)]
    for nr in (*range(1000, 999 + count), target.nr("add_key")):
        code += [(jeq, 0, 1, nr), (ret, 0, 0, errno)]
    code.append((ret, 0, 0, allow))
    return target.pack(code)


def filters(target):
    """All of them: (name, meaning, program)"""
    yield "container", "default container profile", target.program(container(target))
    yield ("container-tree", "the same compiled as a binary tree, as runc does"
           " since 1.2", target.program(container(target, tree=True)))
    for number, (setting, bpf) in enumerate(systemd(target), 1):
        yield f"systemd-{number:02}", setting, target.program(bpf)
    for count in 10, 100, 300, 1000:
        meaning = f"{count} numbers compared one after the other"
        yield f"linear-{count}", meaning, linear(target, count)
    yield "trivial", "one number denied", linear(target, 1)


# --- rows ----------------------------------------------------------------------

# What the report shows of the coverage
COVERED = "container", "systemd-x16"
# Where memory is not measured: this would take longest of all, and tell nothing new
UNWEIGHED = {*CURVES, "container-x4"}


def own(target):
    """The filters that programs attach: {file: program}, and their stacks: {name: [file...]}"""
    folder, stacks = FILTERS / target.name, {}
    programs = {str(Path("own", path.relative_to(folder))): path.read_bytes()
                for path in sorted(folder.glob("**/*.bpf"))}
    for file in programs:
        stacks.setdefault(Path(Path(file).parts[1]).stem, []).append(file)
    return programs, stacks


def rows(stacks, attached):
    """{row: [file...]} of these stacks, and of those of ATTACHED that no row names"""
    found = {}
    for name, _, *layers in ROWS:
        parts = [part for times, part in re.findall(r"(\d+ )?(\S+)", *layers or [name])
                 for _ in range(int(times or 1))]
        if stacks.keys() >= set(parts):
            found[name] = [file for part in parts for file in stacks[part]]
    return found | {name: files for name, files in attached.items() if name not in found}


def row(target, name, files, programs):
    """A row's lines"""
    yield f"row {name}" + " coverage" * (name in COVERED) + " memory" * (name not in UNWEIGHED)
    for file in files:
        yield f"filter {file}"
    stack = [programs[file] for file in files]
    seccomp_nr = target.nr("seccomp")
    for number in range(1, len(stack)):
        if calls.Stack(target, stack[:number]).run(seccomp_nr, (1,))[1] != calls.ALLOW:
            sys.exit(f"filters.py: {name}: no filter can be attached on top of {number}")
    for column, errno, nr, args in calls.calls(target, stack):
        yield " ".join(map(str, ("call", column, errno, nr, *args)))
    if not stack:
        yield f"call personality(0) 0 {target.nr('personality')} 0"


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: filters.py OUTDIR ARCH")
    outdir, target = Path(sys.argv[1]), Target(sys.argv[2])
    shutil.rmtree(outdir, ignore_errors=True)
    outdir.mkdir(parents=True)
    programs, attached = own(target)
    stacks = {"none": [], "systemd-x16": [f"systemd-{n:02}.bpf" for n in range(1, 17)], **attached}
    with open(outdir / "list", "w", encoding="utf-8") as index:
        for name, meaning, program in filters(target):
            programs[f"{name}.bpf"] = program
            stacks[name] = [f"{name}.bpf"]
            index.write(f"{name}\t{meaning}\n")
    for file, program in programs.items():
        (outdir / file).parent.mkdir(parents=True, exist_ok=True)
        (outdir / file).write_bytes(program)
    with open(outdir / "rows", "w", encoding="utf-8") as index:
        for name, files in rows(stacks, attached).items():
            index.writelines(line + "\n" for line in row(target, name, files, programs))


if __name__ == "__main__":
    main()
