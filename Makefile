# Builds build/v6doctor; "make help" lists what else. No configure step.
CC      ?= cc
PREFIX  ?= /usr/local
CFLAGS  ?= -O2 -g
B       ?= build
Q       := $(if $(V),,@)
say      = $(if $(V),,@printf '  %-4s %s\n' $(1) $(2))

PKGS    := libpcap libnl-3.0 libnl-route-3.0 libcares libcurl libuv nettle jansson inih libnftables zlib libzstd
PKGCF   := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKGLIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
JOBS    := -j$(shell nproc 2>/dev/null || echo 2)

WARN    := -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wswitch-enum \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wcast-align \
	-Wvla -Wundef -Wformat=2 -Werror
STDPURE := -std=c11 -Wpedantic
STDIO   := -std=gnu11 -D_GNU_SOURCE
INC     := -Ilib -Itools -Itools/v6doctor -I$(B)/gen

# Every folder but gateway, io and tools is pure: no I/O, no clock, no heap.
PURE    := base proto flow tunnel diag probe paste walk report trace
SRC     := $(foreach d,$(PURE),$(sort $(wildcard lib/$d/*.c)))
IOSRC   := $(sort $(wildcard lib/io/*.c lib/gateway/*.c))
TOOLSRC := $(sort $(wildcard tools/v6doctor/*.c tools/lab/*.c))
OBJ     := $(SRC:%.c=$(B)/%.o)
IOOBJ   := $(IOSRC:%.c=$(B)/%.o)
TOOLOBJ := $(TOOLSRC:%.c=$(B)/%.o)
LABFILES := $(sort $(wildcard tools/lab/faults/* tools/lab/topology/*))
DOCFILES := $(sort $(wildcard docs/causes/*.md docs/causes/ja/*.md docs/probes/*.md docs/probes/ja/*.md))
REPORTFILES := $(sort $(wildcard lib/report/*.css))
GENOBJ  := $(B)/gen/lab_files.o $(B)/gen/doc_files.o $(B)/gen/report_files.o $(B)/gen/lang_ja.o

all: $(B)/v6doctor

$(B)/v6doctor: $(TOOLOBJ) $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKGLIBS)

$(B)/libv6d.a: $(OBJ)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^
$(B)/libv6dio.a: $(IOOBJ)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(OBJ): $(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(INC) $(STDPURE) $(WARN) $(CFLAGS) -MMD -MP -c -o $@ $<
$(IOOBJ) $(TOOLOBJ): $(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(INC) $(PKGCF) $(STDIO) $(WARN) $(CFLAGS) -MMD -MP -c -o $@ $<

# Files that travel inside the program: name -> text. The list of names is a
# prerequisite too, so that a file taken away is noticed.
$(B)/gen/%.list: FORCE
	@mkdir -p $(@D)
	@echo $(LABFILES) $(DOCFILES) | cmp -s - $@ || echo $(LABFILES) $(DOCFILES) >$@
$(B)/gen/lab_files.c: tests/build/embed.sh $(LABFILES) $(B)/gen/lab_files.list
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)sh tests/build/embed.sh v6d_lab_files tools/lab $(LABFILES) >$@.tmp && mv $@.tmp $@
$(B)/gen/doc_files.c: tests/build/embed.sh $(DOCFILES) $(B)/gen/doc_files.list
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)sh tests/build/embed.sh v6d_doc_files docs $(DOCFILES) >$@.tmp && mv $@.tmp $@
$(B)/gen/report_files.c: tests/build/embed.sh $(REPORTFILES)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)sh tests/build/embed.sh v6d_report_files lib/report $(REPORTFILES) >$@.tmp && mv $@.tmp $@
.PRECIOUS: $(B)/gen/lang_%.c
$(B)/gen/lang_%.c: po/%.po tests/build/messages.sh tests/build/messages.awk
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)sh tests/build/messages.sh $* $< >$@.tmp && mv $@.tmp $@
$(B)/gen/%.o: $(B)/gen/%.c
	$(Q)$(CC) $(CPPFLAGS) $(INC) $(STDPURE) -Wno-overlength-strings $(CFLAGS) -c -o $@ $<

# Man pages and completions, by a program that knows the tables.
MANUAL  := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tools/manual/*.c)))
$(MANUAL): $(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(INC) $(PKGCF) $(STDIO) $(WARN) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/manual: $(MANUAL) $(filter-out %/main.o,$(TOOLOBJ)) $(B)/libv6dio.a $(B)/libv6d.a $(GENOBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKGLIBS)
$(B)/man/v6doctor.1: $(B)/manual $(wildcard docs/man/*)
	@mkdir -p $(B)/man $(B)/completions
	$(call say,GEN,$(B)/man $(B)/completions)
	$(Q)$(B)/manual docs/man $(B)
manual: $(B)/man/v6doctor.1

include tests/rules.mk

help:
	@echo "make              builds $(B)/v6doctor"
	@echo "make deps         installs the Debian packages that are missing (root)"
	@echo "make demo         deps, build, run-all in the practice network: healthy, then faulty (root)"
	@echo "make test         deps, build, every test (root)"
	@echo "make test-crash   connect killed at every call that changes anything (root)"
	@echo "make soak         the practice network's runs, many times each (root)"
	@echo "make matrix       every fault, variant and pair: writes docs/diagnosis.md (root)"
	@echo "make bench        speed, as ratios against other tools in the same run"
	@echo "make messages     brings po/ up to the sources, for translating"
	@echo "make fuzz         the fuzzers, FUZZ_SECONDS=60 each"
	@echo "make manual       man pages and completions, into $(B)"
	@echo "make install      PREFIX=$(PREFIX) DESTDIR=$(DESTDIR); make uninstall"
	@echo "make clean        V=1 on any of these shows the commands"

deps:
	@sh tests/build/deps.sh

# Sub-makes, because pkg-config must be asked again after deps.
demo: deps
	@$(MAKE) --no-print-directory $(JOBS) all
	@sh tests/demo.sh $(B)/v6doctor

test: deps
	@$(MAKE) --no-print-directory $(JOBS) all
	@sh tests/build/own-root.sh sh tests/run.sh $(B) "$(BESIDE)" $(TESTS)

install: all manual
	@sh tools/package/files.sh $(B) | while IFS="$$(printf '\t')" read -r mode path from; do \
		to="$(DESTDIR)$(PREFIX)/$$path"; \
		case $$from in \
		*.in) sed 's,@PREFIX@,$(PREFIX),g' "$$from" >$(B)/filled && from=$(B)/filled ;; \
		esac; \
		install -D -m "$$mode" "$$from" "$$to" || exit 1; \
	done
	$(call say,INST,$(DESTDIR)$(PREFIX))
uninstall: manual
	@sh tools/package/files.sh $(B) | cut -f2 | while read -r path; do \
		rm -f "$(DESTDIR)$(PREFIX)/$$path" || exit 1; \
	done
	@cd "$(DESTDIR)$(PREFIX)" && rm -rf share/doc/v6doctor share/v6doctor

clean:
	rm -rf $(B)
FORCE:
.PHONY: all manual help deps demo test install uninstall clean FORCE
-include $(OBJ:.o=.d) $(IOOBJ:.o=.d) $(TOOLOBJ:.o=.d) $(MANUAL:.o=.d)
