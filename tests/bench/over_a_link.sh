#!/bin/bash
# Signs in over an emulated wide-area link, several times: over_a_link.sh UCSIGNIN WANLINK DELAY_MS RUNS FOLDER [TROUBLE [SIPE_CLIENT]]
# DELAY_MS is one way. TROUBLE: none, resolver (the first of two is silent), candidate (the first of two servers is silent),
# conflict (the first publication is answered with 409).
# Reports go to FOLDER/N.json. With SIPE_CLIENT, pidgin-sipe signs in as often to the same lab over the same link: what it
# printed goes to FOLDER/N.sipe.txt, its log to FOLDER/N.sipe.log; where it can't, FOLDER/no-sipe.txt says why. Needs root; 77 when it can't be done here.
set -euo pipefail
ucsignin=$(realpath "$1") wanlink=$(realpath "$2") delay=$3 runs=$4 reports=$5 trouble=${6:-none} sipe_client=${7-}
# shellcheck source=tests/interop/testing.sh disable=SC1091
. "$(dirname "$(realpath "$0")")/../interop/testing.sh"
require_root_netns
require_program python3

# shellcheck disable=SC2034 # testing.sh takes the namespaces down again
netns_used=yes
netns_up wan
# shellcheck disable=SC2154 # these names are netns.sh's
client=$netns_client server=$netns_server wan=$netns_wan
# As on a real PC, whose adapter is the way to everywhere.
ip -n "$client" route add default via 192.0.2.1
scenario=()
case $trouble in
    none) ;;
    resolver) printf 'nameserver 192.0.2.99\nnameserver 192.0.2.1\n' >"/etc/netns/$client/resolv.conf" ;;
    candidate)
        cat >"$work/dead.json" <<'JSON'
{"format": "ucsignin-scenario/1", "name": "dead", "description": "The first SRV record leads to a server that is silent.",
 "dns": {"remove": [{"name": "lyncdiscover"}, {"name": "_sip._tls", "type": "SRV"}],
         "add": [{"name": "_sip._tls", "type": "SRV", "data": "0 0 443 sip-old.contoso.example"},
                 {"name": "_sip._tls", "type": "SRV", "data": "10 0 443 sip.contoso.example"},
                 {"name": "sip-old", "type": "A", "data": "192.0.2.98"}]}}
JSON
        scenario=(--scenario "$work/dead.json")
        ;;
    conflict) scenario=(--scenario "$here/../scenarios/publish-conflict-once.json") ;;
    *) fail "no such trouble: $trouble" ;;
esac
# Nobody has these addresses: what goes there is dropped, rather than answered by the kernel's "no such neighbour".
for silent in 192.0.2.98 192.0.2.99; do
    ip -n "$client" neigh add "$silent" lladdr 02:00:00:00:00:99 dev veth0 nud permanent
done
start_background lab ip netns exec "$server" "$ucsignin" lab --listen 192.0.2.1 --listen-web 192.0.2.3 --standard-ports "${scenario[@]}"
wait_for_line lab '^ready$' 30 || fail "the lab did not start"
start_background wan ip netns exec "$wan" "$wanlink" wc ws --delay "$delay"
wait_for_line wan . 10 || fail "wanlink did not start"

for run in $(seq "$runs"); do
    expect_exit 0 "run-$run" in_client "$ucsignin" diagnose alice@contoso.example -q \
        --password-file "$(lab_value password-file)" --ca-file "$(lab_value ca)" --json "$reports/$run.json"
done

[ -n "$sipe_client" ] || exit 0
if [ ! -x "$sipe_client" ]; then
    echo "its client is not built, libpurple's headers are missing" >"$reports/no-sipe.txt"
    exit 0
fi
mkdir "$work/ca"
cp "$(lab_value ca)" "$work/ca/lab.pem"
for run in $(seq "$runs"); do
    if ! in_client "$sipe_client" --auth ntlm --timeout 30 --expect-buddies 2 --expect-online 2 --transport tls \
        --server sip.contoso.example:443 --password-file "$(lab_value password-file)" --ca-dir "$work/ca" \
        --config "$work/purple-$run" --debug-log "$reports/$run.sipe.log" \
        alice@contoso.example,alice@contoso.example >"$reports/$run.sipe.txt" 2>&1; then
        tail -n 1 "$reports/$run.sipe.txt" >"$reports/no-sipe.txt"
        exit 0
    fi
done
