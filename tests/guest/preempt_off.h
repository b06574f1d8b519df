/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PREEMPT_OFF_H
#define PREEMPT_OFF_H

#include <stdbool.h>

bool preempt_off_prepare(void);
void preempt_off_trace(bool on);
void preempt_off_start(void);
unsigned long long preempt_off_stop(void);

#endif
