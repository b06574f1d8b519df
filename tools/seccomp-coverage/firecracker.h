/* SPDX-License-Identifier: GPL-2.0-only */
/* Filters of Firecracker's threads, in its JSON. */
#ifndef FIRECRACKER_H
#define FIRECRACKER_H

#include "context.h"
#include "json.h"
#include "profile.h"

/* Is it one of the threads? */
bool firecracker_is_thread(struct json_object *json);
struct profile *firecracker_parse(const char *name, struct json_object *json,
				  const struct context *context);

#endif
