"""The facts of a request, and sets of requests.

The space of requests is small: 168 complete ones. So a set of requests is an
integer with a bit for each of them, and what a table says is proven by looking at
all of them.

>>> intersection(WITH, Request()) == ALL
True
>>> intersection(WITH, Request("fault", "remote")).bit_count()
12
"""

from collections.abc import Hashable, Iterable, Mapping
from itertools import product
from typing import NamedTuple

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


class Request(NamedTuple):
    """The facts of a request that a table can ask for; None is unknown.

    ``warranty`` means: replacement under warranty of hardware that was used
    normally. As a gap of an audit, None means any value.
    """

    scope: str | None = None
    location: str | None = None
    replaces_user: bool | None = None
    warranty: bool | None = None
    fault_domain: str | None = None


class Rule(NamedTuple):
    """A row of a table: the caller's key, the outcome, and the conditions.

    A condition that is None matches anything; ``fault_domain`` may also be
    ``outside``: anywhere but our own domain.
    """

    key: Hashable
    outcome: str
    scope: str | None = None
    location: str | None = None
    replaces_user: bool | None = None
    warranty: bool | None = None
    fault_domain: str | None = None


# ----------------------------------------------------------------------
# SETS OF REQUESTS AS BITS
# ----------------------------------------------------------------------

FACTS: dict[str, tuple[object, ...]] = {
    "scope": SCOPES,
    "location": LOCATIONS,
    "replaces_user": (True, False),
    "warranty": (True, False),
    "fault_domain": FAULT_DOMAINS,
}
SPACE: tuple[Request, ...] = tuple(
    Request(*facts)  # type: ignore[arg-type]
    for facts in product(*FACTS.values())
)
ALL = (1 << len(SPACE)) - 1


def _bits(requests: Iterable[bool]) -> int:
    return sum(1 << place for place, member in enumerate(requests) if member)


# The requests in which a fact has a value; None stands for any value.
WITH: dict[str, dict[object, int]] = {
    name: {
        **{
            value: _bits(request[place] == value for request in SPACE)
            for value in values
        },
        None: ALL,
    }
    for place, (name, values) in enumerate(FACTS.items())
}
MATCHING = {
    **WITH,
    "fault_domain": {
        **WITH["fault_domain"],
        "outside": ALL & ~WITH["fault_domain"]["own"],
    },
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
            Request(*facts)  # type: ignore[arg-type]
            for facts in product(*((*values, None) for values in FACTS.values()))
        )
    ),
    key=lambda pair: -pair[0].bit_count(),
)
