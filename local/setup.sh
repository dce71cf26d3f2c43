#!/bin/sh
# Make .venv with the locked packages; with `browser`, see to it that there is a Chromium too.
# Does nothing, quickly, when all is there. Installs Debian packages if it may, otherwise stops with one line.
set -eu

python=${PYTHON:-python3}
venv=.venv
lock=requirements-dev.txt

stop() {
    echo "$*" >&2
    exit 1
}

# install_package PACKAGE WHY
install_package() {
    as_root=
    if [ "$(id -u)" != 0 ]; then
        as_root="sudo -n"
        $as_root true 2>/dev/null || stop "$2: install the package $1 (apt-get install $1) and start again"
    fi
    command -v apt-get >/dev/null || stop "$2: install $1 and start again"
    echo "Installing the system package $1 ..."
    log=$(mktemp)
    apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get"
    if ! { $apt install -y "$1" || { $apt update && $apt install -y "$1"; }; } >"$log" 2>&1; then
        reason=$(grep -E '^(E|W|Err)' "$log" | tail -n 1)
        rm -f "$log"
        stop "$2: apt-get could not install $1: ${reason:-no reason given}"
    fi
    rm -f "$log"
}

require_python() {
    if ! command -v "$python" >/dev/null; then
        [ "$python" = python3 ] || stop "$python is not there: set PYTHON to a Python of at least 3.11"
        install_package python3 "Python is missing"
    fi
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "$python is older than 3.11: set PYTHON to a newer one, as in 'make run PYTHON=python3.12'"
}

make_venv() {
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install_package python3-venv "$python cannot make a virtual environment"
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            stop "$python cannot make a virtual environment: set PYTHON to one that can, such as /usr/bin/python3"
    fi
    echo "Making $venv ..."
    "$python" -m venv --clear "$venv" || stop "$python could not make $venv"
}

install_locked() {
    wanted=$(sha256sum "$lock")
    if [ "$(cat "$venv/installed" 2>/dev/null)" != "$wanted" ]; then
        echo "Installing the packages of $lock (a minute or so) ..."
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
            --require-hashes --only-binary :all: -r "$lock" || stop "pip could not install $lock: see above"
        echo "$wanted" >"$venv/installed"
    fi
}

require_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null; then return; fi
    done
    install_package chromium "The browser journeys need Chromium"
}

cd "$(dirname "$0")/.."
if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    require_python
    make_venv
fi
install_locked
if [ "${1:-}" = browser ]; then
    require_browser
fi
