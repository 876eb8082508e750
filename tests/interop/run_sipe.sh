#!/bin/bash
# pidgin-sipe signs in to the lab's pool: with TLS-DSK, by discovery and with the server given; with NTLM.
# The lab has the standard ports, in a network namespace of its own. Needs root.
# usage: run_sipe.sh UCSIGNIN SIPE_CLIENT
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
sipe_client=$(realpath "${2:?the sipe_client program}")
. "$(dirname "$0")/testing.sh"
require_root_netns
require_program python3

netns_used=yes
netns_up
start_background lab ip netns exec "$netns_server" "$ucsignin" lab --listen 192.0.2.1 \
    --listen-web 192.0.2.3 --standard-ports --scenario "$here/../scenarios/old-pool.json"
wait_for_line lab '^ready$' 30 || fail "the lab did not start"
mkdir "$work/ca"
cp "$(lab_value ca)" "$work/ca/lab.pem"
password_file=$(lab_value password-file)

# NAME OPTION...: signs in as alice; the plug-in's own log of every message goes to NAME.log.
sign_in() {
    local name=$1
    shift
    expect_exit 0 "$name" in_client "$sipe_client" --auth tls-dsk --timeout 30 \
        --expect-buddies "${EXPECTED_BUDDIES:-2}" --expect-online "${EXPECTED_ONLINE:-2}" --password-file "$password_file" \
        --ca-dir "$work/ca" --config "$work/purple-$name" --debug-log "$work/$name.log" \
        "$@" alice@contoso.example,alice@contoso.example
    grep -E '^(signed on|buddy|complete)' "$work/$name.txt"
}

sign_in discovery --transport auto
sign_in server-given --transport tls --server sip.contoso.example:443
sign_in by-ntlm --auth ntlm --transport tls --server sip.contoso.example:443

# The lab tells what it saw when it ends: each time the user's own presence was published, and taken.
stop_background lab
wait   # until its log is copied
published=$(grep -c '^presence of alice@contoso.example is now 3500' "$work/lab.log")
((published == 3)) || fail "presence was published $published times in 3 sign-ins"
