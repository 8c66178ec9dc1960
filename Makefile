# routesim: one non-recursive Makefile for GNU make 4. `make help` lists the targets.
#
#   CC=clang OPT=-O0 SAN=address,undefined   each combination builds in its own build/<variant>/
#   BUILD=dir   build there instead      WERROR=1   warnings are errors      V=1   show commands
#
# pkg-config is asked only when a recipe needs its answer, so that `make results` and `make test`
# can install what is missing first.

ifeq ($(origin CC),default)
CC := gcc
endif
OPT ?= -O2
PREFIX ?= /usr/local
empty :=
comma := ,
VARIANT := $(subst $(empty) ,,$(patsubst gcc,,$(notdir $(CC)))$(patsubst -O2,,$(OPT))$(addprefix -,$(subst $(comma),+,$(SAN))))
BUILD ?= build$(addprefix /,$(VARIANT:-%=%))
B := $(BUILD)
PROGRAM := $(B)/routesim
ifeq ($(MAKELEVEL)$(filter clean,$(MAKECMDGOALS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif

PACKAGES := glib-2.0 gsl yaml-0.1
once = $(eval $1 := $(shell pkg-config $2))$($1)
PKG_CFLAGS = $(call once,PKG_CFLAGS,--cflags $(PACKAGES))
PKG_LIBS = $(call once,PKG_LIBS,--libs $(PACKAGES))
TEST_CFLAGS = $(call once,TEST_CFLAGS,--cflags criterion)
TEST_LIBS = $(call once,TEST_LIBS,--libs criterion)
WARNINGS := -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wvla -Wno-missing-field-initializers $(if $(WERROR),-Werror)
DIALECT := -std=c17 -D_POSIX_C_SOURCE=200809L -ffp-contract=off \
  -DGLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_72 -DGLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_72
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
FLAGS = $(DIALECT) $(OPT) -g $(WARNINGS) $(SANITIZE) -Iinclude $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) $(OPT) -g $(SANITIZE) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)
LIBS = $(PKG_LIBS) -lm -pthread $(LDLIBS)

objects = $(patsubst %.c,$(B)/obj/%.o,$1)
find_c = $(sort $(shell find $(wildcard $1) -name '*.c' 2>/dev/null))
SOURCES := $(if $(wildcard sim),$(call find_c,sim))
TEST_SOURCES := $(if $(wildcard tests),$(call find_c,tests))
FACTS := $(if $(wildcard sim/report/facts.c),$(B)/obj/generated/facts.o)
LIBRARY := $(call objects,$(filter-out sim/cli/main.c,$(SOURCES))) $(FACTS)
# A suite is a folder with all below it: one a folder of sim/ in tests/unit/, and three beside these.
UNIT_DIRS := $(sort $(foreach f,$(filter tests/unit/%,$(TEST_SOURCES)),tests/unit/$(word 3,$(subst /, ,$f))))
SUITE_DIRS := $(UNIT_DIRS) $(wildcard tests/facts tests/property tests/oracle)
BENCH := $(if $(wildcard tests/bench/*.c),$(B)/tests/bench)
SUPPORT := $(call objects,$(filter tests/support/%,$(TEST_SOURCES)))
SUPPORT_LIBRARY := $(if $(SUPPORT),$(B)/tests/support.a)
suite = $(B)/tests/$(subst /,_,$(patsubst tests/%,%,$1))
SUITES := $(foreach d,$(SUITE_DIRS),$(call suite,$d))
SHELL_TESTS := tests/support/check-facts.sh \
  $(filter-out tests/support/%,$(sort $(wildcard tests/*/run*.sh)))
# What `make facts` runs: suites with FACTS, and the scripts that read "# Facts:".
FACT_SOURCES := $(shell grep -l '"support/facts.h"' $(TEST_SOURCES))
FACT_SUITES := $(foreach d,$(SUITE_DIRS),$(if $(filter $d/%,$(FACT_SOURCES)),$(call suite,$d)))
FACT_SCRIPTS := $(shell grep -l '^[.] tests/support/facts.sh' $(SHELL_TESTS))
# What a suite may link: base and engine prove that they stand on nothing above them.
LINKS_base := $(filter $(B)/obj/sim/base/%,$(LIBRARY))
LINKS_engine := $(filter $(B)/obj/sim/base/% $(B)/obj/sim/engine/%,$(LIBRARY))
links = $(or $(LINKS_$(patsubst tests/unit/%,%,$1)),$(LIBRARY))

# What has to be installed before the first compiler call: some goals install it, the rest ask for it.
DEPS := $(or $(if $(filter test check check-all coverage mutants,$(MAKECMDGOALS)),deps-test),\
  $(if $(filter results bench,$(MAKECMDGOALS)),deps),deps-check)
