# SPDX-License-Identifier: GPL-2.0-only
#
# The one entry point: applies the patches of series/ to a kernel tree, builds
# kernels, boots them in QEMU and judges them.
# `make help` explains what there is.  Everything generated is in build/.

ARCH    ?= x86_64
LINE    ?= 6.12
VARIANT ?= bitmap
ACCEL   ?= tcg
# Whatever debugs takes its time
TIMEOUT ?= $(if $(filter debug,$(VARIANT)),1800,900)
CALLS   ?= 1000000
SECONDS ?= 1200

ARCHES   := $(sort $(basename $(notdir $(wildcard cross/*.mk))))
LINES    := 6.12 6.1 7.3
VARIANTS := bitmap verify debug stock
CONFIGS  := faults jit-always-on kcsan mitigations rt system

# Sources come from Debian's package linux-source-LINE. Where Debian 12 has none the
# one of this suite is fetched, but not installed
SUITE-7.3 := trixie-backports

# What check-all takes, one after another, and a CI service side by side; check
# takes the first line of it
SOME  := 6.12/x86_64/bitmap 6.12/x86_64/debug 6.12/i386/bitmap 6.12/arm64/bitmap
CELLS := $(SOME) 6.12/i386/verify 6.12/arm64/debug 6.12/ppc/bitmap 6.12/mips64/bitmap \
	 6.12/arm/bitmap 6.12/arm/verify 6.12/riscv64/bitmap 6.12/riscv64/verify \
	 6.12/s390x/bitmap 6.12/s390x/verify 6.12/ppc64le/bitmap 6.12/ppc64le/verify \
	 6.12/mips64el/bitmap 6.12/mips64el/verify \
	 6.1/x86_64/bitmap 6.1/x86_64/verify 6.1/arm64/bitmap 6.1/arm64/verify \
	 7.3/x86_64/debug 7.3/x86_64/bitmap 7.3/x86_64/verify 7.3/i386/bitmap 7.3/i386/verify \
	 7.3/arm64/bitmap 7.3/arm64/verify 7.3/arm/bitmap 7.3/arm/verify \
	 7.3/riscv64/bitmap 7.3/riscv64/verify 7.3/s390x/bitmap 7.3/s390x/verify \
	 7.3/ppc64le/bitmap 7.3/ppc64le/verify

# Cells of make system; each takes as long as several of the others
SYSTEMS  := 6.12/x86_64 6.12/arm64 7.3/x86_64

# Races are looked for where KCSAN is
ATTACKS  := hostile faults $(if $(wildcard cross/config/kcsan-$(ARCH)),races)
ATTACK   ?= $(ATTACKS)

MAKEFLAGS += --no-print-directory
SHELL     := /bin/sh
.NOTPARALLEL:
.DEFAULT_GOAL := help

# --- What was asked for -----------------------------------------------------

ifeq ($(filter $(ARCH),$(ARCHES))$(filter port,$(MAKECMDGOALS)),)
  $(error ARCH=$(ARCH) is not known; cross/*.mk has: $(ARCHES); `make port ARCH=...` starts another)
endif
# known(variable, what it may be, of what, what else): is each word of it known?
known = $(if $(filter-out $2 $4,$(or $($1),-)),$(error $1=$($1) is not known$3; there are: $2))
# "off" is patched but configured as stock is, to compare the two; "lint" is what lint compiles
$(call known,VARIANT,$(VARIANTS),,off lint)
$(call known,ACCEL,tcg kvm)
$(call known,ATTACK,$(ATTACKS), for $(ARCH))
ifneq ($(filter-out $(shell cat series/series),$(UPTO)),)
  $(error UPTO=$(UPTO) is no patch; series/series has: $(shell cat series/series))
endif
ifdef KDIR
  # A tree of one's own has its line in its Makefile, and a name of its own.
  SOURCE := $(realpath $(KDIR))
  KLINE  := $(shell sed -n 's/^VERSION = //p; s/^PATCHLEVEL = /./p' '$(KDIR)/Makefile' 2>/dev/null | tr -d '\n')
  override LINE := $(KLINE)-$(shell echo '$(SOURCE)' | cksum | cut -d' ' -f1)
  ifeq ($(SOURCE),)
    $(error KDIR=$(KDIR) does not exist)
  endif
else
  ifeq ($(filter $(LINE),$(LINES)),)
    $(error LINE=$(LINE) is not known; there are: $(LINES); KDIR= takes any other kernel tree)
  endif
  SOURCE := $(if $(SUITE-$(LINE)),build,/usr/src)/linux-source-$(LINE).tar.xz
  KLINE  := $(LINE)
endif

# Either fragments of ours, or what the tree has in arch/*/configs/
DEFCONFIG := $(filter %defconfig,$(CONFIG))
ifneq ($(CONFIG),$(DEFCONFIG))
  ifeq ($(wildcard cross/config/$(CONFIG) cross/config/$(CONFIG)-$(ARCH)),)
    $(error CONFIG=$(CONFIG) is not known for $(ARCH); cross/config/ has: $(CONFIGS); \
	or name a defconfig of the tree)
  endif
endif

include $(wildcard cross/$(ARCH).mk)
export V ACCEL ARCH DEFCONFIG KARCH SRCARCH CROSS_COMPILE CC32 CCx32 CCn32 QEMU QEMU_ARGS QEMU_CPU \
	QEMU_SMP CONSOLE PKGS_ARCH KIT STOCK_FAILS STOCK_HANGS BY

B       := build
STOCK   := $B/linux-$(LINE)
PATCHED := $B/linux-$(LINE)-bitmap$(UPTO:%=-to-%)
SERIES  := $B/series-$(LINE)
TREE    := $(if $(filter stock,$(VARIANT)),$(STOCK),$(PATCHED))
WITH    := $(CONFIG:%=-%)
OUT     := $B/$(LINE)-$(ARCH)-$(VARIANT)$(WITH)$(UPTO:%=-to-%)
CELL    := $(LINE) $(ARCH) $(VARIANT)$(WITH)
STEP    := scripts/step.sh

# Fragments: for all kernels, for the variant, for CONFIG=; and each also for one ARCH,
# for one line, and for an ARCH on a line, where a file of that name exists
PARTS-bitmap := bitmap
PARTS-verify := bitmap verify
PARTS-debug  := bitmap verify debug
PARTS-lint   := bitmap lint
PARTS     := $(addprefix cross/config/,base $(PARTS-$(VARIANT)) $(filter-out $(DEFCONFIG),$(CONFIG)))
FRAGMENTS := $(wildcard $(PARTS) $(PARTS:%=%-$(ARCH)) $(PARTS:%=%-$(KLINE)) \
		$(PARTS:%=%-$(ARCH)-$(KLINE)))

PKGS_BUILD := make gcc libc6-dev binutils flex bison bc perl python3 patch diffutils \
	      xz-utils ccache rsync $(if $(KDIR)$(SUITE-$(LINE)),,linux-source-$(LINE))
PKGS_LINT  := coccinelle shellcheck
PKGS_DOCS  := python3-sphinx python3-sphinx-rtd-theme graphviz
PKGS_TOOLS := libseccomp-dev libjson-c-dev libyaml-dev groff-base
PKGS_KUNIT := qemu-system-x86 python3 python3-ply python3-git
PKGS_RUN   := golang-github-containers-common python3-seccomp systemd

# --- What a person runs -----------------------------------------------------

.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' Makefile)

help:			## this text
	@echo 'usage: make TARGET [VARIABLE=VALUE]...'
	@echo
	@sed -n 's/^\([a-z-]*\):.*##[[:space:]]*\(.*\)/  \1|\2/p' Makefile | \
		awk -F'|' '{ printf "%-15s%s\n", $$1, $$2 }'
	@echo
	@echo 'ARCH=      $(ARCHES) (now $(ARCH))'
	@echo 'LINE=      kernel line: $(LINES) (now $(KLINE))'
	@echo 'VARIANT=   of kernel: $(VARIANTS) (now $(VARIANT))'
	@echo 'CONFIG=    options to add to a kernel: $(CONFIGS); or a defconfig of the tree'
	@echo 'KDIR=      a kernel tree of your own, 5.11 or newer, in place of the package; it is copied'
	@echo 'ACCEL=     tcg, or kvm where it works (now $(ACCEL))'
	@echo 'TIMEOUT=   seconds that one boot may take (now $(TIMEOUT))'
	@echo 'STRESS=    seconds that tasks attach, share, sync and exit at once, in check (now 5)'
	@echo 'ATTACK=    what attack does: $(ATTACKS) (now $(ATTACK)); SEED= of its choices'
	@echo 'CALLS=     how many it makes under hostile filters in each ABI (now $(CALLS))'
	@echo 'SECONDS=   for which races run, with 1, 2 and 8 processors each (now $(SECONDS))'
	@echo 'ONLY=      the checks that system makes, an extended regular expression (all)'
	@echo 'UPTO=      the last patch of series/ to apply, if not all'
	@echo 'V=1        shows what is otherwise only in the logs in $B/'

run: guest-run measured	## boot real filters: what is answered how, and what each call costs
	@$(REPORT) run $(foreach c,$(MEASURED),$c=$(OUT)/console-run-$c.log)

check: described	## build and boot all the tests, and lint; ARCH=, LINE=, VARIANT=: of that alone
	@MAKE='$(MAKE)' scripts/check.sh $(if $(NAMED),$(THESE),$(SOME) lint host)

check-all:		## the same for every architecture and line that is supported
	@MAKE='$(MAKE)' scripts/check.sh $(CELLS) lint host

matrix:			## what check-all takes, as JSON for a CI service: a "make check" each; and system
	@cell='"LINE": "%s", "ARCH": "%s", "VARIANT"'; printf '[%s]\n' "$$({ \
		printf "{\"MAKE\": \"check\", $$cell: \"%s\"}\n" $(subst /, ,$(CELLS)); \
		printf "{\"MAKE\": \"system\", $$cell: \"bitmap\"}\n" $(subst /, ,$(SYSTEMS)); \
		} | paste -sd,)"

fit:			## tell, without building, which patches fit the kernel tree KDIR=, and what needs a hand
	$(if $(KDIR),,$(error make fit: name a kernel tree by KDIR=))
	@scripts/fit.py '$(SOURCE)' '$(KLINE)'

series: source		## write the patches of series/ as mails, to build/series-LINE/mails
	@scripts/setup.sh git
	@scripts/mails.sh $(STOCK) $(SERIES) $(KLINE)

bundle: patched	## what vendors apply: patches, layers for Yocto, Buildroot, OpenWrt; build/bundle/LINE
	@scripts/setup.sh git
	@scripts/mails.sh -n $(STOCK) $(SERIES) $(KLINE)
	@scripts/bundle.sh $(STOCK) $(PATCHED) $(SERIES)/mails $B/bundle $(KLINE)

check-series: patched	## apply the mails one by one: after each, all has to build without a warning and pass
	@scripts/setup.sh git $(PKGS_KUNIT)
	@scripts/mails.sh -n $(STOCK) $(SERIES) $(KLINE)
	@scripts/check-series.sh $(STOCK) $(PATCHED) $(SERIES) $(KLINE)

kernel: image		## build a kernel: build/LINE-ARCH-VARIANT/image
	@echo '  image    $(OUT)/image'

shell: guest-shell	## boot the kernel to a shell, to try things by hand
	@scripts/boot.sh -i $(OUT) shell shell

lint: lint-files	## checkpatch, coccicheck, our own rules; sparse and W=1 for ARCH=
	@$(MAKE) compile VARIANT=lint

bench:			## the same on the stock kernel and on ours: table, CSV, chart; README=y: into documents
	$(call both,measured benchmark,$(CONFIG))
	@$(REPORT) bench --out $(BENCH) --benchmark stock=$(call console,stock,benchmark) \
		--benchmark ours=$(call console,bitmap,benchmark) \
		stock=$(call console,stock,run-stock),$(call console,stock,memory) \
		ours=$(call console,bitmap,run-$(CLASSIFIER)),$(call console,bitmap,memory)

boardkit:		## tests and figures for a board: build/boardkit/seccomp-boardkit-LINE-ARCH.tar.gz
	@$(MAKE) kit VARIANT=bitmap
	@sed -n 's/^boardkit: /  without  /p' $B/boardkit/$(ARCH).log
	@echo '  kit      $(KIT)'

boardkit-try: boardkit guest-board	## what it says on a board, which is a guest: as root and a user, with little else
	@$(call judged,boardkit,$(VARIANT) board,board,,-t $(BOARD_TIMEOUT) -a '$(CLOCK)',\
		board run /bin/sh /bin/try); status=$$?; \
	tr -d '\r' <$(OUT)/console-board.log | sed -n '/^seccomp on this/,/^the filters look at/p'; \
	exit $$status

apps-kit: filters	## what filters cost whole programs, to be run anywhere: build/apps/seccomp-apps-ARCH.tar.gz
	@scripts/setup.sh $(PKGS_ARCH)
	@$(STEP) 'kit      $(ARCH) programs' $(APPS)/kit.log \
		env KIT=$(APPSKIT) scripts/kit.sh apps $(APPS)/kit
	@echo '  kit      $(APPSKIT)'

apps:			## the same in a Debian guest, and of containers and units, stock and ours; README=y: into documents
	@scripts/setup.sh gnuplot-nox
	@$(MAKE) apps-kit
	@$(MAKE) root
	@$(MAKE) apps-guest VARIANT=stock CONFIG=system
	@$(MAKE) apps-guest VARIANT=bitmap CONFIG=system
	$(call at_once,stock bitmap,apps-measured CONFIG=system VARIANT={})
	@$(REPORT) apps --out $(FIGURES) $(if $(filter 6.12/x86_64,$(LINE)/$(ARCH)),--limits) \
		stock=$B/$(LINE)-$(ARCH)-stock-system/console-apps.log \
		ours=$B/$(LINE)-$(ARCH)-bitmap-system/console-apps.log

attack:			## try to break it: ATTACK= hostile filters, failing allocations, races; prints a table
	@rm -rf $B/attack; status=0; \
	$(if $(filter hostile,$(ATTACK)),$(MAKE) attacked VARIANT=verify BY=hostile || status=1;) \
	$(if $(filter faults,$(ATTACK)),$(MAKE) attacked VARIANT=debug CONFIG=faults BY=faults || status=1;) \
	$(if $(filter races,$(ATTACK)),for cpus in 1 2 8; do \
		$(MAKE) attacked VARIANT=bitmap CONFIG=kcsan BY=races CPUS=$$cpus || status=1; \
	done;) \
	scripts/judge.py table $B/attack && exit $$status

overload:		## hard filters: time and memory to attach, and to die meanwhile, stock and ours; FULL=y
	@$(MAKE) overloaded VARIANT=stock
	@$(MAKE) overloaded VARIANT=bitmap

# One guest after the other: where two compete for the processors, Chromium takes minutes
system: root		## Debian with sandboxes of all kinds: each check on stock, ours and a verify kernel
	@rm -rf $B/system; for variant in stock bitmap verify; do \
		$(MAKE) guest-system VARIANT=$$variant CONFIG=system || exit; \
		$(MAKE) on-system VARIANT=$$variant CONFIG=system; \
	done; :
	@scripts/judge.py compare $B/system stock bitmap verify; status=$$?; \
	echo; sed -n 's/^# \(constant: .*[^\r]\).*/  \1/p' $B/$(LINE)-$(ARCH)-bitmap-system/console-system.log; \
	exit $$status

density:		## many tasks with the same filters or different ones, stock and ours; README=y: into documents
	$(call both,measured,jit-always-on,"ROWS=$(or $(ROWS),container firefox-tab systemd-nspawn)")
	@$(REPORT) density --out $(DENSITY) \
		stock=$(call limited,stock,run-stock),$(call limited,stock,memory) \
		ours=$(call limited,bitmap,run-$(CLASSIFIER)),$(call limited,bitmap,memory)

check-host: patched filters	## the symbolic classifier against an oracle, PERCENT= of it; tools; wrong use of make
	@scripts/setup.sh git $(PKGS_BUILD) $(PKGS_TOOLS) gnuplot-nox
	@$(STEP) 'host     workshop' $B/check-workshop.log tests/workshop.sh
	@$(STEP) 'host     series' $B/check-series.log tests/series.py $(STOCK) $(KLINE)
	@$(STEP) 'host     fit' $B/check-fit.log tests/fit.py $(STOCK) $(KLINE)
	@$(STEP) 'host     bundle' $B/check-bundle.log tests/bundle.sh $(STOCK) $(PATCHED) $(KLINE)
	@$(STEP) 'host     classifier' $B/check-host.log \
		$(MAKE) -C tests/host check $(if $(PERCENT),PERCENT=$(PERCENT))
	@grep -h 'decisions against' $B/check-host.log
	@$(STEP) 'host     seccomp-coverage' $B/check-coverage.log $(MAKE) -C tools/seccomp-coverage check
	@$(STEP) 'host     board kit' $B/check-board.log tests/board/check.sh
	@$(STEP) 'host     apps kit' $B/check-apps.log tests/apps/check.sh

coverage:		## build seccomp-coverage, which tells of filters what is answered in O(1)
	@scripts/setup.sh $(PKGS_BUILD) $(PKGS_TOOLS)
	@$(STEP) 'host     seccomp-coverage' $B/coverage.log $(MAKE) -C tools/seccomp-coverage
	@echo '  program  $B/host/seccomp-coverage; man -l tools/seccomp-coverage/seccomp-coverage.1'

fuzz:			## libFuzzer on the symbolic classifier, for TIME= seconds
	@scripts/setup.sh $(PKGS_BUILD) clang libclang-rt-14-dev
	@$(MAKE) -C tests/host fuzz $(if $(TIME),TIME=$(TIME))

cost: filters		## what the symbolic classifier costs, by length of the filter and size of the table
	@scripts/setup.sh $(PKGS_BUILD) valgrind gnuplot-nox
	@$(MAKE) -C tests/host cost

docs: patched		## check the documentation, and build it as HTML: build/docs
	@scripts/setup.sh $(PKGS_DOCS)
	@$(STEP) 'docs     $(LINE)' $B/docs.log scripts/docs.sh $(PATCHED) $B/docs
	@echo '  pages    $B/docs/html/index.html'

port: source		## start a port to another ARCH; PROBE=y: of the probe, to one that is there
	@scripts/port.py write $(ARCH) $(STOCK) $(if $(PROBE),--probe)

tree: patched		## prepare the kernel trees only: build/linux-LINE and -bitmap
	@echo '  trees    $(STOCK) (pristine), $(PATCHED)'

clean:			## remove build/
	rm -rf $B

# --- How it is done ---------------------------------------------------------

# Was a cell named by hand? Then which of CELLS are meant, or what else
NAMED := $(filter command environment,$(origin ARCH) $(origin LINE) $(origin VARIANT) \
		$(origin KDIR) $(origin UPTO))
THESE  = $(or $(filter $(LINE)/$(ARCH)/$(if $(filter file,$(origin VARIANT)),%,$(VARIANT)),$(CELLS)),\
	      $(LINE)/$(ARCH)/$(VARIANT))

# What check boots of each variant: with the default classifier, or one that it is
# named after. cross/*.mk names more in BOOTS; CPU-, ASKS- and GETS-NAME are the
# processor, the classifier that is asked for, and the one that the boot line must name
BOOTS-stock  := stock
BOOTS-bitmap := default none $(BOOTS)
BOOTS-verify := $(or $(filter probe both,$(BOOTS)),default)
BOOTS-debug  := $(or $(filter both,$(BOOTS)),default)
ASKED = $(or $(ASKS-$(BOOT)),$(filter none probe both,$(BOOT)))
MUST  = $(if $(filter-out stock,$(BOOT)),--kunit --classifier $(or $(GETS-$(BOOT)),$(ASKED),$(CLASSIFIER)))
LIMIT = $(shell expr 300 + $(or $(STRESS),0))

# Existing kernel objects whose sources we edit, and where system calls enter, for the
# comparison with stock; what is not in a line's tree is left out
EDITED  = $(shell find series -name '*.c.patch' -o -name '*.c.$(KLINE).patch' | \
		sed -E 's,^series/[^/]*/,,; s/\.c(\.[0-9.]+)?\.patch$$/.c/')
SAME    = $(patsubst $(STOCK)/%.c,%.o,$(wildcard $(addprefix $(STOCK)/,$(sort \
		$(filter arch/$(SRCARCH)/% fs/% kernel/seccomp.c net/%,$(EDITED)) $(ENTRY:.o=.c) \
		kernel/fork.c kernel/exit.c kernel/ptrace.c))))

# What run boots of each variant: kernels with these classifiers
MEASURED := $(if $(filter stock,$(VARIANT)),stock,none $(CLASSIFIER))
# TCG counts instructions
ICOUNT   := $(if $(filter tcg,$(ACCEL)),-c)
UNIT     := $(if $(ICOUNT),instructions,nanoseconds)
# A thread for each processor, so that they race
THREADED  = $(ACCEL:tcg=tcg,thread=multi)
# System calls for each figure of seccomp_benchmark: it takes whole nanoseconds, in
# which single timer interrupts must not show
SAMPLES  := 1000000
REPORT   := scripts/report.py --unit $(UNIT) --title 'Linux $(KLINE), $(ARCH)' $(if $(README),--documents)
# Where figures are left
BENCH    := $B/bench-$(LINE)-$(ARCH)$(WITH)$(if $(ICOUNT),,-$(ACCEL))
DENSITY  := $B/density-$(LINE)-$(ARCH)
# Consoles of guests that measure only these ROWS have names of their own
SOME_ROWS := $(if $(ROWS),-some)
# A Debian system
ROOT     := $B/root-$(ARCH).ext4
# The kit for a board, and how long an emulated one may take for all of it, twice
KIT      := $B/boardkit/seccomp-boardkit-$(LINE)-$(ARCH).tar.gz
BOARD_TIMEOUT := $(if $(filter file,$(origin TIMEOUT)),3600,$(TIMEOUT))
# Programs to be measured, as a kit and for a guest
APPS     := $B/apps/$(ARCH)
APPSKIT  := $B/apps/seccomp-apps-$(ARCH).tar.gz
FIGURES  := $B/apps-$(LINE)-$(ARCH)
console   = $B/$(LINE)-$(ARCH)-$1$(WITH)/console-$2.log
# Kernels that always compile run into the limit of the JIT compiler's memory
limited   = $B/$(LINE)-$(ARCH)-$1-jit-always-on/console-$2-some.log

packages:
	@scripts/setup.sh $(PKGS_BUILD) $(PKGS_ARCH)

source: packages
	@$(STEP) 'tree     $(LINE)' $B/tree.log scripts/tree.sh $(SOURCE) $(STOCK) $(SUITE-$(LINE))

patched: source
	@scripts/series.py tree $(STOCK) $(PATCHED) $(KLINE) $(UPTO)

config: $(if $(filter stock,$(VARIANT)),source,patched)
	@$(STEP) 'config   $(CELL)' $(OUT)/config.log \
		scripts/kernel.sh config $(TREE) $(OUT)/obj $(FRAGMENTS)

image: config
	@$(STEP) 'kernel   $(CELL)' $(OUT)/build.log \
		scripts/kernel.sh image $(TREE) $(OUT)/obj $(KIMAGE) $(OUT)/image

filters:
	@scripts/setup.sh $(PKGS_RUN)
	@$(STEP) 'filters  $(ARCH)' $B/filters.log scripts/filters.py $B/filters $(ARCH)

kit: config filters
	@scripts/setup.sh $(PKGS_TESTS)
	@$(STEP) 'kit      $(CELL)' $B/boardkit/$(ARCH).log scripts/kit.sh board $(TREE) $(OUT)

# What scripts/guest.sh makes of each kind
GUESTS := $(addprefix guest-,run check attack system board shell)
.PHONY: $(GUESTS)
guest-run guest-system: filters
$(GUESTS): guest-%: image
	@scripts/setup.sh make $(if $(filter check attack system,$*),$(PKGS_TESTS)) $(if $(filter shell,$*),\
		$(or $(PKGS_SHELL),$(error make shell: no busybox for $(ARCH) on this machine; x86_64 has one)))
	@$(STEP) 'guest    $(CELL) $*' $(OUT)/guest.log scripts/guest.sh $* $(TREE) $(OUT)

root: packages
	$(if $(DEBIAN),,$(error make $(MAKECMDGOALS): there is no Debian system for $(ARCH): DEBIAN in cross/$(ARCH).mk))
	@scripts/setup.sh mmdebstrap uidmap mount e2fsprogs $(PKGS_ROOT)
	@$(STEP) 'root     $(ARCH)' $B/root-$(ARCH).log \
		scripts/root.sh $(DEBIAN) $(ROOT) tests/system/packages tests/system/root

on-system:
	@$(call judged,system,$(VARIANT),system,$(if $(filter-out stock,$(VARIANT)),--classifier $(CLASSIFIER)),\
		-m 2G -t 3600 -r $(ROOT) -a \
		'audit=1 audit_backlog_limit=0 systemd.show_status=no $(CLOCK) $(ONLY:%=ONLY=%)',system)

# judged(table, part, console, judge's options, boot.sh's, kind and order): a row of a table
judged = scripts/judge.py row $B/$1 '$(LINE) $(ARCH)' '$2' --console $(OUT)/console-$(strip $3).log \
	--tree $(TREE) $4 -- scripts/boot.sh -n $3 $5 $(OUT) $6

# These boot what guest-run has made: bench does it side by side
measured:
	@for c in $(MEASURED); do \
		[ $$c = stock ] && asked= || asked=seccomp_bitmap.classifier=$$c; \
		$(STEP) "measure  $(CELL) $$c" $(OUT)/run.log scripts/boot.sh $(ICOUNT) \
			-n run-$$c$(SOME_ROWS) -t $(TIMEOUT) -a "$(CLOCK) $$asked" \
			$(OUT) run run /bin/measure $(ROWS) || exit; \
	done

# Nothing is counted here, and no other processor keeps memory at hand
memory:
	@$(STEP) 'measure  $(CELL) memory' $(OUT)/memory.log scripts/boot.sh -s 1 -m 1G \
		-n memory$(SOME_ROWS) -t $(TIMEOUT) $(OUT) run run /bin/memory $(ROWS)

# The kernel's own; report.py judges it
benchmark:
	@$(STEP) 'measure  $(CELL) seccomp_benchmark' $(OUT)/run.log scripts/boot.sh $(ICOUNT) \
		-n benchmark -t $(TIMEOUT) -a '$(CLOCK)' $(OUT) run run /bin/seccomp_benchmark $(SAMPLES) || true

# at_once(words, what to make with each as {}): side by side, in one line each
at_once = @printf '%s\n' $1 | xargs -P "$$(nproc)" -I{} \
	sh -c 'said=$$($(MAKE) $2); status=$$?; echo "$$said"; exit $$status'

# both(what is counted, CONFIG=): on the stock kernel and on ours, side by side
define both
@scripts/setup.sh gnuplot-nox
@$(MAKE) guest-run VARIANT=stock $(2:%=CONFIG=%)
@$(MAKE) guest-run VARIANT=bitmap $(2:%=CONFIG=%)
$(call at_once,'memory VARIANT=stock' 'memory VARIANT=bitmap' \
	'$1 VARIANT=stock MEASURED=stock' '$1 VARIANT=bitmap MEASURED=$(CLASSIFIER)',{} $(2:%=CONFIG=%) $3)
endef

# What makes the guest's second disk
apps-guest: image
	@mkdir -p $(APPS)/guest
	@scripts/container.py $(ARCH) $(APPS)/guest/container
	@sed -n 's/^systemd-[0-9]*\t//p' $B/filters/list >$(APPS)/guest/settings
	@cp tests/apps/guest.sh $(APPS)/guest/run
	@tar -cf $(OUT)/apps.tar --owner=0 --group=0 -C $(APPS)/guest . -C ../ kit

apps-measured:
	@$(STEP) 'measure  $(CELL) programs' $(OUT)/run.log scripts/boot.sh -c -m 2G -n apps -t 7200 \
		-r $(ROOT) -a '$(CLOCK)' $(OUT) apps

described:
	@scripts/port.py check $(ARCH) $(STOCK)

attacked: guest-attack
	@$(if $(CPUS),export ACCEL=$(THREADED);) $(call judged,attack,$(BY) $(VARIANT)$(WITH)$(CPUS:%= % CPUs),\
		$(BY)$(CPUS),--amount,$(CPUS:%=-s %) -t 14400 -a \
		'CALLS=$(CALLS) SECONDS=$(SECONDS) EVERY=1 $(SEED:%=SEED=%)',attack check 7200); status=$$?; \
	sed -n 's/^.*# \(seed .*\)/  attack   \1/p; s/^.*# \([0-9]* where .*\)/           \1/p' \
		$(OUT)/console-$(BY)$(CPUS).log; exit $$status

# Instructions are counted. Stock is told of, ours has limits to keep
overloaded: guest-attack
	@$(call judged,attack,$(VARIANT) overload,overload,,-c -m 1G -t 7200 -a \
		'$(CLOCK) $(if $(filter stock,$(VARIANT)),,COUNTED=y) $(FULL:%=FULL=%)',\
		attack run /tests/attack/attach)
	@tr -d '\r' <$(OUT)/console-overload.log | sed -n 's/^# \([a-z]*, .*\)/  $(VARIANT)  \1/p'

# What check.sh is to boot
boots:
	@echo $(BOOTS-$(VARIANT))

check-boot:
	@$(call judged,check,$(VARIANT) $(BOOT),$(BOOT),$(MUST) $(STOCK_FAILS:%=--stock-fails %),\
		$(CPU-$(BOOT):%=-p %) -t $(TIMEOUT) -a '$(if $(MUST),kunit.enable=1) \
		$(ASKED:%=seccomp_bitmap.classifier=%) $(STRESS:%=STRESS=%)',check check $(LIMIT))

# What check-series builds after each patch, in a TREE of its own
step-objects: packages
	@scripts/kernel.sh config $(TREE) $(OUT)/obj $(FRAGMENTS)
	@scripts/kernel.sh build $(TREE) $(OUT)/obj $(SAME) $(if $(filter off,$(VARIANT)),,kernel/seccomp/)

objects: config
	@$(STEP) 'objects  $(CELL)' $(OUT)/objects.log \
		scripts/kernel.sh build $(TREE) $(OUT)/obj $(SAME)

lint-files: patched
	@scripts/setup.sh $(PKGS_LINT)
	@status=0; for c in scripts checkpatch coccicheck rules; do \
		$(STEP) "lint     $$c" $B/lint-$$c.log scripts/lint.sh $$c $(STOCK) $(PATCHED) || \
			status=1; \
	done; exit $$status

compile: config
	@scripts/setup.sh sparse
	@$(STEP) 'compile  $(LINE) $(ARCH) W=1, sparse' $(OUT)/compile.log \
		scripts/lint.sh compile $(STOCK) $(PATCHED) $(OUT)/obj $(SAME)

# Of a kernel that was built
masked:
	@$(if $(MASK),scripts/masked.sh $(CROSS_COMPILE)objdump $(OUT)/obj '$(MASK)')

# With SECCOMP_BITMAP=n the code of every file that we edit must be as in stock.
same-code:
	@scripts/same-code.sh $(CROSS_COMPILE)objdump $B/$(LINE)-$(ARCH)-stock$(WITH)/obj \
		$B/$(LINE)-$(ARCH)-off$(WITH)/obj $(SAME)
