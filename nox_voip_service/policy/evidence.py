"""The evidence pack of an invoice: parts in a chain.

Each part says what it is, its id and its content; its SHA-256 covers them and the
hash of the part before it, so that a part that is changed, taken out or moved shows:

>>> made = pack([Part("invoice", "invoice:1", {"total": "41.00"}),
...              Part("ticket", "ticket:HT1", {"minutes": 20})])
>>> broken(made) is None, made["head"] == made["parts"][1]["sha256"]
(True, True)
>>> made["parts"][0]["content"]["total"] = "14.00"
>>> broken(made)
0

The head anchors the whole: who knows it knows the pack.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from .canonical import canonical, digest

FORMAT, VERSION, CHAIN = "nox-evidence", 1, "sha256"
# The parts of a pack, in the order in which they stand.
KINDS = (
    "invoice",
    "plan",
    "table",
    "price",
    "quote",
    "ticket",
    "charge",
    "training",
    "note",
)
NOTHING_BEFORE = "0" * 64


class Part(NamedTuple):
    """What a pack says of one thing.

    :param kind: one of ``KINDS``
    :param id: unique in the pack
    :param content: plain data; figures that are not whole are text
    """

    kind: str
    id: str
    content: Mapping[str, Any]


def link(previous: str, part: Part) -> str:
    """The hash of a part that follows another."""
    return digest(f"{previous}\n{canonical(part._asdict())}")


def pack(parts: Iterable[Part]) -> dict[str, Any]:
    """The pack of these parts, in the order of their kinds."""
    chained: list[dict[str, Any]] = []
    previous = NOTHING_BEFORE
    for part in sorted(parts, key=lambda each: KINDS.index(each.kind)):
        sha256 = link(previous, part)
        chained.append({**part._asdict(), "previous": previous, "sha256": sha256})
        previous = sha256
    return {
        "format": FORMAT,
        "version": VERSION,
        "chain": CHAIN,
        "parts": chained,
        "head": previous,
    }


def broken(found: Mapping[str, Any]) -> int | None:
    """The first part that is not what was chained; None: the chain holds.

    One more than there are parts when the head is not that of the last one.
    """
    previous = NOTHING_BEFORE
    for index, each in enumerate(found["parts"]):
        part = Part(each["kind"], each["id"], each["content"])
        if each["previous"] != previous or each["sha256"] != link(previous, part):
            return index
        previous = each["sha256"]
    return None if found["head"] == previous else len(found["parts"]) + 1


# ----------------------------------------------------------------------
# FIGURES
# ----------------------------------------------------------------------


def decimal_text(value: float | Decimal, least: int = 2) -> str:
    """A figure as exact text: as many decimals as it has, at least so many.

    >>> decimal_text(20.5), decimal_text(2.0), decimal_text(0.123456)
    ('20.50', '2.00', '0.123456')
    >>> decimal_text(18.450000000000003), decimal_text(-0.0), decimal_text(21.0, 0)
    ('18.45', '0.00', '21')
    """
    exact = round(Decimal(str(value)), 10)
    if not exact:
        exact = Decimal(0)
    text = f"{exact:f}"
    whole, _dot, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole


def money_text(amount: float | Decimal, decimals: int) -> str:
    """An amount in its currency's decimals, half a unit away from zero.

    >>> money_text(41, 2), money_text(-0.004, 2), money_text(5.5, 0)
    ('41.00', '0.00', '6')
    """
    unit = Decimal(1).scaleb(-decimals)
    found = Decimal(str(amount)).quantize(unit, "ROUND_HALF_UP")
    return f"{found if found else abs(found):f}"
