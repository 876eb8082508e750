# shellcheck shell=bash
# Network namespaces for the tests, to be sourced. A client (192.0.2.2) and a server (192.0.2.1 for
# edge and DNS, 192.0.2.3 for the web services) joined by a veth pair, each with a resolv.conf and
# a hosts file of its own. With "wan" a third namespace lies between them, for wanlink:
#
#   require_root_netns
#   trap netns_down EXIT; netns_up [wan]
#   in_server COMMAND...; in_client COMMAND...; in_wan ./wanlink wc ws --delay 50
#
# Other addresses: set netns_client_addresses and netns_server_addresses before netns_up.
# The names hold the shell's pid, so tests of different processes don't meet.

netns_client=ucs$$-c
netns_server=ucs$$-s
netns_wan=ucs$$-w
netns_client_addresses=(192.0.2.2/24)
netns_server_addresses=(192.0.2.1/24 192.0.2.3/24)

# Ends the test: as skipped (77) on a machine that can't do it, as failed on one that has to (CI).
skip_test() {
    if [ "${CI:-}" = true ]; then
        echo "FAIL (CI runs every test): $*" >&2
        exit 1
    fi
    echo "SKIP: $*"
    exit 77
}

require_program() {
    local program
    for program; do
        command -v "$program" >/dev/null || skip_test "$program is not installed"
    done
}

require_root_netns() {
    [ "$(id -u)" = 0 ] || skip_test "network namespaces need root"
    require_program ip
    local reason
    reason=$(ip netns add "ucs$$-probe" 2>&1) || skip_test "ip netns add: $reason"
    ip netns del "ucs$$-probe"
}

# /etc/netns/NAME is laid over /etc by `ip netns exec`.
write_resolver_files() {
    mkdir -p "/etc/netns/$1"
    echo "nameserver 192.0.2.1" >"/etc/netns/$1/resolv.conf"
    echo "127.0.0.1 localhost" >"/etc/netns/$1/hosts"
}

add_namespace() {
    ip netns add "$1"
    ip -n "$1" link set lo up
}

join_through_wan() {
    add_namespace "$netns_wan"
    ip link add veth0 netns "$netns_client" type veth peer name wc netns "$netns_wan"
    ip link add veth0 netns "$netns_server" type veth peer name ws netns "$netns_wan"
    local end
    for end in wc ws; do
        ip netns exec "$netns_wan" sysctl -qw "net.ipv6.conf.$end.disable_ipv6=1" 2>/dev/null || true
        ip -n "$netns_wan" link set "$end" up
    done
    # wanlink reads frames as they are on the wire: no super-frames, checksums finished.
    for end in "$netns_client" "$netns_server"; do
        ip netns exec "$end" python3 "$(dirname "${BASH_SOURCE[0]}")/turn_off_offloads.py" veth0
    done
}

# Addresses of veth0; IPv6 ones are usable at once (no duplicate address detection).
add_addresses() {
    local name=$1 address
    shift
    for address; do
        if [[ $address == *:* ]]; then
            ip -n "$name" addr add "$address" dev veth0 nodad
        else
            ip -n "$name" addr add "$address" dev veth0
        fi
    done
}

# The kernel says "up" of a link a moment after both ends are: until then, a client rightly finds
# that it has no network.
wait_for_link() {
    local name=$1 tries=0
    until [[ $(ip -n "$name" -o link show dev veth0) == *" state UP "* ]]; do
        if ((++tries > 250)); then
            echo "FAIL: veth0 of $name did not come up" >&2
            return 1
        fi
        sleep 0.02
    done
}

netns_up() {
    add_namespace "$netns_client"
    add_namespace "$netns_server"
    if [ "${1:-}" = wan ]; then
        join_through_wan
    else
        ip link add veth0 netns "$netns_client" type veth peer name veth0 netns "$netns_server"
    fi
    add_addresses "$netns_client" "${netns_client_addresses[@]}"
    add_addresses "$netns_server" "${netns_server_addresses[@]}"
    local name
    for name in "$netns_client" "$netns_server"; do
        ip -n "$name" link set veth0 up
        write_resolver_files "$name"
    done
    wait_for_link "$netns_client"
    wait_for_link "$netns_server"
}

# May be called at any time and more than once. Stop the processes inside first.
netns_down() {
    local name
    for name in "$netns_client" "$netns_server" "$netns_wan" "ucs$$-probe"; do
        ip netns del "$name" 2>/dev/null || true
        rm -rf "/etc/netns/$name"
    done
}

in_client() { ip netns exec "$netns_client" "$@"; }
in_server() { ip netns exec "$netns_server" "$@"; }
in_wan() { ip netns exec "$netns_wan" "$@"; }
