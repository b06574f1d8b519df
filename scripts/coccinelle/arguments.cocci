// SPDX-License-Identifier: GPL-2.0-only
/// A table is looked up without arguments. In the core only programs and
/// seccomp_rest_run() see any: others hand the system call on, or read its number
/// and architecture. Only early_filters() and early_rest(), which are given a
/// class with steps, have arguments read. Tests may.
///
// Options: --no-includes --include-headers

virtual report

@initialize:python@
@@

lookers = set()

def looks_up(p):
    if "/tests/" in p.file:
        return False
    core = "/seccomp/" in p.file or "/bad/" in p.file or "seccomp_bitmap.h" in p.file
    return core or p.current_element in lookers

# What only fills in a struct seccomp_data is looked at where it is called
fillers = ("early_arguments", "early_filters", "early_rest")

def reads(p):
    return looks_up(p) and "populate" not in p.current_element and p.current_element not in fillers

def object_to(p):
    coccilib.report.print_report(p, "an argument is read where it must not count")

@looker exists@
identifier fn;
identifier lookup =~ "^seccomp_(row|table_(allows|(other_)?class_id|class|decide)|class_run)$";
@@
fn(...)
{
... when any
lookup(...)
... when any
}

@script:python@
fn << looker.fn;
@@

lookers.add(fn)

@reads@
expression E;
identifier get =~ "populate|^(syscall_get_arguments|KSTK_E[IS]P|instruction_pointer)$";
identifier member =~ "^(args|instruction_pointer)$";
position p;
@@
(
get@p(...)
|
E.member@p
|
E->member@p
)

@script:python depends on report@
p << reads.p;
@@

if reads(p[0]):
    object_to(p[0])

// Ways to get at arguments without their name: in the core alone, since
// kernel/seccomp.c has them by name

@hands_on@
{struct seccomp_data *, struct seccomp_input *} sd;
identifier fn =~ "populate|^(early_arguments|bpf_prog_run(_pin_on_cpu)?|step_run|seccomp_(rest_run|class_run|table_decide|verify))$";
identifier member;
position p;
@@
(
fn(..., sd@p, ...)
|
sd@p->member
)

@sees disable drop_cast@
{struct seccomp_data *, struct seccomp_input *} sd;
identifier fn;
expression E;
type T;
position p != hands_on.p;
@@
(
fn(..., sd@p, ...)
|
 (T)sd@p
|
E = sd@p
)

@script:python depends on report@
p << sees.p;
@@

if "/kernel/seccomp.c" not in p[0].file and reads(p[0]) and p[0].current_element != "seccomp_rest_run":
    object_to(p[0])
