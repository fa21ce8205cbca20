# Every everyday task of Narrowcast, one word each. `make` alone lists them.
# The environment is made on the first call and made anew when requirements.lock or pyproject.toml change.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.narrowcast-ready
ARGS ?=

# Compiled bytecode halves the time in which JupyterLab and the kernels start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help start test bench fidelity build lint lock

help: ## List what can be made
	@echo "Narrowcast: from broadcast to narrowcast, on simulated markets."
	@echo
	@awk -F ':[^#]*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Options go in ARGS, for example: make start ARGS=--no-browser"

start: $(READY) ## Open the three doors: lessons, grading, public gallery (Ctrl-C ends everything)
	@exec $(BIN)/narrowcast start $(ARGS)

test: $(READY) ## Run every test, the quick ones first
	@.ci/test $(ARGS)

bench: $(READY) ## Measure what has a speed to keep
	@$(BIN)/python -m bench $(ARGS)

fidelity: $(READY) ## Hold the simulator against published figures (ARGS=--markdown > docs/fidelity.md)
	@$(BIN)/narrowcast fidelity $(ARGS)

build: $(READY) ## Build the notebooks, cards and catalogues from their text
	@$(BIN)/narrowcast build $(ARGS)

lint: $(READY) ## Check style, types and that the notebooks agree with their text
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/narrowcast build --check

lock: $(READY) ## Write requirements.lock anew from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --quiet \
	  --custom-compile-command "make lock" --output-file requirements.lock $(ARGS)
	@echo "requirements.lock is written; the next make installs it."

$(READY): requirements.lock pyproject.toml
	@.ci/environment $(VENV)
	@touch $@
