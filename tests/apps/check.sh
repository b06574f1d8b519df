#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the kit for programs says of programs that do little, or are denied something, of
# users without namespaces, and of wrong use; what is made of figures: TAP. The programs are
# made up, and run on this machine.
cd "$(dirname "$0")/../.." || exit
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
kit="$tmp/a kit"
match=-E
. tests/says.sh

# shellcheck disable=SC2317 # says() calls it
measure() {
	"$kit/measure-this-kernel.sh" -n 3 -a 1 "$@"
}

if ! unshare -mn true 2>/dev/null && ! unshare -Umn true 2>/dev/null; then
	echo '1..0 # SKIP nobody here may make name spaces'
	exit 0
fi

mkdir -p "$kit/root/dev" "$kit/root/tmp"
cp tests/apps/measure-this-kernel.sh "$kit"
cp -r build/filters "$kit/filters"
echo 'a kit' >"$kit/VERSION"
printf '%s\n' calls keys fails >"$kit/programs"
gcc -O2 -Wall -Wextra -Werror -static -o "$kit/launch" tests/apps/launch.c \
	tests/board/counters.c tests/board/sample.c tests/guest/rows.c || exit
# Makes calls; makes one that trivial filters deny by this errno, and Docker's profile by
# another one; fails
gcc -O2 -Wall -Wextra -Werror -static -x c -o "$kit/root/program" - <<'END' || exit
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 3 || !strcmp(argv[1], "fails"))
		return 3;
	if (!strcmp(argv[1], "keys"))
		return syscall(SYS_add_key, 0, 0, 0, 0, 0) == -1 && errno == EPERM ? 9 : 0;
	for (int i = 0; i < 100000; i++)
		getppid();
	return 0;
}
END

says "overhead, and attaching" 0 \
	'^calls +runc +[0-9]+ +[0-9]+ +-?[0-9]+\.[0-9]+ +[0-9.]+ +-?[0-9.]+ +[0-9]{5,} +[0-9]{5,} ' \
	measure -f runc calls
says "... and the run without filters" 0 '^calls +none +[0-9]+ +[0-9]+ +- +- +- +- +- ' \
	cat "$tmp/said"
says "which kernel, and whether it has bitmaps" 0 '^bitmaps +(yes|NONE)' cat "$tmp/said"
says "filters are in force" 1 'launch: keys under trivial-x2: exit status 9' measure -f trivial-x2 keys
says "... and only those that were asked for" 0 '^keys +runc ' measure -f runc keys
says "program that fails" 1 'fails under none: exit status 3' measure fails
says "... ends it" 1 'fails under none: exit status 3' measure fails calls
says "row that is not there" 1 'no row runk in filters/rows' measure -f 'runc runk' calls
says "program that is not there" 2 'no program cals; there are: calls keys fails' measure cals
says "no rounds" 1 'from 1 to 101 rounds' measure -n 0 calls
says "no amount" 2 'a number above 0 is needed' measure -a x calls
says "wrong option" 2 'usage: measure-this-kernel.sh ' measure -x
# As for a user where only root has namespaces
# shellcheck disable=SC2016 # the shell that runs this expands it
says "no namespaces" 1 'run this as root, or allow users to make them' unshare -Ur sh -c '
	echo 0 >/proc/sys/user/max_user_namespaces && echo 0 >/proc/sys/user/max_mnt_namespaces
	"$0" calls' "$kit/measure-this-kernel.sh"
rm "$kit/VERSION"
says "kit that is not whole" 2 'is not a kit' measure calls

# console NAME: of a guest, with lines "PROGRAM ROW TOTAL ATTACH FIRST" from standard input
console() {
	sed 's/\([^ ]* [^ ]* [^ ]*\) \(.*\)/apps: \1 0 \2 - - - - -\r/' >"$tmp/$1"
}

# shellcheck disable=SC2317 # says() calls it
report() {
	scripts/report.py --out "$tmp/apps" "$@" apps "stock=$tmp/stock" "ours=$tmp/ours"
}

for program in dd find sqlite shell; do
	echo "$program none 100000000 - -"
	echo "$program runc 130000000 8000000 8000000"
	echo "$program systemd-x16 120000000 3000000 3000000"
done | console stock
sed 's/ 130000000 0 8000000 / 102050000 0 50000 /' "$tmp/stock" >"$tmp/ours"
says "table of two kernels" 0 '^dd +100 → 100 .1.00. +30.00 → 2.05 .0.07. +20.00 → 20.00 .1.00.$' report
says "limits that are kept" 0 '^limits .*: 8 of 8 are kept' report --limits
says "figures" 0 '^shell,runc-calls,0.01 %,2200,200$' cat "$tmp/apps.csv"
sed -i 's/^\(apps: find runc\) [0-9]*/\1 112000000/' "$tmp/ours"
says "limit that is not kept" 1 'not: find: 12.00 % overhead, more than a third of 30.00' \
	report --limits
says "... of calls alone" 0 'not: find: calls alone 11.95 %, not below 6' cat "$tmp/said"
sed -i '/find runc/d' "$tmp/ours"
says "guest that stopped early" 1 'no figure for find .*the guest stopped early' report

echo "1..$nr"
exit $failed
