# Two commands matter: `make demo` and `make test`. Both make their own environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is installed: enough to run it, to develop it, to compare it with peers.
RUNS := $(VENV)/.runs
STAMP := $(VENV)/.installed
BENCH := $(VENV)/.bench
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --editable

# Where messages of the chat stand; the command line speaks English only.
SPOKEN := bot core http i18n jobs sources store

.PHONY: help setup demo run test test-nightly mutants attacks check screens words wheel lock sbom bench bench-delivery bench-faults bench-scale lint types arch docs format constraints clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(RUNS): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5) and "Python 3.11.5 or newer is needed; set PYTHON=…")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo 'Installing what the service runs on into $(VENV); the first time it takes a minute or two …'
	$(INSTALL) .
	@touch $@

$(STAMP): $(RUNS)
	@echo 'Installing what tests and checks need …'
	$(INSTALL) '.[dev]' --quiet
	@touch $@

$(BENCH): $(STAMP)
	@echo 'Installing the peers that benches compare with …'
	$(INSTALL) '.[bench,semantic]' --quiet
	@touch $@

setup: $(STAMP) ## Make the environment

demo: $(RUNS) ## Watch the bundled newsroom; alerts on the console
	$(BIN)/monitor demo $(ARGS)

run: $(RUNS) ## Start the service with config/
	$(BIN)/monitor run --config config $(ARGS)

test: $(STAMP) ## Run the tests (how long: tests/README.md)
	$(BIN)/pytest -n 3 --dist worksteal $(ARGS)

test-nightly: $(STAMP) ## Run what `make test` only samples: all orders, all floods
	$(INSTALL) '.[dev,nightly]' --quiet
	$(BIN)/pytest -n 2 --dist worksteal -m nightly $(ARGS)

mutants: $(STAMP) ## Small faults in monitor/core, a sample: which share do its tests catch (hours)
	$(INSTALL) '.[dev,mutants]' --quiet
	$(BIN)/python -m tests.support.mutants $(ARGS)

attacks: $(STAMP) ## Hostile inputs against the running code: what each costs
	$(BIN)/pytest -q -s -m '' -p no:randomly -p no:xdist tests/integration/attacks $(ARGS)

lint: $(STAMP) ## Style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## Types
	$(BIN)/mypy
	MYPYPATH=.:bench $(BIN)/mypy --explicit-package-bases tests bench

arch: $(STAMP) ## Layers
	$(BIN)/lint-imports

docs: $(STAMP) ## The shipped config is valid; the pages of docs/ build, every link leads somewhere (.site/)
	$(BIN)/monitor check --config config
	$(BIN)/mkdocs build --strict --quiet

check: lint types arch docs test ## What CI runs

bench: $(BENCH) ## Measure: every bench prints a table and one JSON line
	@for bench in bench/*.py; do echo "== $$bench"; \
	  case $$bench in bench/delivery.py|bench/faults.py|bench/desk.py) size=--quick;; *) size=;; esac; \
	  $(BIN)/python $$bench $$size $(ARGS) || exit 1; done

bench-delivery: $(BENCH) ## The whole table of delivery faults: about an hour
	$(BIN)/python bench/delivery.py $(ARGS)

bench-scale: $(BENCH) ## A hundred thousand sources; articles a second by engine and processes: a quarter of an hour
	$(BIN)/python bench/scale.py $(ARGS)

bench-faults: $(BENCH) ## The whole table of faults (database, disk, clock, channel, workers, broker): a quarter of an hour and more
	$(BIN)/python bench/faults.py $(ARGS)

screens: $(STAMP) ## Draw the README's pictures from what the service really says (half a minute; the desk's need Chromium)
	$(BIN)/python -m tests.support.screens.draw docs/screens
	$(BIN)/python -m tests.support.screens.desk docs/screens

words: $(STAMP) ## Take new messages of the chat into the catalogues, to be translated there
	$(BIN)/pybabel -q extract --no-location -k say -k plain -k note -k many:1,2 -k many_plain:1,2 -k lazy -k lazy_plural:1,2 -o .words.pot $(addprefix monitor/,$(SPOKEN))
	@for language in ru be uk pl lt; do $(BIN)/pybabel -q update --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date -w 110 -l $$language -i .words.pot -o monitor/i18n/catalogues/$$language.po || exit 1; done
	@sed -i '/^"\(Project-Id-V\|Report-M\|POT-C\|PO-R\|Last-T\|Language-T\|Generated\)/d' monitor/i18n/catalogues/*.po; rm .words.pot

format: $(STAMP) ## Format the code
	$(BIN)/ruff check --fix . || true
	$(BIN)/ruff format .

reference: $(STAMP) ## Write config/monitor.yaml, its schema and the settings' table from monitor/model/settings.py
	$(BIN)/python -m monitor.config.models.reference

wheel: $(STAMP) ## Build the wheel into dist/
	$(BIN)/python -m pip --quiet wheel --no-deps --wheel-dir dist .

lock: ## Write requirements.txt: every package of a running service with its hashes, no registry named (needs uv)
	@head -2 requirements.txt > .lock.head
	uv pip compile pyproject.toml --generate-hashes --constraint constraints.txt --universal --python-version 3.11.5 \
	  --no-emit-index-url --no-header --no-annotate --quiet --output-file .lock.body
	@cat .lock.head .lock.body > requirements.txt; rm .lock.head .lock.body

sbom: $(RUNS) ## Write dist/sbom.json (CycloneDX): what runs, its licences, what needs what
	$(INSTALL) '.[release]' --quiet
	test -x dist/.locked/bin/python || $(PYTHON) -m venv dist/.locked
	dist/.locked/bin/python -m pip --quiet install --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.json dist/.locked/bin/python

constraints: ## Pin what is installed now
	(echo '# Exact versions that this commit was tested with; made by `make constraints`.'; $(BIN)/pip freeze --exclude-editable) > constraints.txt

clean: ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
