/* SPDX-License-Identifier: GPL-2.0-only */
/* What filters can return, by name. */
#ifndef ACTIONS_H
#define ACTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* The kinds of results, from the most permissive one on. */
#define NR_ACTIONS	8

/**
 * action_find() - find an action by its name
 * @name: as the kernel reports it, or as in profiles without SCMP_ACT_
 * @ret: where to put what a filter returns for it, without data
 *
 * Return: is there such an action?
 */
bool action_find(const char *name, uint32_t *ret);

/* The kind of what a filter returns, from 0 on. */
unsigned int action_kind(uint32_t ret);
const char *action_kind_name(unsigned int kind);
const char *action_name(uint32_t ret);

/* Do the data say something, for this action? */
bool action_has_data(uint32_t ret);

/* Number of an error by its name, as in "EPERM"; 0 if there is none. */
unsigned int errno_find(const char *name);

#endif
