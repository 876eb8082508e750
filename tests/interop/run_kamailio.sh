#!/bin/bash
# ucsignin against Kamailio: a SIP registrar over TLS that offers Digest only. The report has to say
# that this is SIP, but no Skype for Business. No root needed.
# usage: run_kamailio.sh UCSIGNIN
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
. "$(dirname "$0")/testing.sh"
. "$here/named.sh"
PATH=$PATH:/usr/sbin
require_program kamailio openssl named named-checkconf python3

make_certificates() {
    cd "$work"
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 \
        -subj "/CN=Interop test root"
    openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr \
        -subj "/CN=sip.contoso.example"
    printf 'subjectAltName=DNS:sip.contoso.example\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' >server.ext
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile server.ext -out server.pem
}

(make_certificates) >"$work/openssl.txt" 2>&1 || fail "openssl made no certificates"
echo "sip.contoso.example. 300 IN A 192.0.2.1" >"$work/records.txt"
start_named "$work/records.txt"

port=$(find_free_port)
sed -e "s|PORT|$port|" -e "s|FOLDER|$work|" "$here/kamailio.cfg" >"$work/kamailio.cfg"
start_background kamailio kamailio -DD -E -m 32 -M 8 -f "$work/kamailio.cfg" \
    -Y "$work" -P "$work/kamailio.pid"
wait_for_line kamailio 'kamailio is ready' 30 || fail "Kamailio did not start"

python3 "$here/ask_register.py" "$port" sip.contoso.example "$work/ca.pem" >"$work/control.txt"
grep -q '^SIP/2.0 401' "$work/control.txt" || fail "Kamailio does not answer 401"
grep -qi '^WWW-Authenticate: Digest' "$work/control.txt" || fail "Kamailio does not offer Digest"
echo "ok: Kamailio answers 401 with Digest"

echo "not the password of anybody" >"$work/password"
expect_exit 30 digest-only "$ucsignin" diagnose alice@contoso.example \
    --server sip.contoso.example:5061 --connect-to "sip.contoso.example:5061:127.0.0.1:$port" \
    --resolver "127.0.0.1:$named_port" --ca-file "$work/ca.pem" \
    --password-file "$work/password" --json "$work/report.json"
python3 "$here/check_report.py" "$work/report.json" result.signed_in=false \
    result.stopped_at=connection.service "mentions Digest" "mentions kamailio"
! grep -qi '^Authorization:' "$work/kamailio.log" || fail "credentials were sent to a server of another kind"
echo "ok: no credentials were sent"
