import json
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from ..common_histories import RUNS, NoxHistoriesCommon

PACKS = Path(__file__).with_name("packs")
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
class NoxPacksCommon(NoxHistoriesCommon):
    """Evidence packs of the invoices of random customers."""

    fixed_plan = None

    @classmethod
    @contextmanager
    def _clock(cls, moment):
        """The clock stands still at a moment, that of what is recorded too: within one
        transaction PostgreSQL's own does not move."""
        cr = cls.env.cr
        before = cr.now()
        with freeze_time(moment):
            cr._now = fields.Datetime.now()
            try:
                yield
            finally:
                cls.env.flush_all()
                cr._now = before

    def _run(self, day):
        with self._clock(f"{day} 00:30"):
            return super()._run(day)

    @classmethod
    def _random_work(cls, pbx, rng):
        with cls._clock("2026-08-20 09:00"):
            super()._random_work(pbx, rng)
        for _ticket in range(rng.randint(0, 2)):
            getattr(cls, f"_job_{rng.choice(JOBS)}")(pbx, rng)

    # ------------------------------------------------------------------
    # JOBS
    # ------------------------------------------------------------------

    @classmethod
    def _asked(cls, pbx, rng, **values):
        """A request in August, for work that is not covered."""
        day = date(2026, 8, rng.randint(19, 25))
        with cls._clock(f"{day} 09:00"):
            return cls._ticket(
                pbx, rng.choice(("new_number", "new_hardware")), requested_on=day, **values
            )

    @classmethod
    def _worked(cls, ticket, *minutes, after=0, **values):
        """Each entry on the next day, recorded in its evening."""
        for number, each in enumerate(minutes):
            day = ticket.requested_on + timedelta(after + number)
            with cls._clock(f"{day} 17:00"):
                cls._log(ticket, each, day=day, **values)

    @classmethod
    def _finished(cls, tickets):
        with cls._clock("2026-08-30 12:00"):
            cls._finish(tickets)

    @classmethod
    def _approved(cls, ticket, after):
        with cls._clock(f"{ticket.requested_on + timedelta(after)} 12:00"):
            return cls._approve(ticket)

    @classmethod
    def _job_short(cls, pbx, rng):
        ticket = cls._asked(pbx, rng)
        cls._worked(ticket, rng.randint(1, 60))
        cls._finished(ticket)
        return ticket

    @classmethod
    def _job_days(cls, pbx, rng):
        ticket = cls._asked(pbx, rng)
        cls._worked(ticket, *(rng.randint(1, 15) for _day in range(4)))
        cls._finished(ticket)
        return ticket

    @classmethod
    def _job_waived(cls, pbx, rng):
        ticket = cls._asked(pbx, rng)
        cls._worked(ticket, rng.randint(31, 60))
        with cls._clock("2026-08-29 12:00"):
            cls.env["nox.block.waiver"].with_user(cls.coordinator).create(
                {"ticket_id": ticket.id, "blocks": 1, "reason": "Our own mistake."}
            )
        cls._finished(ticket)
        return ticket

    @classmethod
    def _job_overridden(cls, pbx, rng):
        """Covered by the table, and billed as was agreed."""
        ticket = cls._asked(pbx, rng, category_id=cls._category("call_group").id)
        with cls._clock(f"{ticket.requested_on} 10:00"):
            cls.env["nox.coverage.override"].with_user(cls.coordinator).create(
                {
                    "ticket_id": ticket.id,
                    "coverage": "billable",
                    "reason": "Agreed by phone: this is more than a change.",
                }
            )
        cls._worked(ticket, rng.randint(1, 60))
        cls._finished(ticket)
        return ticket

    @classmethod
    def _job_family(cls, pbx, rng):
        """Split in two, which share the hour."""
        ticket = cls._asked(pbx, rng)
        cls._worked(ticket, rng.randint(10, 40), rng.randint(10, 20))
        with cls._clock(f"{ticket.requested_on + timedelta(2)} 10:00"):
            split = (
                cls.env["nox.ticket.split"]
                .with_user(cls.coordinator)
                .create(
                    {
                        "ticket_id": ticket.id,
                        "name": "The other part",
                        "category_id": cls._category("new_hardware").id,
                        "timesheet_ids": [
                            Command.set(ticket.timesheet_ids.sorted("id")[-1:].ids)
                        ],
                    }
                )
            )
            split.action_split()
        family = ticket.split_root_id.split_member_ids
        cls._finished(family)
        return family

    @classmethod
    def _quoted(cls, pbx, rng, estimate, worked):
        ticket = cls._asked(pbx, rng)
        cls._worked(ticket, worked)
        with cls._clock(f"{ticket.requested_on + timedelta(1)} 09:00"):
            ticket.estimated_minutes = estimate
        return ticket

    @classmethod
    def _job_fixed(cls, pbx, rng):
        """A PBX whose plan bills the quoted blocks whole."""
        cls.fixed_plan = cls.fixed_plan or cls._own_plan(
            cls.standard, name="Fixed", quote_billing="fixed"
        )
        other = cls._pbx(
            cls.fixed_plan,
            customer=pbx.partner_id,
            name="Fixed",
            accepted_on=date(2026, 8, 1),
        )
        cls.pbxs |= other
        ticket = cls._quoted(other, rng, rng.randint(70, 140), rng.randint(1, 30))
        cls._approved(ticket, 1)
        cls._worked(ticket, rng.randint(5, 90), after=2)
        cls._finished(ticket)
        return ticket

    @classmethod
    def _job_refused(cls, pbx, rng):
        """More than an hour, and the quote for the rest is declined."""
        ticket = cls._quoted(pbx, rng, 150, rng.randint(40, 80))
        with cls._clock(f"{ticket.requested_on + timedelta(1)} 12:00"):
            cls._decline(ticket)
        cls._finished(ticket)
        return ticket

    @classmethod
    def _job_supplement(cls, pbx, rng):
        """A quote, and another when the first was not enough."""
        ticket = cls._quoted(pbx, rng, rng.randint(65, 90), rng.randint(10, 50))
        cls._approved(ticket, 1)
        cls._worked(ticket, rng.randint(50, 90), after=2)
        with cls._clock(f"{ticket.requested_on + timedelta(3)} 09:00"):
            ticket.estimated_minutes = ticket.worked_minutes + rng.randint(20, 60)
            ticket._sync_quote()
        if ticket.quote_state == "draft":
            cls._approved(ticket, 3)
            cls._worked(ticket, rng.randint(5, 60), after=4)
        cls._finished(ticket)
        return ticket

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

    def _write_pack(self, name, pack):
        """Keep a pack as an example for tests without Odoo."""
        PACKS.mkdir(exist_ok=True)
        text = json.dumps(pack, ensure_ascii=False, indent=1)
        PACKS.joinpath(f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
