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

import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import calls
from report import CURVES

try:
    import seccomp
    from seccomp import (ALLOW, EQ, ERRNO, GE, GT, KILL, KILL_PROCESS, LE, LOG,
                         LT, MASKED_EQ, NE, TRAP, Arch, Arg, Attr,
                         SyscallFilter, resolve_syscall)
except ImportError:
    sys.exit("filters.py: no module 'seccomp': apt-get install python3-seccomp"
             " and run this under /usr/bin/python3")

PROFILE = "/usr/share/containers/seccomp.json"

# ARCH: libseccomp's name, the name in profiles, the name in their conditions,
# AUDIT_ARCH_*
ARCHES = {
    "x86_64": ("x86_64", "SCMP_ARCH_X86_64", "amd64", 0xc000003e),
    "i386": ("x86", "SCMP_ARCH_X86", "x86", 0x40000003),
    "arm64": ("aarch64", "SCMP_ARCH_AARCH64", "arm64", 0xc00000b7),
    "arm": ("arm", "SCMP_ARCH_ARM", "arm", 0x40000028),
    "riscv64": ("riscv64", "SCMP_ARCH_RISCV64", "riscv64", 0xc00000f3),
    "s390": ("s390x", "SCMP_ARCH_S390X", "s390x", 0x80000016),
}

# What a container gets when nobody asks for more: default_capabilities in the
# same package's containers.conf.
CAPS = {"CAP_" + c for c in (
    "CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID"
    " SETPCAP SETUID SYS_CHROOT").split()}

ACTIONS = {"ALLOW": ALLOW, "KILL": KILL, "KILL_THREAD": KILL, "LOG": LOG,
           "KILL_PROCESS": KILL_PROCESS, "TRAP": TRAP}
COMPARE = {"EQ": EQ, "NE": NE, "LT": LT, "LE": LE, "GT": GT, "GE": GE,
           "MASKED_EQ": MASKED_EQ}

EPERM, ENOSYS, EAFNOSUPPORT = 1, 38, 97


class Target:
    """The architecture that the filters are for."""

    def __init__(self, name):
        self.name = name
        lib, self.scmp, self.goarch, self.audit = ARCHES[name]
        self.arch = Arch(lib)
        self.order = ">" if name == "s390" else "<"

    def nr(self, call):
        return resolve_syscall(self.arch, call)

    def filter(self, default):
        """An empty filter for this target alone"""
        new = SyscallFilter(default)
        if not new.exist_arch(self.arch):
            new.remove_arch(Arch())
            new.add_arch(self.arch)
        return new


def known(call):
    """libseccomp is older than some names: skip those, as runtimes do"""
    try:
        return resolve_syscall(Arch(), call) != -1
    except RuntimeError:
        return False


def add(bpf, action, call, *args):
    if known(call):
        bpf.add_rule(action, call, *args)


# --- the container's profile: the OCI format with conditions ---------------

def action_of(name, errno):
    name = name.removeprefix("SCMP_ACT_")
    return ERRNO(EPERM if errno is None else errno) if name == "ERRNO" \
        else ACTIONS[name]


def applies(rule, target):
    """Do the rule's conditions hold? Every kernel here has its minKernel."""
    inc, exc = rule.get("includes") or {}, rule.get("excludes") or {}
    if inc.get("arches") and target.goarch not in inc["arches"]:
        return False
    if target.goarch in exc.get("arches", []) or exc.get("minKernel"):
        return False
    return CAPS.issuperset(inc.get("caps", [])) and \
        CAPS.isdisjoint(exc.get("caps", []))


def oci_arg(arg):
    op = COMPARE[arg["op"].removeprefix("SCMP_CMP_")]
    if op == MASKED_EQ:
        return Arg(arg["index"], op, arg["value"], arg["valueTwo"])
    return Arg(arg["index"], op, arg["value"])


def container(target, tree=False):
    try:
        with open(PROFILE, encoding="utf-8") as file:
            profile = json.load(file)
    except OSError as err:
        sys.exit(f"filters.py: {err}:"
                 " apt-get install golang-github-containers-common")
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

