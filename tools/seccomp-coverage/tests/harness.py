# SPDX-License-Identifier: GPL-2.0-only
"""What the tests of seccomp-coverage share: the program, filters, profiles"""

import json
import os
import struct
import subprocess
import tempfile

LD, LDX_MEM, LEN, JA, JEQ, JGE, RET, RET_A = 0x20, 0x61, 0x80, 0x05, 0x15, 0x35, 0x06, 0x16
ALLOW, LOG, TRACE, NOTIFY = 0x7fff0000, 0x7ffc0000, 0x7ff00000, 0x7fc00000
ERRNO, TRAP, KILL_THREAD, KILL = 0x00050000, 0x00030000, 0, 0x80000000
AUDIT = {"x86_64": 0xc000003e, "ia32": 0x40000003, "aarch64": 0xc00000b7, "arm": 0x40000028,
         "riscv64": 0xc00000f3, "s390x": 0x80000016, "s390": 0x16, "ppc64le": 0xc0000015,
         "loongarch64": 0xc0000102, "mips": 8, "mipsel": 0x40000008, "mips64": 0x80000008,
         "mipsel64": 0xc0000008, "mips64n32": 0xa0000008, "mipsel64n32": 0xe0000008}
NR, ARCH, IP, ARG0_LOW = 0, 4, 8, 16
X86_64, S390X = AUDIT["x86_64"], AUDIT["s390x"]
# Allows read, denies all else, but for write and openat with a first argument of 2
SMALL = [(LD, 0, 0, ARCH), (JEQ, 1, 0, X86_64), (RET, 0, 0, KILL), (LD, 0, 0, NR),
         (JEQ, 6, 0, 0), (JEQ, 2, 0, 1), (JEQ, 1, 0, 257), (RET, 0, 0, ERRNO | 1),
         (LD, 0, 0, ARG0_LOW), (JEQ, 1, 0, 2), (RET, 0, 0, ERRNO | 9), (RET, 0, 0, ALLOW)]
CACHE = "x86_64 0 ALLOW\nx86_64 1 FILTER\nx86_64 2 ERRNO 13\nia32 1 KILL_PROCESS\n"


def big_endian(abi):
    return not AUDIT[abi] & 0x40000000


def raw(insns, order="<"):
    return b"".join(struct.pack(order + "HBBI", *insn) for insn in insns)


def flat(profile):
    return json.dumps(profile).encode()


def allowing(*names, **more):
    """A profile that allows some calls and denies the others"""
    return {"defaultAction": "SCMP_ACT_ERRNO",
            "syscalls": [{"names": list(names), "action": "SCMP_ACT_ALLOW"}], **more}


def no_call(nr, result, audit=X86_64):
    """A filter that says this of one call, and allows the others"""
    return [(LD, 0, 0, ARCH), (JEQ, 0, 2, audit), (LD, 0, 0, NR), (JEQ, 1, 0, nr),
            (RET, 0, 0, ALLOW), (RET, 0, 0, result)]


class Checks:
    """Runs the program and compares; one test point each"""

    def __init__(self, program):
        self.program, self.seen, self.failed = program, 0, 0
        self.folder = tempfile.TemporaryDirectory()

    def point(self, name, good, why=""):
        self.seen += 1
        self.failed += not good
        print(("ok" if good else "not ok"), self.seen, "-", name, flush=True)
        if not good:
            print("\n".join("# " + line for line in why.splitlines()))

    def skip(self, name, why):
        self.seen += 1
        print("ok", self.seen, "-", name, "# SKIP", why)

    def run(self, *args, data=b""):
        return subprocess.run([self.program, *args], input=data, capture_output=True, check=False)

    def file(self, name, data):
        """A file with that in it"""
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def says(self, name, data, *args, status=0, out="", err="", whole=False):
        """Exit status; the output, or lines of it; a part of the message"""
        got = self.run(*args, data=data)
        text, errors = got.stdout.decode(), got.stderr.decode(errors="replace")
        parts = [out] if isinstance(out, str) else out
        good = got.returncode == status and err in errors
        good = good and (text == out if whole else all(part in text for part in parts))
        # Trouble is one line, and nothing is written beside it
        good = good and (status != 2 or errors.count("\n") == 1 and not text)
        self.point(name, good, f"status {got.returncode}, expected {status}\n{text}{errors}")
        return text

    def trouble(self, name, data, err, *args):
        self.says(name, data, *args, status=2, err=err)
