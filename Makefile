# Everything runs in a virtual environment of its own; all that is needed beforehand is Python 3.11 or newer and make.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV_READY := $(VENV)/.ready-dev
PYTEST_ARGS ?=
CYCLES ?= 50
BENCH_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo sandbox test unit lint types contracts check chaos month bench docs clean

help: ## show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing (once) into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEV_READY): $(READY)
	@echo "installing the development tools (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

setup: $(DEV_READY) ## make the virtual environment with everything for development

demo: $(READY) ## watch a catalogue flow from a PIM into an Ibexa, twice, then with changes (both are bundled)
	@$(BIN)/connector demo

sandbox: $(READY) ## start the bundled Ibexa and PIM and leave them running
	@$(BIN)/connector sandbox --pim-port 8801

test: $(DEV_READY) ## run the whole suite; services are used where they are (see CONTRIBUTING.md)
	@$(BIN)/python -m pytest -n 3 --dist worksteal $(PYTEST_ARGS)

unit: $(DEV_READY) ## run the quick tests only
	@$(BIN)/python -m pytest -n 2 tests/unit $(PYTEST_ARGS)

lint: $(DEV_READY) ## check style and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(DEV_READY) ## check types, strictly
	@$(BIN)/mypy

contracts: $(DEV_READY) ## check the direction of imports, the dependencies, and the compose file
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry connector
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

check: lint types contracts test ## all of the above, as CI does

chaos: $(DEV_READY) ## kill a run at CYCLES random moments and count what was lost or doubled
	@CONNECTOR_CHAOS_CYCLES=$(CYCLES) $(BIN)/python -m pytest -m chaos tests/faults -s $(PYTEST_ARGS)

month: $(DEV_READY) ## keep a catalogue in an Ibexa for thirty nights, with editors, faults and kills, and judge what is left
	@$(BIN)/python -m bench.month

bench: $(DEV_READY) ## compare routes with scripts by hand and other frameworks; BENCH_ARGS='--mode one --no-peers'
	@$(BIN)/python -m bench --results bench/RESULTS.md $(BENCH_ARGS)

docs: $(DEV_READY) ## write the generated reference pages again
	@$(BIN)/python -m tools.make_reference

clean: ## remove what was built here, the run log of the demo included
	@rm -rf $(VENV) .connector build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
