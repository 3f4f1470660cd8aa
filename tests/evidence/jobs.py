import functools
import json
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from freezegun import freeze_time
from jsonschema import Draft202012Validator

from odoo import Command, fields

from odoo.addons.nox_voip_service.policy import evidence

from ..verify.asking import against, differing

SCHEMA = Path(__file__).parents[2] / "docs" / "evidence-schema.json"


@functools.cache
def schema():
    """The published schema of a pack."""
    return Draft202012Validator(json.loads(SCHEMA.read_text()))


class EvidenceMixin:
    """Work of every kind in August, under a clock that stands still; and what every
    pack has to be. Before the class with the run."""

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

    # ------------------------------------------------------------------
    # JOBS
    # ------------------------------------------------------------------

    @classmethod
    def _asked(cls, pbx, rng, **values):
        """A request in August, for work that is not covered."""
        day = date(2026, 8, rng.randint(19, 25))
        with cls._clock(f"{day} 09:00"):
            return cls._ticket(
                pbx,
                rng.choice(("new_number", "new_hardware")),
                requested_on=day,
                **values,
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
    def _approve(cls, ticket):
        """As the portal keeps it of who is logged in."""
        quote = super()._approve(ticket)
        quote.service_approval_grade = "login"
        return quote

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
        # A customer whom this meets twice has one such PBX.
        other = cls.pbxs.filtered(
            lambda each: (each.partner_id, each.name) == (pbx.partner_id, "Fixed")
        ) or cls._pbx(
            cls.fixed_plan,
            customer=pbx.partner_id,
            name="Fixed",
            accepted_on=date(2026, 8, 1),
        )
        cls.pbxs |= other
        ticket = cls._quoted(other, rng, rng.randint(70, 140), rng.randint(1, 30))
        cls._approved(ticket, 1)
        cls._worked(ticket, rng.randint(5, 39), after=2)
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
            more = rng.randint(20, 60)
            ticket.estimated_minutes = ticket.worked_minutes + more
            ticket._sync_quote()
        if ticket.quote_state == "draft":
            cls._approved(ticket, 3)
            cls._worked(ticket, rng.randint(5, more), after=4)
        cls._finished(ticket)
        return ticket

    # ------------------------------------------------------------------
    # PACKS
    # ------------------------------------------------------------------

    def assertPack(self, move, *, is_proven=False):
        """The invoice has a pack that keeps to the schema and whose chain holds.

        :param is_proven: nothing in it is without a proof either, and it is the pack
            of which the invoice keeps the head
        """
        pack = move._evidence_pack()
        self.assertTrue(pack, move.evidence_ids.mapped("failure"))
        faults = [
            f"{[*each.absolute_path][:6]}: {each.message[:150]}"
            for each in schema().iter_errors(pack)
        ]
        self.assertFalse(faults)
        self.assertIsNone(evidence.broken(pack))
        self.assertEqual(pack["head"], move.evidence_head)
        # By the program that shares no code with ours.
        if is_proven:
            self.assertEqual(against(pack, head=move.evidence_head), [])
        else:
            self.assertEqual(differing(pack), [])
        numbers = [part["id"] for part in pack["parts"]]
        self.assertEqual(len(numbers), len(set(numbers)))
        return pack

    def _parts(self, move, kind):
        """``{id: content}`` of the parts of a kind, of a pack that is in order."""
        return {
            part["id"]: part["content"]
            for part in self.assertPack(move)["parts"]
            if part["kind"] == kind
        }

    def _part(self, move, kind):
        [content] = self._parts(move, kind).values()
        return content
