"""The same work under other blocks, its limit counted again."""

from datetime import date, timedelta

from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.figures import Job, recount
from odoo.addons.nox_voip_service.policy.timeblocks import BlockPolicy, Entry

DAY = date(2026, 3, 2)
BLOCKS = st.builds(
    BlockPolicy,
    st.integers(5, 30),
    st.integers(0, 4),
    st.sampled_from(["ticket", "day", "entry"]),
)


@st.composite
def jobs(draw):
    entries = [
        Entry(DAY + timedelta(day), minutes)
        for day, minutes in draw(
            st.lists(st.tuples(st.integers(0, 3), st.integers(1, 90)), max_size=5)
        )
    ]
    entries.sort(key=lambda entry: entry.day)
    before = entries[: draw(st.integers(0, len(entries)))]
    released = min(draw(st.integers(0, 90)), sum(entry.minutes for entry in before))
    return Job(entries, before, released, approved_blocks=draw(st.integers(0, 6)))


@given(jobs(), BLOCKS, BLOCKS)
def test_nothing_is_lost_and_nothing_above_the_limit_is_billed(job, policy, other):
    worked = sum(entry.minutes for entry in job.entries)
    found = recount(job, policy, other)
    assert found.minutes + found.held == worked
    assert 0 <= found.new_held <= worked
    # Seen from the other side the blocks change places, where nothing is approved:
    # a quote is rounded up to whole blocks of the other.
    if not job.approved_blocks:
        back = recount(job, other, policy)
        assert (back.blocks, back.new_blocks) == (found.new_blocks, found.blocks)
        assert (back.held, back.new_held) == (found.new_held, found.held)


@given(jobs(), BLOCKS)
def test_its_own_blocks_change_nothing(job, policy):
    found = recount(job, policy, policy)
    assert (found.blocks, found.held) == (found.new_blocks, found.new_held)


def test_a_quote_made_beside_fewer_blocks_keeps_them_under_its_own_plan():
    """Two entries of 5 on two days were one block when the quote was made."""
    entries = [Entry(DAY, 5), Entry(DAY + timedelta(1), 5)]
    daily = BlockPolicy(scope="day")
    job = Job(entries, entries, 10, released_blocks=1)
    assert recount(job, daily, daily)[1:3] == (1, 1)
    assert recount(job, daily, BlockPolicy(5))[1:3] == (1, 2)
