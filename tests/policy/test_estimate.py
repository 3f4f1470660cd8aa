"""What a request is expected to come to, before it is sent."""

import pytest

from odoo.addons.nox_voip_service.policy.estimate import (
    Estimate,
    estimate,
    usual_minutes,
)
from odoo.addons.nox_voip_service.policy.timeblocks import SCOPES, BlockPolicy


@pytest.mark.parametrize(
    ("finished", "minutes"),
    [
        ([], 20),
        ([90, 90, 90, 90], 20),
        ([5, 5, 5, 5, 5], 5),
        ([600, 1, 30, 2, 25], 25),
        ([10, 11, 12, 13, 14, 15], 13),
        ([10, 10, 10, 12, 12, 12], 11),
        ([1, 2, 3, 14, 25, 36, 47], 14),
        ([1, 2, 3, 14, 26, 37, 48, 59], 20),
        ([1, 2, 3, 4, 15, 26, 37, 48, 59], 15),
    ],
)
def test_median_counts_from_five_jobs_on(finished, minutes):
    assert usual_minutes(20, finished) == minutes


@pytest.mark.parametrize(
    ("minutes", "threshold", "expected"),
    [
        (0, 60, Estimate(0, 0, False)),
        (1, 60, Estimate(1, 1, False)),
        (15, 60, Estimate(15, 1, False)),
        (16, 60, Estimate(16, 2, False)),
        (60, 60, Estimate(60, 4, False)),
        (61, 60, Estimate(61, 5, True)),
        (600, None, Estimate(600, 40, False)),
    ],
)
def test_minutes_become_blocks_and_above_the_hour_a_quote(minutes, threshold, expected):
    assert estimate(minutes, BlockPolicy(), threshold) == expected


@pytest.mark.parametrize("scope", SCOPES)
def test_nobody_knows_and_nothing_comes_of_it(scope):
    assert estimate(0, BlockPolicy(scope=scope), 60) == Estimate(0, 0, False)


def test_grace_of_the_plan_counts():
    assert estimate(17, BlockPolicy(grace_minutes=2), 60).blocks == 1
