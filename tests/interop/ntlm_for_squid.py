#!/usr/bin/python3
"""Accepts NTLM for squid (helper protocol of auth_param ntlm), by gss-ntlmssp: ntlm_for_squid.py, with NTLM_USER_FILE set.

squid's own ntlm_fake_auth answers a client that speaks Unicode with a challenge that is none.
"""

import base64
import sys

import gssapi   # Debian's python3-gssapi

NTLM = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")


def accept(context, token):
    """The answer line to a token; the context goes on with the next one."""
    try:
        reply = context.step(base64.b64decode(token))
    except gssapi.exceptions.GSSError as error:
        return "NA " + str(error).split("\n", maxsplit=1)[0]
    if context.complete:
        return "AF " + str(context.initiator_name).rstrip("\0").replace("\\", "_")   # gss-ntlmssp counts its final zero
    return "TT " + base64.b64encode(reply or b"").decode("ascii")


def main():
    context = None
    for line in sys.stdin:
        word, _, token = line.strip().partition(" ")
        if word == "YR":
            credentials = gssapi.Credentials(usage="accept", mechs=[NTLM])
            context = gssapi.SecurityContext(creds=credentials, usage="accept")
        print(accept(context, token) if context and token else "BH no token", flush=True)


if __name__ == "__main__":
    main()
