#!/bin/bash
# --cache over several runs: what one sign-in keeps the next one uses, and what has gone bad in between is told apart and
# replaced. No root needed.
# usage: run_cache.sh UCSIGNIN
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
. "$(dirname "$0")/testing.sh"
require_program python3 openssl

export XDG_CACHE_HOME=$work/cache
start_background lab "$ucsignin" lab
wait_for_line lab '^ready$' 30 || fail "the lab did not start"

options=(--cache --ca-file "$(lab_value ca)" --timeout 20)
while IFS= read -r value; do options+=(--resolver "$value"); done < <(lab_values resolver)
while IFS= read -r value; do options+=(--connect-to "$value"); done < <(lab_values connect-to)
password=(--password-file "$(lab_value password-file)")

# run NAME EXIT [OPTION...]
run() {
    local name=$1 code=$2
    shift 2
    expect_exit "$code" "$name" "$ucsignin" diagnose alice@contoso.example "${options[@]}" "$@" --json "$work/$name.json" </dev/null
}

# expect NAME NODE BRANCH: some visit of the node took the branch. expect_finding NAME ID SEVERITY ("-": not at all).
expect() { check "$@" <<'PYTHON'
import json, sys
report, node, branch = json.load(open(sys.argv[1])), *sys.argv[2:4]
seen = [s["branch"] for s in report["trace"] if s["node"] == node]
sys.exit(None if branch in seen else f"{node} took {seen}, expected {branch}")
PYTHON
}
expect_finding() { check "$@" <<'PYTHON'
import json, sys
report, wanted, severity = json.load(open(sys.argv[1])), *sys.argv[2:4]
seen = [f["severity"] for f in report["findings"] if f["id"] == wanted] or ["-"]
sys.exit(None if seen == [severity] else f"{wanted} is {seen}, expected {severity}")
PYTHON
}
check() { python3 - "$work/$1.json" "${@:2}" || fail "$1"; }

