"""Requests of the past under another decision table, and under the same one again.

A *replay* under a draft says which verdicts it would change and what that is worth. A
replay under the rules by which each verdict was given changes nothing: a difference
there means that a rule or a fact moved after the verdict.

>>> from odoo.addons.nox_voip_service.policy.advice import flat
>>> from odoo.addons.nox_voip_service.policy.coverage import Rule
>>> from odoo.addons.nox_voip_service.policy.reconcile import EURO
>>> from odoo.addons.nox_voip_service.policy.timeblocks import Entry
>>> day = date(2026, 3, 2)
>>> work = Work(1, day, Request("number_addition", "remote"), (Entry(day, 20),))
>>> draft = Table([Rule("numbers", "covered", scope="number_addition")])
>>> changes([(work, "billable")], draft, LimitPolicy(), flat(Decimal("20.50")), EURO)
... # doctest: +NORMALIZE_WHITESPACE
[Change(key=1, old='billable', new='covered', rule_key='numbers', blocks=-2,
        amount=Decimal('-41.00'))]
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .advice import Work, work_blocks
from .coverage import Table, Verdict, decide
from .facts import FACTS, WITH, Request
from .limit import LimitPolicy
from .reconcile import Currency

# What a table alone can say; a verdict for another reason is not replayed.
BY_TABLE = ("rule", "missing_facts", "no_rule")


class Change(NamedTuple):
    """A verdict that another table would change.

    :param old: the verdict that was given
    :param rule_key: row of the other table; None where it leaves the request undecided
    :param blocks: more blocks billed, negative where fewer; every quote counts as
        approved
    :param amount: of these blocks, excl. VAT
    """

    key: Hashable
    old: str
    new: str
    rule_key: Hashable
    blocks: int
    amount: Decimal


def changes(
    verdicts: Iterable[tuple[Work, str]],
    table: Table,
    limit: LimitPolicy,
    block_price: Callable[[date, int], Decimal],
    currency: Currency,
) -> list[Change]:
    """The verdicts that a table would change, in order.

    :param verdicts: (request, verdict that was given); those given by hand are left
        out, for people decide them again
    :param limit: of the plan, whose time rules stay
    """
    pairs = list(verdicts)
    decisions = [decide(table, work.request) for work, _old in pairs]
    if all(
        decision.outcome == old
        for decision, (_work, old) in zip(decisions, pairs, strict=True)
    ):
        return []
    blocks = work_blocks((work for work, _old in pairs), limit)
    changed = []
    for decision, (work, old) in zip(decisions, pairs, strict=True):
        new = decision.outcome
        if new == old:
            continue
        count = blocks[work.key]
        more = count * ((new == "billable") - (old == "billable"))
        changed.append(
            Change(
                work.key,
                old,
                new,
                decision.rule_key,
                more,
                currency.round(more * block_price(work.day, count)),
            )
        )
    return changed


class Otherwise(NamedTuple):
    """Requests that one table decides by one row, and another table by another.

    :param facts: what all of them have in common
    :param old: the row of the first table; None: no row
    :param old_outcome: ``covered``, ``billable`` or ``undecided``
    """

    facts: Request
    old: Hashable
    new: Hashable
    old_outcome: str
    new_outcome: str


def decided_otherwise(old: Table, new: Table) -> list[Otherwise]:
    """What another table decides by another row, over all requests there can be; the
    caller knows whether two rows say the same.

    >>> from odoo.addons.nox_voip_service.policy.coverage import Rule
    >>> old = Table([Rule("here", "covered", location="remote"), Rule("x", "billable")])
    >>> new = Table([Rule("number", "billable", scope="number_addition"), *old.rules])
    >>> [(each.facts.scope, each.facts.location, each.old, each.new, each.new_outcome)
    ...  for each in decided_otherwise(old, new)] # doctest: +NORMALIZE_WHITESPACE
    [('number_addition', 'remote', 'here', 'number', 'billable'),
     ('number_addition', 'on_site', 'x', 'number', 'billable')]
    >>> decided_otherwise(old, old)
    []
    """
    otherwise = []
    for old_key, old_outcome, before in _parts(old):
        for new_key, new_outcome, after in _parts(new):
            both = before & after
            if both and (old_key, old_outcome) != (new_key, new_outcome):
                otherwise.append(
                    Otherwise(_common(both), old_key, new_key, old_outcome, new_outcome)
                )
    return otherwise


def _parts(table: Table) -> Iterable[tuple[Hashable, str, int]]:
    """Each row with the requests that it decides, and those that no row does."""
    for rule, requests in zip(table.rules, table.decides, strict=True):
        yield rule.key, rule.outcome, requests
    yield None, "undecided", table.unanswered


def _common(requests: int) -> Request:
    """The facts that all these requests have."""
    return Request(
        **{
            name: values[0]
            for name, fact in FACTS.items()
            if len(
                values := [each for each in fact.values if requests & WITH[name][each]]
            )
            == 1
        }
    )


def differs(
    stored: str, stored_rule: Hashable, replayed: Verdict, *, by_hand: bool = False
) -> bool:
    """Does a verdict differ from what the same rules say now?

    :param stored_rule: the row that decided; None where it is gone, which is no
        difference in what it said
    :param by_hand: somebody gave the verdict; the row that would have decided is kept
        beside it

    >>> replayed = Verdict("billable", "rule", 7)
    >>> differs("billable", 7, replayed), differs("covered", 7, replayed)
    (False, True)
    >>> differs("billable", 8, replayed), differs("billable", None, replayed)
    (True, False)
    >>> differs("covered", 7, replayed, by_hand=True)
    False
    >>> differs("delivery", None, Verdict("delivery", "delivery"))
    False
    """
    if replayed.code not in BY_TABLE:
        return False
    if not by_hand and stored != replayed.coverage:
        return True
    return stored_rule is not None and stored_rule != replayed.rule_key
