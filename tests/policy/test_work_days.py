"""Work of a request by day and person, without held minutes."""

from datetime import date

from hypothesis import given, strategies as st

from odoo.addons.nox_voip_service.policy.work_days import Work, by_day_and_person

DAYS = (date(2026, 3, 9), date(2026, 3, 10))
entries = st.lists(
    st.builds(Work, st.sampled_from(DAYS), st.sampled_from((1, 2)), st.integers(1, 300))
).map(lambda found: sorted(found, key=lambda entry: entry.day))


def test_nothing_worked():
    assert by_day_and_person([]) == []


def test_all_held():
    assert by_day_and_person([Work(DAYS[0], 1, 30)], held=30) == []


def test_a_person_on_two_days_is_two_rows():
    work = [Work(DAYS[0], 1, 10), Work(DAYS[1], 1, 20)]
    assert by_day_and_person(work) == work


def test_held_minutes_are_the_last_ones_of_all():
    """Not the last ones of each person."""
    work = [Work(DAYS[0], 1, 50), Work(DAYS[0], 2, 20), Work(DAYS[1], 1, 15)]
    assert by_day_and_person(work, held=25) == [
        Work(DAYS[0], 1, 50),
        Work(DAYS[0], 2, 10),
    ]


@given(entries, st.integers(0, 500))
def test_rows_add_up_to_what_is_not_held(work, held):
    rows = by_day_and_person(work, held)
    worked = sum(entry.minutes for entry in work)
    assert sum(row.minutes for row in rows) == max(0, worked - held)
    assert len({(row.day, row.person) for row in rows}) == len(rows)
    assert all(row.minutes > 0 for row in rows)
