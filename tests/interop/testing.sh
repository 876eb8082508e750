# shellcheck shell=bash
# What every test of this folder begins with, to be sourced: its own folder ($work), an end that
# leaves nothing behind, and on failure all logs.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=netns.sh
. "$here/netns.sh"
# shellcheck source=background.sh
. "$here/background.sh"

# shellcheck disable=SC2034 # read by the files that this one brings in
work=$(mktemp -d "${TMPDIR:-/tmp}/ucsignin-interop.XXXXXX")
netns_used=

show_logs() {
    local file
    for file in "$work"/*.log "$work"/*.txt; do
        [ -s "$file" ] || continue
        echo "=== ${file##*/}"
        tail -n "${INTEROP_LOG_LINES:-400}" "$file"
    done
}

# What the chart's coverage reads: every report of this test.
keep_reports() {
    local file
    for file in "$work"/*.json; do
        if grep -qs '"ucsignin-report/1"' "$file"; then cp "$file" "$INTEROP_REPORTS/$(basename "${INTEROP_NAME:-$0}" .sh)-${file##*/}"; fi
    done
}

end_test() {
    local code=$?
    trap - EXIT
    stop_all_background
    if ((code == 0)) && [ -n "$stop_failed" ]; then code=1; fi
    if [ -n "$netns_used" ]; then netns_down; fi
    if ((code != 0 && code != 77)); then show_logs; fi
    if ((code == 0)) && [ -n "${INTEROP_REPORTS:-}" ]; then keep_reports; fi
    if [ -n "${INTEROP_KEEP:-}" ]; then
        echo "kept: $work"
    else
        rm -rf "$work"
    fi
    exit "$code"
}
trap end_test EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "FAIL: $*"
    exit 1
}

# The first value of a line "KEY: VALUE" that the lab printed; all of them.
lab_value() { lab_values "$1" | head -n 1; }
lab_values() { sed -n "s/^$1: //p" "$work/lab.log"; }

# Runs a command with its output in $work/NAME.txt and demands an exit code.
expect_exit() {
    local expected=$1 name=$2 code=0
    shift 2
    "$@" >"$work/$name.txt" 2>&1 || code=$?
    ((code == expected)) || fail "$name: exit code $code, expected $expected"
    echo "ok: $name: exit code $code"
}

# A port of 127.0.0.1 that is free for UDP and TCP at this moment.
find_free_port() {
    python3 - <<'PYTHON'
import socket
for _ in range(50):
    tcp = socket.create_server(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        udp.bind(tcp.getsockname())
    except OSError:
        continue
    print(tcp.getsockname()[1])
    break
PYTHON
}
