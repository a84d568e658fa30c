# make demo   set up, then tune the embedded model on the bundled codebase and score it
# make test   set up, then check style, types and layers and pass the tests
# make check  the same without the tests
# make clean  remove what set-up made

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO ?=
TESTS ?=

.PHONY: demo test check setup clean

demo: $(READY)
	@$(BIN)/covet demo $(DEMO)

test: check
	$(BIN)/pytest $(TESTS)

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyrefly check
	$(BIN)/lint-imports
	$(BIN)/codespell src tests docs recipes *.md

setup: $(READY)

$(READY): pyproject.toml constraints.txt setup.sh
	@./setup.sh $(VENV)
	@touch $@

clean:
	rm -rf $(VENV)
