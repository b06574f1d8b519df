/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of libcap's interface as the kernel's seccomp tests call, on top of
 * capget() and capset(): distributions do not have libcap for every target.
 */
#ifndef SYS_CAPABILITY_H
#define SYS_CAPABILITY_H

#include <linux/capability.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
	struct __user_cap_header_struct header;
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
} *cap_t;
typedef int cap_value_t;
typedef enum { CAP_EFFECTIVE, CAP_PERMITTED, CAP_INHERITABLE } cap_flag_t;
typedef enum { CAP_CLEAR, CAP_SET } cap_flag_value_t;

static inline __u32 *cap_word(cap_t caps, cap_flag_t flag, cap_value_t cap)
{
	struct __user_cap_data_struct *data = &caps->data[CAP_TO_INDEX(cap)];

	return flag == CAP_EFFECTIVE ? &data->effective :
	       flag == CAP_PERMITTED ? &data->permitted : &data->inheritable;
}

static inline cap_t cap_get_proc(void)
{
	cap_t caps = calloc(1, sizeof(*caps));

	if (!caps)
		return NULL;
	caps->header.version = _LINUX_CAPABILITY_VERSION_3;
	if (!syscall(SYS_capget, &caps->header, caps->data))
		return caps;
	free(caps);
	return NULL;
}

static inline int cap_set_proc(cap_t caps)
{
	return syscall(SYS_capset, &caps->header, caps->data);
}

static inline int cap_get_flag(cap_t caps, cap_value_t cap, cap_flag_t flag,
			       cap_flag_value_t *value)
{
	*value = *cap_word(caps, flag, cap) & CAP_TO_MASK(cap) ? CAP_SET : CAP_CLEAR;
	return 0;
}

static inline int cap_set_flag(cap_t caps, cap_flag_t flag, int count,
			       const cap_value_t *list, cap_flag_value_t value)
{
	for (; count > 0; count--, list++) {
		__u32 *word = cap_word(caps, flag, *list);

		*word = value == CAP_SET ? *word | CAP_TO_MASK(*list) :
					   *word & ~CAP_TO_MASK(*list);
	}
	return 0;
}

static inline int cap_free(void *caps)
{
	free(caps);
	return 0;
}

#endif
