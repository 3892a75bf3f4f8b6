# Suites that run against a separate stack, with its own folder, ports and database server: one after another, and beside
# them those that need no stack.
# shellcheck shell=bash
#
# The caller has set GUILDHALL_HOME, GUILDHALL_PORT and GUILDHALL_PG_PORT with `suites_home` before the settings.

# A test that hangs must not take the machine with it.
SUITE_LIMIT=40m
began=$SECONDS
failed=()
failures=()
# Those that run beside others, and their processes.
besides=()
declare -A running=()

step() { printf '\n=== %s (%d min %02d s)\n' "$*" $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)); }
suite_log() { # NAME
    printf '%s/suite-%s.out' "$LOGS" "${1//[^A-Za-z]/-}"
}
verdict() { # NAME STATUS
    if (($2 == 0)); then
        say "$1: passed"
        return
    fi
    say "$1: FAILED"
    failed+=("$1")
    failures+=("$(suite_log "$1")")
}

suite() { # NAME COMMAND…
    local name=$1 status=0
    shift
    step "$name"
    mkdir -p "$LOGS"
    "$@" 2>&1 | tee "$(suite_log "$name")" || status=1
    verdict "$name" $status
}

# Begins a suite that runs beside those that follow. `suites_join` tells how it ended.
beside() { # NAME COMMAND…
    local name=$1
    shift
    step "$name, beside what follows"
    mkdir -p "$LOGS"
    # A process group of its own, so that all of it can be ended.
    set -m
    { "$@" || exit 1; } >"$(suite_log "$name")" 2>&1 </dev/null 8>&- &
    set +m
    besides+=("$name")
    running[$name]=$!
}

suites_join() {
    local name status
    for name in "${besides[@]}"; do
        status=0
        wait "${running[$name]}" || status=1
        unset "running[$name]"
        step "$name, which ran beside"
        cat "$(suite_log "$name")"
        verdict "$name" $status
    done
}

# Says again at the end, where it is found, what failed long before: the failed tests, or the last lines of a suite without any.
suites_failures() {
    local log
    for log in "${failures[@]}"; do
        step "what failed, from ${log#"$ROOT/"}"
        grep -E '^(✘|↳)' "$log" | head -n 100 || tail -n 40 "$log"
    done
}

# Twelve ports in a row that nobody listens on, and one for PostgreSQL, so that stacks can run side by side.
choose_ports() {
    local offset
    while :; do
        for offset in {0..11}; do
            if port_is_open $((GUILDHALL_PORT + offset)); then
                GUILDHALL_PORT=$((GUILDHALL_PORT + 20))
                continue 2
            fi
        done
        break
    done
    while port_is_open "$GUILDHALL_PG_PORT"; do GUILDHALL_PG_PORT=$((GUILDHALL_PG_PORT + 1)); done
    PORT=$GUILDHALL_PORT PG_PORT=$GUILDHALL_PG_PORT
}

# Only one run at a time uses the stack's folder. The lock ends with the process.
suites_lock() {
    mkdir -p "$STACK"
    exec 8>"$STACK/suites.lock"
    flock -n 8 || fail "another run of tests uses ${STACK#"$ROOT/"}: wait for it, or set GUILDHALL_TEST_HOME"
}

