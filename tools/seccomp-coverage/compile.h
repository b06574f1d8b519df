/* SPDX-License-Identifier: GPL-2.0-only */
/* From rules to a filter. */
#ifndef COMPILE_H
#define COMPILE_H

#include <cbpf_program.h>
#include "context.h"
#include "profile.h"

/**
 * profile_compile() - make the filter that would be attached
 * @profile: its rules; what libseccomp does not take ends the program
 * @context: who attaches it
 * @program: where to put it
 * @pfc: NULL, or where to put what libseccomp prints of it, allocated
 */
void profile_compile(const struct profile *profile, const struct context *context,
		     struct program *program, char **pfc);

#endif
