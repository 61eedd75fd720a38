# What one can do here; `make` alone lists it. Needs python3 (3.11 or newer) and make, nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

# `$(call ready,run)`: nothing to do, or make .venv with the first Python that is new enough.
ready = $(VENV) local.prepare is-ready $(1) 2>/dev/null || { $(prepare) $(1); }
prepare = python=$$(PYTHON="$(PYTHON)" sh deploy/local/find-python) && \
	PYTHONPATH=deploy/local/src PYTHONDONTWRITEBYTECODE=1 "$$python" -m local.prepare
VENV = .venv/bin/python -m
WHAT ?=

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: ## Start everything on this machine; Ctrl-C stops it (ENTENTE_PORT, ENTENTE_HOME)
	@$(call ready,run)
	@exec .venv/bin/python -m local

.PHONY: test
test: dev ## Run all tests on a bare machine, on all processors
	$(VENV) pytest -n auto $(WHAT)

.PHONY: test-system
test-system: dev ## Run only the tests that start real processes
	$(VENV) pytest -m system $(WHAT)

.PHONY: check
check: dev ## Check format, lint, types, import rules, spelling and OpenAPI snapshots
	$(VENV) ruff format --check .
	$(VENV) ruff check .
	$(VENV) mypy
	.venv/bin/python -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(VENV) codespell_lib
	@$(VENV) local.openapi --check

.PHONY: fmt
fmt: dev ## Format the code and repair what the linter can repair
	$(VENV) ruff check --fix-only .
	$(VENV) ruff format .

.PHONY: openapi
openapi: dev ## Write the OpenAPI snapshots of services and gateway
	@$(VENV) local.openapi

.PHONY: env
env: dev ## Write deploy/env/*.env.example from the configuration classes
	@$(VENV) local.env_examples

.PHONY: migration
migration: dev ## New migration: make migration SERVICE=training NAME=expand_trip_ruleset
	@$(VENV) local.migration "$(SERVICE)" "$(NAME)"

.PHONY: bench
bench: dev ## Measure speed and memory; prints ratios taken in one run
	$(VENV) tests.performance $(WHAT)

.PHONY: mutants
mutants: dev ## Change the per-diem engine in a thousand ways: does a test fail each time? (slow)
	$(VENV) tests.mutation $(WHAT)

.PHONY: lock
lock: dev ## Pin the newest versions of requirements/*.in with hashes
	@sh deploy/lock.sh

.PHONY: compose
compose: ## Build and start the production shape with Docker; keeps data
	@$(call ready,run)
	@deploy/compose/up up

.PHONY: compose-down
compose-down: ## Stop the production shape; data stays in its volume
	@deploy/compose/up down

.PHONY: clean
clean: ## Forget data, keys, logs and .venv
	@$(prepare) clean

.PHONY: dev
dev:
	@$(call ready,dev)
