# SPDX-License-Identifier: GPL-2.0-only
"""What is constant, in filters that are given as they are"""

import json

from harness import (
    ALLOW,
    ARCH,
    AUDIT,
    CACHE,
    ERRNO,
    IP,
    JEQ,
    JGE,
    KILL,
    LD,
    LOG,
    NR,
    RET,
    RET_A,
    S390X,
    SMALL,
    TRACE,
    TRAP,
    X86_64,
    big_endian,
    no_call,
    raw,
)

SMALL_SAYS = """\
x86_64 0       ALLOW        read
x86_64 1       FILTER       write: instruction 8 reads args[0], low half
x86_64 2-256   ERRNO 1      open..migrate_pages
x86_64 257     FILTER       openat: instruction 8 reads args[0], low half
x86_64 258-334 ERRNO 1      mkdirat..rseq
x86_64 335     ALLOW        uretprobe: never filtered
x86_64 336-462 ERRNO 1      pidfd_send_signal..mseal
x86_64: 373 of 375 calls in O(1): 2 ALLOW, 371 ERRNO; 2 ask the filters, 2 of which can be allowed
"""
FIRST = {"mips": 4000, "mips64": 5000, "mips64n32": 6000}
SIZE = 463


def verdicts(check):
    """Defect 3: of all calls, what is constant, and of what kind"""
    own = "-qk6.12", "-a", "x86_64"
    check.says(
        "everything is logged",
        raw([(RET, 0, 0, LOG)]),
        *own,
        out="x86_64: 375 of 375 calls in O(1): 1 ALLOW, 374 LOG\n",
        whole=True,
    )
    check.says(
        "everything is denied",
        raw([(RET, 0, 0, ERRNO | 38)]),
        *own,
        out="x86_64: 375 of 375 calls in O(1): 1 ALLOW, 374 ERRNO\n",
        whole=True,
    )
    check.says(
        "each call has a result of its own",
        raw([(LD, 0, 0, NR), (0x44, 0, 0, TRACE), (RET_A, 0, 0, 0)]),
        *own,
        out="x86_64: 1 of 375 calls in O(1): 1 ALLOW; 374 ask the filters, 0 of which can be "
        "allowed\n",
        whole=True,
    )
    check.says(
        "denied for all arguments is not allowed",
        raw(SMALL[:10] + [(RET, 0, 0, TRAP), (RET, 0, 0, ERRNO)]),
        *own,
        out="; 2 ask the filters, 0 of which can be allowed\n",
    )


def abis(check):
    big = [(*insn[:3], S390X) if insn[3] == X86_64 else insn for insn in SMALL]
    check.says(
        "other byte order",
        raw(big, ">"),
        "-a",
        "s390x",
        out="s390x 1       FILTER       exit: instruction 8 reads args[0], high half\n",
    )
    check.says(
        "other ABI",
        raw(SMALL),
        "-qa",
        "x86_64,ia32",
        out="ia32: 462 of 462 calls in O(1): 462 KILL_PROCESS\n",
    )
    for alias, name in ("amd64", "x86_64"), ("arm64", "aarch64"), ("i386", "ia32"):
        check.says(f"{alias} is {name}", raw([(RET, 0, 0, ALLOW)]), "-qa", alias, out=f"{name}: ")
    for abi, audit in AUDIT.items():
        order = ">" if big_endian(abi) else "<"
        first = FIRST.get(abi.replace("el", ""), 0)
        check.says(
            f"all of {abi}",
            raw([(RET, 0, 0, ERRNO | 2)], order),
            "-k6.12",
            "-a",
            abi,
            out=f"ERRNO 2      ",
            err="",
        )
        denied = no_call(first + 57, ERRNO | 3, audit)
        check.says(
            f"one call of {abi}",
            raw(denied, order),
            "-k6.12",
            "-a",
            abi,
            out=f"{abi} {first + 57:<7} ERRNO 3 ",
        )
    check.says(
        "MIPS is evaluated",
        raw([(RET, 0, 0, ALLOW)]),
        "-qa",
        "mipsel",
        out="evaluated, not by the kernel's classifier",
    )
    check.says(
        "numbers of MIPS",
        raw([(RET, 0, 0, ERRNO | 2)], ">"),
        "-a",
        "mips64",
        out="mips64 5000-5472 ERRNO 2      read..fchroot\n",
    )
    check.says(
        "32-bit Arm",
        raw([(RET, 0, 0, ALLOW)]),
        "-a",
        "arm",
        "-r",
        "cacheflush",
        status=1,
        err="cacheflush: outside the system call table",
    )


