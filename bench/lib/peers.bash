# The same three requests on other stacks (bench/peers), where their tools are found: Debian's libraries, nothing is fetched.
# shellcheck shell=bash

PEERS=()

peers_build() {
    local folder=$STACK/peers
    mkdir -p "$folder"
    if command -v cargo >/dev/null && compgen -G '/usr/share/cargo/registry/tokio-postgres-0.7.*' >/dev/null; then
        (cd "$HERE/peers/rust" && CARGO_TARGET_DIR=$folder/rust cargo build --release --offline --quiet) ||
            fail "the Rust peer does not build"
        cp "$folder/rust/release/peer" "$folder/peer-rust"
        PEERS+=(rust)
    fi
    if command -v go >/dev/null && [[ -d /usr/share/gocode/src/github.com/jackc/pgx/v4 ]]; then
        (cd "$HERE/peers/go" && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$folder/go go build -o "$folder/peer-go" .) ||
            fail "the Go peer does not build"
        PEERS+=(go)
    fi
    ((${#PEERS[@]})) || say "no peers: see bench/peers/README.md for the packages"
}

peer_port() { # NAME
    case $1 in rust) printf '%s' $((PORT + 40)) ;; go) printf '%s' $((PORT + 41)) ;; esac
}

# They reach PostgreSQL as the service does: as its role, through the socket.
peers_start() { # WORKER
    local peer url
    url="postgresql:///guildhall_jobs?user=guildhall_jobs&password=$(secret JOBS_DATABASE_PASSWORD)"
    url+="&host=$(realpath -m "$(postgres_socket_folder)")&port=$PG_PORT"
    for peer in "${PEERS[@]}"; do
        DATABASE_URL=$url PORT=$(peer_port "$peer") WORKER=$1 process_start "peer-$peer" "$peer" "$STACK/peers/peer-$peer"
        local end=$((SECONDS + 10))
        until curl -sS -m 3 -o /dev/null "http://127.0.0.1:$(peer_port "$peer")/api/gigs/x" 2>/dev/null; do
            ((SECONDS < end)) || { show_log "peer-$peer"; fail "the peer in $peer does not answer"; }
            sleep 0.05
        done
    done
}

peers_stop() {
    local peer
    for peer in "${PEERS[@]}"; do process_stop "peer-$peer" TERM 5; done
}
