"""What runs from a first to a last day, both included, and has no last day while it
lasts: plan periods, users, prices. See `Span` in the policy."""

from odoo.fields import Domain

from ...policy.days import Span


def in_force_domain(first, last=None, start="date_start", end="date_end"):
    """Records in force on a day, or on any day of some.

    :param last: last of several days; None: on the day `first` alone
    :param start: field of the first day
    :param end: field of the last day, empty while it lasts
    """
    return Domain(start, "<=", last or first) & (
        Domain(end, "=", False) | Domain(end, ">=", first)
    )


def span(record):
    """The days of a plan period or a user."""
    return Span(record.date_start, record.date_end or None)
