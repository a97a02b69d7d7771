#!/bin/sh
# Every check that needs no test: each runs even when one before it failed, and the failed ones are named.
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
failed=""

check() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        printf '  %-14s fine\n' "$name"
    else
        printf '  %-14s FAILED\n%s\n' "$name" "$output"
        failed="$failed $name"
    fi
}

code="applicants filing_portal registry review tests deploy benchmarks manage.py"

printf 'Checks:\n'
check style ruff check $code
check format ruff format --check $code
check types mypy
check structure lint-imports
check migrations python manage.py makemigrations --check --dry-run
check translations python -m tests.house.translations
check security bandit -q --severity-level medium -r applicants filing_portal registry review -c pyproject.toml
check templates djlint --lint --quiet templates

if [ -n "$failed" ]; then
    printf 'Failed:%s\n' "$failed" >&2
    exit 1
fi
