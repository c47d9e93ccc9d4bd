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
LOG := .local/install.log
DEMO_READY := $(VENV)/.demo $(BIN)/audiencectl $(VENV)/.node .local/wheels/.fetched
# Named by its full path: a test run or a build must not depend on what else is installed.
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Nothing is compiled that nobody imports: that alone halves the time and the disk space.
PIP := $(PYTHON) -m pip --disable-pip-version-check
PIP_INSTALL := $(PIP) install --no-compile --progress-bar off
NPM_INSTALL := $(BIN)/npm ci --no-audit --no-fund --loglevel=error
PIN := $(TOOLS)/bin/pip-compile --quiet --upgrade --strip-extras --no-emit-options
# The function's packages are pure Python, so the same files serve any machine.
ANY_PLATFORM := --only-binary=:all: --platform any --implementation py --abi none --python-version 3.14
# One process more than two cores have, since deployments wait; test/conftest.py says what stays together.
IN_PARALLEL := -n 3 --dist loadscope --no-loadscope-reorder
# Runs a command with its output in the log; if it fails, shows the end of it and says where it is.
quietly = mkdir -p .local; $(1) >>$(LOG) 2>&1 </dev/null || { tail -n 15 $(LOG); \
	echo "That did not work. The whole output is in $(LOG)."; exit 1; }

.PHONY: help setup venv demo cost stop test test-long unit integration lint types imports hooks format
.PHONY: bench fuzz soak model cycles lock audit clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.dev $(BIN)/audiencectl $(VENV)/.node-dev .local/wheels/.parquet .local/.jsii ## Install everything into .venv, node_modules and .local

venv: setup

demo: cost $(DEMO_READY) ## Deploy into an emulator, drop files, see the audience (KEEP=1 leaves it running)
	@exec $(PYTHON) -m local.demo $(if $(filter-out 0,$(or $(KEEP),$(keep))),--keep) \
		--port "$(or $(PORT),0)" --tiktok-port "$(or $(TIKTOK_PORT),0)"

cost:
	@for made in $(DEMO_READY); do [ -e "$$made" ] || { \
		echo "The first time, this installs about 800 MB below this folder, which takes one or two minutes."; \
		echo "The demo itself takes one or two minutes each time."; break; }; done

stop: ## Stop a demo that was left running by KEEP=1
	@if [ ! -e .local/demo.json ]; then echo "No demo is running."; \
	elif [ ! -x $(PYTHON) ]; then echo "A demo was left running and $(VENV) is gone: make setup, then make stop"; exit 1; \
	else exec $(PYTHON) -m local.demo --stop; fi

test: setup ## Run every test, offline, in a few minutes
	$(PYTHON) -m pytest $(IN_PARALLEL) -m "not long"

test-long: setup ## Run every test, the long ones too
	$(PYTHON) -m pytest $(IN_PARALLEL)

unit: setup ## Run the tests of single modules, in seconds
	$(PYTHON) -m pytest -q -m "not long" test/unit

integration: setup ## Run the tests of the whole function against fakes and the simulator
	$(PYTHON) -m pytest -q -m "not long" test/integration

lint: setup types imports ## Check style, types, and which module imports which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(PYTHON) -m local.template_lint

types: setup
	$(BIN)/mypy

imports: setup
	PYTHONPATH=lambda $(BIN)/lint-imports --no-logo

hooks: setup ## Check every commit from now on (git hooks by pre-commit)
	$(BIN)/pre-commit install

format: setup ## Put the code into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Measure the speed and memory of reading files
	$(PYTHON) -m local.bench
	PYTHONPATH=lambda $(PYTHON) -m local.bench.parquet
	PYTHONPATH=lambda $(PYTHON) -m local.bench.hashing
	PIP_FIND_LINKS=.local/wheels $(PYTHON) -m local.bench.cold_start

