# SPDX-License-Identifier: AGPL-3.0-or-later
# The front door. Meson and ninja do the building; `make help` lists what there is.

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c

MESON_RELEASE = --buildtype=release -Doptimization=2 -Ddebug=true -Ddemo=true
MESON_TEST    = --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false -Dtests=true -Ddemo=true
PREFIX       ?= /usr/local
DATA         ?= data
LISTEN       ?= 127.0.0.1:8080

.PHONY: all deps deps-test build run test quick soak lint format bench fuzz mutants install clean help

all: build

help:
	@echo "make          build the server (build/qiao) and its picture process (build/qiao-media)"
	@echo "make run      install what is missing, build, fill a demo world, serve it on http://localhost:8080"
	@echo "make test     install what is missing, lint, run every test"
	@echo "make quick    lint and unit tests only"
	@echo "make soak     what takes too long for every change (PARTS=\"crash mutants\"; tests/soak lists them)"
	@echo "make bench    speed and memory as ratios to nginx and raw SQLite, pages on a phone by Lighthouse"
	@echo "make fuzz     every fuzz target for a minute (SECONDS=60)"
	@echo "make mutants  does a test notice when one of the rules of tests/mutants/rules.txt is lost?"
	@echo "make install  into PREFIX=/usr/local (DESTDIR for packagers)"
	@echo "make deps     only install the Debian packages and npm lock files of tools/packages.txt"

deps:
	@tools/deps build run

deps-test:
	@tools/deps build run test

build/build.ninja:
	@meson setup build $(MESON_RELEASE) >build-setup.log 2>&1 || { cat build-setup.log; exit 1; }
	@rm -f build-setup.log

build: build/build.ninja
	@ninja -C build --quiet | { grep -v '^ninja: no work to do' || :; }
	@ln -sfn src/qiao build/qiao && ln -sf src/media/sandbox/qiao-media build/qiao-media

run: deps build
	@tools/run-demo --data "$(DATA)" --listen "$(LISTEN)"

build-test/build.ninja:
	@meson setup build-test $(MESON_TEST) >build-setup.log 2>&1 || { cat build-setup.log; exit 1; }
	@rm -f build-setup.log

test: deps-test
	@tests/run all

quick: build-test/build.ninja
	@tests/run quick

soak: deps-test build-test/build.ninja
	@ninja -C build-test --quiet
	@tests/soak $(PARTS)

lint:
	@tools/lint

format:
	@git ls-files -co --exclude-standard 'src/*.[ch]' 'demo/*.[ch]' 'bench/*.[ch]' 'tests/*.[ch]' | xargs clang-format-14 -i

bench:
	@tools/deps build run test bench
	@$(MAKE) --no-print-directory build
	@bench/run

fuzz:
	@tools/deps build test
	@tests/fuzz/run $(or $(SECONDS),60)

mutants: deps-test
	@tests/mutants/run

install: build
	@DESTDIR="$(DESTDIR)" tools/install "$(PREFIX)"

clean:
	rm -rf build build-test build-plain build-fuzz build-clang build-mutants build-soak build-tsan
