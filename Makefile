# One command to work, one to check. `make` lists them. Nothing here needs a system package or a running service:
# Graphviz, PostgreSQL and DuckDB come as Python packages into .venv. GNU make 3.81 and any POSIX shell will do.
#
#   PYTHON=python3.13      the Python to set .venv up with; by default the first that is new enough
#   PLANROOM_LAB_ARGS=...  more arguments for JupyterLab, such as --no-browser
#   BENCHMARKS=reading     which benchmarks to run; all by default
#   PLANROOM_BENCH_SQL=... a script of your own for the benchmark of reading

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
SHELL := /bin/sh

python := .venv/bin/python
installed := .venv/.installed
notebooks := $(wildcard notebooks/*.ipynb)
nbval := --nbval --nbval-current-env --nbval-sanitize-with=tests/nbval_sanitize.cfg --nbval-cell-timeout=120

# Paths stay relative, so that the checkout may stand in a folder with blanks in its name.
step = @printf '\n== %s\n' '$(1)'; $(2)

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: lab
lab: $(installed) ## Open JupyterLab with the tour
	@$(python) -m planroom.notebook lab

.PHONY: test
test: $(installed) ## Check everything: style, types, floors, tests, notebooks
	$(call step,ruff check,$(python) -m ruff check .)
	$(call step,ruff format --check,$(python) -m ruff format --check .)
	$(call step,mypy --strict,$(python) -m mypy)
	$(call step,import-linter: the floors of the house,$(python) -c 'from importlinter.cli import lint_imports_command as main; main()')
	$(call step,pytest: units$(comma) properties$(comma) engines$(comma) browser,$(python) -m pytest)
	$(call step,nbval: every notebook gives what it shows,$(python) -m pytest $(nbval) $(notebooks))
	@printf '\nPassed: ruff check, ruff format, mypy --strict, import-linter, pytest, nbval over %s notebooks.\n' '$(words $(notebooks))'

.PHONY: review
review: $(installed) ## Write the design review as one HTML file, and each notebook as one, to build/review
	@$(python) -m planroom.notebook review build/review/notebooks $(notebooks)
	@$(python) -m planroom review $(notebooks) -o build/review/index.html --fail-on never

.PHONY: notebooks
notebooks: $(installed) ## Run every notebook afresh, and say what changed in meaning
	@$(python) -m planroom.notebook refresh $(notebooks)

.PHONY: bench
bench: $(installed) ## Measure against peers, side by side
	@$(python) -m tests.benchmarks $(BENCHMARKS)

.PHONY: constraints
constraints: ## Pin the newest versions of all dependencies again (needs uv)
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade --no-annotate \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make constraints' --quiet -o constraints.txt

.PHONY: clean
clean: ## Remove .venv and everything that was built
	rm -rf .venv .venv-bench build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +

comma := ,

# The stamp is written last: a set-up that was interrupted starts again, one that is done does not.
$(installed): pyproject.toml constraints.txt
	@set -e; \
	new_enough() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }; \
	chosen=; for each in $${PYTHON:-python3 python python3.13 python3.12 python3.11}; do \
	    if new_enough "$$each"; then chosen=$$each; break; fi; done; \
	if uv --version >/dev/null 2>&1; then \
	    [ -x $(python) ] || uv venv --quiet --python "$${chosen:-$${PYTHON:->=3.11}}" .venv; \
	    echo 'Installing into .venv with uv ...'; \
	    uv pip install --quiet --python $(python) -c constraints.txt -e '.[dev]'; \
	elif [ -n "$$chosen" ] || [ -x $(python) ]; then \
	    [ -x $(python) ] || "$$chosen" -m venv .venv || { rm -rf .venv; \
	        echo 'Python cannot make .venv: see above. On Debian and Ubuntu, python3-venv is missing.' >&2; exit 1; }; \
	    echo 'Installing into .venv with pip; half a minute or so ...'; \
	    $(python) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; \
	else \
	    echo 'planroom needs Python 3.11 or newer.' >&2; \
	    echo "  why: $$(python3 --version 2>/dev/null || echo 'no Python') is what python3 gives here." >&2; \
	    echo '  fix: install a newer one and name it: make lab PYTHON=/path/to/python3.13; or install uv, which brings its own.' >&2; \
	    exit 1; \
	fi; \
	if ! new_enough $(python); then \
	    echo "planroom needs Python 3.11 or newer; .venv has $$($(python) --version)." >&2; \
	    echo '  fix: make clean, then make again.' >&2; exit 1; \
	fi; \
	touch $(installed)
