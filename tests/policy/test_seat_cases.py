"""Lists as telephone systems export them, each with what must become of it."""

from pathlib import Path

import pytest

from odoo.addons.nox_voip_service.policy.seat_compare import Known, compare, doubts
from odoo.addons.nox_voip_service.policy.seat_file import InvalidList, decode, parse
from odoo.addons.nox_voip_service.policy.seat_layout import (
    look,
    names_are_missing,
    without_secrets,
)
from odoo.addons.nox_voip_service.policy.seat_list import read, too_wide

from .shipped_words import WORDS

CASES = Path(__file__).parents[1] / "cases" / "pbx"
ANNA, BRAM, CARLA = "Anna de Vries", "Bram Kok", "Carla 't Hart"
LEDGER = [Known(1, "201", ANNA), Known(2, "202", BRAM), Known(3, "203", CARLA)]
ALL_SAME = {"201": "same", "202": "same", "203": "same"}


def rows_of(name):
    return without_secrets(parse(decode((CASES / name).read_bytes()).text), WORDS)


def reading(rows):
    layout, start, is_guess = look(rows, WORDS)
    assert layout.is_complete and not is_guess, layout
    assert not too_wide(rows, start)
    return read(rows[start:], layout, WORDS)


def outcome(rows, known=LEDGER):
    """``({extension: kind, with its doubt}, [extensions chosen], [doubts])``."""
    found = reading(rows)
    assert not found.refused
    findings = compare(found.users, known, found.left)
    wrong = doubts(findings, known)
    is_grave = any(each.is_grave for each in wrong)
    kinds, chosen = {}, []
    for each in findings:
        extension = (each.listed or each.known or each.left).extension
        kinds[extension] = each.kind + (each.doubt and f" {each.doubt}")
        if each.is_certain and not is_grave:
            chosen.append(extension)
    return kinds, chosen, [each.code for each in wrong]


@pytest.mark.parametrize(
    ("name", "kinds", "chosen", "wrong"),
    [
        ("3cx_v18.csv", ALL_SAME, [], []),
        ("yeastar_p_series.csv", ALL_SAME, [], []),
        ("freepbx_bulkhandler.csv", ALL_SAME, [], []),
        ("nl_login_first.csv", ALL_SAME, [], []),
        ("sep_line.csv", ALL_SAME, [], []),
        ("utf16le_no_bom.csv", ALL_SAME, [], []),
        (
            "broadworks_users.csv",
            {"201": "same", "202": "same", "203": "end", "209": "skipped"},
            ["203"],
            [],
        ),
        (
            "broadworks_users_dashed.csv",
            {"201": "same", "202": "same", "203": "end", "209": "skipped"},
            ["203"],
            [],
        ),
        (
            "freepbx_legacy_bulkext.csv",
            {"201": "same", "202": "same", "203": "end"},
            ["203"],
            [],
        ),
        (
            "fusionpbx_all_columns.csv",
            {"201": "same", "202": "end off", "203": "same"},
            [],
            [],
        ),
        (
            "disabled_and_devices.csv",
            {
                "201": "same",
                "202": "end off",
                "203": "same",
                "290": "skipped",
                "800": "skipped",
            },
            [],
            [],
        ),
        (
            "netsapiens_skyswitch.csv",
            {"201": "same", "202": "same", "203": "end off"},
            [],
            [],
        ),
        (
            "officesuite_broadview.csv",
            {"201": "same", "202": "same", "203": "end", "299": "skipped"},
            ["203"],
            [],
        ),
        (
            "teams_powershell51_type.csv",
            {"201": "same", "202": "same", "203": "end", "": "skipped"},
            ["203"],
            [],
        ),
        (
            "cp850.csv",
            {"201": "doubtful name", "202": "same", "203": "same"},
            [],
            [],
        ),
        (
            "voys_voip_accounts.csv",
            {
                "202": "doubtful name",
                "203": "doubtful name",
                "204": "doubtful moved",
            },
            [],
            ["twins"],
        ),
        (
            "voys_users.csv",
            {
                "601": "doubtful moved",
                "602": "doubtful moved",
                "603": "add",
                "203": "end",
            },
            [],
            ["unknown"],
        ),
    ],
)
def test_a_list_of_a_usual_system(name, kinds, chosen, wrong):
    assert outcome(rows_of(name)) == (kinds, chosen, wrong)


def test_from_numbers_of_devices_to_numbers_of_users_is_a_move():
    devices = [Known(n, f"20{n}", ANNA) for n in (2, 3, 4)]
    kinds, chosen, wrong = outcome(rows_of("voys_users.csv"), devices)
    assert kinds == {
        "601": "doubtful moved",
        "602": "add",
        "603": "add",
        "203": "end elsewhere",
        "204": "end elsewhere",
    }
    assert not chosen
    assert wrong == ["unknown", "ending"]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("excel_scientific.csv", [(2, "scientific")]),
        ("shared_extension.csv", [(3, "double")]),
    ],
)
def test_a_row_that_cannot_be_taken(name, codes):
    found = reading(rows_of(name)).refused
    assert [(each.row, each.code) for each in found] == codes


def test_an_open_quotation_mark_is_refused_with_its_row():
    with pytest.raises(InvalidList) as refusal:
        rows_of("unbalanced_quote.csv")
    assert refusal.value.params == {"row": 1}


def test_a_list_without_users_has_none():
    rows = rows_of("empty_but_heading.csv")
    assert look(rows, WORDS).start == len(rows)


def test_a_list_without_names_is_known_as_such():
    assert names_are_missing(rows_of("teams_number_assignment.csv"), WORDS)
    assert not look(rows_of("teams_number_assignment.csv"), WORDS).layout.is_complete


def test_every_list_handed_has_its_outcome():
    text = Path(__file__).read_text()
    for path in CASES.glob("*.csv"):
        assert f'"{path.name}"' in text, path.name


def test_no_password_of_any_list_is_left():
    for path in CASES.glob("*.csv"):
        try:
            shown = str(rows_of(path.name))
        except InvalidList:
            continue
        for secret in ("pw1", "pw2", "pw3", "Sip!", "Xk3a", "aB1cD2", "'pw'"):
            assert secret not in shown, (path.name, secret)


def test_letters_of_an_old_program_are_read_and_said():
    found = decode((CASES / "cp850.csv").read_bytes())
    assert found.is_guess
    assert "André de Vries" in found.text
