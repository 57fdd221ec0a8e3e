# Two commands on a fresh machine:
#   make run    opens the studio on a sample
#   make test   runs every check
# All they need is Python 3.11 or newer with pip; .ci/prepare.py makes .venv and installs what is missing.

# The first that runs and is new enough; lazily, so that `make clean` needs none.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$name"; break; fi; done)
prepare = $(or $(PYTHON),$(error NN Studio needs Python 3.11 or newer with pip, and none was found)) .ci/prepare.py

.PHONY: run test clean

run:
	@$(prepare) run

test:
	@$(prepare) test

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
