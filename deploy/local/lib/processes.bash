# Background processes with pid files that survive reboots and reused pids.
# shellcheck shell=bash
#
# run/NAME.pid is the pid, run/NAME.birth identifies the process among those that had this pid, and
# run/NAME.print is its program's and settings' fingerprint.

# Until this command ends, no other one starts or stops this stack. The file stays where it is: who waits for one that was
# deleted would hold nothing. A command that starts another says that it has the lock (GUILDHALL_LOCKED).
stack_lock() {
    [[ ${GUILDHALL_LOCKED:-} != "$STACK" ]] || return 0
    exec 9>"$STACK/lock"
    flock -w 120 9 || fail "another 'make up', 'make down' or 'make reset' is at work on $STACK"
}

# The boot and the clock tick at which PID began; nothing when it is gone or a zombie.
process_birth() { # PID
    local line fields
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
    read -ra fields <<<"${line##*) }"
    [[ ${fields[0]} == Z ]] || printf '%s %s' "$(</proc/sys/kernel/random/boot_id)" "${fields[19]}"
}

# The pid of NAME when it runs; fails otherwise.
process_pid() { # NAME
    local pid birth
    { read -r pid <"$RUN/$1.pid"; } 2>/dev/null || return 1
    birth=$(process_birth "$pid")
    [[ -n $birth && -f $RUN/$1.birth && $(<"$RUN/$1.birth") == "$birth" ]] || return 1
    printf '%s' "$pid"
}

process_forget() { rm -f "$RUN/$1.pid" "$RUN/$1.birth" "$RUN/$1.print"; }

# Ends what NAME left behind when it was killed: nginx's workers outlive their master and keep its port. All that it
# started is in its pid's process group, which no new process can get while that group lives.
process_sweep() { # NAME
    local pid boot
    if process_pid "$1" >/dev/null || ! { read -r pid <"$RUN/$1.pid" && read -r boot _ <"$RUN/$1.birth"; } 2>/dev/null; then
        return 0
    fi
    if [[ $boot == "$(</proc/sys/kernel/random/boot_id)" && -z $(process_birth "$pid") ]]; then kill -KILL -- "-$pid" 2>/dev/null || true; fi
    process_forget "$1"
}

# Whether NAME runs with the given FINGERPRINT.
process_is_current() { # NAME FINGERPRINT
    process_pid "$1" >/dev/null && [[ -f $RUN/$1.print && $(<"$RUN/$1.print") == "$2" ]]
}

# Starts COMMAND in its own session, its output appended to logs/NAME.log.
process_start() { # NAME FINGERPRINT COMMAND…
    local name=$1 print=$2 pid log=$LOGS/$1.log
    shift 2
    # Above 64 MB a new log begins; the previous one is kept.
    if [[ -f $log && $(stat -c %s "$log") -gt 67108864 ]]; then mv "$log" "$log.1"; fi
    # Without the locks that this command holds (stack_lock, suites_lock).
    setsid "$@" >>"$log" 2>&1 </dev/null 8>&- 9>&- &
    pid=$!
    disown "$pid"
    printf '%s\n' "$(process_birth "$pid")" >"$RUN/$name.birth"
    printf '%s\n' "$print" >"$RUN/$name.print"
    printf '%s\n' "$pid" >"$RUN/$name.pid"
}

# Asks NAME to end and waits. After SECONDS it is killed.
# Also at the end of a script that failed, where a bare `return` would give that failure as its own.
process_stop() { # NAME SIGNAL SECONDS
    local pid
    process_sweep "$1"
    process_signal "$1" "$2"
    process_await_end "$1" "$3" && return 0
    pid=$(process_pid "$1") || return 0
    say "  $1 did not end within $3 s: killed"
    kill -KILL "$pid" 2>/dev/null || true
    process_await_end "$1" 5 || fail "$1 (pid $pid) cannot be ended"
}

process_signal() { # NAME SIGNAL
    local pid
    if pid=$(process_pid "$1"); then kill -s "$2" "$pid" 2>/dev/null || true; fi
}

process_await_end() { # NAME SECONDS
    local end=$((SECONDS + $2))
    while process_pid "$1" >/dev/null; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
    process_forget "$1"
}

port_is_open() { # PORT
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Waits a moment for what was killed to let go of PORT: its pid is gone before the last of its threads.
port_await_close() { # PORT
    local end=$((SECONDS + 5))
    while port_is_open "$1" && ((SECONDS < end)); do sleep 0.05; done
}

# Stops with one line when another program listens on PORT.
require_port() { # PORT PROGRAM VARIABLE
    local owner=
    port_is_open "$1" || return 0
    if command -v ss >/dev/null; then
        owner=$(ss -Hltnp "sport = :$1" 2>/dev/null | grep -o 'users:(("[^"]*",pid=[0-9]*' | head -1 || true)
        owner=${owner#'users:(("'}
        owner=${owner/'",pid='/, pid }
    fi
    fail "port $1, which $2 needs, is taken${owner:+ by $owner}: end that program, or move the stack with $3"
}

# The last lines of NAME's log, indented.
show_log() { # NAME
    local log=$LOGS/$1.log
    if [[ -s $log ]]; then
        printf '  the end of %s:\n' "$log" >&2
        tail -n 15 "$log" | cut -c1-400 | sed 's/^/    /' >&2
    fi
}
