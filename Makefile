# The README's two commands are `make demo` and `make test`; each works alone on Debian with Python 3.11 and make.
PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export DJANGO_SETTINGS_MODULE := locality.config.settings

.PHONY: setup demo test check prove bench pins

# $(1): a command that works when the Debian packages $(2) are there; they are installed if this machine lets us
define debian
	@$(1) >/dev/null 2>&1 || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $(2); \
		else echo "This needs $(2): on Debian, run \`sudo apt-get install $(2)\`, then try again." >&2; exit 1; fi; }
endef

setup: .venv/ready

.venv/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This needs Python 3.11 or later." >&2; exit 1; }
	$(call debian,$(PYTHON) -c 'import ensurepip',python3-venv)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/ready-to-test: .venv/ready requirements-dev.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: setup
	$(BIN)/locality demo --port $(PORT)

test: check
	$(call debian,command -v chromium,chromium fonts-liberation)
	$(BIN)/pytest -m "not prove" --numprocesses auto --dist loadfile

check: .venv/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy locality
	@# no server is needed to compare the models with the migrations, and Django warns that it sees none
	$(BIN)/python -W "ignore:Got an error checking" -m django makemigrations --check --dry-run

prove: .venv/ready-to-test
	$(BIN)/pytest -m prove

bench: setup
	$(BIN)/python -m benchmarks

# after a change of dependencies; needs uv
pins:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
