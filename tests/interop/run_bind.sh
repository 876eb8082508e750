#!/bin/bash
# ucsignin against bind9: the lab's own records, served by a DNS server that somebody else wrote.
# Then the server is gone, and that has to be what the report says. No root needed.
# usage: run_bind.sh UCSIGNIN
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
. "$(dirname "$0")/testing.sh"
. "$here/named.sh"
PATH=$PATH:/usr/sbin
require_program named named-checkconf python3

start_background lab "$ucsignin" lab
wait_for_line lab '^ready$' 30 || fail "the lab did not start"
lab_values record >"$work/records.txt"
[ -s "$work/records.txt" ] || fail "the lab printed no record: lines"
start_named "$work/records.txt"

options=(--password-file "$(lab_value password-file)" --ca-file "$(lab_value ca)"
    --resolver "127.0.0.1:$named_port")
while IFS= read -r override; do
    options+=(--connect-to "$override")
done < <(lab_values connect-to)

expect_exit 0 bind-answers "$ucsignin" diagnose alice@contoso.example "${options[@]}" \
    --json "$work/answers.json"
python3 "$here/check_report.py" "$work/answers.json" result.signed_in=true result.stage_reached=5 \
    "evidence dns.answer.resolver=127.0.0.1:$named_port"

stop_background named
expect_exit 20 bind-gone "$ucsignin" diagnose alice@contoso.example "${options[@]}" \
    --json "$work/gone.json"
python3 "$here/check_report.py" "$work/gone.json" result.signed_in=false \
    "root-cause=local-resolver-none|dns-timeout"
