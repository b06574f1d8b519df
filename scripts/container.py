#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write OCI bundles of a container that does nothing: container.py ARCH DIR

DIR/none has no seccomp; DIR/runc has the default profile, with the conditions in it
evaluated, as engines do; and DIR/holder that, and stays. All else is in
tests/apps/container.json. The root is to be in /tmp/box.
"""

import json
import sys
from pathlib import Path

from filters import CAPS, Target, applies, read_profile

BUNDLES = {"none": ["/bin/true"], "runc": ["/bin/true"], "holder": ["/bin/sleep", "1000000"]}

target, outdir = Target(sys.argv[1]), Path(sys.argv[2])
profile = read_profile()
seccomp = {
    "defaultAction": profile["defaultAction"],
    "defaultErrnoRet": profile["defaultErrnoRet"],
    "architectures": [arch for entry in profile["archMap"] if entry["architecture"] == target.scmp
                      for arch in (target.scmp, *entry["subArchitectures"])],
    "syscalls": [{key: rule[key] for key in ("names", "action", "errnoRet", "args")
                  if rule.get(key)}
                 for rule in profile["syscalls"] if applies(rule, target)],
}
for name, args in BUNDLES.items():
    bundle = json.loads(Path("tests/apps/container.json").read_text())
    bundle["process"]["args"] = args
    bundle["process"]["capabilities"] = dict.fromkeys(bundle["process"]["capabilities"], sorted(CAPS))
    if name != "none":
        bundle["linux"]["seccomp"] = seccomp
    (outdir / name).mkdir(parents=True, exist_ok=True)
    (outdir / name / "config.json").write_text(json.dumps(bundle, indent=1))
