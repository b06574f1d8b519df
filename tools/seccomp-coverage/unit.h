/* SPDX-License-Identifier: GPL-2.0-only */
/* The filters that systemd attaches for a unit. */
#ifndef UNIT_H
#define UNIT_H

#include "subject.h"

/* From the text of a unit file, with those that extend it behind it. */
struct subject *unit_read(const char *name, const char *text, const struct context *context);

/*
 * Of a unit by its name: those of its main process if it runs here and they may be
 * read, otherwise from what systemctl cat prints.
 */
struct subject *unit_find(const char *name, const struct context *context);

#endif
