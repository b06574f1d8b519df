#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.sh config TREE OBJ FRAGMENT...: configure a kernel: what the fragments
#	say, on top of the tree's own $DEFCONFIG if that is set, what kconfig
#	derives from it, and nothing else
# kernel.sh build TREE OBJ TARGET...: build some of its targets
# kernel.sh image TREE OBJ KIMAGE IMAGE: build KIMAGE and leave it as IMAGE, unless
#	neither sources nor configuration nor compiler have changed since
# KARCH and CROSS_COMPILE come from the environment, as for the kernel.
set -e
what=$1 tree=$(realpath "$2") obj=$3
shift 3

# The kernel's make must not take our make's flags and variables for its own.
unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL

die() {
	echo "kernel: $*" >&2
	exit 1
}

command -v "${CROSS_COMPILE}gcc" >/dev/null ||
	die "there is no compiler ${CROSS_COMPILE}gcc: install it, or set CROSS_COMPILE= to the prefix of yours"

# Nothing that changes from day to day goes into an object: ccache then finds
# them again. What it does not find it compiles at once, and learns from the compiler
# which headers that took: to preprocess it before, or to compile what was preprocessed,
# takes a tenth more time, and the latter makes kconfig's tests of the compiler fail.
kmake() {
	ccache=$(command -v ccache) || :
	export CCACHE_DEPEND=1
	make -C "$tree" O="$PWD/$obj" ARCH="$KARCH" \
		CROSS_COMPILE="$CROSS_COMPILE" \
		CC="${ccache:+ccache }${CROSS_COMPILE}gcc" \
		HOSTCC="${ccache:+ccache }gcc" \
		KBUILD_BUILD_TIMESTAMP=1970-01-01 KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_USER=guest KBUILD_BUILD_HOST=guest "$@"
}

# A symbol that is misspelt, or whose dependencies are not met, must not be
# dropped in silence. The last word on a symbol counts.
verify() {
	differs=$("$tree/scripts/diffconfig" "$obj/all.config" "$obj/.config")
	bad=$(echo "$differs" | sed -n '/^-.* n$/d; s/^[- ]\([^ ]*\) \([^ ]*\).*/    CONFIG_\1=\2/p')
	[ -z "$bad" ] || die "the configuration did not take (misspelt, or a dependency is missing):
$bad"
}

config() {
	# Also ours: a Kconfig file that changes can change what is derived.
	cat "$@" "$tree/.origin" >"$obj/fragments.new"
	sed 's/^/#/' "$tree"/kernel/seccomp/Kconfig "$tree"/arch/Kconfig \
		${DEFCONFIG:+"$tree"/arch/*/configs/"$DEFCONFIG"} >>"$obj/fragments.new" 2>/dev/null || :
	if [ -f "$obj/.config" ] && cmp -s "$obj/fragments.new" "$obj/fragments"; then
		return
	fi
	rm -f "$obj/fragments"
	grep -hE '^(CONFIG_|# CONFIG_.* is not set)' "$@" | sed 's/ *$//' >"$obj/all.config"
	if [ "$DEFCONFIG" ]; then
		kmake "$DEFCONFIG"
		cat "$obj/all.config" >>"$obj/.config"
		kmake olddefconfig
	else
		kmake KCONFIG_ALLCONFIG=all.config allnoconfig
	fi
	verify
	mv "$obj/fragments.new" "$obj/fragments"
}

build() {
	free=$(df -Pk "$obj" | awk 'NR == 2 { print int($4 / 1048576) }')
	[ "$free" -ge 4 ] || die "only $free GiB are free for $obj; a build needs 4"
	# If nothing is there yet it takes minutes: step.sh shows how far it is
	if [ ! -d "$obj/kernel" ] && [ "$*" != headers ]; then
		kmake -j"$(nproc)" prepare
		echo "objects to build: $(kmake -n "$@" 2>/dev/null | grep -c "echo '  \(CC\|AS\) ")"
	fi
	kmake -j"$(nproc)" "$@"
}

# The kernel's make takes ten seconds to find out that there is nothing to do
image() {
	if [ -f "$2" ] && [ -z "$({
		find "$tree" "$obj/.config" ! -type d ! -name .patched -newer "$2" -print -quit
		find -L "$(command -v "${CROSS_COMPILE}gcc")" -cnewer "$2"
	})" ]; then
		return
	fi
	touch "$obj/.start"
	build "${1##*/}"
	cp "$obj/$1" "$2"
	touch -r "$obj/.start" "$2"
}

# One at a time: two builds in one directory spoil each other's objects.
mkdir -p "$obj"
exec 9>"$obj/.lock"
flock 9
"$what" "$@"
