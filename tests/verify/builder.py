"""Evidence packs made by hand, and by chance, for the tests of the verifier.

What a pack says is worked out here by counting: minute by minute, day by day, in
fractions. Nothing is imported from the verifier, nor from the addon.
"""

import hashlib
import json
from datetime import date, timedelta
from fractions import Fraction
from math import floor

# The month that is billed, and the day on which it is.
MONTH = date(2026, 3, 1)
INVOICED = date(2026, 4, 1)
KINDS = "invoice plan table price quote ticket charge training note".split()


def text_of(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def copied(pack):
    """A copy that shares nothing with the pack, in a fifth of deepcopy's time."""
    return json.loads(json.dumps(pack))


def chained(parts):
    """A pack of these (kind, id, content), with the chain as the format says it."""
    parts = sorted(parts, key=lambda part: KINDS.index(part[0]))
    return rechained(
        {
            "format": "nox-evidence",
            "version": 1,
            "chain": "sha256",
            "parts": [
                {"kind": kind, "id": id_, "content": content}
                for kind, id_, content in parts
            ],
            "head": "",
        }
    )


def rechained(pack):
    """The same pack with the chain made anew, as a forger would."""
    pack, link = copied(pack), "0" * 64
    for part in pack["parts"]:
        own = {name: part[name] for name in ("kind", "id", "content")}
        part["previous"] = link
        link = hashlib.sha256(f"{link}\n{text_of(own)}".encode()).hexdigest()
        part["sha256"] = link
    pack["head"] = link
    return pack


def cents(amount, decimals):
    """A fraction in the cents of a currency; half a cent away from zero."""
    scaled = abs(Fraction(amount)) * 10**decimals
    whole = floor(scaled + Fraction(1, 2))
    return Fraction(-whole if amount < 0 else whole, 10**decimals)


def decimal(amount, decimals=2):
    """A fraction as a decimal text, exactly."""
    scaled = Fraction(amount) * 10**decimals
    assert scaled.denominator == 1, amount
    digits = f"{abs(scaled.numerator):0{decimals + 1}d}"
    sign = "-" if amount < 0 else ""
    if not decimals:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def starts_block(minute, block, grace):
    """Whether a block is billed from this minute on, the first being 0: the first
    minute of all, and of each next block the first after the grace."""
    return minute == 0 or minute >= block and minute % block == grace


def blocks_by_minute(minutes, block, grace):
    """Started blocks, by walking through the minutes."""
    return sum(starts_block(minute, block, grace) for minute in range(minutes))


def blocks_of(entries, plan):
    """Entries are (day, minutes)."""
    groups = {}
    for n, (day, minutes) in enumerate(entries):
        key = {"ticket": 0, "day": day, "entry": n}[plan["rounding_scope"]]
        groups[key] = groups.get(key, 0) + minutes
    return sum(
        blocks_by_minute(minutes, plan["block_minutes"], plan["grace_minutes"])
        for minutes in groups.values()
    )


def held_of(entries, limit, plan):
    """Minutes above so many blocks, minute by minute from the first on."""
    minutes = [(day, n) for n, (day, count) in enumerate(entries) for _ in range(count)]
    kept, groups, used = 0, {}, 0
    for day, n in minutes:
        key = {"ticket": 0, "day": day, "entry": n}[plan["rounding_scope"]]
        at = groups.get(key, 0)
        used += starts_block(at, plan["block_minutes"], plan["grace_minutes"])
        if used > limit:
            break
        groups[key] = at + 1
        kept += 1
    return len(minutes) - kept


def first(entries, minutes):
    """The first so many minutes of (day, minutes)."""
    found = []
    for day, count in entries:
        part = min(count, minutes)
        minutes -= part
        if part:
            found.append((day, part))
    return found


def days_of(first_day, last_day):
    count = (last_day - first_day).days + 1
    return [first_day + timedelta(days=n) for n in range(count)]


def last_of_month(day):
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def users_on(day, seats):
    """Charged users on a day; a successor and whom he replaces are one on his first
    day."""
    there = {
        seat["seat"]: seat
        for seat in seats
        if seat["charged"]
        and seat["first"] <= str(day)
        and (seat["last"] is None or str(day) <= seat["last"])
    }
    doubled = {
        seat["replaces"]
        for seat in there.values()
        if seat["replaces"] in there and seat["first"] == str(day)
    }
    return len(there) - len(doubled)


TERMS_ROWS = {
    "standard": [
        ("own", "covered", {"change_scope": "fault", "work_location": "remote",
                            "fault_domain": "own"}),
        ("rest", "billable", {}),
    ],
    "contract": [
        ("site", "billable", {"work_location": "on_site"}),
        ("elsewhere", "billable", {"change_scope": "fault", "fault_domain": "outside"}),
        ("extra", "billable", {"change_scope": "user_addition",
                               "replaces_user": False}),
        ("number", "billable", {"change_scope": "number_addition"}),
        ("device", "billable", {"change_scope": "hardware", "warranty": False}),
        ("change", "covered", {"change_scope": "adjustment"}),
        ("question", "covered", {"change_scope": "question"}),
        ("successor", "covered", {"change_scope": "user_addition",
                                  "replaces_user": True}),
        ("warranty", "covered", {"change_scope": "hardware", "warranty": True}),
        ("fault", "covered", {"change_scope": "fault", "fault_domain": "own"}),
    ],
}  # fmt: skip
FACTS = ("change_scope", "work_location", "replaces_user", "warranty", "fault_domain")


def facts(**known):
    return {name: known.get(name) for name in FACTS}


def table(rows):
    return {
        "rows": [
            {
                "key": key,
                "position": n,
                "name": key.title(),
                "conditions": facts(**conditions),
                "outcome": outcome,
                "clause": f"clause of {key}",
                "reason": f"Because of {key}.",
            }
            for n, (key, outcome, conditions) in enumerate(rows, 1)
        ]
    }


def plan(name="standard", **changes):
    return {
        "code": name,
        "name": name.title(),
        "edition": hashlib.sha256(name.encode()).hexdigest(),
        "block_minutes": 15,
        "grace_minutes": 0,
        "rounding_scope": "ticket",
        "quote_threshold_minutes": 60,
        "warn_minutes": 45,
        "quote_billing": "actual_capped",
        "seat_policy": "prorated",
        "requires_certified_admin": False,
        "table": f"table:{name}",
        **changes,
    }


def tax(percent="21", included=False):
    return {
        "id": f"tax:{percent}:{included}",
        "name": f"{percent}%",
        "type": "percent",
        "rate": percent,
        "price_include": included,
        "category": None,
    }


def moment(day, hour=9, minute=0):
    return f"{day}T{hour:02d}:{minute:02d}:00Z"


def order_line(quantity, price, is_work=True, discount="0"):
    amount = cents(
        Fraction(quantity) * Fraction(price) * (100 - Fraction(discount)) / 100,
        len(price.partition(".")[2]),
    )
    return {
        "id": "order-line:1",
        "is_work": is_work,
        "product": "Work",
        "text": "Work",
        "quantity": quantity,
        "price_unit": price,
        "discount": discount,
        "amount": decimal(amount, len(price.partition(".")[2])),
    }


def order(number, ticket, lines, kind="base", **changes):
    amounts = [each["amount"] for each in lines]
    places = max((len(each.partition(".")[2]) for each in amounts), default=2)
    untaxed = decimal(sum(map(Fraction, amounts)), places)
    return {
        "number": number,
        "ticket": ticket,
        "kind": kind,
        "approval_order": None,
        "blocks": int(sum(Fraction(e["quantity"]) for e in lines if e["is_work"])),
        "lines": lines,
        "untaxed": untaxed,
        "total": untaxed,
        "valid_until": None,
        "made_at": moment("2026-03-01", 7),
        "sent_at": None,
        "content_hash": None,
        "content_text": None,
        "state": "approved",
        "approved_by": None,
        "approved_at": None,
        "signed_at": None,
        "grade": None,
        "signature_sha256": None,
        "proof_sha256": [],
        "decline_reason": None,
        **changes,
    }


def signed_quote(number, ticket, lines, day, currency="EUR", **changes):
    """A quote as it was sent and signed: what was hashed goes along as it was."""
    quote = order(number, ticket, lines, "quote")
    text = json.dumps(
        {
            "partner": 7,
            "currency": currency,
            "validity": "2026-12-31",
            "lines": [
                [1, each["text"], float(each["quantity"]), 1, float(each["price_unit"]),
                 float(each["discount"]), [3]]
                for each in lines
            ],
            "total": float(quote["total"]),
        },
        sort_keys=True,
    )  # fmt: skip
    return {
        **quote,
        "approval_order": 1,
        "valid_until": "2026-12-31",
        "made_at": moment(day, 12),
        "sent_at": moment(day, 13),
        "content_hash": hashlib.sha256(text.encode()).hexdigest(),
        "content_text": text,
        "approved_by": "P. Bakker",
        "approved_at": moment(day, 14),
        "signed_at": moment(day, 14),
        "grade": "login",
        "signature_sha256": hashlib.sha256(number.encode()).hexdigest(),
        **changes,
    }
