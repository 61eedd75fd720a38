# What one can do here; `make` alone lists it. Needs python3 (3.11 or newer) and make, nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

PREPARE = python=$$(PYTHON="$(PYTHON)" sh deploy/local/find-python) && \
	PYTHONPATH=deploy/local/src PYTHONDONTWRITEBYTECODE=1 "$$python" -m local.prepare
VENV = .venv/bin/python -m
SERVICES = programmes training participants
COMPOSE = deploy/compose/up
WHAT ?=

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: ## Start everything on this machine; Ctrl-C stops it (ENTENTE_PORT, ENTENTE_HOME)
	@$(PREPARE) run
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
	.venv/bin/python -m mypy
	.venv/bin/python -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(VENV) codespell_lib
	@.venv/bin/python -m local.openapi --check

.PHONY: fmt
fmt: dev ## Format the code and repair what the linter can repair
	$(VENV) ruff check --fix-only .
	$(VENV) ruff format .

.PHONY: openapi
openapi: dev ## Write the OpenAPI snapshots of services and gateway
	@.venv/bin/python -m local.openapi

.PHONY: migration
migration: dev ## New migration: make migration SERVICE=training NAME=expand_trip_ruleset
	@.venv/bin/python -m local.migration "$(SERVICE)" "$(NAME)"

.PHONY: bench
bench: dev ## Measure speed and memory; prints ratios taken in one run
	$(VENV) tests.performance $(WHAT)

.PHONY: lock
lock: dev ## Pin the newest versions of requirements/*.in with hashes
	@sh deploy/lock.sh

.PHONY: compose
compose: ## Build and start the production shape with Docker; keeps data
	@$(PREPARE) run
	@$(COMPOSE) up

.PHONY: compose-down
compose-down: ## Stop the production shape; data stays in its volume
	@$(COMPOSE) down

.PHONY: clean
clean: ## Forget data, keys, logs and .venv
	@$(PREPARE) clean

.PHONY: dev
dev:
	@$(PREPARE) dev
