# 在只有 Python 3.11 和 make 的机器上:make demo
# Everything runs in .venv; the stamp makes installation happen once per lock file.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SERVE ?= 1
GUATU_HOME ?= var
export GUATU_HOME

.PHONY: install demo serve test lint docs clean

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "需要 Python 3.11,可用 make PYTHON=/路径/python3.11 指定"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps -e .
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib orchestration dashboards >/dev/null 2>&1 || true
	@touch $@

demo: install
	$(BIN)/guatu demo $(if $(filter 0,$(SERVE)),--no-serve,)

serve: install
	$(BIN)/guatu serve

test: install
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff check .

# The data dictionary, from seeds/ and the marts.
docs: install
	$(BIN)/python -m orchestration.catalogue.dictionary

# Caches only: the data directory is never removed from here.
clean:
	rm -rf .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
