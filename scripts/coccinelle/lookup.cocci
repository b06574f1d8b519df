// SPDX-License-Identifier: GPL-2.0-only
/// Lookups by system call number go through seccomp_find_row() or seccomp_row(), and
/// only go on where that finds a row; what it finds is bounded, under speculation too. From a row
/// to its class there is one way, seccomp_table_class_id(), and to the entry of
/// a class none but from there. Exempt are files and functions that system calls
/// in progress do not get to: those that build tables, report.c and tests.
///
// Options: --recursive-includes --include-headers -I include --defined CONFIG_SECCOMP_BITMAP

virtual report

@initialize:python@
@@

import re

builders = re.compile("^(build|leaf|pair|table_lay_out$|seccomp_table_(freeze|of_programs)$)")
chain = re.compile("^seccomp_table_(allows|(other_)?class_id)$")

# Functions that find a row for their callers; that take a row, or a class (named
# row and id), from them
find_row = set()
take_row = set()
take_class = set()

def looks_up(fn):
    return bool(chain.search(fn)) or fn in take_row

def exempt(p):
    return "/tests/" in p.file or p.file.endswith("/seccomp/report.c") or \
        bool(builders.search(p.current_element))

def object_to(p, what):
    coccilib.report.print_report(p, what)

// Nobody else indexes a table

@index@
struct seccomp_table *table;
identifier member =~ "^(allow|leaf|rows)$";
position p;
@@
table->member@p

@script:python depends on report@
p << index.p;
@@

if not exempt(p[0]) and not chain.search(p[0].current_element):
    object_to(p[0], "a table is looked into, past seccomp_table_class_id()")

// What may be looked up: a row where there is one, or the caller has seen to it

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

@found_row@
local idexpression row;
expression other;
position p;
@@
(
if (!seccomp_find_row(..., &row)) return ...;
... when != row = other
    when any
row@p
|
seccomp_find_row(..., &row) && <+... row@p ...+>
)

@finder@
identifier fn, row;
symbol false;
type T;
@@
fn(..., T *row)
{
... when any
if (!seccomp_find_row(..., row)) return false;
... when != *row
    when any
}

@script:python@
fn << finder.fn;
@@

find_row.add(fn)

@found_by@
identifier find : script:python() { find in find_row };
local idexpression row;
expression other;
position p;
@@
if (!find(..., &row)) return ...;
... when != row = other
    when any
row@p

@passed_row exists@
identifier fn;
identifier row =~ "^row$";
identifier lookup =~ "^seccomp_table_(allows|(other_)?class_id)$";
struct seccomp_table *table;
expression E;
type T;
position p;
@@
fn(..., T row, ...)
{
... when != row = E
    when any
lookup(table, row@p)
... when any
}

@script:python@
fn << passed_row.fn;
@@

take_row.add(fn)

@passed_on exists@
identifier fn;
identifier row =~ "^row$";
identifier lookup : script:python() { lookup in take_row };
struct seccomp_table *table;
expression E;
type T;
position p;
@@
fn(..., T row, ...)
{
... when != row = E
    when any
lookup(..., table, row@p, ...)
... when any
}

@script:python@
fn << passed_on.fn;
@@

take_row.add(fn)

@row@
identifier lookup : script:python() { looks_up(lookup) };
struct seccomp_table *table;
expression row;
position p != { found.p, found_row.p, found_by.p, passed_row.p, passed_on.p };
@@
lookup(..., table, row@p, ...)

@script:python depends on report@
p << row.p;
@@

if not exempt(p[0]) and not chain.search(p[0].current_element):
    object_to(p[0], "this is no row that seccomp_find_row() found")

// ... and a class that a row has, or that the caller got so

@classed exists@
local idexpression id;
identifier get =~ "^seccomp_table_(other_)?class_id$";
expression E;
position p;
@@
id = get(...)
... when != id = E
    when any
id@p

@passed_class exists@
identifier fn;
identifier id =~ "^id$";
expression table, E;
type T;
position p;
@@
fn(..., T id, ...)
{
... when != id = E
    when any
seccomp_table_class(table, id@p)
... when any
}

@script:python@
fn << passed_class.fn;
@@

take_class.add(fn)

@class@
expression E, id;
position p != { classed.p, passed_class.p };
@@
(
seccomp_table_class(E, seccomp_table_class_id(...))
|
seccomp_table_class(E, id@p)
)

@script:python depends on report@
p << class.p;
@@

if not exempt(p[0]):
    object_to(p[0], "this is no class that seccomp_table_class_id() found")

@given@
identifier fn : script:python() { fn in take_class };
expression table, id;
position p != classed.p;
@@
(
fn(table, seccomp_table_class_id(...), ...)
|
fn(table, id@p, ...)
)

@script:python depends on report@
p << given.p;
@@

if not exempt(p[0]):
    object_to(p[0], "this is no class that seccomp_table_class_id() found")

// seccomp_find_row() itself

@checked@
{unsigned int, unsigned long} nr;
expression size, E;
position p;
@@
if (nr >= size) return ...;
... when != nr = E
array_index_nospec@p(nr, size)

@bounded@
expression to, E;
position checked.p, q;
@@
 *to@q = E + array_index_nospec@p(...)

@unbounded exists@
expression to, E;
position p != bounded.q;
@@
seccomp_find_row(...)
{
... when any
 *to@p = E
... when any
}

@script:python depends on report@
p << unbounded.p;
@@

object_to(p[0], "seccomp_find_row() gives what is not bounded")

@unfound exists@
symbol true;
expression to, E;
position p;
@@
seccomp_find_row(...)
{
... when != *to = E
return@p true;
}

@script:python depends on report@
p << unfound.p;
@@

object_to(p[0], "seccomp_find_row() gives no row")
