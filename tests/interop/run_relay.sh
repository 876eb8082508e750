#!/bin/bash
# A TURN server that others wrote (coturn) as the media relay: it is found alive over UDP and TCP, gives an allocation to
# who has its credentials and gets it back, refuses others, and is missed where UDP is filtered, where it has TCP alone,
# where it is silent, and when it is gone. No root needed.
# usage: run_relay.sh UCSIGNIN
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
. "$(dirname "$0")/testing.sh"
require_program turnserver python3

# What the lab's relay service gives out: Base64, as a real one has it.
user=cmVsYXkgdXNlcg== password=cmVsYXkgd29yZA==
cat >"$work/credentials.json.in" <<JSON
{"format": "ucsignin-scenario/1", "name": "relay-elsewhere",
 "pool": {"mras": {"username": "$user", "password": "$password"}}, "expect": {}}
JSON
start_background lab "$ucsignin" lab --scenario "$work/credentials.json.in"
wait_for_line lab '^ready$' 30 || fail "the lab did not start"
port=$(find_free_port)

# start_coturn OPTION...
start_coturn() {
    start_background coturn turnserver -n --listening-ip 127.0.0.1 --relay-ip 127.0.0.1 --listening-port "$port" --no-tls --no-dtls \
        --lt-cred-mech --realm av.contoso.example --no-cli --log-file stdout --simple-log --verbose \
        --pidfile "$work/coturn.pid" --userdb "$work/coturn.db" "$@"
    wait_for_line coturn 'Total General servers' 30 || fail "coturn did not start"
}
# The log of the next one stands alone.
stop_coturn() {
    stop_background coturn
    mv "$work/coturn.log" "$work/coturn-$1.log"
}

options=(--ca-file "$(lab_value ca)" --password-file "$(lab_value password-file)" --timeout 20)
while IFS= read -r value; do options+=(--resolver "$value"); done < <(lab_values resolver)
while IFS= read -r value; do options+=(--connect-to "$value"); done < <(lab_values connect-to)
tcp=(--connect-to "av.contoso.example:443:127.0.0.1:$port")
both=("${tcp[@]}" --connect-to "av.contoso.example:3478:127.0.0.1:$port")

# sign_in NAME OPTION...
sign_in() {
    expect_exit 0 "$1" "$ucsignin" diagnose alice@contoso.example "${options[@]}" "${@:2}" --json "$work/$1.json" </dev/null
}
# expect NAME BRANCH STATE_UDP STATE_TCP [DIALECT CODE [STATE_OF_ALLOCATION RELEASED CODE_OF_ALLOCATION]]
expect() { python3 - "$work/$1.json" "${@:2}" <<'PYTHON' || fail "$1"; }
import json, sys
report, branch, *wanted = json.load(open(sys.argv[1])), *sys.argv[2:]
span = [s for s in report["trace"] if s["node"] == "provisioning.media_relay"][-1]
names = ["relay.udp.state", "relay.tcp.state", "relay.udp.dialect", "relay.udp.error_code", "relay.allocation.state",
         "relay.allocation.released", "relay.allocation.error_code"][:len(wanted)]
seen = [str(next((e["value"] for e in span["evidence"] if e["name"] == name), "-")) for name in names]
print(f"   {span['summary']}")
sys.exit(None if [span["branch"], *seen] == [branch, *wanted] else f"{span['branch']} {seen}, expected {branch} {wanted}")
PYTHON
# coturn_says REGEX...: in this order, within 10 s: it takes an allocation away a moment after it was given back.
coturn_says() { python3 - "$work/coturn.log" "$@" <<'PYTHON' || fail "what coturn says"; }
import re, sys, time
end = time.monotonic() + 10
at = 0
for wanted in sys.argv[2:]:
    found = None
    while not found:
        text = open(sys.argv[1], errors="replace").read()
        found = re.compile(wanted).search(text, at)
        if not found and time.monotonic() > end:
            sys.exit(f"coturn does not say {wanted!r}")
        if not found:
            time.sleep(0.05)
    print(f"   coturn: {found[0]}")
    at = found.end()
PYTHON
coturn_never_says() { if grep -E "$2" "$work/coturn-$1.log"; then fail "coturn says $2"; fi; }
# Neither secret is in report or print.
keeps_quiet() { if grep -F -e "$password" -e "$user" "$work/$1.json" "$work/$1.txt"; then fail "$1 tells a secret"; fi; }

start_coturn --user "$user:$password"
sign_in there "${both[@]}"
expect there answers answers connects standard 401 granted True -
keeps_quiet there
coturn_says "new, realm=<av.contoso.example>, username=<$user>, lifetime=600" \
    "refreshed, realm=<av.contoso.example>, username=<$user>, lifetime=0" "delete: realm=<av.contoso.example>, username=<$user>"
stop_coturn there

start_coturn --user "$user:another"
sign_in wrong "${both[@]}"
expect wrong answers answers connects standard 401 refused - 401
grep -q 'mras-failed' "$work/wrong.json" || fail "wrong credentials are no finding"
keeps_quiet wrong
stop_coturn wrong
coturn_never_says wrong 'new, realm'

# TCP alone, and its UDP port refuses.
start_coturn --user "$user:$password" --no-udp
sign_in tcp-only "${both[@]}"
expect tcp-only answers refused connects
# TCP alone, and UDP goes nowhere.
start_background hole python3 -c "
import socket, signal
hole = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
hole.bind(('127.0.0.1', 0))
print('hole', hole.getsockname()[1], flush=True)
signal.pause()"
wait_for_line hole '^hole ' 10 || fail "the hole did not open"
sign_in filtered "${tcp[@]}" --connect-to "av.contoso.example:3478:127.0.0.1:$(sed -n 's/^hole //p' "$work/hole.log")"
expect filtered answers silent connects
stop_coturn tcp-only

# One that hangs: its port is there, and nothing comes of it.
start_coturn --user "$user:$password"
kill -STOP "$(cat "$work/coturn.pid")"
sign_in hangs "${both[@]}"
expect hangs answers silent connects
kill -CONT "$(cat "$work/coturn.pid")"
stop_coturn hangs

sign_in gone "${both[@]}"
expect gone credentials_only refused refused
