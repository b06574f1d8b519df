# SPDX-License-Identifier: GPL-2.0-only
"""Two profiles, for review"""

from harness import ARG0_LOW, ALLOW, ERRNO, JEQ, LD, RET, SMALL, allowing, flat, raw

SOCKET = {"names": ["socket"], "action": "SCMP_ACT_ALLOW"}


def conditional(op, value, two=0):
    return {
        **SOCKET,
        "args": [{"index": 0, "value": value, "valueTwo": two, "op": f"SCMP_CMP_{op}"}],
    }


def run(check):
    def both(name, old, new, status, *out, args=("-a", "x86_64"), whole=False):
        files = [
            check.file(f"{which}.json", flat(profile) if isinstance(profile, dict) else profile)
            for which, profile in (("old", old), ("new", new))
        ]
        out = [text.replace("OLD", files[0]).replace("NEW", files[1]) for text in out]
        check.says(
            "compare: " + name,
            b"",
            "-C",
            *args,
            *files,
            status=status,
            out=out[0] if whole else out,
            whole=whole,
        )

    def rules(*rules_):
        return {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": list(rules_)}

    read = allowing("read")
    both("the same", read, read, 0, "x86_64: NEW does what OLD does\n", whole=True)
    both(
        "more",
        read,
        allowing("read", "write"),
        1,
        "x86_64 write                is now allowed: ERRNO 1 -> ALLOW\n",
        "x86_64: NEW may do more than OLD in 1 calls\n",
    )
    both(
        "less",
        allowing("read", "write"),
        read,
        0,
        "x86_64 write                is now denied: ALLOW -> ERRNO 1\n",
        "x86_64: NEW may do nothing that OLD may not; less in 1\n",
    )
    both(
        "another errno",
        read,
        allowing("read", defaultErrnoRet=38),
        0,
        "says something else: ERRNO 1 -> ERRNO 38",
        "(newer calls)",
    )
    both(
        "another action",
        {**read, "defaultAction": "SCMP_ACT_TRAP"},
        read,
        1,
        "is less strict: TRAP 0 -> ERRNO 1",
    )
    both(
        "arguments are checked now",
        rules(SOCKET),
        rules(conditional("NE", 40)),
        0,
        "may do less: ALLOW -> ERRNO 1 for socket(0x28)\n",
        "its arguments are checked now; it was allowed\n",
    )
    both(
        "arguments are not checked any more",
        rules(conditional("NE", 40)),
        rules(SOCKET),
        1,
        "may do more: ERRNO 1 -> ALLOW for socket(0x28)\n",
        "are not checked any more; it is allowed\n",
    )
    both(
        "another value",
        rules(conditional("EQ", 1 << 32)),
        rules(conditional("EQ", 7)),
        1,
        "may do more: ERRNO 1 -> ALLOW for socket(7)\n",
        "may do less: ALLOW -> ERRNO 1 for socket(0x100000000)\n",
    )
    both(
        "a narrower range",
        rules(conditional("LE", 100)),
        rules(conditional("LT", 100)),
        0,
        "may do less: ALLOW -> ERRNO 1 for socket(0x64)\n",
    )
    both(
        "the same range in other words",
        rules(conditional("LE", 99)),
        rules(conditional("LT", 100)),
        0,
        "x86_64: NEW does what OLD does\n",
        whole=True,
    )
    both(
        "bits: a part of them",
        rules(conditional("MASKED_EQ", 3, 0)),
        rules(conditional("MASKED_EQ", 1, 0)),
        1,
        "may do more: ERRNO 1 -> ALLOW for socket(2)\n",
    )
    both(
        "bits: more of them",
        rules(conditional("MASKED_EQ", 1, 0)),
        rules(conditional("MASKED_EQ", 3, 0)),
        0,
        "may do less: ALLOW -> ERRNO 1 for socket(2)\n",
    )
    both(
        "a single value of bits",
        rules(conditional("MASKED_EQ", 0xFFFFFFFFFFFFFFFF, 5)),
        rules(conditional("EQ", 5)),
        0,
        "does what",
    )
    both(
        "on two ABIs",
        {**read, "architectures": ["SCMP_ARCH_X86"]},
        allowing("read", "write", architectures=["SCMP_ARCH_X86"]),
        1,
        "x86_64: NEW may do more",
        "ia32: NEW may do more",
        args=("-qa", "x86_64,ia32"),
    )
    both(
        "an ABI more",
        read,
        {**read, "architectures": ["SCMP_ARCH_X86"]},
        1,
        "is now allowed: KILL_THREAD -> ALLOW",
        args=("-a", "x86_64,ia32"),
    )
    other = SMALL[:9] + [(JEQ, 1, 0, 3)] + SMALL[10:]
    both(
        "raw filters",
        raw(SMALL),
        raw(other),
        1,
        "write                may do more: ERRNO 9 -> ALLOW for write(3)\n",
    )
    calculated = [
        (LD, 0, 0, ARG0_LOW),
        (0x04, 0, 0, 1),
        (JEQ, 0, 1, 3),
        (RET, 0, 0, ALLOW),
        (RET, 0, 0, ERRNO),
    ]
    both("a filter that calculates", raw(calculated), raw(calculated), 1, "cannot be told for sure")
    check.trouble("compare: one file", raw(SMALL), "takes two files", "-C", "-a", "x86_64", "-")
    many = [
        (LD, 0, 0, ARG0_LOW + 8 * (i % 6)) if i % 2 == 0 else (0x45, 0, 0, 1 << i // 12)
        for i in range(240)
    ]
    many = [op if op[0] == LD else (0x45, 1, 0, op[3]) for op in many]
    check.says(
        "compare: too many ways",
        b"",
        "-C",
        "-qa",
        "x86_64",
        *[check.file("many.bpf", raw(many + [(RET, 0, 0, ALLOW), (RET, 0, 0, ALLOW)]))] * 2,
        out="x86_64: ",
        status=1,
    )
