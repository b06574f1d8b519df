# SPDX-License-Identifier: GPL-2.0-only
"""Classic BPF in Python, by the manual: shares nothing with the program that is tested"""

import itertools
import operator
import struct

WORD = 0xffffffff
ALLOW, ACTION = 0x7fff0000, 0xffff0000
ALU = {0x00: operator.add, 0x10: operator.sub, 0x20: operator.mul, 0x30: operator.floordiv,
       0x40: operator.or_, 0x50: operator.and_, 0xa0: operator.xor, 0x80: lambda a, _: -a,
       0x60: lambda a, b: a << (b & 31), 0x70: lambda a, b: a >> (b & 31)}
JUMP = {0x10: operator.eq, 0x20: operator.gt, 0x30: operator.ge, 0x40: operator.and_}


def load(data, order="<"):
    return list(struct.iter_unpack(order + "HBBI", data))


def run(program, data):
    """(result, words it read, what they were compared with) of one filter"""
    a = x = at = 0
    memory, read, compared, word = [0] * 16, set(), set(), None
    while True:
        code, jt, jf, k = program[at]
        at += 1
        kind, mode = code & 7, code & 0xf0
        operand = x if code & 8 else k
        if code == 0x20:
            a, word = data[k // 4], k // 4
            read.add(word)
        elif kind < 2:
            value = {0x00: k, 0x60: memory[k & 15], 0x80: 64}[code & 0xe0]
            a, x = (a, value) if kind else (value, x)
        elif kind < 4:
            memory[k] = x if kind == 3 else a
        elif kind == 4:
            if mode == 0x30 and not operand:
                return 0, read, compared
            if word is not None:
                compared.add((word, operand))
            a = ALU[mode](a, operand) & WORD
        elif code == 0x05:
            at += k
        elif kind == 5:
            if word is not None:
                compared.add((word, operand))
            at += jt if JUMP[mode](a, operand) else jf
        elif kind == 6:
            return (a if code & 0x18 == 0x10 else k), read, compared
        elif code == 0x07:
            x = a
        else:
            a = x


def strictness(result):
    """Actions are signed: the lowest one wins"""
    action = result & ACTION
    return action - (1 << 32) if action & 0x80000000 else action


def run_stack(programs, data):
    """The result of filters, the oldest first; what they read and compared"""
    runs = [run(program, data) for program in reversed(programs)]
    # min() takes the first one of equal ones: the newest
    result = min([ALLOW] + [r[0] for r in runs if strictness(r[0]) < strictness(ALLOW)],
                 key=strictness)
    return result, set().union(*(r[1] for r in runs)), set().union(*(r[2] for r in runs))


def words(nr, audit, args=(), ip=0x401000, big=False):
    def halves(value):
        pair = [value & WORD, value >> 32 & WORD]
        return pair[::-1] if big else pair

    data = [nr & WORD, audit] + halves(ip)
    for arg in (*args, *[0] * (6 - len(args))):
        data += halves(arg)
    return data


def around(value):
    return {value, value - 1 & WORD, value + 1 & WORD, ~value & WORD, value | 0x80000000}


def verdicts(programs, nr, audit, big=False, most=3000):
    """The result for all arguments, or None; and the results that were seen

    Words are set to what filters compare them with, and to values beside that, until
    nothing new is seen.
    """
    base = words(nr, audit, big=big)
    values = {word: {base[word], 0, WORD} for word in range(2, 16)}
    results, tried, looked = set(), set(), set()
    more = True
    while more and len(tried) < most:
        more = False
        for combination in itertools.islice(itertools.product(
                *(sorted(values[word]) for word in sorted(looked))), most):
            if combination in tried:
                continue
            tried.add(combination)
            data = list(base)
            for word, value in zip(sorted(looked), combination):
                data[word] = value
            result, read, compared = run_stack(programs, data)
            results.add(result)
            new = {word for word in read if word > 1} - looked
            if new:
                looked |= new
                tried.clear()
                more = True
                break
            for word, value in compared:
                if word > 1 and not around(value) <= values[word] and len(values[word]) < 40:
                    values[word] |= around(value)
                    more = True
    constant = len(results) == 1 and not looked
    return (next(iter(results)) if constant else None), results
