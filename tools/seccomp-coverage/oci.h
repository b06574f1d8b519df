/* SPDX-License-Identifier: GPL-2.0-only */
/* Container profiles, as OCI runtimes and their callers have them. */
#ifndef OCI_H
#define OCI_H

#include "context.h"
#include "json.h"
#include "profile.h"

/**
 * oci_parse() - the rules of a container profile that apply
 * @name: of the file, for messages; what is wrong with it ends the program
 * @json: linux.seccomp of an OCI configuration, or a profile as Docker, containers-common
 *	and Kubernetes have them, with conditions
 * @context: what the conditions are about
 */
struct profile *oci_parse(const char *name, struct json_object *json,
			  const struct context *context);

#endif
