#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# test-this-kernel.sh [-t SECONDS] [DIRECTORY]
#
# Tell what the running kernel has of seccomp and of its bitmaps, run all tests, and
# measure what system calls cost under filters that people really run. Nothing is
# written but a new directory: DIRECTORY, or seccomp-results-N beside this script, or
# in $TMPDIR or /tmp. It gets
#
#	report.txt	what there is to know, on a page
#	results.ktap	all results and figures, as KTAP
#	facts		what the kernel said of itself
#
# No test may take longer than SECONDS (300). An ordinary user may do this; some tests
# and counters are for root. It takes a shell and mkdir; with zcat /proc/config.gz can
# be read. The exit status is 0 if nothing failed, 1 if something did, and 2 if nothing
# was tried.

say() {
	printf '%s\n' "$*"
}

die() {
	say "test-this-kernel: $*" >&2
	exit 2
}

# --- Where things are -----------------------------------------------------------

limit=300
while getopts t: option; do
	case $option in
	t) limit=$OPTARG ;;
	*) die "usage: test-this-kernel.sh [-t SECONDS] [DIRECTORY]" ;;
	esac
done
shift $((OPTIND - 1))
case $#$limit in
[01][1-9]*) ;;
*) die "usage: test-this-kernel.sh [-t SECONDS] [DIRECTORY]" ;;
esac
case $limit in
*[!0-9]*) die "-t $limit: a number of seconds is needed" ;;
esac
case ${1-} in
/* | '') dir=${1-} ;;
*) dir=$PWD/$1 ;;
esac
case $0 in
*/*) cd "${0%/*}" || exit 2 ;;
esac
kit=$PWD
if ! read -r version <VERSION || [ ! -f programs ]; then
	die "$kit is not a board kit: unpack all of its archive"
fi

bin/facts >/dev/null 2>&1 || die "cannot run $kit/bin/facts. This kit is $version: is that" \
	"this machine's architecture? Is the kit on a file system that is mounted noexec?"

if [ -n "$dir" ]; then
	mkdir -p "$dir" || die "$dir cannot be made; name another directory"
	for file in facts report.txt results.ktap; do
		[ ! -e "$dir/$file" ] || die "$dir has a $file, of another run? Name another directory"
	done
else
	for parent in "$kit" "${TMPDIR:-/tmp}" /tmp; do
		n=1
		while [ -e "$parent/seccomp-results-$n" ]; do
			n=$((n + 1))
		done
		dir=$parent/seccomp-results-$n
		mkdir "$dir" 2>/dev/null && break
		dir=
	done
	[ -n "$dir" ] || die "neither $kit nor ${TMPDIR:-/tmp} can be written to; name a directory" \
		"that can, or mount a tmpfs: mount -t tmpfs -o size=2M tmpfs /tmp"
fi
bin/facts >"$dir/facts" || die "$dir cannot be written to; name another directory"

# One for each ABI that the kit is for
abis=''
for helper in selftests/bitmap_helper*; do
	! "$helper" >/dev/null 2>&1 </dev/null || abis="$abis ${helper#*helper}"
done
set -f

# --- What the kernel has ----------------------------------------------------------

log='' refused='' user='' release='' filters=''
while read -r name text; do
	case $name in
	log) log="$log$text
" ;;
	log-refused) refused=$text ;;
	kernel) kernel=$text ;;
	date) date=$text ;;
	release) release=$text ;;
	user) user=$text ;;
	processors) processors=$text ;;
	filters) filters=$text ;;
	pins) pins=$text ;;
	cycles) cycles=$text ;;
	cache-misses) cache_misses=$text ;;
	branch-misses) branch_misses=$text ;;
	esac
done <"$dir/facts"

parameters=/sys/module/seccomp_bitmap/parameters
classifier='' share=''
[ ! -r $parameters/classifier ] || read -r classifier <$parameters/classifier
[ ! -r $parameters/share ] || read -r share <$parameters/share

line() {
	printf '%-15s%s\n' "$1" "$2"
}

# lines_of TEXT PREFIX: the lines that begin with it, without it
lines_of() {
	while [ -n "$1" ]; do
		case $1 in
		"$2"*) rest=${1#"$2"} && say "${rest%%
*}" ;;
		esac
		set -- "${1#*
}" "$2"
	done
}

# y_if NAME TEST...
y_if() {
	name=$1
	shift
	if test "$@"; then
		say "$name=y"
	else
		say "# $name is not set"
	fi
}

# What the options that a kernel was built with leave to be seen
evidence() {
	y_if CONFIG_SECCOMP_FILTER "$filters" = yes
	y_if CONFIG_SECCOMP_BITMAP -n "$classifier"
	y_if CONFIG_SECCOMP_CACHE_DEBUG -e /proc/self/seccomp_cache
	y_if CONFIG_BPF_JIT -e /proc/sys/net/core/bpf_jit_enable
	y_if CONFIG_PERF_EVENTS -e /proc/sys/kernel/perf_event_paranoid
}

