# rules.mk - how tests are built and run; included by the Makefile.
#
# tests/unit/test_X.c is a cmocka program against the pure library (and
# lib/io for those named test_io_X.c). UNIT=name runs one of them.
# The stages of "make test", in order; each prints "N passed, M failed".
TESTS   ?= checks unit unit-san test-lab

UNITSRC := $(sort $(wildcard tests/unit/*.c tests/sim/*.c))
UNITBIN := $(UNITSRC:%.c=$(B)/%)
SAN     := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
TESTINC := $(INC) -Itests

$(B)/tests/unit/test_io_%: tests/unit/test_io_%.c $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(PKGCF) $(STDIO) $(WARN) -Wno-missing-prototypes $(CFLAGS) -MMD -MP -o $@ $< $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ) $(PKGLIBS) -lcmocka
$(B)/tests/unit/%: tests/unit/%.c $(B)/libv6d.a $(GENOBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(STDIO) $(WARN) -Wno-missing-prototypes $(CFLAGS) -MMD -MP -o $@ $< $(B)/libv6d.a $(GENOBJ) $(PKGLIBS) -lcmocka
$(B)/tests/sim/%: tests/sim/%.c $(B)/libv6d.a $(GENOBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(STDIO) $(WARN) -Wno-missing-prototypes $(CFLAGS) -MMD -MP -o $@ $< $(B)/libv6d.a $(GENOBJ) $(PKGLIBS) -lcmocka

# A client for developers and for tests of the session drivers.
$(B)/tests/lab/dial: tests/lab/dial_main.c $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(PKGCF) $(STDIO) $(WARN) $(CFLAGS) -MMD -MP -o $@ $< $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ) $(PKGLIBS)
-include $(B)/tests/lab/dial.d

unit: $(UNITBIN)
	@sh tests/run-unit.sh $(UNITBIN)
# The same programs under AddressSanitizer and UndefinedBehaviorSanitizer.
unit-san:
	@$(MAKE) --no-print-directory $(JOBS) B=$(B)/san CFLAGS="-O1 -g $(SAN)" unit
.PHONY: unit unit-san
-include $(UNITBIN:=.d)

$(B)/tests/bench/%: tests/bench/%.c $(B)/libv6d.a
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(TESTINC) $(STDIO) $(WARN) $(CFLAGS) -MMD -MP -o $@ $< $(B)/libv6d.a
bench: all $(B)/tests/bench/gencap
	@sh tests/bench/bench.sh $(B)
.PHONY: bench

# The practice network (root).
test-lab: all
	@sh tests/lab/life.sh $(B)/v6doctor
.PHONY: test-lab
