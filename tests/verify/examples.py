"""Packs written by hand: every figure in them is a literal of the test that asks."""

from copy import deepcopy

from .builder import (
    TERMS_ROWS,
    chained,
    facts,
    moment,
    order,
    order_line,
    plan,
    signed_quote,
    table,
    tax,
)

DAY = "2026-03-02"


def line(position, source, quantity, unit, amount, incl, **changes):
    return {
        "id": f"line:{position}",
        "position": position,
        "source": source,
        "text": "A line",
        "written_at": moment("2026-04-01", 5),
        "quantity": quantity,
        "price_unit": unit,
        "discount": "0",
        "amount": amount,
        "amount_incl": incl,
        "taxes": ["tax:21:False"],
        "price": None,
        "ticket": None,
        "charge": None,
        "quote": None,
        "training": [],
        "credits": None,
        **changes,
    }


def invoice(lines, untaxed, vat, total, **changes):
    taxes = changes.pop("taxes", [tax("21")])
    return {
        "number": "INV/2026/00012",
        "type": "invoice",
        "state": "posted",
        "date": "2026-04-01",
        "due_date": None,
        "posted_at": moment("2026-04-01", 6),
        "language": "en_US",
        "currency": {"code": "EUR", "decimals": 2},
        "company": {
            "name": "Nox Telecom",
            "vat": None,
            "country": "NL",
            "timezone": "Europe/Amsterdam",
            "tax_rounding": "round_globally",
        },
        "customer": {"name": "Bakker", "vat": None, "reference": None},
        "whole_cents": True,
        "reverses": None,
        "taxes": taxes,
        "lines": lines,
        "totals": {
            "untaxed": untaxed,
            "tax": vat,
            "total": total,
            "by_rate": [{"taxes": [taxes[0]["id"]], "base": untaxed, "tax": vat}],
        },
        "early_payment": None,
        **changes,
    }


def price(amount, source="order", **changes):
    return {
        "source": source,
        "product": "Work",
        "unit": "block",
        "price": amount,
        "discount": "0",
        "currency": "EUR",
        "list_price": "20.50",
        "list_currency": "EUR",
        "pricelist": None,
        "rule": None,
        "since": None,
        "set_on": DAY,
        **changes,
    }


def ticket(minutes, **changes):
    entries = [
        {
            "id": n,
            "day": DAY,
            "recorded_at": moment(DAY, 15, n),
            "by": "Anita",
            "minutes": each,
            "reason": None,
        }
        for n, each in enumerate(minutes, 1)
    ]
    return {
        "number": "HT00001",
        "subject": "A change",
        "requested_on": DAY,
        "pbx": "Head office",
        "plan": "plan:standard",
        "plan_period": {"start": "2026-01-01", "end": None},
        "situation": {
            "uses_service_plans": True,
            "about_pbx": True,
            "accepted_on": "2026-01-01",
            "ended_on": None,
        },
        "facts": facts(change_scope="adjustment", work_location="remote"),
        "verdict": {
            "outcome": "billable",
            "table_outcome": "billable",
            "rule": "rest",
            "reason": "Because of rest.",
            "given_at": moment(DAY),
        },
        "overrides": [],
        "estimated_minutes": 0,
        "family": [],
        "entries": entries,
        "released": {
            "minutes": 0,
            "blocks": 0,
            "cap": None,
            "base_invoiced_blocks": 0,
        },
        "quotes": [],
        "worked_minutes": sum(minutes),
        "limit_blocks": 0,
        "billable_blocks": 0,
        "held_minutes": 0,
        "approved_blocks": 0,
        "waivers": [],
        "credited_blocks": 0,
        "billed": [],
        **changes,
    }


def billed(order_id, blocks, line_id, **changes):
    return {
        "document": "INV/2026/00012",
        "type": "invoice",
        "state": "posted",
        "date": "2026-04-01",
        "order": order_id,
        "blocks": blocks,
        "rebill": None,
        "reverses": None,
        "line": line_id,
        **changes,
    }


def sentence(worked, blocks, block=15, more=""):
    return (
        f"HT00001 A change\nWorked: {worked} minutes. Billed here: {blocks} × {block}"
        f" minutes.{more}\nBecause of rest."
    )


def work(minutes, blocks, amount, incl, vat, released, held=0, waived=0, rules=None):
    """An invoice of one ticket without a quote: so many minutes, so many blocks."""
    waivers = {"blocks": waived, "reason": "Ours.", "by": "Carla", "at": moment(DAY)}
    told = ticket(
        minutes,
        released={
            "minutes": released,
            "blocks": blocks + waived,
            "cap": None,
            "base_invoiced_blocks": blocks,
        },
        quotes=["quote:base"],
        limit_blocks=blocks + waived,
        billable_blocks=blocks + waived,
        held_minutes=held,
        waivers=[waivers] if waived else [],
        billed=[billed("quote:base", blocks, "line:1")],
    )
    rules = plan("standard", **(rules or {}))
    base = order("S1", "ticket:1", [order_line(f"{blocks + waived}.00", "20.50")])
    text = sentence(sum(minutes), blocks, rules["block_minutes"])
    own = line(
        1, "work", f"{blocks}.00", "20.50", amount, incl, text=text,
        ticket="ticket:1", quote="quote:base", price="price:1",
    )  # fmt: skip
    return chained(
        [
            ("invoice", "invoice:1", invoice([own], amount, vat, incl)),
            ("plan", "plan:standard", rules),
            ("table", "table:standard", table(TERMS_ROWS["standard"])),
            ("price", "price:1", price("20.50")),
            ("quote", "quote:base", base),
            ("ticket", "ticket:1", told),
        ]
    )


