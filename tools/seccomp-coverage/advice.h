/* SPDX-License-Identifier: GPL-2.0-only */
/* What a profile's author can do. */
#ifndef ADVICE_H
#define ADVICE_H

#include "options.h"
#include "subject.h"

void advise(const struct subject *subject, const struct options *options);

#endif
