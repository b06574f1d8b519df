#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""fit.py STOCK LINE: does scripts/fit.py judge trees that vendors have changed?

Each case is a tree with a change, and what must be said of which patches; of all others
that they fit. Where all fit, what comes of it must be that change and our patches, as
if they had been made in the other order. Reports as TAP.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

FIT = Path(__file__).parent.parent / "scripts/fit.py"
sys.path.insert(0, str(FIT.parent))
import series                                                   # pylint: disable=C0413

CORE, ENTRY = "kernel/seccomp.c", "arch/arm/kernel/ptrace.c"
NOTIFY = "\tcase SECCOMP_RET_USER_NOTIF:\n\t\tif (seccomp_do_user"
CHECK = "static int seccomp_check_filter(struct sock_filter *filter, unsigned int flen)\n"
PREPARE = re.compile(r"^static struct seccomp_filter \*seccomp_prepare_filter\(.*?^}\n\n", re.M | re.S)
SYNC = "static inline pid_t seccomp_can_sync_threads(void)\n"
HAND, WAITS = "needs a hand", "waits for 13-attach"

# (what, file, [(before, after)...], {patch: verdict}, what is said of it); for a
# pattern in place of a text: what matches goes in front of the other
CASES = (
    ("pristine", CORE, [], {}, ""),
    ("one more action", CORE,
     [(NOTIFY, "\tcase 0x7ffa0000:\n\t\treturn vendor_action(sd);\n\n" + NOTIFY)], {}, ""),
    ("a function renamed", CORE, [("seccomp_run_filters(", "vendor_run_filters(")],
     {"13-attach": HAND, "17-verify": WAITS}, "seccomp_run_filters"),
    ("a statement where a filter is prepared", CORE,
     [("\tmutex_init(&sfilter->notify_lock);\n",
       "\tmutex_init(&sfilter->notify_lock);\n\tsfilter->vendor = true;\n")],
     {"13-attach": HAND, "20-pin": WAITS}, "+ \tsfilter->vendor = true;"),
    ("a statement where a listener is made", CORE,
     [("\t\tlistener_f = init", "\t\tvendor();\n\t\tlistener_f = init")], {}, ""),
    ("a function moved up", CORE, [(PREPARE, SYNC)],
     {"13-attach": HAND, "20-pin": WAITS}, "above what it should follow"),
    ("a helper in front of a function", CORE, [(CHECK, "static int helper(void)\n{\n}\n\n" + CHECK)],
     {}, ""),
    ("a hook in entry code", ENTRY,
     [("\tint scno;\n\n\tif (test", "\tint scno;\n\n\tvendor_hook();\n\tif (test")],
     {"16-arm-entry": HAND}, "syscall_trace_enter"),
    ("entry code moved to another function", ENTRY,
     [("asmlinkage int syscall_trace_enter(struct pt_regs *regs)\n",
       "static int vendor_trace_enter(struct pt_regs *regs, int reason)\n")],
     {"16-arm-entry": HAND}, "fits vendor_trace_enter"),
    ("a file that is not there", ENTRY, None, {"16-arm-entry": HAND}, "is not in this tree"),
    ("a file of ours with other content", "kernel/seccomp/rest.c", [("", "/* Theirs */\n")],
     {"06-rest": HAND}, "kernel/seccomp/rest.c is in this tree"),
)


class Tree:
    """Those files of STOCK that the patches edit"""

    def __init__(self, top, stock, line):
        self.top, self.line = Path(top), line
        names = {path for patch in series.patches(line) for _, edits in patch.lines for path in edits}
        for name in names:
            if (stock / name).is_file():
                self.write(name, (stock / name).read_text())

    def write(self, name, content):
        (self.top / name).parent.mkdir(parents=True, exist_ok=True)
        (self.top / name).write_text(content)

    def change(self, name, changes):
        """Returns whether all CHANGES could be made"""
        path = self.top / name
        if changes is None:
            path.unlink()
            return True
        old = new = path.read_text() if path.exists() else ""
        for before, after in changes:
            if isinstance(before, re.Pattern):
                moved = before.search(new)[0]
                before, after = after, moved + after
                new = new.replace(moved, "")
            new = new.replace(before, after) if before else after
        if changes:
            self.write(name, new)
        return not changes or new != old

    def fit(self):
        """({patch: verdict}, all that is said)"""
        run = subprocess.run([FIT, self.top, self.line], capture_output=True, text=True, check=False)
        rows = [line[2:].split(None, 1) for line in run.stdout.split("\n")
                if line[:2] == "  " and line[2:3] not in " "]
        return dict(rows), run.stdout + run.stderr, run.returncode

    def patched(self):
        result = {}
        for _, changed in series.states(self.top, self.line):
            result.update(changed)
        return result


def judged(tree, expected, said):
    """Why fit.py is wrong"""
    verdicts, output, status = tree.fit()
    for patch in series.patches(tree.line):
        verdict = verdicts.get(patch.name, "nothing")
        if not verdict.startswith(expected.get(patch.name, "fits")):
            yield f"{patch.name}: {verdict}"
    if said not in output:
        yield f"does not say: {said}"
    if status != any(verdict in (HAND, WAITS) for verdict in expected.values()):
        yield f"exit status {status}"


def case(stock, line, name, changes, expected, said):
    with tempfile.TemporaryDirectory() as top:
        tree = Tree(top, stock, line)
        plain = tree.patched()
        if not tree.change(name, changes):
            yield "the change cannot be made"
            return
        yield from judged(tree, expected, said)
        if not expected and changes:
            theirs = tree.patched()[name]
            tree.write(name, plain[name])
            if not tree.change(name, changes) or (tree.top / name).read_text() != theirs:
                yield "an edit has landed in another place"


def partly(stock, line):
    """A tree that has the first ten patches, and one that has all"""
    for count in 10, None:
        with tempfile.TemporaryDirectory() as top:
            tree = Tree(top, stock, line)
            whole = tree.patched()
            steps = list(series.states(tree.top, line))[:count]
            for _, changed in steps:
                for path, content in changed.items():
                    tree.write(path, content)
            yield from judged(tree, {patch.name: "already there" for patch, _ in steps}, "")
            if tree.patched() != whole:
                yield "another tree comes of it"


def main():
    stock, line = Path(sys.argv[1]), sys.argv[2]
    results = [(what, list(case(stock, line, *rest))) for what, *rest in CASES]
    results.append(("some or all patches are there", list(partly(stock, line))))
    print("TAP version 13")
    for number, (what, wrong) in enumerate(results, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} {what}")
        for why in wrong:
            print(f"# {why}")
    print(f"1..{len(results)}")
    sys.exit(any(wrong for _, wrong in results))


main()
