#!/bin/bash
# Kerberos with a real KDC (MIT krb5-kdc) on a port of 127.0.0.1: a ticket signs the user in to the lab's pool, and to its
# Exchange by Negotiate; a service that the KDC doesn't know, and a KDC that is gone, are told apart. No root needed.
# usage: run_kdc.sh UCSIGNIN
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
. "$(dirname "$0")/testing.sh"
. "$here/kdc.sh"
PATH=$PATH:/usr/sbin
require_program krb5kdc kdb5_util kadmin.local kinit python3

port=$(find_free_port)
make_realm "127.0.0.1:$port" sip/fe01.contoso.example HTTP/autodiscover.contoso.example HTTP/mail.contoso.example
start_background krb5kdc krb5kdc -n
wait_for_line krb5kdc 'commencing operation' 30 || fail "the KDC did not start"
kinit alice <<<"$user_password" >/dev/null || fail "no ticket for alice"

# SCENARIO: a pool that offers Kerberos before NTLM.
python3 - "$work" <<'PY'
import json, sys
json.dump({"format": "ucsignin-scenario/1", "name": "kdc", "description": "A pool that takes Kerberos tickets.",
           "pool": {"schemes": ["NTLM", "Kerberos"], "keytab": sys.argv[1] + "/keytab"}},
          open(sys.argv[1] + "/kdc.json", "w"))
beside = {"format": "ucsignin-scenario/1", "name": "kdc-exchange", "description": "The same beside an Exchange.",
          "pool": {"schemes": ["NTLM", "Kerberos"], "keytab": sys.argv[1] + "/keytab", "exchange": {}}}
json.dump(beside, open(sys.argv[1] + "/password.json", "w"))
json.dump(beside | {"client": {"password": None}}, open(sys.argv[1] + "/exchange.json", "w"))
PY
sign_in_to() {
    "$ucsignin" diagnose alice@contoso.example --lab --scenario "$work/$1.json" --json "$work/$2.json" \
        --lab-record "$work/$2.record.json" "${@:3}"
}
sign_in() { sign_in_to kdc "$@"; }
# Exchange got tickets and nothing else; what else got a password, and how often one was used, is as given.
check_at_exchange() {
    python3 - "$work/$1.json" "$work/$1.record.json" "$2" <<'PY'
import json, sys
report, record = (json.load(open(name)) for name in sys.argv[1:3])
names = {"mail.contoso.example", "autodiscover.contoso.example"}
there = {one["kind"] for one in record["credentials"] if one["host"] in names}
proofs = {one["kind"] for one in record["credentials"]} & {"ntlm", "basic", "username_token"}
uses = max((item["value"] for span in report["trace"] for item in span.get("evidence", [])
            if item["name"] == "ucsignin.password.uses"), default=0)
print(f"at Exchange: {there}, proofs of the password anywhere: {proofs}, uses: {uses}")
sys.exit(0 if there == {"kerberos"} and uses == int(sys.argv[3]) and bool(proofs) == bool(uses) else 1)
PY
}
expect_exit 0 ticket sign_in ticket --auth kerberos
python3 "$here/check_report.py" "$work/ticket.json" result.signed_in=true "branch registration.kerberos=ticket" \
    "branch registration.server_signature=valid" "branch provisioning.sign_out=confirmed"

# SCENARIO: Exchange takes the same user's ticket; there is no password, and where there is one, it is not used there.
for run in exchange password; do
    expect_exit 0 "$run" sign_in_to "$run" "$run" --auth kerberos
    python3 "$here/check_report.py" "$work/$run.json" result.signed_in=true "branch provisioning.calendar=read" \
        "branch provisioning.missed_conversations=count" "evidence exchange.auth.scheme=Negotiate" \
        "evidence exchange.auth.accepted=true"
done
check_at_exchange exchange 0 || fail "Exchange did not get a ticket alone"
check_at_exchange password 2 || fail "Exchange did not get a ticket alone, although there was one"

# The service gets a new key; the pool goes on with the old one. That the ticket was had proves the user's password.
kadmin.local -q "cpw -randkey sip/fe01.contoso.example" >>"$work/realm.txt" 2>&1
kdestroy
kinit alice <<<"$user_password" >/dev/null || fail "no ticket for alice after the change of key"
expect_exit 40 key-changed sign_in changed --auth kerberos
python3 "$here/check_report.py" "$work/changed.json" "root-cause=reg-kerberos-spn"

kadmin.local -q "delprinc -force sip/fe01.contoso.example" >>"$work/realm.txt" 2>&1
kdestroy
kinit alice <<<"$user_password" >/dev/null || fail "no second ticket for alice"
expect_exit 40 unknown-service sign_in unknown --auth kerberos
python3 "$here/check_report.py" "$work/unknown.json" result.stopped_at=registration.kerberos \
    "branch registration.kerberos=refused" "root-cause=reg-kerberos-spn"

kdestroy
kinit alice <<<"$user_password" >/dev/null || fail "no third ticket for alice"
stop_background krb5kdc
expect_exit 40 kdc-gone sign_in gone --auth kerberos
python3 "$here/check_report.py" "$work/gone.json" result.stopped_at=registration.kerberos "branch registration.kerberos=kdc_unreachable" \
    "root-cause=wt-smartcard-kdc-unreachable"
