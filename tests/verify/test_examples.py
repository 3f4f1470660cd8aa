"""The terms, example by example. All figures are worked out by hand."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from . import examples, nox_verify
from .asking import against, remarks
from .builder import tax
from .examples import changed, credit, goods, quoted, seat, users, work

# minutes of the entries, blocks, amount, incl. VAT, VAT, released, held
WORK = [
    # a started quarter of an hour is EUR 20.50
    ([1], 1, "20.50", "24.81", "4.31", 1, 0),
    ([15], 1, "20.50", "24.81", "4.31", 15, 0),
    ([16], 2, "41.00", "49.61", "8.61", 16, 0),
    # 20 minutes are two started quarters, not a third of an hour
    ([20], 2, "41.00", "49.61", "8.61", 20, 0),
    ([38], 3, "61.50", "74.42", "12.92", 38, 0),
    # the sum of a ticket is rounded, not each entry: 5 + 5 + 5 is one quarter
    ([5, 5, 5], 1, "20.50", "24.81", "4.31", 15, 0),
    # an hour is no more than an hour
    ([60], 4, "82.00", "99.22", "17.22", 60, 0),
    # a minute above it was never offered
    ([61], 4, "82.00", "99.22", "17.22", 60, 1),
    ([40, 40], 4, "82.00", "99.22", "17.22", 60, 20),
]


@pytest.mark.parametrize("case", WORK, ids=lambda case: f"{case[0]}")
def test_work(case):
    assert against(work(*case)) == []


@pytest.mark.parametrize("case", WORK, ids=lambda case: f"{case[0]}")
def test_one_block_more_is_no_work_of_the_terms(case):
    minutes, blocks, amount, incl, vat, released, held = case
    assert against(work(minutes, blocks + 1, amount, incl, vat, released, held))


def test_six_times_35_minutes_are_14_blocks_under_a_plan_without_a_limit():
    rules = {"quote_threshold_minutes": None}
    pack = work([35] * 6, 14, "287.00", "347.27", "60.27", 210, rules=rules)
    assert against(pack) == []
    assert any("differs from the terms" in each for each in remarks(pack))


def test_a_waived_block_is_not_billed():
    assert against(work([38], 2, "41.00", "49.61", "8.61", 38, waived=1)) == []


def test_a_block_is_billed_or_waived_and_not_both():
    pack = work([38], 3, "61.50", "74.42", "12.92", 38)
    twice = {
        "blocks": 1,
        "reason": "Ours.",
        "by": "Carla",
        "at": "2026-03-02T09:00:00Z",
    }
    pack = changed(pack, "ticket", lambda each: each["waivers"].append(twice))
    assert any("each block counts once" in each for each in against(pack))


def test_quote():
    """75 minutes are 5 blocks: 2 were released, 3 of the 4 approved ones are used."""
    amounts = [("41.00", "49.61"), ("61.50", "74.42")]
    assert against(quoted(2, 3, amounts, "102.50", "21.53", "124.03")) == []


def test_quote_is_a_most():
    """The fourth approved block was not worked."""
    amounts = [("41.00", "49.61"), ("82.00", "99.22")]
    found = against(quoted(2, 4, amounts, "123.00", "25.83", "148.83"))
    assert any("each block counts once" in each for each in found)


@pytest.mark.parametrize(
    "change, says",
    [
        ({"approved_at": "2027-01-01T09:00:00Z"}, "valid until"),
        ({"approved_at": "2026-03-02T12:30:00Z"}, "in this order"),
        ({"approved_at": None}, "does not say"),
        ({"signature_sha256": None}, "no signature"),
        ({"grade": "signed"}, "the SHA-256 of the copy is missing"),
        ({"content_text": "{}"}, "hash of what was sent"),
        ({"state": "refused"}, "nobody approved"),
        ({"blocks": 5}, "blocks: found 5, expected 4.00"),
        ({"content_hash": "0" * 64}, "hash of what was sent"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_quote_that_proves_nothing(change, says):
    amounts = [("41.00", "49.61"), ("61.50", "74.42")]
    pack = quoted(2, 3, amounts, "102.50", "21.53", "124.03")
    for part in pack["parts"]:
        if part["id"] == "quote:1":
            part["content"].update(change)
    found = against(changed(pack, "plan", lambda each: None))
    assert any(says in each for each in found), found


ALWAYS = "2025-01-01"


def always(count):
    return [seat(f"1{n:02d}", ALWAYS) for n in range(count)]


# seats, users, explanation, amount at 4.50, incl. VAT, VAT
USERS = [
    (always(24), "24.00", "24 users", "108.00", "130.68", "22.68"),
    # (24 x 31 + 2 x 20) / 31 = 25.29
    (
        always(24) + [seat("200", "2026-03-12"), seat("201", "2026-03-12")],
        "25.29", "24 users; 2 from 12 March (20/31)", "113.81", "137.71", "23.90",
    ),
    # who comes on the day on which another leaves counts with him as one
    (
        [seat("100", ALWAYS, "2026-03-10"), seat("101", "2026-03-10", None, "100")],
        "1.00", "1 user", "4.50", "5.45", "0.95",
    ),
    # two who have nothing to do with each other are two on that day: 32 / 31
    (
        [seat("100", ALWAYS, "2026-03-10"), seat("101", "2026-03-10")],
        "1.03", "1 until 10 March (10/31); 1 from 10 March (22/31)",
        "4.64", "5.61", "0.97",
    ),
    # a door phone is no user
    (
        always(2) + [seat("900", ALWAYS, charged=False)],
        "2.00", "2 users", "9.00", "10.89", "1.89",
    ),
    # one day of the month
    (
        [seat("100", "2026-03-31")],
        "0.03", "1 from 31 March (1/31)", "0.14", "0.17", "0.03",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", USERS, ids=lambda case: case[2])
def test_users(case):
    assert against(users(*case)) == []


@pytest.mark.parametrize("case", USERS, ids=lambda case: case[2])
def test_a_day_more_of_a_user_is_seen(case):
    pack = users(*case)
    pack = changed(
        pack, "charge", lambda each: each["seats"].append(seat("999", "2026-03-31"))
    )
    assert against(pack)


def test_users_of_the_first_day():
    seats = [*always(3), seat("200", "2026-03-02")]
    case = ("3.00", "3 users", "13.50", "16.34", "2.84")
    assert against(users(seats, *case, policy="first_day")) == []


def test_correction():
    """24 were billed, 25.29 it had to be: 1.29 x 4.50 = 5.805, so 5.81."""
    seats = [*always(24), seat("200", "2026-03-12"), seat("201", "2026-03-12")]
    words = (
        "Correction: 24 users were billed, it had to be 25.29: 24 users; 2 from"
        " 12 March (20/31)"
    )
    before = {
        "period": "period:1", "revision": 0, "quantity": "24.00", "price": "4.50",
        "amount": "108.00", "invoiced": True, "again": "0.00",
    }  # fmt: skip
    pack = users(
        seats, "25.29", words, "5.81", "7.03", "1.22", revision=1, earlier=[before],
        was="24.00", quantity="1.29",
    )  # fmt: skip
    assert against(pack) == []
    forgotten = changed(pack, "charge", lambda each: each.update(earlier=[]))
    assert any("missing" in each for each in against(forgotten))


EURO = {"code": "EUR", "decimals": 2}
# lines (quantity, price, discount, amount, incl.), subtotal, VAT, total, the rest
GOODS = {
    "VAT once": (
        # 21% of each is 0.002, of the three 0.01
        [("1.00", "0.01", "0", "0.01", "0.01")] * 3, "0.03", "0.01", "0.04", {},
    ),
    "lines are whole cents": (
        [("0.57", "10.50", "0", "5.99", "7.25")] * 3, "17.97", "3.77", "21.74", {},
    ),
    "discount": (
        [("2.00", "89.95", "7.5", "166.41", "201.36")], "166.41", "34.95", "201.36", {},
    ),
    "price with VAT in it": (
        [("1.00", "121.00", "0", "100.00", "121.00")], "100.00", "21.00", "121.00",
        {"taxes": [tax("21", True)]},
    ),
    "yen": (
        [("3.00", "333", "0", "999", "1209")], "999", "210", "1209",
        {"currency": {"code": "JPY", "decimals": 0}},
    ),
    "dinar": (
        [("0.33", "1.125", "0", "0.371", "0.449")], "0.371", "0.078", "0.449",
        {"currency": {"code": "KWD", "decimals": 3}},
    ),
    "reverse charge": (
        [("1.00", "80.00", "0", "80.00", "80.00")], "80.00", "0.00", "80.00",
        {"taxes": [tax("0")]},
    ),
    # 2% less for an early payer: VAT is that of 98.00
    "early payment": (
        [("1.00", "100.00", "0", "100.00", "121.00")], "100.00", "20.58", "120.58",
        {"early_payment": {"percentage": "2", "computation": "mixed"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("rounding", ["round_globally", "round_per_line"])
@pytest.mark.parametrize("name", GOODS)
def test_cents(name, rounding):
    lines, untaxed, vat, total, rest = GOODS[name]
    pack = goods(lines, untaxed, vat, total, **rest)
    pack = changed(
        pack, "invoice", lambda each: each["company"].update(tax_rounding=rounding)
    )
    assert against(pack) == []


@pytest.mark.parametrize("name", GOODS)
def test_a_cent_of_vat_more_is_seen(name):
    lines, untaxed, vat, total, rest = GOODS[name]
    assert against(goods(lines, untaxed, vat[:-1] + "9", total, **rest))


def test_credit():
    assert against(credit("3.00", "61.50", "74.42", "12.92")) == []
    assert (
        against(credit("1.00", "20.50", "24.81", "4.31", before=("2", "41.00"))) == []
    )


def test_credited_twice():
    found = against(credit("2.00", "41.00", "49.61", "8.61", before=("2", "41.00")))
    assert any("credited and 2 before" in each for each in found)


def test_credited_at_another_price():
    found = against(credit("3.00", "61.50", "74.42", "12.92", billed=("3.00", "60.00")))
    assert any("another price" in each for each in found)


def test_unknown_facts_do_not_decide():
    """Work under a Contract of which nobody knows where it was done is not billed."""
    pack = work([20], 2, "41.00", "49.61", "8.61", 20, rules={"code": "contract"})
    for part in pack["parts"]:
        if part["kind"] == "table":
            part["content"] = examples.table(examples.TERMS_ROWS["contract"])
        if part["kind"] == "ticket":
            part["content"]["facts"]["work_location"] = None
    found = against(changed(pack, "plan", lambda each: None))
    assert any("expected undecided" in each for each in found)


def test_before_the_acceptance_nothing_is_billed():
    pack = work([20], 2, "41.00", "49.61", "8.61", 20)
    pack = changed(
        pack,
        "ticket",
        lambda each: each["situation"].update(accepted_on="2026-03-03"),
    )
    assert any("expected delivery" in each for each in against(pack))


def test_the_plan_of_the_day_of_the_request_counts():
    pack = work([20], 2, "41.00", "49.61", "8.61", 20)
    period = {"start": "2026-03-03", "end": None}
    pack = changed(pack, "ticket", lambda each: each.update(plan_period=period))
    assert any("plan was not in force" in each for each in against(pack))


def test_a_table_that_differs_from_the_terms_is_a_remark():
    pack = work([20], 2, "41.00", "49.61", "8.61", 20)
    pack = changed(pack, "table", lambda each: each["rows"].pop(0))
    pack = changed(
        pack, "ticket", lambda each: each["facts"].update(change_scope="adjustment")
    )
    assert against(pack) == []
    (said,) = [each for each in remarks(pack) if "differs from the terms" in each]
    assert "row 1: billable, by the terms covered" in said


def test_a_note_is_what_nobody_proves():
    pack = work([20], 2, "41.00", "49.61", "8.61", 20)
    parts = [(each["kind"], each["id"], each["content"]) for each in pack["parts"]]
    note = {"code": "made_later", "about": None, "text": "Made later."}
    pack = examples.chained([*parts, ("note", "note:1", note)])
    assert against(pack) == ["note:1: Made later."]


def test_an_edited_sentence_is_said_once():
    """Without the note it differs; with it the pack says itself that it proves none."""
    pack = work([20], 2, "41.00", "49.61", "8.61", 20)

    def edited(invoice):
        invoice["lines"][0]["text"] = "Work, as agreed"

    pack = changed(pack, "invoice", edited)
    assert any("does not name the request" in each for each in against(pack))
    parts = [(each["kind"], each["id"], each["content"]) for each in pack["parts"]]
    note = {"code": "text_edited", "about": "line:1", "text": "Edited."}
    pack = examples.chained([*parts, ("note", "note:1", note)])
    assert against(pack) == ["line:1: Edited."]


def test_a_part_that_nothing_leads_to():
    pack = work([20], 2, "41.00", "49.61", "8.61", 20)
    parts = [(each["kind"], each["id"], each["content"]) for each in pack["parts"]]
    stray = ("price", "price:9", examples.price("9.00"))
    assert against(examples.chained([*parts, stray])) == [
        "price:9: nothing on the invoice leads to this part."
    ]


@pytest.mark.parametrize(
    ("amount", "rates", "slack", "good"),
    [
        ("123.00", [], "0", True),
        ("101.65", [21], "0", True),
        # 101.6529 takes the cent that two other lines left.
        ("101.64", [21], "0.02", True),
        ("101.64", [21], "0", False),
        ("101.62", [21], "0.02", False),
        ("122.99", [], "0", False),
        ("101.65", [], "0", False),
    ],
)
def test_amount_of_an_order_line(amount, rates, slack, good):
    line = SimpleNamespace(
        quantity=Decimal("6"),
        price_unit=Decimal("20.50"),
        discount=Decimal(0),
        amount=Decimal(amount),
    )
    money = nox_verify.Money(2)
    assert nox_verify.is_amount_of(line, rates, Decimal(slack), money) is good
