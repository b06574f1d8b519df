/* SPDX-License-Identifier: GPL-2.0-only */
/* YAML, as Kubernetes has it, read as if it were JSON. */
#ifndef YAML_READ_H
#define YAML_READ_H

#include "json.h"

/*
 * An array with each of the documents. @name is that of the file, for messages; what is
 * wrong ends the program.
 */
struct json_object *yaml_read(const char *name, const char *text);

#endif
