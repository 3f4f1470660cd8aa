"""A code by mail: how long it counts, how often it is tried and sent."""

from datetime import datetime, timedelta

import pytest

from odoo.addons.nox_voip_service.policy.approval_code import (
    LIFETIME,
    PER_HOUR,
    TRIES,
    Code,
    may_send,
    state,
)

NOON = datetime(2026, 3, 2, 12)
SECOND = timedelta(seconds=1)


def after(minutes):
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("code", "now", "expected"),
    [
        (None, NOON, "none"),
        (Code(NOON), NOON, "open"),
        (Code(NOON), NOON + LIFETIME - SECOND, "open"),
        (Code(NOON), NOON + LIFETIME, "none"),
        (Code(NOON, tries=TRIES - 1), NOON, "open"),
        (Code(NOON, tries=TRIES), NOON, "blocked"),
        (Code(NOON, tries=TRIES), NOON + LIFETIME, "none"),
        (Code(NOON, confirmed_at=after(9)), after(15), "confirmed"),
        (Code(NOON, confirmed_at=after(9)), after(19), "none"),
        (Code(NOON, tries=TRIES - 1, confirmed_at=after(9)), after(9), "confirmed"),
        (Code(NOON, confirmed_at=after(9), is_used=True), after(9), "none"),
        (Code(NOON, is_used=True), NOON, "none"),
    ],
)
def test_state(code, now, expected):
    assert state(code, now) == expected


def test_codes_in_an_hour():
    sent = [after(minute) for minute in range(PER_HOUR)]
    assert may_send(sent[:-1], after(5))
    assert not may_send(sent, after(5))
    assert not may_send(sent, after(60) - SECOND)
    assert may_send(sent, after(60))
