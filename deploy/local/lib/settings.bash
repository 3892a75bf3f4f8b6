# Where everything of the local stack is. Every command sources this first.
# shellcheck shell=bash disable=SC2034 # the sourcing command uses these
#
# GUILDHALL_HOME     folder of the stack's data, logs and settings (.local)
# GUILDHALL_PORT     the gateway's port; the services follow it (that of the last start, or 8080)
# GUILDHALL_PG_PORT  PostgreSQL's port (that of the last start, or 25432)
# GUILDHALL_BUILD    release or debug (release)
# GUILDHALL_BIN      a folder with the programs; nothing is built then
# GUILDHALL_LISTEN   the gateway's address (127.0.0.1)

PATH=$PATH:/usr/sbin:/sbin
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
LOCAL=$ROOT/deploy/local

say() { printf '%s\n' "$*"; }
# Stops with one line. Status 70 tells the trap below that the line was already printed.
fail() {
    printf 'guildhall: %s\n' "$*" >&2
    exit 70
}
set -E
unexpected() { # STATUS FILE LINE
    [[ $1 == 70 ]] || printf 'guildhall: %s, line %s: failed with %s\n' "$2" "$3" "$1" >&2
    exit "$1"
}
trap 'unexpected $? "${BASH_SOURCE[0]}" "$LINENO"' ERR

absolute() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s/%s' "$ROOT" "$1" ;; esac }
port_number() { # NAME VALUE HIGHEST
    [[ $2 =~ ^[1-9][0-9]{0,4}$ && $2 -le $3 ]] || fail "$1 must be a port from 1 to $3, not '$2'"
}

STACK=$(absolute "${GUILDHALL_HOME:-.local}")
RUN=$STACK/run
LOGS=$STACK/logs
BUILD=${GUILDHALL_BUILD:-release}
BIN=$(absolute "${GUILDHALL_BIN:-.build/$BUILD}")
# A stack stays where it was started last, unless it is told to move: a command in another shell finds it.
last_port() { # PATTERN DEFAULT
    local port=
    if [[ -r $STACK/env ]]; then port=$(sed -nE "s|$1|\\1|p" "$STACK/env" | head -n 1); fi
    printf '%s' "${port:-$2}"
}
PORT=${GUILDHALL_PORT:-$(last_port '^GUILDHALL_PORT=([0-9]+)$' 8080)}
PG_PORT=${GUILDHALL_PG_PORT:-$(last_port '^AUTH_DATABASE_URL=.*@127\.0\.0\.1:([0-9]+)/.*$' 25432)}
LISTEN=${GUILDHALL_LISTEN:-127.0.0.1}
port_number GUILDHALL_PORT "$PORT" 65000
port_number GUILDHALL_PG_PORT "$PG_PORT" 65535
[[ $BUILD == release || $BUILD == debug ]] || fail "GUILDHALL_BUILD must be release or debug, not '$BUILD'"

# Without debug information a build is done in less time, and programs are a fraction of the size. Names stay in backtraces.
SWIFT_BUILD=(swift build -debug-info-format none)
# C is optimized in debug mode, too: hashing a password takes a fifth of the time then.
if [[ $BUILD == debug ]]; then SWIFT_BUILD+=(-Xcc -O2); fi

# printed by guildhallctl services: programs
# The port is the gateway's plus the place in this list.
PROGRAMS=(gateway auth talent jobs contracts payments notifications messages web sandbox)
SERVICES=(auth talent jobs contracts payments notifications messages web)
# Those that others call, and those that keep something.
PEERS=(auth talent jobs contracts payments notifications messages)
DATABASES=(auth talent jobs contracts payments notifications messages sandbox)
# end of what is printed

port_of() { # PROGRAM
    local place
    for place in "${!PROGRAMS[@]}"; do
        if [[ ${PROGRAMS[$place]} == "$1" ]]; then
            printf '%s' $((PORT + place))
            return
        fi
    done
}

# A name for this stack's folder where the folder itself cannot be used.
stack_hash() { printf '%s' "$STACK" | sha256sum | cut -c1-12; }
