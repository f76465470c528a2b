# Two commands do everything on a machine with Python 3.11 or later, git and make: `make demo` and `make test`.
# The tools live in an environment of the project's own, .venv, which is brought up to date whenever the lock file changes.

# The first of these that is new enough; name another: make test PYTHON=/opt/python3.13/bin/python3
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/development.txt
# The environment is current when a stamp named for the lock file's content stands in it.
STAMP := $(VENV)/installed-$(shell git hash-object $(LOCK))
# Tests start hundreds of processes: without bytecode on the disk each would compile all it imports, for half a second.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo web web-check check test lint format types contracts pytest prove prove-match prove-orderflow prove-day prove-consensus prove-world prove-market prove-fairness prove-simulated-days prove-surveillance prove-killed-day prove-scores prove-live-lab prove-screens torture soak chaos bench fuzz docs lock wheel clean

help: ## show what can be made
	@echo "make WHAT, where WHAT is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || grep '##' $(MAKEFILE_LIST)

demo: $(STAMP) ## the default game at speed 30 with example bots trading on it; DURATION=20 ends it after 20 seconds
	@$(BIN)/python web/build.py --if-possible
	@$(BIN)/openoutcry demo $(if $(DURATION),--duration $(DURATION))

# Two workers, each with half of what is left: --dist loadfile would lose cases of schemathesis without a word.
IN_TWO := --numprocesses 2 --dist worksteal
# Fast, because their tests hardly ever start a process or wait.
FAST := $(addprefix tests/,domain protocol scenarios matching clearing pricing simulation scoring venue rules journal runtime access operations gateway house/test_goldens.py)

web: $(STAMP) ## build the screens, if web/ has changed
	@$(BIN)/python web/build.py

web-check: $(STAMP) ## the screens' format, types and unit tests, if web/ has changed
	@$(BIN)/python web/build.py --check

check: lint types contracts web-check ## while you work: lint, types, import contracts, and the tests of the fast packages
	@$(BIN)/python -m pytest $(IN_TWO) $(wildcard $(FAST))

test: lint types contracts web web-check ## everything: lint, types, import contracts, the screens, all tests
	@$(BIN)/python -m pytest $(IN_TWO) -m 'not alone'
	@$(BIN)/python -m pytest -m alone

lint: $(STAMP) ## ruff, as linter and as formatter
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

format: $(STAMP) ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(STAMP) ## mypy, strict
	@$(BIN)/mypy --no-error-summary

contracts: $(STAMP) ## the layers: imports point down only
	@$(BIN)/lint-imports --no-cache > $(VENV)/contracts.log || { cat $(VENV)/contracts.log; exit 1; }

pytest: $(STAMP) ## the tests one after the other; ARGS='-k book' chooses
	@$(BIN)/python -m pytest $(ARGS)

prove: prove-match prove-orderflow prove-day prove-consensus ## the main job on recorded order flow: the proofs below

prove-match: $(STAMP) ## a recorded match through the venue: every logged trade must come out
	@$(BIN)/python -m proofs match

prove-orderflow: $(STAMP) ## an hour of order flow through a running server: every event must come back
	@$(BIN)/python -m proofs orderflow

prove-day: $(STAMP) ## the same hour played as a trading day, beside an exchange in the plainest words
	@$(BIN)/python -m proofs day

prove-consensus: $(STAMP) ## four million messages through the venue: the reports on which 160 engines agree
	@$(BIN)/python -m proofs consensus

prove-world: $(STAMP) ## simulated markets of SEEDS=1000: prices, news and signals are what the rules say
	@$(BIN)/python -m proofs world --seeds $(or $(SEEDS),1000)

prove-market: $(STAMP) ## matches of simple strategies: each earns, nobody robs the house; SEEDS=20 SECONDS=5400 take an hour
	@$(BIN)/python -m proofs market --seeds $(or $(SEEDS),20) --seconds $(or $(SECONDS),5400)

prove-surveillance: $(STAMP) ## MATCHES=200 of SECONDS=1800, half of them with a cheat: found, and nobody else; a minute or three each
	@$(BIN)/python -m proofs surveillance --matches $(or $(MATCHES),200) --seconds $(or $(SECONDS),1800)

prove-simulated-days: $(STAMP) ## DAYS=1 whole simulated days: replayed without random numbers, verified; of many, memory stays flat
	@$(BIN)/python -m proofs simulated-days --days $(or $(DAYS),1)

prove-killed-day: $(STAMP) ## a live day with bots at SPEED=60, killed -9 three times: prices, news, phases of an undisturbed one
	@$(BIN)/python -m proofs killed-day --speed $(or $(SPEED),60)

prove-scores: $(STAMP) ## a day scored live at SPEED=60 with a kill -9, in process, after starts, from its journal: the same digits
	@$(BIN)/python -m proofs scores --speed $(or $(SPEED),60)

prove-live-lab: $(STAMP) ## four bots live at SPEED=60 with a kill -9, and in the lab: one exchange, one judge, one score
	@$(BIN)/python -m proofs live-lab --speed $(or $(SPEED),60)

prove-screens: $(STAMP) web ## the trading floor in Chromium for MINUTES=5, with 84 options at RATE=2000 messages a second
	@$(BIN)/python -m proofs screens --minutes $(or $(MINUTES),5) --rate $(or $(RATE),2000)