say = $(if $(V),,@printf '  %-5s %s\n' $1 $(or $2,$@);)
keep = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$1)' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$1)' >$@
run_env = ROUTESIM='$(abspath $(PROGRAM))' BUILD='$(abspath $(B))' CC='$(CC)'

#   make test ORACLE=20000 PRODUCT=1 SEED=n   tests/oracle at another length

.PHONY: all check check-all test results bench oracle calibrate-seeds facts lint coverage mutants fuzz check-layers check-headers check-threads golden-update \
  install uninstall clean help deps deps-test deps-check FORCE
.DELETE_ON_ERROR:
.SUFFIXES:

all: $(PROGRAM) ## build build/routesim (the default)

check: check-layers check-headers test ## check-layers, check-headers and all tests
$(if $(filter check check-all,$(MAKECMDGOALS)),$(eval test: | check-layers check-headers))

test: $(PROGRAM) $(SUITES) ## install what is missing, then run every test
	@$(run_env) $(if $(filter command,$(origin SUITES) $(origin SHELL_TESTS)),,FACTS=$(B)/facts.md) \
	  tests/support/run-tests.sh $(SUITES) -- $(SHELL_TESTS)

results: $(PROGRAM) ## install what is missing, build, run all scenarios, write results/ and plots/
	$(PROGRAM) batch scenarios --out results --plots plots
	@$(run_env) tests/results/designs.sh results plots
	$(PROGRAM) compare scenarios

bench: $(PROGRAM) $(BENCH) ## measure speed: results/measured/bench.csv
	@$(if $(BENCH),mkdir -p results/measured && $(run_env) $(BENCH) >$(B)/bench.csv && \
	  cp $(B)/bench.csv results/measured/bench.csv && cat results/measured/bench.csv,\
	  echo 'no tests/bench/bench.c')

check-all: check oracle $(B)/tests/property ## check, all of it under sanitizers, and at full length: oracle, windows, stories, blame, killed batches
	@$(run_env) PROPERTY_DESIGNS=$(or $(PROPERTY_DESIGNS),20000) $(B)/tests/property --filter='windows/*'
	@$(run_env) PROPERTY_DESIGNS=$(or $(PROPERTY_DESIGNS),20000) $(B)/tests/property --filter='stories*/*'
	@$(run_env) PROPERTY_DESIGNS=$(or $(PROPERTY_BLAME),2000) $(B)/tests/property --filter='blame/*'
	@$(MAKE) calibrate-seeds
	@$(run_env) KILLS=$(or $(KILLS),100) tests/support/run-tests.sh -- tests/cli/run-output.sh
	@$(MAKE) SAN=address,undefined test
	@$(MAKE) check-threads
	@$(MAKE) lint ANALYZE=1
	@$(MAKE) fuzz

calibrate-seeds: $(B)/tests/unit_batch ## the accuracy of calibrate over 200 samples of each law (SEEDS=..)
	@CALIBRATE_SEEDS=$(or $(SEEDS),200) $(B)/tests/unit_batch --filter='calibrate/*known_law'

oracle: $(PROGRAM) $(B)/tests/oracle ## the oracle at full length: 20,000 designs of each cloud, the whole product
	@$(run_env) ORACLE=$(or $(ORACLE),20000) PRODUCT=$(or $(PRODUCT),1) $(B)/tests/oracle

facts: $(PROGRAM) $(FACT_SUITES) ## run the tests that hold facts; each fact: the test that ran and passed, or why it is left out
	@$(run_env) FACTS=$(B)/facts.md tests/support/run-tests.sh $(FACT_SUITES) -- $(FACT_SCRIPTS) >$(B)/facts.log; \
	  status=$$?; cat $(B)/facts.md; [ $$status -eq 0 ] || grep -av '\[====\]' $(B)/facts.log >&2; exit $$status

lint: | $(B)/flags ## clang-format, cppcheck and clang-tidy, each where it is installed (ANALYZE=1: clang's analyzer too)
	@ANALYZE=$(ANALYZE) tests/support/lint.sh $(filter-out -W%,$(FLAGS))

coverage: | deps-test ## line and branch coverage of sim/ by module
	$(MAKE) --no-print-directory BUILD=build/coverage OPT=-O0 CFLAGS="--coverage -fprofile-update=atomic" test
	@tests/support/coverage.sh build/coverage

mutants: $(PROGRAM) $(SUITES) ## what the tests notice of N=30 mutants a module drawn by SEED=1 (MODULES=.., WITH="suite ..", FACT=id, JOBS=..)
	@TEST_LIBS='$(TEST_LIBS)' LIBS='$(LIBS)' python3 tests/support/mutants/mutants.py \
	  $(or $(N),30) $(or $(SEED),1) $(B) '$(CC)' $(FLAGS)

