"""Is this request covered, and which row of the plan says so?

A plan's decision table is an ordered list of rows; the first row that matches a
request decides. A fact of a request may be unknown (None). Then the verdict is the
set of outcomes over every way of filling in what is unknown: one outcome, that is
the verdict; several, or one without a row, and the request is undecided. So new
kinds of work are never silently free, nor silently billed, and learning a fact can
only settle a verdict, never turn it over.

>>> table = Table([
...     Rule("on_site", "billable", location="on_site"),
...     Rule("extra", "billable", scope="user_addition", replaces_user=False),
...     Rule("replaced", "covered", scope="user_addition", replaces_user=True),
... ])
>>> decide(table, Request("user_addition", "remote"))[:3]
('undecided', None, ('replaces_user',))
>>> decide(table, Request("user_addition", "remote", replaces_user=True)).outcome
'covered'
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from .errors import InvalidFact
from .facts import (
    ALL,
    FACTS,
    FAULT_DOMAINS,
    LOCATIONS,
    MATCHING,
    PARTIAL,
    SCOPES,
    WITH,
    Request,
    Rule,
    intersection,
    lowest,
)

__all__ = [
    "FAULT_DOMAINS",
    "LOCATIONS",
    "OUTCOMES",
    "SCOPES",
    "Audit",
    "Decision",
    "Gap",
    "Request",
    "Rule",
    "Situation",
    "Table",
    "Verdict",
    "audit",
    "decide",
    "facts_that_matter",
    "joint_outcomes",
    "verdict",
]

OUTCOMES = ("covered", "billable")
# A gap of an audit: a partial request, None standing for any value.
Gap = Request


class Decision(NamedTuple):
    """What a table says of a request.

    :param outcome: ``covered``, ``billable`` or ``undecided``
    :param rule_key: the deciding row; when unknown facts leave several with one
        outcome, the first whose reason is true whatever they turn out to be, or
        else the first; None when undecided
    :param missing: the facts that would settle it, one by one or together
    :param uncovered: some way of filling in the unknowns meets no row at all
    """

    outcome: str
    rule_key: Hashable
    missing: tuple[str, ...]
    uncovered: bool


class Audit(NamedTuple):
    """The proof of a table: what no row answers, which rows can never decide, and
    which pairs of rows disagree about a request without one being an exception of
    the other. A table is complete when there are no gaps."""

    gaps: tuple[Gap, ...]
    unreachable: tuple[Hashable, ...]
    contradictions: tuple[tuple[Hashable, Hashable], ...]


# ----------------------------------------------------------------------
# DECIDE
# ----------------------------------------------------------------------


class Table:
    """A decision table, compiled: each row with the requests that it decides.

    Build it once and keep it: ``decide`` remembers every answer.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules: tuple[Rule, ...] = tuple(rules)
        self.matches: list[int] = []
        # The requests that reach a row and match it.
        self.decides: list[int] = []
        self.by_outcome: dict[str, int] = dict.fromkeys(OUTCOMES, 0)
        self.unanswered: int = ALL
        self._known: dict[Request, Decision] = {}
        for rule in self.rules:
            if rule.outcome not in OUTCOMES:
                raise InvalidFact("unknown_value", fact="outcome", value=rule.outcome)
            matches = intersection(MATCHING, rule)
            self.matches.append(matches)
            self.decides.append(matches & self.unanswered)
            self.by_outcome[rule.outcome] |= matches & self.unanswered
            self.unanswered &= ~matches

    def decision(self, request: Request) -> Decision:
        """Work out the answer to one request, known facts and unknown ones."""
        possible = intersection(WITH, request)
        uncovered = bool(possible & self.unanswered)
        outcomes = [name for name in OUTCOMES if possible & self.by_outcome[name]]
        if len(outcomes) == 1 and not uncovered:
            key = self._deciding(possible).key
            return Decision(outcomes[0], key, (), False)
        missing = tuple(
            name
            for name in FACTS
            if getattr(request, name) is None and self._depends_on(name, possible)
        )
        return Decision("undecided", None, missing, uncovered)

    def _deciding(self, possible: int) -> Rule:
        """The row to name for requests that all have one outcome."""
        rows = [i for i, decides in enumerate(self.decides) if possible & decides]
        true = [i for i in rows if not possible & ~self.matches[i]]
        return self.rules[(true or rows)[0]]

    def _depends_on(self, name: str, possible: int) -> bool:
        """Is there a pair of requests that differ only in this fact, and whose
        outcome differs?"""
        by_value = [possible & WITH[name][value] for value in FACTS[name].values]
        first = lowest(by_value[0])
        return any(
            # Shifted onto the requests with the first value, the rest being equal.
            (answers & members) >> (lowest(members) - first) != answers & by_value[0]
            for members in by_value[1:]
            for answers in (*self.by_outcome.values(), self.unanswered)
        )


