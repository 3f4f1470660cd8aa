"""Who wrote a mail, as tables of headers and subjects."""

import pytest

from odoo.addons.nox_voip_service.policy.mails import kind, numbers_in, wants_answer


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"List-Id": "<support.bakkerij.example>"},
        {"Precedence": "list"},
        {"List-Unsubscribe": "<https://list.example>"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"},
        {"Auto-Submitted": "no"},
        {"X-Autoreply": "no"},
        {"X-Autoreply": " "},
    ],
)
def test_people(headers):
    assert kind(headers, "Belgroep") == "person"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-generated"},
        {"auto-submitted": "auto-notified; owner-email=x"},
        {"Precedence": "bulk"},
        {"Precedence": "junk"},
    ],
)
def test_machines_that_ask_for_something(headers):
    assert kind(headers, "Trunk down") == "machine"


@pytest.mark.parametrize(
    ("headers", "subject", "content_type"),
    [
        ({"Auto-Submitted": "auto-replied"}, "Re: quote", ""),
        ({"Auto-Submitted": "auto-replied; x=y"}, "Re: quote", ""),
        ({"Auto-Submitted": "auto-replied (vacation)"}, "Re: quote", ""),
        ({"X-Autoreply": "yes"}, "Re: quote", ""),
        ({"X-AutoRespond": "1"}, "Re: quote", ""),
        ({"Precedence": "auto_reply"}, "Re: quote", ""),
        ({}, "Undelivered Mail", "multipart/report"),
        ({}, "Gelezen: offerte", "Multipart/Report"),
        ({}, "Automatisch antwoord: offerte", ""),
        ({}, "Afwezig: Anna", ""),
        ({}, "Afwezig", ""),
        ({}, "Automatic reply: quote", ""),
        ({}, "Out of Office: quote", ""),
        ({}, "Abwesenheitsnotiz", ""),
        ({}, "Automatische Antwort: Angebot", ""),
        ({}, "Réponse automatique : devis", ""),
        ({}, "  AUTO-REPLY: x", ""),
    ],
)
def test_automatic_replies(headers, subject, content_type):
    assert kind(headers, subject, content_type) == "reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Afwezig personeel doorschakelen",
        "Melding bij afwezigheid instellen",
        "Automatische telefoniste aanpassen",
        "Re: automatisch antwoord instellen",
        "",
    ],
)
def test_people_who_write_about_absence(subject):
    assert kind({}, subject) == "person"


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        ("Re: [HT00012] Belgroep", ["HT00012"]),
        ("fwd: ht00012 - ht00013", ["HT00012", "HT00013"]),
        ("Toestel 201", []),
        ("XHT00012", ["XHT00012"]),
        ("", []),
    ],
)
def test_numbers(subject, numbers):
    assert numbers_in(subject) == numbers


def test_suppression_of_all_alone():
    assert wants_answer({})
    assert wants_answer({"X-Auto-Response-Suppress": "OOF"})
    assert not wants_answer({"x-auto-response-suppress": "OOF, All"})
    assert not wants_answer({"Subject": "x", "X-Auto-Response-Suppress": "All"})
