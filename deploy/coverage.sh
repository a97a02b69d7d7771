#!/bin/sh
# Runs the tests once and prints how much of the lines and branches they reach, for each app, the law and the book.
# Fails below 95 % for the law and the book. The journeys are left out: what only a browser passes through is not
# examined there.
#   deploy/coverage.sh [PYTEST_ARGUMENT...]
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
mkdir -p var/coverage
coverage erase
coverage run -m pytest --ignore tests/journeys "$@"
coverage combine --quiet

printf '\nLines and branches reached, in per cent:\n'
figure() { printf '  %-15s %s\n' "$1" "$(coverage report --format total --include "$1/*")"; }
for part in filing_portal applicants review registry registry/rules registry/book; do figure "$part"; done
for part in registry/rules registry/book; do
    coverage report --fail-under 95 --skip-covered --include "$part/*"
done
