# SPDX-License-Identifier: Apache-2.0
# Common jobs; CMake and Ninja do the work. Everything is written under build/.
BUILD ?= build
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
FUZZ_S ?= 60
TARGET ?= rulebook
CYCLES ?= 100

.PHONY: all run test build lint bench bench-screen fuzz crash soak install clean check

all: build

build:
	@tools/setup base
	@tools/quiet cmake -S . -B $(BUILD) -G Ninja
	@tools/quiet cmake --build $(BUILD) -j $(JOBS)

# The main job on what the program carries: the orders, parties and lists of the example, in a book of its own.
run: build
	@rm -rf $(BUILD)/run && mkdir -p -m 0700 $(BUILD)/run && export TWOKEY_BOOK=$(abspath $(BUILD))/run/book.db && \
		$(BUILD)/twokey lists import lists/sample/csl-sample-2026-07-31.csv >$(BUILD)/run/log && \
		$(BUILD)/twokey parties import examples/h200-2026/parties.csv >>$(BUILD)/run/log && \
		$(BUILD)/twokey parties import examples/h200-2026/holdings.csv >>$(BUILD)/run/log || \
		{ cat $(BUILD)/run/log; exit 1; }; \
	TWOKEY_BOOK=$(abspath $(BUILD))/run/book.db $(BUILD)/twokey check examples/h200-2026/orders.csv; rc=$$?; \
		if [ $$rc -le 2 ] && [ $$rc -ne 0 ]; then exit $$rc; fi

test:
	@tools/setup base
	@tools/quiet cmake -S . -B $(BUILD)/test -G Ninja -DCMAKE_BUILD_TYPE=Debug -DTWOKEY_DEVELOPER=ON \
		-DTWOKEY_TESTS=ON -DTWOKEY_SANITIZE=address,undefined
	@tools/quiet cmake --build $(BUILD)/test -j $(JOBS)
	@ctest --test-dir $(BUILD)/test -j $(JOBS) --output-on-failure --no-tests=error

lint:
	@tools/setup base
	@sh tools/tidy .
	@tools/lint

bench:
	@tools/setup bench
	@bench/run $(BUILD)/bench

bench-screen:
	@tools/setup bench
	@bench/run-screen $(BUILD)/bench

fuzz:
	@tools/setup fuzz
	@tools/fuzz $(TARGET) $(FUZZ_S) $(BUILD)/fuzz

# The long run of what the tests do in short: CYCLES kills of a program that writes, power cuts at every moment.
crash: test
	@CYCLES=$(CYCLES) TMPDIR=$(abspath $(BUILD)/test) $(BUILD)/test/test_crash_store_kill
	@CYCLES=$(CYCLES) TMPDIR=$(abspath $(BUILD)/test) $(BUILD)/test/test_crash_claims_import
	@SEEDS=$$((1 + $(CYCLES) / 100)) TMPDIR=$(abspath $(BUILD)/test) $(BUILD)/test/test_crash_store_power

soak: test
	@COUNT=200000 $(BUILD)/test/test_property_decide_reference

install: build
	@cmake --install $(BUILD) --prefix $(PREFIX)

check: lint test

clean:
	@rm -rf $(BUILD)
