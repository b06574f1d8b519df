#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the Makefile and its scripts say when they are used in a wrong way, or
# when the machine lacks something: TAP, and nothing is built.
cd "$(dirname "$0")/.." || exit
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL ARCH LINE VARIANT CONFIG KDIR V
mkdir "$tmp/bin" "$tmp/out"
nr=0 failed=0

# says WHAT TEXT COMMAND...: the command fails, and TEXT is in what it says
says() {
	what=$1 text=$2
	shift 2
	nr=$((nr + 1))
	if "$@" >"$tmp/said" 2>&1 </dev/null; then
		result="not ok" failed=1
	elif grep -qF -e "$text" "$tmp/said"; then
		result=ok
	else
		result="not ok" failed=1
	fi
	echo "$result $nr $what"
	[ "$result" = ok ] || sed 's/^/# /' "$tmp/said"
}

# program NAME: a stand-in for a program, from standard input
program() {
	cat >"$tmp/bin/$1"
	chmod +x "$tmp/bin/$1"
}

says "unknown ARCH" "ARCH=pdp11 is not known; cross/*.mk has:" make kernel ARCH=pdp11
says "unknown LINE" "LINE=2.4 is not known; there are:" make kernel LINE=2.4
says "unknown VARIANT" "VARIANT=fast is not known; there are:" make kernel VARIANT=fast
says "unknown CONFIG" "CONFIG=tiny is not known for x86_64; cross/config/ has:" \
	make kernel CONFIG=tiny
says "CONFIG of another ARCH" "CONFIG=mitigations is not known for arm" \
	make kernel CONFIG=mitigations ARCH=arm
says "unknown ACCEL" "ACCEL=warp is not known; there are:" make kernel ACCEL=warp

says "KDIR that does not exist" "KDIR=$tmp/none does not exist" make kernel KDIR="$tmp/none"
mkdir -p "$tmp/tree/kernel"
says "KDIR that is no kernel tree" "is not a kernel tree: it has no Makefile" \
	scripts/tree.sh "$tmp/tree" "$tmp/copy"
touch "$tmp/tree/Makefile" "$tmp/tree/Kbuild" "$tmp/tree/kernel/seccomp.c"
says "KDIR that is too old" "is too old: SECCOMP_ARCH_NATIVE came with Linux 5.11" \
	scripts/tree.sh "$tmp/tree" "$tmp/copy"
echo SECCOMP_ARCH_NATIVE >"$tmp/tree/kernel/seccomp.c"
touch "$tmp/tree/.config"
says "KDIR that was built in" "run 'make mrproper' there" scripts/tree.sh "$tmp/tree" "$tmp/copy"
says "missing source package" "is missing, though its package is installed" \
	scripts/tree.sh "$tmp/linux-source-9.9.tar.xz" "$tmp/copy"

program apt-get <<'EOF'
#!/bin/sh
[ "$1" = indextargets ] && echo mirror://debian && exit
echo 'E: Unable to locate package' >&2
exit 100
EOF
says "source package that no mirror has" \
	"there is no package linux-source-9.9 in trixie-backports at mirror://debian" \
	env PATH="$tmp/bin:$PATH" scripts/source.sh linux-source-9.9 trixie-backports \
		"$tmp/linux-source-9.9.tar.xz"
says "... and what to do then" "KDIR= takes a kernel tree of your own" \
	env PATH="$tmp/bin:$PATH" scripts/source.sh linux-source-9.9 trixie-backports \
		"$tmp/linux-source-9.9.tar.xz"

# Nothing may be left of a series that does not fit.
rm "$tmp/tree/.config"
echo "$tmp" >"$tmp/tree/.origin"
says "edit that does not fit" "kernel/seccomp.c.patch does not fit; the file should hold this:" \
	scripts/series.py tree "$tmp/tree" "$tmp/patched" 6.12
says "... and nothing was changed" "No such file" ls "$tmp/patched"

program apt-get <<'EOF'
#!/bin/sh
echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1 (apt)"
exit 100
EOF
program id <<'EOF'
#!/bin/sh
echo 0
EOF
says "apt's lock that is held" "waiting: Could not get lock /var/lib/dpkg/lock-frontend. It is held by" \
	env PATH="$tmp/bin:$PATH" APT_WAIT=0 APT_TRIES=2 scripts/setup.sh no-such-package
rm "$tmp/bin/id" "$tmp/bin/apt-get"

says "missing compiler" "there is no compiler none-gcc: install it" \
	env KARCH=x86_64 CROSS_COMPILE=none- scripts/kernel.sh config "$tmp/tree" "$tmp/out/obj"
says "missing emulator" "there is no qemu-system-none: install it" \
	env QEMU=qemu-system-none scripts/boot.sh "$tmp/out" check check 1

program df <<'EOF'
#!/bin/sh
echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
echo 'disk 1000000 999000 1000 100% /'
EOF
says "full disk, for a build" "only 0 GiB are free for $tmp/out/obj; a build needs 4" \
	env PATH="$tmp/bin:$PATH" CROSS_COMPILE= scripts/kernel.sh build "$tmp/tree" "$tmp/out/obj"
says "full disk, for a tree" "a kernel tree needs 3" \
	env PATH="$tmp/bin:$PATH" scripts/tree.sh "$tmp/tree" "$tmp/new/copy"

program qemu-hangs <<'EOF'
#!/bin/sh
echo 'Linux version 6: booting'
exec sleep 60
EOF
says "guest that hangs" "no end after 1 s; the end of $tmp/out/console-hung.log:" \
	env QEMU="$tmp/bin/qemu-hangs" scripts/boot.sh -n hung -t 1 "$tmp/out" check check 1
says "... and its console is shown" "    Linux version 6: booting" \
	env QEMU="$tmp/bin/qemu-hangs" scripts/boot.sh -n hung -t 1 "$tmp/out" check check 1
program qemu-panics <<'EOF'
#!/bin/sh
echo 'Kernel panic - not syncing'
EOF
says "guest that dies" "the guest stopped before its end" \
	env QEMU="$tmp/bin/qemu-panics" scripts/boot.sh -n died "$tmp/out" check check 1

echo "1..$nr"
exit $failed
