/* SPDX-License-Identifier: GPL-2.0-only */
/* What is put in front of a filter that libseccomp has made. */
#ifndef STUB_H
#define STUB_H

#include <cbpf_program.h>
#include "profile.h"

/**
 * stub_calls() - rules for calls that libseccomp is too old to know
 * @profile: the rules
 * @program: the filter, to be extended
 */
void stub_calls(const struct profile *profile, struct program *program);

/* Does libseccomp know a call, on the ABIs that have it? */
bool stub_is_new(const char *call);

/**
 * stub_runc() - ENOSYS for calls that are newer than all that the profile names
 * @profile: the rules
 * @program: the filter, to be extended
 */
void stub_runc(const struct profile *profile, struct program *program);

#endif
