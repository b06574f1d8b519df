/* SPDX-License-Identifier: GPL-2.0-only */
/* Container profiles, in JSON. */
#ifndef OCI_H
#define OCI_H

#include "names.h"

struct program;

/**
 * oci_compile() - make the filter that a container runtime would attach
 * @filter: where to put it
 * @name: of the file, for messages; what is wrong with it ends the program
 * @text: config.json of an OCI bundle, or a profile as containers-common and
 *	Docker have them, with conditions; ends with a NUL
 * @abi: the machine's own ABI
 * @caps: the container's capabilities, separated by commas
 */
void oci_compile(struct program *filter, const char *name, const char *text,
		 const struct abi *abi, const char *caps);

#endif
