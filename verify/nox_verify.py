#!/usr/bin/env python3
"""Recompute an invoice of hosted-telephony service from its evidence pack.

    python3 nox_verify.py pack.json [pack.json ...] [--head HASH] [--lang nl] [--json]

One file, Python 3.9 or newer, nothing but the standard library: no Odoo, no database
and no line of the addon that made the pack. It is written from the terms of service
(minutes become started blocks; above an hour a quote comes first; users are counted by
the day) and from the published format of a pack (docs/evidence.md). It takes the raw
facts of a pack, computes every verdict, block, limit, user-day, cent and VAT anew, and
says line by line what is proven and what differs.

Exit: 0 everything is proven, 1 something differs or cannot be proven, 2 the file is no
evidence pack. See README.md beside this file.
"""

import argparse
import calendar
import functools
import hashlib
import itertools
import json
import os
import re
import sys
import unicodedata
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 100  # products of what a pack may hold are exact

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_WHOLE = 10**12
FIRST_LINK = "0" * 64
KINDS = "invoice plan table price quote ticket charge training note".split()


# ---------------------------------------------------------------------------
# Words
# ---------------------------------------------------------------------------


def clean(value, most=300):
    """A value of a pack as one printable line: what stands in a file must not be able
    to write lines of its own on somebody's screen."""
    text = str(value)
    shown = "".join(
        sign if unicodedata.category(sign)[0] not in "CZ" or sign == " " else " "
        for sign in text[: most + 1]
    )
    return shown[:most] + "…" if len(text) > most else shown


class W(str):
    """Words of this program among values: they are said in the language asked for, and
    may name the values beside them."""


def phrase(words, lang, **values):
    """A sentence in English or Dutch; names in braces are filled in, each cleaned.

    >>> phrase("{what}: found {found}, expected {expected}.", "nl",
    ...        what=W("line {n}"), n=1, found=2, expected=3)
    'regel 1: gevonden 2, verwacht 3.'
    """

    def said(words):
        return DUTCH.get(words, words) if lang == "nl" else words

    plain = {
        name: said(value) if isinstance(value, W) else clean(value)
        for name, value in values.items()
    }
    full = {
        name: plain[name].format(**plain) if isinstance(value, W) else plain[name]
        for name, value in values.items()
    }
    return said(words).format(**full)


class Unreadable(Exception):
    """The file is no evidence pack; one sentence says why."""

    def __init__(self, words, **values):
        super().__init__(words)
        self.words, self.values = words, values


# ---------------------------------------------------------------------------
# Reading
# ---------------------------------------------------------------------------


