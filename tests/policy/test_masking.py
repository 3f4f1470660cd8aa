"""Secrets do not travel to orders and invoices."""

import pytest

from odoo.addons.nox_voip_service.policy.masking import masked
from odoo.addons.nox_voip_service.policy.secret_numbers import (
    is_account,
    is_social_security_number,
)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("SIP-wachtwoord toestel 201: Zx9!kk, graag", "Zx9!kk"),
        ("Het wachtwoord is Geheim99", "Geheim99"),
        ("password: hunter2", "hunter2"),
        ("Wachtwoord=abc", "abc"),
        ("wachtwoord Zx9kk!", "Zx9kk!"),
        ("voicemail-pin 4821", "4821"),
        ("pincode: 4821.", "4821"),
        ("Pin code van de voicemail is 4821", "4821"),
        ("BSN 123456782", "123456782"),
        ("bsn 1234.56.782 van haar", "1234.56.782"),
        ("IBAN NL91ABNA0417164300", "NL91ABNA0417164300"),
        ("naar NL91 ABNA 0417 1643 00 graag", "0417 1643 00"),
        ("op be68 5390 0754 7034", "0754 7034"),
        ("NL91ABNA0417164300 en verdere", "NL91ABNA0417164300"),
        ("NO9386011117947", "NO9386011117947"),
        ("patiënt mevr. X", "X"),
        ("patiënt: Jansen belde", "Jansen"),
        ("patiënte mevr. van der Berg belde", "Berg"),
        ("cliënt J. de Boer", "Boer"),
    ],
)
def test_secrets_are_masked(text, secret):
    assert secret in text
    assert secret not in masked(text)
    assert "***" in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Toestel 201 en 202 in de belgroep",
        "Doorschakelen naar 0612345678 of +31 20 123 45 67",
        "Bestelling 123456783",
        "Artikel 000000000",
        "Artikel AB12 34 56 78 90 12",
        "Het wachtwoord werkt niet meer",
        "De patiënten krijgen menu 2",
        "Pinautomaat op poort 4",
        "NL92ABNA0417164300 is fout",
        "NL91ABNA04171643001 is te lang",
        "Postcode 1234 AB",
    ],
)
def test_the_rest_stays(text):
    assert masked(text) == text


def test_masking_twice_changes_nothing():
    text = "wachtwoord: x1, pin 4821, patiënt Jansen, BSN 123456782"
    assert masked(masked(text)) == masked(text)


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [
        ("123456782", True),
        ("111222333", True),
        ("123456783", False),
        ("213456782", False),
        ("000000000", False),
        ("12345678", False),
        ("1112223330", False),
        ("11122233x", False),
        ("", False),
    ],
)
def test_the_eleven_test(digits, is_one):
    assert is_social_security_number(digits) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("NL91ABNA0417164300", True),
        ("nl91 abna 0417 1643 00", True),
        ("NO93 8601 1117 947", True),
        ("NL91ABNA0417164301", False),
        ("NL19ABNA0417164300", False),
        # Too short for any country, although its digits are right.
        ("NL61ABNA041716", False),
        ("9191ABNA0417164300", False),
        ("", False),
    ],
)
def test_accounts_by_their_check_digits(text, is_one):
    assert is_account(text) is is_one