def call_sets():
    """systemd's @sets of system calls, without the nesting"""
    try:
        text = subprocess.run(["systemd-analyze", "syscall-filter"],
                              check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as err:
        sys.exit(f"filters.py: {err}: apt-get install systemd")
    sets, name = {}, None
    for line in text.splitlines():
        word = line.split("#")[0].strip()
        if word and not line[0].isspace():
            name = word
            sets[name] = []
        elif word:
            sets[name].append(word)

    def flat(word):
        if not word.startswith("@"):
            return {word}
        return set().union(*map(flat, sets[word]))

    return flat


def deny(bpf, *calls):
    for call in sorted(calls):
        add(bpf, ERRNO(EPERM), call)


def address_families(bpf, _):
    """Only AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK"""
    for family in (0, *range(3, 10), *range(11, 16)):
        add(bpf, ERRNO(EAFNOSUPPORT), "socket", Arg(0, EQ, family))
    add(bpf, ERRNO(EAFNOSUPPORT), "socket", Arg(0, GT, 16))


def write_execute(bpf, target):
    exec_, write, shm_exec = 4, 2, 0o100000
    if target.name in ("i386", "s390"):
        deny(bpf, "mmap")               # its arguments are in memory
    if target.name != "s390":
        mmap = "mmap2" if target.name in ("i386", "arm") else "mmap"
        add(bpf, ERRNO(EPERM), mmap,
            Arg(2, MASKED_EQ, exec_ | write, exec_ | write))
    for call in "mprotect", "pkey_mprotect":
        add(bpf, ERRNO(EPERM), call, Arg(2, MASKED_EQ, exec_, exec_))
    if target.name not in ("i386", "s390"):
        add(bpf, ERRNO(EPERM), "shmat", Arg(2, MASKED_EQ, shm_exec, shm_exec))


def realtime(bpf, _):
    for policy in 1, 2, 6:              # SCHED_FIFO, _RR, _DEADLINE
        add(bpf, ERRNO(EPERM), "sched_setscheduler", Arg(1, EQ, policy))


def suid_sgid(bpf, _):
    creat = 0o100
    for bit in 0o4000, 0o2000:
        for call, mode in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2),
                           ("mkdir", 1), ("mkdirat", 2), ("mknod", 1),
                           ("mknodat", 2), ("creat", 1)):
            add(bpf, ERRNO(EPERM), call, Arg(mode, MASKED_EQ, bit, bit))
        for call, flags in ("open", 1), ("openat", 2):
            add(bpf, ERRNO(EPERM), call, Arg(flags, MASKED_EQ, creat, creat),
                Arg(flags + 1, MASKED_EQ, bit, bit))
    add(bpf, ERRNO(ENOSYS), "openat2")  # its mode is in memory


def namespaces(bpf, target):
    flags = 1 if target.name == "s390" else 0
    for bit in (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000,
                0x20000000, 0x40000000):
        add(bpf, ERRNO(EPERM), "unshare", Arg(0, MASKED_EQ, bit, bit))
        add(bpf, ERRNO(EPERM), "clone", Arg(flags, MASKED_EQ, bit, bit))
        add(bpf, ERRNO(EPERM), "setns", Arg(1, MASKED_EQ, bit, bit))
    add(bpf, ERRNO(EPERM), "setns", Arg(1, EQ, 0))
    add(bpf, ERRNO(ENOSYS), "clone3")   # its flags are in memory


def personality(bpf, _):
    add(bpf, ERRNO(EPERM), "personality", Arg(0, NE, 0))


def native_only(_bpf, _target):
    pass                                # the check of the ABI is all of it


def systemd_settings():
    """(setting, what it adds to an empty filter that allows), oldest first"""
    flat = call_sets()

    def without(*words):
        return lambda bpf, _: deny(bpf, *set().union(*map(flat, words)))

    return [
        ("RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
         address_families),
        ("MemoryDenyWriteExecute=yes", write_execute),
        ("RestrictRealtime=yes", realtime),
        ("RestrictSUIDSGID=yes", suid_sgid),
        ("RestrictNamespaces=yes", namespaces),
        ("ProtectHostname=yes", without("sethostname", "setdomainname")),
        ("ProtectKernelModules=yes", without("@module")),
        ("ProtectKernelLogs=yes", without("syslog")),
        ("ProtectClock=yes", without("@clock")),
        ("PrivateDevices=yes", without("@raw-io")),
        ("SystemCallArchitectures=native", native_only),
        ("LockPersonality=yes", personality),
        ("SystemCallFilter=~@debug @cpu-emulation @keyring",
         without("@debug", "@cpu-emulation", "@keyring")),
        ("SystemCallFilter=~@mount @swap @reboot",
         without("@mount", "@swap", "@reboot")),
        ("SystemCallFilter=~@obsolete", without("@obsolete")),
        ("SystemCallFilter=~@privileged @resources",
         without("@privileged", "@resources")),
    ]


def systemd(target):
    for setting, fill in systemd_settings():
        bpf = target.filter(ALLOW)
        if fill is not native_only:
            bpf.set_attr(Attr.ACT_BADARCH, ALLOW)
        fill(bpf, target)
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
    return b"".join(struct.pack(target.order + "HBBI", *op) for op in code)


