/* SPDX-License-Identifier: GPL-2.0-only */
/* Filters written out. */
#ifndef DUMP_H
#define DUMP_H

#include "options.h"
#include "subject.h"

void dump(const struct subject *subject, const struct options *options);

#endif
