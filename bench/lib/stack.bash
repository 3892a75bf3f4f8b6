# The stack that is measured: PostgreSQL, sandbox, auth, jobs and the gateway; 100,000 gigs; one freelancer's key. A measurement
# that needs other services names them.
# shellcheck shell=bash
#
# The notifications service does not run, because delivering the events is not part of the jobs service's cost.

GIGS=100000
STARTED=()

sql() { # DATABASE [psql arguments…]
    local database=$1
    shift
    PGHOST=$(postgres_socket_folder) PGPORT=$PG_PORT psql -X -q -A -t -v ON_ERROR_STOP=1 -U postgres -d "$database" "$@"
}

stack_start() { # [SERVICE…]
    STARTED=("$@")
    if (($# == 0)); then STARTED=(auth jobs); fi
    mkdir -p "$STACK" "$RUN" "$LOGS"
    chmod 711 "$STACK" "$RUN"
    exec 9>"$STACK/lock"
    flock -n 9 || fail "another measurement is under way on $STACK"
    ulimit -n "$(ulimit -Hn)"
    secrets_make
    own_settings
    settings_write
    postgres_start
    postgres_databases
    service_start sandbox
    services_await 30 sandbox
    local service
    for service in "${STARTED[@]}"; do service_start "$service"; done
    services_await 60 "${STARTED[@]}"
    gateway_start
}

# The services reach PostgreSQL as pgbench does, through its socket.
own_settings() {
    local folder service
    folder=$(realpath -m "$(postgres_socket_folder)")
    for service in "${DATABASES[@]}"; do
        printf '%s_DATABASE_URL=postgresql://guildhall_%s:%s@%s:%s/guildhall_%s\n' "${service^^}" "$service" \
            "$(secret "${service^^}_DATABASE_PASSWORD")" "${folder//\//%2F}" "$PG_PORT" "$service"
    done >"$STACK/own.env"
}

stack_stop() {
    local service
    process_stop gateway QUIT 10
    for service in "${STARTED[@]}"; do process_stop "$service" TERM 15; done
    process_stop sandbox TERM 15
    postgres_stop
}

stack_fill() {
    if [[ $(sql guildhall_jobs -c "SELECT count(*) FROM gigs WHERE status = 'active'") != "$GIGS" ]]; then
        say "filling in $GIGS gigs"
        sql guildhall_jobs -v gigs="$GIGS" -f "$HERE/sql/fill.sql"
    fi
    sql guildhall_jobs -F ' ' -c "SELECT (extract(epoch FROM created_at) * 1000000)::bigint, id FROM gigs ORDER BY md5(id::text)" >"$WORK/gigs"
}

# Signs in with GitHub as a browser would, following each redirect by hand, and makes an API key without a limit.
stack_sign_in() { # [LOGIN]
    local login=${1:-bench-worker}
    local gateway=http://127.0.0.1:$PORT jar=$WORK/cookies-$login url answer
    follow() { curl -sS -m 10 -b "$jar" -c "$jar" -o /dev/null -w '%{redirect_url}' "$1"; }
    url=$(follow "$gateway/api/session/github")
    url=$(follow "$url&login=$login")
    follow "$url" >/dev/null
    sql guildhall_auth -c "UPDATE accounts SET plan = 'custom', user_type = 'freelancer' WHERE github_username = '$login'"
    answer=$(curl -sS -m 10 -b "$jar" -H "Origin: $gateway" -H 'Content-Type: application/json' -d '{"name":"bench"}' "$gateway/api/keys")
    KEY=$(sed -n 's/.*"key":"\([^"]*\)".*/\1/p' <<<"$answer")
    [[ -n $KEY ]] || fail "no API key was made: $answer"
    # shellcheck disable=SC2034 # whose applications the peers write
    ME=$(sql guildhall_auth -c "SELECT id FROM accounts WHERE github_username = 'bench-worker'")
}

machine_print() {
    local tool
    tool=$(wrk -v 2>&1 || true)
    printf '%s, %s cores, Linux %s, PostgreSQL %s, %s, %s\n' \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(uname -r)" \
        "$(sql postgres -c 'SHOW server_version')" "$(cut -d' ' -f1,2 <<<"${tool%%$'\n'*}")" "$(date -u +%F)"
}
