import itertools
import os
import random
from datetime import date

from odoo.tests import tagged

from ..common_cents import NoxCentsCommon
from .jobs import EvidenceMixin

THOROUGH = bool(os.environ.get("NOX_THOROUGH"))
# What a plan can count by, beside the shipped one.
SCOPES = ("ticket", "day", "entry")
GRACES = (0, 5)
WAYS = ("actual_capped", "fixed")
# By scope and grace: a job under an hour's limit, and one under a plan without.
JOBS = {
    ("ticket", 0): ("refused", "short"),
    ("ticket", 5): ("approved", "days"),
    ("day", 0): ("family", "days"),
    ("day", 5): ("days", "waived"),
    ("entry", 0): ("waived", "family"),
    ("entry", 5): ("approved", "short"),
}


@tagged("standard", "post_install", "-at_install")
class TestEvidenceCounted(EvidenceMixin, NoxCentsCommon):
    """However a plan counts, its packs are proven by the verifier (`assertPack`)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(4)
        cls.pbxs = cls.env["nox.pbx"]

    @classmethod
    def _job_approved(cls, pbx, rng):
        """20 minutes, a quote of two hours, and 40 minutes more."""
        ticket = cls._quoted(pbx, rng, 120, 20)
        cls._approved(ticket, 1)
        cls._worked(ticket, 20, 20, after=2)
        cls._finished(ticket)
        return ticket

    def test_every_way_of_counting_work(self):
        """One bill for each way, all made together; then a credit note of every other
        one (each scope, grace, job and way of billing), with ``--thorough`` of all."""
        ways = itertools.product(SCOPES, GRACES, WAYS, (60, 0))
        tickets = self.env["helpdesk.ticket"]
        billed_anew, kept = {}, self.env["res.partner"]
        for number, (scope, grace, billing, limit) in enumerate(ways):
            job = JOBS[scope, grace][number % 2]
            plan = self._own_plan(
                self.standard,
                name=f"Plan {number}",
                rounding_scope=scope,
                grace_minutes=grace,
                quote_threshold_minutes=limit,
                warn_minutes=0,
                quote_billing=billing,
            )
            pbx = self._pbx(
                plan,
                customer=self._customer(f"Counted {number}"),
                accepted_on=date(2026, 8, 1),
            )
            with self.subTest(scope=scope, grace=grace, billing=billing, job=job):
                tickets |= getattr(self, f"_job_{job}")(pbx, self.rng)
            billed_anew[pbx.partner_id] = ("no", "yes")[number // 2 % 2]
            # By limit and way of billing like a chessboard.
            if not THOROUGH and (number + number // 2 + number // 4) % 2:
                kept |= pbx.partner_id
        with self._clock("2026-09-01 08:00"):
            moves = self._invoice(tickets)
        self.assertEqual(
            sorted(moves.mapped("partner_id.id")),
            sorted(customer.id for customer in billed_anew),
        )
        for move in moves:
            with self.subTest(customer=move.partner_id.name):
                self.assertPack(move)
        credits = moves.browse()
        moves = moves.filtered(lambda move: move.partner_id not in kept)
        with self._clock("2026-09-03 08:00"):
            for rebill, some in moves.grouped(
                lambda move: billed_anew[move.partner_id]
            ).items():
                credits |= self._refund(some, rebill=rebill)
            credits.action_post()
        self.assertEqual(credits.reversed_entry_id, moves)
        for move in credits:
            with self.subTest(credited=move.partner_id.name):
                self.assertPack(move)

    def test_users_of_the_first_day(self):
        self.contract_plan.seat_policy = "first_day"
        pbx = self._pbx(customer=self._customer("First"), accepted_on=date(2026, 8, 1))
        self._sell(pbx, 7.35, 3, date(2026, 9, 1), "2026-09-01")
        self._seats(pbx, 2, date(2026, 9, 2), first=300)
        self.pbxs = pbx
        move = self._bill(pbx.partner_id)
        self.assertEqual(self._part(move, "charge")["now"], "3.00")

    def test_less_for_who_pays_early(self):
        """VAT is that of what an early payer pays."""
        term = self.env["account.payment.term"].create(
            {
                "name": "2% within 7 days",
                "company_id": self.company.id,
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
            }
        )
        customer = self._customer("Early", property_payment_term_id=term.id)
        pbx = self._pbx(customer=customer, accepted_on=date(2026, 9, 1))
        self._sell(pbx, 10.5, 3, date(2026, 9, 14), "2026-09-01")
        self.pbxs = pbx
        move = self._bill(customer)
        invoice = self._part(move, "invoice")
        self.assertEqual(invoice["early_payment"]["computation"], "mixed")
        self.assertLess(float(invoice["totals"]["tax"]), move.amount_untaxed * 0.21)
