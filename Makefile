# Each target does its own set-up. Two are enough: `make run` opens the chat, `make test` passes the tests.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PORT ?= 8501

# What audits is no part of what is audited
AUDIT := $(VENV)/audit

.PHONY: run test faults check eval audit screenshots setup index browser clean
.DEFAULT_GOAL := run

run: index ## open the chat at http://localhost:8501
	$(VENV)/bin/streamlit run app.py --server.port $(PORT)

test: index browser ## run every test but those of `make faults`
	$(RUN) -m pytest --ignore=tests/faults

faults: index browser ## break it in every way that docs/reliability.md promises about, a hundred times over
	FAULTS=full $(RUN) -m pytest tests/faults -s

check: setup ## ruff, mypy --strict, then every test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(MAKE) test

eval: index ## how good the answers are, in figures; fails where one falls below its floor
	$(RUN) -m evals floors

# Asked first for a version whose faults are known: some mirrors answer that nothing is known of anything.
audit: ## known faults of every pinned package; fails and says so where they cannot be asked for
	@test -x $(AUDIT)/bin/pip-audit || { $(PYTHON) -m venv $(AUDIT) && $(AUDIT)/bin/python -m pip install --quiet pip-audit==2.10.1; }
	@echo "jinja2==2.10" > $(AUDIT)/known.txt
	@$(AUDIT)/bin/pip-audit --requirement $(AUDIT)/known.txt --no-deps --disable-pip 2>/dev/null | grep -q "PYSEC\|GHSA\|CVE" \
	  || { echo "Not audited: what is known of faults in packages cannot be asked from here."; exit 1; }
	$(AUDIT)/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict

screenshots: index browser ## take the pictures in docs/screenshots/ anew
	$(RUN) -m tests.browser.screenshots

index: setup ## build what is not up to date
	$(RUN) -m ingest

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.txt requirements-dev.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "WhoSaid needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --requirement requirements-dev.txt --constraint constraints.txt
	touch $@

browser: ## Chromium for the browser tests, where this machine lets us install it
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium; } \
	  || echo "No Chromium: the browser tests will say how to get one."

clean: ## remove what was built; corpus/ stays
	rm -rf $(VENV) .index
