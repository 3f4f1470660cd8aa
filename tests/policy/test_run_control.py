"""When a person looks at the monthly run: many months due, billing that is late."""

import pytest

from odoo.addons.nox_voip_service.policy.run_control import lateness, must_park

from .simulated_charges import APR, MAR


@pytest.mark.parametrize(
    ("months", "confirmed", "parks"),
    [
        (0, 0, False),
        (3, 0, False),
        (4, 0, True),
        # Fewer were confirmed than anybody waits for.
        (3, 2, False),
        (4, 4, False),
        (5, 4, True),
        (40, 40, False),
    ],
)
def test_many_months_wait_for_somebody(months, confirmed, parks):
    assert must_park(months, confirmed=confirmed) is parks


def test_nobody_confirmed_before_he_was_asked():
    assert [must_park(months) for months in (3, 4)] == [False, True]


@pytest.mark.parametrize(
    ("day", "state", "idle", "parked", "late"),
    [
        (1, None, 0, 0, None),
        (1, "draft", 0, 0, None),
        (1, "running", 9, 0, None),
        (1, "done", 0, 1, "parked"),
        (2, None, 0, 0, "missing"),
        (2, "draft", 0, 0, "waiting"),
        (2, "running", 2, 0, None),
        (2, "running", 3, 0, "stuck"),
        (2, "running", 2, 1, "parked"),
        (2, "done", 9, 0, None),
        (2, "done", 9, 2, "parked"),
    ],
)
def test_billing_is_late(day, state, idle, parked, late):
    assert (
        lateness(
            MAR,
            state,
            today=APR.replace(day=day),
            hours_without_progress=idle,
            parked=parked,
        )
        == late
    )


def test_nothing_known_of_hours_and_customers_is_no_trouble():
    assert lateness(MAR, "running", today=APR.replace(day=9)) is None
