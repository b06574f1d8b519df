// SPDX-License-Identifier: GPL-2.0-only
/// Nothing is allocated under siglock, and no filter is classified: what takes
/// memory or time is done before.
///
// Options: --no-includes --include-headers

virtual report

@initialize:python@
@@

import re

# Functions of the same file that allocate join in as they are found
allocating = set()
others = re.compile("alloc|memdup|strdup|asprintf|get_free_page|^bpf_prog_create|"
                    "^seccomp_(bitmap_(classify|stack)|table_(draft|seal|merge))$")

def allocates(fn):
    return fn in allocating or bool(others.search(fn))

@allocator exists@
identifier fn;
identifier alloc : script:python() { allocates(alloc) };
@@
fn(...)
{
... when any
alloc(...)
... when any
}

@script:python@
fn << allocator.fn;
@@

allocating.add(fn)

@locked exists@
identifier lock =~ "^(spin_lock(_irq|_irqsave)?|assert_spin_locked|lockdep_assert_held)$";
identifier unlock =~ "^spin_unlock(_irq|_irqrestore)?$";
identifier alloc : script:python() { allocates(alloc) };
identifier flags =~ "^GFP_";
expression holder, E;
position p;
@@
(
lock(&holder->siglock, ...)
|
lock_task_sighand(...)
|
seccomp_attach_lock(...)
)
... when != unlock(&E->siglock, ...)
    when != unlock_task_sighand(...)
    when any
(
alloc@p(...)
|
flags@p
)

@script:python depends on report@
p << locked.p;
@@

coccilib.report.print_report(p[0], "memory is allocated under siglock")
