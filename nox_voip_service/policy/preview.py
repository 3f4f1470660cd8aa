"""Did a customer's bill say what the preview of the night before said, and if not, why.

A line is known by what it bills: users of a plan period in a month, the work of a
request. Where it differs, the facts behind it are set beside each other; what neither
a fact nor a later event explains is told as unexplained, so that somebody looks.

>>> night = Line("work 7", Decimal(2), Decimal("41.00"), facts={"minutes": 20})
>>> bill = Line("work 7", Decimal(3), Decimal("61.50"), facts={"minutes": 35})
>>> compare([night], [bill])
[Reason(code='minutes', key='work 7', was='20', now='35')]
>>> compare([night], [night])
[]
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

# What can lie behind a line, in the order in which it is told. A digest of users or of
# a period says that they differ, and not how.
FACTS = (
    "users",
    "period",
    "price",
    "verdict",
    "minutes",
    "approved",
    "waived",
    "sold",
    "subject",
)
# What can have happened between the night and the bill.
EVENTS = (
    "no_preview",
    "parked",
    "finished",
    "logged",
    "decided",
    "approved_since",
    "attended",
    "ordered",
    "users_since",
    "period_since",
    "waived_since",
    "withdrawn",
    "edited_since",
)
UNEXPLAINED = "unexplained"
# Lines of one invoice share its cents: another line can move them.
CENTS = Decimal("0.05")


@dataclass(frozen=True)
class Line:
    """A line of the preview or of the bill, excl. VAT.

    :param key: what it bills; empty for a line that somebody added by hand
    :param facts: what it follows from, by the names of :data:`FACTS`
    :param vat: its rates, as "21%"; None where they were not kept
    """

    key: str
    quantity: Decimal
    amount: Decimal
    text: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    vat: str | None = None


class Reason(NamedTuple):
    """Why a line differs.

    :param code: a fact, an event, or one of ``vat``, ``edited``, ``deleted``,
        ``by_hand``, ``reworded``, ``cents``, ``unexplained``
    """

    code: str
    key: str
    was: str = ""
    now: str = ""


def compare(
    stored: Iterable[Line],
    made: Iterable[Line],
    since: Mapping[str, Collection[str]] | None = None,
) -> list[Reason]:
    """Why the bill as the run made it differs from the preview; nothing: it does not.

    :param since: what happened to what a line bills after the preview, by key; for a
        line that is missing also the names of its facts that changed

    Work that was finished after the night, and work that was ready and is missing:

    >>> work = Line("work 7", Decimal(2), Decimal("41.00"))
    >>> compare([], [work], {"work 7": ["finished"]})
    [Reason(code='finished', key='work 7', was='', now='41.00')]
    >>> compare([work], [])
    [Reason(code='unexplained', key='work 7', was='41.00', now='')]

    The same amount with other VAT is another bill:

    >>> taxed = Line("work 7", Decimal(2), Decimal("41.00"), vat="21%")
    >>> shifted = Line("work 7", Decimal(2), Decimal("41.00"), vat="0%")
    >>> compare([taxed], [shifted])
    [Reason(code='vat', key='work 7', was='21%', now='0%')]
    """
    happened = since or {}
    before, after = _by_key(stored), _by_key(made)
    reasons: list[Reason] = []
    for key in [*before, *(key for key in after if key not in before)]:
        own = set(happened.get(key, ()))
        # Of what is missing, the fact that changed says most.
        order = (*EVENTS, *FACTS) if key in after else (*FACTS, *EVENTS)
        events = [code for code in order if code in own]
        reasons += _line_reasons(before.get(key), after.get(key), events)
    if any(reason.code not in (UNEXPLAINED, "cents") for reason in reasons):
        return reasons
    # Cents follow from another line; with none that changed nothing explains them.
    return [
        reason._replace(code=UNEXPLAINED) if reason.code == "cents" else reason
        for reason in reasons
    ]


def edited(made: Iterable[Line], billed: Iterable[Line]) -> list[Reason]:
    """What people changed on the invoice after the run had made it.

    >>> line = Line("work 7", Decimal(2), Decimal("41.00"))
    >>> discount = Line("work 7", Decimal(2), Decimal("36.90"))
    >>> edited([line], [discount, Line("", Decimal(1), Decimal("5.00"), "Cable")])
    [Reason(code='edited', key='work 7', was='41.00', now='36.90'), \
Reason(code='by_hand', key='', was='', now='5.00')]
    >>> edited([line], [])
    [Reason(code='deleted', key='work 7', was='41.00', now='')]
    """
    before, after = _by_key(made), _by_key(billed)
    reasons = []
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        was, now = _amount(old), _amount(new)
        if new is None:
            reasons.append(Reason("deleted", key, was))
        elif old is None:
            reasons.append(Reason("by_hand", key, "", now))
        else:
            if (old.quantity, old.amount) != (new.quantity, new.amount):
                reasons.append(Reason("edited", key, was, now))
            reasons += _other_vat(old, new)
    return reasons


def verdict(reasons: Collection[Reason]) -> str:
    """How a month of a customer stands.

    >>> verdict([]), verdict([Reason("minutes", "work 7")])
    ('equal', 'explained')
    >>> verdict([Reason("minutes", "work 7"), Reason(UNEXPLAINED, "work 8")])
    'unexplained'
    """
    if not reasons:
        return "equal"
    if any(reason.code == UNEXPLAINED for reason in reasons):
        return "unexplained"
    return "explained"


def _line_reasons(
    old: Line | None, new: Line | None, events: Sequence[str]
) -> list[Reason]:
    was, now = _amount(old), _amount(new)
    key = (old or new or Line("", Decimal(0), Decimal(0))).key
    if old is None or new is None:
        if not key:
            return [Reason("by_hand", key, was, now)]
        return [Reason(code, key, was, now) for code in events[:1]] or [
            Reason(UNEXPLAINED, key, was, now)
        ]
    vat = _other_vat(old, new)
    if (old.quantity, old.amount, old.text) == (new.quantity, new.amount, new.text):
        return vat
    changed = [
        Reason(name, key, str(old.facts.get(name, "")), str(new.facts.get(name, "")))
        for name in FACTS
        if old.facts.get(name) != new.facts.get(name)
    ]
    if changed or vat:
        # Where prices have VAT in them, another rate is another amount.
        return changed + vat
    if (old.quantity, old.amount) == (new.quantity, new.amount):
        return [Reason("reworded", key, old.text, new.text)]
    if events:
        return [Reason(events[0], key, was, now)]
    if old.quantity == new.quantity and abs(old.amount - new.amount) <= CENTS:
        return [Reason("cents", key, was, now)]
    return [Reason(UNEXPLAINED, key, was, now)]


def _by_key(lines: Iterable[Line]) -> dict[str, Line]:
    """Lines that bill the same, as one."""
    found: dict[str, Line] = {}
    for line in lines:
        first = found.get(line.key)
        found[line.key] = (
            line
            if first is None
            else Line(
                line.key,
                first.quantity + line.quantity,
                first.amount + line.amount,
                first.text,
                first.facts,
                _joined(first.vat, line.vat),
            )
        )
    return found


def _joined(first: str | None, second: str | None) -> str | None:
    """
    >>> _joined("21%", "21%"), _joined("21%", "0%"), _joined("21%", None)
    ('21%', '0%, 21%', None)
    """
    if first is None or second is None:
        return None
    return ", ".join(sorted({*first.split(", "), *second.split(", ")}))


def _other_vat(old: Line, new: Line) -> list[Reason]:
    if old.vat is None or new.vat is None or old.vat == new.vat:
        return []
    return [Reason("vat", new.key, old.vat, new.vat)]


def _amount(line: Line | None) -> str:
    return "" if line is None else str(line.amount)
