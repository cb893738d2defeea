# rules.mk - how tests are built and run; included by the Makefile.
#
# tests/unit/test_X.c is a cmocka program against the pure library (and
# lib/io for those named test_io_X.c, tools/lab/X.c for test_lab_X.c).
# The stages of "make test", in order; each prints "N passed, M failed". Those
# of BESIDE only compute, and run at the same time.
BESIDE  ?= unit-san replay test-damage test-walk test-read
TESTS   ?= checks unit test-io test-lab test-run test-variants test-pairs test-untouched test-mirror test-noroot test-inplace test-watch test-metrics test-cli test-browser test-foreign test-peer test-gateway

# What the tests expect is English, whatever their user speaks.
export LC_ALL = C
# Healthy runs are kept here, not in the state folder of this machine.
export STATE_DIRECTORY = $(CURDIR)/$(B)/state

UNITSRC := $(sort $(wildcard tests/unit/*.c tests/sim/*.c))
UNITBIN := $(UNITSRC:%.c=$(B)/%)
SAN     := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
TESTINC := $(INC) -Itests

# Compiled apart from linking, so that a compiler cache can help; lines are
# enough of what a debugger can be told, in half the time.
LIGHT   := -O1 -g1
$(B)/tests/unit/test_io_%.o: tests/unit/test_io_%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(PKGCF) $(STDIO) $(WARN) -Wno-missing-prototypes $(CFLAGS) $(LIGHT) -MMD -MP -c -o $@ $<
$(B)/tests/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(STDIO) $(WARN) -Wno-missing-prototypes $(CFLAGS) $(LIGHT) -MMD -MP -c -o $@ $<
$(B)/tests/sim/%.o: tests/sim/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(STDIO) $(WARN) -Wno-missing-prototypes $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/tests/unit/test_io_%: $(B)/tests/unit/test_io_%.o $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ)
	$(Q)$(CC) $(CFLAGS) -o $@ $(filter %.o %.a,$^) $(PKGLIBS) -lcmocka
$(B)/tests/unit/test_lab_%: $(B)/tests/unit/test_lab_%.o $(B)/tools/lab/%.o $(B)/libv6d.a
	$(Q)$(CC) $(CFLAGS) -o $@ $(filter %.o %.a,$^) -lcmocka
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libv6d.a $(GENOBJ)
	$(Q)$(CC) $(CFLAGS) -o $@ $(filter %.o %.a,$^) $(PKGLIBS) -lcmocka
$(B)/tests/sim/%: $(B)/tests/sim/%.o $(B)/libv6d.a $(GENOBJ)
	$(Q)$(CC) $(CFLAGS) -o $@ $(filter %.o %.a,$^) $(PKGLIBS) -lcmocka
.SECONDARY: $(UNITBIN:=.o)

# Clients for developers and for tests: one that measures, one that stays.
$(B)/tests/lab/%: tests/lab/%_main.c $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(PKGCF) $(STDIO) $(WARN) $(CFLAGS) -MMD -MP -o $@ $< $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ) $(PKGLIBS)
-include $(B)/tests/lab/dial.d $(B)/tests/lab/hold.d

unit: $(UNITBIN)
	@sh tests/run-unit.sh $(UNITBIN)
# The same programs under AddressSanitizer and UndefinedBehaviorSanitizer.
unit-san:
	@$(MAKE) --no-print-directory B=$(B)/san CFLAGS="$(LIGHT) $(SAN)" unit
.PHONY: unit unit-san
-include $(UNITBIN:=.d)

$(B)/tests/bench/%: tests/bench/%.c $(B)/libv6d.a
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(STDIO) $(WARN) $(CFLAGS) -MMD -MP -o $@ $< $(B)/libv6d.a
$(B)/tests/bench/pcaploop: tests/bench/pcaploop.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(STDIO) $(WARN) $(CFLAGS) -o $@ $< -lpcap
# Guided walks over every fixture whose truth is known.
$(B)/tests/walk/simulate: tests/walk/simulate.c tests/walk/pasted.c $(filter-out %/main.o,$(TOOLOBJ)) $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(PKGCF) $(STDIO) $(WARN) $(CFLAGS) -MMD -MP -o $@ $(filter %.c %.o %.a,$^) $(PKGLIBS)
-include $(B)/tests/walk/simulate.d
test-walk: all $(B)/tests/walk/simulate
	@rc=0; python3 tests/walk/simulate.py $(B) || rc=1; \
		python3 tests/walk/drive.py $(B) || rc=1; exit $$rc
# The same, into its section of the page.
walks: $(B)/tests/walk/simulate
	@python3 tests/walk/simulate.py $(B) --times 10 --docs docs/diagnosis.md
.PHONY: test-walk walks

bench: all $(addprefix $(B)/tests/bench/,gencap pcaploop diagnose relay stream) $(B)/tests/lab/mirror $(B)/tests/lab/hold $(B)/tests/sim/sim_gre $(B)/tests/sim/sim_pmtu
	@sh tests/bench/bench.sh $(B)
.PHONY: bench

# Captures to their diagnosis, and what is said of bad ones.
test-read: all $(B)/tests/bench/gencap
	@rc=0; for t in regress input reports third-party; do \
		sh tests/read/$$t.sh $(B)/v6doctor || rc=1; \
	done; \
	for t in save adopt tunnels; do \
		bash tests/read/$$t.sh $(B)/v6doctor || rc=1; \
	done; \
	python3 tests/read/sides.py $(B)/v6doctor || rc=1; \
	python3 tests/read/labels.py $(B)/v6doctor || rc=1; exit $$rc
.PHONY: test-read

# Every fixture, cut and changed at random, under the sanitizers. The whole:
# make test-damage DAMAGE="--cuts 200 --changes 1000 --seed 1"
DAMAGE ?= --cuts 4 --changes 6
$(B)/tests/damage/damage: tests/damage/damage.c $(filter-out %/main.o,$(TOOLOBJ)) $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(PKGCF) $(STDIO) $(WARN) $(CFLAGS) -MMD -MP -o $@ $(filter %.c %.o %.a,$^) $(PKGLIBS)
-include $(B)/tests/damage/damage.d
test-damage:
	@$(MAKE) --no-print-directory $(JOBS) B=$(B)/san CFLAGS="$(LIGHT) $(SAN)" \
		$(B)/san/tests/damage/damage
	@$(B)/san/tests/damage/damage $(DAMAGE) captures/*/*.pcap* captures/*/*.txt
.PHONY: test-damage

# Session drivers, client against server (root).
test-io: all $(B)/tests/lab/dial
	@sh tests/lab/io_smoke.sh $(B)
.PHONY: test-io

# All of these need root and make network namespaces of their own.
# The practice network itself: it stands, serves and vanishes; and what a run
# puts on the line.
test-lab: all
	@rc=0; sh tests/lab/life.sh $(B)/v6doctor || rc=1; \
		bash tests/lab/polite.sh $(B)/v6doctor || rc=1; exit $$rc
# run-all in it: healthy, then each fault once; some of the healthy variants;
# soak: 50 and 20 times, every variant 5 times.
test-variants: all
	@python3 tests/lab/runs.py --every 5 $(B)/v6doctor tests/lab/variants.tsv
# Some of the pairs of faults; "make matrix" runs them all.
test-pairs: all
	@python3 tests/lab/runs.py --every 19 $(B)/v6doctor tests/lab/pairs.tsv
test-run: all
	@python3 tests/lab/runs.py --save $(B)/v6doctor tests/lab/faults.tsv
soak: all
	@python3 tests/lab/runs.py --jobs 4 --times 5 5 $(B)/v6doctor tests/lab/variants.tsv
	@python3 tests/lab/runs.py --jobs 4 --times 50 20 $(B)/v6doctor tests/lab/faults.tsv
# The traces of captures/traces, anew: where a check asks otherwise than it did.
# ONLY=WORD: those rows that hold it.
record: all
	@python3 tests/lab/record.py $(B)/v6doctor captures/traces --only "$(ONLY)" \
		tests/lab/faults.tsv tests/lab/variants.tsv tests/lab/traces.tsv
.PHONY: record
# The captures of captures/lab, anew (root; mergecap, editcap, tcpdump, curl).
record-captures: all $(B)/tests/lab/hold
	@python3 tests/lab/captures.py $(B)/v6doctor $(B)/tests/lab/hold captures/lab \
		tests/lab/captures.tsv --only "$(ONLY)"
.PHONY: record-captures
# How right the diagnosis is, over every fault, variant and pair: the page.
MATRIX ?=
matrix: all
	@python3 tests/lab/matrix.py $(B)/v6doctor docs/diagnosis.md $(MATRIX)
.PHONY: matrix
# The host is only read, whenever the doctor is killed.
test-untouched: all
	@bash tests/lab/untouched.sh $(B)/v6doctor
# The model of the host is like the host.
test-mirror: all $(B)/tests/lab/mirror
	@bash tests/lab/mirror.sh $(B)
# With less than root's rights.
test-noroot: all
	@bash tests/lab/noroot.sh $(B)/v6doctor
# What changes from run to run.
test-watch: all
	@bash tests/lab/watch.sh $(B)/v6doctor
# Prometheus, the node exporter, promtool: metrics, rules, dashboard.
test-metrics: all
	@bash tests/lab/metrics.sh $(B)/v6doctor
# The HTML report in headless Chromium; the packages of npm once.
BROWSER := $(B)/browser/node_modules/.package-lock.json
$(BROWSER): tests/browser/package-lock.json
	@mkdir -p $(B)/browser
	@cp tests/browser/package*.json tests/browser/.npmrc $(B)/browser
	@cd $(B)/browser && npm ci --loglevel=error
test-browser: all $(BROWSER)
	@node tests/browser/report.mjs $(B)/v6doctor $(B)/browser
# The pictures in docs, anew.
shots: all $(BROWSER)
	@node tests/browser/report.mjs $(B)/v6doctor $(B)/browser \
		--shots docs/pictures
.PHONY: test-watch test-metrics test-browser shots
# A session that is up already is judged in place.
test-inplace: all $(B)/tests/lab/hold
	@bash tests/lab/inplace.sh $(B)
# Options, messages, exit statuses: each tests/cli/*.sh, as many at once as
# there are processors.
test-cli: all manual
	@rm -rf $(B)/cli; mkdir -p $(B)/cli; printf '%s\n' $(wildcard tests/cli/*.sh) | \
		xargs -P "$$(nproc)" -I{} sh -c \
		'bash {} $(B)/v6doctor >$(B)/cli/$$(basename {}).log 2>&1'; \
	rc=$$?; cat $(B)/cli/*.log; exit $$rc
.PHONY: test-untouched test-mirror test-noroot test-inplace test-cli
# run-all where others made the network; against a real server; a real client
# against ours at the same time.
test-foreign: all
	@bash tests/lab/foreign/run.sh $(B)/v6doctor
test-peer: all
	@bash tests/peer/client.sh $(B)/v6doctor >$(B)/test-peer-client 2>&1 & \
		client=$$!; bash tests/peer/run.sh $(B)/v6doctor; rc=$$?; \
		wait $$client || rc=1; cat $(B)/test-peer-client; exit $$rc
# connect with "engine = pppd" and a real pppd in a guest; not in "make test".
test-pppd: all
	@bash tests/peer/pppd.sh $(B)/v6doctor
.PHONY: test-pppd
# The connection runner on a host of the practice network: what it refuses,
# kill -9 at every journal write, SYNs all along.
test-gateway: all $(B)/tests/lab/hold
	@bash tests/gateway/run.sh $(B)
# kill -9 at everything that connect tells the kernel, then restore.
test-crash: all
	@ALL=1 bash tests/gateway/crash.sh $(B)
.PHONY: test-crash
.PHONY: test-gateway test-lab test-run test-variants soak test-foreign test-peer

# What the tree promises of itself; check-self shows that they can say no.
check-layers: $(OBJ) $(IOOBJ)
	@sh tests/checks/layers.sh . $(B)
check-style:
	@sh tests/checks/style.sh .
check-registry:
	@sh tests/checks/registry.sh .
check-causes:
	@sh tests/checks/causes.sh .
check-remedies:
	@python3 tests/checks/remedies.py .
check-languages:
	@python3 tests/checks/languages.py .
check-self:
	@CC="$(CC)" sh tests/checks/selftest.sh
checks:
	@rc=0; for c in layers style registry causes remedies languages self; do \
		$(MAKE) --no-print-directory $(JOBS) check-$$c || rc=1; \
	done; exit $$rc
.PHONY: check-layers check-style check-registry check-causes check-remedies
.PHONY: check-self check-languages checks

# New messages into po/, those no longer used out of it.
messages:
	@sh tests/build/messages-update.sh po/*.po
.PHONY: messages

# make fuzz FUZZ_SECONDS=N: each tests/fuzz/fuzz_X.c for N seconds, from the
# inputs in tests/fuzz/corpus/X and, for packets, the captures.
# A finding is left in $(B)/fuzz/found-X-*; it belongs in tests/fuzz/regress/X,
# which "make replay" (a part of "make test") reads again.
FUZZ_SECONDS ?= 60
FUZZSRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZBIN := $(FUZZSRC:tests/fuzz/%.c=$(B)/fuzz/%)
FUZZSAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
FUZZLIB := $(B)/fuzz/lib/libv6dio.a $(B)/fuzz/lib/libv6d.a
LIBSRC  := $(SRC) $(IOSRC) $(wildcard lib/*/*.h lib/*/*.def)
$(B)/fuzz/lib.built: $(LIBSRC)
	@mkdir -p $(@D)
	@$(MAKE) --no-print-directory B=$(B)/fuzz/lib CC=clang \
		CFLAGS="$(FUZZSAN) -fsanitize=fuzzer-no-link" $(FUZZLIB)
	@touch $@
$(B)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(B)/fuzz/lib.built $(GENOBJ)
	$(call say,FUZZ,$<)
	$(Q)clang $(TESTINC) $(STDIO) $(WARN) -Wno-missing-prototypes $(FUZZSAN) -fsanitize=fuzzer -o $@ $< $(FUZZLIB) $(GENOBJ) $(PKGLIBS)
fuzz: $(FUZZBIN)
	@sh tests/fuzz/fuzz.sh $(B) $(FUZZ_SECONDS) $(FUZZBIN)
.PHONY: fuzz

# The same targets over what is kept, with any compiler and the sanitizers.
REPLAYBIN := $(FUZZSRC:tests/fuzz/fuzz_%.c=$(B)/san/tests/fuzz/replay_%)
SANLIB  := $(B)/san/libv6dio.a $(B)/san/libv6d.a
$(B)/san/lib.built: $(LIBSRC)
	@mkdir -p $(@D)
	@$(MAKE) --no-print-directory B=$(B)/san CFLAGS="$(LIGHT) $(SAN)" $(SANLIB)
	@touch $@
$(B)/san/tests/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(B)/san/lib.built $(GENOBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(STDIO) $(WARN) -Wno-missing-prototypes $(LIGHT) $(SAN) -o $@ $< tests/fuzz/replay.c $(SANLIB) $(GENOBJ) $(PKGLIBS)
replay: $(REPLAYBIN)
	@sh tests/fuzz/replay.sh $(REPLAYBIN)
.PHONY: replay
