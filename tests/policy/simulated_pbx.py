"""Made-up histories of a PBX: users who come, go and hand over, plans that change."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from odoo.addons.nox_voip_service.policy.seats import PlanPeriod, Seat

# With a 29 February, and months of every length.
FIRST, LAST = date(2026, 7, 1), date(2029, 6, 30)
LENGTH = (LAST - FIRST).days
# When a successor starts, counted from the leaver's last day.
HANDOVERS = (0, 0, 1, 1, 1, -3, 5)


def seats(rng):
    """Up to twelve users; some never leave, some are there before it begins."""
    found = []
    for key in range(rng.randint(1, 12)):
        leavers = [seat for seat in found if seat.last and not seat.key % 3]
        taken = {seat.replaces for seat in found}
        leaver = rng.choice([*(s for s in leavers if s.key not in taken), None])
        first = FIRST + timedelta(rng.randint(-200, LENGTH))
        if leaver:
            first = max(leaver.first, leaver.last + timedelta(rng.choice(HANDOVERS)))
        stays = rng.choice((None, 0, rng.randint(0, 40), rng.randint(0, 900)))
        found.append(
            Seat(
                key,
                first,
                None if stays is None else first + timedelta(stays),
                charged=rng.random() < 0.9,
                replaces=leaver.key if leaver else None,
            )
        )
    rng.shuffle(found)
    return found


def periods(rng):
    """Up to six periods one after the other, some with a pause before them; of two
    prices, so that a plan often changes at the same one."""
    prices = [Decimal(rng.randint(1, 2500)).scaleb(-2) for _price in range(2)]
    found, start = [], FIRST + timedelta(rng.randint(-100, 400))
    for key in range(rng.randint(1, 6)):
        days = rng.choice((rng.randint(0, 25), rng.randint(0, 400)))
        policy = "first_day" if rng.random() < 0.2 else "prorated"
        end = start + timedelta(days)
        found.append(PlanPeriod(key, start, end, rng.choice(prices), policy))
        start = end + timedelta(rng.choice((1, 1, 1, 1, 8)))
    if rng.random() < 0.5:
        last = found.pop()
        found.append(replace(last, end=None))
    rng.shuffle(found)
    return found
