#!/bin/bash
# A TURN server that others wrote (coturn) as the media relay: it is found alive over UDP and TCP, and missed when it is gone.
# No root needed.
# usage: run_relay.sh UCSIGNIN
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
. "$(dirname "$0")/testing.sh"
require_program turnserver python3

start_background lab "$ucsignin" lab
wait_for_line lab '^ready$' 30 || fail "the lab did not start"
port=$(find_free_port)
start_background coturn turnserver -n --listening-ip 127.0.0.1 --relay-ip 127.0.0.1 --listening-port "$port" --no-tls --no-dtls \
    --lt-cred-mech --user relay:word --realm av.contoso.example --no-cli --log-file stdout --simple-log --pidfile "$work/coturn.pid" \
    --userdb "$work/coturn.db"
wait_for_line coturn 'Total General servers' 30 || fail "coturn did not start"

options=(--ca-file "$(lab_value ca)" --password-file "$(lab_value password-file)" --timeout 20)
while IFS= read -r value; do options+=(--resolver "$value"); done < <(lab_values resolver)
while IFS= read -r value; do options+=(--connect-to "$value"); done < <(lab_values connect-to)
options+=(--connect-to "av.contoso.example:3478:127.0.0.1:$port" --connect-to "av.contoso.example:443:127.0.0.1:$port")

# expect NAME BRANCH STATE_UDP STATE_TCP [DIALECT CODE]
expect() { python3 - "$work/$1.json" "${@:2}" <<'PYTHON' || fail "$1"; }
import json, sys
report, branch, *wanted = json.load(open(sys.argv[1])), *sys.argv[2:]
span = [s for s in report["trace"] if s["node"] == "provisioning.media_relay"][-1]
names = ["relay.udp.state", "relay.tcp.state", "relay.udp.dialect", "relay.udp.error_code"][:len(wanted)]
seen = [str(next((e["value"] for e in span["evidence"] if e["name"] == name), "-")) for name in names]
print(f"   {span['summary']}")
sys.exit(None if [span["branch"], *seen] == [branch, *wanted] else f"{span['branch']} {seen}, expected {branch} {wanted}")
PYTHON

expect_exit 0 there "$ucsignin" diagnose alice@contoso.example "${options[@]}" --json "$work/there.json" </dev/null
expect there answers answers connects standard 401
stop_background coturn
expect_exit 0 gone "$ucsignin" diagnose alice@contoso.example "${options[@]}" --json "$work/gone.json" </dev/null
expect gone credentials_only refused refused