# Those that matter, of a kernel's configuration
options() {
	while read -r option; do
		case $option in
		CONFIG_SECCOMP* | CONFIG_BPF_JIT* | CONFIG_PERF_EVENTS=* | CONFIG_HAVE_ARCH_SECCOMP* | \
			'# CONFIG_SECCOMP'*) say "$option" ;;
		esac
	done
}

configuration() {
	config=/proc/config.gz
	found=$(zcat $config 2>/dev/null | options)
	for file in "/boot/config-$release" "/lib/modules/$release/config"; do
		if [ -z "$found" ] && [ -r "$file" ]; then
			config=$file
			found=$(options <"$file")
		fi
	done
	if [ -z "$found" ]; then
		config='what they leave to be seen; there is no /proc/config.gz'
		[ ! -e /proc/config.gz ] || config='what they leave to be seen; /proc/config.gz takes zcat'
		found=$(evidence)
	fi
	line options "by $config:"
	say "$found" | while read -r option; do
		line '' "$option"
	done
}

# What became of the classifier that looks at the accessed flag of a page
probe() {
	fault=$(lines_of "$log" 'probe: ')
	cmdline=''
	read -r cmdline </proc/cmdline
	case $classifier,$fault,$cmdline in
	probe,* | both,*) say 'works, and is in use' ;;
	*,?*,*) say "refused: $fault" ;;
	*seccomp_bitmap.classifier=probe* | *seccomp_bitmap.classifier=both*)
		say 'asked for, but not in use; why, the first lines of the kernel log tell' ;;
	*) say 'not tried; seccomp_bitmap.classifier=probe on the command line of the kernel does' ;;
	esac
}

bitmaps() {
	if [ -z "$classifier" ]; then
		line bitmaps 'NONE: what follows is of the stock kernel, for comparison'
		line '' '(no /sys/module/seccomp_bitmap: CONFIG_SECCOMP_BITMAP is off, or the kernel has'
		line '' 'not the patches, or /sys is not mounted)'
		return
	fi
	line bitmaps yes
	booted=$(lines_of "$log" '' | while IFS= read -r text; do
		case $text in
		*'; classifier '*) say "${text%; classifier *}" ;;
		esac
	done)
	if [ -z "$booted" ]; then
		booted="unknown: the boot line is not in the kernel's log any more"
		[ -z "$refused" ] || booted="unknown: this user cannot read the kernel's log ($refused)"
	fi
	line ABIs "$booted"
	line classifier "$classifier"
	line probe "$(probe)"
	line sharing "${share:-unknown} (seccomp_bitmap.share)"
	line pins "$pins"
}

heading() {
	who="user $user"
	[ "$user" != 0 ] || who=root
	jit='unknown: this user cannot read bpf_jit_enable'
	{ read -r jit </proc/sys/net/core/bpf_jit_enable; } 2>/dev/null
	say "seccomp on this kernel"
	say
	line kernel "$kernel"
	line kit "$version"
	line run "$date, as $who, $processors processors"
	[ "$filters" = yes ] || line filters 'NONE: build the kernel with CONFIG_SECCOMP_FILTER=y'
	bitmaps
	[ -z "$abis" ] || line programs "of these ABIs run:$abis"
	line 'BPF compiler' "$jit"
	line cycles "$cycles"
	[ "$cache_misses" = "$cycles" ] || line 'cache misses' "$cache_misses"
	[ "$branch_misses" = "$cycles" ] || line 'branch misses' "$branch_misses"
	configuration
}

# --- What came of it ----------------------------------------------------------------

passed=0 failed=0 skipped=0
failures='' skips='' reason='' unmet='' nanoseconds='' counts='' known='' clock=''

new_program() {
	inner=0 inner_failed=0 broken='' row=''
	allowed=- denied=- checked=- attach=- again=-
	count_allowed='' count_denied='' count_checked=''
}

inside() {
	inner=$((inner + 1))
	case $1 in
	*'# SKIP'*) skipped=$((skipped + 1)) ;;
	'    ok '*) passed=$((passed + 1)) ;;
	*)
		inner_failed=$((inner_failed + 1)) failed=$((failed + 1))
		broken="$broken      ${1#    }
" ;;
	esac
}

# Nanoseconds, as microseconds
micro() {
	whole=${1%.*}
	case $whole in
	-* | ? | ??) say 0.0 ;;
	????? | ???? | ???) say "$((whole / 1000)).$((whole / 100 % 10))" ;;
	*) say $((whole / 1000)) ;;
	esac
}

