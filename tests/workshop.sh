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
says "unknown ATTACK" "ATTACK=races is not known for arm64; there are:" \
	make attack ATTACK=races ARCH=arm64
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
	env PATH="$tmp/bin:$PATH" scripts/tree.sh "$tmp/linux-source-9.9.tar.xz" "$tmp/copy" trixie-backports
says "... and what to do then" "KDIR= takes a kernel tree of your own" \
	env PATH="$tmp/bin:$PATH" scripts/tree.sh "$tmp/linux-source-9.9.tar.xz" "$tmp/copy" trixie-backports

# Nothing may be left of a series that does not fit.
rm "$tmp/tree/.config"
echo "$tmp" >"$tmp/tree/.origin"
says "edit that does not fit" "kernel/seccomp.c.patch does not fit; the file should hold this:" \
	scripts/series.py tree "$tmp/tree" "$tmp/patched" 6.12
says "... and nothing was changed" "No such file" ls "$tmp/patched"

says "mails of nobody" "set git config user.name and user.email" \
	env GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_DIR="$tmp/none" \
	scripts/mails.sh "$tmp/tree" "$tmp/mails" 6.12

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

# What judge.py makes of a console, read with a kernel tree's own parser.
cat >"$tmp/good" <<'EOF'
[    0.100000] seccomp_bitmap: x86_64 (463 calls); classifier symbolic
[    1.000000] KTAP version 1
[    1.000000] 1..1
[    1.000000]     KTAP version 1
[    1.000000]     # Subtest: seccomp_bitmap_class
[    1.000000]     # module: seccomp_bitmap
[    1.000000]     1..2
[    1.000000]     ok 1 class_test_stacks
[    1.000000]     ok 2 class_test_lost
[    1.000000] ok 1 seccomp_bitmap_class
[    2.000000] KTAP version 1
[    2.000000] 1..2
[    2.000000]     KTAP version 1
[    2.000000]     # Subtest: seccomp_bpf
[    2.000000] audit: type=1326 audit(1.2:3): auid=4294967295
[    2.000000]     1..3
[    2.000000]     # bitmap.c:1:kcmp:Expected 1 == 2
[    2.000000]     ok 1 global.kcmp
[    2.000000]     ok 2 global.fork # SKIP no fork
[    2.000000]     ok 3 # SKIP no name, as on Linux 6.1
[    2.000000] ok 1 seccomp_bpf # exit status 0, 1.0 s
[    3.000000]     KTAP version 1
[    3.000000]     # Subtest: bitmap_pin
[    3.000000]     1..0 # SKIP no bitmaps
[    3.000000] ok 2 bitmap_pin # SKIP no bitmaps
[    4.000000] guest: end, status 0
EOF

# shellcheck disable=SC2317 # says() calls it
not() {
	! "$@"
}

tree=$(find build -maxdepth 1 -name 'linux-*' | sort | head -n 1)
# judge SED [TEST] [OPTION]: of the good console, changed by sed; TEST fails on the stock kernel
# shellcheck disable=SC2317 # says() calls it
judge() {
	sed "$1" "$tmp/good" >"$tmp/changed"
	scripts/judge.py row "$tmp/check" kernel boot --console "$tmp/console" --tree "$tree" \
		--kunit --classifier symbolic ${2:+--stock-fails "$2"} ${3:+"$3"} -- \
		cp "$tmp/changed" "$tmp/console"
}

says "good console" ": 3 passed, 0 failed ..." not judge ''
says "... and what it skips" "bitmap_pin: no bitmaps" not scripts/judge.py table "$tmp/check"
says "test that fails" "FAILED seccomp_bpf/global.kcmp: bitmap.c:1:kcmp:Expected 1 == 2" \
	judge 's/ok 1 global/not &/'
says "... as on the stock kernel" ": 2 passed, 0 failed ..." \
	not judge 's/ok 1 global/not &/' seccomp_bpf/global.kcmp
says "... and does not" "FAILED seccomp_bpf/global.kcmp: passed, but STOCK_FAILS" \
	judge '' seccomp_bpf/global.kcmp
says "KUnit test that fails" "FAILED seccomp_bitmap_class/class_test_lost" judge 's/ok 2 class/not &/'
says "program that fails" "FAILED seccomp_bpf: exit status 0" judge 's/ok 1 seccomp_bpf/not &/'
says "program without a test" "FAILED bitmap_pin" \
	judge '/1\.\.0/d; s/ok 2 bitmap_pin.*/not ok 2 bitmap_pin/'
says "test that is missing" "FAILED console: seccomp_bpf: missing expected subtest!" \
	judge '/ok 2 global/d; s/ok 3 #/ok 2 #/'
says "test that is not planned" "FAILED console: " judge 's/1\.\.3/1..2/'
says "program that is missing" "FAILED console: main: missing expected subtest!" \
	judge 's/\] 1\.\.2/] 1..3/'
says "program that is not planned" "FAILED console: 2 results, 1 planned" \
	judge 's/\] 1\.\.2/] 1..1/'
says "wrong number" "FAILED console: " judge 's/ok 2 class/ok 3 class/'
says "no KUnit results" "FAILED console: no KUnit results" judge '/ 1\.000/d'
says "console that is cut" "FAILED console: it ends early" judge "/ok 2 bitmap_pin/,\$d"
says "... at its very end" "FAILED console: it ends early" judge "\$d"
says "no console" "FAILED console: it ends early" judge d
says "kernel that complains" "FAILED console: BUG: KASAN: use-after-free" \
	judge 's/audit: .*/BUG: KASAN: use-after-free/'
race='s,audit: .*,==\nBUG: KCSAN: data-race in a / b\n CALLER\n==,'
says "race in seccomp" "FAILED console: BUG: KCSAN: data-race in a / b" \
	judge "$race; s/CALLER/do_seccomp+1/"
says "race elsewhere" "not ours: data-race in a / b" not judge "$race"
says "attack that has done nothing" "FAILED console: it has not said what" judge '' '' --amount
says "... and one that has" ": 3 passed, 0 failed ..." not judge 's/audit: .*/# amount: 3 calls/' '' --amount
says "wrong classifier" "FAILED console: classifier none, expected symbolic" judge 's/symbolic/none/'

echo "1..$nr"
exit $failed
