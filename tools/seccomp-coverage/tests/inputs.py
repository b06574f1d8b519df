# SPDX-License-Identifier: GPL-2.0-only
"""What people have at hand"""

import json
import os

from harness import ALLOW, RET, SMALL, allowing, flat, raw

OWN = "-qa", "x86_64"
GOOD = "3 ALLOW, "  # read, and what is never filtered
CRD = """\
# A profile of the operator
apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata:
  name: mine
spec:
  defaultAction: SCMP_ACT_ERRNO
  architectures:
  - SCMP_ARCH_X86_64
  syscalls:
  - action: SCMP_ACT_ALLOW
    names: [read]
  - action: SCMP_ACT_ERRNO
    errnoRet: 13
    names:
      - "open"
    args:
    - {index: 1, op: SCMP_CMP_MASKED_EQ, value: 0x40, valueTwo: 64}
"""


def containers(check):
    profile = allowing("read")
    spec = {"ociVersion": "1.0.2", "linux": {"seccomp": profile}}
    check.says("config.json", flat(spec), *OWN, out=GOOD)
    check.says(
        "an OCI bundle",
        b"",
        *OWN,
        os.path.dirname(check.file("bundle/config.json", flat(spec))),
        out=GOOD,
    )
    docker = [
        {
            "Id": "1",
            "Name": "/web",
            "HostConfig": {"SecurityOpt": ["no-new-privileges", "seccomp=" + json.dumps(profile)]},
        }
    ]
    check.says("docker inspect", flat(docker), *OWN, out=GOOD)
    docker[0]["HostConfig"]["SecurityOpt"] = ["seccomp=unconfined"]
    check.trouble("docker inspect, unconfined", flat(docker), "container web is unconfined", *OWN)
    docker[0]["HostConfig"]["SecurityOpt"] = None
    check.trouble(
        "docker inspect, default", flat(docker), "the default profile of the engine", *OWN
    )
    config = check.file("podman/config.json", flat(spec))
    podman = [{"Name": "web", "OCIConfigPath": config, "HostConfig": {"SecurityOpt": []}}]
    check.says("podman inspect", flat(podman), *OWN, out=GOOD)
    podman[0]["OCIConfigPath"] = "/does/not/exist"
    check.trouble("podman inspect, no file", flat(podman), "No such file", *OWN)
    check.says(
        "crictl inspect", flat({"status": {}, "info": {"runtimeSpec": spec}}), *OWN, out=GOOD
    )
    check.says("ctr container info", flat({"ID": "1", "Image": "i", "Spec": spec}), *OWN, out=GOOD)
    check.trouble(
        "unconfined", flat({"ociVersion": "1", "linux": {}}), "linux.seccomp is missing", *OWN
    )
    check.trouble("other JSON", b'{"a": 1}', "has no profile", *OWN)
    check.trouble("a list of nothing", b"[]", "has no profile", *OWN)
    check.trouble("a number", b"{}", "has no profile", *OWN)


def kubernetes(check):
    check.says(
        "SeccompProfile in YAML",
        CRD.encode(),
        "-a",
        "x86_64",
        out=("x86_64 0       ALLOW        read\n", "x86_64 2       FILTER       open: "),
    )
    check.says(
        "SeccompProfile in JSON",
        flat(
            {
                "apiVersion": "v1",
                "kind": "SeccompProfile",
                "metadata": {"name": "a"},
                "spec": allowing("read"),
            }
        ),
        *OWN,
        out=GOOD,
    )
    two = CRD + "---\n" + CRD.replace("mine", "other").replace("[read]", "[read, write]")
    check.says(
        "two in a file",
        two.encode(),
        *OWN,
        out=("standard input#mine: x86_64: ", "standard input#other: x86_64: "),
    )
    path = check.file("two.yaml", two)
    check.says("one of two", b"", *OWN, path + "#other", out="4 ALLOW, ")
    check.trouble("none of two", b"", "has no part third", *OWN, path + "#third")
    check.trouble("two in a stack", b"", "say which, as in " + path + "#mine", *OWN, path, path)
    base = CRD.replace("spec:", "spec:\n  baseProfileName: runtime/default")
    check.says(
        "baseProfileName", base.encode(), *OWN, out=GOOD, err="baseProfileName runtime/default"
    )
    pod = (
        "apiVersion: v1\nkind: Pod\nspec:\n  securityContext:\n"
        "    seccompProfile: {type: RuntimeDefault}\n"
    )
    check.trouble("a Pod", pod.encode(), "a Kubernetes Pod, which at most names a profile", *OWN)
    check.trouble("YAML that is none", b"kind: [\n", "not YAML: line ", *OWN)
    check.trouble("YAML with aliases", b"kind: &a x\nspec: *a\n", "aliases", *OWN)
    deep = b"kind: x\nspec: " + b"[" * 100 + b"]" * 100 + b"\n"
    check.trouble("YAML that is nested deeply", deep, "nested too deeply", *OWN)
    text = CRD.replace("0x40", '"0x40"')
    check.trouble("a number in quotes", text.encode(), "value is not of type int", *OWN)


