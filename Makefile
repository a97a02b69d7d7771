# The filing portal. `make run` and `make test` need nothing but Python 3.11 and make.

PORT ?= 8000
PYTHON := .venv/bin/python
# One a processor, from two to six.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$(( n < 2 ? 2 : n > 6 ? 6 : n )))

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run quick test check structure proof lifecycle messages lock screenshots

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Environment, database and static files of the embedded set-up
	@deploy/setup.sh run
	@$(PYTHON) -m filing_portal.prepare

setup-dev: ## That, and what the tests need
	@deploy/setup.sh dev
	@$(PYTHON) -m filing_portal.prepare

run: ## The portal at http://127.0.0.1:8000 (PORT=8001 for another port)
	@deploy/setup.sh run
	@exec $(PYTHON) -m filing_portal.supervisor --prepare --with-parent --port $(PORT)

quick: ## The inner loop, under 90 s: style, types, structure, and a slice of the tests without any server
	@deploy/setup.sh quick
	@deploy/check.sh quick; checks=$$?; $(PYTHON) -m pytest --quick -n $(WORKERS) -q && exit $$checks

check: setup-dev ## Style, types, structure, migrations, translations, security
	@deploy/check.sh

test: ## Everything: the checks, then all tests on real servers and a real browser
	@deploy/setup.sh dev
	@deploy/check.sh
	@$(PYTHON) -m pytest --areas -n $(WORKERS) --dist loadgroup

structure: ## Rooms, arrows between them, circles, long files, contracts (AT=REVISION for another state)
	@deploy/setup.sh dev
	@$(PYTHON) deploy/structure.py --at "$(AT)"

proof: setup-dev ## How much of the code the tests reach, and the long counts behind the figures in the documentation
	@deploy/coverage.sh -n $(WORKERS) --dist loadgroup
	@$(PYTHON) -m pytest -m proof -n 0 -s

lifecycle: setup-dev ## Write docs/lifecycle.md anew from the tables of the workflow
	@$(PYTHON) -m deploy.lifecycle

messages: setup-dev ## Collect new texts into the translation files
	@$(PYTHON) -m deploy.messages

screenshots: setup-dev ## Take the pictures of docs/screenshots again, from the sample data
	@$(PYTHON) deploy/screenshots.py

lock: setup-dev ## Renew the lock files from pyproject.toml
	@deploy/lock.sh