class Record(dict):
    """An object of the pack, read by attribute."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def wrong(at, wanted, **values):
    return Unreadable(
        "This is no evidence pack: {at} is not {wanted}.",
        at=at,
        wanted=W(wanted),
        **values,
    )


def text(value, at, extras):
    if not isinstance(value, str):
        raise wrong(at, "a text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise wrong(at, "a text in Unicode") from None
    return value


def yes_or_no(value, at, extras):
    if not isinstance(value, bool):
        raise wrong(at, "true or false")
    return value


def number(value, at, extras):
    """A decimal text such as "41.00"; never a number of JSON, which has no cents."""
    if not isinstance(value, str) or not re.fullmatch(
        r"-?[0-9]{1,15}(\.[0-9]{1,20})?", value
    ):
        raise wrong(at, 'a decimal text like "41.00"')
    return Decimal(value)


def whole(least=0, most=LARGEST_WHOLE):
    def read(value, at, extras):
        good = isinstance(value, int) and not isinstance(value, bool)
        if not good or not least <= value <= most:
            raise wrong(
                at, "a whole number from {least} to {most}", least=least, most=most
            )
        return value

    return read


def day(value, at, extras):
    if isinstance(value, str) and re.fullmatch(
        r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", value
    ):
        try:
            return date(int(value[:4]), int(value[5:7]), int(value[8:]))
        except ValueError:
            pass
    raise wrong(at, 'a day like "2026-03-31"')


def month(value, at, extras):
    """The first day of a month like "2026-03"."""
    if isinstance(value, str) and re.fullmatch(r"(19|20)[0-9]{2}-[0-9]{2}", value):
        try:
            return date(int(value[:4]), int(value[5:]), 1)
        except ValueError:
            pass
    raise wrong(at, 'a month like "2026-03"')


def moment(value, at, extras):
    if isinstance(value, str) and re.fullmatch(
        r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", value
    ):
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            pass
    raise wrong(at, 'a moment like "2026-03-31T09:00:00Z"')


def digest(value, at, extras):
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise wrong(at, "a SHA-256 of 64 signs")
    return value


def one_of(*choices):
    def read(value, at, extras):
        if not isinstance(value, str) or value not in choices:
            raise wrong(at, "one of {names}", names=", ".join(choices))
        return value

    return read


def maybe(shape):
    def read(value, at, extras):
        return None if value is None else shape(value, at, extras)

    return read


def many(shape, most=200_000):
    def read(value, at, extras):
        if not isinstance(value, list) or len(value) > most:
            raise wrong(at, "a list of at most {most}", most=most)
        return [shape(each, f"{at}[{n}]", extras) for n, each in enumerate(value, 1)]

    return read


def anything(value, at, extras):
    return value


def record(**shapes):
    """An object with exactly these names. A name that is not known is kept in
    ``extras``: what nobody recomputes is not proven."""

    def read(value, at, extras):
        if not isinstance(value, dict):
            raise wrong(at, "an object")
        for name in shapes:
            if name not in value:
                raise Unreadable(
                    "This is no evidence pack: {at} has no {name}.",
                    at=at,
                    name=name,
                )
        extras.extend(f"{at}.{name}" for name in value if name not in shapes)
        return Record(
            (name, shape(value[name], f"{at}.{name}", extras))
            for name, shape in shapes.items()
        )

    return read


def load(path):
    """The JSON of a file; whatever else it is, a sentence."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Unreadable(
            "The file cannot be read: {why}.",
            why=error.strerror or type(error).__name__,
        ) from None
    if len(data) > LARGEST_FILE:
        raise Unreadable(
            "This is no evidence pack: it is larger than {most} MB.",
            most=LARGEST_FILE // 2**20,
        )
    try:
        return json.loads(
            data.decode("utf-8"),
            parse_float=_no_number,
            parse_constant=_no_number,
            parse_int=_small,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError:
        raise Unreadable("This is no evidence pack: it is not text in UTF-8.") from None
    except ValueError as error:
        raise Unreadable(
            "This is no evidence pack: it is not JSON ({why}).",
            why=error,
        ) from None


def _no_number(value):
    raise Unreadable(
        "This is no evidence pack: {value} is a number with a fraction; amounts are "
        "decimal texts.",
        value=value[:40],
    )


def _small(value):
    if len(value) > 13:
        raise Unreadable(
            "This is no evidence pack: the number {value} is too large.",
            value=value[:40],
        )
    return int(value)


def _once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable(
            "This is no evidence pack: a name stands twice in one object, so that two "
            "readers can read two things."
        )
    return found


def canonical(value):
    """JSON of one form only: what the hash is taken over."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(value):
    return hashlib.sha256(value.encode("utf-8")).hexdigest()


# ---------------------------------------------------------------------------
# The terms, as rules. Everything here is plain arithmetic on plain values.
# ---------------------------------------------------------------------------

FACTS = {
    "change_scope": "adjustment user_addition number_addition hardware fault question"
    " other".split(),
    "work_location": ["remote", "on_site"],
    "replaces_user": [True, False],
    "warranty": [True, False],
    "fault_domain": ["own", "customer", "third_party"],
}
# A condition of a row may be wider than a fact.
WIDER = {"outside": ("customer", "third_party")}
OUTCOMES = ("undecided", "covered", "billable", "delivery", "not_applicable")


def _row(outcome, **conditions):
    return {"conditions": conditions, "outcome": outcome}


REST_IS_BILLED = [
    # Silent in the terms: what breaks in the provider's own platform is his to mend.
    _row("covered", change_scope="fault", work_location="remote", fault_domain="own"),
    _row("billable"),
]
# What the terms say of a request, plan by plan; the first row that holds decides.
TERMS = {
    "contract": [
        _row("billable", work_location="on_site"),
        _row("billable", change_scope="fault", fault_domain="outside"),
        _row("billable", change_scope="user_addition", replaces_user=False),
        _row("billable", change_scope="number_addition"),
        _row("billable", change_scope="hardware", warranty=False),
        _row("covered", change_scope="adjustment"),
        _row("covered", change_scope="question"),
        _row("covered", change_scope="user_addition", replaces_user=True),
        _row("covered", change_scope="hardware", warranty=True),
        _row("covered", change_scope="fault", fault_domain="own"),
    ],
    "standard": REST_IS_BILLED,
    "self_managed": REST_IS_BILLED,
}
TERMS_BLOCK, TERMS_HOUR = 15, 60
TERMS_PRICES = {"work": Decimal("20.50"), "training": Decimal("350")}


def holds(conditions, request):
    """Whether all conditions of a row hold for a request whose facts are all known."""
    return all(
        wanted is None or request[fact] in WIDER.get(wanted, (wanted,))
        for fact, wanted in conditions.items()
    )


def decides(rows, request):
    """The first row that holds, or None."""
    return next((row for row in rows if holds(row["conditions"], request)), None)


def deciding_rows(rows, facts):
    """The rows that can decide: the first that holds, for every way of filling in what
    is not known. None stands for "no row holds"."""
    kinds = {row["conditions"].get("change_scope") for row in rows} - {None}
    values = dict(FACTS, change_scope=list({*FACTS["change_scope"], *kinds}))
    ways = [
        values[fact] if facts.get(fact) is None else (facts[fact],) for fact in FACTS
    ]
    found = []
    for way in itertools.product(*ways):
        row = decides(rows, dict(zip(FACTS, way)))
        if row not in found:
            found.append(row)
    return found


def verdict(rows, facts):
    """The outcome on which all ways agree, else "undecided".

    >>> verdict(TERMS["contract"], {"change_scope": "user_addition"})
    'undecided'
    >>> verdict(TERMS["contract"], {"change_scope": "number_addition"})
    'billable'
    """
    outcomes = {row["outcome"] if row else None for row in deciding_rows(rows, facts)}
    return outcomes.pop() or "undecided" if len(outcomes) == 1 else "undecided"


def started(minutes, plan):
    """Started blocks; the first minutes of a *next* block may be free (grace).

    >>> [started(m, Record(block_minutes=15, grace_minutes=0)) for m in (0, 1, 15, 16)]
    [0, 1, 1, 2]
    >>> [started(m, Record(block_minutes=15, grace_minutes=5)) for m in (0, 1, 20, 21)]
    [0, 1, 1, 2]
    """
    full, rest = divmod(minutes, plan.block_minutes)
    return max(full + (rest > plan.grace_minutes), 1 if minutes else 0)


def rounded_together(entries, plan):
    """Minutes of the entries, summed as far as they are rounded together: all of the
    ticket, those of a day, or each entry."""
    if plan.rounding_scope == "entry":
        return [entry.minutes for entry in entries]
    if plan.rounding_scope == "day":
        return [
            sum(entry.minutes for entry in group)
            for _day, group in itertools.groupby(entries, key=lambda each: each.day)
        ]
    return [sum(entry.minutes for entry in entries)]


def blocks(entries, plan):
    return sum(started(minutes, plan) for minutes in rounded_together(entries, plan))


def first_minutes(entries, minutes):
    """The entries up to so many minutes; the last one cut.

    >>> first_minutes([Record(day=1, minutes=40), Record(day=2, minutes=30)], 60)
    [{'day': 1, 'minutes': 40}, {'day': 2, 'minutes': 20}]
    """
    taken = []
    for entry in entries:
        part = min(entry.minutes, minutes)
        if part > 0:
            taken.append(Record(entry, minutes=part))
        minutes -= part
    return taken


def minutes_within(entries, limit, plan):
    """The most minutes, in order, that so many blocks pay for."""
    within = 0
    for minutes in rounded_together(entries, plan):
        wanted = started(minutes, plan)
        if wanted > limit:
            free = plan.grace_minutes if limit else 0
            return within + min(minutes, limit * plan.block_minutes + free)
        limit -= wanted
        within += minutes
    return within


def rounded(value, places):
    """Half a cent goes away from zero.

    >>> rounded(Decimal("0.125"), 2), rounded(Decimal("-0.125"), 2)
    (Decimal('0.13'), Decimal('-0.13'))
    """
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def user_days(seats, first, last):
    """Days of charged users from ``first`` to ``last``, both included. Who takes
    somebody's place counts with him as one on the day he comes."""
    charged = {seat.seat: seat for seat in seats if seat.charged}
    days, replaced = 0, set()
    for seat in charged.values():
        start = max(first, seat.first)
        end = min(last, seat.last or last)
        days += max(0, (end - start).days + 1)
        before = charged.get(seat.replaces)
        if (
            before
            and before.seat not in replaced
            and first <= seat.first <= last
            and (seat.last is None or seat.last >= seat.first)
            and before.first <= seat.first <= (before.last or last)
        ):
            replaced.add(before.seat)
            days -= 1
    return days


# ---------------------------------------------------------------------------
# What a pack holds
# ---------------------------------------------------------------------------

# fmt: off
TAX = record(
    id=text, name=text, type=text, rate=number, price_include=yes_or_no,
    category=maybe(text),
)
LINE = record(
    id=text, position=whole(), text=text, written_at=moment, quantity=number,
    source=one_of("users", "rounding", "work", "goods", "training", "other"),
    price_unit=number, discount=number, amount=number, amount_incl=number,
    taxes=many(text, 100), price=maybe(text), ticket=maybe(text), charge=maybe(text),
    quote=maybe(text), training=many(text), credits=maybe(text),
)
CREDITED = record(
    line=text, original=maybe(text), quantity=number, amount=number,
    credited_before=number, credited_before_amount=number,
)
INVOICE = record(
    number=text, type=one_of("invoice", "credit_note"), state=one_of("posted"),
    date=day, due_date=maybe(day), posted_at=moment, language=text,
    currency=record(code=text, decimals=whole(0, 6)),
    company=record(
        name=text, vat=maybe(text), country=maybe(text), timezone=maybe(text),
        tax_rounding=one_of("round_globally", "round_per_line"),
    ),
    customer=record(name=text, vat=maybe(text), reference=maybe(text)),
    whole_cents=yes_or_no,
    reverses=maybe(record(
        number=text, head=maybe(digest), rebill=yes_or_no, lines=many(CREDITED),
    )),
    taxes=many(TAX, 1000), lines=many(LINE, 20_000),
    totals=record(
        untaxed=number, tax=number, total=number,
        by_rate=many(record(taxes=many(text, 100), base=number, tax=number), 1000),
    ),
    early_payment=maybe(record(percentage=number, computation=text)),
)
PLAN = record(
    code=text, name=text, edition=digest, block_minutes=whole(1, 1440),
    grace_minutes=whole(0, 1439), rounding_scope=one_of("ticket", "day", "entry"),
    quote_threshold_minutes=maybe(whole()), warn_minutes=maybe(whole()),
    quote_billing=one_of("actual_capped", "fixed"),
    seat_policy=one_of("prorated", "first_day"), requires_certified_admin=yes_or_no,
    table=text,
)
TABLE = record(rows=many(record(
    key=text, position=whole(), name=text, clause=text, reason=text,
    outcome=one_of("covered", "billable"),
    conditions=record(
        change_scope=maybe(text), work_location=maybe(one_of("remote", "on_site")),
        replaces_user=maybe(yes_or_no), warranty=maybe(yes_or_no),
        fault_domain=maybe(one_of("own", "customer", "third_party", "outside")),
    ),
), 1000))
PRICE = record(
    source=one_of("order", "quote", "period"), product=text, unit=text, price=number,
    discount=number, currency=text, list_price=maybe(number),
    list_currency=maybe(text), pricelist=maybe(text), rule=maybe(text),
    since=maybe(day), set_on=maybe(day),
)
QUOTE = record(
    number=text, ticket=maybe(text), kind=one_of("base", "quote", "order"),
    approval_order=maybe(whole(1)), blocks=whole(),
    lines=many(record(
        id=text, is_work=yes_or_no, product=text, text=text, quantity=number,
        price_unit=number, discount=number, amount=number,
    )),
    untaxed=number, total=number, valid_until=maybe(day), made_at=moment,
    sent_at=maybe(moment), content_hash=maybe(digest), content_text=maybe(text),
    state=one_of("draft", "sent", "approved", "refused", "expired"),
    approved_by=maybe(text), approved_at=maybe(moment), signed_at=maybe(moment),
    grade=maybe(one_of("link", "login", "code", "signed", "staff", "standing")),
    signature_sha256=maybe(digest), proof_sha256=many(digest),
    decline_reason=maybe(text),
)
TICKET = record(
    number=text, subject=text, requested_on=maybe(day), pbx=maybe(text),
    plan=maybe(text), plan_period=maybe(record(start=day, end=maybe(day))),
    situation=record(
        uses_service_plans=yes_or_no, about_pbx=yes_or_no, accepted_on=maybe(day),
        ended_on=maybe(day),
    ),
    facts=record(
        change_scope=maybe(text), work_location=maybe(one_of("remote", "on_site")),
        replaces_user=maybe(yes_or_no), warranty=maybe(yes_or_no),
        fault_domain=maybe(one_of("own", "customer", "third_party")),
    ),
    verdict=record(
        outcome=one_of(*OUTCOMES), table_outcome=one_of(*OUTCOMES[:3]),
        rule=maybe(text), reason=maybe(text), given_at=maybe(moment),
    ),
    overrides=many(record(
        old=maybe(text), new=maybe(text), reason=text, by=text, at=moment,
    )),
    estimated_minutes=whole(), family=many(text),
    entries=many(record(
        id=whole(), day=day, recorded_at=moment, by=text, minutes=whole(1, 1440),
        reason=maybe(text),
    )),
    released=record(
        minutes=whole(), blocks=whole(), base_invoiced_blocks=whole(),
        cap=maybe(record(minutes=whole(), blocks=whole(), last_entry=whole())),
    ),
    quotes=many(text), worked_minutes=whole(), limit_blocks=maybe(whole()),
    billable_blocks=whole(), held_minutes=whole(), approved_blocks=whole(),
    waivers=many(record(blocks=whole(), reason=text, by=text, at=moment)),
    credited_blocks=whole(),
    billed=many(record(
        document=maybe(text), type=one_of("invoice", "credit_note"),
        state=one_of("draft", "posted"), date=maybe(day), order=text,
        blocks=whole(-LARGEST_WHOLE), rebill=maybe(yes_or_no), reverses=maybe(text),
        line=maybe(text),
    )),
)
CHARGE = record(
    pbx=text, month=month, month_days=whole(28, 31), revision=whole(), period=text,
    plan=text,
    periods=many(record(
        id=text, start=day, end=maybe(day), price=number, currency=text,
        policy=one_of("prorated", "first_day"),
    )),
    seats=many(record(
        seat=text, label=text, first=day, last=maybe(day), charged=yes_or_no,
        replaces=maybe(text),
    )),
    earlier=many(record(
        period=text, revision=whole(), quantity=number, price=number, amount=number,
        invoiced=yes_or_no, again=number,
    )),
    was=number, now=number, quantity=number, price=number, rounding=number,
    amount=number, currency=text, explanation=text, made_at=moment,
)
TRAINING = record(
    person=text, day=maybe(day), hours=number, result=maybe(text), order=text,
    certificate=maybe(text),
)
NOTE = record(code=text, about=maybe(text), text=text)
# fmt: on
SHAPES = {
    "invoice": INVOICE,
    "plan": PLAN,
    "table": TABLE,
    "price": PRICE,
    "quote": QUOTE,
    "ticket": TICKET,
    "charge": CHARGE,
    "training": TRAINING,
    "note": NOTE,
}
PACK = record(
    format=one_of("nox-evidence"),
    version=whole(1, 1),
    chain=one_of("sha256"),
    head=text,
    parts=many(
        record(
            kind=one_of(*KINDS), id=text, content=anything, previous=text, sha256=text
        ),
    ),
)


# ---------------------------------------------------------------------------
# What is said
# ---------------------------------------------------------------------------

STATUS = ("proven", "DIFFERS", "UNPROVEN", "remark")


class Report:
    """Findings about one file, in the order in which they were made."""

    def __init__(self, path, lang):
        self.path, self.lang = path, lang
        self.title = clean(os.path.basename(path))
        self.findings = []
        self.pack = None  # once it was read whole

    def say(self, status, subject, words, **values):
        finding = {
            "status": status,
            "subject": phrase("{subject}", self.lang, subject=subject, **values),
            "text": phrase(words, self.lang, **values),
        }
        self.findings.append(finding)

    def about(self, subject, **values):
        """:param subject: a name of the pack, or `W`"""
        return About(self, subject, values)

    def count(self, *statuses):
        return sum(each["status"] in statuses for each in self.findings)

    @property
    def exit_code(self):
        return 1 if self.count("DIFFERS", "UNPROVEN") or not self.findings else 0


class About:
    """What is found about one subject: all that differs, or one line "proven"."""

    def __init__(self, report, subject, values):
        self.report, self.subject, self.values = report, subject, values
        self.failed = False

    def _say(self, status, words, values):
        self.report.say(status, self.subject, words, **{**self.values, **values})

    def differs(self, words, **values):
        self.failed = True
        self._say("DIFFERS", words, values)

    def unproven(self, words, **values):
        self.failed = True
        self._say("UNPROVEN", words, values)

    def remark(self, words, **values):
        self._say("remark", words, values)

    def proven(self, words, **values):
        if not self.failed:
            self._say("proven", words, values)

    def holds(self, good, words, **values):
        if not good:
            self.differs(words, **values)
        return good

    def same(self, found, expected, what, why=None, **values):
        """Whether two values agree; if not: what, found, expected and why."""
        return self.holds(
            found == expected,
            "{what}: found {found}, expected {expected} ({why})."
            if why
            else "{what}: found {found}, expected {expected}.",
            what=W(what),
            why=W(why or ""),
            found=shown(found),
            expected=shown(expected),
            **values,
        )


def shown(value):
    """A value as a person reads it."""
    if value is None or value == []:
        return W("nothing")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (list, tuple)):
        join = ", " if isinstance(value, list) else " "
        return join.join(str(shown(each)) for each in value)
    return value


# ---------------------------------------------------------------------------
# The pack: parts, chain, references
# ---------------------------------------------------------------------------


