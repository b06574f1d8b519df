// SPDX-License-Identifier: GPL-2.0-only
/// Lookups by system call number go through seccomp_row(), and only go on where
/// it finds a row; what it returns is bounded, under speculation too. Files of
/// kernel/seccomp/ are exempt: system calls in progress do not get there.
///
// Options: --recursive-includes --include-headers -I include --defined CONFIG_SECCOMP_BITMAP

virtual report

// What may index: a constant, a row where there is one, the class of a row.

@fixed@
struct seccomp_table *table;
identifier member;
constant C;
position p;
@@
table->member[C@p]

@found@
local idexpression row;
expression E, other;
position p;
@@
row = seccomp_row(...)
... when != row = other
    when any
(
if (\(row < 0\|E || row < 0\|row < 0 || E\)) return ...;
... when != row = other
    when any
row@p
|
row >= 0 && <+... row@p ...+>
|
E && row >= 0 && <+... row@p ...+>
)

@classed@
local idexpression of_row;
struct seccomp_table *table;
identifier member =~ "^class$";
expression row, E;
position found.p, q;
@@
of_row = table->member[row@p]
... when != of_row = E
    when any
of_row@q

@index@
struct seccomp_table *table;
identifier member;
identifier test =~ "^test_bit|^find_.*_bit";
expression E, E1;
position p != { fixed.p, found.p, classed.q };
@@
(
test(E@p, <+... table->member ...+>)
|
table->member[E1][E@p]
|
table->member[E@p]
)

@script:python depends on report@
p << index.p;
@@

if "kernel/seccomp/" not in p[0].file:
    coccilib.report.print_report(p[0], "this index is no row that seccomp_row() found")

// seccomp_row() itself

@checked@
{unsigned int, unsigned long} nr;
expression size, E;
position p;
@@
if (nr >= size) return ...;
... when != nr = E
array_index_nospec@p(nr, size)

@bounded@
expression E;
position checked.p, q;
@@
(
return@q -1;
|
return@q array_index_nospec@p(...);
|
return@q E + array_index_nospec@p(...);
)

@unbounded exists@
expression E;
position p != bounded.q;
@@
seccomp_row(...)
{
... when any
return@p E;
}

@script:python depends on report@
p << unbounded.p;
@@

coccilib.report.print_report(p[0], "seccomp_row() returns what is not bounded")
