# Everything a newcomer needs: `make demo` and `make test`. Both set themselves up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check lint format bench study coverage-study reports tutorials validation clean

$(READY): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "sigmatool needs Python 3.11 or newer"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

demo: $(READY)  ## review the handwashing rollout of 1847 and open the report
	$(BIN)/sigmatool review datasets/semmelweis.csv -y deaths -n births -x month \
	  --rollout 1847-06=Handwashing --better lower -o reports/semmelweis.html
	@$(BIN)/python -m webbrowser -t "file://$(CURDIR)/reports/semmelweis.html" >/dev/null 2>&1 || true
	@echo "The report: reports/semmelweis.html"

test: $(READY)  ## all tests, with the doctests
	$(BIN)/python -m pytest

check: lint test  ## all that must hold before a commit

lint: $(READY)  ## format, lint, strict types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)  ## speed, alone and beside the rivals (minutes; they are installed under .bench on the first run)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/peers.py
	$(BIN)/python -m benchmarks.screening

study: $(READY)  ## the error rates of the verdict (half an hour; takes up where it was left)
	$(BIN)/python -m benchmarks.operating_characteristics

coverage-study: $(READY)  ## how often the intervals hold the truth (a quarter of an hour)
	$(BIN)/python -m benchmarks.interval_coverage --out docs/interval-coverage.md

reports: $(READY)  ## rebuild the worked examples
	$(BIN)/python reports/build.py

tutorials: $(READY)  ## run the tutorials and keep what they show
	$(BIN)/python docs/run_tutorials.py

validation: $(READY)  ## run the reference cases and write docs/validation.md
	$(BIN)/python docs/make_validation.py

clean:
	rm -rf $(VENV) .bench build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
