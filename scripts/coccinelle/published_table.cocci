// SPDX-License-Identifier: GPL-2.0-only
/// A published table is never written. What may be written is a draft, called
/// just that, and a table in the function that allocates it, until it is stored
/// somewhere. A draft itself is not published, only what is made of it. Tests
/// publish nothing.
///
// Options: --recursive-includes --include-headers -I include --defined CONFIG_SECCOMP_BITMAP

virtual report

@initialize:python@
@@

writers = set()

// What takes a draft may write it

@defined@
symbol draft;
identifier fn;
@@
fn(struct seccomp_table *draft, ...) { ... }

@script:python@
fn << defined.fn;
@@

writers.add(fn)

@declared@
symbol draft;
type T;
identifier fn;
@@
T fn(struct seccomp_table *draft, ...);

@script:python@
fn << declared.fn;
@@

writers.add(fn)

@drafted@
symbol draft;
identifier alloc =~ "(alloc|draft)$";
expression E;
position p, mixed;
@@
(
draft = alloc(...)
|
draft@mixed = E
|
E = draft@mixed
|
draft@p
)

@script:python depends on report@
p << drafted.mixed;
@@

coccilib.report.print_report(p[0], "a draft and a published table are two things")

@new exists@
local idexpression struct seccomp_table *table;
identifier alloc =~ "(alloc|draft)$";
expression E;
position p;
@@
table = alloc(...)
... when != \(table = E\|E = table\)
    when any
table@p

@reader@
type T;
const T *alias;
struct seccomp_table *table;
identifier member;
expression part;
position p;
@@
alias = \( part \& <+... table@p->member ...+> \)

@written@
struct seccomp_table *table;
identifier member, other;
identifier fill =~ "^(WRITE_ONCE|mem(cpy|set|move)|bitmap_(zero|fill|set|clear|copy|and(not)?|x?or))$";
identifier flip =~ "^(__)?((test_and_)?(set|clear|change)|assign)_bit$";
identifier alloc =~ "(alloc|draft)$";
identifier decide : script:python() { decide in writers };
assignment operator op;
type T;
T *alias;
expression part, E;
position p != { drafted.p, new.p, reader.p };
@@
(
\( part \& <+... table@p->member ...+> \) op E
|
\( part \& <+... table@p->member ...+> \)++
|
\( part \& <+... table@p->member ...+> \)--
|
fill(\( part \& <+... table@p->member ...+> \), ...)
|
flip(E, \( part \& <+... table@p->member ...+> \))
|
decide(alloc(...), ...)
|
decide(table@p, ...)
|
E.classify(..., table@p)
|
E->classify(..., table@p)
|
alias = other(...)
|
alias = \( part \& <+... table@p->member ...+> \)
)

@script:python depends on report@
p << written.p;
@@

if "kunit" not in p[0].file:
    coccilib.report.print_report(p[0], "a published table is written")
