#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# measure-this-kernel.sh [-n ROUNDS] [-a AMOUNT] [-f 'FILTERS...'] [PROGRAM...]
#
# Tell what filters cost whole programs on the running kernel, which may be the stock one
# or one with bitmaps: run this on both, and put the two tables side by side. The file
# programs lists the PROGRAMs; all of them are run if none is named. They come with this
# kit, run in its directory root, and write to a /tmp of their own only. An ordinary user
# may do this where users can make user namespaces.
#
# Each program is run without filters and under each of FILTERS (rows of filters/rows) in
# turn, ROUNDS times (15). AMOUNT (3) is how much each has to do. With these numbers it is
# some minutes. A busy machine shows in the columns +-.

die() {
	printf 'measure-this-kernel: %s\n' "$*" >&2
	exit 2
}

rounds=15 amount=3 filters='runc systemd-x16 flatpak'
while getopts n:a:f: option; do
	case $option in
	n) rounds=$OPTARG ;;
	a) amount=$OPTARG ;;
	f) filters=$OPTARG ;;
	*) die "usage: measure-this-kernel.sh [-n ROUNDS] [-a AMOUNT] [-f 'FILTERS...'] [PROGRAM...]" ;;
	esac
done
shift $((OPTIND - 1))
case $amount in
'' | 0* | *[!0-9]*) die "-a $amount: a number above 0 is needed" ;;
esac
case $0 in
*/*) cd "${0%/*}" || exit 2 ;;
esac
{ read -r version <VERSION; } 2>/dev/null || die "$PWD is not a kit: unpack all of its archive"

known=" $(while read -r name; do printf '%s ' "$name"; done <programs)"
for program; do
	case $known in
	*" $program "*) ;;
	*) die "there is no program $program; there are:$known" ;;
	esac
done
# shellcheck disable=SC2086 # words are meant to be split
[ $# -gt 0 ] || set -- $known

line() {
	name=$1
	shift
	printf '%-10s%s\n' "$name" "$*"
}

# content FILE: its line, or that it cannot be read
content() {
	text='unknown to this user'
	{ read -r text <"$1"; } 2>/dev/null
	printf '%s' "$text"
}

heading() {
	kernel=/proc/sys/kernel parameters=/sys/module/seccomp_bitmap/parameters
	line kernel "$(content $kernel/osrelease), $(content $kernel/version)"
	line kit "$version"
	if [ -d $parameters ]; then
		line bitmaps "yes: classifier $(content $parameters/classifier)," \
			"sharing $(content $parameters/share)"
	else
		line bitmaps 'NONE: this is the stock kernel (no /sys/module/seccomp_bitmap)'
	fi
	line compiler "net.core.bpf_jit_enable = $(content /proc/sys/net/core/bpf_jit_enable)"
}

row() {
	printf '%-9s%-13s%12s %10s %9s %7s %9s %9s %10s %13s %13s\n' "$@"
}

table() {
	counts=''
	row program filters ns +- 'above, %' +- 'calls, %' attach first cycles instructions
	while read -r tag rest; do
		# shellcheck disable=SC2086 # words are meant to be split
		set -- $rest
		case $tag in
		apps:) row "$1" "$2" "$3" "$4" "$7" "$8" "$9" "$5" "$6" "${10}" "${11}" ;;
		counts:) counts=$rest ;;
		failed) return 1 ;;
		esac
	done
	printf '%s\n' "
Medians of $rounds rounds; +- is half of what is between the quartiles. Above: what the whole
run takes above the one without filters beside it; calls: without what attaching the
filters took. Attach: nanoseconds for that, while another task has the same filters; first:
for the first task that had them."
	[ -z "$counts" ] || line counts "$counts"
}

heading
echo
for program; do
	# shellcheck disable=SC2086 # words are meant to be split
	./launch -n "$rounds" -a "$amount" root "$program" $filters || { echo failed; break; }
done | table
