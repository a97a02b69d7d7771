#!/bin/sh
# Every check that needs no test: each runs even when one before it failed, and the failed ones are named.
#   deploy/check.sh          all of them
#   deploy/check.sh quick    those of the inner loop
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
failures=$(mktemp -d)
trap 'rm -rf "$failures"' EXIT

# All at the same time: the longest one takes as long as the others together.
check() {
    name=$1
    shift
    {
        if output=$("$@" 2>&1); then
            printf '  %-14s fine\n' "$name"
        else
            printf '  %-14s FAILED\n%s\n' "$name" "$output"
            touch "$failures/$name"
        fi
    } &
}

code="applicants filing_portal registry review tests deploy benchmarks manage.py"

printf 'Checks:\n'
check style ruff check $code
check format ruff format --check $code
check types mypy
check structure lint-imports
if [ "${1:-all}" = quick ]; then
    printf '  left out here: migrations, translations, security, templates (`make check`)\n'
else
    check migrations python manage.py makemigrations --check --dry-run
    check translations python -m tests.house.translations
    check security bandit -q --severity-level medium -r applicants filing_portal registry review -c pyproject.toml
    check templates djlint --lint --quiet templates
fi

wait

if [ -n "$(ls "$failures")" ]; then
    printf 'Failed: %s\n' "$(ls "$failures" | tr '\n' ' ')" >&2
    exit 1
fi
