# shellcheck shell=bash
# bind9 on a high port of 127.0.0.1, without root, to be sourced after testing.sh.
#
#   start_named RECORDS      a file of fully qualified zone-file lines; sets $named_port.
#                            One zone for each second-level domain among the owners' names.
#   write_zone ZONE RECORDS [ADDRESS]   the zone as a file, its name server at ADDRESS

second_level_domains() {
    awk '{ sub(/\.$/, "", $1); n = split(tolower($1), label, ".")
           if (n > 1) print label[n - 1] "." label[n] }' "$1" | sort -u
}

write_zone() {
    local zone=$1 records=$2 server=${3:-127.0.0.1}
    echo "\$TTL 300"
    echo "$zone. IN SOA ns.$zone. hostmaster.$zone. 1 3600 600 86400 60"
    echo "$zone. IN NS ns.$zone."
    echo "ns.$zone. IN A $server"
    awk -v zone=".$zone." '{ owner = "." tolower($1)
        if (substr(owner, length(owner) - length(zone) + 1) == zone) print }' "$records"
}

write_named_configuration() {
    local records=$1 zone
    cat <<CONFIGURATION
options {
    directory "$work/named";
    pid-file "$work/named/named.pid";
    session-keyfile "$work/named/session.key";
    listen-on port $named_port { 127.0.0.1; };
    listen-on-v6 { none; };
    recursion no;
    dnssec-validation no;
    notify no;
};
controls { };
CONFIGURATION
    for zone in $(second_level_domains "$records"); do
        write_zone "$zone" "$records" >"$work/named/$zone.zone"
        echo "zone \"$zone\" { type primary; file \"$work/named/$zone.zone\"; };"
    done
}

start_named() {
    mkdir -p "$work/named"
    named_port=$(find_free_port)
    write_named_configuration "$1" >"$work/named/named.conf"
    named-checkconf -z "$work/named/named.conf" >"$work/named-checkconf.txt" 2>&1 ||
        fail "named does not accept the zone"
    start_background named named -g -c "$work/named/named.conf"
    wait_for_line named ' running$' 20 || fail "named did not start"
}
