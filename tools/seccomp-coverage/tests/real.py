# SPDX-License-Identifier: GPL-2.0-only
"""Filters and profiles that people run, against an evaluation that shares nothing

Filters are those of tests/filters; profiles what is on the machine, and what is in the
folders that the environment's PROFILES names, with blanks between them.
"""

import json
import os
from pathlib import Path

import cbpf
from harness import AUDIT, big_endian

FILTERS = Path(__file__).resolve().parents[3] / "tests/filters"
FOLDERS = {"x86_64": ("x86_64", "ia32"), "arm64": ("aarch64", "arm"), "riscv64": ("riscv64",)}
INSTALLED = ("/usr/share/containers/seccomp.json",)
ABIS = "x86_64", "aarch64", "s390x", "riscv64"
NUMBERS = {
    "ALLOW": 0x7FFF0000,
    "LOG": 0x7FFC0000,
    "TRACE": 0x7FF00000,
    "USER_NOTIF": 0x7FC00000,
    "ERRNO": 0x50000,
    "TRAP": 0x30000,
    "KILL_THREAD": 0,
    "KILL_PROCESS": 0x80000000,
}


def report(check, abi, files):
    got = check.run("-ja", abi, *map(str, files))
    if got.returncode:
        return None, got.stderr.decode()
    return json.loads(got.stdout)[0]["abis"][0]["calls"], ""


def judge(calls, programs, abi):
    """What is wrong with the report on a stack of programs, or nothing"""
    for call in calls:
        if call["nr"] in (335, 336) and abi == "x86_64":
            continue
        constant, results = cbpf.verdicts(programs, call["nr"], AUDIT[abi], big_endian(abi), 300)
        said = None
        if call["action"] != "FILTER":
            said = NUMBERS[call["action"]] | call.get("data", 0)
        if said is not None and {
            result & (0xFFFFFFFF if "data" in call else 0xFFFF0000) for result in results
        } != {said}:
            return f"{call}: {results} were seen"
        # A table has no room for the results of a filter that returns what it was asked
        if said is None and constant is not None and "instruction" in call:
            return f"{call}: {constant:#x} for all arguments"
        allowed = cbpf.ALLOW in results
        if said is None and (
            call.get("allowed") == "never"
            and allowed
            or call.get("allowed") == "always"
            and results != {cbpf.ALLOW}
        ):
            return f"{call}: {results} were seen"
    return ""


def filters(check):
    if not FILTERS.exists():
        check.skip("filters", "no tests/filters")
        return
    for folder, abis in FOLDERS.items():
        for path in sorted(
            path for path in (FILTERS / folder).iterdir() if path.suffix == ".bpf" or path.is_dir()
        ):
            files = sorted(path.glob("*.bpf")) if path.is_dir() else [path]
            programs = [cbpf.load(file.read_bytes()) for file in files]
            for abi in abis:
                calls, wrong = report(check, abi, files)
                check.point(
                    f"{folder}/{path.stem}, {abi}",
                    not (wrong or judge(calls, programs, abi)),
                    wrong or "differs: " + judge(calls or [], programs, abi),
                )


def applies(rule, go):
    """With no capabilities but the default ones, on the newest kernel"""
    inc, exc = rule.get("includes") or {}, rule.get("excludes") or {}
    caps = {
        "CAP_" + cap
        for cap in (
            "CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID "
            "SYS_CHROOT"
        ).split()
    }
    if inc.get("arches") and go not in inc["arches"] or go in exc.get("arches", []):
        return False
    return (
        caps.issuperset(inc.get("caps", []))
        and caps.isdisjoint(exc.get("caps", []))
        and not exc.get("minKernel")
    )


def judge_profile(profile, calls, abi):
    """Is what the rules say of each call what was reported?"""
    go = {"x86_64": "amd64", "aarch64": "arm64"}.get(abi, abi)
    default = profile["defaultAction"].removeprefix("SCMP_ACT_")
    for call in calls:
        rules = [
            rule
            for rule in profile.get("syscalls") or []
            if applies(rule, go)
            and call.get("name") in (rule.get("names") or [rule.get("name")])
            and rule["action"] != profile["defaultAction"]
        ]
        plain = {rule["action"].removeprefix("SCMP_ACT_") for rule in rules if not rule.get("args")}
        if call.get("name") in ("uretprobe", "uprobe") or call["nr"] == 335 and "name" not in call:
            continue
        want = {"FILTER"} if rules and not plain else plain or {default}
        if len(want) == 1 and call["action"] not in want:
            return f"{call}: the profile says {want}"
    return ""


def profiles(check):
    paths = [Path(path) for path in INSTALLED if os.path.exists(path)]
    for folder in os.environ.get("PROFILES", "").split():
        paths += sorted(path for path in Path(folder).iterdir() if path.suffix == ".json")
    for path in paths:
        profile = json.loads(path.read_bytes())
        for abi in ABIS:
            calls, wrong = report(check, abi, [path])
            if "does not take architecture" in wrong:
                continue  # of a machine of another kind
            raw = check.run("--dump=raw", "-a", abi, str(path)).stdout
            if not wrong:
                program = cbpf.load(raw, ">" if big_endian(abi) else "<")
                wrong = judge(calls, [program], abi)
            if not wrong and "defaultAction" in profile:
                wrong = judge_profile(profile, calls, abi)
            check.point(f"profile {path.name}, {abi}", not wrong, wrong)


def run(check):
    filters(check)
    profiles(check)