class Pack:
    def __init__(self, value, extras):
        self.raw = PACK(value, "pack", extras)
        self.parts, self.kinds = {}, {}
        for part in self.raw.parts:
            if part.id in self.parts:
                raise Unreadable(
                    "This is no evidence pack: two parts are called {id}.",
                    id=part.id,
                )
            read = SHAPES[part.kind]
            self.parts[part.id] = read(part.content, part.id or part.kind, extras)
            self.kinds[part.id] = part.kind
        if list(self.kinds.values()).count("invoice") != 1:
            raise Unreadable(
                "This is no evidence pack: it does not hold exactly one invoice."
            )
        self.invoice = self.of("invoice")[0][1]

    def of(self, kind):
        """[(id, content)] of the parts of a kind, in order."""
        return [(id_, self.parts[id_]) for id_ in self.kinds if self.kinds[id_] == kind]

    def part(self, id_, kind, at):
        """What a reference means; None when there is none."""
        if id_ is None:
            return None
        if self.kinds.get(id_) != kind:
            raise Unreadable(
                "The pack is not complete: {at} refers to {kind} {id}, which is not in"
                " it.",
                at=at,
                kind=kind,
                id=id_,
            )
        return self.parts[id_]

    def unreferenced(self):
        """Ids of the parts that nothing leads to from the invoice."""
        reached, new = set(), {id_ for id_, _content in self.of("invoice")}
        while new:
            reached |= new
            named = {each for id_ in new for each in references(self.parts[id_])}
            new = {each for each in named if each in self.parts} - reached
        return [id_ for id_ in self.parts if id_ not in reached]


# Names under which one part refers to others.
REFERENCES = (
    "price ticket charge quote training plan table family quotes order billed lines"
).split()


def references(content):
    """Ids of the parts that a part refers to."""
    for name in REFERENCES:
        value = content.get(name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Record):
                yield from references(each)
            elif isinstance(each, str):
                yield each


def check_chain(pack, report, head):
    about = report.about(W("chain"))
    link = FIRST_LINK
    for position, part in enumerate(pack.raw.parts, 1):
        found = sha256(
            part.previous
            + "\n"
            + canonical({"kind": part.kind, "id": part.id, "content": part.content})
        )
        about.holds(
            part.previous == link,
            "part {position} ({id}) does not follow the part before it.",
            position=position,
            id=part.id,
        )
        about.holds(
            part.sha256 == found,
            "part {position} ({id}) was changed: its content gives {found}…, it says "
            "{said}….",
            position=position,
            id=part.id,
            found=found[:12],
            said=part.sha256[:12],
        )
        link = part.sha256
    about.same(pack.raw.head, link, "the head")
    order = [KINDS.index(part.kind) for part in pack.raw.parts]
    about.holds(
        order == sorted(order),
        "the parts do not stand in the order of the format.",
    )
    if head is not None:
        about.same(
            pack.raw.head,
            head.strip().lower(),
            "the head",
            "this is not the pack that was stored when the invoice was posted",
        )
    about.proven(
        "{count} parts, head {head}",
        count=len(pack.raw.parts),
        head=pack.raw.head,
    )


def check_parts(pack, report, extras):
    """Every part is asked for by one that the invoice leans on; every name is known;
    what the maker says he cannot prove is not proven."""
    for id_ in pack.unreferenced():
        if pack.kinds[id_] != "note":
            report.about(id_).differs("nothing on the invoice leads to this part.")
    for id_, note in pack.of("note"):
        report.about(note.about or id_).unproven("{text}", text=note.text)
    for name in extras:
        report.about(name).unproven("this verifier does not know what that is.")


# ---------------------------------------------------------------------------
# The invoice: lines, taxes, totals
# ---------------------------------------------------------------------------


class Money:
    """The cents of one currency."""

    def __init__(self, decimals):
        self.decimals = decimals
        self.cent = Decimal(1).scaleb(-decimals)

    def round(self, amount):
        return rounded(amount, self.decimals)

    def is_whole(self, amount):
        return amount == self.round(amount)


def gross(line, money):
    """Quantity x price less discount, in whole cents."""
    return money.round(line.quantity * line.price_unit * (1 - line.discount / 100))


def taxes_of(line, invoice, about):
    known = {tax.id: tax for tax in invoice.taxes}
    found = [known[id_] for id_ in line.taxes if id_ in known]
    about.holds(
        len(found) == len(set(line.taxes)) == len(line.taxes),
        "its taxes are not all on the invoice, or one is there twice.",
    )
    return found


def is_amount_of(line, rates, slack, money):
    """Whether a line of an order, excl. VAT, is its quantity x price; where prices have
    VAT of one of these rates in them, that price without it, and up to the slack of a
    cent that other lines left."""
    amount = gross(line, money)
    without = [money.round(amount / (1 + Decimal(rate) / 100)) for rate in rates]
    return line.amount == amount or any(
        abs(line.amount - each) <= slack for each in without
    )