def quoted(base_blocks, quote_blocks, amounts, untaxed, vat, total):
    """20 minutes, then a quote of 4 blocks that is signed, then 55 minutes more."""
    told = ticket(
        [20, 55],
        released={
            "minutes": 20,
            "blocks": 2,
            "cap": {"minutes": 20, "blocks": 2, "last_entry": 1},
            "base_invoiced_blocks": base_blocks,
        },
        quotes=["quote:base", "quote:1"],
        limit_blocks=6,
        billable_blocks=5,
        held_minutes=0,
        approved_blocks=4,
        billed=[
            billed("quote:base", base_blocks, "line:1"),
            billed("quote:1", quote_blocks, "line:2"),
        ],
    )
    told["entries"][0]["recorded_at"] = moment(DAY, 9)
    lines = [
        line(
            n, "work", f"{blocks}.00", "20.50", amount, incl,
            text=sentence(75, blocks), ticket="ticket:1", quote=order_id,
            price="price:1",
        )
        for n, (blocks, order_id, (amount, incl)) in enumerate(
            zip((base_blocks, quote_blocks), ("quote:base", "quote:1"), amounts), 1
        )
    ]  # fmt: skip
    work_line = order_line("4.00", "20.50")
    return chained(
        [
            ("invoice", "invoice:1", invoice(lines, untaxed, vat, total)),
            ("plan", "plan:standard", plan("standard")),
            ("table", "table:standard", table(TERMS_ROWS["standard"])),
            ("price", "price:1", price("20.50")),
            ("quote", "quote:base",
             order("S1", "ticket:1", [order_line("2.00", "20.50")])),
            ("quote", "quote:1", signed_quote("S2", "ticket:1", [work_line], DAY)),
            ("ticket", "ticket:1", told),
        ]
    )  # fmt: skip


def seat(name, first, last=None, replaces=None, charged=True):
    return {
        "seat": name,
        "label": name,
        "first": first,
        "last": last,
        "charged": charged,
        "replaces": replaces,
    }


def users(seats, count, explanation, amount, incl, vat, price_unit="4.50",
          **changes):  # fmt: skip
    """An invoice of the users of March 2026 under one plan period."""
    charge = {
        "pbx": "Head office",
        "month": "2026-03",
        "month_days": 31,
        "revision": 0,
        "period": "period:1",
        "plan": "plan:contract",
        "periods": [
            {
                "id": "period:1",
                "start": "2026-01-01",
                "end": None,
                "policy": changes.pop("policy", "prorated"),
                "price": price_unit,
                "currency": "EUR",
            }
        ],
        "seats": seats,
        "earlier": [],
        "was": "0.00",
        "now": count,
        "quantity": count,
        "price": price_unit,
        "rounding": "0.00",
        "amount": amount,
        "currency": "EUR",
        "explanation": explanation,
        "made_at": moment("2026-04-01", 4),
        **changes,
    }
    own = line(
        1, "users", charge["quantity"], price_unit, amount, incl,
        text=f"Users, Head office\n{explanation}", charge="charge:1", price="price:1",
    )  # fmt: skip
    policy = charge["periods"][0]["policy"]
    return chained(
        [
            ("invoice", "invoice:1", invoice([own], amount, vat, incl)),
            ("plan", "plan:contract", plan("contract", seat_policy=policy)),
            ("table", "table:contract", table(TERMS_ROWS["contract"])),
            ("price", "price:1", price(price_unit, "period")),
            ("charge", "charge:1", charge),
        ]
    )


def goods(lines, untaxed, vat, total, **changes):
    """An invoice of these goods: (quantity, price, discount, amount, incl. VAT)."""
    taxes = changes.get("taxes", [tax("21")])
    own, prices = [], []
    for n, (quantity, unit, discount, amount, incl) in enumerate(lines, 1):
        own.append(
            line(
                n, "goods", quantity, unit, amount, incl, discount=discount,
                taxes=[taxes[0]["id"]], price=f"price:{n}",
            )
        )  # fmt: skip
        ground = price(unit, discount=discount, list_price=None)
        currency = changes.get("currency", {"code": "EUR"})
        prices.append(("price", f"price:{n}", dict(ground, currency=currency["code"])))
    document = invoice(own, untaxed, vat, total, **changes)
    return chained([("invoice", "invoice:1", document), *prices])


def credit(quantity, amount, incl, vat, billed=("3.00", "61.50"), before=("0", "0")):
    """A credit note for a line of an invoice of 3 x 20.50."""
    own = line(1, "goods", quantity, "20.50", amount, incl, credits="line:4")
    reverses = {
        "number": "INV/2026/00009",
        "head": None,
        "rebill": False,
        "lines": [
            {
                "line": "line:1",
                "original": "line:4",
                "quantity": billed[0],
                "amount": billed[1],
                "credited_before": before[0],
                "credited_before_amount": before[1],
            }
        ],
    }
    document = invoice(
        [own], amount, vat, incl, type="credit_note", reverses=reverses,
        number="RINV/2026/00003",
    )  # fmt: skip
    return chained([("invoice", "invoice:1", document)])


def changed(pack, kind, change):
    """The pack with one part changed by a function, its chain made anew."""
    pack = deepcopy(pack)
    for part in pack["parts"]:
        if part["kind"] == kind:
            change(part["content"])
            break
    return chained(
        [(part["kind"], part["id"], part["content"]) for part in pack["parts"]]
    )