# A judge that finds its packages missing installs them itself, and says why it cannot.
judges_prepare() {
    local folder
    for folder in Tests/*/requirements.txt; do Tests/with_packages "$(basename "${folder%/*}")" true; done
}

# Builds, starts the stack, and puts into the environment what the suites need. The judges' Python packages come meanwhile.
suites_begin() { # [judged]
    suites_lock
    step "packages"
    "$LOCAL/packages" test
    if [[ ${1:-} == judged ]]; then judges_prepare >/dev/null 2>&1 8>&- & fi
    step "building everything in debug mode"
    "${SWIFT_BUILD[@]}" --build-tests
    GUILDHALL_BIN=$(swift build --show-bin-path)
    export GUILDHALL_BIN
    BIN=$GUILDHALL_BIN
    step "starting the test stack"
    "$LOCAL/reset"
    choose_ports
    trap 'failed+=("interrupted or broken off"); suites_tear_down' EXIT
    "$LOCAL/up"
    settings_export
    export GUILDHALL_TEST_HOME=$STACK GUILDHALL_TEST_BIN=$GUILDHALL_BIN
    export GUILDHALL_TEST_GATEWAY=http://127.0.0.1:$PORT GUILDHALL_REQUIRE_JOURNEYS=1
    GUILDHALL_TEST_SANDBOX=http://127.0.0.1:$(port_of sandbox)
    GUILDHALL_TEST_DATABASE_URL=postgresql://postgres:$(secret POSTGRES_PASSWORD)@127.0.0.1:$PG_PORT/postgres
    export GUILDHALL_TEST_SANDBOX GUILDHALL_TEST_DATABASE_URL
}

suites_tear_down() {
    local process
    trap - ERR EXIT
    for process in "${running[@]}"; do kill -- "-$process" || true; done
    process_stop stripe-sdk-sandbox TERM 15
    process_stop payments-replica KILL 5
    step "taking the test stack down"
    if ((${#failed[@]})); then
        "$LOCAL/down"
        say "its logs stay in ${LOGS#"$ROOT/"}"
    else
        "$LOCAL/reset"
    fi
}

# The last line tells what passed.
suites_end() { # COMMAND
    local minutes
    suites_tear_down
    minutes=$(((SECONDS - began) / 60))
    if ((${#failed[@]})); then
        suites_failures
        say "$1: FAILED after $minutes min: ${failed[*]}"
        exit 1
    fi
    say "$1: every suite passed, in $minutes min"
}

limited() { # COMMAND…
    timeout --foreground "$SUITE_LIMIT" "$@"
}

# With PostgreSQL servers of their own, because journeys stop the stack's. Called by `beside`, in a process of its own.
module_tests() { # NAME OPTION…
    unset GUILDHALL_TEST_DATABASE_URL
    tests_of "$@"
}

# Prints as it runs. One test of a process at a time, because many of them start servers and measure the machine.
# A run without any test is a failure. The bundle runs directly, because `swift test` would hold its output back.
tests_of() { # NAME OPTION…
    local name=$1 log=$LOGS/swift-test-$1.log status=0
    shift
    NO_COLOR=1 limited "$GUILDHALL_BIN/guildhallPackageTests.xctest" --testing-library swift-testing \
        --no-parallel "$@" 2>&1 | tee "$log" | grep --line-buffered -v '^◇' || status=1
    if ! grep -q 'Test run with [1-9]' "$log"; then
        say "✘ the process of $name ran no test to its end; its last lines:"
        tail -n 20 "$log" | sed 's/^/↳ /'
        return 1
    fi
    return $status
}

# Holds the stack to its OpenAPI document.
openapi() { # EXAMPLES
    OPENAPI_EXAMPLES=$1 limited Tests/openapi/run "http://127.0.0.1:$PORT"
}

# Plays deals in a real browser; `screenshots` writes docs/images instead.
browser() { # [screenshots]
    if ! command -v chromium >/dev/null; then
        say "there is no Chromium here, which Debian has as a package: nothing is looked at in a browser"
        return 0
    fi
    limited Tests/browser/run "http://127.0.0.1:$PORT" "$GUILDHALL_TEST_SANDBOX" "$@"
}

# Plays a deal with the libraries that openapi-generator makes of the document.
libraries() { # LANGUAGE… | every
    limited Tests/sdks/run "http://127.0.0.1:$PORT" "$GUILDHALL_TEST_SANDBOX" "$@"
}

# Runs Stripe's own library against a separate sandbox, which sends its webhooks to the suite instead of the gateway. Its
# types judge what the tests before have asked of the stack's sandbox, its objects, and what the suite was answered.
stripe_sdk() {
    local sandbox=http://127.0.0.1:$((PORT + 10)) receiver=$((PORT + 11)) status=0
    local database=${GUILDHALL_TEST_DATABASE_URL%/*}/stripe_sdk answers=$LOGS/stripe-answers.json
    psql -X -q "$GUILDHALL_TEST_DATABASE_URL" -c 'CREATE DATABASE stripe_sdk' || return 1
    PORT=$((PORT + 10)) DATABASE_URL=$database SANDBOX_URL=$sandbox WEBHOOK_URL=http://127.0.0.1:$receiver/webhook \
        process_start stripe-sdk-sandbox - "$BIN/guildhall-sandbox"
    if curl -fsS --retry 60 --retry-delay 1 --retry-all-errors -o /dev/null "$sandbox/health/ready" 2>/dev/null; then
        limited Tests/stripe_sdk/run "$sandbox" \
            --webhook-secret "$STRIPE_WEBHOOK_SECRET" --receiver-port "$receiver" --answers "$answers" || status=$?
        limited Tests/stripe_judge/run "$GUILDHALL_TEST_SANDBOX" --answers "$answers" || status=$?
    else
        show_log stripe-sdk-sandbox
        status=1
    fi
    process_stop stripe-sdk-sandbox TERM 15
    return $status
}
