#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# mails.sh [-n] STOCK DIR LINE: write the patches of series/ as mails for "git am"
# to DIR/mails, with a cover letter, to those whom the tree's get_maintainer.pl
# names, signed off by the user of git. With -n they are for nobody, from nobody, and
# say no number, as patches of a build system do.
set -ef
how=-s
if [ "$1" = -n ]; then
	shift
	how=-N
	# The same mails each time
	export GIT_AUTHOR_NAME=seccomp-bitmap GIT_AUTHOR_EMAIL=seccomp-bitmap@localhost \
		GIT_COMMITTER_NAME=seccomp-bitmap GIT_COMMITTER_EMAIL=seccomp-bitmap@localhost \
		GIT_AUTHOR_DATE='@1000000000 +0000' GIT_COMMITTER_DATE='@1000000000 +0000'
elif ! git config user.name >/dev/null || ! git config user.email >/dev/null; then
	echo "mails: patches are signed off by their sender: set git config user.name and user.email" >&2
	exit 1
fi
stock=$1 dir=$2 line=$3
mails=$dir/mails
scripts/series.py commits "$stock" "$dir/git" "$line"
first=$(git -C "$dir/git" rev-list --max-parents=0 HEAD)
git -C "$dir/git" config "branch.$(git -C "$dir/git" symbolic-ref --short HEAD).description" \
	"$(cat series/cover)"

# addresses OPTION WHAT...: one option of format-patch a line
addresses() {
	option=$1
	shift
	git -C "$dir/git" diff "$first" | (cd "$stock" && perl scripts/get_maintainer.pl --no-git \
		--no-git-fallback --no-rolestats --remove-duplicates "$@") | sed "s/^/--$option=/"
}

to=''
if [ "$how" = -s ]; then
	to=$(addresses to --nol; addresses cc --nom --nor)
	echo "  mails    $mails: for git am and git send-email"
fi
IFS='
'
rm -rf "$mails"
# shellcheck disable=SC2086 # lines are meant to be split
git -C "$dir/git" format-patch -q $how --zero-commit --cover-letter \
	--cover-from-description=subject -o ../mails $to "$first"..