def decide(table: Table, request: Request) -> Decision:
    """The verdict of a table on a request (see the module's text)."""
    known = table._known
    if request not in known:
        known[request] = table.decision(request)
    return known[request]


def joint_outcomes(
    tables: Iterable[Table], request: Request
) -> frozenset[tuple[str, ...]]:
    """What several tables say of one request, over every way of filling in what is
    unknown: the same way for all of them. ``undecided`` is where no row answers.

    >>> on_site = Table([Rule("away", "billable", location="on_site"),
    ...                  Rule("here", "covered")])
    >>> everything = Table([Rule("all", "billable")])
    >>> sorted(joint_outcomes([on_site, everything], Request("fault")))
    [('billable', 'billable'), ('covered', 'billable')]
    >>> joint_outcomes([Table([])], Request("fault", "remote"))
    frozenset({('undecided',)})
    """
    requests_by_answers: dict[tuple[str, ...], int] = {(): intersection(WITH, request)}
    for table in tables:
        answers = {**table.by_outcome, "undecided": table.unanswered}
        requests_by_answers = {
            (*before, name): both
            for before, possible in requests_by_answers.items()
            for name, answered in answers.items()
            if (both := possible & answered)
        }
    return frozenset(requests_by_answers)


def facts_that_matter(
    table: Table, kind: Request, answers: Request, askable: Iterable[str]
) -> tuple[str, ...]:
    """The questions to put to a customer, in order: each fact on which the verdict
    still hangs after the answers to the questions before it.

    :param kind: what the chosen kind of change tells by itself
    :param answers: what the customer answered so far; None for not (yet)
    :param askable: the facts that a customer can know, in order of asking

    A fact that the kind tells is not asked, one that can change nothing neither.

    >>> table = Table([
    ...     Rule("on_site", "billable", location="on_site"),
    ...     Rule("extra", "billable", scope="user_addition", replaces_user=False),
    ...     Rule("replaced", "covered", scope="user_addition", replaces_user=True),
    ... ])
    >>> facts_that_matter(table, Request("user_addition"), Request(location="remote"),
    ...                   ("location", "replaces_user", "warranty"))
    ('location', 'replaces_user')
    >>> facts_that_matter(table, Request("user_addition"), Request(location="on_site"),
    ...                   ("location", "replaces_user", "warranty"))
    ('location',)
    """
    asked = []
    known = kind
    for name in askable:
        if name in decide(table, known).missing:
            asked.append(name)
            known = known._replace(**{name: getattr(answers, name)})
    return tuple(asked)


# ----------------------------------------------------------------------
# AUDIT
# ----------------------------------------------------------------------


def audit(rules: Iterable[Rule]) -> Audit:
    """Prove a table over the whole space of requests.

    A row that contradicts another is one with another outcome, that meets it on
    requests which no row above both decides, where neither is an exception of the
    other: which one wins then hangs on their order alone.

    >>> audit([Rule("a", "covered", location="remote"), Rule("b", "billable")])
    Audit(gaps=(), unreachable=(), contradictions=())
    >>> audit([Rule("all", "billable"), Rule("late", "covered")]).unreachable
    ('late',)
    >>> audit([Rule("remote", "covered", location="remote")]).gaps[0].location
    'on_site'
    """
    table = Table(rules)
    return Audit(
        gaps=tuple(_summarised(table.unanswered)),
        unreachable=tuple(
            rule.key
            for rule, decides in zip(table.rules, table.decides, strict=True)
            if not decides
        ),
        contradictions=tuple(_contradictions(table)),
    )


