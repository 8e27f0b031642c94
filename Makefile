# Shorthands; each line is also a command of its own.
.PHONY: check lock bench demo clients

check: # format, lint, types, imports and all tests
	python3 run.py test

demo: # from nothing to three grounded notes
	python3 run.py demo

bench: # the figures of bench/RESULTS.md
	.venv/bin/python -m bench --keep

# The locks are made from what is declared alone: no index and no path of this machine goes into them.
# `make lock` keeps the versions that still fit, `make lock UPGRADE=1` takes the newest.
OPTIONS = --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" --quiet $(if $(UPGRADE),--upgrade)
COMPILE = .venv/bin/uv pip compile pyproject.toml $(OPTIONS)

clients: # what the sample clients have generated from schema.graphql; wants Node.js
	cd clients/typescript && npm ci --silent && npm run --silent codegen
	cd clients/python && ../../.venv/bin/uv run --quiet --no-project --with-requirements requirements.txt ariadne-codegen

lock: # requirements.txt, the part of it that the image takes, and that of the Python client
	$(COMPILE) --group model --group py2neo --group dev --output-file requirements.txt
	cp requirements.txt docker/requirements.txt # uv keeps the versions that it finds in the file
	$(COMPILE:--upgrade=) --group model --group build --output-file docker/requirements.txt
	cd clients/python && ../../.venv/bin/uv pip compile requirements.in $(OPTIONS) --output-file requirements.txt
