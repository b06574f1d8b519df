# SPDX-License-Identifier: GPL-2.0-only
"""Container profiles: what applies, what runtimes refuse"""

import copy

from harness import allowing, flat

PROFILE = {
    "defaultAction": "SCMP_ACT_ERRNO",
    "defaultErrnoRet": 38,
    "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
    "syscalls": [
        {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
        {
            "names": ["write"],
            "action": "SCMP_ACT_ALLOW",
            "args": [
                {"index": 0, "value": 1 << 63, "op": "SCMP_CMP_EQ"},
                {"index": 0, "value": 2, "op": "SCMP_CMP_EQ"},
            ],
        },
        {"names": ["open"], "action": "SCMP_ACT_LOG", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
        {"names": ["open"], "action": "SCMP_ACT_TRAP", "excludes": {"caps": ["CAP_SYS_ADMIN"]}},
        {"names": ["close"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["arm64"]}},
        {"names": ["lseek"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "6.5"}},
        {"names": ["mmap"], "action": "SCMP_ACT_ALLOW", "excludes": {"minKernel": "6.5"}},
        {"names": ["fork"], "action": "SCMP_ACT_NOTIFY"},
        {"names": ["vfork"], "action": "SCMP_ACT_TRACE", "errnoRet": 7},
    ],
}
SAYS = """\
x86_64 0       ALLOW        read
x86_64 1       FILTER       write: instruction 11 reads args[0], high half
x86_64 2       TRAP 0       open
x86_64 3-7     ERRNO 38     close..poll
x86_64 8       ALLOW        lseek
x86_64 9-56    ERRNO 38     mmap..clone
x86_64 57      USER_NOTIF   fork
x86_64 58      TRACE 7      vfork
"""
OWN = "-a", "x86_64"


def conditions(check):
    data = flat(PROFILE)
    check.says("profile", data, *OWN, out=SAYS)
    check.says("capabilities", data, *OWN, "-c", "kill,cap_sys_admin", out="LOG          open\n")
    check.says("another machine", data, "-qa", "aarch64", "-r", "close,read", out="aarch64: ")
    check.says(
        "another kernel",
        data,
        *OWN,
        "-k",
        "6.1",
        out="x86_64 3-8     ERRNO 38     close..lseek\nx86_64 9       ALLOW        mmap\n"
    )
    # Defect 4
    rule = {
        "names": ["mount"],
        "action": "SCMP_ACT_ALLOW",
        "includes": {"caps": ["CAP_SYS_ADMIN", "CAP_CHECKPOINT_RESTORE"]},
    }
    data = flat({**PROFILE, "syscalls": [rule]})
    check.trouble("no such capability", data, "no capability 'NOSUCH'", *OWN, "-c", "NOSUCH")
    check.says("all capabilities", data, *OWN, "-c", "ALL", out="ALLOW        mount\n")
    check.says(
        "no capabilities",
        flat({**PROFILE, "syscalls": [{**rule, "includes": {"caps": ["CAP_KILL"]}}]}),
        *OWN,
        "-qc",
        "none",
        out=": 2 ALLOW, "
    )


def errnos(check):
    """Defect 2: names override numbers"""
    data = {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrno": "ENOSYS",
        "defaultErrnoRet": 1,
        "syscalls": [
            {"names": ["read"], "action": "SCMP_ACT_ERRNO", "errno": "EACCES", "errnoRet": 1},
            {"names": ["write"], "action": "SCMP_ACT_ERRNO", "errno": "22"},
            {"names": ["open"], "action": "SCMP_ACT_ERRNO", "errno": ""},
        ],
    }
    check.says(
        "errno by name",
        flat(data),
        *OWN,
        out=(
            "x86_64 0       ERRNO 13     read\n",
            "x86_64 1       ERRNO 22     write\n",
            "x86_64 2       ERRNO 1      open\n",
            "x86_64 3-334   ERRNO 38 ",
        )
    )
    data["defaultErrno"] = "ENOPE"
    check.trouble("errno of a wrong name", flat(data), "defaultErrno names no error: ENOPE", *OWN)


def accepted(check):
    """Defects 5 and 6: what runtimes take"""
    old = {
        "defaultAction": "SCMP_ACT_ERRNO",
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
        "syscalls": [
            {"name": "read", "action": "SCMP_ACT_ALLOW", "args": []},
            {"name": "write", "names": None, "action": "SCMP_ACT_ALLOW"},
        ],
    }
    check.says(
        "name in place of names", flat(old), *OWN, out="x86_64 0-1     ALLOW        read..write\n"
    )
    null = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "syscalls": [{"names": None, "action": "SCMP_ACT_ERRNO"}],
    }
    check.says("names that are null", flat(null), "-q", *OWN, out="ALLOW")
    path = check.file("x" * 200 + "/" + "y" * 200 + "/profile.json", flat(PROFILE))
    check.says("a long path", b"", *OWN, path, out=SAYS)
    check.says("no rules", flat({"defaultAction": "SCMP_ACT_ALLOW"}), "-q", *OWN, out="ALLOW")
    check.says(
        "known flags",
        flat(
            allowing(
                "read",
                flags=[
                    "SECCOMP_FILTER_FLAG_LOG",
                    "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
                    "SECCOMP_FILTER_FLAG_TSYNC",
                ],
            )
        ),
        "-q",
        *OWN,
        out="1 ALLOW".replace("1", "3")
    )
    check.says(
        "a rule that does what the default does",
        flat(
            {
                "defaultAction": "SCMP_ACT_ALLOW",
                "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}],
            }
        ),
        "-q",
        *OWN,
        out="ALLOW"
    )


def refused(check):
    """Defect 9: what runtimes do not take"""
    good = flat(allowing("read")).decode()

    def bad(name, text, err):
        check.trouble(name, text.encode() if isinstance(text, str) else flat(text), err, *OWN)

    bad("trailing garbage", good + "x", "not JSON: line 1: ")
    bad("a second document", good + "\n" + good, "line 2: ")
    bad("a trailing comma", good.replace('"read"]', '"read",]'), "not JSON: line 1: ")
    bad("a trailing comma of an object", good[:-1] + ",}", "not JSON: ")
    bad("a comment", good.replace("{", "{ // hello\n", 1), "JSON has no comments")
    bad("a long comment", good.replace("{", "{ /* hello */", 1), "JSON has no comments")
    bad("an unknown flag", allowing("read", flags=["SECCOMP_FILTER_FLAG_NOSUCH"]), "unknown flag")
    bad(
        "notification by default",
        allowing("read", defaultAction="SCMP_ACT_NOTIFY"),
        "SCMP_ACT_NOTIFY as defaultAction",
    )
    bad(
        "notification of write",
        {
            "defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [{"names": ["write"], "action": "SCMP_ACT_NOTIFY"}],
        },
        "SCMP_ACT_NOTIFY for write",
    )
    bad(
        "architectures and archMap",
        allowing(
            "read",
            architectures=["SCMP_ARCH_X86"],
            archMap=[{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []}],
        ),
        "has both 'architectures' and 'archMap'",
    )
    bad(
        "name and names",
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "syscalls": [{"name": "read", "names": ["write"], "action": "SCMP_ACT_ALLOW"}],
        },
        "both 'name' and 'names'",
    )
    bad("single quotes", "{'defaultAction': 'SCMP_ACT_ALLOW'}", "not JSON")
    bad(
        "bytes that are no UTF-8",
        '{"defaultAction": "\udcff"}'.encode("utf-8", "surrogateescape").decode("latin-1"),
        "unknown action",
    )
    bad(
        "minKernel that is none",
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "syscalls": [
                {"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "5.4.1"}}
            ],
        },
        "minKernel is not like",
    )
    bad("cut short", good[:-9], "unexpected end of data")
    bad("not JSON", "{ read: yes }", "not JSON")

    def changed(name, err, change):
        profile = copy.deepcopy(PROFILE)
        change(profile)
        bad(name, profile, err)

    rule = lambda p: p["syscalls"][1]
    changed("unknown action", "unknown action", lambda p: p.update(defaultAction="SCMP_ACT_NO"))
    changed("rules of another type", "not of type array", lambda p: p.update(syscalls={}))
    changed("rule that is none", "not of type object", lambda p: p["syscalls"].append(7))
    changed("rule without names", "without names", lambda p: rule(p).pop("names"))
    changed("a name that is empty", "without a name", lambda p: rule(p).update(names=[""]))
    changed(
        "unknown comparison", "unknown comparison", lambda p: rule(p)["args"][0].update(op="LIKE")
    )
    changed("negative value", "out of range", lambda p: rule(p)["args"][0].update(value=-1))
    changed("argument 6", "out of range", lambda p: rule(p)["args"][0].update(index=6))
    changed("too many arguments", "more than 6", lambda p: rule(p).update(args=rule(p)["args"] * 4))
    changed(
        "unknown architecture",
        "unknown architecture SCMP_ARCH_VAX",
        lambda p: (p.pop("archMap"), p.update(architectures=["SCMP_ARCH_VAX"])),
    )
    changed(
        "other byte order in a profile",
        "does not take architecture",
        lambda p: (p.pop("archMap"), p.update(architectures=["SCMP_ARCH_S390X"])),
    )