fuzz: setup ## Read thousands of damaged files, against a reader that goes line by line
	$(PYTHON) -m pytest -m long test/unit/rows/test_rows_damaged.py

soak: setup ## Hundreds of drops, every fault of the simulator, then the count of what arrived
	PYTHONPATH=test $(PYTHON) -m support.soak

model: setup ## Check the delivery's model by thousands of random stories
	$(PYTHON) -m pytest -m long test/integration/test_model.py

cycles: setup ## Deploy, use, destroy, come back: five times in a row
	$(PYTHON) -m pytest test/e2e/test_return.py

lock: setup $(TOOLS)/.installed ## Pin all packages anew, the function's with hashes
	$(PIN) --annotation-style=line requirements-dev.in
	for of in "" -audiencectl -demo; do \
		$(PIN) --annotation-style=line --constraint requirements-dev.txt requirements$$of.in; done
	$(PIN) --generate-hashes lambda/requirements.in
	$(PIN) --generate-hashes lambda/parquet-requirements.in
	$(BIN)/npm update --package-lock-only

audit: setup $(TOOLS)/.installed ## Look for known vulnerabilities (asks PyPI and npm)
	$(TOOLS)/bin/pip-audit --strict --require-hashes -r lambda/requirements.txt \
		-r lambda/parquet-requirements.txt
	$(BIN)/npm audit

clean: ## Remove everything that was installed or made
	rm -rf $(VENV) node_modules cdk.out .local .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
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

$(VENV)/.demo: requirements.txt requirements-audiencectl.txt requirements-demo.txt | $(VENV)/.made
	@echo "Installing Python packages"
	@$(call quietly,$(PIP_INSTALL) -r requirements-demo.txt)
	@touch $@

$(BIN)/audiencectl: | $(VENV)/.made
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s" -m audiencectl "$$@"\n' "$(CURDIR)" "$(CURDIR)/$(PYTHON)" >$@
	@chmod +x $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.demo
	@echo "Installing Python packages for tests and linters"
	@$(call quietly,$(PIP_INSTALL) -r requirements-dev.txt)
	@touch $@

$(VENV)/.node: package.json package-lock.json $(VENV)/.demo
	@echo "Installing the CDK CLI"
	@$(call quietly,$(NPM_INSTALL) --omit=dev)
	@touch $@

$(VENV)/.node-dev: package.json package-lock.json $(VENV)/.demo
	@echo "Installing the CDK CLI, and Python 3.14 for tests"
	@$(call quietly,$(NPM_INSTALL))
	@touch $(VENV)/.node $@

.local/wheels/.fetched: lambda/requirements.txt $(VENV)/.demo
	@echo "Fetching the function's packages"
	@rm -rf $(@D) && mkdir -p $(@D)
	@$(call quietly,$(PIP) download $(ANY_PLATFORM) --require-hashes -d $(@D) -r $<)
	@touch $@

# The Parquet layer's package is for this machine, where the emulator runs the function.
.local/wheels/.parquet: lambda/parquet-requirements.txt .local/wheels/.fetched
	@echo "Fetching the Parquet layer's package"
	@$(call quietly,$(PIP) download --only-binary=:all: --require-hashes -d $(@D) -r $<)
	@touch $@

# Once, here: else each process of a test run would wait for another to do it.
.local/.jsii: $(VENV)/.dev
	@echo "Unpacking the CDK's library"
	@export JSII_RUNTIME_PACKAGE_CACHE_ROOT="$(CURDIR)/.local/jsii"; \
	$(call quietly,$(PYTHON) -c 'import aws_cdk')
	@touch $@

$(TOOLS)/.installed: $(VENV)/.dev
	@echo "Installing pip-tools and pip-audit"
	@$(PYTHON) -m venv $(TOOLS)
	@$(call quietly,$(TOOLS)/bin/python -m pip install pip-tools==7.6.2 pip-audit==2.10.1)
	@touch $@
