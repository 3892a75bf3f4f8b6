# What a request costs from rung to rung (bench/ladder), and what the goals leave for it. Medians, in µs of CPU.
# shellcheck shell=bash

CORES=$(nproc)

steps_heading() {
    printf '\n%-18s %8s %10s %10s %10s %12s %10s %8s\n' 'CPU, µs' program 'an answer' refusing 'the rest' PostgreSQL client busy
}

# The program's part, then how it comes about: an answer, what a refusal takes more, what is left for the request itself. The last
# column is the share of all cores that all of it takes.
steps_row() { # NAME LABEL [PEER]
    local peer=${3:+-$3}
    awk -v label="$2" -v cores="$CORES" -v rate="$(middle "$1$peer" 1)" -v program="$(middle "$1$peer" 4)" \
        -v postgres="$(middle "$1$peer" 5)" -v client="$(middle "$1$peer" 6)" \
        -v bare="$(middle "live$peer" 4)" -v refused="$(middle "refused$peer" 4)" \
        'BEGIN { printf "%-18s %8.1f %10.1f %10.1f %10.1f %12.1f %10.1f %8.2f\n", label, program, bare, refused - bare,
                     program - refused, postgres, client, rate * (program + postgres + client) / 1000000 / cores }'
}

steps() { # NAME
    local peer
    steps_row "$1" "${TITLES[$1]}"
    for peer in "${PEERS[@]}"; do steps_row "$1" "${TITLES[$1]}, $peer" "$peer"; done
}

# What the service could use for a request if it answered as many as the goal asks, all cores were busy all the time, and
# PostgreSQL and the client took what they take now.
budget() { # NAME BASE GOAL LABEL
    awk -v label="${TITLES[$1]}, $3 x $4:" -v cores="$CORES" -v rate="$(awk -v a="$(middle "$2" 1)" -v b="$3" 'BEGIN { print a * b }')" \
        -v program="$(middle "$1" 4)" -v postgres="$(middle "$1" 5)" -v client="$(middle "$1" 6)" -v refused="$(middle refused 4)" \
        'BEGIN { printf "%-30s %6.0f/s leave %5.1f µs of all cores, %5.1f for the service; it takes %.1f, %.1f of them without a query\n",
                     label, rate, cores * 1000000 / rate, cores * 1000000 / rate - postgres - client, program, refused }'
}

budgets() { # NAME
    local peer
    printf '\n'
    budget "$1" "$1-pgbench" "${GOALS[$1]}" pgbench
    for peer in "${PEERS[@]}"; do budget "$1" "$1-$peer" "${PEER_GOALS[$peer]}" "$peer"; done
}
