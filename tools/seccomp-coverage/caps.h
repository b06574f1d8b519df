/* SPDX-License-Identifier: GPL-2.0-only */
/* Capabilities, which conditions of container profiles are about. */
#ifndef CAPS_H
#define CAPS_H

#include <stdbool.h>
#include <stdint.h>

/* What containers.conf gives to a container that asks for nothing. */
extern const char *const caps_default;

/*
 * A list separated by commas, in any case, with or without CAP_, or ALL or NONE. A
 * name that is none ends the program.
 */
uint64_t caps_parse(const char *list);

/* Is a capability, by name, one of these? One that is not known is not. */
bool caps_have(uint64_t caps, const char *name);

#endif