def filters(target):
    """All of them: (name, meaning, program)"""
    yield "container", "default container profile", container(target)
    yield ("container-tree", "the same compiled as a binary tree, as runc does"
           " since 1.2", container(target, tree=True))
    for number, (setting, bpf) in enumerate(systemd(target), 1):
        yield f"systemd-{number:02}", setting, bpf
    for count in 10, 100, 300, 1000:
        yield (f"linear-{count}", f"{count} numbers compared one after the"
               " other", linear(target, count))
    yield "trivial", "one number denied", linear(target, 1)


# --- rows ----------------------------------------------------------------------

OWN = Path(__file__).parent.parent / "tests/filters"
# Stacks of filters that are above: a program that runs in another one's sandbox
NESTED = {
    "firefox-tab-in-snap": ["snapd", "firefox-tab"],
    "chromium-in-flatpak-in-firejail": ["firejail", "flatpak", "chromium-renderer"],
}
# What the report shows of the coverage
COVERED = "container", "systemd-x16"
# Where memory is not measured: this would take longest of all, and tell nothing new
UNWEIGHED = {*CURVES, "container-x4"}


def own(target):
    """{name: [(file name, program)...]} of the filters that programs attach"""
    found = {}
    for path in sorted((OWN / target.name).glob("*")):
        files = sorted(path.glob("*.bpf")) if path.is_dir() else [path]
        found[path.stem] = [
            (Path("own", file.relative_to(OWN / target.name)), file.read_bytes())
            for file in files]
    for name, parts in NESTED.items():
        if all(part in found for part in parts):
            found[name] = [layer for part in parts for layer in found[part]]
    return found


def rows():
    """Those of the filters that are compiled here: (name, [filter...])"""
    yield "none", []
    yield "container", ["container"]
    yield "container-x4", ["container"] * 4
    yield "container-tree", ["container-tree"]
    yield "systemd-x16", [f"systemd-{number:02}" for number in range(1, 17)]
    yield "trivial", ["trivial"]
    for depth in 2, 4, 8, 16, 32:
        yield f"trivial-x{depth}", ["trivial"] * depth
    for count in 10, 100, 300, 1000:
        yield f"linear-{count}", [f"linear-{count}"]


def row(target, name, layers):
    """A row's lines"""
    yield f"row {name}" + " coverage" * (name in COVERED) + " memory" * (name not in UNWEIGHED)
    for file, _ in layers:
        yield f"filter {file}"
    programs = [program for _, program in layers]
    seccomp_nr = target.nr("seccomp")
    for number in range(1, len(layers)):
        if calls.Stack(target, programs[:number]).run(seccomp_nr, (1,))[1] != calls.ALLOW:
            sys.exit(f"filters.py: {name}: no filter can be attached on top of {number}")
    for column, errno, nr, args in calls.calls(target, programs):
        yield " ".join(map(str, ("call", column, errno, nr, *args)))
    if not layers:
        yield f"call personality(0) 0 {target.nr('personality')} 0"


def turn_results(file, target):
    """libseccomp 2.5 leaves results in this machine's byte order"""
    if target.order == "<":
        return
    file.seek(0)
    program = file.read()
    file.seek(0)
    for code, jt, jf, k in struct.iter_unpack(">HBBI", program):
        if code == 0x06 and k & 0xffff > k >> 16:
            k = int.from_bytes(k.to_bytes(4, "little"), "big")
        file.write(struct.pack(">HBBI", code, jt, jf, k))


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in ARCHES:
        sys.exit("usage: filters.py OUTDIR " + "|".join(ARCHES))
    outdir, target = Path(sys.argv[1]), Target(sys.argv[2])
    shutil.rmtree(outdir, ignore_errors=True)
    outdir.mkdir(parents=True)
    with open(outdir / "list", "w", encoding="utf-8") as index:
        for name, meaning, bpf in filters(target):
            with open(outdir / f"{name}.bpf", "w+b") as file:
                if isinstance(bpf, bytes):
                    file.write(bpf)
                else:
                    bpf.export_bpf(file)
                    turn_results(file, target)
            index.write(f"{name}\t{meaning}\n")
    measured = {
        name: [(f"{part}.bpf", (outdir / f"{part}.bpf").read_bytes()) for part in parts]
        for name, parts in rows()}
    for name, layers in own(target).items():
        measured[name] = layers
        for file, program in layers:
            (outdir / file).parent.mkdir(parents=True, exist_ok=True)
            (outdir / file).write_bytes(program)
    with open(outdir / "rows", "w", encoding="utf-8") as index:
        for name, layers in measured.items():
            for line in row(target, name, layers):
                index.write(line + "\n")


if __name__ == "__main__":
    main()
