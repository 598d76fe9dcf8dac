# On a bare machine with Python 3.11 or newer, `make demo` and `make test` are all the set-up there is.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SHARED ?= ../shared/data
CONSTRAINTS := constraints.txt

.PHONY: demo test lint release bench evaluate

demo: $(VENV)/.serving
	@echo "The page opens at http://127.0.0.1:7860 (Ctrl-C stops it)"
	$(BIN)/sorot demo

test: $(VENV)/.all
	$(BIN)/python -m pytest -q

lint: $(VENV)/.all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

release: $(VENV)/.all
	$(BIN)/sorot train training/recipes/release.toml --release serving/bundle

evaluate: $(VENV)/.all
	$(BIN)/sorot evaluate serving/bundle $(SHARED)/news/dev.jsonl $(SHARED)/news/dev_shift.jsonl --baseline $(SHARED)/news/train.jsonl

bench: $(VENV)/.all
	$(BIN)/python -m tests.benchmarks.speed
	$(BIN)/python -m tests.benchmarks.smsa
	$(BIN)/python -m tests.benchmarks.seed
	$(BIN)/python -m tests.benchmarks.agreement

$(VENV)/bin/python:
	@echo "Making a virtual environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.serving: $(VENV)/bin/python pyproject.toml $(CONSTRAINTS)
	@echo "Installing what the page and the scorer need"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[html]'
	@touch $@

$(VENV)/.all: $(VENV)/bin/python pyproject.toml $(CONSTRAINTS)
	@echo "Installing everything, the training room with it (torch is large; this takes some minutes)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[html,train,dev]'
	@touch $@ $(VENV)/.serving
