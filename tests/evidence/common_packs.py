from datetime import timedelta

from odoo.tests import tagged

from ..common_histories import NoxHistoriesCommon
from .jobs import EvidenceMixin

# Drawn as often as they stand here.
JOBS = (
    "short",
    "short",
    "days",
    "waived",
    "overridden",
    "family",
    "fixed",
    "refused",
    "supplement",
)


@tagged("standard", "post_install", "-at_install")
class NoxPacksCommon(EvidenceMixin, NoxHistoriesCommon):
    """Evidence packs of the invoices of random customers."""

    @classmethod
    def _random_work(cls, pbx, rng):
        with cls._clock("2026-08-20 09:00"):
            super()._random_work(pbx, rng)
        for _ticket in range(rng.randint(0, 2)):
            getattr(cls, f"_job_{rng.choice(JOBS)}")(pbx, rng)

    def _credited(self, moves, day):
        """Credit notes of some invoices, with and without a new bill."""
        found = moves.browse()
        some = self.rng.sample(list(moves), min(10, len(moves)))
        for number, move in enumerate(some):
            with self._clock(f"{day + timedelta(3)} 08:00"):
                credit = self._refund(move, rebill=("no", "yes")[number % 2])
                credit.action_post()
            found |= credit
        return found
