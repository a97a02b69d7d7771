#!/bin/sh
# Collects the texts of code and templates into the translation files beside them.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python manage.py makemessages --all --no-wrap --no-location --add-location=file \
    --ignore .venv --ignore var --ignore static --ignore tests --ignore node_modules
.venv/bin/python -m filing_portal.messages