def runtimes(check):
    """runc's stub: ENOSYS for what is newer than all that the profile names"""
    data = flat(allowing("read", "openat2"))
    check.says(
        "crun",
        data,
        *OWN,
        "-f",
        "close_range",
        "-f",
        "faccessat2",
        out=("close_range: ERRNO 1;", "faccessat2: ERRNO 1;")
    )
    check.says(
        "runc",
        data,
        *OWN,
        "-R",
        "runc",
        "-f",
        "close_range",
        "-f",
        "faccessat2",
        "-f",
        "read",
        out=("close_range: ERRNO 1;", "faccessat2: ERRNO 38;", "read: ALLOW;")
    )
    both = flat(allowing("read", "openat2", architectures=["SCMP_ARCH_X86", "SCMP_ARCH_X32"]))
    check.says(
        "runc, several ABIs",
        both,
        "-a",
        "x86_64,ia32",
        "-R",
        "runc",
        "-f",
        "faccessat2",
        "-f",
        "openat2",
        "-f",
        "999",
        "-f",
        "0x40000200",
        out=(
            "x86_64 faccessat2: ERRNO 38;",
            "ia32 faccessat2: ERRNO 38;",
            "x86_64 openat2: ALLOW",
            "ia32 openat2: ALLOW",
            "x86_64 0x40000200: ERRNO 38",
        ),
    )
    check.says(
        "runc, s390x",
        data,
        "-a",
        "s390x",
        "-R",
        "runc",
        "-f",
        "0",
        "-f",
        "mseal",
        "-f",
        "read",
        out=("s390x 0: ERRNO 38", "mseal: ERRNO 38", "read: ALLOW"),
    )
    check.says(
        "runc, default ENOSYS",
        flat(allowing("read", defaultErrnoRet=38)),
        *OWN,
        "-R",
        "runc",
        "-d",
        out="standard input, "
    )
    check.trouble("another runtime", data, "take crun or runc", "-R", "youki")


def dumps(check):
    """Defect 10: the program that instructions are of"""
    data = flat(PROFILE)
    text = check.says(
        "dump",
        data,
        *OWN,
        "--dump",
        out=(
            "; x86_64\n",
            "; read\n",
            "; ERRNO 38\n",
            "   11: ld [20]                          ; args[0], high half\n",
        )
    )
    got = check.run("--dump=raw", *OWN, data=data).stdout
    check.point("raw dump", len(got) == 8 * text.count("\n") - 8, str(len(got)))
    check.says("raw dump is a filter", got, *OWN, out=SAYS)
    swapped = check.run("--dump=raw", "-a", "s390x", data=data).stdout
    check.says(
        "raw dump in the other byte order", swapped, "-a", "s390x", out="ALLOW        read\n"
    )
    check.says("pseudocode", data, *OWN, "--dump=pfc", out='# filter for syscall "read"')
    check.trouble("pseudocode of raw BPF", got, "pseudocode is for profiles", *OWN, "--dump=pfc")


def run(check):
    for group in conditions, errnos, accepted, refused, runtimes, dumps:
        group(check)
