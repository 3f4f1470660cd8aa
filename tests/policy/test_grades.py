"""How strong an approval is, and how strong it has to be."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.errors import InvalidPolicy
from odoo.addons.nox_voip_service.policy.grades import (
    GRADES,
    STAFF,
    STANDING,
    Step,
    check_steps,
    is_enough,
    is_sealed,
    needed,
)

amounts = st.integers(0, 100_000).map(Decimal)
steps = st.lists(st.builds(Step, amounts, st.sampled_from(GRADES)), max_size=5)


@pytest.mark.parametrize(
    ("amount", "grade"),
    [
        ("0", "link"),
        ("249.99", "link"),
        ("250", "login"),
        ("999.99", "login"),
        ("1000", "code"),
        ("100000", "code"),
    ],
)
def test_needed(amount, grade):
    rows = [Step(Decimal(1000), "code"), Step(Decimal(250), "login")]
    assert needed(rows, Decimal(amount)) == grade
    assert needed([], Decimal(amount)) == "link"


@given(steps, amounts, amounts)
def test_a_larger_amount_never_needs_less(rows, one, other):
    low, high = sorted((one, other))
    assert is_enough(needed(rows, high), needed(rows, low))


@pytest.mark.parametrize("used", GRADES)
@pytest.mark.parametrize("wanted", GRADES)
def test_is_enough(used, wanted):
    asked = GRADES.index("code" if wanted == "signed" else wanted)
    assert is_enough(used, wanted) == (GRADES.index(used) >= asked)
    assert is_enough(STAFF, wanted) and is_enough(STANDING, wanted)
    # The seal comes on top of the code, where a seal is asked for.
    assert is_sealed(used, wanted) == (used == "code" and wanted == "signed")
    assert not is_sealed(STAFF, wanted) and not is_sealed(STANDING, wanted)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(100, "login"), (100, "code")], "not_rising"),
        ([(100, "code"), (200, "login")], "not_rising"),
        ([(100, "code"), (200, "code")], "not_rising"),
        ([(-1, "login")], "negative"),
        ([(1, "fax")], "unknown_value"),
    ],
)
def test_steps_that_are_refused(rows, code):
    with pytest.raises(InvalidPolicy) as refused:
        check_steps([Step(Decimal(amount), grade) for amount, grade in rows])
    assert refused.value.code == code


@given(steps)
def test_each_step_that_is_taken_changes_something(rows):
    try:
        check_steps(rows)
    except InvalidPolicy:
        return
    for step in rows:
        before = [each for each in rows if each != step]
        assert needed(rows, step.amount) == step.grade
        assert step.grade == "link" or needed(before, step.amount) != step.grade
