"""The facts of a request, and sets of requests.

The space of requests is small: a few hundred complete ones. So a set of requests is
an integer with a bit for each of them, and what a table says is proven by looking at
all of them.

>>> intersection(WITH, Request()) == ALL
True
>>> len(SCOPES) * intersection(WITH, Request("fault")).bit_count() == len(SPACE)
True
"""

from collections import namedtuple
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, NamedTuple

from .errors import InvalidFact

SCOPES = (
    "adjustment",
    "user_addition",
    "number_addition",
    "hardware",
    "fault",
    "question",
    "other",
)
LOCATIONS = ("remote", "on_site")
FAULT_DOMAINS = ("own", "customer", "third_party")
YES_NO = (True, False)


# ----------------------------------------------------------------------
# THE REGISTRY
# ----------------------------------------------------------------------


class Fact(NamedTuple):
    """What can be known about a request.

    :param values: what it can be; a request has one of them, or None for unknown
    :param wider: conditions of a row that stand for several of them
    """

    values: tuple[object, ...]
    wider: Mapping[str, tuple[object, ...]] = {}


# The facts that a table can ask for, in the order in which people read them. Requests,
# rows of a table and the space of requests are made from these entries; what Odoo adds
# to each (columns, labels, the question to a customer) is in ``models/base/facts.py``.
FACTS = {
    "scope": Fact(SCOPES),
    "location": Fact(LOCATIONS),
    "replaces_user": Fact(YES_NO),
    # Replacement under warranty of hardware that was used normally.
    "warranty": Fact(YES_NO),
    "fault_domain": Fact(FAULT_DOMAINS, {"outside": ("customer", "third_party")}),
}


def _tuple_of_facts(name: str, *first: str) -> Any:
    """A named tuple with a field for each fact, None by itself."""
    return namedtuple(name, (*first, *FACTS), defaults=(None,) * len(FACTS))


class Request(_tuple_of_facts("Request")):  # type: ignore[misc]
    """The facts of a request that a table can ask for; None is unknown.

    As a gap of an audit, None means any value.

    >>> Request("fault", location="remote")._replace(fault_domain="own")[:2]
    ('fault', 'remote')
    """

    __slots__ = ()


class Rule(_tuple_of_facts("Rule", "key", "outcome")):  # type: ignore[misc]
    """A row of a table: the caller's key, the outcome, and a condition on each fact.

    A condition that is None matches anything, a wider one several values:
    ``outside`` is anywhere but our own domain.

    >>> outside = Rule("r", "billable", fault_domain="outside")
    >>> intersection(MATCHING, outside) == ALL & ~WITH["fault_domain"]["own"]
    True
    """

    __slots__ = ()


# ----------------------------------------------------------------------
# SETS OF REQUESTS AS BITS
# ----------------------------------------------------------------------

SPACE: tuple[Request, ...] = tuple(
    Request(*values) for values in product(*(fact.values for fact in FACTS.values()))
)
ALL = (1 << len(SPACE)) - 1


def _bits(requests: Iterable[bool]) -> int:
    return sum(1 << index for index, member in enumerate(requests) if member)


# The requests in which a fact has a value; None stands for any value.
WITH: dict[str, dict[object, int]] = {
    name: {
        **{
            value: _bits(request[index] == value for request in SPACE)
            for value in fact.values
        },
        None: ALL,
    }
    for index, (name, fact) in enumerate(FACTS.items())
}
# The requests that a condition of a row matches: a value, None, or a wider condition.
MATCHING: dict[str, dict[object, int]] = {
    name: {
        **WITH[name],
        **{
            condition: sum(WITH[name][value] for value in values)
            for condition, values in fact.wider.items()
        },
    }
    for name, fact in FACTS.items()
}


def intersection(sets: Mapping[str, Mapping[object, int]], values: object) -> int:
    """The requests that have all the given facts (a Request or a Rule)."""
    found = ALL
    for name, by_value in sets.items():
        value = getattr(values, name)
        try:
            found &= by_value[value]
        except (KeyError, TypeError):
            raise InvalidFact("unknown_value", fact=name, value=value) from None
    return found


def lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


# Every partial request with the complete requests it stands for, widest first.
PARTIAL: list[tuple[int, Request]] = sorted(
    (
        (intersection(WITH, partial), partial)
        for partial in (
            Request(*values)
            for values in product(*((*fact.values, None) for fact in FACTS.values()))
        )
    ),
    key=lambda pair: -pair[0].bit_count(),
)
