#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A supervisor that answers for its child: with a value, an errno, and by letting it go on"""

import errno
import os
import signal
import socket
import sys

import seccomp
from seccomp import ALLOW, NOTIFY, NotificationResponse, SyscallFilter

CONTINUE = 1    # SECCOMP_USER_NOTIF_FLAG_CONTINUE


def child():
    """What the supervisor has answered shows"""
    if os.getppid() != 1234567:
        return 1
    try:
        socket.sethostname("supervised")
        return 2
    except OSError as error:
        if error.errno != errno.EDOM:
            return 3
    return 0 if os.getppid() == parent else 4


parent = os.getpid()
signal.alarm(60)    # rather than to wait for calls that nobody makes
bpf = SyscallFilter(ALLOW)
bpf.add_rule(NOTIFY, "getppid")
bpf.add_rule(NOTIFY, "sethostname")
bpf.load()
pid = os.fork()
if not pid:
    os._exit(child())
for value, error, flags in (1234567, 0, 0), (0, -errno.EDOM, 0), (0, 0, CONTINUE):
    asked = bpf.receive_notify()
    bpf.respond_notify(NotificationResponse(asked, value, error, flags))
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print("the child:", {0: "as answered", 1: "another value", 2: "no errno", 3: "another errno",
                     4: "not its parent"}.get(status, status))
sys.exit(bool(status))
