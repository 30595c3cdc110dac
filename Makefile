# Builds Annex. A new file in src/<noun>/ or tests/ is found by itself.
#
#   make              build/annex          make CC=clang BUILD=build/clang
#   make quick        what every commit must pass, under a minute
#   make unit store   the two kinds of C tests; `./check` runs everything
#   make asan tsan    build/asan/annex, build/tsan/annex
#   make fuzz         build/fuzz/tests/fuzz/fuzz_*, by Clang's libFuzzer
#   make format       rewrites src/ and tests/ with clang-format
#   make install      PREFIX=/usr/local DESTDIR=

ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
SANITIZE ?=

# `make V=1` shows the commands.
ifeq ($(V),)
Q := @
SAY = @echo '  $(1) $@'
endif

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

# What is built --------------------------------------------------------------------------------

SOURCES := $(sort $(wildcard src/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o)
MAIN := $(BUILD)/obj/src/main.o
EMBED := $(BUILD)/embed/embed.o

# Pure files have no suffix of a layer and no folder that does I/O. Unit tests link them alone,
# so a pure function that reaches the store does not link.
NOT_PURE := src/db/% src/http/% src/app/% \
	$(foreach layer,store do api page cli job,$(wildcard src/*/*_$(layer).c))
PURE := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out $(NOT_PURE),$(SOURCES)))

# tests/support/*.c is linked into every test; store.c and *_store.c into store tests only.
SUPPORT := $(sort $(wildcard tests/support/*.c))
SUPPORT_STORE := $(filter %/store.c %_store.c,$(SUPPORT))
SUPPORT_UNIT := $(filter-out $(SUPPORT_STORE),$(SUPPORT))
SUPPORT_UNIT_OBJECTS := $(SUPPORT_UNIT:%.c=$(BUILD)/obj/%.o)
SUPPORT_STORE_OBJECTS := $(SUPPORT_STORE:%.c=$(BUILD)/obj/%.o)
UNIT_SOURCES := $(sort $(wildcard tests/unit/test_*.c))
STORE_SOURCES := $(sort $(wildcard tests/store/test_*.c))
UNIT_TESTS := $(UNIT_SOURCES:%.c=$(BUILD)/%)
STORE_TESTS := $(STORE_SOURCES:%.c=$(BUILD)/%)

# How it is built ------------------------------------------------------------------------------

PACKAGES := sqlite3 libpq libmicrohttpd jansson libsodium libcurl icu-uc icu-i18n zlib
PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES))
PACKAGE_LIBS := $(shell pkg-config --libs $(PACKAGES)) -lpthread

WARNINGS := -Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla -Wformat=2 -Wundef \
	-Wcast-qual -Wcast-align -Wwrite-strings -Wpointer-arith -Wimplicit-fallthrough -Wswitch \
	-Wredundant-decls -Wnested-externs -Wunused -Wdate-time
ifneq ($(findstring clang,$(CC)),)
WARNINGS += -Wcomma -Wassign-enum -Wconditional-uninitialized
else
# GCC does not see that TRY leaves whenever an output was not written; Clang does.
WARNINGS += -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Walloca -Wno-maybe-uninitialized
endif

HARDENING := -fstack-protector-strong -fstack-clash-protection -fno-common -fPIE
LINK_HARDENING := -pie -Wl,-z,relro,-z,now,-z,noexecstack
ifeq ($(SANITIZE),)
CFLAGS ?= -O2 -g
HARDENING += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
else
CFLAGS ?= -O1 -g
HARDENING += -fno-omit-frame-pointer -fsanitize=$(SANITIZE) -fno-sanitize-recover=all
LINK_HARDENING += -fsanitize=$(SANITIZE)
endif

# NDEBUG is never defined: asserts are part of the program.
COMPILE = $(CC) -std=c2x -D_GNU_SOURCE -Isrc -include src/base/banned.h $(WARNINGS) $(CFLAGS) \
	$(HARDENING) $(PACKAGE_CFLAGS) -MMD -MP
LINK = $(CC) $(CFLAGS) $(LINK_HARDENING) $(LDFLAGS)

.PHONY: all clean FORCE
all: $(BUILD)/annex

$(BUILD)/annex: $(MAIN) $(OBJECTS) $(EMBED) $(BUILD)/flags
	$(call SAY,link)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(PACKAGE_LIBS)

$(BUILD)/obj/src/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call SAY,compile)
	$(Q)$(COMPILE) -c -o $@ $<

$(BUILD)/obj/tests/%.o: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call SAY,compile)
	$(Q)$(COMPILE) -Itests -c -o $@ $<

# Everything is built again when the compiler or its flags change, and only then.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE) $(LINK) $(PACKAGE_LIBS)' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# A removed or renamed file must be linked out: the list of objects is a prerequisite too.
$(BUILD)/annex $(UNIT_TESTS) $(STORE_TESTS): $(BUILD)/sources
$(BUILD)/sources: FORCE
	@mkdir -p $(@D)
	@echo '$(SOURCES) $(SUPPORT)' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# Embedded files (src/base/embed.h) ------------------------------------------------------------

TEMPLATES := $(wildcard web/templates/*.mustache web/templates/*/*.mustache)
EMBED_FILES := $(sort $(wildcard src/db/migrations/*.sql web/messages/*.po demo/*.json) \
	$(TEMPLATES))
ASSETS := build/assets/manifest

# Style sheet, script and icons of the pages: web/build.mjs, on packages of npm (docs/adr/0005).
# Names of classes may also stand in the C that makes pages.
NPM := web/node_modules/.package-lock.json
ASSET_INPUTS := $(wildcard web/build.mjs web/icons web/*.svg web/licences.txt web/css/*.css \
	web/js/*.js src/html/*.c src/*/*_page*.c) $(TEMPLATES)

$(NPM): web/package-lock.json web/package.json web/.npmrc
	$(call SAY,npm)
	$(Q)cd web && npm ci --ignore-scripts --silent
	@touch $@

$(ASSETS): $(ASSET_INPUTS) $(NPM)
	$(call SAY,assets)
	$(Q)node web/build.mjs

$(BUILD)/embed/embed.S: FORCE $(ASSETS)
	@mkdir -p $(@D)
	@tools/embed $(EMBED_FILES) build/assets/* > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(EMBED): $(BUILD)/embed/embed.S $(EMBED_FILES) $(ASSETS)
	$(call SAY,embed)
	$(Q)$(CC) -c -o $@ $<

# Tests ----------------------------------------------------------------------------------------

.PHONY: tests unit store quick lint format
.SECONDARY:
tests: $(UNIT_TESTS) $(STORE_TESTS)

$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(SUPPORT_UNIT_OBJECTS) $(PURE) $(EMBED)
	@mkdir -p $(@D)
	$(call SAY,link)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(PACKAGE_LIBS) -lcmocka

$(STORE_TESTS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(SUPPORT_UNIT_OBJECTS) \
		$(SUPPORT_STORE_OBJECTS) $(OBJECTS) $(EMBED)
	@mkdir -p $(@D)
	$(call SAY,link)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(PACKAGE_LIBS) -lcmocka

unit: $(UNIT_TESTS)
	tools/test/run $(UNIT_TESTS)

# On SQLite; on PostgreSQL too when ANNEX_PG names a server (tools/postgres starts one).
store: $(STORE_TESTS)
	tools/test/run-store $(STORE_TESTS)

# Parsers with any bytes, every one a program of libFuzzer; tools/test/fuzz gives them seconds.
FUZZ_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
.PHONY: fuzz fuzz-programs
fuzz:
	$(MAKE) CC=clang BUILD=build/fuzz SANITIZE=fuzzer-no-link,address,undefined fuzz-programs
fuzz-programs: $(FUZZ_TESTS)

$(FUZZ_TESTS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(PURE) $(EMBED)
	@mkdir -p $(@D)
	$(call SAY,link)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(PACKAGE_LIBS)

lint:
	tools/check/all $(BUILD)

quick: all
	tools/check/all $(BUILD)
	$(MAKE) --no-print-directory unit

format:
	clang-format-14 -i $$(find src tests -name '*.c' -o -name '*.h')

# Variants and installation --------------------------------------------------------------------

.PHONY: asan tsan install
asan:
	$(MAKE) BUILD=build/asan SANITIZE=address,undefined all

tsan:
	$(MAKE) BUILD=build/tsan SANITIZE=thread all

install: $(BUILD)/annex
	install -D -m 755 $(BUILD)/annex $(DESTDIR)$(PREFIX)/bin/annex
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/annex/LICENSE

clean:
	rm -rf build
