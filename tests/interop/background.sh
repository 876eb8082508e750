# shellcheck shell=bash
# Programs that run beside a test, to be sourced. Each is started with its output on a pipe; the
# test reads that until the line that says it is ready, so nobody sleeps. After that the rest of
# the output goes to the same log. Only these processes are ended, by their pids.
#
#   start_background NAME COMMAND...          NAME's log: $work/NAME.log
#   wait_for_line NAME REGEX SECONDS
#   stop_background NAME

declare -A background_pid background_fd
stop_failed=

start_background() {
    local name=$1 fd
    shift
    mkfifo "$work/$name.pipe"
    "$@" >"$work/$name.pipe" 2>&1 &
    background_pid[$name]=$!
    exec {fd}<"$work/$name.pipe"
    rm "$work/$name.pipe"
    background_fd[$name]=$fd
}

wait_for_line() {
    local name=$1 regex=$2 end=$((SECONDS + $3)) fd=${background_fd[$1]} line
    while IFS= read -r -t $((end > SECONDS ? end - SECONDS : 1)) line <&"$fd"; do
        printf '%s\n' "$line" >>"$work/$name.log"
        if [[ $line =~ $regex ]]; then
            cat <&"$fd" >>"$work/$name.log" &
            return 0
        fi
        ((SECONDS < end)) || break
    done
    echo "$name did not say \"$regex\" within $3 s" >&2
    return 1
}

# A program that is still there 10 s after SIGTERM fails the test.
stop_background() {
    local pid=${background_pid[$1]:-} fd=${background_fd[$1]:-} deadline
    [ -n "$pid" ] || return 0
    unset "background_pid[$1]" "background_fd[$1]"
    kill -TERM "$pid" 2>/dev/null || true
    sleep 10 &
    deadline=$!
    wait -n "$pid" "$deadline" || true
    exec {fd}<&-
    if kill -KILL "$pid" 2>/dev/null; then
        echo "FAIL: $1 ignored SIGTERM" >&2
        stop_failed=yes
    fi
    kill "$deadline" 2>/dev/null || true
}

stop_all_background() {
    local name
    for name in "${!background_pid[@]}"; do
        stop_background "$name"
    done
}
