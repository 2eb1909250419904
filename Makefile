# Two commands matter: `make demo` shows real names labelled by a real network, and `make test`
# runs everything that CI runs. `make help` lists the rest.

PREFIX ?= /usr/local
CONFIGURATION := release
BINARY := .build/$(CONFIGURATION)/seqtool
# The command and its tests share one configuration, so that no C is compiled twice.
BUILD := swift build -c $(CONFIGURATION)
# With Swift's own libraries inside, the command starts a third faster and runs where Swift is not.
# Nobody links against it: without 17,000 names for others the dynamic linker is done 0.6 ms sooner.
STATIC := --static-swift-stdlib -Xlinker --no-export-dynamic
TEST := swift test -c $(CONFIGURATION) --skip-build --disable-xctest

# The command needs the first line at build time; the tests also run Python where it is there.
BUILD_PACKAGES := libicu-dev libopenblas0 libpng-dev libyaml-dev pkg-config
TEST_PACKAGES := $(BUILD_PACKAGES) python3 unicode-data
# What Tests/Long makes its faults, locales and clocks with.
LONG_PACKAGES := strace locales faketime time

# For `make test-long` it must have torch, numpy, safetensors, onnx and onnxruntime, and tokenizers,
# sentencepiece and protobuf as Tests/Long/hf_parity.py says.
PYTHON ?= python3

# Labelled names for `make default-model`: TSV files, `label TAB name`.
TRAIN ?= train.tsv
DEV ?= dev.tsv

.PHONY: help demo build test test-long test-release fuzz bench format lint man install uninstall \
	default-model dependencies test-dependencies long-dependencies clean

help:
	@echo 'make demo           build, then: cat data/names.txt | seqtool classify'
	@echo 'make test           build and run every test, as CI does'
	@echo 'make test-long      the tests, then the checks that need PyTorch or minutes'
	@echo 'make test-release   the same faults, streams and limits at full size, which takes hours'
	@echo 'make fuzz           the fuzzers, ten seconds each (docs/reliability.md)'
	@echo 'make bench          speed of trainings, classifier and text pipeline on this machine'
	@echo 'make format         format the sources; make lint checks them'
	@echo 'make man            write the manual page, seqtool.1'
	@echo 'make install        command, manual and completions to PREFIX=$(PREFIX); make uninstall'
	@echo 'make default-model  train the built-in model: make default-model TRAIN=train.tsv DEV=dev.tsv'
	@echo 'make clean          remove what was built'

demo: build
	cat data/names.txt | $(BINARY) classify

build: dependencies
	$(BUILD) $(STATIC) --product seqtool

test: test-dependencies lint
	$(BUILD) --build-tests
	$(TEST)

test-long: test long-dependencies
	$(PYTHON) examples/load_in_pytorch.py $(BINARY) data/names
	set -e; stacks=$$(mktemp -d); trap 'rm -rf "$$stacks"' EXIT; \
	  SEQTOOL_PARITY="$$stacks" $(TEST) --filter RecurrentStackExportTests; \
	  $(PYTHON) Tests/Long/exchange.py $(BINARY) data/names "$$stacks"
	examples/plugins/swift/test.sh
	SEQTOOL_LONG_TESTS=1 $(TEST) --filter ExhaustiveDamageTests
	$(PYTHON) Tests/Long/vocab_memory.py $(BINARY)
	$(PYTHON) Tests/Long/stream_memory.py $(BINARY) --large 256M
	$(PYTHON) Tests/Long/kill.py $(BINARY) data/names
	$(PYTHON) Tests/Long/save_faults.py $(BINARY) --every 7
	$(PYTHON) Tests/Long/power_loss.py $(BINARY) --states 2000 --resumed 5
	$(PYTHON) Tests/Long/writers.py $(BINARY) --rounds 5
	$(PYTHON) Tests/Long/pipes.py $(BINARY)
	$(PYTHON) Tests/Long/limits.py $(BINARY)
	$(PYTHON) Tests/Long/complexity.py $(BINARY) --runs 3
	$(PYTHON) Tests/Long/determinism.py $(BINARY) --runs 3
	$(PYTHON) Tests/Long/nonfinite.py $(BINARY)
	$(PYTHON) Tests/Long/hf_parity.py -- -c $(CONFIGURATION) --skip-build

# By hand, before a release; docs/reliability.md has the results with their dates.
test-release: build long-dependencies
	$(PYTHON) Tests/Long/save_faults.py $(BINARY)
	$(PYTHON) Tests/Long/power_loss.py $(BINARY)
	$(PYTHON) Tests/Long/writers.py $(BINARY) --rounds 100 --processes 32
	$(PYTHON) Tests/Long/kill.py $(BINARY) data/names 500
	$(PYTHON) Tests/Long/pipes.py $(BINARY) --rounds 1000
	$(PYTHON) Tests/Long/limits.py $(BINARY) --memory-step 1M
	$(PYTHON) Tests/Long/complexity.py $(BINARY)
	$(PYTHON) Tests/Long/determinism.py $(BINARY)
	$(PYTHON) Tests/Long/nonfinite.py $(BINARY) --runs 1000
	$(PYTHON) Tests/Long/stream_memory.py $(BINARY) --large 4G
	$(PYTHON) Tests/Long/guards.py
	Tests/Long/sanitizers.sh
	Tests/Long/coverage.sh

fuzz: dependencies
	Tests/Fuzz/run.sh

# Beside other programs: Benchmarks/compare.py, classify.py, language_model.py, text.py.
bench: build
	$(BINARY) bench
	Benchmarks/run.sh $(BINARY) $(NAMES)

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

man: build
	$(BINARY) manual > seqtool.1

# Where the shells look for completions below a prefix, and what they are called there.
SHARE := $(DESTDIR)$(PREFIX)/share
COMPLETIONS := bash:bash-completion/completions/seqtool zsh:zsh/site-functions/_seqtool \
  fish:fish/vendor_completions.d/seqtool.fish

install: man
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(SHARE)/man/man1'
	install -m 755 $(BINARY) '$(DESTDIR)$(PREFIX)/bin/seqtool'
	install -m 644 seqtool.1 '$(SHARE)/man/man1/seqtool.1'
	set -e; for entry in $(COMPLETIONS); do target="$(SHARE)/$${entry#*:}"; \
	  install -d "$${target%/*}"; \
	  $(BINARY) --generate-completion-script "$${entry%%:*}" > "$$target"; \
	  chmod 644 "$$target"; done

uninstall:
	rm -f '$(DESTDIR)$(PREFIX)/bin/seqtool' '$(SHARE)/man/man1/seqtool.1'
	for entry in $(COMPLETIONS); do rm -f "$(SHARE)/$${entry#*:}"; done

# A small network taught by larger ones (docs/recipes.md); DEV judges it and changes nothing.
default-model: build
	$(BINARY) train classify '$(TRAIN)' --dev 0% --teacher networks --hidden 64 --layers 1 \
	  --dropout 0.1 --feature-dropout 0.45 --seed 2 -o Sources/CDefaultModel/default.seqmodel
	$(BINARY) evaluate --model Sources/CDefaultModel/default.seqmodel '$(DEV)'

dependencies:
	@.ci/install-missing $(BUILD_PACKAGES)

test-dependencies:
	@.ci/install-missing $(TEST_PACKAGES)

long-dependencies:
	@.ci/install-missing $(LONG_PACKAGES)

clean:
	swift package clean
