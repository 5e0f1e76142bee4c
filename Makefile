# Every target sets up .venv by itself; ARGS goes to the program: make test ARGS="-k signup -x".

.DEFAULT_GOAL := help
.PHONY: run serve accounts test check walk bench lock format docs clean help

BIN := .venv/bin
export FLASK_APP := wsgi
# Where this is set, every process would compile all modules anew: 2 s and 7 MB each.
unexport PYTHONDONTWRITEBYTECODE

# For two cores: the longest tests wait for real processes most of their time.
PROCESSES ?= 3

# A stamp is named for the content of the lock file that was installed.
RUNTIME := .venv/.runtime-$(shell cksum < requirements.txt | tr ' ' '-')
DEV := .venv/.dev-$(shell cksum < requirements-dev.txt | tr ' ' '-')

IS_311 := -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null

define create_venv
$(BIN)/python $(IS_311) || { \
	for python in python3.11 python3 python ""; do \
		[ -z "$$python" ] || ! $$python $(IS_311) || break; \
	done; \
	[ -n "$$python" ] || { echo "✗ 需要 Python 3.11，请先安装 (Python 3.11 is needed)" >&2; exit 1; }; \
	$$python -m venv --clear .venv; \
}
endef

define install
echo "安装依赖 (installing) $(1) …"; \
$(BIN)/pip install -qq --disable-pip-version-check --no-compile --require-hashes -r $(1)
endef

$(RUNTIME):
	@$(create_venv)
	@$(call install,requirements.txt)
	@rm -f .venv/.runtime-* && touch $@

$(DEV):
	@$(create_venv)
	@$(call install,requirements-dev.txt)
	@rm -f .venv/.runtime-* .venv/.dev-* && touch $@ $(RUNTIME)

run: $(RUNTIME) ## start everything for a trial: web, scheduler, WeChat simulator, demo data
	@exec $(BIN)/python -m tools.run

serve: $(RUNTIME) ## start web and scheduler for production (PostgreSQL, own secrets)
	@exec $(BIN)/python -m tools.run --production

accounts: $(RUNTIME) ## print the demo accounts with their one-time codes of this moment
	@exec $(BIN)/python -m tools.run --accounts

test: $(DEV) ## the whole suite, on SQLite and then on PostgreSQL
	@failed=; \
	for database in sqlite postgresql; do \
		echo "== $$database"; \
		$(BIN)/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder --database=$$database $(ARGS) || failed="$$failed $$database"; \
	done; \
	[ -z "$$failed" ] || { echo "✗ 测试未通过 (tests failed on):$$failed" >&2; exit 1; }

check: $(DEV) ## style, types, imports, migrations and generated documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	export LIANCHENG_ENV=test LIANCHENG_VAR="$$folder" DATABASE_URL= && \
	echo "flask db upgrade && flask db check" && \
	$(BIN)/flask db upgrade && $(BIN)/flask db check
	$(BIN)/flask docs check

walk: $(DEV) ## a day of citizens and staff against the real processes, then a whole selection
	@$(BIN)/python -m tools.walk $(ARGS)
	@case "$(ARGS)" in *--selection*) ;; *) DATABASE_URL= $(BIN)/python -m tools.walk --selection ;; esac

bench: $(DEV) ## measure throughput and latency
	@exec $(BIN)/python -m bench $(ARGS)

COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host $(ARGS)

lock: $(DEV) ## pin what pyproject.toml asks for (ARGS=--upgrade takes newer releases)
	$(COMPILE) --output-file requirements.txt pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

format: $(DEV) ## format the code and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(DEV) ## write the generated documents
	@exec $(BIN)/flask docs write

clean: ## remove .venv and caches; data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
