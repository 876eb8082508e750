#!/bin/bash
# Signs a zone, from and until given times: sign_zone.sh ZONE-FILE ZONE FROM UNTIL
# Signatures that ran out are made as well (-P: not verified). Leaves ZONE-FILE.signed and
# ZONE-FILE.anchor, the DS record for whoever validates it.
set -euo pipefail
file=$1 zone=$2 from=$3 until=$4
cd "$(dirname "$file")"
key=$(dnssec-keygen -q -a ECDSAP256SHA256 -f KSK "$zone")
dnssec-keygen -q -a ECDSAP256SHA256 "$zone" >/dev/null
dnssec-signzone -P -S -o "$zone" -s "$from" -e "$until" -f "$file.signed" "$file"
dnssec-dsfromkey -2 "$key" >"$file.anchor"
