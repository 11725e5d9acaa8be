# Shell functions shared by ./start and ./test: find Python, make .venv, install what the lock pins.
# In: $root, the repository's folder. Out: $root/.venv with Caseroom in it, or a message and exit 4.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "caseroom: $1"
    shift
    for line in "$@"; do say "  $line"; done
    exit 4
}

# Print the first Python that is new enough; CASEROOM_PYTHON names one explicitly.
find_python() {
    for candidate in "${CASEROOM_PYTHON:-}" \
        python3 python3.13 python3.12 python3.11 python3.14 python; do
        [ -n "$candidate" ] || continue
        found=$(command -v "$candidate" 2>/dev/null) || continue
        if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$found"
            return 0
        fi
    done
    return 1
}

make_venv() {
    "$root/.venv/bin/python" -c '' 2>/dev/null && return 0
    python=$(find_python) || fail "Python 3.11 or newer was not found." \
        "Install it (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv;" \
        "macOS: brew install python@3.12; Fedora: dnf install python3)" \
        "or set CASEROOM_PYTHON to the path of one, then run this again."
    say "Making .venv with $("$python" --version 2>&1) ($python)"
    rm -rf "$root/.venv"
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$python" "$root/.venv" && return 0
    else
        "$python" -m venv "$root/.venv" && return 0
    fi
    rm -rf "$root/.venv"
    fail "The virtual environment could not be made (see above)." \
        "On Debian and Ubuntu: apt-get install python3-venv. Then run this again."
}

# install_into_venv ARGUMENTS...: uv where it is on the path, else the environment's own pip.
install_into_venv() {
    if command -v uv >/dev/null 2>&1; then
        uv pip install --quiet --python "$root/.venv/bin/python" "$@"
        return
    fi
    "$root/.venv/bin/python" -m pip --version >/dev/null 2>&1 ||
        "$root/.venv/bin/python" -m ensurepip --upgrade >/dev/null || return
    # pip knows dependency groups since 25.1
    "$root/.venv/bin/python" -m pip install --quiet -c "$root/requirements.lock" 'pip>=25.1' &&
        "$root/.venv/bin/python" -m pip install --quiet "$@"
}

# What the installed set depends on: the declared dependencies, their pins, where the folder is.
wanted() {
    (cd "$root" && cat pyproject.toml requirements.lock && pwd) | cksum
}

# ready_venv app|dev: install the package (and the dev group), unless that was done for this lock.
ready_venv() {
    make_venv
    [ "$(cat "$root/.venv/caseroom-$1.stamp" 2>/dev/null)" = "$(wanted)" ] && return 0
    say "Installing Caseroom and what it needs into .venv (once; a minute or two)"
    group=
    [ "$1" = app ] || group="--group=$root/pyproject.toml:$1"
    install_into_venv -c "$root/requirements.lock" -e "$root" ${group:+"$group"} ||
        fail "Installing failed (see above)." \
            "Check that this machine reaches a Python package index, then run this again."
    wanted >"$root/.venv/caseroom-app.stamp"
    [ "$1" = app ] || wanted >"$root/.venv/caseroom-$1.stamp"
}
