# One measurement: a load, and its cost. Times are in clock ticks of /proc (100 a second) and in µs.
# shellcheck shell=bash

TICKS=$(getconf CLK_TCK)

# User and system time of PID, on request with its ended children's.
ticks_of() { # PID [children]
    local line fields
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || { printf 0; return 0; }
    read -ra fields <<<"${line##*) }"
    if [[ -n ${2:-} ]]; then printf %d $((fields[11] + fields[12] + fields[13] + fields[14])); else printf %d $((fields[11] + fields[12])); fi
}

# The same for all of PostgreSQL: its backends, running or ended, are children of the first process.
ticks_of_postgres() {
    local parent child sum
    parent=$(process_pid postgres)
    sum=$(ticks_of "$parent" children)
    for child in $(pgrep -P "$parent"); do sum=$((sum + $(ticks_of "$child"))); done
    printf %d "$sum"
}

# The same for the whole machine, without idling and waiting for the disk.
ticks_of_machine() {
    local fields
    read -ra fields </proc/stat
    printf %d $((fields[1] + fields[2] + fields[3] + fields[6] + fields[7]))
}

median() { sort -g | awk '{ v[NR] = $1 } END { if (NR % 2) print v[(NR + 1) / 2]; else print (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# Runs COMMAND, which prints "rate p50 p99 failures" and the CPU (s) that it took before the first request, and appends to
# WORK/NAME: rate, p50 and p99 (µs), PROGRAM, PostgreSQL and the client (µs of CPU per request), cores that other programs used.
measure() { # NAME PROGRAM COMMAND…
    local name=$1 jobs result service postgres machine client start
    jobs=$(process_pid "$2")
    shift 2
    start=$EPOCHREALTIME
    service=$(ticks_of "$jobs") postgres=$(ticks_of_postgres) machine=$(ticks_of_machine)
    local TIMEFORMAT='%U %S'
    { time result=$("$@"); } 2>"$WORK/client"
    service=$(($(ticks_of "$jobs") - service)) postgres=$(($(ticks_of_postgres) - postgres)) machine=$(($(ticks_of_machine) - machine))
    client=$(tail -1 "$WORK/client" | awk -v hz="$TICKS" '{ printf "%d", ($1 + $2) * hz }')
    [[ $result =~ ^[0-9.]+\ [0-9.]+\ [0-9.]+\ 0\ [0-9.]+$ ]] || fail "$name: $result; $(head -3 "$WORK/client")"
    awk -v seconds="$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')" -v hz="$TICKS" -v length_="$LENGTH" \
        -v service="$service" -v postgres="$postgres" -v machine="$machine" -v client="$client" \
        '{ requests = $1 * length_; us = 1000000 / hz / requests
           printf "%.0f %.0f %.0f %.1f %.1f %.1f %.2f\n", $1, $2, $3, service * us, postgres * us,
               (client - $5 * hz) * us,
               (machine - service - postgres - client) / hz / seconds }' <<<"$result" >>"$WORK/$name"
}

# 32 connections, one thread: the same client for every load.
run_wrk() { # SCRIPT PORT
    BENCH_KEY=$KEY BENCH_GIGS=$WORK/gigs wrk -t1 -c32 -d"${LENGTH}s" --timeout 10s -s "$HERE/wrk/$1.lua" "http://127.0.0.1:$2" |
        sed -n 's/^result //p'
}

run_pgbench() { # SCRIPT
    local log=$WORK/pgbench output rate
    rm -f "$log".*
    output=$(cd "$WORK" && PGHOST=$(postgres_socket_folder) PGPORT=$PG_PORT pgbench -n -M prepared -c 32 -j 1 -T "$LENGTH" -U postgres \
        -D gigs="$GIGS" -D made=0 -D limit=21 -D message="$MESSAGE" -D data="$DATA" -D request="$REQUEST" \
        -f "$HERE/sql/$1.sql" -l --log-prefix="$log" --sampling-rate=0.05 guildhall_jobs 2>&1) || { printf '%s' "$output"; return; }
    rate=$(sed -n 's/^tps = \([0-9.]*\) .*/\1/p' <<<"$output")
    sort -n -k3,3 "$log".* | awk -v rate="$rate" '{ v[NR] = $3 } END { printf "%s %d %d 0 0", rate, v[int(NR * 0.5) + 1], v[int(NR * 0.99) + 1] }'
}

# The event that the service would write with an application.
MESSAGE="I have built three of these, the last one for a bank; I can start on Monday."
REQUEST=0192f0c5-7a3e-7c11-9d2b-3f5e8a6c7d10
DATA='{"id":"0192f0c5-7a3e-7c11-9d2b-3f5e8a6c7d11","gig_id":"0192f0c5-7a3e-7c11-9d2b-3f5e8a6c7d12","worker_user_id":"0192f0c5-7a3e-7c11-9d2b-3f5e8a6c7d13","message":"I have built three of these, the last one for a bank; I can start on Monday.","status":"applied","created_at":"2026-11-01T12:00:00.123456Z","updated_at":"2026-11-01T12:00:00.123456Z","next_actions":[{"action":"shortlist","method":"PATCH","href":"/api/gigs/0192f0c5-7a3e-7c11-9d2b-3f5e8a6c7d12/applications/0192f0c5-7a3e-7c11-9d2b-3f5e8a6c7d11","by":["client"],"deadline":null}]}'
