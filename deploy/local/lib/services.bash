# The services, the sandbox and the gateway as background processes.
# shellcheck shell=bash

# Runs COMMAND with only the settings that SERVICE reads.
with_settings_of() { # SERVICE COMMAND…
    local service=$1 url=${1^^}_DATABASE_URL owner=${1^^}_DATABASE_OWNER_URL value owner_value name read
    shift
    read=" $("$BIN/guildhallctl" settings --names "$service" | tr '\n' ' ')"
    settings_export
    value=${!url:-}
    owner_value=${!owner:-}
    while read -r name; do
        if [[ $read != *" $name "* ]]; then unset "$name"; fi
    done < <(settings_names)
    export PORT
    if [[ -n $value ]]; then export DATABASE_URL=$value; fi
    if [[ -n $owner_value ]]; then export DATABASE_OWNER_URL=$owner_value; fi
    PORT=$(port_of "$service")
    "$@"
}

# Starts SERVICE unless it runs with this program and these settings.
service_start() { # SERVICE
    local program=$BIN/guildhall-$1 print
    [[ -x $program ]] || fail "$program is missing: run 'make build'"
    print="$(stat -L -c '%n %i %Y' "$program") $(sha256sum <"$STACK/env")"
    if process_is_current "$1" "$print"; then return; fi
    process_stop "$1" TERM 15
    port_await_close "$(port_of "$1")"
    require_port "$(port_of "$1")" "guildhall-$1" GUILDHALL_PORT
    (with_settings_of "$1" process_start "$1" "$print" "$program")
}

# Starts a second process of SERVICE, as SERVICE-replica, on the port behind the last program's.
replica_start() { # SERVICE
    local program=$BIN/guildhall-$1
    if process_pid "$1-replica" >/dev/null; then return; fi
    process_sweep "$1-replica"
    (with_settings_of "$1" replica_run "$1" "$program")
}
replica_run() { # SERVICE PROGRAM
    PORT=$(($(port_of gateway) + ${#PROGRAMS[@]})) process_start "$1-replica" replica "$2"
}

service_is_ready() { # SERVICE
    curl -fsS -m 3 -o /dev/null "http://127.0.0.1:$(port_of "$1")/health/ready" 2>/dev/null
}

# Waits until all named programs are ready, within SECONDS in total.
services_await() { # SECONDS SERVICE…
    local end=$((SECONDS + $1)) service
    shift
    for service in "$@"; do
        until service_is_ready "$service"; do
            if ! process_pid "$service" >/dev/null; then
                show_log "$service"
                fail "guildhall-$service ended instead of becoming ready"
            fi
            if ((SECONDS >= end)); then
                show_log "$service"
                fail "guildhall-$service is not ready: $(curl -sS -m 3 "http://127.0.0.1:$(port_of "$service")/health/ready" 2>&1 | head -c 300)"
            fi
            sleep 0.05
        done
    done
}

# Stops, with a line for each, when other programs have ports that this stack needs.
ports_check() {
    local name port variable taken=0
    for name in gateway "${SERVICES[@]}" sandbox postgres; do
        # What this stack has started and nobody has stopped, even if it was killed, its own start looks after.
        [[ ! -f $RUN/$name.pid ]] || continue
        port=$PG_PORT variable=GUILDHALL_PG_PORT
        if [[ $name != postgres ]]; then port=$(port_of "$name") variable=GUILDHALL_PORT; fi
        (require_port "$port" "$name" "$variable") || taken=1
    done
    ((taken == 0)) || exit 70
}

gateway_is_ready() { curl -fsS -m 3 -o /dev/null "http://127.0.0.1:$PORT/api/health" 2>/dev/null; }

setting() { sed -n "s/^$1=//p" "$STACK/env" | tail -n 1; } # NAME

# Fills the ${NAME}s of the gateway's template.
gateway_render() { # FOLDER
    local text name
    text=$(<"$ROOT/deploy/nginx/nginx.conf.template")
    local -A values=(
        [GATEWAY_LISTEN]=$LISTEN:$PORT [GATEWAY_FILES]=$ROOT/deploy/nginx [GATEWAY_STATE]=$1
        [GATEWAY_SITE]=$(realpath -m "$STACK/site")
        [GATEWAY_LOG]=$LOGS/gateway.log [GATEWAY_RATE]=50000 [GATEWAY_CONNECTIONS]=2000
        [GATEWAY_TLS]=off [PUBLIC_URL]=$(setting PUBLIC_URL) [CLIENT_URL]=$(setting CLIENT_URL)
    )
    for name in "${SERVICES[@]}"; do values[${name^^}_UPSTREAM]=127.0.0.1:$(port_of "$name"); done
    for name in "${!values[@]}"; do text=${text//"\${$name}"/"${values[$name]}"}; done
    printf '%s\n' "$text"
}

# Makes the documentation that the gateway serves at /docs, when its sources are newer. Without it the service's plain page
# is there, so nothing stops when PyPI cannot be reached.
site_make() {
    local site=$STACK/site print
    print=$(cd "$ROOT" && find README.md docs deploy/docs -maxdepth 1 -type f -exec sha256sum {} + | sort | sha256sum)
    if [[ -f $site/print && $(<"$site/print") == "$print" ]]; then return; fi
    mkdir -p "$site"
    chmod 755 "$site"
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        say "python3-venv is not installed: /docs is the plain page"
    elif timeout 120 "$ROOT/deploy/docs/build" "$site" >"$LOGS/site.log" 2>&1; then
        say "$print" >"$site/print"
    else
        say "the viewer of /docs could not be fetched, which makes it the plain page: ${LOGS#"$ROOT/"}/site.log"
    fi
}

gateway_start() {
    local folder print
    command -v nginx >/dev/null || fail "nginx is not installed: run 'make packages'"
    server_folder gateway 711
    folder=$(realpath "$STACK/gateway")
    gateway_render "$folder" >"$RUN/nginx.conf"
    print=$(find "$RUN/nginx.conf" "$ROOT/deploy/nginx" -name '*.conf' -exec sha256sum {} + | sort | sha256sum)
    if process_is_current gateway "$print"; then return; fi
    process_stop gateway QUIT 10
    port_await_close "$PORT"
    require_port "$PORT" "the gateway" GUILDHALL_PORT
    TZ=UTC nginx -t -q -p "$folder" -c "$RUN/nginx.conf" >>"$LOGS/gateway.log" 2>&1 || {
        show_log gateway
        fail "nginx refuses its configuration"
    }
    TZ=UTC process_start gateway "$print" nginx -p "$folder" -c "$RUN/nginx.conf" -g 'daemon off;'
    local end=$((SECONDS + 60))
    until gateway_is_ready; do
        if ! process_pid gateway >/dev/null || ((SECONDS >= end)); then
            show_log gateway
            fail "the gateway does not answer on port $PORT"
        fi
        sleep 0.05
    done
}
