# SPDX-License-Identifier: GPL-2.0-only
"""Building without what it takes, and installing"""

import os
import subprocess
from pathlib import Path

TOOL = Path(__file__).resolve().parents[1]
INSTALLED = (
    "bin/seccomp-coverage",
    "share/man/man1/seccomp-coverage.1",
    "share/bash-completion/completions/seccomp-coverage",
    "share/zsh/site-functions/_seccomp-coverage",
)


def make(*args):
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "-s", "-C", TOOL, *args], capture_output=True, check=False, text=True, env=env
    )


def run(check):
    """Defect 11: a message in place of a compiler's error"""
    out = check.folder.name + "/build"
    got = make("OUT=" + out, "CPPFLAGS=-nostdinc")
    check.point(
        "a missing library",
        got.returncode and "apt-get install libseccomp-dev" in got.stderr,
        got.stdout + got.stderr,
    )
    check.point("nothing more is tried", "fatal error" not in got.stderr, got.stderr)
    # What was built for these tests lies in the folder of the program
    root = check.folder.name + "/root"
    args = f"OUT={os.path.dirname(check.program)}", f"DESTDIR={root}", "PREFIX=/usr"
    got = make("install", *args)
    missing = [name for name in INSTALLED if not os.path.exists(f"{root}/usr/{name}")]
    check.point("install", not got.returncode and not missing, f"{missing}{got.stderr}")
    got = make("uninstall", *args)
    left = [name for name in INSTALLED if os.path.exists(f"{root}/usr/{name}")]
    check.point("uninstall", not got.returncode and not left, f"{left}{got.stderr}")
