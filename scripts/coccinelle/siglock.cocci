// SPDX-License-Identifier: GPL-2.0-only
/// Nothing is allocated under siglock, no filter is classified and no table
/// built: what takes memory or time is done before. Nor is anything freed there
/// that may lie in vmalloc memory; the last reference to filters is dropped
/// under it, too.
///
// Options: --no-includes --include-headers

virtual report

@initialize:python@
@@

import re

# Functions of the same file that do such things join in as they are found
allocating = set()
freeing = set()
allocators = re.compile("alloc|memdup|strdup|asprintf|get_free_page|^bpf_prog_create|"
                        "^seccomp_(bitmap_(prepare|freeze)|table_(freeze|of_programs|again|find|share)|"
                        "create_program|program_get|"
                        "freeze_table|prepare_(user_)?filter|class_run|table_decide)$")
# What the core offers for any context
anywhere = re.compile("^seccomp_(table_(get|put|set_program)|bitmap_(forget|free|users)|program_put)$")

def allocates(fn):
    return fn in allocating or bool(allocators.search(fn))

def vfrees(fn):
    return fn in freeing or fn in ("vfree", "kvfree", "kvfree_sensitive")

def any_context(fn):
    return bool(anywhere.search(fn))

def allocates_or_vfrees(fn):
    return allocates(fn) or vfrees(fn)

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

@freer exists@
identifier fn;
identifier free : script:python() { vfrees(free) };
@@
fn(...)
{
... when any
free(...)
... when any
}

@script:python@
fn << freer.fn;
@@

freeing.add(fn)

@locked exists@
identifier lock =~ "^(spin_lock(_irq|_irqsave)?|assert_spin_locked|lockdep_assert_held)$";
identifier unlock =~ "^spin_unlock(_irq|_irqrestore)?$";
identifier call : script:python() { allocates_or_vfrees(call) };
identifier flags =~ "^GFP_";
expression holder, E;
position p;
@@
(
lock(&holder->siglock, ...)
|
lock_task_sighand(...)
)
... when != unlock(&E->siglock, ...)
    when != unlock_task_sighand(...)
    when any
(
call@p(...)
|
flags@p
)

@script:python depends on report@
p << locked.p;
call << locked.call = "";
@@

coccilib.report.print_report(p[0], "vmalloc memory is freed under siglock" if vfrees(call)
                             else "memory is allocated under siglock")

@there exists@
identifier fn : script:python() { any_context(fn) };
identifier call : script:python() { allocates_or_vfrees(call) };
position p;
@@
fn(...)
{
... when any
call@p(...)
... when any
}

@script:python depends on report@
p << there.p;
@@

coccilib.report.print_report(p[0], "this may be called under siglock")
