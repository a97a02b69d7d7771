#!/bin/sh
# Runs the tests once, all but the journeys, and prints how much of the lines and branches they reach: of each app,
# of the law and of the book. Fails when a test fails, and below 95 % for the law or the book.
#   deploy/coverage.sh [PYTEST_ARGUMENT...]
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
failed=0
mkdir -p var/coverage
coverage erase
coverage run -m pytest --ignore tests/journeys "$@" || failed=1
coverage combine --quiet
# What a killed process left half written.
rm -f var/coverage/data.*

printf '\nLines and branches reached, in per cent:\n'
for part in filing_portal applicants review registry registry/rules registry/book; do
    printf '  %-15s %s\n' "$part" "$(coverage report --format total --include "$part/*")"
done
for part in registry/rules registry/book; do
    coverage report --fail-under 95 --skip-covered --include "$part/*" || failed=1
done
exit $failed
