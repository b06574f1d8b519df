/* SPDX-License-Identifier: GPL-2.0-only */
/* The filters of a running process. */
#ifndef PROCESS_H
#define PROCESS_H

#include "subject.h"

/*
 * Reads them by PTRACE_SECCOMP_GET_FILTER, or where that is not permitted what the
 * kernel reports of them. What is wrong ends the program.
 */
struct subject *process_read(const char *pid, const struct context *context);

#endif
