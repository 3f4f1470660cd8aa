"""A changed pack is caught.

Three forgers: who changes a pack and leaves the chain; who makes the chain anew while
the head of the posted invoice is known; who makes it anew where nobody knows the head.
The third is caught by recomputing, for all that the figures lean on; what only the head
can show is listed in ``verify/README.md``, and here.
"""

import functools
import json
import random

from . import ROOT, THOROUGH
from .asking import against
from .builder import MONTH, copied, days_of, rechained, users_on
from .mutations import get, mutated, other, path, places, put
from .stories import Story

COUNT = 500
LAST = MONTH.replace(day=31)
# Stands in a pack once: nothing else in it says the same.
TOLD = {
    "invoice": "company.country company.name company.timezone company.vat customer.name"
    " customer.reference customer.vat date due_date language lines.id lines.position"
    " lines.text lines.written_at number posted_at reverses.head reverses.rebill"
    " taxes.category taxes.name",
    "plan": "code edition name requires_certified_admin warn_minutes",
    "table": "rows.clause rows.key rows.name rows.position rows.reason",
    "price": "list_currency list_price pricelist product rule set_on since unit",
    "quote": "approved_at approved_by decline_reason lines.id lines.product lines.text"
    " made_at number sent_at signed_at signature_sha256 proof_sha256 total valid_until"
    " grade",
    "ticket": "billed billed.date billed.document billed.reverses entries.by"
    " entries.day entries.id entries.reason entries.recorded_at estimated_minutes"
    " family number overrides overrides.at overrides.by overrides.old"
    " overrides.reason pbx plan_period.end plan_period.start requested_on"
    " situation.accepted_on situation.ended_on"
    " subject verdict.given_at verdict.reason waivers.at waivers.by waivers.reason",
    "charge": "made_at periods seats seats.label seats.seat earlier earlier.invoiced",
    "training": "certificate day hours result",
}
# Caught where it changes a figure; here it may be a user of another month, a rate of
# nothing, a row that does not decide, a charge at another price, the cent of a line of
# a quote whose prices have VAT in them.
WITHOUT_EFFECT = {
    "invoice": "taxes taxes.price_include taxes.rate totals.by_rate lines.discount"
    " early_payment.computation early_payment.percentage"
    " lines.taxes reverses.lines reverses.lines.amount reverses.lines.credited_before"
    " reverses.lines.credited_before_amount reverses.lines.quantity",
    "plan": "block_minutes grace_minutes quote_threshold_minutes rounding_scope"
    " quote_billing",
    "table": "rows rows.conditions.change_scope rows.conditions.replaces_user"
    " rows.conditions.warranty rows.conditions.fault_domain rows.outcome"
    " rows.conditions.work_location",
    "price": "",
    "quote": "lines lines.quantity lines.price_unit lines.amount untaxed",
    "ticket": "facts.change_scope facts.replaces_user facts.warranty facts.fault_domain"
    " facts.work_location released.cap.blocks released.cap.last_entry"
    " released.cap.minutes",
    "charge": "earlier.amount earlier.again earlier.period earlier.price"
    " earlier.quantity earlier.revision periods.currency periods.end periods.id"
    " periods.price periods.start periods.policy seats.charged seats.first seats.last"
    " seats.replaces",
    "training": "",
}


@functools.lru_cache
def originals():
    """Packs of the provider's own test, and of customers by chance."""
    files = sorted((ROOT / "tests" / "evidence" / "packs").glob("*.json"))
    told = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    return told + [Story(random.Random(seed)).pack() for seed in range(40)]


@functools.lru_cache
def packs():
    """``COUNT`` (what was done, pack, changed pack), always the same."""
    rnd, found = random.Random(20260331), []
    for number in range(COUNT):
        pack = originals()[number % len(originals())]
        done, changed = mutated(rnd, pack)
        found.append((done, pack, changed))
    return found


def test_who_leaves_the_chain_is_caught():
    missed = [done for done, _pack, changed in packs() if not against(changed)]
    assert missed == []


def test_who_makes_it_anew_is_caught_by_the_head():
    missed = []
    for done, pack, changed in packs():
        if not against(rechained(changed), head=pack["head"]):
            missed.append(done)
    assert missed == []


def test_without_the_head_recomputing_catches_what_the_figures_lean_on():
    missed = [
        (done, kind, path(at))
        for (done, kind, at), _pack, changed in packs()
        if not against(rechained(changed))
    ]
    assert [each for each in missed if not may_be_missed(*each)] == []
    # names, moments and texts are about a third of what a pack holds
    assert len(missed) < COUNT * 0.45


def may_be_missed(done, kind, at):
    known = f"{TOLD[kind]} {WITHOUT_EFFECT[kind]}".split()
    return done in ("order", "swap") or at in known


def one_by_one(rnd, some, wanted):
    """(pack, part, path, the pack with another value there, the changed content) for
    each value of each part that is ``wanted(kind, path)``."""
    for pack in some:
        for number, part in enumerate(pack["parts"]):
            for at in places(part["content"]):
                if not wanted(part["kind"], path(at)):
                    continue
                changed = copied(pack)
                content = changed["parts"][number]["content"]
                put(content, at, other(rnd, get(content, at)))
                yield pack, part, at, rechained(changed), content


def test_whatever_is_a_figure_is_caught_wherever_it_stands():
    """All values that are neither told nor without effect, one after the other."""
    rnd = random.Random(1)
    some = rnd.sample(originals(), 60 if THOROUGH else 4)
    count, missed = 0, []
    for _pack, part, at, changed, _content in one_by_one(
        rnd, some, lambda kind, at: not may_be_missed("value", kind, at)
    ):
        count += 1
        if not against(changed):
            missed.append((part["kind"], path(at)))
    assert count > 300
    assert missed == []


def test_a_day_of_a_user_is_caught_whenever_it_is_one_of_the_month():
    """Counted day by day here; a user of whom the month does not know changes none."""
    dates = ("seats.first", "seats.last", "seats.charged")
    count = 0
    for _pack, part, at, changed, content in one_by_one(
        random.Random(2), originals(), lambda kind, at: kind == "charge" and at in dates
    ):
        if (
            isinstance(get(content, at), (str, bool))
            and part["content"]["month"] == str(MONTH)[:7]
        ):
            if user_days(content) != user_days(part["content"]):
                count += 1
                assert against(changed), at
    assert count > 30


def user_days(charge):
    """Users of each day that this charge bills."""
    period = next(e for e in charge["periods"] if e["id"] == charge["period"])
    days = [MONTH] if period["policy"] == "first_day" else days_of(MONTH, LAST)
    return [
        users_on(day, charge["seats"])
        for day in days
        if period["start"] <= str(day) <= (period["end"] or str(day))
    ]


def test_a_rate_is_caught_wherever_money_stands_under_it():
    count = 0
    for _pack, part, at, changed, _content in one_by_one(
        random.Random(3), originals(), lambda _kind, at: at == "taxes.rate"
    ):
        tax = part["content"]["taxes"][at[1]]["id"]
        for each in part["content"]["totals"]["by_rate"]:
            if each["taxes"] == [tax] and abs(float(each["base"])) > 99:
                count += 1
                assert against(changed), at
    assert count > 10
