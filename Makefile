# The two commands are `make run` and `make test`; `make help` lists the others.

# the one it is developed with, or else the first that is new enough and really starts
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON := $(or $(shell for each in python3.11 python3 python3.12 python3.13 python3.14; do \
  $$each -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$each && break; done),python3)
endif
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup setup-proof run serve test lint bench lock clean

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## everything Python: leaves .venv/bin/scheduler

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { echo "Python 3.11 or newer is needed, and $(PYTHON) is none. Try: make setup PYTHON=/path/to/python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(STAMP)

setup-proof: setup ## what the tests want beside Python: a browser and servers, where root and apt allow
	@.ci/setup-proof

run: setup ## the main job with a demo clinic, on embedded defaults
	$(BIN)/scheduler demo

serve: setup ## the same without the demo
	$(BIN)/scheduler serve

test: setup ## lint, types, walls and every test
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest

lint: setup ## style, types, walls, configuration
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/scheduler config check

bench: setup ## side by side, as ratios in one run
	$(BIN)/python -m tests.bench

lock: ## renew requirements.lock from pyproject.toml (pinned, hashed, no index address)
	test -x $(BIN)/pip-compile || $(MAKE) setup
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --extra proof --extra postgres \
	  --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
	  --output-file requirements.lock pyproject.toml

clean: ## remove what was built; data in var/ stays
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