def slack_of(lines, money):
    """Where prices have VAT in them, the sum of the lines without VAT is exact; each of
    them may take the half cents of the others."""
    return money.cent * ((len(lines) + 1) // 2)


def check_line(line, invoice, money, about):
    """The amount of a line from its own figures."""
    taxes = taxes_of(line, invoice, about)
    amount = gross(line, money)
    rate = sum((tax.rate for tax in taxes), Decimal(0)) / 100
    values = {"q": line.quantity, "p": line.price_unit, "d": line.discount}
    for tax in taxes:
        if tax.type != "percent":
            about.unproven(
                "{tax} is not a percentage; this verifier cannot recompute it.",
                tax=tax.name,
            )
    about.holds(
        0 <= line.discount <= 100,
        "a discount of {d}%.",
        d=line.discount,
    )
    about.holds(
        money.is_whole(line.amount) and money.is_whole(line.amount_incl),
        "amounts {a} and {i} are not whole cents.",
        a=line.amount,
        i=line.amount_incl,
    )
    if any(tax.price_include for tax in taxes):
        about.same(line.amount_incl, amount, "amount", "{q} × {p} less {d}%", **values)
        off = abs(line.amount - money.round(amount / (1 + rate)))
        alike = [each for each in invoice.lines if each.taxes == line.taxes]
        slack = slack_of(alike, money)
    else:
        about.same(line.amount, amount, "amount", "{q} × {p} less {d}%", **values)
        off = abs(line.amount_incl - money.round(amount * (1 + rate)))
        slack = money.cent * (len(taxes) > 1)
    about.holds(
        off <= slack,
        "{a} excl. and {i} incl. VAT are not {r}% apart.",
        a=line.amount,
        i=line.amount_incl,
        r=rate * 100,
    )
    about.proven(
        "{q} × {p} less {d}% = {a}, {i} with VAT",
        a=line.amount,
        i=line.amount_incl,
        **values,
    )


def check_totals(invoice, money, report):
    """VAT once over the lines of a rate; the subtotal is the sum of the lines."""
    known = {tax.id: tax for tax in invoice.taxes}
    groups = {}
    for line in invoice.lines:
        groups.setdefault(frozenset(line.taxes), []).append(line)
    said = {}
    about = report.about(W("totals"))
    for rate in invoice.totals.by_rate:
        key = frozenset(rate.taxes)
        about.holds(
            key in groups
            and key not in said
            and key <= set(known)
            and len(key) == len(rate.taxes),
            "VAT of {taxes} stands there, and no line or two sums have it.",
            taxes=", ".join(rate.taxes),
        )
        said[key] = rate
    total_tax = Decimal(0)
    for key, lines in groups.items():
        if key in said and key <= set(known):
            total_tax += _check_rate(
                [known[id_] for id_ in sorted(key)], lines, said[key], invoice, money,
                report,
            )  # fmt: skip
        elif key:
            about.differs(
                "VAT of {taxes} is missing.",
                taxes=", ".join(sorted(key)),
            )
    totals = invoice.totals
    about.same(
        totals.untaxed,
        sum((line.amount for line in invoice.lines), Decimal(0)),
        "subtotal",
        "the sum of the lines",
    )
    about.same(totals.tax, total_tax, "VAT")
    about.same(totals.total, totals.untaxed + totals.tax, "total")
    about.proven(
        "{u} + VAT {t} = {s} {c}",
        u=totals.untaxed,
        t=totals.tax,
        s=totals.total,
        c=invoice.currency.code,
    )


def _check_rate(taxes, lines, said, invoice, money, report):
    """VAT of the lines with the same taxes; what it has to be."""
    name = " + ".join(tax.name for tax in taxes) or "0%"
    about = report.about(W("VAT {name}"), name=name)
    early = invoice.early_payment
    base = sum((line.amount for line in lines), Decimal(0))
    due = Decimal(0)
    if any(tax.price_include for tax in taxes):
        about.holds(
            len(taxes) == 1,
            "several taxes in one price cannot be recomputed here.",
        )
        whole_price = sum((gross(line, money) for line in lines), Decimal(0))
        due = whole_price - money.round(whole_price / (1 + taxes[0].rate / 100))
        about.same(
            base,
            whole_price - due,
            "the lines excl. VAT",
            "what is left of {w}",
            w=whole_price,
        )
    taxed = base
    if taxes and early and early.computation == "mixed":
        taxed -= sum(
            (money.round(line.amount * early.percentage / 100) for line in lines),
            Decimal(0),
        )
    if taxed != base or not any(tax.price_include for tax in taxes):
        due = sum((money.round(taxed * tax.rate / 100) for tax in taxes), Decimal(0))
    about.same(said.base, base, "amount without VAT", "the sum of its lines")
    about.same(said.tax, due, "VAT", "once over {b}", b=taxed)
    about.proven("of {b} is {t}", b=taxed, t=said.tax)
    return said.tax


# ---------------------------------------------------------------------------
# Plans, tables, prices
# ---------------------------------------------------------------------------


def check_plan(pack, id_, plan, report):
    """What a plan counts with beside what the terms say; a remark, no failure."""
    about = report.about(plan.name)
    about.holds(
        plan.grace_minutes < plan.block_minutes,
        "the grace is not shorter than a block.",
    )
    if plan.code not in TERMS:
        about.remark("{code} is the provider's own plan, not of the terms.", **plan)
    elif (
        plan.block_minutes,
        plan.grace_minutes,
        plan.rounding_scope,
        plan.quote_threshold_minutes,
    ) != (TERMS_BLOCK, 0, "ticket", TERMS_HOUR):
        about.remark(
            "the provider's plan differs from the terms (blocks of 15 minutes, a quote"
            " above 60): {block_minutes} minutes, grace {grace_minutes}, per"
            " {rounding_scope}, a quote above {limit}.",
            limit=shown(plan.quote_threshold_minutes),
            **plan,
        )
    table = pack.part(plan.table, "table", id_)
    positions = [row.position for row in table.rows]
    about.holds(
        positions == sorted(positions)
        and len({row.key for row in table.rows}) == len(table.rows),
        "the rows of its table are not in order, or one is there twice.",
    )
    if plan.code in TERMS:
        compare_with_terms(table.rows, TERMS[plan.code], about)


def compare_with_terms(rows, terms, about):
    """Say which rows of the provider's table decide otherwise than the terms."""
    rows = [
        dict(
            row,
            at=n,
            conditions={k: v for k, v in row.conditions.items() if v is not None},
        )
        for n, row in enumerate(rows, 1)
    ]
    differing = {}
    for values in itertools.product(*FACTS.values()):
        request = dict(zip(FACTS, values))
        own, other = decides(rows, request), decides(terms, request)
        outcome = own["outcome"] if own else "undecided"
        expected = other["outcome"] if other else "undecided"
        if outcome != expected:
            at = own["at"] if own else len(rows) + 1
            differing.setdefault((at, outcome, expected), []).append(request)
    for (at, outcome, expected), requests in sorted(differing.items()):
        about.remark(
            "the provider's table differs from the terms in row {at}: {outcome}, by the"
            " terms {expected} ({count} kinds of request, for example {example}).",
            at=at,
            outcome=W(outcome),
            expected=W(expected),
            count=len(requests),
            example=", ".join(f"{fact} {value}" for fact, value in requests[0].items()),
        )
    if not differing:
        about.proven("its table decides every request as the terms do.")


def last_day(invoice):
    """The last day of which the invoice can know: dated or posted."""
    return max(invoice.date, local_day(invoice.posted_at, invoice.company.timezone))


def check_price(pack, line, about):
    """The price of a line has its ground: a price list, a quote, a plan period."""
    invoice = pack.invoice
    price = pack.part(line.price, "price", line.id)
    if line.source == "rounding":  # its price is the cent that is missing
        return
    if not price:
        about.holds(
            invoice.reverses or line.source == "other",
            "its price has no ground in the pack.",
        )
        return
    about.same(line.price_unit, price.price, "price", "{rule}", rule=shown(price.rule))
    about.same(line.discount, price.discount, "discount", "{rule}", rule=price.rule)
    about.same(price.currency, invoice.currency.code, "currency of the price")
    about.holds(
        max(price.since or date.min, price.set_on or date.min) <= last_day(invoice),
        "its price is in force from {since}, after the invoice.",
        since=shown(price.since or price.set_on),
    )
    terms = TERMS_PRICES.get(line.source)
    if terms and price.list_currency == "EUR" and price.list_price not in (None, terms):
        about.remark(
            "the list price is {found}; the terms say {expected}.",
            found=price.list_price,
            expected=terms,
        )


# ---------------------------------------------------------------------------
# Tickets: verdict, time, the hour, what is billed
# ---------------------------------------------------------------------------

SENTENCE = re.compile(
    r"(?:Worked|Gewerkt): (\d+) (?:minutes|minuten)\.\s+"
    r"(?:Billed here|Hier gefactureerd): (-?\d+) × (\d+)\s+(?:minutes|minuten)"
)
BEFORE = re.compile(r"(?:Billed before|Eerder gefactureerd): (-?\d+) × (\d+) ")
COUNTS = ("billable", "undecided")  # towards the hour


class Ticket:
    """A ticket of the pack with what the rules make of it."""

    def __init__(self, pack, id_):
        self.pack, self.id = pack, id_
        self.told = told = pack.part(id_, "ticket", id_)
        self.plan = pack.part(told.plan, "plan", id_)
        self.entries = told.entries
        self.orders = [(each, pack.part(each, "quote", id_)) for each in told.quotes]
        self.approved = [(each, q) for each, q in self.orders if is_approved(q)]
        self.base = [each for each, q in self.orders if q.kind == "base"]

    @property
    def outcome(self):
        """By facts and table; an override stands above it."""
        told, situation = self.told, self.told.situation
        last = told.overrides[-1].new if told.overrides else None
        if not situation.uses_service_plans or not situation.about_pbx:
            return "not_applicable"
        if None in (told.requested_on, situation.accepted_on):
            return "delivery"
        if told.requested_on < situation.accepted_on:
            return "delivery"
        return last or self.table_outcome

    @property
    def rows(self):
        if not self.plan:
            return []
        return self.pack.part(self.plan.table, "table", self.id).rows

    @property
    def table_outcome(self):
        return verdict(self.rows, self.told.facts)

    @property
    def before_quote(self):
        """The entries that were recorded before the first quote."""
        cap = self.told.released.cap
        return [each for each in self.entries if not cap or each.id <= cap.last_entry]

    @property
    def paid_minutes(self):
        """The least minutes for which the base order bills what it billed."""
        paid = self.told.released.base_invoiced_blocks
        return paid and minutes_within(self.before_quote, paid - 1, self.plan) + 1

    @property
    def limit(self):
        """Blocks that may be billed: all that are worked, where the plan has no limit
        and nothing was quoted. None: no work of this is billed."""
        if self.outcome not in COUNTS:
            return None
        return self.released_blocks + sum(quote.blocks for _id, quote in self.approved)

    @property
    def released_blocks(self):
        if self.outcome not in COUNTS:
            return 0
        cap = self.told.released.cap
        found = blocks(
            first_minutes(self.before_quote, self.told.released.minutes), self.plan
        )
        return min(found, cap.blocks) if cap else found

    def billable(self, until=None):
        """Blocks that are billed, of the work recorded until a moment."""
        if self.outcome != "billable" or not self.plan:
            return 0
        entries = [e for e in self.entries if until is None or e.recorded_at <= until]
        if self.plan.quote_billing == "fixed" and self.approved:
            return self.limit
        return min(blocks(entries, self.plan), self.limit)


def released_minutes(members):
    """``{ticket: minutes}`` billed without an approval: the first minutes recorded, up
    to the hour, over a ticket and those split from it. Only what was recorded before
    the first quote, where there was one; never less than what was paid for."""
    members = [each for each in members if each.outcome in COUNTS and each.plan]
    found = {each.id: 0 for each in members}
    paid = {each.id: each.paid_minutes for each in members}
    left = members[0].plan.quote_threshold_minutes if members else None
    left = max(0, left - sum(paid.values())) if left else None
    recorded = sorted(
        ((entry.id, each, entry) for each in members for entry in each.before_quote),
        key=lambda recording: recording[0],
    )
    for _id, each, entry in recorded:
        floor = min(entry.minutes, max(0, paid[each.id] - found[each.id]))
        free = entry.minutes - floor
        if each.told.released.cap:
            room = each.told.released.cap.minutes - found[each.id] - floor
            free = min(free, max(0, room))
        if left is not None:
            free = min(free, left)
            left -= free
        found[each.id] += floor + free
    return found


def is_approved(quote):
    return quote.kind == "quote" and quote.state == "approved"


def check_verdict(ticket, about):
    """The outcome that facts, table and overrides give; it is what is billed by."""
    told = ticket.told
    by_table = ticket.table_outcome
    why = "facts and decision table"
    about.same(told.verdict.table_outcome, by_table, "verdict of the table", why)
    about.same(told.verdict.outcome, ticket.outcome, "verdict", why)
    rows = [row for row in deciding_rows(ticket.rows, told.facts) if row]
    keys = [row.key for row in rows] if by_table != "undecided" else [None]
    if ticket.outcome in OUTCOMES[:3]:
        about.holds(
            told.verdict.rule in keys,
            "row {rule} does not decide this, but {rows}.",
            rule=shown(told.verdict.rule),
            rows=shown(keys),
        )
    if by_table != "undecided" and not told.overrides:
        about.holds(
            any(row.reason in (told.verdict.reason or "") for row in rows),
            "its reason is not that of the row: {reason}",
            reason=shown(told.verdict.reason),
        )
    if ticket.plan and ticket.plan.code in TERMS and ticket.outcome in OUTCOMES[:3]:
        by_terms = verdict(TERMS[ticket.plan.code], told.facts)
        if by_terms != by_table:
            about.remark(
                "by the provider's table {found}; by the terms it would be {expected}.",
                found=W(by_table),
                expected=W(by_terms),
            )
    before = None
    for change in told.overrides:
        about.holds(
            change.reason.strip() and change.by.strip(),
            "somebody changed the verdict, without reason or name.",
        )
        about.holds(
            (before is None or before <= change.at)
            and change.at <= ticket.pack.invoice.posted_at
            and change.new in (None, *OUTCOMES),
            "the changes of the verdict are not in order.",
        )
        before = change.at
    if told.overrides and told.overrides[-1].new:
        about.remark(
            "{by} decided {outcome} at {at}: {reason}",
            outcome=W(ticket.outcome),
            **{name: told.overrides[-1][name] for name in ("by", "at", "reason")},
        )


def check_entries(ticket, about):
    entries, told = ticket.entries, ticket.told
    order = [(entry.day, entry.id) for entry in entries]
    about.holds(
        order == sorted(order) and len({entry.id for entry in entries}) == len(entries),
        "its entries are not in order, or one is there twice.",
    )
    recorded = sorted(entries, key=lambda entry: entry.id)
    about.holds(
        all(a.recorded_at <= b.recorded_at for a, b in zip(recorded, recorded[1:])),
        "its entries were not recorded in the order of their numbers.",
    )
    for entry in entries:
        about.holds(
            entry.day <= entry.recorded_at.date() + timedelta(days=1)
            and entry.recorded_at <= ticket.pack.invoice.posted_at,
            "work of {day} was recorded at {at}.",
            day=entry.day,
            at=entry.recorded_at,
        )
    about.same(
        told.worked_minutes,
        sum(entry.minutes for entry in entries),
        "worked minutes",
        "the sum of the entries",
    )


def check_ticket(pack, id_, told, report):
    ticket = Ticket(pack, id_)
    about = report.about(told.number)
    check_verdict(ticket, about)
    check_entries(ticket, about)
    if not ticket.plan:
        about.same(told.billable_blocks, 0, "billable blocks", "it has no plan")
        about.proven("{outcome}, not billed", outcome=W(ticket.outcome))
        return
    period = told.plan_period
    about.holds(
        ticket.outcome not in COUNTS
        or period
        and period.start <= told.requested_on <= (period.end or date.max),
        "asked on {day}, when its plan was not in force.",
        day=shown(told.requested_on),
    )
    check_limit(ticket, about)
    check_billed(ticket, about)
    worked = blocks(ticket.entries, ticket.plan)
    about.proven(
        "{outcome} (row {rule}); {count} entries, {minutes} minutes are {worked} blocks"
        " of {block}; at most {limit}; billable {billable}",
        outcome=W(ticket.outcome),
        rule=shown(told.verdict.rule),
        count=len(ticket.entries),
        minutes=told.worked_minutes,
        worked=worked,
        block=ticket.plan.block_minutes,
        limit=shown(ticket.limit),
        billable=ticket.billable(),
    )


def check_limit(ticket, about):
    """Released, approved, billable and held."""
    told, plan, pack = ticket.told, ticket.plan, ticket.pack
    family = told.family or [ticket.id]
    about.holds(ticket.id in family, "it is not in its own family.")
    members = [Ticket(pack, each) for each in family]
    for each in members:
        about.same(sorted(each.told.family), sorted(told.family), "family of the split")
    about.same(
        told.released.minutes,
        released_minutes(members).get(ticket.id, 0),
        "released minutes",
        "recorded before a quote, at most {limit} over the family",
        limit=shown(plan.quote_threshold_minutes),
    )
    about.same(told.released.blocks, ticket.released_blocks, "released blocks")
    cap = told.released.cap
    made = [quote.made_at for _id, quote in ticket.orders if quote.kind == "quote"]
    about.holds(
        cap is None or cap.minutes >= told.released.minutes,
        "more is released than when the first quote was made.",
    )
    about.holds(
        cap is None
        or not made
        or all(each.recorded_at <= min(made) for each in ticket.before_quote),
        "it counts work as recorded before the first quote that was recorded later.",
    )
    about.same(
        told.approved_blocks,
        sum(quote.blocks for _id, quote in ticket.approved),
        "approved blocks",
        "its quotes",
    )
    order = [quote.approval_order for _id, quote in ticket.approved]
    times = [quote.approved_at or datetime.min for _id, quote in ticket.approved]
    about.holds(
        order == list(range(1, len(order) + 1)) and times == sorted(times),
        "its quotes are not in the order in which they were approved.",
    )
    for _id, quote in ticket.orders:
        about.same(quote.ticket, ticket.id, "ticket of its quote")
    about.same(told.limit_blocks, ticket.limit, "limit", "released and approved blocks")
    about.same(
        told.billable_blocks,
        ticket.billable(),
        "billable blocks",
        "{outcome}; {minutes} minutes, at most {limit} blocks",
        outcome=W(ticket.outcome),
        minutes=told.worked_minutes,
        limit=shown(ticket.limit),
    )
    held = 0
    if ticket.limit is not None:
        within = minutes_within(ticket.entries, ticket.limit, plan)
        held = told.worked_minutes - within
    about.same(told.held_minutes, held, "held minutes", "above the limit")
    late = recorded_before_approval(ticket)
    if late and ticket.outcome == "billable":
        about.remark(
            "{minutes} minutes above what was released were recorded before the"
            " customer approved them.",
            minutes=late,
        )


def recorded_before_approval(ticket):
    """Minutes that a later approval let through."""
    first = min(
        (quote.approved_at for _id, quote in ticket.approved if quote.approved_at),
        default=None,
    )
    if first is None:
        return 0
    before = [entry for entry in ticket.entries if entry.recorded_at < first]
    free = minutes_within(before, ticket.released_blocks, ticket.plan)
    return sum(entry.minutes for entry in before) - free


def sign_of(document):
    return -1 if document.type == "credit_note" else 1


def check_billed(ticket, about):
    """Each block once, over this document, all others, what was credited for good and
    what was waived."""
    told, invoice = ticket.told, ticket.pack.invoice
    capacity = {each: ticket.released_blocks for each in ticket.base}
    capacity.update((each, quote.blocks) for each, quote in ticket.approved)
    net = dict.fromkeys(capacity, 0)
    for each in told.billed:
        if about.holds(
            each.order in capacity,
            "blocks are billed on {order}, which nobody approved.",
            order=each.order,
        ):
            net[each.order] += sign_of(each) * each.blocks
    for order, count in net.items():
        about.holds(
            0 <= count <= capacity[order],
            "{count} blocks are billed on {order}, of at most {most}.",
            count=count,
            order=order,
            most=capacity[order],
        )
    about.same(
        told.released.base_invoiced_blocks,
        sum(net[each] for each in ticket.base),
        "blocks on invoices of the base order",
    )
    for_good = {
        each.document
        for each in told.billed
        if each.type == "credit_note" and each.reverses and each.rebill is False
    }
    # What takes such a credit note back bills its blocks after all.
    credited = sum(
        -sign_of(each) * each.blocks
        for each in told.billed
        if each.document in for_good or each.reverses in for_good
    )
    about.same(told.credited_blocks, credited, "blocks credited for good")
    used = sum(net.values())
    if ticket.outcome == "billable":
        used += credited + sum(each.blocks for each in told.waivers)
    about.holds(
        used <= ticket.billable(),
        "{used} blocks are billed, credited or waived; {most} were to be billed: each"
        " block counts once.",
        used=used,
        most=ticket.billable(),
    )
    lines = {line.id: line for line in invoice.lines if line.ticket == ticket.id}
    named = [each.line for each in told.billed if each.line is not None]
    work = [id_ for id_, line in lines.items() if line.source == "work"]
    about.same(sorted(named), sorted(work), "its lines of work")
    for n, each in enumerate(told.billed):
        if each.line in work:
            check_work_line(ticket, lines[each.line], each, told.billed[:n], about)
    if used < ticket.billable():
        check_rest(
            ticket, [lines[each] for each in work], ticket.billable() - used, about
        )


def check_rest(ticket, lines, rest, about):
    """Blocks that are not billed yet: of work since, or credited to be billed again."""
    invoice = ticket.pack.invoice
    month = invoice.date.replace(day=1)
    written = max((line.written_at for line in lines), default=datetime.min)
    about.remark("{rest} blocks are to be billed yet.", rest=rest)
    about.holds(
        not lines
        or invoice.reverses
        or any(each.rebill for each in ticket.told.billed)
        or any(e.recorded_at > written or e.day >= month for e in ticket.entries),
        "{rest} blocks were to be billed, and are neither billed nor waived.",
        rest=rest,
    )


def check_work_line(ticket, line, billed, before, about):
    """The line of an order of this ticket: blocks, and the sentence that says them."""
    told, invoice = ticket.told, ticket.pack.invoice
    about.same(billed.document, invoice.number, "invoice of {line}", line=line.id)
    about.same(billed.type, invoice.type, "kind of document")
    about.same(
        line.quantity, Decimal(billed.blocks), "blocks of line {n}", n=line.position
    )
    about.same(line.quote, billed.order, "order of line {n}", n=line.position)
    if invoice.reverses:
        about.same(billed.rebill, invoice.reverses.rebill, "to be billed again")
        return
    if line.id in [note.about for _id, note in ticket.pack.of("note")]:
        return  # the note says that the sentence proves nothing
    found = SENTENCE.search(line.text)
    if not about.holds(
        found and line.text.startswith(told.number),
        "line {n} does not name the request, its minutes and its blocks.",
        n=line.position,
    ):
        return
    worked = sum(e.minutes for e in ticket.entries if e.recorded_at <= line.written_at)
    about.same(
        [int(each) for each in found.groups()],
        [worked, sign_of(billed) * billed.blocks, ticket.plan.block_minutes],
        "minutes, blocks and block in the sentence of line {n}",
        n=line.position,
    )
    said = BEFORE.search(line.text)
    about.same(
        int(said.group(1)) if said else 0,
        sum(sign_of(e) * e.blocks for e in before if e.order == billed.order),
        "billed before, in the sentence of line {n}",
        n=line.position,
    )
    about.holds(
        told.verdict.reason is None or told.verdict.reason in line.text,
        "line {n} gives another reason.",
        n=line.position,
    )


# ---------------------------------------------------------------------------
# Quotes
# ---------------------------------------------------------------------------


def local_day(at, timezone):
    """The day of a moment where the company is; in UTC where zones are unknown."""
    try:
        from zoneinfo import ZoneInfo

        return (at + ZoneInfo(timezone).utcoffset(at)).date()
    except (ImportError, LookupError, ValueError, OSError, TypeError):
        return at.date()


def check_quote(pack, id_, quote, report):
    about = report.about(quote.number)
    money = Money(pack.invoice.currency.decimals)
    work = [line.quantity for line in quote.lines if line.is_work]
    about.same(Decimal(quote.blocks), sum(work, Decimal(0)), "blocks", "its lines")
    about.holds(
        all(map(money.is_whole, (quote.untaxed, quote.total))),
        "its totals are not whole cents.",
    )
    lines = sum((line.amount for line in quote.lines), Decimal(0))
    slack = 0
    if any(tax.price_include for tax in pack.invoice.taxes):
        slack = slack_of(quote.lines, money)
    if abs(quote.untaxed - lines) > slack:
        about.same(quote.untaxed, lines, "subtotal", "the sum of the lines")
    pack.part(quote.ticket, "ticket", id_)
    sent = quote.kind == "quote" and (quote.sent_at or is_approved(quote))
    if sent or quote.content_text is not None or quote.content_hash is not None:
        check_content(quote, pack.invoice, about)
    if is_approved(quote):
        check_approval(quote, pack.invoice, about)
    else:
        about.same(quote.approval_order, None, "order of approval", "not approved")
    rates = {tax.rate for tax in pack.invoice.taxes if tax.price_include}
    for line in quote.lines:
        about.holds(
            is_amount_of(line, rates, slack, money),
            "{amount} is not {quantity} × {price} less {discount}%.",
            amount=line.amount,
            quantity=line.quantity,
            price=line.price_unit,
            discount=line.discount,
        )
    about.proven(
        "{blocks} blocks, {total}; {state} {by} {at} {grade}",
        state=W(quote.state),
        by=quote.approved_by or "",
        at=quote.approved_at or "",
        grade=W(quote.grade or ""),
        blocks=quote.blocks,
        total=quote.total,
    )


def title(text):
    """The first line; what is below it may be a customer's own words."""
    return text.split("\n")[0]


def check_content(quote, invoice, about):
    """What was sent is what is here: the hash, and the text that was hashed."""
    if quote.content_text is None or quote.content_hash is None:
        about.unproven("what was sent and its hash are not both here.")
        return
    about.same(quote.content_hash, sha256(quote.content_text), "hash of what was sent")
    try:
        content = json.loads(
            quote.content_text, parse_float=Decimal, parse_int=Decimal,
            parse_constant=str,
        )  # fmt: skip
        sent = [
            (title(line[1]), Decimal(line[2]), Decimal(line[4]), Decimal(line[5]))
            for line in content["lines"]
        ]
        total, currency = Decimal(content["total"]), content["currency"]
        valid_until = content["validity"] or None
    except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError):
        about.differs("what was hashed is not the content of a quote.")
        return
    own = [
        (title(each.text), each.quantity, each.price_unit, each.discount)
        for each in quote.lines
    ]
    sent = [each for each in sent if each[1] or each in own]
    about.same(sorted(own), sorted(sent), "text, quantity, price, discount as sent")
    about.same(quote.total, total, "total as sent")
    about.same(currency, invoice.currency.code, "currency as sent")
    until = quote.valid_until and quote.valid_until.isoformat()
    about.same(until, valid_until, "valid until, as sent")


