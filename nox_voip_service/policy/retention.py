"""How long names are kept.

A bill has to be explained for as long as the books are kept: seven whole years after
the year it belongs to, for a Dutch company. A name that nobody has to explain any more
goes.
"""

from datetime import MAXYEAR, MINYEAR, date


def kept_from(today: date, years: int) -> date | None:
    """First day of which names are kept; who left before it has no name any more.

    :param years: whole years after the year in which somebody left; 0: kept for ever
    :return: None when every name is kept

    Somebody who left on any day of 2018 is named until the end of 2025:

    >>> kept_from(date(2025, 12, 31), 7)
    datetime.date(2018, 1, 1)
    >>> kept_from(date(2026, 1, 1), 7)
    datetime.date(2019, 1, 1)

    From a leap day too, and for more years than there were:

    >>> kept_from(date(2024, 2, 29), 1)
    datetime.date(2023, 1, 1)
    >>> kept_from(date(2026, 1, 1), 0), kept_from(date(2026, 1, 1), 5000)
    (None, None)
    """
    year = today.year - years
    if years <= 0 or year < MINYEAR:
        return None
    return date(year, 1, 1)


def kept_until(day: date, years: int) -> date | None:
    """Last day on which a name is kept that was needed for the last time on ``day``;
    the same count as that of :func:`kept_from`.

    :return: None when every name is kept

    >>> kept_until(date(2018, 6, 30), 7)
    datetime.date(2025, 12, 31)
    >>> kept_until(date(2018, 6, 30), 0), kept_until(date(2018, 6, 30), 9000)
    (None, None)
    """
    year = day.year + years
    if years <= 0 or year > MAXYEAR:
        return None
    return date(year, 12, 31)
