# SPDX-License-Identifier: GPL-2.0-only
#
# How this library is compiled, and programs that use it: fast, under sanitizers, for
# libFuzzer. Who includes this sets LIB, the library's folder, and may set SRC and OUT.

SRC	?= $(LIB)/../../..
OUT	?= $(SRC)/build/host
Q	:= $(if $(V),,@)
ifeq ($(origin CC),default)
  # With ccache a mutant compiles in no time: most of its files are known
  CC	:= $(if $(shell command -v ccache),ccache )gcc
endif
CLANG	:= clang
AR	?= ar

# The kernel's own flags have neither of these warnings
WARN	:= -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare \
	   -Wno-missing-field-initializers
FLAGS	:= -std=gnu11 -g -D_GNU_SOURCE -MMD -MP $(WARN)
# For what includes the kernel's headers, and the kernel's code itself
KERNEL	:= -DCONFIG_SECCOMP_BITMAP -DCONFIG_SECCOMP_BITMAP_KUNIT_TEST -I$(LIB)/shim \
	   -I$(LIB) -I$(SRC)/include -iquote $(SRC)/kernel/seccomp
SAN	:= -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	   -fno-omit-frame-pointer

flavours	:= fast asan fuzz gcov count
flags-fast	:= -O2
flags-asan	:= -O1 $(SAN)
flags-fuzz	:= -O1 $(SAN) -fsanitize=fuzzer-no-link \
		   -fno-sanitize-coverage=trace-cmp
flags-gcov	:= -O0 --coverage
flags-count	:= -O2 -fsanitize-coverage=trace-pc
cc-fast		= $(CC)
cc-asan		= $(CC)
cc-gcov		= $(CC)
cc-count	= $(CC)
cc-fuzz		= $(CLANG) -Wno-c2x-extensions