def check_approval(quote, invoice, about):
    """Who approved, when, how, and whether he still could."""
    if not about.holds(
        quote.sent_at and quote.approved_at and quote.approved_by,
        "it is approved, and it does not say when it was sent, or when and by whom it"
        " was approved.",
    ):
        return
    if not quote.grade:
        about.remark("how it was approved (link, log-in, code) was not recorded.")
    about.holds(
        quote.signature_sha256 if quote.grade not in ("staff", "standing") else
        quote.signature_sha256 or quote.proof_sha256,
        "it has no signature and no proof of the approval.",
    )  # fmt: skip
    if quote.grade == "signed":
        about.holds(
            quote.proof_sha256,
            "its copy is said to be sealed, and the SHA-256 of the copy is missing.",
        )
    moments = [
        quote.made_at,
        quote.sent_at,
        quote.signed_at or quote.sent_at,
        quote.approved_at,
        invoice.posted_at,
    ]
    about.holds(
        moments == sorted(moments),
        "made, sent, signed, approved and billed are not in this order: {moments}.",
        moments=", ".join(map(str, moments)),
    )
    day = local_day(quote.approved_at, invoice.company.timezone)
    about.holds(
        quote.valid_until is None or day <= quote.valid_until,
        "approved at {at}, valid until {until}.",
        at=quote.approved_at,
        until=quote.valid_until,
    )


# ---------------------------------------------------------------------------
# Users of a month
# ---------------------------------------------------------------------------

SHARE = re.compile(r"(\d+) .*\((\d+)/(\d+)\)")
WHOLE = re.compile(r"(\d+) \w+")


def explained_days(explanation, month_days):
    """User-days that the sentence under the users adds up to; None when it is no such
    sentence.

    >>> explained_days("24 users; 2 from 12 March (20/31)", 31) == 24 * 31 + 2 * 20
    True
    """
    days = 0
    for part in explanation.split(": ")[-1].split("; "):
        share, whole = SHARE.fullmatch(part), WHOLE.fullmatch(part)
        if share and int(share.group(3)) == month_days:
            days += int(share.group(1)) * int(share.group(2))
        elif whole:
            days += int(whole.group(1)) * month_days
        elif part not in ("no users", "geen gebruikers"):
            return None
    return days


def month_end(first):
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def days_in_month(period, first):
    """First and last day of a plan period in a month, or None."""
    start = max(first, period.start)
    end = min(month_end(first), period.end or date.max)
    return (start, end) if start <= end else None


