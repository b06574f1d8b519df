#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# root.sh ARCH IMAGE PACKAGES DIR: make an ext4 IMAGE of a Debian system for ARCH, as
# Debian calls it: of the suite and from the mirror of this machine, with what the file
# PACKAGES lists and what is in DIR. It is made again only when those change.
set -e
arch=$1 image=$2 packages=$3 dir=$4
# What starts by itself, and takes its time, has nothing to do with seccomp
masked="apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer"
masked="$masked e2scrub_reap fstrim.timer getty@tty1 man-db.timer podman podman.socket"
masked="$masked podman-auto-update podman-auto-update.timer podman-restart serial-getty@"
masked="$masked systemd-firstboot"

die() {
	echo "root: $*" >&2
	exit 1
}

list=$(sed 's/#.*//' "$packages" | xargs | tr ' ' ,)
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
# shellcheck disable=SC2016 # apt-get knows what SITE is
site=$(apt-get indextargets --format '$(SITE)' 'Label: Debian' | head -n 1)
[ "$site" ] || die "apt knows no Debian mirror here: see /etc/apt, and run apt-get update"

parts=$({ echo "$arch $suite $list"; find "$dir" -type f -exec cat {} +; cat "$0"; } | cksum)
[ "$(cat "$image.parts" 2>/dev/null)" != "$parts" ] || exit 0

free=$(df -Pk "${image%/*}" | awk 'NR == 2 { print int($4 / 1048576) }')
[ "$free" -ge 12 ] || die "only $free GiB are free for $image; it takes 12 while it is made"

# QEMU runs programs of another architecture, which has to be told to the kernel
if [ "$arch" != "$(dpkg --print-architecture)" ] && ! arch-test "$arch" >/dev/null; then
	if [ "$(id -u)" -eq 0 ]; then
		binfmt=/proc/sys/fs/binfmt_misc
		mountpoint -q $binfmt || mount -t binfmt_misc binfmt_misc $binfmt
		update-binfmts --enable
	fi
	arch-test "$arch" >/dev/null || die "programs of $arch do not run here: mount binfmt_misc," \
		"install qemu-user-static and restart binfmt-support"
fi

# An ordinary user's root is another user, in a name space
above=$PWD
while [ "$(id -u)" -ne 0 ] && [ "$above" ]; do
	case $(stat -c %A "$above") in
	*[xt]) above=${above%/*} ;;
	*) die "$above has to let other users through (chmod o+x), or run this as root" ;;
	esac
done

rm -f "$image.parts"
TMPDIR=$(mktemp -d -p "${image%/*}" root.XXXXXX)
export TMPDIR
trap 'rm -rf --one-file-system "$TMPDIR" "$image.new"' EXIT
trap 'exit 1' INT TERM
: >"$image.new"
mkdir "$TMPDIR/root"
chmod 666 "$image.new"
chmod 777 "$TMPDIR" "$TMPDIR/root"

# The last hook's bind mount leaves out of the image what is mounted for the packages
mmdebstrap --arch="$arch" --variant=minbase --include="$list" --format=null --skip=check/empty \
	--aptopt='APT::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/doc/*' \
	--dpkgopt='path-exclude=/usr/share/locale/*' \
	--customize-hook="tar -C '$PWD/$dir' --owner=0 --group=0 -c . | tar -C \"\$1\" -x" \
	--customize-hook="chroot \"\$1\" systemctl -q enable checks.service" \
	--customize-hook="chroot \"\$1\" systemctl -q mask $masked" \
	--customize-hook="chroot \"\$1\" useradd -m -s /bin/bash user" \
	--customize-hook="rm -rf \"\$1\"/var/cache/apt/* \"\$1\"/var/lib/apt/lists/*" \
	--customize-hook="unshare --mount sh -c 'mount --bind \"\$1\" $TMPDIR/root &&
		exec mke2fs -q -t ext4 -O ^has_journal -E root_owner=0:0 -F -d $TMPDIR/root \
			\"$PWD/$image.new\" 8G' sh \"\$1\"" \
	"$suite" /dev/null "$site"
mv "$image.new" "$image"
echo "$parts" >"$image.parts"
