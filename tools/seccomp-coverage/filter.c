// SPDX-License-Identifier: GPL-2.0-only
#include "filter.h"
#include "names.h"

void filter_read(struct program *filter, const char *name, const void *bytes,
		 size_t size, bool big_endian)
{
	struct program_fault fault = program_load(filter, bytes, size, big_endian);
	const struct sock_filter *insn;

	if (!fault.what)
		return;
	if (!fault.has_pc)
		fail("%s: %s", name, fault.what);
	insn = &filter->insn[fault.pc];
	fail("%s: instruction %u (code %#x, k %#x): %s%s", name, fault.pc, insn->code, insn->k,
	     fault.what, insn->code & 0xff ? "" : " Name its --abi");
}
