"""The books of the time: where every worked minute ends.

A minute is in exactly one state. Invoiced, due and waived blocks pay for the first
minutes of a ticket, in that order, as :func:`timeblocks.minutes_paid_for` says; what is
above the limit is held; what the verdict does not bill is covered, part of the
delivery or not applicable. The states of an entry add up to its minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .timeblocks import BlockPolicy, Entry, capacity, groups, started_blocks

STATES = (
    "invoiced",
    "to_invoice",
    "not_finished",
    "held",
    "waived",
    "covered",
    "delivery",
    "not_applicable",
    "no_ticket",
    "difference",
)


@dataclass(frozen=True)
class Figures:
    """What a ticket says of its time, in blocks.

    :param coverage: its verdict; None: time on no ticket
    :param finished: its work is ready for the invoice
    :param dropped_waived: a coordinator dropped it without a verdict, and waived it
    :param limit: released and approved
    :param policy: how its plan rounds; None: it has no plan
    """

    coverage: str | None = "billable"
    finished: bool = True
    dropped_waived: bool = False
    invoiced: int = 0
    to_invoice: int = 0
    waived: int = 0
    limit: int = 0
    policy: BlockPolicy | None = field(default_factory=BlockPolicy)


def paid_minutes(
    entries: Sequence[Entry], paid_blocks: int, policy: BlockPolicy
) -> list[int]:
    """Minutes of each entry that so many blocks pay for: the first of each group.

    >>> from datetime import date
    >>> day = date(2026, 3, 2)
    >>> paid_minutes([Entry(day, 20), Entry(day, 20)], 2, BlockPolicy())
    [20, 10]
    """
    paid, remaining = [], paid_blocks
    for group in groups(entries, policy):
        room = capacity(remaining, policy)
        for minutes in group:
            paid.append(max(0, min(minutes, room)))
            room -= minutes
        remaining -= started_blocks(sum(group), policy)
    return paid


def shares(entries: Sequence[Entry], figures: Figures) -> list[dict[str, int]]:
    """The minutes of each entry of one ticket, by state; zeros left out.

    Two of three blocks are invoiced, the third waits for its invoice, and 5 minutes
    are above the limit:

    >>> from datetime import date
    >>> day = date(2026, 3, 2)
    >>> shares([Entry(day, 20), Entry(day, 30)], Figures(invoiced=2, to_invoice=1,
    ...                                                  limit=3))
    [{'invoiced': 20}, {'invoiced': 10, 'to_invoice': 15, 'held': 5}]

    Within the limit, and neither invoiced, due nor waived: money that leaked away.

    >>> shares([Entry(day, 20)], Figures(invoiced=1, limit=2))
    [{'invoiced': 15, 'difference': 5}]
    """
    state = _whole_state(figures)
    policy = figures.policy
    if state or policy is None:
        return [_without_zeros({state or "difference": e.minutes}) for e in entries]
    if figures.coverage == "undecided":
        steps = [("not_finished", figures.limit)]
    else:
        due = "to_invoice" if figures.finished else "not_finished"
        invoiced = max(0, figures.invoiced)
        to_invoice = invoiced + figures.to_invoice
        steps = [
            ("invoiced", invoiced),
            (due, to_invoice),
            ("waived", to_invoice + figures.waived),
            ("difference", figures.limit),
        ]
    shares = [dict.fromkeys(STATES, 0) for _entry in entries]
    before = [0] * len(entries)
    for name, paid_blocks in steps:
        for index, minutes in enumerate(paid_minutes(entries, paid_blocks, policy)):
            shares[index][name] += max(0, minutes - before[index])
            before[index] = max(before[index], minutes)
    for index, entry in enumerate(entries):
        shares[index]["held"] = entry.minutes - before[index]
    return [_without_zeros(share) for share in shares]


def _whole_state(figures: Figures) -> str | None:
    """The one state of a ticket whose blocks do not matter; None: they do."""
    if figures.coverage is None:
        return "no_ticket"
    if figures.coverage in ("covered", "delivery", "not_applicable"):
        return figures.coverage
    if figures.coverage == "undecided":
        if figures.dropped_waived:
            return "waived"
        if figures.policy is None:
            return "not_finished"
    return None


def _without_zeros(share: dict[str, int]) -> dict[str, int]:
    return {state: minutes for state, minutes in share.items() if minutes}
