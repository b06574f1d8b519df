#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write OCI bundles of a container that does nothing: container.py ARCH DIR

DIR/none has no seccomp; DIR/runc has the default profile, with the conditions in it
evaluated, as engines do; and DIR/holder that, and stays. The root is to be in /tmp/box.
"""

import json
import sys
from pathlib import Path

from filters import CAPS, Target, applies, read_profile

MOUNTS = [("/proc", "proc"), ("/dev", "tmpfs")]
NAMESPACES = "pid", "mount", "ipc", "uts"


def seccomp(target):
    profile = read_profile()
    arches = [[entry["architecture"], *entry["subArchitectures"]] for entry in profile["archMap"]
              if entry["architecture"] == target.scmp]
    return {
        "defaultAction": profile["defaultAction"],
        "defaultErrnoRet": profile["defaultErrnoRet"],
        "architectures": sum(arches, []),
        "syscalls": [{key: rule[key] for key in ("names", "action", "errnoRet", "args")
                      if rule.get(key)}
                     for rule in profile["syscalls"] if applies(rule, target)],
    }


def config(args, **linux):
    caps = sorted(CAPS)
    return {
        "ociVersion": "1.0.0",
        "root": {"path": "/tmp/box", "readonly": True},
        "process": {
            "user": {"uid": 0, "gid": 0}, "cwd": "/", "args": args, "noNewPrivileges": True,
            "capabilities": {name: caps for name in ("bounding", "effective", "permitted")},
        },
        "mounts": [{"destination": where, "type": kind, "source": kind} for where, kind in MOUNTS],
        "linux": {"namespaces": [{"type": kind} for kind in NAMESPACES], **linux},
    }


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: container.py ARCH DIR")
    target, outdir = Target(sys.argv[1]), Path(sys.argv[2])
    profile = seccomp(target)
    for name, bundle in {
            "none": config(["/bin/true"]),
            "runc": config(["/bin/true"], seccomp=profile),
            "holder": config(["/bin/sleep", "1000000"], seccomp=profile)}.items():
        (outdir / name).mkdir(parents=True, exist_ok=True)
        (outdir / name / "config.json").write_text(json.dumps(bundle, indent=1), "utf-8")


main()
