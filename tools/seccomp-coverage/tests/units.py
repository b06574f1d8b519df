# SPDX-License-Identifier: GPL-2.0-only
"""Units of systemd, and running processes"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from harness import ALLOW, ERRNO, RET, no_call, raw

UNIT = """\
[Unit]
Description=a test
[Service]
ExecStart=/bin/true
RestrictAddressFamilies=AF_UNIX AF_INET
RestrictNamespaces=yes
LockPersonality=yes
MemoryDenyWriteExecute=true
# continued
SystemCallFilter=read write \\
    openat
SystemCallFilter=~write
SystemCallErrorNumber=EPERM
SystemCallArchitectures=native
"""


def units(check):
    if not shutil.which("systemd-analyze"):
        check.skip("units", "no systemd-analyze")
        return
    path = check.file("a.service", UNIT)
    # On x86_64: each setting three times but SystemCallArchitectures, and families not on ia32;
    # once where that comes first
    check.says(
        "a unit's filters",
        b"",
        "-a",
        "x86_64",
        path,
        out=(
            "# 11 filters take ",
            "LockPersonality, ABI 0xc000003e",
            "SystemCallFilter, ABI 0xc000003e",
        ),
    )
    calls = {
        "socket(2)": "ERRNO 1 by filter 11",
        "read": "ALLOW",
        "write": "ERRNO 1",
        "mmap(0, 0, 6)": "ERRNO 1",
        "openat": "ALLOW",
        "personality(1)": "ERRNO 1",
    }
    args = [word for call in calls for word in ("-f", call)]
    check.says(
        "what they say",
        b"",
        "-a",
        "x86_64",
        *args,
        path,
        out=[f"x86_64 {call}: {result}" for call, result in calls.items()],
    )
    allow = check.file(
        "b.service",
        "[Service]\nRestrictAddressFamilies=AF_UNIX AF_NETLINK\n"
        "RestrictSUIDSGID=yes\nRestrictRealtime=yes\nMemoryDenyWriteExecute=yes\n"
        "RestrictNamespaces=~user\n",
    )
    calls = {
        "socket(1)": "ALLOW",
        "socket(16)": "ALLOW",
        "socket(2)": "ERRNO 97",
        "socket(0)": "ERRNO 97",
        "socket(17)": "ERRNO 97",
        "chmod(0, 04000)": "ERRNO 1",
        "chmod(0, 0755)": "ALLOW",
        "open(0, 0100, 02000)": "ERRNO 1",
        "open(0, 0, 02000)": "ALLOW",
        "openat2": "ERRNO 38",
        "sched_setscheduler(0, 1)": "ERRNO 1",
        "sched_setscheduler(0, 3)": "ALLOW",
        "mmap(0, 0, 2)": "ALLOW",
        "mprotect(0, 0, 4)": "ERRNO 1",
        "unshare(0x10000000)": "ERRNO 1",
        "unshare(0x20000)": "ALLOW",
        "unshare(0x80)": "ERRNO 1",
        "clone3": "ERRNO 38",
        "setns(0, 0)": "ERRNO 1",
    }
    args = [word for call in calls for word in ("-f", call)]
    check.says(
        "settings",
        b"",
        "-a",
        "x86_64",
        *args,
        allow,
        out=[f"x86_64 {call}: {result}" for call, result in calls.items()],
    )
    log = check.file(
        "l.service",
        "[Service]\nSystemCallLog=~getpid\nSystemCallFilter=~mount\n"
        "SystemCallArchitectures=native x86 x32\nRestrictAddressFamilies=~\n"
        "RestrictNamespaces=~user net\nRestrictNamespaces=user\n",
    )
    calls = {
        "getpid": "ALLOW",
        "read": "LOG",
        "mount": "KILL_PROCESS",
        "unshare(0x10000000)": "LOG",
        "unshare(0x40000000)": "ERRNO 1",
    }
    args = [word for call in calls for word in ("-f", call)]
    check.says(
        "logged, filtered, and nothing blocked",
        b"",
        "-a",
        "x86_64",
        *args,
        log,
        out=[f"x86_64 {call}: {result}" for call, result in calls.items()],
    )
    check.says("its filters", b"", "-a", "x86_64", log, out="# 9 filters take ")
    check.says(
        "a call that libseccomp does not know",
        b"",
        "-qa",
        "x86_64",
        check.file("n.service", "[Service]\nSystemCallFilter=read no_such_call\n"),
        err="unknown to libseccomp, ignored as by systemd: no_such_call",
    )
    deny = check.file(
        "c.service",
        "[Service]\nSystemCallFilter=~@clock open:ENOENT\n"
        "SystemCallFilter=settimeofday\nProtectHostname=yes\n",
    )
    calls = {
        "clock_settime": "KILL_PROCESS",
        "settimeofday": "ALLOW",
        "open": "ERRNO 2",
        "read": "ALLOW",
        "sethostname": "ERRNO 1",
    }
    args = [word for call in calls for word in ("-f", call)]
    check.says(
        "a list of what is denied",
        b"",
        "-a",
        "x86_64",
        *args,
        deny,
        out=[f"x86_64 {call}: {result}" for call, result in calls.items()],
    )
    check.trouble(
        "a unit without filters",
        b"",
        "no setting that becomes a filter",
        check.file("d.service", "[Service]\nExecStart=/bin/true\n"),
    )
    check.trouble(
        "an error that is none",
        b"",
        "names no error",
        check.file("e.service", "[Service]\nSystemCallFilter=read\nSystemCallErrorNumber=ENOPE\n"),
    )
    check.trouble(
        "a family that is none",
        b"",
        "AF_NOPE is not known",
        check.file("f.service", "[Service]\nRestrictAddressFamilies=AF_NOPE\n"),
    )
    check.trouble(
        "a group that is none",
        b"",
        "no group of calls @nope",
        check.file("g.service", "[Service]\nSystemCallFilter=@nope\n"),
    )
    check.trouble("no such unit", b"", "there is no unit nosuch.service", "-u", "nosuch")
    check.trouble("no name of a unit", b"", "is no name of a unit", "-u", "a;b")
    if os.path.exists("/lib/systemd/system/systemd-timesyncd.service"):
        check.says(
            "a unit by its name", b"", "-qa", "x86_64", "-u", "systemd-timesyncd", out="x86_64: "
        )


HARDENED = """\
[Service]
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
MemoryDenyWriteExecute=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
ProtectHostname=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectKernelTunables=yes
ProtectClock=yes
PrivateDevices=yes
SystemCallArchitectures=native
LockPersonality=yes
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
"""


def attached(check):
    """The same filters as systemd 252 attached to a unit with these settings"""
    real = sorted((Path(__file__).resolve().parents[3] /
                   "tests/filters/x86_64/systemd-nspawn").glob("*.bpf"))
    if not real or not shutil.which("systemd-analyze"):
        check.skip("as systemd attached them", "no systemd-analyze, or no tests/filters")
        return

    def dump(*paths):
        """{name of a filter: its instructions}"""
        text = check.run("-da", "x86_64", *map(str, paths)).stdout.decode()
        return [part.partition("\n")[::2] for part in text.split("# ")[1:]]

    # The first ones are those of systemd-nspawn itself
    ours, theirs = dump(check.file("h.service", HARDENED)), dump(*real[5:])
    check.point("as many as systemd attached", len(ours) == len(theirs), str(len(ours)))
    # What is in groups of calls differs between releases
    bad = [name for (name, code), (_, its) in zip(ours[:-1], theirs) if code != its]
    check.point("as systemd attached them", not bad, str(bad))


CHILD = """
import ctypes, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
for program in sys.argv[1:]:
    insns = bytes.fromhex(program)
    buffer = ctypes.create_string_buffer(insns)
    fprog = struct.pack("HxxxxxxP", len(insns) // 8, ctypes.addressof(buffer))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.create_string_buffer(fprog), 0, 0):
        sys.exit(1)
print("ready", flush=True)
sys.stdin.read()
"""


def processes(check):
    def bad(name, err, *args):
        check.trouble(name, b"", err, *args)

    bad("no process", "no process 999999999", "-p", "999999999")
    bad("not a process", "not a process ID", "-p", "../1")
    bad("a process and a file", "only one of them at a time", "-p", "1", "/dev/null")
    machine = os.uname().machine
    if machine != "x86_64":
        check.skip("a running process", "filters of x86_64")
        return
    programs = [
        raw(no_call(165, ERRNO | 1)).hex(),
        raw(no_call(165, ERRNO | 2)).hex(),
        raw([(RET, 0, 0, ALLOW)]).hex(),
    ]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, *programs], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        if child.stdout.readline() != b"ready\n":
            check.skip("a running process", "no filters can be attached here")
            child.kill()
            return
        got = check.run("-p", str(child.pid))
        text = got.stdout.decode()
        if b"CONFIG_CHECKPOINT_RESTORE" in got.stderr:
            check.point("a running process: why not", got.returncode == 2, got.stderr.decode())
        else:
            check.point(
                "a running process",
                got.returncode == 0
                and "# 3 filters take " in text
                and "ERRNO 2      mount: filter 2" in text,
                text[:300] + got.stderr.decode(),
            )
            check.point("it goes on", child.poll() is None)
        child.stdin.close()
        child.wait()
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        with open("/proc/self/status", encoding="ascii") as status:
            free = "\nSeccomp:\t0" in status.read()
        if free:
            check.trouble(
                "a process without filters", b"", "has no seccomp filter", "-p", str(child.pid)
            )
        child.stdin.close()
        child.wait()


def run(check):
    units(check)
    attached(check)
    processes(check)
