"""What is wrong in a workbook of going live, row by row."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from odoo.addons.nox_voip_service.policy.going_live import (
    SHEETS,
    Plan,
    check,
    first_bill,
    read_sheet,
)

PLANS = {
    "contract": Plan(bills_users=True, needs_administrator=False),
    "standard": Plan(bills_users=False, needs_administrator=False),
    "self_managed": Plan(bills_users=False, needs_administrator=True),
}
TODAY = date(2026, 9, 20)
CUSTOMER = {"row": 2, "customer": "Bakery"}
DESK = {
    "row": 2,
    "customer": "Bakery",
    "pbx": "Desk",
    "accepted_on": date(2026, 9, 1),
    "plan": "contract",
    "price": Decimal("4.95"),
}
ANNA = {
    "row": 2,
    "customer": "bakery",
    "pbx": "desk",
    "extension": "201",
    "user": "Anna",
    "first_day": date(2026, 9, 1),
}


def faults(customers=(CUSTOMER,), pbxs=(DESK,), users=(ANNA,)):
    records = {"customers": customers, "pbxs": pbxs, "users": users}
    return [
        (fault.sheet, fault.row, fault.code)
        for fault in check(
            {name: [dict(row) for row in rows] for name, rows in records.items()},
            PLANS,
            this_month=TODAY,
        )
    ]


def test_a_good_workbook_has_no_fault():
    assert faults() == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"customer": "Elsewhere"}, "unknown_customer"),
        ({"plan": "gold"}, "unknown_plan"),
        (
            {"accepted_on": date(2026, 9, 3), "plan_since": date(2026, 9, 2)},
            "plan_before_acceptance",
        ),
        ({"price": None}, "no_price"),
        ({"price": Decimal(0)}, "no_price"),
        ({"accepted_on": date(2026, 8, 31)}, "no_billed_until"),
        ({"plan": "standard"}, "price_without_users"),
        ({"plan": "self_managed", "price": None}, "no_administrator"),
        (
            {
                "plan": "self_managed",
                "price": None,
                "administrator": "Eva",
                "trained_on": date(2026, 9, 2),
            },
            "trained_later",
        ),
    ],
)
def test_a_pbx(changed, code):
    assert faults(pbxs=[{**DESK, **changed}], users=()) == [("pbxs", 2, code)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"pbx": "Elsewhere"}, "unknown_pbx"),
        ({"extension": "=1+1"}, "formula"),
        ({"extension": "2" * 21}, "too_long"),
        ({"user": "@SUM(A1)"}, "formula"),
        ({"last_day": date(2026, 8, 1)}, "last_before_first"),
    ],
)
def test_a_user(changed, code):
    assert faults(users=[{**ANNA, **changed}]) == [("users", 2, code)]


def test_what_stands_twice():
    again = {"row": 3}
    assert faults(customers=[CUSTOMER, {**CUSTOMER, **again}]) == [
        ("customers", 3, "twice")
    ]
    assert faults(pbxs=[DESK, {**DESK, **again}]) == [("pbxs", 3, "twice")]
    assert faults(users=[ANNA, {**ANNA, **again, "extension": 201.0}]) == [
        ("users", 3, "extension_twice")
    ]


def test_one_extension_after_the_other_is_no_fault():
    left = {**ANNA, "last_day": date(2026, 9, 10)}
    comes = {**ANNA, "row": 3, "user": "Bert", "first_day": date(2026, 9, 11)}
    assert faults(users=[left, comes]) == []


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("accepted_on", datetime(2026, 9, 1, 0, 0), date(2026, 9, 1)),
        ("accepted_on", "2026-9-1", date(2026, 9, 1)),
        ("price", 4.95, Decimal("4.95")),
        ("price", "4,95", Decimal("4.95")),
        ("price", "", None),
        ("pbx", 12.0, "12"),
    ],
)
def test_a_cell(column, cell, value):
    ((record,), _faults) = read_sheet("pbxs", [(1, [column]), (2, [cell])], NAMES)
    assert record[column] == value


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("accepted_on", "01-09-2026", "no_day"),
        ("accepted_on", "2026-02-30", "no_day"),
        ("accepted_on", "", "missing"),
        ("price", "free", "no_amount"),
        ("price", "1.234,50", "no_amount"),
        ("price", True, "no_amount"),
        ("pbx", "=CMD()", "formula"),
        ("pbx", "x" * 201, "too_long"),
    ],
)
def test_a_cell_that_cannot_be_read(column, cell, code):
    heading = [*(SHEETS["pbxs"])]
    good = {**DESK, column: cell}
    table = [(1, heading), (2, [good.get(name) for name in heading])]
    _records, found = read_sheet("pbxs", table, NAMES)
    assert [(fault.code, fault.params["column"]) for fault in found] == [(code, column)]


def test_a_heading_that_is_not_there():
    _records, found = read_sheet("users", [(1, ["customer", "pbx"])], NAMES)
    assert [fault.params["column"] for fault in found] == [
        "extension",
        "user",
        "first_day",
    ]
    assert read_sheet("users", [], NAMES) == ([], [])


@pytest.mark.parametrize(
    ("cell", "counts", "code"),
    [("", True, None), ("Nee", False, None), ("x", True, None), ("?", True, "no_yes")],
)
def test_whether_somebody_counts(cell, counts, code):
    ((record,), found) = read_sheet("users", [(1, ["counts"]), (2, [cell])], NAMES)
    codes = [fault.code for fault in found if fault.row > 1]
    assert (record["counts"], codes) == (counts, [code] if code else [])


@pytest.mark.parametrize(
    ("pbx", "user", "quantity", "amount"),
    [
        ({}, {}, "1.00", "4.95"),
        ({}, {"first_day": date(2026, 9, 16)}, "0.50", "2.48"),
        ({}, {"last_day": date(2026, 9, 15)}, "0.50", "2.48"),
        ({}, {"counts": False}, "0.00", "0.00"),
        ({"plan_since": date(2026, 9, 16)}, {}, "0.50", "2.48"),
        ({"billed_until": date(2026, 10, 1)}, {}, "0", "0"),
        ({"price": None}, {}, "0", "0"),
    ],
)
def test_the_first_month(pbx, user, quantity, amount):
    bill = first_bill({**DESK, **pbx}, [{**ANNA, **user}], date(2026, 9, 1), "prorated")
    assert bill == (Decimal(quantity), Decimal(amount))


NAMES = {name: name for sheet in SHEETS.values() for name in sheet}
