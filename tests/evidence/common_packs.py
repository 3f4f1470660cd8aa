from datetime import timedelta

from odoo.tests import tagged

from ..common_histories import NoxHistoriesCommon
from .jobs import EvidenceMixin

# Drawn as often as they stand here, none again before each was.
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

    jobs_left = ()
    jobs_done = ()

    @classmethod
    def _random_work(cls, pbx, rng):
        with cls._clock("2026-08-20 09:00"):
            super()._random_work(pbx, rng)
        for _ticket in range(rng.choice((0, 1, 2, 2))):
            cls.jobs_left = cls.jobs_left or rng.sample(JOBS, len(JOBS))
            job, *cls.jobs_left = cls.jobs_left
            getattr(cls, f"_job_{job}")(pbx, rng)
            cls.jobs_done += (job,)

    def _credited(self, moves, day):
        """Credit notes of some invoices, with and without a new bill."""
        found = moves.browse()
        some = self.rng.sample(list(moves), min(10, len(moves)))
        for rebill, part in (("no", some[::2]), ("yes", some[1::2])):
            with self._clock(f"{day + timedelta(3)} 08:00"):
                credits = self._refund(moves.browse().union(*part), rebill=rebill)
                credits.action_post()
            found |= credits
        return found
