# Shell functions for the programs that tests drive: Chromium, bubblewrap, a PostgreSQL server.
# In: nothing. Out: the programs are there, or a message says which packages to install.

missing_packages() {
    command -v chromium >/dev/null 2>&1 || printf 'chromium fonts-dejavu-core '
    command -v bwrap >/dev/null 2>&1 || printf 'bubblewrap '
    command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||
        printf 'postgresql '
}

# Root on Debian or Ubuntu: install what is missing. Anybody else: say what to install, go on.
ready_system_packages() {
    packages=$(missing_packages)
    [ -n "$packages" ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing system packages for the tests: $packages"
        # shellcheck disable=SC2086  # a list of words is meant
        if apt-get -qq update >&2 && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes \
            --no-install-recommends $packages >&2; then
            return 0
        fi
        say "Installing them failed (see above)."
    fi
    say "Tests that need them are skipped. To run all, install: $packages"
    say "(names as on Debian 12; for example: sudo apt-get install $packages)"
}