fuzz: ## any bytes to the reader of scenarios, under sanitizers, for SECONDS=60 (needs clang)
	@mkdir -p $(B)/fuzz/corpus
	clang $(DIALECT) -O1 -g $(WARNINGS) -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	  -Iinclude $(PKG_CFLAGS) tests/fuzz/fuzz_compose.c sim/language/compose.c $(filter sim/base/%,$(SOURCES)) \
	  $(LIBS) -o $(B)/fuzz/fuzz_compose
	$(B)/fuzz/fuzz_compose -max_total_time=$(or $(SECONDS),60) -timeout=10 -artifact_prefix=$(B)/fuzz/ \
	  $(B)/fuzz/corpus scenarios/compare 2>$(B)/fuzz/log || { tail -n 40 $(B)/fuzz/log; exit 1; }
	@tail -n 2 $(B)/fuzz/log

check-layers: $(PROGRAM) ## no folder of sim/ includes a higher one or a sibling, and no files stand in a circle
	@tests/support/check-layers.sh
	@tests/support/check-circles.sh $(B)/obj

check-threads: ## no data race under ThreadSanitizer, and the same rows by any number of threads
	@$(MAKE) SAN=thread OPT=-O1 BUILD=build/threads all
	@tests/support/check-threads.sh build/threads/routesim

check-headers: | $(B)/flags ## every public header compiles alone
	@tests/support/check-headers.sh '$(CC)' $(FLAGS)

golden-update: $(PROGRAM) ## rewrite the expected output of the golden tests and of the README
	@$(run_env) GOLDEN_UPDATE=1 tests/golden/run.sh
	@$(run_env) SCRATCH="$$(mktemp -d)" GOLDEN_UPDATE=1 tests/readme/run.sh

install: $(PROGRAM) ## install under $(DESTDIR)$(PREFIX), /usr/local by default
	install -Dm755 $(PROGRAM) '$(DESTDIR)$(PREFIX)/bin/routesim'
	find scenarios -type f -exec install -Dm644 {} '$(DESTDIR)$(PREFIX)/share/routesim/{}' \;

uninstall: ## remove what install put there
	rm -f '$(DESTDIR)$(PREFIX)/bin/routesim'
	rm -rf '$(DESTDIR)$(PREFIX)/share/routesim'

clean: ## remove what was built
	rm -rf build $(B)

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | while IFS='	' read -r t d; do printf '%-14s %s\n' "$$t" "$$d"; done

deps: ## install what the build needs
	@CC='$(CC)' tests/support/install-deps.sh build
deps-test: ## install what the build and the tests need
	@CC='$(CC)' tests/support/install-deps.sh build test $(filter mutants,$(MAKECMDGOALS))
deps-check:
	@CC='$(CC)' tests/support/install-deps.sh --check build

$(B)/flags: FORCE | $(DEPS)
	$(call keep,$(CC) $(FLAGS) $(LDFLAGS) $(LIBS))
$(B)/files: FORCE
	$(call keep,$(SOURCES) $(TEST_SOURCES))

$(B)/obj/%.o: %.c $(B)/flags
	$(call say,CC,$<)mkdir -p $(@D) && $(CC) $(FLAGS) $(if $(filter tests/%,$<),-Itests $(TEST_CFLAGS)) -MMD -MP -c $< -o $@
$(B)/generated/facts.c: scenarios/facts.md tests/support/facts-to-c.awk
	$(call say,GEN)mkdir -p $(@D) && awk -f tests/support/facts-to-c.awk scenarios/facts.md >$@
$(B)/obj/generated/facts.o: $(B)/generated/facts.c $(B)/flags
	$(call say,CC,$<)mkdir -p $(@D) && $(CC) $(FLAGS) -I. -MMD -MP -c $< -o $@
$(PROGRAM): $(call objects,sim/cli/main.c) $(LIBRARY) $(B)/files
	$(call say,LINK)mkdir -p $(@D) && $(LINK) $(LIBS)
$(B)/tests/support.a: $(SUPPORT) $(B)/files
	$(call say,AR)mkdir -p $(@D) && rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)
define suite_rule
$(call suite,$1): $(call objects,$(filter $1/%,$(TEST_SOURCES))) $(SUPPORT_LIBRARY) $(call links,$1) $(B)/files
	$$(call say,LINK)mkdir -p $$(@D) && $$(LINK) $$(TEST_LIBS) $$(LIBS)
endef
$(foreach d,$(SUITE_DIRS),$(eval $(call suite_rule,$d)))
$(B)/tests/bench: $(call objects,$(wildcard tests/bench/*.c)) $(SUPPORT_LIBRARY) $(LIBRARY) $(B)/files
	$(call say,LINK)mkdir -p $(@D) && $(LINK) $(LIBS)

-include $(patsubst %.o,%.d,$(LIBRARY) $(call objects,sim/cli/main.c $(TEST_SOURCES)))
