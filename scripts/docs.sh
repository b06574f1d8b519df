#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# docs.sh TREE OUT: build the pages that we bring or change in TREE, as HTML, with
# TREE's own Sphinx configuration, and check kernel-doc comments; warnings are errors
set -e
tree=$(realpath "$1") out=$2
kernel_doc=$tree/scripts/kernel-doc
[ -f "$kernel_doc" ] || kernel_doc=$tree/tools/docs/kernel-doc

# shellcheck disable=SC2046 # -Wall, or nothing where kernel-doc does not know it
find include kernel/seccomp arch -name '*.[ch]' | sed "s,^,$tree/," |
	xargs "$kernel_doc" -none $(grep -qe -Wall "$kernel_doc" && echo -Wall) -Werror

# Beside these pages nothing: all of a kernel's take half an hour, and warn
rm -rf "$out"
mkdir -p "$out/Documentation"
out=$(realpath "$out")
cp "$tree/MAINTAINERS" "$out"	# Linux 7.3 expects it beside the pages
cd "$tree/Documentation"
cp --parents -r userspace-api/seccomp_bitmap* userspace-api/seccomp_pin* core-api/seccomp_bitmap* \
	filesystems/proc.rst "$out/Documentation"
cat >"$out/Documentation/index.rst" <<EOF
Seccomp bitmaps
===============

.. toctree::
   :glob:

   */seccomp_*
   filesystems/proc
EOF
srctree=$tree BUILDDIR=$out PYTHONDONTWRITEBYTECODE=1 sphinx-build -q -W --keep-going \
	-b html -c . -d "$out/doctrees" -D version= -D release= "$out/Documentation" "$out/html"