prove-fairness: $(STAMP) ## a simulated day drawn anew as on other machines; NUMPY="1.26.4 2.0.2" installs these from the index
	@$(BIN)/python -m proofs fairness $(addprefix --numpy ,$(NUMPY))

torture: $(STAMP) ## kill -9 and loss of power under load; ROUNDS=10 says how often in each of four campaigns
	@$(BIN)/python -m proofs torture --rounds $(or $(ROUNDS),10)

soak: $(STAMP) ## a hundred teams trade and fail for MINUTES=10: memory, latency, and not one event lost
	@$(BIN)/python -m proofs soak --minutes $(or $(MINUTES),10)

chaos: $(STAMP) ## the exchange in virtual time, everything breaking, an auditor watching; SEEDS=200 says how often
	@$(BIN)/python -m proofs chaos --seeds $(or $(SEEDS),200)

.PHONY: bench-compiled
# An environment of its own, for what the exchange is compared with. Figures and picture are kept beside the last ones.
BENCH := build/bench
BENCH_STAMP := $(BENCH)/installed-$(shell git hash-object requirements/bench.txt)
BENCH_COMMAND = kept=bench-results/$$(date -u +%Y%m%dT%H%M%SZ); \
	OPENOUTCRY_DATA=$${OPENOUTCRY_DATA:-$(CURDIR)/../shared/data} \
	$(BENCH)/bin/python -m openoutcry bench --json $$kept.json --plot $$kept.svg $(ARGS)

bench: $(BENCH_STAMP) ## the exchange beside a no-op, the core beside other engines: ten minutes; ARGS='--only verdict'
	@$(BENCH_COMMAND)

bench-compiled: compiled-wheel $(BENCH_STAMP) ## the same with the compiled core
	@export PYTHONPATH=$(CURDIR)/$(COMPILED)/unpacked; $(BENCH_COMMAND)

.PHONY: instructions instructions-compiled
instructions: $(STAMP) ## instructions that a command costs, by valgrind: three minutes; ARGS='--only venue' takes half a minute
	@$(BIN)/python -m openoutcry.bench.instructions $(ARGS)

instructions-compiled: compiled-wheel ## the same with the compiled core, made anew
	@$(ON_COMPILED) -m openoutcry.bench.instructions $(ARGS)

fuzz: $(STAMP) ## the core beside its slow reference, with fresh chances; EXAMPLES=2000 says how many
	@OPENOUTCRY_FUZZ=$(or $(EXAMPLES),2000) $(BIN)/python -m pytest tests/venue/test_against_reference.py

.PHONY: goldens
goldens: $(STAMP) ## record anew what tests/house holds every commit to; FOLDER=/tmp/now writes it there, in full
	@PYTHONPATH=tests $(BIN)/python tests/support/record_goldens.py $(FOLDER)

docs: $(STAMP) ## write the pages that are made from the code
	@$(BIN)/python docs/write_reference.py
	@$(BIN)/python web/write_types.py

lock: ## pin what pyproject.toml asks for, with hashes; UPGRADE=1 takes newer versions
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check --quiet install pip-tools==7.6.2
	@build/lock/bin/python requirements/lock.py $(if $(UPGRADE),--upgrade)

wheel: $(STAMP) ## build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation

.PHONY: compiled compiled-wheel
# The compiled build is kept apart, so that the environment stays interpreted: what is run like this finds it first.
COMPILED := build/compiled
ON_COMPILED := PYTHONPATH=$(CURDIR)/$(COMPILED)/unpacked $(BIN)/python
compiled: compiled-wheel ## the compiled build, a wheel in build/compiled, tested and compared; needs a C compiler
	@$(ON_COMPILED) -m pytest $(addprefix tests/,domain protocol matching clearing venue journal runtime access operations bootstrap gateway durability seed endtoend/test_killed_servers.py proofs/test_match.py house/test_goldens.py) $(ARGS)
	@OPENOUTCRY_COMPILED=$(CURDIR)/$(COMPILED)/unpacked $(BIN)/python -m pytest tests/house/test_compiled_core.py

compiled-wheel: $(STAMP)
	@rm -rf $(COMPILED)
	@OPENOUTCRY_COMPILE=true $(BIN)/python -m build --wheel --no-isolation --outdir $(COMPILED)
	@$(BIN)/python -m zipfile -e $(COMPILED)/*.whl $(COMPILED)/unpacked
	@$(ON_COMPILED) -m openoutcry version | grep 'core compiled'

clean: ## remove the environment and everything that was built or cached
	rm -rf $(VENV) build dist web/node_modules src/openoutcry/web .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BENCH_STAMP): | $(STAMP)
	@echo "installing into $(BENCH), which takes about a minute"
	@$(BIN)/python -m venv --clear $(BENCH)
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/bench.txt
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMP): pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || { echo "making $(VENV)"; $(PYTHON) -m venv --clear $(VENV); } || \
		{ echo "Python's venv module is needed; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "installing into $(VENV), which takes about a minute"
	@$(PIP) install --require-hashes --requirement $(LOCK)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/installed-*
	@touch $@
