#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check-series.sh STOCK PATCHED DIR LINE: is each step of the series a good one?
#
# Applies the mails in DIR/mails, one by one, by "git am" to a git tree of the pristine
# source, DIR/tree. After each, what the patches touch is built without a warning for
# x86_64 and arm64, with the new options on and off; checkpatch.pl has nothing to say;
# KUnit runs where tests are added. In the end the tree is that which is tested
# otherwise. What was verified before is not done again.
set -e
stock=$1 patched=$2 out=$3 dir=$PWD/$3 line=$4 mail=$5 row=$6
tree=$dir/tree
export GIT_AUTHOR_NAME=series GIT_AUTHOR_EMAIL=series@localhost GIT_COMMITTER_NAME=series \
	GIT_COMMITTER_EMAIL=series@localhost GIT_COMMITTER_DATE='@1000000000 +0000'
# Debian's Python has what spdxcheck.py imports
PATH=/usr/bin:$PATH
unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL
# For KUnit's kernels; the others are made by kernel.sh, which says why
export CCACHE_DEPEND=1

git() {
	command git -C "$tree" "$@"
}

# The pristine tree as a git tree: STOCK's files, by hard links
prepare() {
	rm -rf "$tree"
	cp -al "$stock" "$tree"
	git init -q
	git config gc.auto 0
	echo /.origin >"$tree/.git/info/exclude"
	# Some of its files are ignored by its own .gitignore
	git add --all --force
	git rm -q --cached .origin
	git commit -q -m "Linux $line"
	git tag stock
}

# logged LOG COMMAND...: the end of the log is shown if that fails, or has warned
logged() {
	log=$dir/$1.log
	shift
	if ! "$@" >"$log" 2>&1 </dev/null || grep warning: "$log"; then
		tail -n 15 "$log"
		exit 1
	fi
}

# MAINTAINERS changes once, asm/ headers may include others, and numbers of MIPS are the
# kernel's own names; else all counts
checkpatch() {
	(cd "$tree" && perl scripts/checkpatch.pl --strict --no-signoff --terse --showfile \
		--show-types --ignore FILE_PATH_CHANGES,ARCH_INCLUDE_LINUX "$mail") >"$dir/checkpatch.log" ||
		[ $? -eq 1 ] || { cat "$dir/checkpatch.log"; exit 1; }
	programs=$(sed '/^#/d' scripts/checkpatch-programs | xargs | tr ' ' '|')
	if grep -E '^[^ ]+:[0-9]+: (ERROR|WARNING|CHECK):' "$dir/checkpatch.log" |
			grep -vE "^tools/[^ ]*: [A-Z]*:($programs):|CAMELCASE: .*<__NR_"; then
		exit 1
	fi
}

# All that is asked of a patch; leaves a row of the table
step() {
	changed=$(sed -n 's,^+++ b/,,p' "$mail") objects=0 tests=- on=bitmap arches=''
	checkpatch
	[ ! -f "$tree/kernel/seccomp/verify.c" ] || on=lint
	! echo "$changed" | grep -qE '(\.[ch]|Makefile|Kconfig|Kbuild)$' || arches='x86_64 arm64'
	for arch in $arches; do
		for variant in off $on; do
			new=on
			[ "$variant" != off ] || new=off
			logged "objects-$arch-$new" make step-objects ARCH="$arch" VARIANT="$variant" \
				LINE="$line" TREE="$out/tree" OUT="$out/$arch-$new"
			objects=$((objects + $(grep -c '  CC      ' "$log" || :)))
		done
	done
	if echo "$changed" | grep -q '_kunit\.c$'; then
		cd "$tree"
		logged kunit tools/testing/kunit/kunit.py run --arch=x86_64 --jobs="$(nproc)" \
			--kunitconfig=kernel/seccomp/tests --build_dir="$dir/kunit" \
			--make_options='CC=ccache x86_64-linux-gnu-gcc'
		tests=$(sed -n 's/.*Ran [0-9]* tests: passed: \([0-9]*\).*/\1/p' "$log")
	fi
	table "$(basename "$mail" .patch)" "$(grep '^+' "$mail" | grep -vc '^+++ ')" \
		"$objects" 0 0 "$tests" >"$row"
}

table() {
	printf '%-62s%7s%9s%9s%11s%7s\n' "$@"
}

[ -z "$mail" ] || { step; exit; }
if ! cmp -s "$tree/.origin" "$stock/.origin" || [ ! -f "$tree/.git/refs/tags/stock" ]; then
	echo '  series   git tree of the pristine source ...'
	prepare
fi
mkdir -p "$dir/steps"
# Only files whose content changes get a new time
git reset -q --hard stock
for mail in "$dir"/mails/000[1-9]*.patch "$dir"/mails/00[1-9]*.patch; do
	git am -q "$mail"
	# By its commit, whose name is the same as long as all up to it is
	row=$dir/steps/$(git rev-parse HEAD)
	[ -s "$row" ] || scripts/step.sh "series   $(basename "$mail" .patch)" "$dir/step.log" \
		"$0" "$stock" "$patched" "$out" "$line" "$mail" "$row"
	rows="$rows $row"
done
# Is it the tree that series.py makes of STOCK?
export LC_ALL=C
sort "$patched/.patched" >"$dir/touched"
git diff --name-only stock HEAD | sort | diff - "$dir/touched"
while read -r file; do
	cmp "$tree/$file" "$patched/$file"
done <"$dir/touched"
echo
table patch added objects warnings checkpatch tests
# shellcheck disable=SC2086 # words are meant to be split
set -- $rows
cat "$@"
printf '\n%s patches; the tree is the one that is tested\n%s passed, 0 failed\n' $# $#
