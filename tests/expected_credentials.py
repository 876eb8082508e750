"""Holds a scenario's expect.credentials against what the lab recorded."""

HARMLESS = "ntlm_negotiate"   # NTLM's first token: looked at only where the expectation speaks of it, or of nothing


def name_for(entry, expected):
    """The key that speaks of an entry of the record: the narrowest."""
    for key in (f"{entry['host']}:{entry['port']}", entry["host"]):
        if key in expected:
            return key
    return "*"


def differences(expected, credentials):
    got = {key: set() for key in expected}
    for entry in credentials:
        got.setdefault(name_for(entry, expected), set()).add(entry["kind"])
    for key, kinds in expected.items():
        wanted, seen = set(kinds), got[key]
        if wanted and HARMLESS not in wanted:
            seen = seen - {HARMLESS}
        if seen != wanted:
            whom = "every other host" if key == "*" else key
            yield f"{whom} got {sorted(seen)}, expected {sorted(wanted)}"
