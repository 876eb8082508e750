#!/bin/bash
# A CI job's check of a test pool: ci-smoke-check.sh UCSIGNIN ADDRESS REPORT [OPTION...]
# The exit code is enough to pass or fail the job; what it means decides who hears of it. Keep REPORT as an artifact:
# `ucsignin render REPORT` shows it again, `ucsignin mask REPORT` makes a copy that may leave the house.
set -uo pipefail

program=$1 address=$2 report=$3
shift 3
# For a real pool the options are, for instance: --password-file /run/secrets/smoke-check --timeout 20
"$program" diagnose "$address" --json "$report" "$@" </dev/null
code=$?

case $code in
  0) echo "smoke check: $address can sign in" ;;
  10) echo "smoke check: this machine has no network; the pool was not tested" ;;
  20) echo "smoke check: servers are not found; DNS or autodiscover" ;;
  30) echo "smoke check: servers are found, but there is no trusted connection to them" ;;
  40) echo "smoke check: connected, but registration is refused" ;;
  50) echo "smoke check: registered, but the front end does not serve the user" ;;
  *) echo "smoke check: did not run to its end ($code)" ;;
esac
if [ -f "$report" ] && [ "$code" -ge 10 ] && [ "$code" -le 50 ]; then
  python3 - "$report" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
for cause in report["result"]["root_causes"]:
    print(f"  {cause['certainty']}: {cause['id']} ({cause['subject']})")
PYTHON
fi
exit "$code"
