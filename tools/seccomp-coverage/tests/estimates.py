# SPDX-License-Identifier: GPL-2.0-only
"""What calls take: against what a guest has measured, make bench's CSV"""

import re
from pathlib import Path

from harness import allowing, flat, raw, SMALL

HERE = Path(__file__).resolve().parent
FILTERS = HERE.parents[2] / "tests/filters/x86_64"
# Of make bench on Linux 6.12, x86_64: filter, call, instructions with bitmaps, on stock.
# Those with bitmaps of socket() and of openat() with O_CREAT are of Linux 7.3
MEASURED = """\
runc            personality(0)              165 1645
runc            socket(0,0x10)              126 1633
chromium-renderer madvise(0,0,4)            189  244
firefox-rdd     fcntl(-1,0x403)             225  280
firefox-rdd     mmap(0,0,0,0,-1)            125  248
firefox-tab     prctl(0x59616d61)           213  268
firefox-tab     ioctl(-1,0x5421)            143  252
flatpak         socket(0,0x10)              173  324
openssh-preauth mprotect(0,0,0)             225  280
qemu            sched_setscheduler(0,5,0)   121  308
snapd           socket(1,0x10)              241  847
snapd           mknod(0,0x1000)             174  768
lxd-notify      mknod(0,0)                  157  244
runc            getppid                      29  139
runc            add_key                      26 1593
firejail        mprotect(0,0,0)             121  811
firejail        socket(0xa,0x10)            120  820
systemd-nspawn  socket(1,0x10)              382 3189
systemd-nspawn  openat(-1,0,0x40)           147 3428
systemd-nspawn  unshare(0)                  211 3474
"""
WITHIN = 0.15


def measured(check):
    if not FILTERS.exists():
        check.skip("estimates against the guest", "no tests/filters")
        return
    for name, call, *figures in map(str.split, MEASURED.splitlines()):
        path = FILTERS / (name + ".bpf")
        files = [path] if path.exists() else sorted((FILTERS / name).glob("*.bpf"))
        got = check.run("-a", "x86_64", "-k", "6.12", "-f", call, *map(str, files))
        found = re.search(r"about (\d+) instructions, (\d+) on a stock", got.stdout.decode())
        good = found and all(
            abs(int(ours) / int(theirs) - 1) <= WITHIN
            for ours, theirs in zip(found.groups(), figures)
        )
        check.point(
            f"estimate of {name}, {call}", good, f"{figures}: {got.stdout.decode()}{got.stderr}"
        )


def run(check):
    small = raw(SMALL)
    check.says(
        "estimates",
        small,
        "-ea",
        "x86_64",
        out=(
            "x86_64 write ",
            "evaluates 1 rest\n",
            "x86_64 (constant, allowed)                29          139\n",
        ),
    )
    check.says(
        "estimates of an ABI that was not measured",
        small,
        "-ea",
        "riscv64",
        out="this ABI was not measured",
    )
    check.trouble("estimates of MIPS", small, "has not been measured", "-ea", "mipsel")
    check.trouble(
        "estimates of a report",
        b"x86_64 0 ALLOW\n",
        "does not say what the filters do",
        "-ea",
        "x86_64",
    )
    measured(check)
    own = "-Aa", "x86_64"
    cond = {
        "names": ["read"],
        "action": "SCMP_ACT_ALLOW",
        "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}],
    }
    profile = allowing("read")
    check.says(
        "advice: nothing to do",
        flat(allowing("read")),
        *own,
        out="every call is answered in O(1)\n",
    )
    profile["syscalls"] += [cond, {"names": ["write", "open"], "action": "SCMP_ACT_ERRNO"}]
    check.says(
        "advice: rules in vain",
        flat(profile),
        *own,
        out=(
            "rule 1 (read): rule 0 does the same always: leave it out\n",
            "rule 2 (write, ...): does what defaultAction does: leave it out\n",
        ),
    )
    profile = allowing("write", defaultErrnoRet=38)
    profile["syscalls"].append(cond)
    check.says(
        "advice: which rule",
        flat(profile),
        *own,
        out="x86_64 read: the filter looks at args[0], rule 1; only that part of it is evaluated\n",
    )
    many = [
        {**cond, "args": [{"index": 0, "value": value << 20, "op": "SCMP_CMP_EQ"}]}
        for value in range(60)
    ]
    wide = allowing(
        *(f"pidfd_{x}" for x in ("open", "getfd")),
        "write",
        "open",
        "close",
        "stat",
        "fstat",
        "lstat",
        "poll",
        "lseek",
        "mmap",
        "mprotect",
        "munmap",
        "brk",
        "ioctl",
        "pread64",
    )
    check.says(
        "advice: what is run, and where it would take less",
        flat({**wide, "syscalls": wide["syscalls"] + many}),
        *own,
        out="x86_64 read: the filter looks at args[0], rule 1 and 2 and ",
    )
    long = allowing(*(f"{name}" for name in LONG.split()))
    check.says("advice: a tree, on a stock kernel", flat(long), *own, out="with a tree")


LONG = """read write open close stat fstat lstat poll lseek mmap mprotect munmap brk ioctl pread64
pwrite64 readv writev access pipe select sched_yield mremap msync mincore madvise shmget
shmat shmctl dup dup2 pause nanosleep getitimer alarm setitimer getpid sendfile socket
connect accept sendto recvfrom sendmsg recvmsg shutdown bind listen getsockname
getpeername socketpair setsockopt getsockopt clone fork vfork execve exit wait4 kill uname
semget semop semctl shmdt msgget msgsnd msgrcv msgctl fcntl flock fsync fdatasync truncate"""
