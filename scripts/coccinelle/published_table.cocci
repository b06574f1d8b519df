// SPDX-License-Identifier: GPL-2.0-only
/// A published table is never written, but for its references. What may be
/// written is a table in the function that allocates it or has it laid out,
/// until it is stored somewhere, or one of its own. What writes tables of its
/// callers' is in the list of writers, and they give it such a table. Tests
/// publish nothing.
///
// Options: --recursive-includes --include-headers -I include --defined CONFIG_SECCOMP_BITMAP

virtual report

@initialize:python@
@@

writers = {"seccomp_table_set_program", "table_lay_out", "table_set_keys",
           "seccomp_table_share"}
getters = {"seccomp_table_steps", "seccomp_table_ops", "seccomp_table_keys"}

def object_to(p):
    # What getters give is what their callers are looked at for
    if "/tests/" not in p.file and p.current_element not in writers | getters:
        coccilib.report.print_report(p, "a published table is written")

@new exists@
local idexpression struct seccomp_table *table;
identifier alloc =~ "^(kmalloc|seccomp_table_(alloc|of_programs|freeze)|bitmap_build_table)$";
expression E;
position p;
@@
table = alloc(...)
... when != \(table = E\|E = table\)
    when any
table@p

@own@
local idexpression struct seccomp_table layout;
identifier fn;
expression E;
position p;
@@
fn(\( E@p \& &layout \), ...)

@reader@
identifier get : script:python() { get in getters };
type T;
const T *alias;
struct seccomp_table *table;
identifier member;
expression part;
position p;
@@
alias = \( part \& <+... \(table@p->member\|(void *)table@p\|get(table@p)\) ...+> \)

@written@
struct seccomp_table *table;
identifier member;
identifier fill =~ "^(WRITE_ONCE|refcount_set|mem(cpy|set|move)|bitmap_(zero|fill|set|clear|copy|and(not)?|x?or))$";
identifier flip =~ "^(__)?((test_and_)?(set|clear|change)|assign)_bit$";
identifier get : script:python() { get in getters };
identifier write : script:python() { write in writers };
assignment operator op;
type T;
T *alias;
expression part, E;
position p != { new.p, own.p, reader.p };
@@
(
\( part \& <+... \(table@p->member\|get(table@p)\) ...+> \) op E
|
\( part \& <+... \(table@p->member\|get(table@p)\) ...+> \)++
|
\( part \& <+... \(table@p->member\|get(table@p)\) ...+> \)--
|
 *table@p = E
|
fill(\( part \& <+... \(table@p->member\|(void *)table@p\|get(table@p)\) ...+> \), ...)
|
flip(E, \( part \& <+... table@p->member ...+> \))
|
write(table@p, ...)
|
alias = \( part \& <+... \(table@p->member\|(void *)table@p\|get(table@p)\) ...+> \)
)

@script:python depends on report@
p << written.p;
@@

object_to(p[0])
