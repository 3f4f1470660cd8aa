"""Advice: one history under several plans, against a calculator that counts."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from odoo.addons.nox_voip_service.policy import advice, break_even
from odoo.addons.nox_voip_service.policy.coverage import Request, Rule, Table
from odoo.addons.nox_voip_service.policy.days import Span
from odoo.addons.nox_voip_service.policy.facts import SPACE
from odoo.addons.nox_voip_service.policy.limit import LimitPolicy
from odoo.addons.nox_voip_service.policy.seats import Seat
from odoo.addons.nox_voip_service.policy.timeblocks import BlockPolicy, Entry

from . import oracle_days, oracle_minutes, simulated_pbx
from .shipped import PLAN_CODES, shipped_rules

YEAR = date(2027, 1, 1), date(2027, 12, 31)
BLOCK = Decimal("20.50")
SHIPPED = {code: Table(shipped_rules(code)) for code in PLAN_CODES}
REMOTE = Request("adjustment", "remote")
ON_SITE = Request("adjustment", "on_site")
UNKNOWN = Request("user_addition", "remote")


def plan(code, **values):
    values = {"limit": LimitPolicy(), "block_price": advice.flat(BLOCK), **values}
    return advice.Terms(code, SHIPPED[code], **values)


def contract(amount="5.00", **values):
    return plan(
        "contract",
        seat_policy="prorated",
        user_prices=((YEAR[0], Decimal(amount)),),
        **values,
    )


STANDARD, CONTRACT = plan("standard"), contract()
SELF_MANAGED = plan("self_managed", once=Decimal("350.00"))


def work(key, request, *minutes, day=date(2027, 3, 2), **values):
    return advice.Work(
        key, day, request, tuple(Entry(day, each) for each in minutes), **values
    )


def year(*works, users=0):
    staff = tuple(Seat(number, date(2026, 1, 1)) for number in range(users))
    return advice.History(*YEAR, tuple(works), staff)


def amounts(history):
    """Totals of the three plans, from the least to the most, as text."""
    return [
        " - ".join(dict.fromkeys(map(str, advice.price(history, terms).total)))
        for terms in (STANDARD, CONTRACT, SELF_MANAGED)
    ]


# --- by hand ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("works", "users", "expected"),
    [
        # 12 months of 2 users at 5.00; 20 and 21 minutes are 2 + 2 blocks of 20.50.
        ([(REMOTE, 20), (REMOTE, 10, 11)], 2, ["82.00", "120.00", "432.00"]),
        # Work on site is billed under each plan: 61 minutes are 5 blocks, approved.
        ([(ON_SITE, 61)], 1, ["102.50", "162.50", "452.50"]),
        # Nobody knows whether the user replaces one: a contract covers that.
        ([(UNKNOWN, 30)], 0, ["41.00", "0.00 - 41.00", "391.00"]),
        # No row answers other remote work under a contract: people decide.
        ([(Request("other", "remote"), 15)], 0, ["20.50", "0.00 - 20.50", "370.50"]),
        # Our own fault, mended remotely, costs nothing anywhere.
        (
            [(Request("fault", "remote", fault_domain="own"), 45)],
            0,
            ["0.00", "0.00", "350.00"],
        ),
        ([], 0, ["0", "0", "350.00"]),
    ],
)
def test_by_hand(works, users, expected):
    history = year(*(work(n, *each) for n, each in enumerate(works)), users=users)
    assert list(map(normal, amounts(history))) == list(map(normal, expected))


def normal(text):
    return [Decimal(each).quantize(Decimal("0.01")) for each in text.split(" - ")]


def test_included_is_what_covered_work_would_have_cost():
    history = year(work(1, REMOTE, 20), work(2, UNKNOWN, 15), work(3, ON_SITE, 15))
    found = advice.price(history, CONTRACT)
    assert found.included == (Decimal("41.00"), Decimal("61.50"))
    assert found.work == (Decimal("20.50"), Decimal("41.00"))
    assert found.blocks == 2


def test_the_same_unknown_counts_for_both_plans():
    """Two plans with one table: whatever the user turns out to be, no difference."""
    history = year(work(1, UNKNOWN, 30))
    assert advice.price(history, CONTRACT).work == (0, 41)
    dearer = replace(contract(), plan="other", block_price=advice.flat(Decimal(30)))
    assert advice.difference(history, CONTRACT, dearer) == (0, 19)


def test_split_requests_share_the_hour_and_an_estimate_is_a_quote():
    fixed = LimitPolicy(quote_billing="fixed")
    alone = [work(1, ON_SITE, 40, estimate=55), work(2, ON_SITE, 5, estimate=50)]
    family = [each._replace(family="root") for each in alone]
    assert advice.work_blocks(alone, fixed) == {1: 3, 2: 1}
    # 40 + 50 minutes are over the hour of the family: the second was quoted whole.
    assert advice.work_blocks(family, fixed) == {1: 3, 2: 4}
    assert advice.work_blocks(family, LimitPolicy()) == {1: 3, 2: 1}
    assert advice.work_blocks([work(1, ON_SITE, estimate=90)], fixed) == {1: 0}


def test_a_price_counts_from_its_day():
    """3 users: 5.00 until June, 6.00 from 16 July; before its first day the first."""
    dated = replace(
        CONTRACT,
        user_prices=((date(2027, 2, 1), Decimal(5)), (date(2027, 7, 16), Decimal(6))),
    )
    # 6 months of 15.00, July 15/31 and 16/31 (1.45 and 1.55 users), 5 of 18.00.
    july = Decimal("7.25") + Decimal("9.30")
    found = advice.price(year(users=3), dated)
    assert found.users == 6 * 15 + july + 5 * 18
    late = replace(CONTRACT, user_prices=((date(2028, 2, 1), Decimal(5)),))
    assert advice.price(year(users=3), late).users == 180


def test_as_it_was_takes_each_plan_on_its_days():
    middle = date(2027, 7, 1)
    stays = [
        advice.Stay(Span(date(2020, 1, 1), middle - timedelta(1)), STANDARD),
        advice.Stay(Span(middle), CONTRACT, Decimal("4.00")),
        advice.Stay(Span(date(2030, 1, 1)), SELF_MANAGED),
    ]
    history = year(
        work(1, REMOTE, 15), work(2, REMOTE, 90, day=date(2027, 8, 2)), users=2
    )
    found = advice.as_it_was(history, stays)
    assert (found.total.low, found.users, found.once) == (
        Decimal("20.50") + 6 * 8,
        48,
        0,
    )
    assert found.included == (Decimal("123.00"), Decimal("123.00"))


def test_better_and_break_even_by_hand():
    """Two users at 5.00 are 120.00 a year: six blocks of included work pay for it."""
    little, much = (
        year(*(work(n, REMOTE, 15) for n in range(count)), users=2) for count in (5, 6)
    )
    assert advice.difference(little, STANDARD, CONTRACT).low == Decimal("17.50")
    assert advice.difference(much, STANDARD, CONTRACT).high == Decimal("-3.00")
    assert break_even.break_even_blocks(little, STANDARD, CONTRACT) == 6
    # 102.50 pays for one user (60.00), 123.00 for two.
    assert break_even.break_even_users(little, STANDARD, CONTRACT) == (1, 1)
    assert break_even.break_even_users(much, CONTRACT, STANDARD) == (2, 2)
    # A training of 350.00 is 18 blocks that an own administrator takes over.
    assert break_even.break_even_blocks(much, STANDARD, SELF_MANAGED) == 18
    assert break_even.break_even_users(much, STANDARD, SELF_MANAGED) is None
    assert break_even.break_even_blocks(much, SELF_MANAGED, STANDARD) is None


def test_break_even_without_a_point():
    nothing = year(users=1)
    assert break_even.break_even_users(nothing, STANDARD, CONTRACT) == (0, 0)
    on_site = year(work(1, ON_SITE, 15))
    dearer = contract(block_price=advice.flat(Decimal(30)))
    assert break_even.break_even_users(on_site, STANDARD, dearer) == (None, None)
    unknown = year(work(1, UNKNOWN, 90))
    assert break_even.break_even_users(unknown, STANDARD, CONTRACT) == (0, 2)
    assert break_even.break_even_users(nothing, STANDARD, contract("0")) is None
    tiny = replace(CONTRACT, user_prices=((YEAR[0], Decimal("0.00001")),))
    assert break_even.break_even_users(nothing, STANDARD, tiny) == (None, None)
    free = plan("standard", block_price=advice.flat(Decimal(0)))
    assert break_even.break_even_blocks(nothing, free, CONTRACT) is None


# --- properties ------------------------------------------------------------

REQUESTS = st.sampled_from(SPACE).flatmap(
    lambda full: st.sets(st.sampled_from(full._fields), max_size=3).map(
        lambda hidden: full._replace(**dict.fromkeys(hidden))
    )
)
PRICES = st.integers(1, 4000).map(lambda cents: Decimal(cents).scaleb(-2))


@st.composite
def works(draw):
    found = []
    for key in range(draw(st.integers(0, 6))):
        day = YEAR[0] + timedelta(draw(st.integers(0, 364)))
        minutes = draw(st.lists(st.integers(1, 130), max_size=3))
        found.append(
            work(
                key,
                draw(REQUESTS),
                *minutes,
                day=day,
                estimate=draw(st.sampled_from([0, 0, 45, 90])),
                family=draw(st.sampled_from([None, None, "one"])),
            )
        )
    return found


@st.composite
def histories(draw):
    rng = random.Random(draw(st.integers(0, 2**32)))
    return advice.History(*YEAR, tuple(draw(works())), tuple(simulated_pbx.seats(rng)))


@st.composite
def terms(draw, code=None, scopes=("ticket", "day", "entry")):
    code = code or draw(st.sampled_from(PLAN_CODES))
    users = code == "contract"
    return plan(
        code,
        block_price=advice.flat(draw(PRICES)),
        limit=LimitPolicy(
            BlockPolicy(
                15, draw(st.sampled_from([0, 5])), draw(st.sampled_from(scopes))
            ),
            draw(st.sampled_from([60, None])),
            45,
        ),
        seat_policy=draw(st.sampled_from(["prorated", "first_day"])) if users else None,
        user_prices=((YEAR[0], draw(PRICES)),) if users else (),
        once=draw(st.sampled_from([Decimal(0), Decimal(350)])),
    )


def filled(request):
    """Every complete request that this one may turn out to be."""
    return [
        full
        for full in SPACE
        if all(mine in (None, its) for mine, its in zip(request, full))
    ]


def by_counting(entries, limit):
    policy = limit.blocks
    shape = policy.block_minutes, policy.grace_minutes, policy.scope
    return oracle_minutes.walk(entries, *shape)[0]


def outcome(terms, full):
    """The first row that matches, read off row by row."""
    for rule in terms.table.rules:
        wanted = [(getattr(rule, name), getattr(full, name)) for name in full._fields]
        outside = ("customer", "third_party")
        if all(
            rule_value in (None, value)
            or (rule_value == "outside" and value in outside)
            for rule_value, value in wanted
        ):
            return rule.outcome
    return None


def cents(amount):
    return oracle_days.rounded(oracle_days.Fraction(amount))


def costs(one, terms, full):
    """What a request may cost: row by row, minute by minute."""
    value = cents(by_counting(one.entries, terms.limit) * terms.block_price(one.day, 1))
    return {"covered": [0], "billable": [value]}.get(outcome(terms, full), [0, value])


@given(histories(), terms())
def test_price_is_what_was_billed(history, mine):
    """Users day by day, work minute by minute: to the cent, whatever is unknown."""
    found = advice.price(history, mine)
    ways = [
        [cost for full in filled(one.request) for cost in costs(one, mine, full)]
        for one in history.works
    ]
    assert found.work == (sum(map(min, ways)), sum(map(max, ways)))
    if mine.seat_policy:
        periods = [
            simulated_pbx.PlanPeriod(
                "p", YEAR[0], None, mine.user_prices[0][1], mine.seat_policy
            )
        ]
        quantities, _count = oracle_days.write(history.seats, periods, *YEAR)
        billed = oracle_days.amounts(quantities, periods)
        assert found.users == sum(billed.values())
    else:
        assert not found.users
    stay = advice.Stay(
        Span(date(2020, 1, 1)),
        mine,
        mine.user_prices[0][1] if mine.seat_policy else None,
    )
    assert advice.as_it_was(history, [stay]) == found._replace(once=0)


@given(histories(), terms(), terms())
def test_difference_holds_every_way_and_turns_round(history, one, other):
    found = advice.difference(history, one, other)
    back = advice.difference(history, other, one)
    assert (back.low, back.high) == (-found.high, -found.low)
    fixed = [
        each.users + each.once
        for each in (advice.price(history, one), advice.price(history, other))
    ]
    low = high = fixed[1] - fixed[0]
    for each in history.works:
        ways = [
            there - here
            for full in filled(each.request)
            for here in costs(each, one, full)
            for there in costs(each, other, full)
        ]
        low, high = low + min(ways), high + max(ways)
    assert found == (low, high)


@given(works(), terms(code="contract"), terms(code="standard"))
def test_one_user_more_turns_the_advice(done, with_users, without):
    history = year(*done)
    point = break_even.break_even_users(history, without, with_users)
    assert point == break_even.break_even_users(history, with_users, without)
    for users, worst in ((point.least, 1), (point.most, 0)):
        if users is None:
            assert advice.difference(history, without, with_users)[worst] > 0
            continue
        for count, is_dearer in ((users, False), (users + 1, True)):
            crowd = replace(
                history, seats=tuple(Seat(n, YEAR[0]) for n in range(count))
            )
            dearer = advice.difference(crowd, without, with_users)[worst] > 0
            assert dearer == is_dearer, (users, count)


@given(terms(code="standard", scopes=("ticket",)), PRICES, st.integers(1, 9))
def test_one_block_less_turns_the_advice(standard, amount, users):
    other = contract(str(amount))
    standard = replace(standard, once=Decimal(0))
    blocks = break_even.break_even_blocks(year(users=users), standard, other)
    for count, is_dearer in ((blocks, False), (blocks - 1, True)):
        minutes = count * 15
        history = year(*([work(1, REMOTE, minutes)] if count else []), users=users)
        assert (advice.difference(history, standard, other).high > 0) == is_dearer


def test_thousand_histories_are_priced_quickly_alike():
    """Seeded, beside hypothesis: the sum of two histories is the sum of prices."""
    rng = random.Random(2026)
    for _case in range(max(100, settings().max_examples // 10)):
        done = [
            work(n, rng.choice(SPACE), rng.randint(1, 90), day=YEAR[0] + timedelta(n))
            for n in range(8)
        ]
        for mine in (STANDARD, CONTRACT, SELF_MANAGED):
            whole = advice.price(year(*done), mine).work
            halves = [
                advice.price(year(*half), mine).work for half in (done[:3], done[3:])
            ]
            assert whole == tuple(map(sum, zip(*halves)))


def test_a_plan_without_rows_leaves_everything_open():
    empty = advice.Terms("new", Table([]), LimitPolicy(), advice.flat(BLOCK))
    history = year(work(1, REMOTE, 15))
    assert advice.price(history, empty).work == (0, BLOCK)
    one = replace(empty, table=Table([Rule("all", "covered")]))
    assert advice.difference(history, one, empty) == (0, BLOCK)
