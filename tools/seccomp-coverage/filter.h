/* SPDX-License-Identifier: GPL-2.0-only */
/* Filters from files. */
#ifndef FILTER_H
#define FILTER_H

#include <cbpf_program.h>

/**
 * filter_read() - take a filter that the kernel would take
 * @filter: where to put it, in this machine's byte order
 * @name: of the file, for messages; what is wrong with a filter ends the program
 * @bytes: struct sock_filter, as often as there are instructions
 * @size: number of bytes
 * @big_endian: byte order of @bytes
 */
void filter_read(struct program *filter, const char *name, const void *bytes,
		 size_t size, bool big_endian);

#endif
