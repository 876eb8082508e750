#!/bin/bash
# The only way out is squid, which wants a log-in: Negotiate with a ticket of a real KDC, NTLM (gss-ntlmssp accepts it),
# Basic, and a password that is refused. In network namespaces, as root.
# usage: run_proxy.sh UCSIGNIN
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
. "$(dirname "$0")/testing.sh"
. "$here/kdc.sh"
PATH=$PATH:/usr/sbin
require_root_netns
require_program squid nft krb5kdc kdb5_util kadmin.local kinit python3 openssl
/usr/bin/python3 -c 'import gssapi' 2>/dev/null || skip_test "python3-gssapi is not installed"

proxy=192.0.2.80 proxy_name=proxy.corp.example
netns_server_addresses=(192.0.2.1/24 192.0.2.3/24 "$proxy/24")
netns_used=yes
netns_up
ip -n "$netns_client" route add default via 192.0.2.1
echo "$proxy $proxy_name" >>"/etc/netns/$netns_client/hosts"
in_server nft -f - <<NFT
table ip way_out {
    chain pool { type filter hook input priority 0
        ip saddr 192.0.2.2 ip daddr { 192.0.2.1, 192.0.2.3 } tcp dport { 80, 443, 5061 } drop
    }
}
NFT

start_background lab ip netns exec "$netns_server" "$ucsignin" lab --listen 192.0.2.1 --listen-web 192.0.2.3 --standard-ports
wait_for_line lab '^ready$' 30 || fail "the lab did not start"
make_realm 192.0.2.1:88 "HTTP/$proxy_name"
start_background krb5kdc ip netns exec "$netns_server" krb5kdc -n
wait_for_line krb5kdc 'commencing operation' 30 || fail "the KDC did not start"

proxy_password=$(python3 -c 'import secrets; print(secrets.token_hex(8))')
echo "$proxy_password" >"$work/proxy-password"
echo "not-$proxy_password" >"$work/wrong-password"
echo "worker:$(openssl passwd -apr1 -stdin <"$work/proxy-password")" >"$work/htpasswd"
echo "CORP:worker:$proxy_password" >"$work/ntlm-users"
chmod -R a+rX "$work"   # squid's helpers run as its own user

# squid with one scheme only, so that it is this one that is taken.
start_squid() {
    {
        echo "http_port $proxy:3128"
        echo "dns_nameservers 192.0.2.1"
        printf 'pid_filename none\ncache_log /dev/stderr\naccess_log none\nshutdown_lifetime 1 second\ncoredump_dir %s\n' "$work"
        echo "$2"
        printf 'acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all\n'
    } >"$work/$1.conf"
    start_background "$1" ip netns exec "$netns_server" env NTLM_USER_FILE="$work/ntlm-users" squid -N -d 1 -n "ucs$$" -f "$work/$1.conf"
    wait_for_line "$1" 'Accepting HTTP Socket connections' 30 || fail "squid did not start"
}

sign_in() {
    in_client env "${@:2}" "$ucsignin" diagnose alice@contoso.example --password-file "$(lab_value password-file)" \
        --ca-file "$(lab_value ca)" "${proxy_options[@]}" --json "$work/$1.json"
}
check() { python3 "$here/check_report.py" "$work/$1.json" "${@:2}"; }

start_squid negotiate "auth_param negotiate program /usr/lib/squid/negotiate_kerberos_auth -k $work/keytab -s HTTP/$proxy_name"
in_client kinit alice <<<"$user_password" >/dev/null || fail "no ticket for alice"
proxy_options=(--proxy "http://alice@$proxy_name:3128")
expect_exit 0 by-ticket sign_in by-ticket KRB5_CONFIG="$KRB5_CONFIG" KRB5CCNAME="$KRB5CCNAME"
check by-ticket result.signed_in=true "branch connection.tcp=by_proxy" "evidence proxy.response.status_code=200"
stop_background negotiate

proxy_options=(--proxy "http://worker@$proxy_name:3128" --proxy-password-file "$work/proxy-password")
start_squid ntlm "auth_param ntlm program $here/ntlm_for_squid.py"
expect_exit 0 by-ntlm sign_in by-ntlm
check by-ntlm result.signed_in=true "branch connection.tcp=by_proxy"
stop_background ntlm

start_squid basic "auth_param basic program /usr/lib/squid/basic_ncsa_auth $work/htpasswd"
expect_exit 0 by-basic sign_in by-basic
check by-basic result.signed_in=true "branch connection.tcp=by_proxy"
proxy_options=(--proxy "http://worker@$proxy_name:3128" --proxy-password-file "$work/wrong-password")
expect_exit 30 refused sign_in refused
check refused result.stopped_at=connection.tcp root-cause=net-proxy-407
stop_background basic
