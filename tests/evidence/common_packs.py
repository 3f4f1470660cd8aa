from datetime import timedelta

from odoo.tests import tagged

from ..common_histories import RUNS, NoxHistoriesCommon
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

    # ------------------------------------------------------------------
    # PACKS
    # ------------------------------------------------------------------

    def _billed_packs(self):
        """``[(invoice, pack)]`` of the customers' months, and of credit notes of some
        of their invoices; corrections in between."""
        found = []
        for day, setting in RUNS:
            self.company.tax_calculation_rounding_method = setting
            run = self._run(day)
            self.assertFalse(self._parked(run).mapped("reason"))
            moves = self._moves(run)
            with self._clock(f"{day} 08:00"):
                moves.action_post()
            credits = moves.browse()
            for number, move in enumerate(
                self.rng.sample(list(moves), min(10, len(moves)))
            ):
                with self._clock(f"{day + timedelta(3)} 08:00"):
                    credit = self._refund(move, rebill=("no", "yes")[number % 2])
                    credit.action_post()
                credits |= credit
            found += [(move, move._evidence_pack()) for move in moves | credits]
            with self._clock(f"{day + timedelta(5)} 08:00"):
                self._correct(day)
        return found