def _contradictions(table: Table) -> Iterable[tuple[Hashable, Hashable]]:
    for index, rule in enumerate(table.rules):
        mine = table.matches[index]
        for later in range(index + 1, len(table.rules)):
            other = table.matches[later]
            if (
                rule.outcome != table.rules[later].outcome
                and table.decides[index] & other
                and mine & other not in (mine, other)
            ):
                yield rule.key, table.rules[later].key


def _summarised(requests: int) -> list[Request]:
    """A set of requests as few partial requests, each wholly inside the set."""
    inside = [pair for pair in PARTIAL if not pair[0] & ~requests]
    partials: list[Request] = []
    while requests:
        members, partial = max(
            inside, key=lambda pair: (pair[0] & requests).bit_count()
        )
        partials.append(partial)
        requests &= ~members
    return partials


# ----------------------------------------------------------------------
# VERDICT
# ----------------------------------------------------------------------


@dataclass(frozen=True)
class Situation:
    """All that a verdict on a ticket looks at: the request and what it stands in.

    :param requested_on: day of the request in the company's time zone
    :param accepted_on: day on which the PBX's delivery was accepted, if it was
    :param ended_on: last day of the service, if it ends
    :param later_plan_start: start of a plan with other coverage that begins only
        after the request, so that the reason can say from when
    """

    requested_on: date
    request: Request = field(default_factory=Request)
    uses_service_plans: bool = True
    about_pbx: bool = True
    has_pbx: bool = True
    accepted_on: date | None = None
    ended_on: date | None = None
    later_plan_start: date | None = None


@dataclass(frozen=True)
class Verdict:
    """The answer for a ticket, with what its reason needs.

    :param coverage: ``undecided``, ``covered``, ``billable``, ``delivery`` or
        ``not_applicable``
    :param code: which reason: ``rule`` (the text of the row ``rule_key``),
        ``missing_facts``, ``no_rule``, ``no_plan``, ``no_pbx``, ``pbx_ended``,
        ``delivery``, ``not_about_pbx`` or ``team_without_plans``
    :param missing: facts to ask for
    :param params: dates for the sentence: ``accepted_on``, ``ended_on``,
        ``later_plan_start``
    """

    coverage: str
    code: str
    rule_key: Hashable = None
    missing: tuple[str, ...] = ()
    params: Mapping[str, date] = field(default_factory=dict)


def verdict(situation: Situation, table: Table | None) -> Verdict:
    """The verdict on a ticket, before the first minute of work.

    Cover hangs on the plan of the day of the request alone: ``table`` is that
    plan's, or None when no plan ran that day.

    >>> verdict(Situation(date(2026, 3, 1), accepted_on=date(2026, 3, 2)), None)
    ... # doctest: +NORMALIZE_WHITESPACE
    Verdict(coverage='delivery', code='delivery', rule_key=None, missing=(),
            params={'accepted_on': datetime.date(2026, 3, 2)})
    """
    if not situation.uses_service_plans:
        return Verdict("not_applicable", "team_without_plans")
    if not situation.about_pbx:
        return Verdict("not_applicable", "not_about_pbx")
    if not situation.has_pbx:
        return Verdict("undecided", "no_pbx", missing=("pbx",))
    accepted_on, ended_on = situation.accepted_on, situation.ended_on
    if accepted_on is None:
        return Verdict("delivery", "delivery")
    if situation.requested_on < accepted_on:
        return Verdict("delivery", "delivery", params={"accepted_on": accepted_on})
    if ended_on is not None and situation.requested_on > ended_on:
        return Verdict("undecided", "pbx_ended", params={"ended_on": ended_on})
    return _by_plan(situation, table)


def _by_plan(situation: Situation, table: Table | None) -> Verdict:
    later = situation.later_plan_start
    params = {} if later is None else {"later_plan_start": later}
    if table is None:
        return Verdict("undecided", "no_plan", params=params)
    decision = decide(table, situation.request)
    if decision.outcome != "undecided":
        return Verdict(decision.outcome, "rule", decision.rule_key, params=params)
    code = "missing_facts" if decision.missing else "no_rule"
    return Verdict("undecided", code, missing=decision.missing, params=params)
