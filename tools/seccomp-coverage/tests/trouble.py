# SPDX-License-Identifier: GPL-2.0-only
"""Wrong use and broken filters: a message, status 2, nothing written"""

from harness import ALLOW, JA, LD, LDX_MEM, RET, CACHE, SMALL, raw


def filters(check):
    end = [(RET, 0, 0, ALLOW)]
    small, own = raw(SMALL), ("-a", "x86_64")

    def bad(name, data, err, *args):
        check.trouble(name, data, err, *(args or own))

    bad("empty", b"", "empty; a filter has at least one instruction")
    bad("cut short", small[:-3], "is it cut short?")
    bad("cut short by whole instructions", small[:40], "jumps behind the end")
    bad("no return at the end", raw(SMALL[:1]), "does not return")
    bad("too long", raw(end * 4097), "no more than 4096")
    bad("other byte order", small, "Name the machine's --abi", "-a", "s390x")
    bad("unknown operation", raw([(0x94, 0, 0, 3)] + end), "does not have this operation")
    bad("half a word", raw([(LD, 0, 0, 6)] + end), "struct seccomp_data")
    bad("behind seccomp_data", raw([(LD, 0, 0, 64)] + end), "struct seccomp_data")
    bad("division by 0", raw([(0x34, 0, 0, 0)] + end), "divides by 0")
    bad("long shift", raw([(0x64, 0, 0, 32)] + end), "shifts by more than 31")
    bad("no such scratch memory", raw([(0x02, 0, 0, 16)] + end), "scratch memory")
    bad("scratch memory never written", raw([(LDX_MEM, 0, 0, 3)] + end), "before it is written")
    bad("long jump", raw([(JA, 0, 0, 0xFFFFFFFF)] + end), "jumps behind")


def options(check):
    small = raw(SMALL)

    def bad(name, err, *args, data=small):
        check.trouble(name, data, err, *args)

    bad("unknown ABI", "unknown ABI 'vax'", "-a", "vax")
    bad("x32", "always run the filters", "-a", "x32")
    bad("ABI that is not in a report", "nothing about arm", "-a", "arm", data=CACHE.encode())
    bad("no file", "No such file", "/does/not/exist")
    bad("two ways at once", "only one of them at a time", "-C", "-e")
    bad("JSON of estimates", "--json belongs to the report", "-je")
    bad("--require with --compare", "--require belongs to the report", "-C", "-r", "read", "a", "b")
    bad("a call that is none", "is not like socket", "-a", "x86_64", "-f", "read(x)")
    bad(
        "a call with too many arguments", "is not like", "-a", "x86_64", "-f", "read(1,2,3,4,5,6,7)"
    )
    bad("a call that no kernel has", "no kernel has a call 'raed'", "-a", "x86_64", "-f", "raed")
    bad("a dump that is none", "take text, raw or pfc", "--dump=hex")
    bad("a dump of a report", "in which there is no filter", "-d", data=CACHE.encode())
    bad(
        "a dump of several",
        "writes one filter",
        "-a",
        "x86_64",
        "--dump=raw",
        *[check.file("a.bpf", small)] * 2
    )
    bad("a colour that is none", "take auto, always or never", "--colour", "blue")
    got = check.run("--nosuch")
    check.point(
        "unknown option",
        got.returncode == 2 and not got.stdout and b"--help" in got.stderr,
        got.stderr.decode(),
    )


def run(check):
    filters(check)
    options(check)