def users_of(charge, period):
    """(users in hundredths, user-days) of the month of a plan period."""
    first = charge.month
    month_days = month_end(first).day
    if period.policy == "first_day":
        there = 0
        if period.start <= first <= (period.end or first):
            there = user_days(charge.seats, first, first)
        return Decimal(there), there * month_days
    spans = [
        days_in_month(each, first)
        for each in charge.periods
        if each.policy == "prorated" and each.start <= period.start
    ]
    spans = sorted(span for span in spans if span)
    counted = [user_days(charge.seats, *span) for span in spans]
    own = counted[-1] if counted else 0
    upto, before = sum(counted), sum(counted[:-1])
    month = Decimal(month_days)
    return rounded(upto / month, 2) - rounded(before / month, 2), own


def check_charge(pack, id_, charge, report):
    about = report.about(
        W("users of {pbx}, {month:.7}"), pbx=charge.pbx, month=charge.month
    )
    money = Money(pack.invoice.currency.decimals)
    plan = pack.part(charge.plan, "plan", id_)
    seats = {seat.seat for seat in charge.seats}
    about.holds(
        len(seats) == len(charge.seats)
        and all(seat.replaces in seats | {None} for seat in charge.seats),
        "a user is there twice, or takes the place of one who is not here.",
    )
    about.same(charge.month_days, month_end(charge.month).day, "days of the month")
    about.same(charge.currency, pack.invoice.currency.code, "currency")
    periods = {period.id: period for period in charge.periods}
    period = periods.get(charge.period)
    if not about.holds(
        period and len(periods) == len(charge.periods)
        and days_in_month(period, charge.month),
        "its plan period is not in the month.",
    ):  # fmt: skip
        return
    spans = sorted((each.start, each.end or date.max) for each in charge.periods)
    about.holds(
        all(a[1] < b[0] for a, b in zip(spans, spans[1:])),
        "its plan periods overlap.",
    )
    about.same(period.policy, plan.seat_policy, "way of counting")
    about.same(period.currency, charge.currency, "currency of the plan period")
    now, days = users_of(charge, period)
    about.same(
        charge.now,
        now,
        "users of the month",
        "{days} user-days in {month_days} days",
        days=days,
        month_days=charge.month_days,
    )
    check_charge_amount(charge, period, money, about)
    about.same(
        explained_days(charge.explanation, charge.month_days),
        days,
        "user-days in the explanation",
    )
    check_charge_lines(pack, id_, charge, money, about)
    about.proven(
        "{days} user-days in {month_days} days are {now} users; {quantity} × {price}"
        " + {rounding} = {amount}",
        days=days,
        month_days=charge.month_days,
        now=charge.now,
        quantity=charge.quantity,
        price=charge.price,
        rounding=charge.rounding,
        amount=charge.amount,
    )


def check_charge_amount(charge, period, money, about):
    """Due minus billed before; all of one price comes to what one line would."""
    before = [
        each
        for each in charge.earlier
        if each.period == charge.period and each.revision < charge.revision
    ]
    known = {(each.period, each.revision) for each in charge.earlier}
    about.holds(
        len(known) == len(charge.earlier)
        and (charge.period, charge.revision) not in known
        and len(before) == charge.revision,
        "an earlier charge of the month is missing, or one is there twice.",
    )
    about.same(
        charge.was,
        sum((each.quantity - each.again for each in before), Decimal(0)),
        "users billed before",
    )
    about.same(charge.quantity, charge.now - charge.was, "users", "now less before")
    about.same(charge.price, period.price, "price", "of the plan period")
    about.same(
        charge.amount,
        money.round(charge.quantity * charge.price) + charge.rounding,
        "amount",
        "users × price and rounding",
    )
    same = [each for each in charge.earlier if each.price == charge.price]
    users = sum((each.quantity - each.again for each in same), charge.quantity)
    about.same(
        sum((each.amount for each in same), charge.amount),
        money.round(users * charge.price),
        "all lines of the month at this price",
        "{users} users × {price}",
        users=users,
        price=charge.price,
    )


def check_charge_lines(pack, id_, charge, money, about):
    """The invoice lines of a charge: its users, its rounding."""
    invoice = pack.invoice
    lines = [line for line in invoice.lines if line.charge == id_]
    users = [line for line in lines if line.source == "users"]
    cents = [line for line in lines if line.source == "rounding"]
    for line in users:
        about.same(line.price_unit, charge.price, "price of line {n}", n=line.position)
        about.holds(
            charge.explanation in line.text and charge.pbx in line.text,
            "line {n} explains the users otherwise.",
            n=line.position,
        )
    if invoice.reverses:
        return
    sign = sign_of(invoice)
    about.same(len(users), 1, "lines with its users")
    about.same(
        sum((line.quantity for line in users), Decimal(0)),
        sign * charge.quantity,
        "users on the invoice",
    )
    about.holds(
        all(abs(line.quantity) == 1 for line in cents),
        "the rounding is one line of one piece.",
    )
    about.same(
        sum((gross(line, money) for line in cents), Decimal(0)),
        sign * charge.rounding,
        "rounding on the invoice",
    )


# ---------------------------------------------------------------------------
# Credit
# ---------------------------------------------------------------------------


def check_credit(invoice, money, report):
    """A credit note gives back what was billed, at its price, once."""
    back = invoice.reverses
    about = report.about(W("credit of {number}"), number=back.number)
    billed = {each.line: each for each in back.lines}
    about.same(
        sorted(each.line for each in back.lines),
        sorted(line.id for line in invoice.lines),
        "credited lines",
    )
    sums = {}
    for line in invoice.lines:
        original = billed.get(line.id)
        if not original:
            continue
        about.same(
            line.credits, original.original, "what line {n} credits", n=line.position
        )
        share = line.quantity / original.quantity if original.quantity else 0
        about.holds(
            abs(line.amount - original.amount * share) <= money.cent,
            "line {n} credits {amount}, at another price than was billed.",
            n=line.position,
            amount=line.amount,
        )
        key = original.original or line.id
        sums.setdefault(key, [original, Decimal(0), Decimal(0)])
        sums[key][1] += line.quantity
        sums[key][2] += line.amount
    for original, quantity, amount in sums.values():
        for own, most, before, slack in (
            (quantity, original.quantity, original.credited_before, 0),
            (amount, original.amount, original.credited_before_amount, money.cent),
        ):
            sign = -1 if most < 0 else 1
            about.holds(
                0 <= sign * own
                and 0 <= sign * before + slack
                and sign * (own + before) <= sign * most + slack,
                "{own} credited and {before} before, of {most} billed.",
                own=own,
                before=before,
                most=most,
            )
    about.proven(
        "{count} lines, none above what was billed less what was credited before",
        count=len(invoice.lines),
    )


# ---------------------------------------------------------------------------
# All of it
# ---------------------------------------------------------------------------

# What a line of a source leans on.
GROUND = {"users": "charge", "rounding": "charge", "work": "ticket"}


def check_lines(pack, report):
    invoice = pack.invoice
    money = Money(invoice.currency.decimals)
    ids = [line.id for line in invoice.lines]
    positions = [line.position for line in invoice.lines]
    about = report.about(invoice.number)
    about.holds(
        len(set(ids)) == len(ids) and positions == sorted(set(positions)),
        "a line is there twice, or the lines are not in order.",
    )
    about.holds(invoice.lines, "it has no lines.")
    day = local_day(invoice.posted_at, invoice.company.timezone)
    if invoice.date > day:
        about.remark("dated {date}, posted on {day}.", date=invoice.date, day=day)
    if not invoice.whole_cents:
        about.unproven("its lines are not whole cents.")
    taxes = [tax.id for tax in invoice.taxes]
    used = {tax for line in invoice.lines for tax in line.taxes}
    about.same(sorted(taxes), sorted(used), "taxes", "those of the lines")
    for line in invoice.lines:
        about = report.about(W("line {n}"), n=line.position)
        for kind in ("ticket", "charge", "quote"):
            pack.part(line[kind], kind, line.id)
        ground = GROUND.get(line.source)
        about.holds(
            ground is None or line[ground] is not None,
            "it says {source} and leans on no {ground}.",
            source=line.source,
            ground=ground,
        )
        about.holds(
            line.written_at <= invoice.posted_at,
            "written at {at}, after the invoice was posted.",
            at=line.written_at,
        )
        check_price(pack, line, about)
        check_training(pack, line, about)
        check_quoted(pack, line, about)
        check_line(line, invoice, money, about)
        about.holds(
            invoice.reverses or line.credits is None,
            "it credits {line}, and the invoice credits nothing.",
            line=shown(line.credits),
        )
    if invoice.reverses:
        check_credit(invoice, money, report)
    check_totals(invoice, money, report)


def check_training(pack, line, about):
    """As many people as places are billed, and after the day."""
    trainings = [pack.part(each, "training", line.id) for each in line.training]
    if line.source != "training":
        about.holds(not trainings, "it names trainings, and is none.")
        return
    if pack.invoice.reverses:
        return
    about.same(abs(line.quantity), Decimal(len(trainings)), "trainings", "one a person")
    about.same(len(set(line.training)), len(trainings), "different people")
    for training in trainings:
        about.holds(
            training.day is not None and training.day <= last_day(pack.invoice),
            "the training of {person} is on {day}, after the invoice.",
            person=training.person,
            day=shown(training.day),
        )
        about.same(training.order, line.quote, "order of the training")
        about.holds(
            training.person in line.text,
            "{person} is not named on the line.",
            person=training.person,
        )


def check_quoted(pack, line, about):
    """A line that was ordered: the price and at most the quantity of the order."""
    order = pack.part(line.quote, "quote", line.id)
    if not order:
        return
    about.same(line.ticket, order.ticket, "request of the line", "of its order")
    offered = [
        each.quantity
        for each in order.lines
        if (each.price_unit, each.discount) == (line.price_unit, line.discount)
        and each.is_work == (line.source == "work")
    ]
    about.holds(
        offered and (order.kind != "quote" or abs(line.quantity) <= max(offered)),
        "{quantity} × {price_unit} less {discount}% was not on {order}.",
        order=order.number,
        quantity=line.quantity,
        price_unit=line.price_unit,
        discount=line.discount,
    )


def verify(value, report, head=None):
    """All findings about one pack."""
    extras = []
    pack = Pack(value, extras)
    report.title = clean(pack.invoice.number)
    check_chain(pack, report, head)
    check_lines(pack, report)
    for kind, check in (
        ("ticket", check_ticket),
        ("quote", check_quote),
        ("charge", check_charge),
        ("plan", check_plan),
    ):
        for id_, content in pack.of(kind):
            check(pack, id_, content, report)
    check_parts(pack, report, extras)
    report.pack = pack


def verify_safely(read, report, head=None):
    """The exit code for what ``read()`` gives, whatever that is; a report about it."""
    try:
        verify(read(), report, head)
        return report.exit_code
    except Unreadable as error:
        report.say("DIFFERS", report.title, error.words, **error.values)
    except (RecursionError, MemoryError):
        report.say(
            "DIFFERS",
            report.title,
            "This is no evidence pack: it is nested too deep or too large.",
        )
    except (ArithmeticError, ValueError):
        report.say(
            "DIFFERS",
            report.title,
            "This is no evidence pack: it holds figures that cannot be computed.",
        )
    return 2


def check_together(reports):
    """What several packs say of each other: the invoice that a credit note gives back,
    the blocks of a request on the invoice that billed them."""
    known = {}
    for report in reports:
        invoice = report.pack.invoice
        first = known.setdefault((invoice.company.name, invoice.number), report.pack)
        if first.raw.head != report.pack.raw.head:
            report.about(invoice.number).differs(
                "it is there twice, and not the same: {head}.", head=first.raw.head
            )
    for report in reports:
        pack = report.pack
        company, back = pack.invoice.company.name, pack.invoice.reverses
        if back and (company, back.number) in known:
            compare_credit(back, known[company, back.number], report)
        for id_, told in pack.of("ticket"):
            for document in {each.document for each in told.billed}:
                if (company, document) in known:
                    other = known[company, document]
                    compare_billed(id_, told, document, other, report)


