/* SPDX-License-Identifier: GPL-2.0-only */
/* Files, whatever they are. */
#ifndef INPUT_H
#define INPUT_H

#include "subject.h"

/**
 * input_read() - read what a path names
 * @path: file; or FILE#PART for one profile of several that are in it; "-" is standard
 *	input. What is wrong with it ends the program.
 * @context: what profiles are compiled for
 * @subjects: where to put them
 */
void input_read(const char *path, const struct context *context, struct subjects *subjects);

/* Is it a folder of profiles, none of a container's bundle? */
bool input_is_folder(const char *path);

#endif
