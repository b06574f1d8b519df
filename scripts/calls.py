# SPDX-License-Identifier: GPL-2.0-only
"""Which calls can be measured under a stack of filters? An interpreter tells.

A filter that a program has made for itself denies most calls, many of them by
killing. So calls are chosen by what the filters say of them, and of the calls
that filters allow only those are taken that fail at once, or do nothing.
"""

import itertools
import operator
import struct

from report import FILTERS

ALLOW, ERRNO, ACTION = 0x7fff0000, 0x00050000, 0xffff0000
WORD = 0xffffffff
# Inside a static program, where no filter looks for its own
INSTRUCTION_POINTER = 0x401000

# Any of these, where filters do not look at arguments
PLAIN = "getppid", "getpid", "gettid", "getuid", "geteuid", "sched_yield"
# Denied by all of the filters that were made for measuring
DENIED = "add_key"
# Of other filters the first number that they deny: nothing else comes of it
NUMBERS = range(512)

# An argument that can be whatever the filters allow
ANY = None
HARMLESS = {
    name: tuple(ANY if word == "any" else int(word, 0) for word in words)
    for name, *words in map(str.split, (FILTERS / "calls").read_text().splitlines())
    if name != "#"}
# So many combinations of arguments are tried for a call
TRIALS = 4096

ALU = {0x00: operator.add, 0x10: operator.sub, 0x20: operator.mul, 0x30: operator.floordiv,
       0x40: operator.or_, 0x50: operator.and_, 0x80: lambda a, _: -a, 0xa0: operator.xor,
       0x60: lambda a, b: a << (b & 31), 0x70: lambda a, b: a >> (b & 31)}
JUMP = {0x10: operator.eq, 0x20: operator.gt, 0x30: operator.ge, 0x40: operator.and_}


class Run:
    """One run of a classic BPF program on the 16 words of a seccomp_data"""

    def __init__(self, program, data):
        self.result = None
        self.length = 0
        # The words of the arguments or of the instruction pointer that it read
        self.read = set()
        # (word, what it was compared with)
        self.compared = set()
        a = x = place = 0
        memory = [0] * 16
        word = None                     # where A is from
        while self.result is None:
            code, jt, jf, k = program[place]
            kind, mode = code & 0x07, code & 0xf0
            operand = x if code & 0x08 else k
            place += 1
            self.length += 1
            if code == 0x20:            # ld [k]
                word = k // 4
                a = data[word]
                self.read |= {word} - {0, 1}
            elif kind in (0, 1):        # ld, ldx: a constant, memory or the length
                value = {0x00: k, 0x60: memory[k & 15], 0x80: 64}[mode]
                if kind:
                    x = value
                else:
                    a, word = value, None
            elif kind in (2, 3):        # st, stx
                memory[k] = x if kind == 3 else a
            elif code & 0xf7 == 0x34 and not operand:
                self.result = 0         # a division by 0 ends the program
            elif kind == 4:
                a = ALU[mode](a, operand) & WORD
            elif code == 0x05:          # ja
                place += k
            elif kind == 5:
                if word is not None:
                    self.compared.add((word, operand))
                place += jt if JUMP[mode](a, operand) else jf
            elif kind == 6:
                self.result = a if mode == 0x10 else k
            elif code == 0x87:          # txa
                a, word = x, None
            else:                       # tax
                x = a


class Stack:
    """Filters on top of each other, the oldest first"""

    def __init__(self, target, programs):
        self.target = target
        self.programs = [list(struct.iter_unpack(target.order + "HBBI", p)) for p in programs]

    def run(self, nr, args):
        """The runs of all filters, and the result"""
        data = [nr, self.target.audit, INSTRUCTION_POINTER, 0]
        if self.target.order == ">":
            data[2:] = 0, INSTRUCTION_POINTER
        for arg in (*args, *[0] * (6 - len(args))):
            halves = [arg & WORD, arg >> 32 & WORD]
            data += halves if self.target.order == "<" else reversed(halves)
        runs = [Run(program, data) for program in reversed(self.programs)]
        # min() takes the first one of equal ones, as the kernel does; actions are signed
        result = min((run.result for run in runs), default=ALLOW,
                     key=lambda value: value & ACTION ^ 0x80000000)
        return runs, result

    def constant(self, nr):
        """The result for all arguments, or None"""
        runs, result = self.run(nr, ())
        return None if any(run.read for run in runs) else result

    def ways(self, nr, template):
        """Those of the arguments that are allowed: (instructions run, arguments)"""
        values = [{0} if arg is ANY else {arg} for arg in template]
        found, tried, more = set(), set(), True
        while more and len(tried) < TRIALS:
            products = itertools.islice(itertools.product(*map(sorted, values)), TRIALS)
            more = [args for args in products if args not in tried]
            tried.update(more)
            for args in more:
                runs, result = self.run(nr, args)
                read = set().union(*(run.read for run in runs))
                if read & {2, 3}:
                    return []           # who knows where the call will be
                if result == ALLOW and read:
                    found.add((sum(run.length for run in runs), args))
                for word, value in set().union(*(run.compared for run in runs)):
                    index = (word - 4) // 2
                    if word % 2 == (self.target.order == ">") and \
                            0 <= index < len(template) and template[index] is ANY:
                        values[index].add(value)
        return sorted(found)


def calls(target, programs):
    """What to measure under these filters: (column, errno or 0, number, arguments)"""
    stack = Stack(target, programs)
    numbers = {name: nr for name in (*PLAIN, DENIED, *HARMLESS) if (nr := target.nr(name)) >= 0}
    for name in PLAIN:
        if name in numbers and stack.constant(numbers[name]) == ALLOW:
            yield "allowed", 0, numbers[name], ()
            break
    for nr in (numbers[DENIED], *NUMBERS):
        result = stack.constant(nr) or 0
        if result & ACTION == ERRNO and result != ERRNO:
            yield "denied", result - ERRNO, nr, ()
            break
    for name, template in HARMLESS.items():
        ways = stack.ways(numbers[name], template) if name in numbers else []
        # The shortest way through the filters, and the longest
        for _, args in dict.fromkeys(ways[:1] + ways[-1:]):
            text = ",".join(f"{arg:#x}" if arg > 9 else str(arg) for arg in args)
            yield f"{name}({text})", 0, numbers[name], args