def compare_credit(back, original, report):
    about = report.about(W("credit of {number}"), number=back.number)
    if back.head:
        about.same(back.head, original.raw.head, "the head")
    lines = {line.id: line for line in original.invoice.lines}
    for each in back.lines:
        line = lines.get(each.original)
        about.same(
            [each.quantity, each.amount],
            [line.quantity, line.amount] if line else [],
            "what {line} billed",
            line=shown(each.original),
        )
    about.proven("{count} lines, as that invoice has them", count=len(back.lines))


def compare_billed(id_, told, document, other, report):
    about = report.about(told.number)
    found, expected = {}, {}
    for each in told.billed:
        if each.document == document:
            found[each.order] = found.get(each.order, 0) + each.blocks
    for line in other.invoice.lines:
        if line.ticket == id_ and line.source == "work":
            expected[line.quote] = expected.get(line.quote, 0) + line.quantity
    about.holds(
        found == expected,
        "{document} bills other blocks of it than stand here.",
        document=document,
    )


RESULT = (
    "everything is proven",
    "NOT everything is proven",
    "not readable as evidence",
)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--head", help="the hash printed on the PDF of the pack")
    parser.add_argument("--lang", choices=("en", "nl"), default="en")
    parser.add_argument("--json", action="store_true", help="for machines")
    options = parser.parse_args(arguments)
    if options.head and len(options.files) > 1:
        parser.error("--head goes with one file")
    results = []
    for path in options.files:
        report = Report(path, options.lang)
        code = verify_safely(functools.partial(load, path), report, options.head)
        results.append((report, code))
    read = [report for report, _code in results if report.pack]
    check_together(read)
    results = [(each, max(code, each.exit_code)) for each, code in results]
    if not options.json:
        for report, code in results:
            _print(report, code)
        if len(results) > 1:
            _print_sum(results, options.lang)
    else:
        json.dump(
            [
                {
                    "file": report.path,
                    "invoice": report.title,
                    "exit": code,
                    "findings": report.findings,
                }
                for report, code in results
            ],
            sys.stdout,
            indent=1,
        )
        print()
    return max(code for _report, code in results)


def _print(report, code):
    def say(words):
        return phrase(words, report.lang)

    lines = [f"{report.title} ({clean(report.path)})"]
    for each in report.findings:
        lines.append(f"  {say(each['status']):9} {each['subject']}: {each['text']}")
    counted = ", ".join(
        f"{report.count(status)} {say(status)}"
        for status in STATUS
        if report.count(status)
    )
    lines += [f"{report.title}: {say(RESULT[code])} ({counted})", "", ""]
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write("\n".join(lines).encode(encoding, "replace").decode(encoding))


def _print_sum(results, lang):
    counts = [sum(code == each for _report, code in results) for each in range(3)]
    said = phrase(
        "{all} packs: {proven} proven, {other} not, {broken} not readable",
        lang,
        all=len(results),
        proven=counts[0],
        other=counts[1],
        broken=counts[2],
    )
    print(said)


# ---------------------------------------------------------------------------
# Dutch
# ---------------------------------------------------------------------------

