#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of seccomp-coverage: check.py PROGRAM; TAP"""

import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

LD, LDX_MEM, LEN, JA, JEQ, JGE, RET, RET_A = 0x20, 0x61, 0x80, 0x05, 0x15, 0x35, 0x06, 0x16
ALLOW, ERRNO, KILL, TRAP = 0x7fff0000, 0x00050000, 0x80000000, 0x00030000
X86_64, S390X = 0xc000003e, 0x80000016
NR, ARCH, IP, ARG0_LOW = 0, 4, 8, 16
# Allows read, denies all else, but for write and openat with a first argument of 2
SMALL = [(LD, 0, 0, ARCH), (JEQ, 1, 0, X86_64), (RET, 0, 0, KILL), (LD, 0, 0, NR),
         (JEQ, 6, 0, 0), (JEQ, 2, 0, 1), (JEQ, 1, 0, 257), (RET, 0, 0, ERRNO | 1),
         (LD, 0, 0, ARG0_LOW), (JEQ, 1, 0, 2), (RET, 0, 0, ERRNO | 9), (RET, 0, 0, ALLOW)]
SMALL_SAYS = """\
x86_64 0       ALLOW        read
x86_64 1       FILTER       write: instruction 8 reads args[0], low half
x86_64 2-256   ERRNO 1      open..migrate_pages
x86_64 257     FILTER       openat: instruction 8 reads args[0], low half
x86_64 258-462 ERRNO 1      mkdirat..futex_requeue
x86_64: 1 of 3 allowed calls in O(1)
"""

