#!/usr/bin/env python3
"""What run_scenario.py relies on to say that nothing leaked."""
import base64
import hashlib
import unittest

import expected_credentials
import run_scenario
import secret_forms

PASSWORD = 'Correct-"hörse"-7'


def entry(host, kind, port=443):
    return {"host": host, "port": port, "protocol": "https", "kind": kind, "count": 1}


def leaks(data, passwords=(PASSWORD,)):
    return list(secret_forms.leaks(passwords, {"report": data}))


class SecretForms(unittest.TestCase):
    def test_md4_is_that_of_rfc_1320(self):
        self.assertEqual(secret_forms.md4(b"").hex(), "31d6cfe0d16ae931b73c59d7e0c089c0")
        self.assertEqual(secret_forms.md4(b"message digest").hex(), "d9130a8164549fe818874806e1c7014b")
        self.assertEqual(secret_forms.md4(b"1234567890" * 8).hex(), "e33b4ddc9c38f2199c3e7b164fcc0536")
        self.assertEqual(secret_forms.md4("password".encode("utf-16-le")).hex(), "8846f7eaee8fb117ad06bdd830b7586c")

    def test_every_form_is_found_wherever_it_stands(self):
        clear, wide = PASSWORD.encode(), PASSWORD.encode("utf-16-le")
        digest = secret_forms.md4(wide)
        shown = [clear, wide, b'Correct-\\"h\\u00f6rse\\"-7', b"Correct-%22h%C3%B6rse%22-7"]
        for data in (clear, wide, digest):
            shown += [data.hex().encode(), data.hex().upper().encode()]
            shown += [base64.b64encode(before + data + after) for before in (b"", b"a", b"ab", b"user:") for after in (b"", b"x", b"xy")]
        for data in shown:
            self.assertTrue(leaks(b"before " + data + b" after"), data)

    def test_what_is_no_password_is_no_leak(self):
        self.assertEqual(leaks(b"the password is wrong " + hashlib.sha256(PASSWORD.encode()).hexdigest().encode()), [])
        self.assertEqual(leaks(b"abc", ["abc"]), [], "too short to be told from other text")

    def test_a_leak_is_told_without_the_password(self):
        self.assertEqual(leaks(PASSWORD.encode())[0], "password 1 stands in clear in the report")

    def test_passwords_are_those_of_user_and_client(self):
        self.assertEqual(secret_forms.passwords_of({}), ["Correct-horse-7"])
        self.assertEqual(secret_forms.passwords_of({"user": {"password": "a", "typed_password": "b"}, "client": {"password": "c"}}), ["a", "b", "c"])
        self.assertEqual(secret_forms.passwords_of({"client": {"password": None}}), ["Correct-horse-7"])


class ExpectedCredentials(unittest.TestCase):
    def differences(self, expected, *entries):
        return list(expected_credentials.differences(expected, entries))

    def test_a_set_is_exact(self):
        self.assertEqual(self.differences({"a": ["ntlm"]}, entry("a", "ntlm")), [])
        self.assertEqual(self.differences({"a": ["ntlm"]}), ["a got [], expected ['ntlm']"])
        self.assertTrue(self.differences({"a": ["ntlm"]}, entry("a", "ntlm"), entry("a", "basic")))

    def test_a_port_is_narrower_than_its_host_and_the_star_is_the_rest(self):
        seen = [entry("a", "ntlm"), entry("a", "basic", 80), entry("b", "web_ticket"), entry("c", "bearer")]
        self.assertEqual(self.differences({"a": ["ntlm"], "a:80": ["basic"], "*": ["web_ticket", "bearer"]}, *seen), [])
        self.assertEqual(self.differences({"a": ["ntlm", "basic"]}, *seen), [], "hosts that nobody speaks of may get what they get")
        self.assertTrue(self.differences({"a": ["ntlm", "basic"], "*": []}, *seen))

    def test_the_first_token_counts_only_where_it_is_spoken_of(self):
        seen = [entry("a", "ntlm_negotiate"), entry("a", "ntlm")]
        self.assertEqual(self.differences({"a": ["ntlm"]}, *seen), [])
        self.assertEqual(self.differences({"a": ["ntlm", "ntlm_negotiate"]}, *seen), [])
        self.assertTrue(self.differences({"a": ["ntlm_negotiate"]}, *seen))
        self.assertTrue(self.differences({"a": []}, seen[0]))


class Values(unittest.TestCase):
    span = {"evidence": [{"name": "a", "value": "x", "group": 1}, {"name": "b", "value": 1, "group": 1}, {"name": "a", "value": "y", "group": 2}, {"name": "b", "value": True, "group": 2}, {"name": "a", "value": "z"}]}

    def test_one_name_stands_for_its_values(self):
        self.assertEqual(list(run_scenario.values(self.span, "a")), ["x", "y", "z"])

    def test_several_names_stand_for_what_each_group_says(self):
        self.assertEqual(list(run_scenario.values(self.span, "b a")), ["1 x", "true y"])
        self.assertEqual(list(run_scenario.values(self.span, "a c")), [])


class PasswordUses(unittest.TestCase):
    def test_the_highest_count_of_the_trace_is_taken(self):
        def span(value):
            return {"evidence": [{"name": "ucsignin.password.uses", "value": value}, {"name": "other", "value": 9}]}
        self.assertEqual(run_scenario.password_uses({"trace": [span(1), span(2), span(1)]}), 2)
        self.assertEqual(run_scenario.password_uses({"trace": []}), 0)


if __name__ == "__main__":
    unittest.main()
