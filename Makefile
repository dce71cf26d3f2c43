# Enkeltsag: `make help` lists what there is. PYTHON=/path/to/python3 chooses the Python, PORT=8001 another port.

.DEFAULT_GOAL := help
.PHONY: help run test check fmt bench torture clean venv browser lock

PYTHON ?= python3
export PYTHON

BIN := .venv/bin
CODE := app local tests migrations config.py wsgi.py gunicorn.conf.py
TYPED := app local tests migrations config.py wsgi.py

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: venv ## Everything set up and started with the demo unit, on http://127.0.0.1:8000
	@exec $(BIN)/python -m local.run

test: browser check ## Everything that must pass: linters, types, layers, tests with a real database, mail and browser
	@$(BIN)/python -m pytest --numprocesses auto --dist loadscope --cov --cov-report=term

check: venv ## Linters, formatting, types, layers, templates
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check --quiet $(CODE)
	@$(BIN)/mypy $(TYPED)
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/djlint --quiet --lint app/templates

fmt: venv ## Format the code and mend what the linter can mend
	@$(BIN)/ruff check --fix --quiet $(CODE); $(BIN)/ruff format $(CODE)

bench: venv ## Measure against a bare page on the same database (docs/benchmarks.md)
	@$(BIN)/python -m tests.bench $(if $(CASES),--cases $(CASES) --no-keep)

torture: venv ## Kill the sweep and the delivery again and again: no mail lost, none doubled
	@$(BIN)/python -m pytest -m torture --torture-rounds=20

clean: ## Stop the local database and forget its data, mail and keys
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local.forget; fi

# Helpers that are not listed.

venv:
	@local/setup.sh

browser:
	@local/setup.sh browser

# Choose new versions within pyproject.toml's ranges; valid for every Python and platform, naming no index.
LOCK := $(BIN)/uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet
lock: venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(LOCK) --output-file requirements.txt
	@$(LOCK) --all-extras --constraint requirements.txt --output-file requirements-dev.txt
