/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IRQS_OFF_H
#define IRQS_OFF_H

#include <limits.h>
#include <stdbool.h>

#define IRQS_OFF_UNKNOWN	ULLONG_MAX

bool irqs_off_prepare(void);
void irqs_off_start(void);
unsigned long long irqs_off_stop(void);

#endif