def firecracker(check):
    thread = {
        "default_action": "trap",
        "filter_action": "allow",
        "filter": [
            {"syscall": "read"},
            {
                "syscall": "fcntl",
                "comment": "why",
                "args": [{"index": 1, "type": "dword", "op": "eq", "val": 3, "comment": "which"}],
            },
            {
                "syscall": "futex",
                "args": [{"index": 1, "type": "dword", "op": {"masked_eq": 0x7F}, "val": 1}],
            },
        ],
    }
    both = {"vmm": thread, "vcpu": {**thread, "default_action": {"errno": 13}}}
    check.says(
        "Firecracker",
        flat(both),
        *OWN,
        out=("standard input#vmm: x86_64: ", "TRAP", "standard input#vcpu: x86_64: ", "ERRNO"),
    )
    for call, verdict in (
        ("fcntl(0, 3)", "ALLOW"),
        ("fcntl(0, 0x100000003)", "ALLOW"),
        ("fcntl(0, 4)", "TRAP 0"),
        ("futex(0, 0x81)", "ALLOW"),
        ("futex(0, 2)", "TRAP 0"),
    ):
        check.says(
            f"Firecracker: {call}",
            b"",
            "-a",
            "x86_64",
            "-f",
            call,
            check.file("fc.json", flat(both)) + "#vmm",
            out=f"{call}: {verdict};",
        )
    check.trouble(
        "Firecracker: another action",
        flat({"a": {**thread, "default_action": "no"}}),
        "unknown action",
        *OWN,
    )
    wrong = json.loads(json.dumps(thread))
    wrong["filter"][1]["args"][0]["type"] = "word"
    check.trouble("Firecracker: another type", flat({"a": wrong}), "neither dword nor qword", *OWN)


def folders(check):
    check.file("folder/a.json", flat(allowing("read")))
    check.file("folder/b.bpf", raw(SMALL))
    folder = os.path.dirname(check.file("folder/c.yaml", CRD))
    check.says(
        "a folder: one line each",
        b"",
        "-a",
        "x86_64",
        folder,
        out=(
            f"{folder}/a.json: x86_64: ",
            f"{folder}/b.bpf: x86_64: ",
            f"{folder}/c.yaml: x86_64: ",
        ),
    )
    check.file("folder/d.txt", "hello\n")
    got = check.run("-a", "x86_64", folder)
    check.point(
        "a folder: others are reported on",
        got.returncode == 2 and b"d.txt: text" in got.stderr and got.stdout.count(b"\n") == 3,
        got.stderr.decode(),
    )
    check.trouble(
        "an empty folder",
        b"",
        "empty folder",
        *OWN,
        os.path.dirname(os.path.dirname(check.file("none/x/y", ""))),
    )
    check.says("standard input by name", raw([(RET, 0, 0, ALLOW)]), *OWN, "-", out="ALLOW")


def looks(check):
    """Defect 8: what it looks like, and what to do"""

    def bad(name, data, err):
        check.trouble(name, data, err, *OWN)

    bad(
        "a byte-order mark",
        b"\xef\xbb\xbf" + flat(allowing("read")),
        "starts with a byte-order mark",
    )
    bad("a comment in front", b"// mine\n" + flat(allowing("read")), "starts with a comment")
    bad("a page", b"<!DOCTYPE html>\n", "looks like HTML")
    bad("text", b"hello\n", "text, but no profile")
    bad("a report that is cut", b"x86_64 0 ALLOW\nx86_64 1 ALL\n", "line 2 is none of a kernel")
    bad("a report of another ABI", b"x86_64 0 ALLOW\nvax 1 ALLOW\n", "line 2 is none")


def run(check):
    for group in containers, kubernetes, firecracker, folders, looks:
        group(check)
