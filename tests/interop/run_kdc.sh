#!/bin/bash
# Kerberos with a real KDC (MIT krb5-kdc) on a port of 127.0.0.1: a ticket signs the user in to the lab's pool; a service
# that the KDC doesn't know, and a KDC that is gone, are told apart. No root needed.
# usage: run_kdc.sh UCSIGNIN
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
. "$(dirname "$0")/testing.sh"
. "$here/kdc.sh"
PATH=$PATH:/usr/sbin
require_program krb5kdc kdb5_util kadmin.local kinit python3

port=$(find_free_port)
make_realm "127.0.0.1:$port" sip/fe01.contoso.example
start_background krb5kdc krb5kdc -n
wait_for_line krb5kdc 'commencing operation' 30 || fail "the KDC did not start"
kinit alice <<<"$user_password" >/dev/null || fail "no ticket for alice"

# SCENARIO: a pool that offers Kerberos before NTLM.
python3 - "$work" <<'PY'
import json, sys
json.dump({"format": "ucsignin-scenario/1", "name": "kdc", "description": "A pool that takes Kerberos tickets.",
           "pool": {"schemes": ["NTLM", "Kerberos"], "keytab": sys.argv[1] + "/keytab"}},
          open(sys.argv[1] + "/kdc.json", "w"))
PY
sign_in() { "$ucsignin" diagnose alice@contoso.example --lab --scenario "$work/kdc.json" --json "$work/$1.json" "${@:2}"; }

expect_exit 0 ticket sign_in ticket --auth kerberos
python3 "$here/check_report.py" "$work/ticket.json" result.signed_in=true "branch registration.kerberos=ticket" \
    "branch registration.server_signature=valid" "branch provisioning.sign_out=confirmed"

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
