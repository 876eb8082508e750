"""The forms in which a password could stand where none may stand: reports, what is printed, the lab's record."""
import base64
import json
import struct
import urllib.parse

SHORTEST = 6   # bytes of a form: fewer would be found anywhere


def md4(data):
    """RFC 1320. OpenSSL 3 keeps it in a provider that need not be there."""
    def turn(value, by):
        value &= 0xFFFFFFFF
        return (value << by | value >> (32 - by)) & 0xFFFFFFFF

    rounds = [
        (lambda x, y, z: x & y | ~x & z, 0, (3, 7, 11, 19), range(16)),
        (lambda x, y, z: x & y | x & z | y & z, 0x5A827999, (3, 5, 9, 13), (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)),
        (lambda x, y, z: x ^ y ^ z, 0x6ED9EBA1, (3, 9, 11, 15), (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15)),
    ]
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", len(data) * 8)
    for start in range(0, len(padded), 64):
        words = struct.unpack("<16I", padded[start:start + 64])
        a, b, c, d = state
        for mix, constant, shifts, order in rounds:
            for step, word in enumerate(order):
                a, b, c, d = d, turn(a + mix(b, c, d) + words[word] + constant, shifts[step % 4]), b, c
        state = [(old + new) & 0xFFFFFFFF for old, new in zip(state, (a, b, c, d))]
    return struct.pack("<4I", *state)


def in_base64(data):
    """As it is, and as the part that is the same wherever in a longer text the bytes stand."""
    yield base64.b64encode(data)
    for before in (1, 2):
        coded = base64.b64encode(bytes(before) + data).rstrip(b"=")
        yield coded[2 if before == 1 else 3:-1]
    yield base64.b64encode(data + b"\0\0").rstrip(b"=")[:len(data) * 4 // 3]


def forms_of(password):
    """Pairs of a name and bytes to look for, hexadecimal in lower case."""
    clear, wide = password.encode(), password.encode("utf-16-le")
    yield "in clear", clear
    yield "escaped for JSON", json.dumps(password)[1:-1].encode()
    yield "escaped for a URL", urllib.parse.quote(password, safe="").encode()
    yield "in UTF-16", wide
    for name, data in (("", clear), (" of UTF-16", wide), (" of the NT hash", md4(wide))):
        yield "as hexadecimal" + name, data.hex().encode()
        for coded in in_base64(data):
            yield "as Base64" + name, coded


def leaks(passwords, places):
    """`places`: name to bytes. A line for each password that is there, without the password."""
    for number, password in enumerate(sorted(set(passwords)), 1):
        forms = {}
        for name, form in forms_of(password):
            if len(form) >= SHORTEST:
                forms.setdefault(form, name)   # what needs no escape is in clear
        for place, data in places.items():
            found = {name for form, name in forms.items() if form in data or (name.startswith("as hexadecimal") and form in data.lower())}
            for name in sorted(found):
                yield f"password {number} stands {name} in the {place}"


def passwords_of(scenario):
    client, user = scenario.get("client", {}), scenario.get("user", {})
    known = [user.get("password", "Correct-horse-7"), user.get("typed_password"), client.get("password")]
    return [one for one in known if one]
