# 在只有 Python 3.11 和 make 的机器上:make demo
# Everything runs in .venv; the stamp makes installation happen once per lock file.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
PIP_AUDIT_VERSION := 2.10.1
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PLANS := .plans
SERVE ?= 1
WORKERS ?= 2
GUATU_HOME ?= var
export GUATU_HOME

.PHONY: install install-optional demo serve test lint docs bench spark hardness audit clean

install: $(PLANS)/.made

# The models as shipped, compiled once for all data directories.
$(PLANS)/.made: $(STAMP) $(shell find dbt_project seeds orchestration/plan*.py -type f -not -path '*/target/*')
	@rm -rf $(PLANS)
	@$(BIN)/python -m orchestration.plan
	@touch $@

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

# Two workers; what is costly is made once for both, and the longest files go first (tests/conftest.py).
test: install
	$(BIN)/python -m pytest -n $(WORKERS)

lint: install
	$(BIN)/ruff check .

# The data dictionary, from seeds/ and the marts.
docs: install
	$(BIN)/python -m orchestration.catalogue.dictionary

# What a month costs, held against floors: make bench SCALE=county|prefecture|province|nation [MONTHS=24] [BENCH=--record].
SCALE ?= county
MONTHS ?= 1
bench: install
	$(BIN)/python -m benchmarks $(SCALE) --months $(MONTHS) $(BENCH)

# PySpark and DuckLake beside what the lock file says: 0.6 GB more.
install-optional: install
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --group spark --group ducklake -c requirements.lock

# Every edition of the home (or EDITION) on DuckDB and on Apache Spark, compared cell by cell. Needs Java 17.
spark: install-optional
	$(BIN)/python -m benchmarks.spark_build $(GUATU_HOME) $(EDITION)

# Faults, load, bad input and intruders at full size: under an hour on two quiet cores.
hardness: install
	$(BIN)/python -m tests.hardness $(GOALS)

# Whether what is installed is what the lock file says, and fits together; then what is known against it. The second
# part asks the index for its advisories and fails where they cannot be had.
audit: install
	$(BIN)/uv pip check
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --dry-run --require-hashes -r requirements.lock 2>&1 \
		| grep "Would make no changes"
	$(BIN)/uv tool run pip-audit==$(PIP_AUDIT_VERSION) --strict --disable-pip --require-hashes -r requirements.lock

# Caches only: the data directory is never removed from here.
clean:
	rm -rf .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