def stacks(check):
    """Several files, the oldest first"""
    small, more = check.file("small.bpf", raw(SMALL)), check.file("more.bpf", raw(no_call(0, TRAP)))
    kill = check.file("kill.bpf", raw(no_call(0, KILL)))
    check.says(
        "stack: the stricter action wins",
        b"",
        "-a",
        "x86_64",
        small,
        more,
        out=(
            "x86_64 0       TRAP 0       read: filter 2 (" + more,
            "# filter 1: " + small,
            "# 2 filters take 26 of 32768 instructions, ",
        ),
    )
    check.says(
        "stack: in any order",
        b"",
        "-a",
        "x86_64",
        kill,
        more,
        out="x86_64 0       KILL_PROCESS read: filter 1 (" + kill,
    )
    check.says(
        "stack: of equal ones the newest",
        b"",
        "-a",
        "x86_64",
        more,
        more,
        kill,
        kill,
        out="read: filter 4 (",
    )
    check.says(
        "stack: who looks at arguments",
        b"",
        "-a",
        "x86_64",
        small,
        more,
        out=f"write: filter 1 ({small}), instruction 8 reads args[0]",
    )
    check.says(
        "stack: not of reports",
        b"",
        small,
        check.file("cache", CACHE),
        status=2,
        err="a kernel's report of a whole stack",
    )
    check.says(
        "stack: the kernel's limit",
        b"",
        "-a",
        "x86_64",
        *[check.file("long.bpf", raw([(JGE, 0, 0, 0)] * 4095 + [(RET, 0, 0, ALLOW)]))] * 8,
        out="does not let the last of them be attached: ENOMEM",
    )
    got = json.loads(check.run("-ja", "x86_64", small, more).stdout)[0]
    check.point(
        "stack: JSON",
        got["filters"] == [small, more] and got["abis"][0]["calls"][0]["filter"] == 2,
        str(got["filters"]),
    )


def required(check):
    small, own = raw(SMALL), ("-qa", "x86_64")
    check.says("required, constant", small, *own, "--require", "read,clone3")
    check.says(
        "required, not constant",
        small,
        *own,
        "--require",
        "read,openat",
        status=1,
        err="x86_64 257 openat: instruction 8 reads args[0], low half\n",
    )
    check.says("required of the ABIs that have it", small, "-qa", "x86_64,riscv64", "-r", "open")
    check.trouble("required, unknown", small, "no call 'opn'", *own, "-r", "opn")


def reports(check):
    check.says(
        "copy of seccomp_cache",
        CACHE.encode(),
        "-r",
        "vfork,read",
        "-a",
        "x86_64",
        status=1,
        err="x86_64 58 vfork: runs the filters\n",
        out="x86_64 2       ERRNO 13     open\n",
    )
    check.says(
        "copy of seccomp_cache, one ABI",
        CACHE.encode(),
        "-qa",
        "ia32",
        "-r",
        "write",
        status=1,
        out="; 461 run the filters\n",
        err="ia32 4 write: runs the filters",
    )
    text = (
        "# 1 filters, table of 512 bytes: 5 classes, 2 steps\n"
        "# the newest filter's program has 1 users\nx86_64 0-3 ALLOW\nx86_64 4 ERRNO 1\n"
        "x86_64 5-462 FILTER\nia32 0-462 KILL_PROCESS\n"
    )
    check.says(
        "copy of seccomp_coverage",
        text.encode(),
        "-k",
        "6.12",
        out=(
            "x86_64 0-3     ALLOW        read..close\n",
            "x86_64 4       ERRNO 1      stat\n",
            "ia32: 452 of 452 calls in O(1)",
        ),
    )
    check.says(
        "copy of seccomp_coverage without a table",
        b"# no table\n# the newest filter's program has 1 users\nx86_64 0-462 FILTER\n",
        "-q",
        out="x86_64: 0 of ",
    )


def output(check):
    got = json.loads(check.run("-ja", "x86_64", "-k", "6.12", data=raw(SMALL)).stdout)[0]["abis"][0]
    call = got["calls"]
    good = (got["abi"], got["known"], got["constant"], got["filter"]) == ("x86_64", 375, 373, 2)
    good &= got["by_action"] == {"ALLOW": 2, "ERRNO": 371}
    good &= call[0] == {"nr": 0, "name": "read", "action": "ALLOW"}
    good &= call[1] == {
        "nr": 1,
        "name": "write",
        "action": "FILTER",
        "allowed": "sometimes",
        "instruction": 8,
        "reads": "args[0]",
        "half": "low",
    }
    good &= call[2] == {"nr": 2, "name": "open", "action": "ERRNO", "data": 1}
    check.point("JSON", good, str(got["calls"][:3]))
    check.says("colour", raw(SMALL), "-a", "x86_64", "--colour", "always", out="\033[32mALLOW")
    check.says("no colour to a pipe", raw(SMALL), "-a", "x86_64", out="x86_64 0       ALLOW ")
    check.says("version", b"", "--version", out="seccomp-coverage ")
    check.says("help", b"", "--help", out="usage: ")


def run(check):
    check.says("raw filter", raw(SMALL), "-k", "6.12", "-a", "x86_64", out=SMALL_SAYS, whole=True)
    same = SMALL[:10] + [(RET, 0, 0, ALLOW), (RET, 0, 0, ALLOW)]
    check.says("all ways the same", raw(same), "-qa", "x86_64", "-r", "read,write,openat")
    check.says(
        "instruction pointer",
        raw([(LD, 0, 0, IP), (RET_A, 0, 0, 0)]),
        "-a",
        "aarch64",
        out="aarch64 0-472   FILTER       io_setup..fchroot: "
        "instruction 0 reads instruction_pointer, low half\n",
    )
    check.says(
        "a constant behind a look",
        raw([(LD, 0, 0, ARCH), (JEQ, 0, 0, 0), (RET, 0, 0, KILL)]),
        "-qa",
        "x86_64",
        out="KILL_PROCESS",
    )
    for group in verdicts, abis, stacks, required, reports, output:
        group(check)
