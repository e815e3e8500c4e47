# Each target works twice in a row, offline after the first time, and from a path with spaces and accents.
PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
# What builds the site is installed alone; what checks it, with Node.js and Java, when a check first runs.
SITE := .venv/site
READY := .venv/ready
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONUTF8 := 1
export PYTHONPYCACHEPREFIX := $(CURDIR)/.build/pyc
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help serve build publish check test mutants format fix due problem fact source watch bench bench-search growth load horizon lock clean

help:      ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(SITE): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed. Fix: install it, for example with `pip install uv && uv python install 3.11`, then run make PYTHON=/path/to/python3.11.")'
	@$(PYTHON) -m venv .venv || { echo "Python cannot make an environment. Fix (Debian, Ubuntu): sudo apt install python3-venv."; exit 1; }
	@$(PY) -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(READY): $(SITE) requirements-test.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

# MkDocs keeps what it has loaded of a hook, so it starts again when one changes.
serve: export DRAFT := 1
serve: $(SITE)  ## Build and serve on http://127.0.0.1:8000, reloading on every change
	@$(PY) -m watchdog.watchmedo auto-restart --directory overrides/hooks --patterns '*.py' --recursive -- $(PY) -m mkdocs serve --dev-addr 127.0.0.1:8000

# The new site replaces the old one only when it is whole.
build: $(SITE)  ## Write the site to site/, strictly, and print what its pages weigh
	@rm -rf .build/new && mkdir -p .build
	@$(PY) -m mkdocs build --strict --clean --site-dir .build/new
	@rm -rf site && mv .build/new site
	@$(PY) -m tools.site.weight

publish: export PUBLISH := 1
publish: export EVERY := 1
publish: build test  ## Build and test the site to publish; needs SITE_URL and REPO_URL

check: $(READY) tests/node_modules  ## Run every check but the browser ones and the slowest
	@$(PY) -m pytest -q -n auto -m "not browser and not slow"

test: $(READY) tests/node_modules  ## Run every check, the browser ones included
	@$(PY) -m tools.site.browser
	@$(PY) -m pytest -q -n auto

format: $(READY)  ## Mend spaces, quotation marks, line ends and the like
	@$(PY) -m tools.rules.listed && $(PY) -m tools.picture
	@$(PY) -m tools.author.format

fix: $(READY)  ## Make every mechanical mend, and confirm translations page by page (YES=1: all)
	@$(PY) -m tools.author.fix

due: $(READY)  ## List the facts by the day to check them again: make due, or make due DAYS=30
	@$(PY) -m tools.author.due $(DAYS)

mutants: $(READY) tests/node_modules  ## Prove the checks: injure a copy in each way of tests/mutants.yml; ONLY="--named source" for some
	@$(PY) -m tools.site.browser
	@$(PY) -m tests.mutants $(ONLY)

problem: $(READY)  ## Start a new problem page in both languages: make problem ID=mi-problema
	@$(PY) -m tools.author.problem "$(ID)"

watch: $(READY)  ## Print the findings again at each change, beside make serve
	@$(PY) -m tools.author.watch

fact: $(READY)  ## Start a fact: make fact ID=correo-mi-dato (TOPIC=… when the id does not begin with one)
	@$(PY) -m tools.author.entry fact "$(ID)" "$(TOPIC)"

source: $(READY)  ## Start a source: make source ID=diario-mi-nota CLASS=press
	@$(PY) -m tools.author.entry source "$(ID)" "$(CLASS)"

tests/node_modules tools/bench/node_modules: %/node_modules: %/package-lock.json $(READY)
	@command -v npm >/dev/null || { echo "npm is needed, and there is no wheel of Node.js for this system. Fix: install Node.js 20 or newer."; exit 1; }
	@npm ci --prefix $* --no-audit --no-fund --loglevel=error
	@touch $@

bench: $(READY) tools/bench/node_modules  ## Compare the site with the same pages in stock Material: bytes, times, Lighthouse; needs caddy
	@$(PY) -m tools.bench.pages

growth: $(READY)  ## Time builds of 1, 4 and 16 times the pages, and our hooks' share
	@$(PY) -m tools.bench.growth

bench-search: $(READY) tools/bench/node_modules  ## Compare the search with others, or list our misses: make bench-search FAILURES=1
	@$(PY) -m tools.bench.search $(if $(FAILURES),--failures)

# In an environment of its own: it answers to the name of MkDocs too.
.build/horizon/ready: requirements.txt requirements-horizon.txt $(SITE)
	@$(PYTHON) -m venv .build/horizon
	@.build/horizon/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-horizon.txt
	@touch $@

horizon: .build/horizon/ready  ## Build the site with ProperDocs too and name every file that differs
	@$(PY) -m tools.horizon .build/horizon/bin/python

load: $(READY)  ## Serve site/ as hosting/ says and measure it: make load SERVER=nginx (or caddy); needs wrk
	@$(PY) -m tools.bench.load $(or $(SERVER),nginx)

lock: $(READY)  ## Renew the locked requirements
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade pyproject.toml -o requirements.txt
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --extra test --constraint requirements.txt pyproject.toml -o requirements-test.txt
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --extra horizon --constraint requirements.txt pyproject.toml -o requirements-horizon.txt

clean:     ## Remove everything that the other targets made
	@rm -rf .venv .build site tests/node_modules tools/bench/node_modules
	@find tests tools overrides -name __pycache__ -type d -prune -exec rm -rf {} +
