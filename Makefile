# `make demo` and `make test` set up all they need in .venv by themselves.

PYTHON ?= python3
BIN := .venv/bin
# Compiling all modules would take longer than Python takes for those that are used.
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input --no-compile
# Where it is set, every process compiles all of PyTorch and the hosts anew: 15 seconds more.
unexport PYTHONDONTWRITEBYTECODE
# In the order of the files: what takes longest, the commands, comes first and not alone at the end.
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder

# Written when the set-up is complete, so an interrupted one is taken up again.
READY := .venv/.ready
INPUTS := $(wildcard requirements/*.*) requirements/extras/trackers.txt pyproject.toml setup.cfg \
	setup.py projects/vsd_mot/version.py projects/mmcv_ext/setup.cfg projects/mmcv_ext/mmcv/_ext.py

# A virtual environment does not survive being moved: its scripts name the folder it was made in.
STAYED := $(shell grep -qF "$(CURDIR)/.venv" $(BIN)/activate 2>/dev/null && echo yes)

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow lint format site env clean moved

help:
	@echo 'make demo    track people in a clip that lies in the repository'
	@echo 'make test    run the test-suite'
	@echo 'make test-slow  kills, two writers and long fuzzing: tests that take minutes'
	@echo 'make lint    check style and types'
	@echo 'make format  correct style where it can be done by program'
	@echo 'make site    build the documentation as a site, into work_dirs/site'
	@echo 'make env     set up .venv, which the others do by themselves'
	@echo 'make clean   remove .venv and build leftovers'

demo: $(READY)
	$(BIN)/python tools/make_demo.py

test: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(PYTEST_ARGS)

test-slow: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m slow tests/test_reliability $(PYTEST_ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

site: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

env: $(READY)

$(READY): $(INPUTS) $(if $(STAYED),,moved)
	@rm -f $@
	@$(PYTHON) -c '' 2>/dev/null || { \
		echo "There is no working '$(PYTHON)'. Install Python 3.10, 3.11 or 3.12, or say where" \
			"one is: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' || { \
		echo "'$(PYTHON)' is $$($(PYTHON) --version 2>&1), and 3.10, 3.11 or 3.12 is needed." \
			"Say where one is: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@{ [ -n "$(STAYED)" ] && $(BIN)/python -m pip --version >/dev/null 2>&1; } || \
		$(PYTHON) -m venv --clear .venv || { \
		echo "Could not make .venv. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PIP) -r requirements/build.txt
	$(PIP) -c requirements/torch.txt -r requirements/runtime.txt -r requirements/tests.txt \
		-r requirements/docs.txt
	$(PIP) --no-deps --no-build-isolation -r requirements/mminstall.txt \
		-r requirements/extras/trackers.txt projects/mmcv_ext
	$(BIN)/python -W ignore setup.py -q develop --no-deps
	$(BIN)/python requirements/check_env.py
	@touch $@

clean:
	rm -rf .venv build dist projects/*.egg-info projects/mmcv_ext/build projects/mmcv_ext/*.egg-info
