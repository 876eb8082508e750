#!/bin/bash
# One world: network namespaces, the lab's pool behind real programs, and ucsignin as a user would
# run it there. What differs from world to world is data (README.md); this is the same for all.
# usage: run_world.sh UCSIGNIN WANLINK PYTHON SCHEMA WORLD
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
wanlink=$(realpath "${2:?the wanlink program}")
python=${3:?python3 with fastjsonschema}
schema=$(realpath "${4:?the JSON schema of reports}")
world_file=$(realpath "${5:?the world}")
worlds=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../interop/testing.sh
. "$worlds/../interop/testing.sh"
# shellcheck source=../interop/named.sh
. "$here/named.sh"
PATH=$PATH:/usr/sbin:/sbin

world() { "$python" "$worlds/world.py" "$1" "$world_file" "$work" "${@:2}"; }
read_list() { mapfile -t "$1" <"$work/plan/$2"; }

apply_rules() {   # PLACE
    if [ -s "$work/plan/$1.ip" ]; then "in_$1" ip -batch "$work/plan/$1.ip"; fi
    if [ -s "$work/plan/$1.sysctl" ]; then
        "in_$1" sysctl -q -p "$work/plan/$1.sysctl"
    fi
}

build_network() {
    local link
    read_list netns_client_addresses client.addresses
    read_list netns_server_addresses server.addresses
    link=$(cat "$work/plan/link")
    netns_used=yes
    netns_up ${link:+wan}
    # shellcheck disable=SC2154 # netns.sh's
    cp "$work/plan/resolv.conf" "/etc/netns/$netns_client/resolv.conf"
    cp "$work/plan/hosts" "/etc/netns/$netns_client/hosts"
    apply_rules server
    if [ -n "$link" ]; then
        # shellcheck disable=SC2086 # options
        start_background wanlink in_namespace wan "$wanlink" wc ws $link
        wait_for_line wanlink '^wanlink: ready' 10 || fail "wanlink did not start"
    fi
}

# As one process: what is started in the background is ended by its pid.
in_namespace() {
    local -n name=netns_$1
    exec ip netns exec "$name" "${@:2}"
}

start_lab() {
    local addresses
    read_list addresses lab.addresses
    start_background lab in_namespace server "$ucsignin" lab --listen "${addresses[0]}" \
        --listen-web "${addresses[1]}" --standard-ports --scenario "$work/plan/lab.json"
    wait_for_line lab '^ready$' 30 || fail "the lab did not start"
    lab_values record >"$work/lab-records.txt"
}

write_zones() {
    local zone
    mkdir "$work/zones"
    for zone in $(second_level_domains "$work/records.txt"); do
        write_zone "$zone" "$work/records.txt" "$(cat "$work/plan/name-server")" >"$work/zones/$zone.zone"
    done
}

start_programs() {
    local step name place ready command
    for step in "$work"/programs/*/; do
        [ -d "$step" ] || continue
        name=$(cat "$step/name") place=$(cat "$step/place") ready=$(cat "$step/ready")
        mapfile -t command <"$step/command"
        if [ -z "$ready" ]; then
            "in_$place" "${command[@]}" >"$work/$name.txt" 2>&1 || fail "$name failed"
            continue
        fi
        start_background "$name" in_namespace "$place" "${command[@]}"
        wait_for_line "$name" "$ready" 20 || fail "$name did not start"
    done
}

load_firewalls() {
    local place
    for place in client server; do
        if [ -s "$work/plan/$place.nft" ]; then "in_$place" nft -f "$work/plan/$place.nft"; fi
    done
}

mkdir "$work/plan"
world plan
mapfile -t needs <"$work/plan/needs"
require_root_netns
require_program "${needs[@]}"
build_network
start_lab
world configure "$(lab_value ca)"
write_zones
start_programs
apply_rules client
load_firewalls

mapfile -t environment <"$work/plan/environment"
mapfile -t options <"$work/plan/options"
code=0
in_client env "${environment[@]}" "$ucsignin" diagnose "${options[@]}" \
    --password-file "$(lab_value password-file)" --ca-file "$(lab_value ca)" \
    --json "$work/report.json" >"$work/diagnose.txt" 2>&1 || code=$?
if [ -n "${WORLD_REPORT:-}" ]; then cp "$work/report.json" "$WORLD_REPORT"; fi
world check "$schema" "$code"
