# From a machine with Python 3.11 or later, venv and make:  make demo   make test
PYTHON ?= python3
WORKERS ?= 2
PYTEST_ARGS ?=
DEMO_ARGS ?=
BENCH_ARGS ?=
SOAK_ARGS ?=
UPGRADE ?=

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
RUNTIME := $(VENV)/.chairside-runtime
DEV := $(VENV)/.chairside-dev
SOAK := $(VENV)/.chairside-soak
PIP := $(PY) -m pip --disable-pip-version-check --no-input -qq  # errors only
CODE := bot handlers storage prompts

.NOTPARALLEL:
.PHONY: demo test check soak bench lock clean

demo: $(RUNTIME)                ## play both sides of a case in a browser, on this machine
	@exec $(BIN)/chairside sandbox $(DEMO_ARGS)

test: check                     ## everything `.ci/run` asks for; pytest's summary comes last
	@$(PY) -m pytest -n $(WORKERS) $(PYTEST_ARGS)

check: $(DEV)                   ## linters, types and import contracts alone
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/mypy --strict $(foreach package,$(CODE),-p $(package))
	@$(BIN)/lint-imports --no-logo

soak: $(SOAK)                   ## the long runs: kill -9 loops, and properties with many more examples
	@$(PY) -m pytest -m soak -s --timeout=0 --hypothesis-profile=soak $(SOAK_ARGS)

bench: $(DEV)                   ## measure the relay on this machine
	@$(PY) -m benchmarks $(BENCH_ARGS)

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

lock: $(DEV)                    ## lock the requirements again; UPGRADE=--upgrade takes newer versions
	@$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
		| $(COMPILE) pyproject.toml --extra semantic - --output-file requirements.txt
	@$(COMPILE) pyproject.toml --extra semantic --extra test --extra lock --constraint requirements.txt requirements.txt \
		--output-file requirements-dev.txt
	@$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["soak"], sep="\n")' \
		| $(COMPILE) - --output-file requirements-soak.txt

clean:                          ## what was built or cached; the virtual environment too
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find $(CODE) tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Chairside needs Python 3.11 or later; name one with: make PYTHON=python3.11"; exit 1; }
	@echo "Creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)

# Everything comes from the hash-locked list; --no-deps keeps pip from adding to it.
$(RUNTIME): requirements.txt pyproject.toml | $(PY)
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
	@echo "Installing the locked libraries into $(VENV), once"
	@$(PIP) install --require-hashes --no-deps -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# The longer list holds the shorter one at the same versions, so it serves both.
$(DEV): requirements-dev.txt requirements.txt pyproject.toml | $(PY)
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
	@echo "Installing the locked libraries and test tools into $(VENV), once"
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(RUNTIME) $@

$(SOAK): requirements-soak.txt | $(DEV)
	@echo "Installing what only the long runs need into $(VENV), once"
	@$(PIP) install --require-hashes --no-deps -r requirements-soak.txt
	@touch $@
