// SPDX-License-Identifier: GPL-2.0-only
/// What bitmaps answer depends on no argument: nothing in the core reads any,
/// nor does a function that looks a call up, be it before or after. Where what
/// was found says whether to read them, they are read after that. Tests may.
///
// Options: --no-includes --include-headers

virtual report

@initialize:python@
@@

lookers = set()

@looks_up exists@
identifier fn;
identifier lookup =~ "^seccomp_((bitmap|table)_(lookup|allows)|allows_early|row)$";
@@
fn(...)
{
... when any
lookup(...)
... when any
}

@script:python@
fn << looks_up.fn;
@@

lookers.add(fn)

@reads@
expression E;
identifier get =~ "^(syscall_get_arguments|populate_seccomp_data|KSTK_E[IS]P|instruction_pointer)$";
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

here = p[0].file
core = "kernel/seccomp/" in here and "kunit" not in here or "seccomp_bitmap.h" in here
if core or p[0].current_element in lookers:
    coccilib.report.print_report(p[0], "an argument is read where it must not count")

@early exists@
expression E;
identifier fn, member;
position reads.p, q;
@@
(
fn@p@q(...)
|
E.member@p@q
|
E->member@p@q
)
... when any
seccomp_current_plan(...)

@script:python depends on report@
q << early.q;
@@

coccilib.report.print_report(q[0], "an argument is read before a plan asks for it")
