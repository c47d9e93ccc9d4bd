# Everything that can be done in this checkout. `make` alone lists it.
# A fresh machine needs only make and Python 3.11 or newer; Node.js comes from PyPI into .venv.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
TOOLS := .local/tools
# Named by its full path: a test run or a build must not depend on what else is installed.
export PATH := $(CURDIR)/$(BIN):$(PATH)

PIP_QUIET := --quiet --disable-pip-version-check
# The function's packages are pure Python, so the same files serve any machine.
ANY_PLATFORM := --only-binary=:all: --platform any --implementation py --abi none --python-version 3.14

.PHONY: help setup venv demo stop test test-long lint format bench fuzz soak model cycles lock audit clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.python $(VENV)/.node .local/wheels/.fetched ## Install everything into .venv, node_modules and .local

venv: setup

demo: setup ## Deploy into an emulator, drop a file, see the audience (KEEP=1 leaves it running)
	@exec $(PYTHON) -m local.demo $(if $(filter-out 0,$(KEEP)),--keep) \
		--port $(or $(PORT),0) --tiktok-port $(or $(TIKTOK_PORT),0)

stop: ## Stop a demo that was left running by KEEP=1
	@$(PYTHON) -m local.demo --stop

test: setup ## Run every test, offline, in a few minutes
	$(PYTHON) -m pytest -m "not long"

test-long: setup ## Run every test, the long ones too
	$(PYTHON) -m pytest

lint: setup ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy lambda/audience_uploader stacks app.py local
	$(PYTHON) -m local.template_lint

format: setup ## Put the code into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Measure the speed and memory of reading files
	$(PYTHON) -m local.bench

fuzz: setup ## Throw generated files at the reader, for a bounded time
	$(PYTHON) -m local.fuzz

soak: setup ## Hundreds of drops, every fault of the simulator, then the count of what arrived
	$(PYTHON) -m local.soak

model: setup ## Check the delivery's model by thousands of random stories
	$(PYTHON) -m pytest -m long test/integration/test_model.py

cycles: setup ## Deploy, use, destroy, come back: five times in a row
	$(PYTHON) -m pytest test/e2e/test_e2e_5_return.py

lock: setup $(TOOLS)/.installed ## Pin all packages anew, the function's with hashes
	$(PYTHON) -m local.pins
	$(BIN)/npm update --package-lock-only
	$(TOOLS)/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-options \
		lambda/requirements.in
	$(TOOLS)/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-options \
		lambda/parquet-requirements.in

audit: setup $(TOOLS)/.installed ## Look for known vulnerabilities (asks PyPI and npm)
	$(TOOLS)/bin/pip-audit --strict --require-hashes -r lambda/requirements.txt \
		-r lambda/parquet-requirements.txt
	$(BIN)/npm audit

clean: ## Remove everything that was installed or made
	rm -rf $(VENV) node_modules cdk.out .local .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@if [ -x $(PYTHON) ] && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
		touch $@; exit 0; \
	fi; \
	for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$("$$name" --version)"; \
			"$$name" -m venv $(VENV) || { \
				echo "Python's venv module does not work here. On Debian: apt install python3-venv"; exit 1; }; \
			touch $@; exit 0; \
		fi; \
	done; \
	echo "Python 3.11 or newer is needed and none was found on PATH: https://www.python.org/downloads/"; \
	exit 1

$(VENV)/.python: requirements.txt requirements-dev.txt | $(VENV)/.made
	@echo "Installing Python packages (takes a minute or two)"
	@$(PYTHON) -m pip install $(PIP_QUIET) -r requirements-dev.txt
	@touch $@

$(VENV)/.node: package.json package-lock.json $(VENV)/.python
	@echo "Installing the CDK CLI"
	@$(BIN)/npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The layer's package for this machine: that is where the emulator runs the function.
.local/wheels/.fetched: lambda/requirements.txt lambda/parquet-requirements.txt $(VENV)/.python
	@echo "Fetching the function's packages"
	@rm -rf $(@D) && mkdir -p $(@D)
	@$(PYTHON) -m pip download $(PIP_QUIET) $(ANY_PLATFORM) --require-hashes -d $(@D) -r $<
	@$(PYTHON) -m pip download $(PIP_QUIET) --only-binary=:all: --require-hashes -d $(@D) \
		-r lambda/parquet-requirements.txt
	@touch $@

$(TOOLS)/.installed: $(VENV)/.python
	@echo "Installing pip-tools and pip-audit"
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install $(PIP_QUIET) pip-tools==7.6.2 pip-audit==2.10.1
	@touch $@