# figure ROW COLUMN FIGURE MEDIAN SPREAD
figure() {
	row=$1
	case $2.$3 in
	allowed.ns) allowed="$4 +-$5" ;;
	denied.ns) denied="$4 +-$5" ;;
	checked.ns) checked="$4 +-$5" ;;
	attach.ns) attach="$(micro "$4") +-$(micro "$5")" ;;
	again.ns) again="$(micro "$4") +-$(micro "$5")" ;;
	allowed.*) count_allowed="$count_allowed/$4" ;;
	denied.*) count_denied="$count_denied/$4" ;;
	checked.*) count_checked="$count_checked/$4" ;;
	esac
}

add_row() {
	nanoseconds="$nanoseconds$(printf '%-18s%13s %13s %13s %13s %13s' "$row" \
		"$allowed" "$denied" "$checked" "$attach" "$again")
"
	[ -z "$count_allowed$count_denied$count_checked" ] ||
		counts="$counts$(printf '%-18s%20s %20s %20s' "$row" "${count_allowed#/}" \
			"${count_denied#/}" "${count_checked#/}")
"
}

# skip NAME REASON: below it, with others that have the same one
skip() {
	if [ "$2" != "$reason" ]; then
		skips="$skips  $2:
"
		reason=$2
	fi
	skips="$skips    $1
"
}

# A program has ended. What counts is its tests, if it has any, else itself
judge() {
	name=${1#*ok }
	name=${name#* }
	why=${name#* # }
	name=${name%% # *}
	case $1 in
	'not ok '*)
		[ $inner_failed -ne 0 ] || failed=$((failed + 1))
		failures="$failures  $name: $why
$broken" ;;
	*'# SKIP'*)
		skipped=$((skipped + 1))
		skip "$name" "${why#SKIP }" ;;
	*)
		[ $inner -ne 0 ] || passed=$((passed + 1)) ;;
	esac
	[ -z "$row" ] || add_row
	new_program
}

read_results() {
	new_program
	while IFS= read -r line; do
		case $line in
		'ok '* | 'not ok '*) judge "$line" ;;
		'    ok '* | '    not ok '*) inside "$line" ;;
		'# measure: '*)
			# shellcheck disable=SC2086 # words are meant to be split
			figure ${line#'# measure: '} ;;
		'# clock: '*) clock=${line#'# clock: '} ;;
		'# coverage: '*)
			# shellcheck disable=SC2086
			set -- ${line#'# coverage: '}
			known="$known  $1, $2: the kernel knows $3 of $4 numbers to be constant
" ;;
		*' calls in O(1): '*) known="$known  container, by seccomp-coverage: ${line#'# '}
" ;;
		'#'*' ≤ '*': ✘'* | '#'*' ≈ '*': ✘'* | '# not ok '*[≤≈]*) unmet="$unmet  ${line#'# '}
" ;;
		esac
	done <"$dir/results.ktap"
}

# section TITLE TEXT: if there is any
section() {
	[ -z "$2" ] || printf '\n%s\n\n%s' "$1" "$2"
}

report() {
	heading
	read_results
	say
	say "$passed passed, $failed failed, $skipped skipped"
	section 'Failed; what was said is in results.ktap:' "$failures"
	section 'Programs that were skipped:' "$skips"
	section 'Expected by seccomp_benchmark and not met; a busy machine may be why:' "$unmet"
	section 'Filters:' "$known"
	section "Nanoseconds for a call, above those without seccomp (row none: whole calls), and
microseconds for attaching all filters with texts that no other task has, and again;
medians, +- half of what is between the quartiles:" "$(printf '%-18s%13s %13s %13s %13s %13s' \
		filters allowed denied arguments attach again)
$nanoseconds${clock:+
The clock: $clock
}"
	[ -z "$counts" ] || section 'Cycles/cache misses/branch misses for a call, likewise:' \
		"$(printf '%-18s%20s %20s %20s' filters allowed denied arguments)
$counts"
	say
	say "Denied: above an allowed call that does little. Arguments: of the calls whose arguments
the filters look at, and allow, the dearest. The others are in results.ktap."
}

show() {
	while IFS= read -r line; do
		say "$line"
	done <"$1"
}

# A person who has seen enough ends the tests; the report is still written.
trap : INT TERM HUP
if [ "$filters" = yes ]; then
	say "Results go to $dir:"
	bin/run-ktap -t "$limit" programs "$dir/results.ktap"
	status=$?
else
	say "This kernel has no seccomp filters (CONFIG_SECCOMP_FILTER): there is nothing to test."
	printf 'KTAP version 1\n1..1\nnot ok 1 filters # no CONFIG_SECCOMP_FILTER\n' >"$dir/results.ktap"
	status=1
fi
{ report >"$dir/report.txt"; } 2>/dev/null || status=3
say
show "$dir/report.txt"
case $status in
0) exit 0 ;;
1) exit 1 ;;
esac
say "test-this-kernel: $dir: results are not complete: is it full?" >&2
exit 1
