// SPDX-License-Identifier: GPL-2.0-only
/// Only the probe's file touches page tables and cached translations.
///
// Options: --no-includes --include-headers

virtual report

@access@
identifier what =~ "(^|_)k?p(te|md|ud|4d|gd)p?(_|$)|^init_mm$|page_range$|flush_tlb|^walk_page";
position p : script:python() { not p[0].file.endswith("kernel/seccomp/probe.c") };
@@
what@p

@script:python depends on report@
p << access.p;
what << access.what;
@@

coccilib.report.print_report(p[0], "%s: page tables are for probe.c alone" % what)
