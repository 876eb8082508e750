#!/bin/bash
# ucsignin against a real PulseAudio, headless: two null sinks, the default switched, muted, at 30 %; a
# machine with no audio server; a server that hangs. The sign-in goes on beside each.
# usage: run_pulse.sh UCSIGNIN
set -euo pipefail
ucsignin=$(realpath "${1:?the ucsignin program}")
. "$(dirname "$0")/testing.sh"
require_program pulseaudio pactl python3

# Everything that belongs to the audio server lies in folders of this test's own.
mkdir -p "$work/home" "$work/run"
export HOME=$work/home XDG_RUNTIME_DIR=$work/run PULSE_RUNTIME_PATH=$work/run/pulse
unset PULSE_SERVER DBUS_SESSION_BUS_ADDRESS

# Signs in to the lab with this audio system, then checks the report: look NAME CHECK...
look() {
    local name=$1
    shift
    expect_exit 0 "$name" "$ucsignin" diagnose alice@contoso.example --lab --timeout 20 --json "$work/$name.json"
    python3 "$here/check_report.py" "$work/$name.json" result.signed_in=true "$@"
}

branch_of() { python3 - "$1" "$2" <<'PYTHON'
import json, sys
print([s["branch"] for s in json.load(open(sys.argv[1]))["trace"] if s["node"] == sys.argv[2]][-1])
PYTHON
}

expect_branch() {
    local actual
    actual=$(branch_of "$work/$1.json" "$2")
    [ "$actual" = "$3" ] || fail "$1: $2 took branch $actual, expected $3"
}

start_server() {
    start_background "$1" pulseaudio -n -v --exit-idle-time=-1 --daemonize=no --log-target=stderr \
        -L module-native-protocol-unix "${@:2}"
    wait_for_line "$1" 'Daemon startup complete' 20 || fail "PulseAudio did not start"
}

# No server at all: none is started for the question, and none is found.
look none
expect_branch none devices.speaker none
expect_branch none devices.audio_defaults none

start_server audio -L "module-null-sink sink_name=speakers sink_properties=device.description=Speakers" \
    -L "module-null-sink sink_name=headset sink_properties=device.description=Headset" \
    -L "module-remap-source source_name=mic master=headset.monitor source_properties=device.description=Mic"
pactl set-default-sink speakers
pactl set-default-source mic
pactl set-sink-volume speakers 30%
pactl set-source-volume mic 80%
look loud "evidence host.audio.default=Speakers" "evidence host.audio.volume=30" "evidence host.audio.volume=80" \
    "evidence host.audio.default=Mic"
expect_branch loud devices.speaker found
expect_branch loud devices.speaker_volume audible
expect_branch loud devices.microphone_volume audible
expect_branch loud devices.audio_defaults set

pactl set-sink-mute speakers 1
pactl set-source-volume mic 0
look muted "evidence host.audio.muted=true"
expect_branch muted devices.speaker_volume muted
expect_branch muted devices.microphone_volume at_zero

pactl set-default-sink headset
look switched "evidence host.audio.default=Headset"
expect_branch switched devices.speaker_volume audible

# A server that hangs: what can't be known is not known, and nobody waits for it.
kill -STOP "${background_pid[audio]}"
code=0
"$ucsignin" diagnose alice@contoso.example --lab --timeout 12 --json "$work/hung.json" >"$work/hung.txt" 2>&1 || code=$?
kill -CONT "${background_pid[audio]}"
((code == 0)) || fail "hung: exit code $code"
expect_branch hung devices.speaker unknown
expect_branch hung devices.speaker_volume unknown
expect_branch hung devices.microphone unknown
echo "ok: hung"
stop_background audio

# A server without any device plays into a sink of its own making: that is no speaker.
start_server bare -L module-always-sink
look bare
expect_branch bare devices.speaker none
stop_background bare