PROFILE = {
    "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
    "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
    "syscalls": [
        {"names": ["read", "no_such_call"], "action": "SCMP_ACT_ALLOW"},
        {"names": ["write"], "action": "SCMP_ACT_ALLOW",
         "args": [{"index": 0, "value": 1 << 63, "op": "SCMP_CMP_EQ"},
                  {"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]},
        {"names": ["open"], "action": "SCMP_ACT_LOG", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
        {"names": ["open"], "action": "SCMP_ACT_TRAP", "excludes": {"caps": ["CAP_SYS_ADMIN"]}},
        {"names": ["close"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["arm64"]}},
        {"names": ["lseek"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "5.4"}},
        {"names": ["mmap"], "action": "SCMP_ACT_ALLOW", "excludes": {"minKernel": "5.4"}},
        {"names": ["fork"], "action": "SCMP_ACT_NOTIFY"},
        {"names": ["vfork"], "action": "SCMP_ACT_TRACE", "errnoRet": 7},
    ],
}
CACHE = "x86_64 0 ALLOW\nx86_64 1 FILTER\nx86_64 2 ERRNO 13\nia32 1 KILL_PROCESS\n"


def raw(insns, order="<"):
    return b"".join(struct.pack(order + "HBBI", *insn) for insn in insns)


def flat(profile):
    return json.dumps(profile).encode()


class Checks:
    """Runs the program and compares; one test point each"""

    def __init__(self, program):
        self.program, self.seen, self.failed = program, 0, 0

    def point(self, name, good, why=""):
        self.seen += 1
        self.failed += not good
        print(("ok" if good else "not ok"), self.seen, "-", name)
        if not good:
            print("\n".join("# " + line for line in why.splitlines()))

    def run(self, *args, data=b""):
        return subprocess.run([self.program, *args], input=data, capture_output=True, check=False)

    def says(self, name, data, *args, status=0, out="", err=""):
        """Exit status; the output, or lines of it without the verdict; a part of the message"""
        got = self.run(*args, data=data)
        text, errors = got.stdout.decode(), got.stderr.decode()
        whole = text == out if out.endswith(")\n") else out in text
        good = got.returncode == status and whole and err in errors
        good = good and (status != 2 or errors.count("\n") == 1 and not text)
        self.point(name, good, f"status {got.returncode}, expected {status}\n{text}{errors}")


def results(check):
    small = raw(SMALL)
    check.says("raw filter", small, "-a", "x86_64", out=SMALL_SAYS)
    check.says("other ABI", small, "-qa", "x86_64,ia32",
               out="x86_64: 1 of 3 allowed calls in O(1)\nia32: 0 of 0 allowed calls in O(1)\n")
    big = [(*insn[:3], S390X) if insn[3] == X86_64 else insn for insn in SMALL]
    check.says("other byte order", raw(big, ">"), "-a", "s390x",
               out="s390x 1       FILTER       exit: instruction 8 reads args[0], high half\n")
    same = SMALL[:10] + [(RET, 0, 0, ALLOW), (RET, 0, 0, ALLOW)]
    check.says("all ways the same", raw(same), "-qa", "x86_64", "-r", "read,write,openat",
               out="x86_64: 3 of 3 allowed calls in O(1)\n")
    check.says("instruction pointer", raw([(LD, 0, 0, IP), (RET_A, 0, 0, 0)]), "-a", "aarch64",
               out="aarch64 0-462   FILTER       io_setup..futex_requeue: "
                   "instruction 0 reads instruction_pointer, low half\n")
    check.says("32-bit Arm", raw([(RET, 0, 0, ALLOW)]), "-a", "arm", "-r", "cacheflush", status=1,
               err="cacheflush: outside the system call table")
    check.says("denied arguments are not allowed",
               raw(SMALL[:10] + [(RET, 0, 0, TRAP), (RET, 0, 0, ERRNO)]), "-qa", "x86_64",
               out="x86_64: 0 of 0 allowed calls in O(1)\n")
    for abi in "x86_64 ia32 aarch64 arm riscv64 s390x s390 ppc64le".split():
        order = ">" if abi.startswith("s390") else "<"
        check.says(f"all of {abi}", raw([(RET, 0, 0, ERRNO | 2)], order), "-a", abi,
                   out=f"{abi} 0-462   ERRNO 2      ")


def required(check):
    small = raw(SMALL)
    check.says("required, constant", small, "-qa", "x86_64", "--require", "read,clone3")
    check.says("required, not constant", small, "-qa", "x86_64", "--require", "read,openat", status=1,
               err="x86_64 257 openat: instruction 8 reads args[0], low half\n")
    check.says("required of the ABIs that have it", small, "-qa", "x86_64,riscv64", "-r", "open")
    check.says("required, unknown", small, "-qa", "x86_64", "-r", "opn", status=2, err="no call 'opn'")


def profiles(check):
    args = "-a", "x86_64"
    check.says("profile", flat(PROFILE), *args, out="""\
x86_64 0       ALLOW        read
x86_64 1       FILTER       write: instruction 11 reads args[0], high half
x86_64 2       TRAP 0       open
x86_64 3-7     ERRNO 38     close..poll
x86_64 8       ALLOW        lseek
x86_64 9-56    ERRNO 38     mmap..clone
x86_64 57      USER_NOTIF   fork
x86_64 58      TRACE 7      vfork
x86_64 59-462  ERRNO 38     execve..futex_requeue
x86_64: 2 of 3 allowed calls in O(1)
""")
    check.says("capabilities", flat(PROFILE), *args, "-c", "kill,cap_sys_admin",
               out="x86_64 2       LOG          open\n")
    check.says("another machine", flat(PROFILE), "-qa", "aarch64", "-r", "close,read",
               out="aarch64: 3 of 4 allowed calls in O(1)\n")
    config = {"ociVersion": "1.0.2", "linux": {"seccomp": {
        "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]}}}
    check.says("config.json", flat(config), "-a", "x86_64,ia32",
               out="ia32 21      ERRNO 1      mount\n")
    if os.path.exists("/usr/share/containers/seccomp.json"):
        for abi in "x86_64", "aarch64", "s390x":
            got = check.run("-qa", abi, "/usr/share/containers/seccomp.json").stdout.decode()
            numbers = re.fullmatch(abi + r": (\d+) of (\d+) allowed calls in O\(1\)\n", got)
            good = numbers and int(numbers[2]) - int(numbers[1]) == 2 and int(numbers[1]) > 250
            check.point(f"containers-common's profile, {abi}", good, got)


def tools(check):
    got = json.loads(check.run("-ja", "x86_64", data=raw(SMALL)).stdout)
    call = got[0]["calls"]
    good = (got[0]["abi"], got[0]["allowed"], got[0]["allowed_constant"]) == ("x86_64", 3, 1)
    good &= call[0] == {"nr": 0, "name": "read", "action": "ALLOW"}
    good &= call[1] == {"nr": 1, "name": "write", "action": "FILTER", "instruction": 8,
                        "reads": "args[0]", "half": "low"}
    good &= call[2] == {"nr": 2, "name": "open", "action": "ERRNO", "data": 1}
    check.point("JSON", good, str(got[0]["calls"][:3]))
    check.says("copy of seccomp_cache", CACHE.encode(), "-r", "vfork,read", "-a", "x86_64", status=1,
               err="x86_64 58 vfork: runs the filters\n",
               out="x86_64 2       ERRNO 13     open\n")
    check.says("copy of seccomp_cache, one ABI", CACHE.encode(), "-qa", "ia32", "-r", "write",
               status=1, out="ia32: 0 calls allowed in O(1), 445 run the filters\n",
               err="ia32 4 write: runs the filters")


def trouble(check):
    def bad(name, data, err, *args):
        check.says(name, data, *args, status=2, err=err)

    end = [(RET, 0, 0, ALLOW)]
    small, own = raw(SMALL), ("-a", "x86_64")
    bad("empty", b"", "empty", *own)
    bad("cut short", small[:-3], "is it cut short?", *own)
    bad("cut short by whole instructions", small[:40], "jumps behind the end", *own)
    bad("no return at the end", raw(SMALL[:1]), "does not return", *own)
    bad("too long", raw(end * 4097), "no more than 4096", *own)
    bad("other byte order", small, "Name its --abi", "-a", "s390x")
    bad("unknown operation", raw([(0x94, 0, 0, 3)] + end), "does not have this operation", *own)
    bad("half a word", raw([(LD, 0, 0, 6)] + end), "struct seccomp_data", *own)
    bad("behind seccomp_data", raw([(LD, 0, 0, 64)] + end), "struct seccomp_data", *own)
    bad("division by 0", raw([(0x34, 0, 0, 0)] + end), "divides by 0", *own)
    bad("long shift", raw([(0x64, 0, 0, 32)] + end), "shifts by more than 31", *own)
    bad("no such scratch memory", raw([(0x02, 0, 0, 16)] + end), "scratch memory", *own)
    bad("scratch memory never written", raw([(LDX_MEM, 0, 0, 3)] + end), "reads scratch memory before", *own)
    bad("long jump", raw([(JA, 0, 0, 0xffffffff)] + end), "jumps behind", *own)
    bad("text", b"hello\n", "line 1 is none of seccomp_cache")
    bad("unknown ABI", small, "unknown ABI 'vax'", "-a", "vax")
    bad("x32", small, "always run the filters", "-a", "x32")
    bad("ABI that is not in it", CACHE.encode(), "nothing about arm", "-a", "arm")
    bad("no file", b"", "No such file", "/does/not/exist")
    bad("a directory", b"", "Is a directory", "/")
    bad("no process", b"", "no process 999999999", "-p", "999999999")
    bad("not a process", b"", "not a process ID", "-p", "../1")
    # Another kernel than the tests' may have the file; then there is no filter
    got = check.run("-p", str(os.getpid()))
    if os.path.exists("/proc/self/seccomp_cache"):
        check.point("own process", got.returncode in (0, 2), got.stderr.decode())
    else:
        bad("kernel without seccomp_cache", b"", "CONFIG_SECCOMP_CACHE_DEBUG", "-p", str(os.getpid()))
    bad("JSON cut short", flat(PROFILE)[:-9], "unexpected end", *own)
    bad("not JSON", b"{ read: yes }", "not JSON", *own)
    bad("other JSON", b'{"linux": {}}', "neither linux.seccomp", *own)

    def changed(name, err, change, *args):
        profile = json.loads(json.dumps(PROFILE))
        change(profile)
        bad(name, flat(profile), err, *(args or own))

    rule = lambda p: p["syscalls"][1]
    changed("unknown action", "unknown action", lambda p: p.update(defaultAction="SCMP_ACT_NO"))
    changed("rules of another type", "not of type array", lambda p: p.update(syscalls={}))
    changed("rule that is none", "not of type object", lambda p: p["syscalls"].append(7))
    changed("rule without names", "without names", lambda p: rule(p).pop("names"))
    changed("unknown comparison", "unknown comparison", lambda p: rule(p)["args"][0].update(op="LIKE"))
    changed("negative value", "out of range", lambda p: rule(p)["args"][0].update(value=-1))
    changed("argument 6", "out of range", lambda p: rule(p)["args"][0].update(index=6))
    changed("too many arguments", "more than 6", lambda p: rule(p).update(args=rule(p)["args"] * 4))
    changed("unknown architecture", "does not take SCMP_ARCH_VAX",
            lambda p: p.update(architectures=["SCMP_ARCH_VAX"]))
    changed("other byte order in a profile", "does not take SCMP_ARCH_S390X",
            lambda p: p.update(architectures=["SCMP_ARCH_S390X"]))


def manual(check):
    page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seccomp-coverage.1")
    got = subprocess.run(["groff", "-mandoc", "-ww", "-z", page], capture_output=True, check=False)
    check.point("manual page", not got.returncode and not got.stderr, got.stderr.decode())


def hostile(check):
    """Changed at random, input gives a result or a message: never anything else"""
    rng, worst = random.Random(1), ""
    for data in (raw(SMALL), flat(PROFILE), CACHE.encode()) * 40:
        data = bytearray(data)
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] = rng.choice((0, 1, 0x15, 0x7f, 0xff, rng.randrange(256)))
        got = check.run("-a", "x86_64", data=bytes(data))
        if got.returncode not in (0, 2):
            worst = f"{bytes(data)!r}: status {got.returncode}\n{got.stderr.decode()}"
    for seed in range(20):
        insns = [rng.choice(SMALL[3:9] + [(JGE, 0, 1, seed), (0x02, 0, 0, 0), (LEN, 0, 0, 0),
                                          (0x2c, 0, 0, 0), (0x07, 0, 0, 0), (0x7c, 0, 0, 0)])
                 for _ in range(4000)] + [(RET, 0, 0, ALLOW)] * 96
        got = check.run("-a", "x86_64", data=raw(insns))
        if got.returncode:
            worst = f"seed {seed}: status {got.returncode}\n{got.stderr.decode()}"
    check.point("140 hostile inputs", not worst, worst)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check.py PROGRAM")
    os.environ["LC_ALL"] = "C"
    check = Checks(os.path.abspath(sys.argv[1]))
    print("TAP version 13")
    for group in results, required, profiles, tools, trouble, manual, hostile:
        group(check)
    print(f"1..{check.seen}")
    print(f"{check.seen - check.failed} passed, {check.failed} failed")
    sys.exit(check.failed > 0)


if __name__ == "__main__":
    main()
