#!/bin/sh
# Makes this checkout ready: system packages that are missing, the virtual environment, the locked libraries.
#   deploy/setup.sh run    what the portal needs
#   deploy/setup.sh quick  that, and what `make quick` needs: no server, no browser
#   deploy/setup.sh dev    that, and what all tests need
# A second run finds everything done and takes a moment.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}

# Pictures of uploaded PDFs without fonts of their own use fonts-noto-cjk; without libharfbuzz-subset0 a PDF takes
# seconds instead of tenths.
packages="gettext libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
[ "$kind" = run ] || packages="$packages docker-compose"
if [ "$kind" = dev ]; then
    # The browser without its windows: a third less work for the same pages.
    packages="$packages chromium-headless-shell postgresql redis-server poppler-utils"
fi

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        fail "Administrator rights are needed to install: $missing. Install them, then run this again."
    fi
}

find_python() {
    for candidate in python3.11 python3 python; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 is needed and was not found. Install python3.11 with its venv module."
}

install_system_packages() {
    missing=""
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "This system has no apt. Make sure it has what these Debian packages hold: $packages"
        return
    fi
    for package in $packages; do
        is_installed "$package" || missing="$missing $package"
    done
    # An interpreter from Debian keeps venv in a package of its own; one from elsewhere has it.
    if [ ! -x .venv/bin/python ] && ! "$python" -c 'import ensurepip' 2>/dev/null; then
        missing="$missing $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    [ -n "$missing" ] || return 0
    say "Installing system packages:$missing"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # The packages' own servers are not wanted: the tests start theirs.
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y -qq --no-install-recommends $missing >var/apt.log 2>&1 ||
        { tail -n 20 var/apt.log >&2; fail "apt-get could not install:$missing"; }
}

install_libraries() {
    lock=requirements-dev.lock
    [ "$kind" = run ] && lock=requirements.lock
    stamp=".venv/.installed-$(sha256sum "$lock" | cut -c1-16)"
    [ -e "$stamp" ] && return 0
    # What the tests need includes what the portal needs.
    if [ "$kind" = run ] && [ -e ".venv/.installed-$(sha256sum requirements-dev.lock | cut -c1-16)" ]; then
        return 0
    fi
    if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null ||
        ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        rm -rf .venv
        "$python" -m venv .venv
    fi
    say "Installing the libraries of $lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile \
        --require-hashes -r "$lock"
    touch "$stamp"
}

mkdir -p var
chmod 700 var
python=$(find_python)
install_system_packages
install_libraries
