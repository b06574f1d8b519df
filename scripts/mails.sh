#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# mails.sh [-n] STOCK DIR LINE: write the patches of series/ as mails for "git am"
# to DIR/mails, with a cover letter, to those whom the tree's get_maintainer.pl
# names, signed off by the user of git. With -n they are for nobody, from nobody, and
# say no number, as patches of a build system do.
set -e
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

mkdir -p "$dir"
scripts/series.py commits "$stock" "$dir/git" "$line"
first=$(git -C "$dir/git" rev-list --max-parents=0 HEAD)
git -C "$dir/git" config "branch.$(git -C "$dir/git" symbolic-ref --short HEAD).description" \
	"$(cat series/cover)"

write() {
	rm -rf "$mails"
	git -C "$dir/git" format-patch -q $how --zero-commit --cover-letter \
		--cover-from-description=subject -o ../mails "$@" "$first"..
}

# addresses OPTION WHAT...: one option of format-patch a line
addresses() {
	option=$1
	shift
	find "$PWD/$mails" -name '*.patch' ! -name '0000-*' -exec sh -c '
		cd "$0" && exec perl scripts/get_maintainer.pl --no-git --no-git-fallback \
			--no-rolestats --remove-duplicates "$@"' "$stock" "$@" {} + |
		sed "s/^/--$option=/"
}

write
[ "$how" = -s ] || exit 0
addresses to --nol >"$dir/to"
addresses cc --nom --nor >"$dir/cc"
set --
while read -r address; do
	set -- "$@" "$address"
done <<EOF
$(cat "$dir/to" "$dir/cc")
EOF
write "$@"
echo "  mails    $mails: $(find "$mails" -name '*.patch' | wc -l), for git am and git send-email"
