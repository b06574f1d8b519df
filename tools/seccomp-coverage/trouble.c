// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include "trouble.h"

void fail(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	vwarnx(text, args);
	va_end(args);
	_exit(EXIT_TROUBLE);
}

char *format(const char *text, ...)
{
	va_list args;
	char *made;

	va_start(args, text);
	if (vasprintf(&made, text, args) < 0)
		fail("out of memory");
	va_end(args);
	return made;
}
