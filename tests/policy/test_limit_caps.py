"""What a quote said was worked before it, when that is deleted or split."""

import pytest
from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.limit import ReleaseCap, share_cap, told_cap
from odoo.addons.nox_voip_service.policy.timeblocks import SCOPES, BlockPolicy, Entry

from .limit_cases import MONDAY, on

BY_ENTRY = BlockPolicy(scope="entry")


@pytest.mark.parametrize(
    ("minutes", "blocks", "cap"),
    [
        (20, 2, ReleaseCap(20, 2)),
        (20, 4, ReleaseCap(20, 3)),
        (60, 2, ReleaseCap(40, 2)),
        (60, 4, ReleaseCap(40, 3)),
        (0, 0, ReleaseCap(0, 0)),
    ],
)
def test_the_least_that_a_quote_said_is_the_most(minutes, blocks, cap):
    assert told_cap(ReleaseCap(40, 3), minutes, blocks) == cap


@pytest.mark.parametrize(
    ("cap", "stays", "policy", "kept", "moved"),
    [
        # Ten minutes in one block: the part that goes brings no block of its own.
        ((10, 1), [5], BlockPolicy(), (5, 1), (5, 0)),
        ((40, 3), [20], BlockPolicy(), (20, 2), (20, 1)),
        ((40, 3), [], BlockPolicy(), (0, 0), (40, 3)),
        ((40, 3), [40], BlockPolicy(), (40, 3), (0, 0)),
        ((40, 3), [30, 30], BlockPolicy(), (40, 3), (0, 0)),
        # Two entries would start two blocks; the quote was made beside one.
        ((10, 1), [5, 5], BY_ENTRY, (10, 1), (0, 0)),
        ((15, 3), [5, 5], BY_ENTRY, (10, 2), (5, 1)),
    ],
)
def test_the_cap_of_a_ticket_that_is_split(cap, stays, policy, kept, moved):
    found = share_cap(ReleaseCap(*cap), on(MONDAY, *stays), policy)
    assert found == (ReleaseCap(*kept), ReleaseCap(*moved))


@given(
    minutes=st.integers(0, 60),
    blocks=st.integers(0, 8),
    stays=st.lists(st.integers(1, 40), max_size=4),
    scope=st.sampled_from(SCOPES),
)
def test_both_parts_are_what_the_customer_was_told(minutes, blocks, stays, scope):
    cap = ReleaseCap(minutes, blocks)
    entries = [Entry(MONDAY, each) for each in stays]
    kept, moved = share_cap(cap, entries, BlockPolicy(scope=scope))
    assert (kept.minutes + moved.minutes, kept.blocks + moved.blocks) == cap
    assert min(*kept, *moved) >= 0