# fmt: off
DUTCH = {
    'a day like "2026-03-31"': 'een dag zoals "2026-03-31"',
    'a decimal text like "41.00"': 'een decimale tekst zoals "41.00"',
    "a discount of {d}%.": "een korting van {d}%.",
    "a line is there twice, or the lines are not in order.":
    "een regel staat er dubbel, of de regels staan niet op volgorde.",
    "a list of at most {most}": "een lijst van hooguit {most}",
    'a moment like "2026-03-31T09:00:00Z"': 'een moment zoals "2026-03-31T09:00:00Z"',
    'a month like "2026-03"': 'een maand zoals "2026-03"',
    "a SHA-256 of 64 signs": "een SHA-256 van 64 tekens",
    "a text": "een tekst",
    "a text in Unicode": "een tekst in Unicode",
    "a user is there twice, or takes the place of one who is not here.":
    "een gebruiker staat er dubbel, of vervangt iemand die er niet staat.",
    "a whole number from {least} to {most}": "een geheel getal van {least} tot {most}",
    "above the limit": "boven de limiet",
    "all lines of the month at this price": "alle regels van de maand",
    "amount": "bedrag",
    "amount without VAT": "bedrag zonder btw",
    "amounts {a} and {i} are not whole cents.":
    "de bedragen {a} en {i} zijn geen hele centen.",
    "an earlier charge of the month is missing, or one is there twice.":
    "een eerdere maandpost ontbreekt, of staat er dubbel.",
    "an object": "een object",
    "approved": "akkoord",
    "approved at {at}, valid until {until}.":
    "akkoord op {at}, geldig tot en met {until}.",
    "approved blocks": "blokken met akkoord",
    "asked on {day}, when its plan was not in force.":
    "gevraagd op {day}, toen het plan niet gold.",
    "billable": "te factureren",
    "billable blocks": "te factureren blokken",
    "billed before, in the sentence of line {n}":
    "eerder gefactureerd, in de zin van regel {n}",
    "blocks": "blokken",
    "blocks are billed on {order}, which nobody approved.":
    "er zijn blokken gefactureerd op {order}, waarvoor niemand akkoord gaf.",
    "blocks credited for good": "blokken die definitief zijn gecrediteerd",
    "blocks of line {n}": "blokken van regel {n}",
    "blocks on invoices of the base order":
    "gefactureerde blokken van de basisopdracht",
    "by the provider's table {found}; by the terms it would be {expected}.":
    "volgens de tabel van de leverancier {found}; volgens de voorwaarden zou het "
    "{expected} zijn.",
    "chain": "keten",
    "code": "code",
    "covered": "inbegrepen",
    "credit of {number}": "credit van {number}",
    "credited lines": "gecrediteerde regels",
    "currency": "valuta",
    "currency as sent": "valuta zoals verzonden",
    "currency of the plan period": "valuta van de planperiode",
    "currency of the price": "valuta van de prijs",
    "dated {date}, posted on {day}.": "gedateerd {date}, geboekt op {day}.",
    "days of the month": "dagen van de maand",
    "delivery": "hoort bij de oplevering",
    "different people": "verschillende personen",
    "DIFFERS": "WIJKT AF",
    "discount": "korting",
    "draft": "concept",
    "everything is proven": "alles is bewezen",
    "expired": "verlopen",
    "family of the split": "delen van de splitsing",
    "hash of what was sent": "hash van wat is verzonden",
    "held minutes": "aangehouden minuten",
    "how it was approved (link, log-in, code) was not recorded.":
    "hoe akkoord is gegeven (link, inloggen, code) is niet vastgelegd.",
    "invoice of {line}": "factuur van {line}",
    "it counts work as recorded before the first quote that was recorded later.":
    "er telt werk als vastgelegd vóór de eerste offerte dat later is vastgelegd.",
    "its copy is said to be sealed, and the SHA-256 of the copy is missing.":
    "er staat dat de kopie is verzegeld, maar de SHA-256 van die kopie ontbreekt.",
    "it credits {line}, and the invoice credits nothing.":
    "crediteert {line}, maar de factuur crediteert niets.",
    "it has no lines.": "er staan geen regels op.",
    "it has no plan": "er is geen plan",
    "it has no signature and no proof of the approval.":
    "er is geen handtekening en geen bewijs van het akkoord.",
    "it is approved, and it does not say when it was sent, or when and by whom it was "
    "approved.":
    "er is akkoord, maar er staat niet wanneer de offerte is verzonden, of wanneer "
    "en door wie akkoord is gegeven.",
    "it is not in its own family.": "de aanvraag staat niet in zijn eigen splitsing.",
    "it is there twice, and not the same: {head}.":
    "staat er twee keer, en niet gelijk: {head}.",
    "it names trainings, and is none.": "er staan trainingen bij, maar het is er geen.",
    "it says {source} and leans on no {ground}.":
    "er staat {source}, zonder {ground} als grond.",
    "its entries are not in order, or one is there twice.":
    "de uren staan niet op volgorde, of een boeking staat er dubbel.",
    "its entries were not recorded in the order of their numbers.":
    "de uren zijn niet vastgelegd in de volgorde van hun nummers.",
    "its lines": "de regels",
    "its lines are not whole cents.": "de regels zijn geen hele centen.",
    "its lines of work": "de regels met werk",
    "its plan period is not in the month.": "de planperiode valt niet in de maand.",
    "its plan periods overlap.": "de planperiodes overlappen elkaar.",
    "its price has no ground in the pack.": "de prijs heeft geen grond in het bestand.",
    "its price is in force from {since}, after the invoice.":
    "de prijs geldt pas vanaf {since}, na de factuur.",
    "its quotes": "de offertes ervan",
    "its quotes are not in the order in which they were approved.":
    "de offertes staan niet in de volgorde waarin akkoord is gegeven.",
    "its reason is not that of the row: {reason}":
    "de reden is niet die van de rij: {reason}",
    "its table decides every request as the terms do.":
    "de tabel beslist elke aanvraag zoals de voorwaarden.",
    "its taxes are not all on the invoice, or one is there twice.":
    "niet alle btw-codes staan op de factuur, of een staat er dubbel.",
    "its totals are not whole cents.": "de totalen zijn geen hele centen.",
    "kind of document": "soort document",
    "limit": "limiet",
    "line {n}": "regel {n}",
    "line {n} credits {amount}, at another price than was billed.":
    "regel {n} crediteert {amount}, tegen een andere prijs dan gefactureerd.",
    "line {n} does not name the request, its minutes and its blocks.":
    "regel {n} noemt de aanvraag, de minuten en de blokken niet.",
    "line {n} explains the users otherwise.":
    "regel {n} licht de gebruikers anders toe.",
    "line {n} gives another reason.": "regel {n} noemt een andere reden.",
    "lines with its users": "regels met de gebruikers",
    "link": "link",
    "login": "ingelogd",
    "made, sent, signed, approved and billed are not in this order: {moments}.":
    "gemaakt, verzonden, getekend, akkoord en gefactureerd staan niet in deze "
    "volgorde: {moments}.",
    "minutes, blocks and block in the sentence of line {n}":
    "minuten, blokken en blok in de zin van regel {n}",
    "more is released than when the first quote was made.":
    "er is meer vrijgegeven dan toen de eerste offerte werd gemaakt.",
    "not approved": "geen akkoord",
    "NOT everything is proven": "NIET alles is bewezen",
    "not readable as evidence": "niet leesbaar als bewijs",
    "not_applicable": "niet van toepassing",
    "nothing": "niets",
    "nothing on the invoice leads to this part.":
    "niets op de factuur leidt naar dit deel.",
    "now less before": "nu min eerder",
    "of its order": "van de opdracht ervan",
    "of the plan period": "van de planperiode",
    "of {b} is {t}": "over {b} is {t}",
    "once over {b}": "één keer over {b}",
    "one a person": "één per persoon",
    "one of {names}": "een van {names}",
    "order of approval": "volgorde van akkoord",
    "order of line {n}": "opdracht van regel {n}",
    "order of the training": "opdracht van de training",
    "part {position} ({id}) does not follow the part before it.":
    "deel {position} ({id}) sluit niet aan op het deel ervoor.",
    "part {position} ({id}) was changed: its content gives {found}…, it says {said}….":
    "deel {position} ({id}) is gewijzigd: de inhoud geeft {found}…, er staat {said}….",
    "price": "prijs",
    "price of line {n}": "prijs van regel {n}",
    "proven": "bewezen",
    "recorded before a quote, at most {limit} over the family":
    "vastgelegd vóór een offerte, hooguit {limit} over alle delen",
    "refused": "afgewezen",
    "released and approved blocks": "vrijgegeven blokken en blokken met akkoord",
    "released blocks": "vrijgegeven blokken",
    "released minutes": "vrijgegeven minuten",
    "remark": "opmerking",
    "request of the line": "aanvraag van de regel",
    "rounding on the invoice": "afronding op de factuur",
    "row {rule} does not decide this, but {rows}.":
    "rij {rule} beslist dit niet, maar {rows}.",
    "sent": "verzonden",
    "several taxes in one price cannot be recomputed here.":
    "meer belastingen in één prijs zijn hier niet na te rekenen.",
    "signed": "getekend",
    "somebody changed the verdict, without reason or name.":
    "iemand heeft het oordeel gewijzigd, zonder reden of naam.",
    "staff": "door ons vastgelegd",
    "standing": "vooraf afgesproken",
    "status": "status",
    "subtotal": "subtotaal",
    "taxes": "btw-codes",
    "text, quantity, price, discount as sent": "tekst, aantal, prijs, korting",
    "the changes of the verdict are not in order.":
    "de wijzigingen van het oordeel staan niet op volgorde.",
    "The file cannot be read: {why}.": "Het bestand is niet te lezen: {why}.",
    "the grace is not shorter than a block.": "de marge is niet korter dan een blok.",
    "the head": "de kop",
    "the lines excl. VAT": "de regels excl. btw",
    "the list price is {found}; the terms say {expected}.":
    "de lijstprijs is {found}; de voorwaarden zeggen {expected}.",
    "The pack is not complete: {at} refers to {kind} {id}, which is not in it.":
    "Het bestand is niet compleet: {at} verwijst naar {kind} {id}, en dat zit er "
    "niet in.",
    "the parts do not stand in the order of the format.":
    "de delen staan niet in de volgorde van het formaat.",
    "the provider's plan differs from the terms (blocks of 15 minutes, a quote above "
    "60): {block_minutes} minutes, grace {grace_minutes}, per {rounding_scope}, a "
    "quote above {limit}.":
    "het plan van de leverancier wijkt af van de voorwaarden (blokken van 15 "
    "minuten, offerte boven 60): {block_minutes} minuten, marge {grace_minutes}, per "
    "{rounding_scope}, offerte boven {limit}.",
    "the provider's table differs from the terms in row {at}: {outcome}, by the terms "
    "{expected} ({count} kinds of request, for example {example}).":
    "de tabel van de leverancier wijkt in rij {at} af van de voorwaarden: {outcome}, "
    "volgens de voorwaarden {expected} ({count} soorten aanvragen, bijvoorbeeld "
    "{example}).",
    "the rounding is one line of one piece.": "de afronding is één regel van één stuk.",
    "the rows of its table are not in order, or one is there twice.":
    "de rijen van de tabel staan niet op volgorde, of een rij staat er dubbel.",
    "the sum of its lines": "de som van de regels ervan",
    "the sum of the entries": "de som van de boekingen",
    "the sum of the lines": "de som van de regels",
    "the training of {person} is on {day}, after the invoice.":
    "de training van {person} is op {day}, na de factuur.",
    "This is no evidence pack: a name stands twice in one object, so that two readers "
    "can read two things.":
    "Dit is geen bewijsbestand: een naam staat twee keer in een object, zodat twee "
    "lezers twee dingen kunnen lezen.",
    "This is no evidence pack: it does not hold exactly one invoice.":
    "Dit is geen bewijsbestand: er zit niet precies één factuur in.",
    "This is no evidence pack: it holds figures that cannot be computed.":
    "Dit is geen bewijsbestand: er staan cijfers in die niet te rekenen zijn.",
    "This is no evidence pack: it is larger than {most} MB.":
    "Dit is geen bewijsbestand: het is groter dan {most} MB.",
    "This is no evidence pack: it is nested too deep or too large.":
    "Dit is geen bewijsbestand: het is te diep genest of te groot.",
    "This is no evidence pack: it is not JSON ({why}).":
    "Dit is geen bewijsbestand: het is geen JSON ({why}).",
    "This is no evidence pack: it is not text in UTF-8.":
    "Dit is geen bewijsbestand: het is geen tekst in UTF-8.",
    "This is no evidence pack: the number {value} is too large.":
    "Dit is geen bewijsbestand: het getal {value} is te groot.",
    "This is no evidence pack: two parts are called {id}.":
    "Dit is geen bewijsbestand: twee delen heten {id}.",
    "This is no evidence pack: {at} has no {name}.":
    "Dit is geen bewijsbestand: in {at} ontbreekt {name}.",
    "This is no evidence pack: {at} is not {wanted}.":
    "Dit is geen bewijsbestand: {at} is niet {wanted}.",
    "This is no evidence pack: {value} is a number with a fraction; amounts are "
    "decimal texts.":
    "Dit is geen bewijsbestand: {value} is een getal met een breuk; bedragen zijn "
    "decimale teksten.",
    "this is not the pack that was stored when the invoice was posted":
    "dit is niet het bestand dat bij het boeken is bewaard",
    "this verifier does not know what that is.": "deze controle weet niet wat dat is.",
    "those of the lines": "die van de regels",
    "ticket of its quote": "aanvraag van de offerte",
    "to be billed again": "opnieuw te factureren",
    "total": "totaal",
    "total as sent": "totaal zoals verzonden",
    "totals": "totalen",
    "trainings": "trainingen",
    "true or false": "true of false",
    "undecided": "onbeslist",
    "UNPROVEN": "ONBEWEZEN",
    "user-days in the explanation": "gebruikersdagen in de toelichting",
    "users": "gebruikers",
    "users billed before": "eerder gefactureerde gebruikers",
    "users of the month": "gebruikers van de maand",
    "users of {pbx}, {month:.7}": "gebruikers van {pbx}, {month:.7}",
    "users on the invoice": "gebruikers op de factuur",
    "users × price and rounding": "gebruikers × prijs en afronding",
    "valid until, as sent": "geldig tot en met, zoals verzonden",
    "VAT": "btw",
    "VAT of {taxes} is missing.": "btw van {taxes} ontbreekt.",
    "VAT of {taxes} stands there, and no line or two sums have it.":
    "btw van {taxes} staat er, en geen regel of twee sommen hebben die.",
    "VAT {name}": "btw {name}",
    "verdict": "oordeel",
    "verdict of the table": "oordeel van de tabel",
    "way of counting": "telwijze",
    "what is left of {w}": "wat overblijft van {w}",
    "what line {n} credits": "wat regel {n} crediteert",
    "what was hashed is not the content of a quote.":
    "waar de hash van is genomen is geen inhoud van een offerte.",
    "what was sent and its hash are not both here.":
    "wat is verzonden en de hash daarvan zijn er niet allebei.",
    "what {line} billed": "wat {line} factureerde",
    "work of {day} was recorded at {at}.": "werk van {day} is vastgelegd op {at}.",
    "worked minutes": "gewerkte minuten",
    "written at {at}, after the invoice was posted.":
    "geschreven op {at}, nadat de factuur was geboekt.",
    "{all} packs: {proven} proven, {other} not, {broken} not readable":
    "{all} bestanden: {proven} bewezen, {other} niet, {broken} niet leesbaar",
    "{amount} is not {quantity} × {price} less {discount}%.":
    "{amount} is niet {quantity} × {price} min {discount}%.",
    "{a} excl. and {i} incl. VAT are not {r}% apart.":
    "{a} excl. en {i} incl. btw liggen geen {r}% uit elkaar.",
    "{blocks} blocks, {total}; {state} {by} {at} {grade}":
    "{blocks} blokken, {total}; {state} {by} {at} {grade}",
    "{by} decided {outcome} at {at}: {reason}":
    "{by} besliste {outcome} op {at}: {reason}",
    "{code} is the provider's own plan, not of the terms.":
    "{code} is een eigen plan van de leverancier, niet uit de voorwaarden.",
    "{count} blocks are billed on {order}, of at most {most}.":
    "{count} blokken zijn gefactureerd op {order}, van hooguit {most}.",
    "{count} lines, as that invoice has them": "{count} regels, zoals op die factuur",
    "{count} lines, none above what was billed less what was credited before":
    "{count} regels, geen boven wat is gefactureerd min wat eerder is gecrediteerd",
    "{count} parts, head {head}": "{count} delen, kop {head}",
    "{days} user-days in {month_days} days":
    "{days} gebruikersdagen in {month_days} dagen",
    "{days} user-days in {month_days} days are {now} users; {quantity} × {price} + "
    "{rounding} = {amount}":
    "{days} gebruikersdagen in {month_days} dagen zijn {now} gebruikers; {quantity} "
    "× {price} + {rounding} = {amount}",
    "{document} bills other blocks of it than stand here.":
    "{document} factureert er andere blokken van dan hier staan.",
    "{minutes} minutes above what was released were recorded before the customer "
    "approved them.":
    "{minutes} minuten boven wat was vrijgegeven zijn vastgelegd vóórdat de klant "
    "akkoord gaf.",
    "{outcome} (row {rule}); {count} entries, {minutes} minutes are {worked} blocks "
    "of {block}; at most {limit}; billable {billable}":
    "{outcome} (rij {rule}); {count} boekingen, {minutes} minuten zijn {worked} "
    "blokken van {block}; hooguit {limit}; te factureren {billable}",
    "{outcome}, not billed": "{outcome}, niet gefactureerd",
    "{outcome}; {minutes} minutes, at most {limit} blocks":
    "{outcome}; {minutes} minuten, hooguit {limit} blokken",
    "{own} credited and {before} before, of {most} billed.":
    "{own} gecrediteerd en {before} eerder, van {most} gefactureerd.",
    "{person} is not named on the line.": "{person} staat niet op de regel.",
    "{quantity} × {price_unit} less {discount}% was not on {order}.":
    "{quantity} × {price_unit} min {discount}% stond niet op {order}.",
    "{q} × {p} less {d}%": "{q} × {p} min {d}%",
    "{q} × {p} less {d}% = {a}, {i} with VAT": "{q} × {p} min {d}% = {a}, {i} met btw",
    "{rest} blocks are to be billed yet.": "{rest} blokken zijn nog te factureren.",
    "{rest} blocks were to be billed, and are neither billed nor waived.":
    "{rest} blokken waren te factureren, en zijn niet gefactureerd en niet "
    "kwijtgescholden.",
    "{tax} is not a percentage; this verifier cannot recompute it.":
    "{tax} is geen percentage; deze controle kan het niet narekenen.",
    "{used} blocks are billed, credited or waived; {most} were to be billed: each "
    "block counts once.":
    "{used} blokken zijn gefactureerd, gecrediteerd of kwijtgescholden; te "
    "factureren waren er {most}: elk blok telt één keer.",
    "{users} users × {price}": "{users} gebruikers × {price}",
    "{u} + VAT {t} = {s} {c}": "{u} + btw {t} = {s} {c}",
    "{what}: found {found}, expected {expected} ({why}).":
    "{what}: gevonden {found}, verwacht {expected} ({why}).",
    "{what}: found {found}, expected {expected}.":
    "{what}: gevonden {found}, verwacht {expected}.",
}
# fmt: on

if __name__ == "__main__":
    sys.exit(main())
