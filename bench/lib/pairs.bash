# The comparisons, and how their results are printed.
# shellcheck shell=bash

heading() {
    printf '\n%-18s %9s %9s %9s %12s %12s %10s %8s\n' '' req/s 'p50 µs' 'p99 µs' 'service µs' 'postgres µs' 'client µs' others
}

# The median of one column of a measurement: see `measure`.
middle() { cut -d' ' -f"$2" "$WORK/$1" | median; } # NAME COLUMN

# The medians of one measurement; the last column is the cores that other programs used.
row() { # NAME LABEL
    local column values=()
    for column in 1 2 3 4 5 6 7; do values+=("$(middle "$1" $column)"); done
    printf '%-18s %9.0f %9.0f %9.0f %12.1f %12.1f %10.1f %8.2f\n' "$2" "${values[@]}"
}

# The median of the ratios of each round.
ratio() { # NAME BASE GOAL [LABEL]
    printf '%-18s %9.2f   goal %s   rounds: %s\n\n' "ratio ${4:-}" \
        "$(paste -d' ' "$WORK/$1" "$WORK/$2" | awk '{ print $1 / $8 }' | median)" "$3" \
        "$(paste -d' ' "$WORK/$1" "$WORK/$2" | awk '{ printf "%.2f ", $1 / $8 }')"
}

# Of pgbench, for what it has a statement for.
declare -A GOALS=([get]=0.50 [list]=0.60 [apply]=0.60)
# The service does more for each request: see bench/peers/README.md.
declare -A PEER_GOALS=([rust]=1.20 [go]=1.20)
declare -A TITLES=([live]='an answer' [refused]='refused gig' [get]='GET gig' [list]='GET 20 gigs' [apply]='POST apply')

# Writes begin on empty tables and just after a checkpoint, so that each pays for the same full pages of WAL.
prepare() { # NAME
    if [[ $1 == apply ]]; then
        sql guildhall_jobs -c 'TRUNCATE applications, outbox CASCADE' -c CHECKPOINT 2>/dev/null
    fi
}

# Measures pgbench, the service and the peers in turn, and prints the medians.
in_turn() { # NAME
    local round peer
    for ((round = 0; round <= ROUNDS; round++)); do
        if [[ -n ${GOALS[$1]:-} ]]; then
            prepare "$1"
            measure "$1-pgbench" jobs run_pgbench "$1"
        fi
        prepare "$1"
        measure "$1" jobs run_wrk "$1" "$(port_of jobs)"
        for peer in "${PEERS[@]}"; do
            prepare "$1"
            measure "$1-$peer" "peer-$peer" run_wrk "$1" "$(peer_port "$peer")"
        done
        # The first round warms caches, plans and connections.
        if ((round == 0)); then rm -f "$WORK/$1" "$WORK/$1-"*; fi
    done
    prepare "$1"
    if [[ -n ${GOALS[$1]:-} ]]; then row "$1-pgbench" "${TITLES[$1]}, pgbench"; fi
    row "$1" "${TITLES[$1]}"
    for peer in "${PEERS[@]}"; do row "$1-$peer" "${TITLES[$1]}, $peer"; done
}

pair() { # NAME
    local peer
    in_turn "$1"
    ratio "$1" "$1-pgbench" "${GOALS[$1]}"
    for peer in "${PEERS[@]}"; do ratio "$1" "$1-$peer" "${PEER_GOALS[$peer]}" "to $peer"; done
}

pair_of_gateway() {
    local round
    for ((round = 0; round < ROUNDS; round++)); do
        measure direct jobs run_wrk get "$(port_of jobs)"
        measure gateway jobs run_wrk get "$PORT"
    done
    row direct 'GET gig, direct'
    row gateway 'GET gig, gateway'
    ratio gateway direct 0.60
}

# Restarts the jobs service. Measures the time until it is ready, and its memory 3 s later.
idle() {
    local round pid start
    for ((round = 0; round < ROUNDS; round++)); do
        process_stop jobs TERM 15
        start=$EPOCHREALTIME
        service_start jobs
        until service_is_ready jobs; do :; done
        awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.0f\n", (b - a) * 1000 }' >>"$WORK/start"
    done
    sleep 3
    pid=$(process_pid jobs)
    printf 'start to ready %s ms (goal 500)\n' "$(median <"$WORK/start")"
    awk '/^Rss:/ { rss = $2 } /^Private_Dirty:/ { dirty = $2 } /^Private_Clean:/ { clean = $2 }
        END { printf "idle RSS %.1f MB (goal 40), of which private %.1f MB (goal 8), and %.1f MB of its program file that no other process has mapped\n",
            rss / 1024, dirty / 1024, clean / 1024 }' "/proc/$pid/smaps_rollup"
}
