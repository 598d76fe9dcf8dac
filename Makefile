# `make demo` and `make test` set up everything they need; both require only Python 3.11 or newer.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 7860
MINUTES ?= 10
SHARED ?= ../shared/data
CONSTRAINTS := constraints.txt
comma := ,

.PHONY: help demo test fuzz lint audit release bench evaluate
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

demo: $(VENV)/.serving ## serve the page at http://127.0.0.1:7860; PORT=8000 chooses another port
	@$(BIN)/sorot demo --port $(PORT)

# One thread a process: as many processes run at once as there are cores. Tests start hundreds of processes, so that bytecode is
# kept even where the environment says to write none.
test: $(VENV)/.all ## run all tests
	OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -rs -n auto --dist loadfile --no-loadscope-reorder

fuzz: $(VENV)/.all ## try random inputs for MINUTES and keep the seeds of those that fail
	$(BIN)/python -m tests.fuzz.run --minutes $(MINUTES)

lint: $(VENV)/.all ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

audit: $(BIN)/python ## look up known vulnerabilities of the pinned packages (needs a network)
	@$(BIN)/python .ci/audit.py $(VENV)/audit

release: $(VENV)/.all ## train the next release (hours) and promote it if nothing is significantly worse
	$(BIN)/sorot train training/recipes/release.toml --promote

evaluate: $(VENV)/.all ## measure the shipped model on the labelled news of SHARED
	$(BIN)/sorot evaluate serving/bundle $(SHARED)/news/dev_unseen.jsonl $(SHARED)/news/dev.jsonl $(SHARED)/news/dev_shift.jsonl --baseline $(SHARED)/news/train.jsonl

bench: $(VENV)/.all ## measure speed, memory and scores
	$(BIN)/python -m tests.benchmarks.speed
	$(BIN)/python -m tests.benchmarks.corpus
	$(BIN)/python -m tests.benchmarks.gate_recall
	$(BIN)/python -m tests.benchmarks.ceiling
	$(BIN)/python -m tests.benchmarks.smsa
	$(BIN)/python -m tests.benchmarks.seed
	$(BIN)/python -m tests.benchmarks.agreement
	$(BIN)/python -m tests.benchmarks.resume
	$(BIN)/python -m tests.benchmarks.ray_workers
	$(BIN)/python -m tests.benchmarks.scale
	$(BIN)/python -m tests.benchmarks.hostile_batch
	$(BIN)/python -m tests.benchmarks.service_load
	$(BIN)/python -m tests.benchmarks.service_memory
	$(BIN)/python -m tests.benchmarks.hostile
	$(BIN)/python -m tests.benchmarks.token_timing

# Checks PYTHON first, so that a problem is one line and leaves nothing behind; a half-made environment is removed.
$(BIN)/python:
	@fail() { echo "make: $$1" >&2; exit 2; }; \
	command -v "$(PYTHON)" >/dev/null || fail "cannot find $(PYTHON); name a Python 3.11 or newer with PYTHON=/path/to/python3"; \
	version=$$("$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || \
		fail "$(PYTHON) does not run; name a Python 3.11 or newer with PYTHON=/path/to/python3"; \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		fail "$(PYTHON) is Python $$version; name a Python 3.11 or newer with PYTHON=/path/to/python3"; \
	"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
		fail "$(PYTHON) cannot create virtual environments; install its venv module (apt install python3-venv), or name another with PYTHON=/path/to/python3"; \
	echo "Creating a virtual environment in $(VENV)"; \
	log=$$(mktemp); "$(PYTHON)" -m venv $(VENV) >"$$log" 2>&1 || { \
		cat "$$log" >&2; rm -f "$$log"; [ ! -f $(VENV)/pyvenv.cfg ] || rm -rf $(VENV); \
		fail "could not create a virtual environment in $(VENV); fix the error above and run make again"; }; \
	rm -f "$$log"

# $(call install,EXTRAS): installs pip if the environment lacks it; shows pip's output only if it fails.
define install
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null 2>&1 || { \
		echo "make: $(VENV) has no pip and ensurepip failed; delete $(VENV) and run make again" >&2; exit 2; }
	@log=$$(mktemp); $(BIN)/python -m pip install --disable-pip-version-check -c $(CONSTRAINTS) -e '.[$(1)]' >"$$log" 2>&1 || { \
		cat "$$log" >&2; rm -f "$$log"; echo "make: the installation failed; fix the error above and run make again" >&2; exit 2; }; \
	rm -f "$$log"
endef

$(VENV)/.serving: $(BIN)/python pyproject.toml $(CONSTRAINTS)
	@echo "Installing the packages for the page and the scorer"
	$(call install,html$(comma)files)
	@touch $@

$(VENV)/.all: $(BIN)/python pyproject.toml $(CONSTRAINTS)
	@echo "Installing all packages, for training too (torch is large; this takes some minutes)"
	$(call install,html$(comma)files$(comma)train$(comma)dev)
	@touch $@ $(VENV)/.serving
