# Conóceles. «make help» lists everything.
PYTHON ?= python3
UV_VERSION := 0.13.9
PORT ?= 8000
DEMO ?= 1
SEARCH ?=
export PORT DEMO SEARCH
# Compiling everything anew at each start would more than double the time of a start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test lint lint_types lint_rest bench search-quality manual-pictures stop requirements

help: ## List every target with one line
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: .venv/.run ## Serve http://localhost:8000 with the demo (DEMO=0, SEARCH=elasticsearch)
	@exec .venv/bin/python -m conoceles_site.serve

test: .venv/.dev ## Run every test; sets up what it needs and says how many ran
	@sh tests/require_packages.sh
	@sh tests/run.sh $(TESTS)

lint: .venv/.dev ## Ruff, mypy, djlint, citations, import contracts, migrations, check --deploy
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint_types lint_rest

lint_types:
	@echo "mypy"; .venv/bin/mypy --no-error-summary .

lint_rest:
	@sh -c 'set -e; \
	echo "ruff";            .venv/bin/ruff check .; .venv/bin/ruff format --check -q .; \
	echo "djlint";          .venv/bin/djlint --quiet --lint templates; \
	echo "citations";       .venv/bin/python -m conoceles_site.citations; \
	echo "import contracts"; .venv/bin/lint-imports --no-cache --config pyproject.toml; \
	echo "migrations";      export DJANGO_SETTINGS_MODULE=conoceles_site.settings.test; \
	                        .venv/bin/python manage.py makemigrations --check --dry-run; \
	                        .venv/bin/python manage.py lintmigrations --quiet ok ignore --project-root-path .; \
	echo "check --deploy";  .venv/bin/python -m conoceles_site.deploy_check'

bench: .venv/.dev ## Run the benchmarks, printing ratios
	@.venv/bin/python -m bench

search-quality: .venv/.dev ## Ask the judged queries of every engine: nDCG@10, recall, MRR by group
	@.venv/bin/python -m bench.search_quality

manual-pictures: .venv/.dev ## Take the pictures of the manuals from a demonstration of their own
	@.venv/bin/python -m conoceles_site.manual_pictures $(PICTURES)

stop: ## Stop the embedded PostgreSQL of the data folder
	@.venv/bin/python -c 'from conoceles_site.settings.environment import DATA_DIR; \
	from conoceles_site import embedded_postgres as p; p.stop(DATA_DIR)'

requirements: .venv/bin/uv ## Compile requirements.txt and requirements-dev.txt from pyproject.toml
	@.venv/bin/uv pip compile -q --universal --python-version 3.11.2 --generate-hashes \
	  pyproject.toml -o requirements.txt
	@.venv/bin/uv pip compile -q --universal --python-version 3.11.2 --generate-hashes \
	  pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

.venv/bin/uv:
	@echo "Creando el entorno de Python en .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Hace falta Python 3.11 o posterior; indica cuál con PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null \
	       && $(PYTHON) -m venv .venv; } \
	  || { rm -rf .venv; echo "Falta el paquete python3-venv: instálalo y repite."; exit 1; }
	@.venv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.run: requirements.txt .venv/bin/uv
	@echo "Instalando los paquetes"
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@echo "Instalando los paquetes de desarrollo"
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements-dev.txt
	@touch $@
