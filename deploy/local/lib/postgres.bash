# The private PostgreSQL cluster.
# shellcheck shell=bash disable=SC2153 # PG_PORT is ours, PGPORT is libpq's

# The folder of the server's programs: the version that the cluster was made with, otherwise the newest one.
postgres_programs() {
    local data=$STACK/postgres version folder
    if [[ -s $data/PG_VERSION ]]; then
        version=$(<"$data/PG_VERSION")
        folder=/usr/lib/postgresql/$version/bin
        if [[ ! -x $folder/postgres ]]; then
            folder=$(dirname "$(command -v postgres || printf /none/postgres)")
            [[ $("$folder/postgres" --version 2>/dev/null) == *" $version."* ]] ||
                fail "the data in $data is of PostgreSQL $version, which is not installed: install postgresql-$version, or delete it with 'make reset'"
        fi
        printf '%s' "$folder"
        return
    fi
    folder=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
    [[ -n $folder ]] || folder=$(dirname "$(command -v initdb || printf /none/initdb)")
    [[ -x $folder/initdb ]] || fail "PostgreSQL's server programs are not installed: run 'make packages'"
    printf '%s' "$folder"
}

# A Unix socket's path has at most 107 bytes. Beyond that the socket is in a folder of /tmp for its owner only.
postgres_socket_folder() {
    local folder=$STACK/run/postgres
    if [[ $(realpath -m "$folder" | tr -d '\n' | wc -c) -le 85 ]] && { [[ $EUID != 0 ]] || as_server test -x "$RUN"; }; then
        printf '%s' "$folder"
    else
        printf '/tmp/guildhall-%s-%s' "$(id -u "$(server_user)")" "$(stack_hash)"
    fi
}

postgres_make_socket_folder() { # FOLDER
    mkdir -p "$1"
    if [[ $EUID == 0 ]]; then chown "$(server_user):" "$1"; fi
    [[ -O $1 || $EUID == 0 ]] || fail "$1 belongs to somebody else: delete it"
    chmod 700 "$1"
}

postgres_create() { # PROGRAMS
    local locale=C
    locale -a 2>/dev/null | grep -qix 'C\.UTF-\?8' && locale=C.UTF-8
    say "creating a PostgreSQL cluster in ${STACK#"$ROOT/"}/postgres"
    server_folder postgres 700
    (cd / && as_server "$1/initdb" -D "$(realpath "$STACK/postgres")" -U postgres -E UTF8 --locale="$locale" --data-checksums \
        --auth-local=trust --auth-host=scram-sha-256) >"$LOGS/initdb.log" 2>&1 ||
        {
            show_log initdb
            delete_server_folder postgres
            fail "initdb failed"
        }
}

# Removes what a crashed machine left behind. The server refuses to start when the pid in these files
# belongs to another process under the same user.
postgres_clear_stale_locks() { # DATA SOCKETS
    local file pid
    for file in "$1/postmaster.pid" "$2/.s.PGSQL.$PG_PORT.lock"; do
        [[ -s $file ]] || continue
        pid=$(head -1 "$file")
        [[ $(readlink "/proc/$pid/cwd" 2>/dev/null) == "$(realpath "$1")" ]] || rm -f "$file" "${file%.lock}"
    done
}

postgres_start() {
    local programs sockets print data=$STACK/postgres
    programs=$(postgres_programs)
    sockets=$(postgres_socket_folder)
    print="$programs $PG_PORT $sockets ${PG_FSYNC:-on}"
    if process_is_current postgres "$print"; then return; fi
    postgres_stop
    [[ -s $data/PG_VERSION ]] || postgres_create "$programs"
    postgres_make_socket_folder "$sockets"
    postgres_clear_stale_locks "$data" "$sockets"
    require_port "$PG_PORT" PostgreSQL GUILDHALL_PG_PORT
    local -a command=("$programs/postgres" -D "$(realpath "$data")" -p "$PG_PORT" -k "$sockets"
        -c listen_addresses=127.0.0.1 -c unix_socket_permissions=0700 -c max_connections=300
        -c shared_buffers=256MB -c max_wal_size=2GB -c fsync="${PG_FSYNC:-on}" -c timezone=UTC -c log_timezone=UTC)
    if [[ $EUID == 0 ]]; then
        local user
        user=$(server_user)
        command=(setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups "${command[@]}")
    fi
    (cd / && process_start postgres "$print" "${command[@]}")
    local end=$((SECONDS + 60))
    until "$programs/pg_isready" -q -h 127.0.0.1 -p "$PG_PORT"; do
        if ! process_pid postgres >/dev/null || ((SECONDS >= end)); then
            show_log postgres
            fail "PostgreSQL did not start"
        fi
        sleep 0.05
    done
}

# INT is PostgreSQL's fast shutdown: disconnects everybody, rolls back, writes everything.
postgres_stop() {
    process_stop postgres INT 30
}

# One database and one role per service, created once, and updated when a password has changed.
postgres_databases() {
    local mark=$STACK/postgres/guildhall.databases print
    print=$(cat "$STACK/secrets" "$ROOT/deploy/postgres/create-databases" | sha256sum)
    if [[ -f $mark && $(<"$mark") == "$print" ]]; then return; fi
    local programs sockets
    programs=$(postgres_programs)
    sockets=$(postgres_socket_folder)
    say "creating the services' databases"
    (
        set -a
        # shellcheck disable=SC1091 # written by `secrets`
        . "$STACK/secrets"
        export PGHOST=$sockets PGPORT=$PG_PORT PATH=$programs:$PATH
        "$ROOT/deploy/postgres/create-databases" "${DATABASES[@]}"
        # The superuser comes through the socket; over TCP, where tests come from, it has a password.
        psql -X -q -U postgres -d postgres -v ON_ERROR_STOP=1 <<'SQL'
\set password `printf %s "$POSTGRES_PASSWORD"`
ALTER ROLE postgres PASSWORD :'password';
SQL
    )
    printf '%s\n' "$print" >"$mark"
}
