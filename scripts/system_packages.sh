# Shell functions for the programs that tests drive: Chromium, bubblewrap, a PostgreSQL server.
# In: $root, its .venv with the dev group. Out: the programs are there, or a message names packages.

missing_packages() {
    command -v chromium >/dev/null 2>&1 || printf 'chromium fonts-dejavu-core '
    command -v bwrap >/dev/null 2>&1 || printf 'bubblewrap '
    command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||
        printf 'postgresql '
    # what drives Chromium brings a Node of its own, which needs this library
    "$root/.venv/bin/python" -m playwright --version >/dev/null 2>&1 || printf 'libatomic1 '
}

# apt_install PACKAGES...: as root on Debian or Ubuntu, install; anywhere else, fail.
apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    say "Installing system packages: $*"
    apt-get -qq update >&2 &&
        DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@" \
            >/dev/null
}

# Install what is missing, or say what to install and go on.
ready_system_packages() {
    packages=$(missing_packages)
    # shellcheck disable=SC2086  # a list of words is meant
    [ -z "$packages" ] || apt_install $packages || say "Tests that need them are skipped." \
        "To run all, install these packages (names as on Debian 12): $packages"
}

# Node builds the committed scripts anew for comparison; only CI and who changes them needs it.
ready_node() {
    command -v npm >/dev/null 2>&1 || apt_install nodejs npm || say "Node and npm are missing."
}
