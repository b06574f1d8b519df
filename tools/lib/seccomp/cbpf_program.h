/* SPDX-License-Identifier: GPL-2.0-only */
/* Filters, classic BPF programs, as data: read, check, print. */
#ifndef CBPF_PROGRAM_H
#define CBPF_PROGRAM_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct program {
	unsigned int len;
	struct sock_filter insn[BPF_MAXINSNS];
};

#define DATA(field)	((uint32_t)offsetof(struct seccomp_data, field))
/* The words of an argument, as little-endian machines have them. */
#define ARG_LO(i)	(DATA(args) + 8 * (i))
#define ARG_HI(i)	(ARG_LO(i) + 4)

/* All the codes that seccomp accepts. */
extern const uint16_t program_codes[];
extern const unsigned int program_nr_codes;

/**
 * struct program_fault - what the kernel would not accept in a program
 * @what: the reason, or NULL
 * @pc: the instruction, if @has_pc
 * @has_pc: is it about one instruction?
 */
struct program_fault {
	const char *what;
	unsigned int pc;
	bool has_pc;
};

/**
 * program_load() - take instructions from a file or from the kernel
 * @p: where to put them, in this machine's byte order
 * @bytes: struct sock_filter, as often as there are instructions
 * @size: number of bytes
 * @big_endian: byte order of @bytes
 *
 * Return: what is wrong with them, for the kernel; @p is only good if nothing is.
 */
struct program_fault program_load(struct program *p, const void *bytes, size_t size,
				  bool big_endian);

/* The checks that the kernel makes when a filter is attached. */
struct program_fault program_check(const struct program *p);

static inline bool program_valid(const struct program *p)
{
	return !program_check(p).what;
}

/* What an instruction would be in assembly language, without a newline. */
void program_print_insn(FILE *out, const struct sock_filter *i, unsigned int pc);

#endif
