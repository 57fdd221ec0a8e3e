# Two commands on a fresh machine:
#   make run    opens the studio on a sample
#   make test   runs every check
# All they need is Python 3.11 or newer with pip; .ci/prepare.py makes .venv and installs what is missing.

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python,$(if $(shell command -v $(name)),$(name))))

.PHONY: run test clean

run:
	@$(PYTHON) .ci/prepare.py run

test:
	@$(PYTHON) .ci/prepare.py test

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