run first 0 "${password[@]}"
expect first discovery.cached_server none
expect first registration.cached_certificate none
expect first registration.user_certificate issued
folder=$(echo "$XDG_CACHE_HOME"/ucsignin/*)
[ "$(stat -c %a "$folder")" = 700 ] || fail "the folder is open to others"
for file in server.json certificate.pem; do
    [ "$(stat -c %a "$folder/$file")" = 600 ] || fail "$file is open to others"
done
[ "$(ls "$folder" | wc -l)" = 2 ] || fail "more was left in the cache than two files: $(ls "$folder")"
grep -q 'BEGIN PRIVATE KEY' "$folder/certificate.pem" || fail "the key is no PKCS #8"
if grep -q 'PRIVATE KEY' "$work/first.json" "$work/first.txt"; then fail "the key is in the report"; fi

# The second time nobody is asked for a password: the certificate is enough.
run second 0
expect second discovery.cached_server used
expect second registration.cached_certificate yes
if grep -q '"branch": "ticket"' "$work/second.json"; then fail "a ticket was fetched although a certificate was kept"; fi
expect_finding second local-endpoint-cache-stale -

# The kept server is gone, and nobody names it any more.
cp -a "$folder" "$work/good"
sed -i 's/"server":"[^"]*"/"server":"old.contoso.example:443"/' "$folder/server.json"
run stale 0 "${password[@]}"
expect stale discovery.cached_server stale
expect_finding stale local-endpoint-cache-stale warning
expect_finding stale dns-stale-a -

# The kept server is still there, of a pool that knows the user no more; discovery leads to the right one.
cat >"$work/retired.json" <<'JSON'
{"format": "ucsignin-scenario/1", "name": "retired", "description": "The pool that the user was moved from.",
 "pool": {"edge_host": "old.contoso.example"}, "user": {"sip_enabled": false}}
JSON
start_background retired "$ucsignin" lab --scenario "$work/retired.json"
wait_for_line retired '^ready$' 30 || fail "the second lab did not start"
edge=$(sed -n 's/^connect-to: 192\.0\.2\.10:443://p' "$work/retired.log")
cp "$work/good"/* "$folder/"
sed -i 's/"server":"[^"]*"/"server":"old.contoso.example:443"/' "$folder/server.json"
run retired 0 "${password[@]}" --connect-to "old.contoso.example:443:$edge" --ca-file "$(sed -n 's/^ca: //p' "$work/retired.log")"
expect retired discovery.cached_server stale
expect_finding retired local-endpoint-cache-stale warning
stop_background retired

# Damaged in three ways; each is replaced by a fresh one.
truncate -s 200 "$folder/certificate.pem"
run truncated 0 "${password[@]}"
expect_finding truncated local-user-cert-corrupt warning
expect_finding truncated reg-dsk-cert-revoked -
openssl genpkey -algorithm RSA -out "$work/other.key" 2>/dev/null
{ openssl x509 -in "$folder/certificate.pem"; cat "$work/other.key"; } >"$work/mixed.pem"
cp "$work/mixed.pem" "$folder/certificate.pem"
run wrong-key 0 "${password[@]}"
python3 "$here/check_report.py" "$work/wrong-key.json" "evidence ucsignin.cache.error=wrong_key"
expect_finding wrong-key local-user-cert-corrupt warning
echo '{' >"$folder/server.json"
run bad-server-file 0 "${password[@]}"
python3 "$here/check_report.py" "$work/bad-server-file.json" "evidence ucsignin.cache.error=corrupt"

# Expired: made with the same name and key, but for the past.
openssl pkey -in "$folder/certificate.pem" -out "$work/own.key"
openssl req -x509 -new -key "$work/own.key" -subj /CN=alice@contoso.example -days 1 -out "$work/short.pem" 2>/dev/null
python3 - "$work" <<'PYTHON'
import subprocess, sys
work = sys.argv[1]
# openssl ca is the one command of Debian 12's OpenSSL that takes both dates.
open(f"{work}/ca.cnf", "w").write(f"""[ca]\ndefault_ca=d\n[d]\nnew_certs_dir={work}\ndatabase={work}/index\nrand_serial=yes\ndefault_md=sha256
policy=p\n[p]\ncommonName=supplied\n""")
open(f"{work}/index", "w").close()
subprocess.run(["openssl", "req", "-new", "-key", f"{work}/own.key", "-subj", "/CN=alice@contoso.example", "-out", f"{work}/own.csr"], check=True, capture_output=True)
subprocess.run(["openssl", "ca", "-batch", "-config", f"{work}/ca.cnf", "-in", f"{work}/own.csr", "-cert", f"{work}/short.pem", "-keyfile", f"{work}/own.key",
                "-startdate", "20200101000000Z", "-enddate", "20200201000000Z", "-notext", "-out", f"{work}/expired.pem"], check=True, capture_output=True)
PYTHON
cat "$work/expired.pem" "$work/own.key" >"$folder/certificate.pem"
run expired 0 "${password[@]}"
expect expired registration.cached_certificate expired
expect_finding expired local-user-cert-expired info
expect_finding expired local-user-cert-corrupt -

# Sound, in date, and not from this pool: the server refuses it, and a fresh one is fetched.
cat "$work/short.pem" "$work/own.key" >"$folder/certificate.pem"
openssl req -x509 -new -key "$work/own.key" -subj /CN=alice@contoso.example -days 90 -out "$work/foreign.pem" 2>/dev/null
cat "$work/foreign.pem" "$work/own.key" >"$folder/certificate.pem"
run foreign 0 "${password[@]}"
expect foreign registration.cached_certificate refused
expect_finding foreign reg-dsk-cert-revoked warning

# A folder that can't be made: a file is in its place.
export XDG_CACHE_HOME=$work/not-a-folder
touch "$XDG_CACHE_HOME"
run unwritable 0 "${password[@]}"
expect_finding unwritable local-profile-unwritable warning
