# SPDX-License-Identifier: GPL-2.0-only
"""The manual page: its form, its options, and its examples, which are run"""

import os
import re
import shlex
import subprocess
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "seccomp-coverage.1"


def examples(text):
    """(command, [lines that it prints]) of each"""
    for block in re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed$", text, re.M | re.S):
        lines = block.replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\").splitlines()
        at = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(at, at[1:] + [len(lines)]):
            yield lines[start][2:], lines[start + 1 : end]


def run(check):
    text = PAGE.read_text(encoding="utf-8")
    got = subprocess.run(["groff", "-mandoc", "-ww", "-z", PAGE], capture_output=True, check=False)
    check.point("manual page", not got.returncode and not got.stderr, got.stderr.decode())
    usage = check.run("--help").stdout.decode()
    for option in re.findall(r"--([a-z]+)", usage):
        check.point(
            f"manual page: --{option}", re.search(rf"Fl -{option}\b", text), "is not described"
        )

    if not os.path.exists("/usr/share/containers/seccomp.json"):
        check.skip("examples", "no containers-common")
        return
    folder = check.folder.name + "/bin"
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(folder + "/seccomp-coverage"):
        os.symlink(check.program, folder + "/seccomp-coverage")
    for command, lines in examples(text):
        got = subprocess.run(
            ["sh", "-c", command],
            capture_output=True,
            check=False,
            cwd=check.folder.name,
            env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]},
            text=True,
        )
        said = (got.stdout + got.stderr).splitlines()
        # "..." stands for lines that are left out, and for the rest of a line
        missing = [
            line
            for line in lines
            if line != "..."
            and not any(
                re.fullmatch(".*".join(map(re.escape, line.split("..."))), word) for word in said
            )
        ]
        whole = "..." in lines or len(lines) == len(said)
        check.point(
            "example: " + shlex.quote(command), not missing and whole, got.stdout + got.stderr
        )
