from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import NoxVoipCommon

PRICE = 20.50


@tagged("standard", "post_install", "-at_install")
class TestMainTable(NoxVoipCommon):
    """The table of the main job: plan, request and time give verdict, blocks and
    the amount on the posted invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = {
            "standard": cls._pbx(cls.standard, name="Standard"),
            "contract": cls._pbx(cls.contract_plan, name="Contract"),
            "self_managed": cls._pbx(cls.self_managed, name="Own"),
        }

    def assertInvoiced(self, ticket, blocks):
        """The posted invoice says so many blocks, to the cent, with 21% VAT."""
        move = self._invoice(ticket)
        self.assertEqual(move.state, "posted")
        self.assertEqual(sum(move.invoice_line_ids.mapped("quantity")), blocks)
        self.assertAlmostEqual(move.amount_untaxed, blocks * PRICE, places=2)
        vat = self.company.currency_id.round(blocks * PRICE * 0.21)
        self.assertAlmostEqual(move.amount_tax, vat, places=2)
        self.assertEqual(ticket.invoiced_blocks, blocks)
        return move

    def assertNothingToInvoice(self, ticket):
        self._finish(ticket)
        self.assertEqual(ticket.to_invoice_blocks, 0)
        with self.assertRaises(UserError):
            ticket.with_user(self.accountant).action_invoice_service_work()

    def test_verdict_blocks_and_amount_of_each_row(self):
        own, outside = {"fault_domain": "own"}, {"fault_domain": "customer"}
        yes, no = {"replaces_user": "yes"}, {"replaces_user": "no"}
        rows = [
            # plan, category, facts, entries, verdict, missing, blocks
            ("standard", "call_group", {}, [10], "billable", False, 1),
            ("standard", "call_group", {}, [5, 5, 5], "billable", False, 1),
            ("contract", "menu", {}, [40], "covered", False, 0),
            (
                "contract",
                "menu",
                {"work_location": "on_site"},
                [40],
                "billable",
                False,
                3,
            ),
            ("contract", "add_user", no, [20], "billable", False, 2),
            ("contract", "add_user", yes, [20], "covered", False, 0),
            ("contract", "add_user", {}, [20], "undecided", "replaces_user", None),
            ("contract", "warranty_hardware", {}, [20], "covered", False, 0),
            ("contract", "new_hardware", {}, [20], "billable", False, 2),
            ("contract", "program_device", {}, [20], "undecided", "warranty", None),
            ("contract", "fault", own, [30], "covered", False, 0),
            ("contract", "fault", outside, [30], "billable", False, 2),
            ("contract", "fault", {}, [30], "undecided", "fault_domain", None),
            ("self_managed", "day_night", {}, [20], "billable", False, 2),
            ("contract", "question", {}, [10], "covered", False, 0),
            ("standard", "question", {}, [10], "billable", False, 1),
            ("standard", "fault", own, [30], "covered", False, 0),
            (
                "standard",
                "fault",
                dict(own, work_location="on_site"),
                [30],
                "billable",
                False,
                2,
            ),
        ]
        for plan, category, facts, minutes, coverage, missing, blocks in rows:
            with self.subTest(plan=plan, category=category, facts=facts):
                ticket = self._ticket(self.pbx[plan], category, **facts)
                self.assertState(ticket, coverage=coverage, coverage_missing=missing)
                self.assertTrue(ticket.coverage_reason)
                self._log(ticket, *minutes)
                self.assertEqual(ticket.worked_minutes, sum(minutes))
                if blocks:
                    self.assertInvoiced(ticket, blocks)
                elif blocks == 0:
                    self.assertNothingToInvoice(ticket)
                else:
                    with self.assertRaises(ValidationError):
                        self._finish(ticket)

    def test_scope_entry_bills_each_entry(self):
        plan = self._own_plan(self.standard, rounding_scope="entry")
        ticket = self._ticket(self._pbx(plan, name="By entry"))
        self._log(ticket, 5, 5, 5)
        self.assertInvoiced(ticket, 3)

    def test_exactly_an_hour_needs_no_quote(self):
        ticket = self._ticket(self.pbx["standard"])
        self._log(ticket, 60)
        self.assertState(ticket, approval_state="not_needed", held_minutes=0)
        self.assertFalse(ticket.quote_id)
        self.assertInvoiced(ticket, 4)

    def test_a_minute_over_the_hour_is_held(self):
        ticket = self._ticket(self.pbx["standard"])
        self._log(ticket, 61)
        self.assertState(
            ticket,
            approval_state="needed",
            released_minutes=60,
            held_minutes=1,
            to_invoice_blocks=4,
            quote_state="draft",
        )

    def test_estimate_of_210_minutes_approved(self):
        ticket = self._ticket(self.pbx["standard"], estimated_minutes=210)
        self.assertState(ticket, approval_state="needed", released_minutes=0)
        self._approve(ticket)
        self.assertState(ticket, approval_state="approved", limit_blocks=14)
        self._log(ticket, *[35] * 6)
        self.assertState(ticket, worked_minutes=210, held_minutes=0)
        self.assertInvoiced(ticket, 14)

    def test_approved_blocks_are_a_ceiling_or_a_fixed_price(self):
        for billing, blocks in (("actual_capped", 5), ("fixed", 6)):
            with self.subTest(billing=billing):
                plan = self._own_plan(self.standard, quote_billing=billing)
                pbx = self._pbx(plan, name=billing)
                ticket = self._ticket(pbx, estimated_minutes=90)
                self._approve(ticket)
                self.assertEqual(ticket.approved_blocks, 6)
                self._log(ticket, 70)
                self.assertInvoiced(ticket, blocks)

    def test_contract_that_starts_later(self):
        pbx = self._pbx(self.standard, name="Later")
        start = self.day + timedelta(days=10)
        self.env["nox.pbx.plan"].create(
            {
                "pbx_id": pbx.id,
                "plan_id": self.contract_plan.id,
                "date_start": start,
                "billed_until": start,
            }
            if "billed_until" in self.env["nox.pbx.plan"]._fields
            else {
                "pbx_id": pbx.id,
                "plan_id": self.contract_plan.id,
                "date_start": start,
            }
        )
        ticket = self._ticket(pbx, "menu")
        self.assertState(ticket, coverage="billable", plan_id=self.standard)
        self.assertIn(str(start.year), ticket.coverage_reason)
        self._log(ticket, 20)
        self.assertInvoiced(ticket, 2)

    def test_fault_of_unknown_cause_turns_out_to_be_the_customers(self):
        ticket = self._ticket(self.pbx["contract"], "fault")
        self._log(ticket, 40)
        self.assertFalse(ticket.is_warned)
        self._log(ticket, 30)
        self.assertState(
            ticket, coverage="undecided", is_warned=True, quote_id=ticket.quote_id
        )
        self.assertFalse(ticket.quote_id)
        ticket.fault_domain = "customer"
        self.assertState(
            ticket,
            coverage="billable",
            released_minutes=60,
            held_minutes=10,
            approval_state="needed",
        )
        with self.assertRaises(UserError):
            self._send(ticket)  # How long the whole job takes comes first.
        ticket.estimated_minutes = 80
        self._decline(ticket)
        self.assertInvoiced(ticket, 4)

    def test_declined_supplement_leaves_the_hour_invoiceable(self):
        ticket = self._ticket(self.pbx["standard"])
        self._log(ticket, 61)
        ticket.estimated_minutes = 90
        self._decline(ticket)
        self.assertState(ticket, approval_state="refused", held_minutes=1)
        self.assertInvoiced(ticket, 4)

    def test_estimate_raised_half_way(self):
        ticket = self._ticket(self.pbx["standard"])
        self._log(ticket, 40)
        ticket.estimated_minutes = 90
        self.assertState(ticket, released_minutes=40, approval_state="needed")
        self._approve(ticket)
        self.assertEqual(ticket.approved_blocks, 3)
        self._log(ticket, 55)
        self.assertState(
            ticket,
            worked_minutes=95,
            billable_blocks=6,
            held_minutes=5,
            approval_state="needed",
        )
        ticket.estimated_minutes = 100
        self._decline(ticket)
        self.assertInvoiced(ticket, 6)

    def test_reopened_ticket_bills_new_blocks_only(self):
        for more, blocks in ((5, 0), (10, 0), (11, 1)):
            with self.subTest(more=more):
                ticket = self._ticket(self.pbx["standard"])
                self._log(ticket, 20)
                self.assertInvoiced(ticket, 2)
                ticket.stage_id = self.stage_work
                self._log(ticket, more)
                self._finish(ticket)
                self.assertEqual(ticket.to_invoice_blocks, blocks)
                if blocks:
                    self._invoice(ticket)
                    self.assertEqual(ticket.invoiced_blocks, 3)

    def test_credited_block_that_is_not_billed_again(self):
        ticket = self._ticket(self.pbx["standard"])
        self._log(ticket, 40)
        move = self.assertInvoiced(ticket, 3)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id, "service_rebill": "no"})
        )
        refund = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        self.assertState(
            ticket, to_invoice_blocks=0, waived_blocks=1, invoiced_blocks=2
        )
        with self.assertRaises(UserError):
            ticket.timesheet_ids.unit_amount = 0.1

    def test_before_acceptance_and_without_service_plans(self):
        late = self._pbx(self.standard, name="New", accepted_on=self.day + timedelta(1))
        self.assertEqual(self._ticket(late).coverage, "delivery")
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Sales", "uses_service_plans": False}
        )
        ticket = self._ticket(self.pbx["standard"], team_id=team.id)
        self.assertEqual(ticket.coverage, "not_applicable")

    def test_what_is_no_duration_is_refused_and_nothing_stored(self):
        ticket = self._ticket(self.pbx["standard"])
        for hours in (0, -0.25, 25, float("nan"), "a while", None, True):
            with self.subTest(hours=hours):
                with self.assertRaises(ValidationError) as refusal:
                    self.env["account.analytic.line"].create(
                        {"ticket_id": ticket.id, "name": "x", "unit_amount": hours}
                    )
                self.assertRegex(str(refusal.exception), r"^[A-Z].*\.$")
        self.assertFalse(ticket.timesheet_ids)
        line = self._log(ticket, 10)
        for hours in (0, -0.25, 25, float("nan")):
            with self.subTest(write=hours), self.assertRaises(ValidationError):
                line.unit_amount = hours
        self.assertEqual(ticket.worked_minutes, 10)
