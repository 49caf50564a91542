# Everything here works from a fresh clone: with Python 3.11 or newer, make, git, and nothing else to type first.
#   make demo      a small ward in ./demo, played through the real daemon (DIR=… for another place)
#   make demo-box  the same with Box as the cloud, simulated on this computer
#   make test      what has to pass: lint, types, format, tests. CI=1: a part that is missing fails instead of being skipped

PYTHON ?= python3
VENV ?= .venv
DIR ?= demo
PYTEST ?=

BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo demo-box test lint format format-check types pytest share campaign bench dist clean

help:
	@sed -n 's/^#   //p' Makefile

demo: $(RUNTIME)
	$(BIN)/syncd demo $(DIR)

demo-box: $(RUNTIME)
	$(BIN)/syncd demo --box $(DIR)

test: lint types format-check pytest

lint: $(DEVELOPMENT)
	$(BIN)/ruff check .

types: $(DEVELOPMENT)
	$(BIN)/mypy

format-check: $(DEVELOPMENT)
	$(BIN)/ruff format --check .

format: $(DEVELOPMENT)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Three at a time on two cores: much of a story is waiting for files to be quiet.
pytest: $(DEVELOPMENT)
	$(BIN)/python -m pytest -n 3 --dist worksteal $(PYTEST)

# A bounded share of the campaign, for CI: a thousand schedules of disorderly events, more faults, crashes, kills and
# plans, the stories that aren't told every day (most of those with Box), and the demo with Box.
share: $(DEVELOPMENT)
	SYNCD_EVENT_SCHEDULES=1000 SYNCD_FAULTS_EVERY=5 SYNCD_BOX_ENGINE_RUNS=100 SYNCD_STORIES=rest \
	  SYNCD_PLANNER_RUNS=20000 SYNCD_KILLS=56,20261123 SYNCD_DEMO_BOX=1 SYNCD_MADE_TABLES=600 \
	  SYNCD_ILL_EVERY=1 SYNCD_ILL_ENGINE_RUNS=60 \
	  SYNCD_PRINTED_FORMS=40 SYNCD_FORMS=800 SYNCD_MARKING_RUNS=400 \
	  SYNCD_SMB_OPERATIONS=300 SYNCD_SMB_SEED=2 SYNCD_ISOLATION_RUNS=300 \
	  $(BIN)/python -m pytest -n 3 --dist worksteal tests/campaign tests/mirror tests/stories \
	  tests/samba/test_operations.py tests/demo/test_demo_box.py tests/forms/test_made_tables.py \
	  tests/reading/test_printed.py tests/isolation \
	  tests/corpus tests/reading/test_marking_kinds.py \
	  tests/clouds/test_box_events.py tests/engine/test_box_faults.py tests/engine/test_box_machine.py \
	  tests/engine/test_box_one_file_ill.py tests/engine/test_ill_machine.py

# The same properties with many more examples, and the long randomised runs.
campaign: $(DEVELOPMENT)
	HYPOTHESIS_PROFILE=campaign SYNCD_PLANNER_RUNS=200000 SYNCD_ENGINE_RUNS=3000 \
	  SYNCD_ILL_EVERY=1 SYNCD_ILL_ENGINE_RUNS=2000 \
	  SYNCD_MADE_TABLES=5000 SYNCD_EVENT_SCHEDULES=20000 SYNCD_FAULTS_EVERY=1 SYNCD_BOX_ENGINE_RUNS=3000 \
	  SYNCD_STORIES=all SYNCD_DEMO_BOX=1 SYNCD_ISOLATION_RUNS=2000 \
	  SYNCD_PRINTED_FORMS=400 \
	  SYNCD_SMB_OPERATIONS=5000 SYNCD_DRAGS=1000 SYNCD_WRITERS=2000 \
	  $(BIN)/python -m pytest -n 2 -m "not bench" $(PYTEST)

bench: $(DEVELOPMENT)
	$(BIN)/python -m pytest -m bench -s $(PYTEST)
	$(BIN)/python bench/round_trip.py
	$(BIN)/python bench/box_calls.py
	$(BIN)/python bench/box_day.py
	$(BIN)/python bench/reading.py
	$(BIN)/python bench/forms.py
	$(BIN)/python bench/arrivals.py
	$(BIN)/python bench/rules.py
	$(BIN)/python bench/pages.py

dist: $(DEVELOPMENT)
	rm -rf dist
	$(BIN)/python -m build --outdir dist .

clean:
	rm -rf build dist $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "syncd needs Python 3.11 or newer; name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "$(PYTHON) can't make a virtual environment; on Debian: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(RUNTIME): pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(DEVELOPMENT): pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(RUNTIME)
