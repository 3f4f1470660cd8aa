from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestStanding(NoxVoipCommon):
    """Work that a customer approved beforehand: inside it nobody is asked, above it
    everybody is, and the approver hears at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)
        cls.anna = cls._person("Anna")
        cls.bram = cls._person("Bram")
        cls.dirk = cls._person("Dirk")
        cls.pbx.approver_ids = cls.anna | cls.bram

    @classmethod
    def _person(cls, name):
        user = cls._portal_user(
            cls.customer, f"nox_{name.lower()}", email=f"{name}@customer.example"
        )
        user.partner_id.name = name
        return user.partner_id

    def _agree(self, **values):
        return (
            self.env["nox.standing.approval"]
            .with_user(self.coordinator)
            .create(
                {
                    "pbx_id": self.pbx.id,
                    "month_amount": 500,
                    "agreement": "Mail of Anna",
                    "date_start": fields.Date.subtract(self.day, days=30),
                    **values,
                }
            )
        )

    def _limit(self, person, amount=0, **values):
        return self.env["nox.approver"].create(
            {
                "pbx_id": self.pbx.id,
                "partner_id": person.id,
                "amount_limit": amount,
                **values,
            }
        )

    def _job(self, minutes=90):
        """A request that is estimated at so long: 90 minutes are EUR 148.83."""
        return self._ticket(self.pbx, estimated_minutes=minutes)

    def _today(self):
        return self.company._service_today()

    # ------------------------------------------------------------------
    # INSIDE AND ABOVE
    # ------------------------------------------------------------------

    def test_inside_it_nobody_is_asked(self):
        approval = self._agree()
        ticket = self._job()
        self.assertState(ticket, approval_state="approved", approved_blocks=6)
        quote = ticket.quote_id
        self.assertEqual((quote.state, quote.locked), ("sale", True))
        self.assertEqual(quote.service_approval_grade, "standing")
        self.assertEqual(quote.service_approver_id, self.anna)
        self.assertTrue(quote.service_signed_copy_id)
        use = approval.use_ids
        self.assertEqual(
            (use.order_id, use.blocks, use.amount, use.approver_id, use.used_on),
            (quote, 6, 148.83, self.anna, self._today()),
        )
        self.assertEqual(approval.used_this_month, 148.83)

    def test_the_approver_hears_at_once(self):
        self._agree()
        quote = self._job().quote_id
        told = quote.message_ids.filtered(
            lambda m: "standing approval" in (m.body or "")
        )
        self.assertEqual(told.notified_partner_ids, self.anna)
        self.assertIn("148.83", told.body)
        self.assertIn("500.00", told.body)
        self.assertEqual(quote.standing_use_ids.told_ids, self.anna)

    def test_never_more_than_released_approved_and_agreed(self):
        approval = self._agree(month_amount=0, job_blocks=6)
        ticket = self._job(75)
        self._log(ticket, 75)
        self.assertState(ticket, held_minutes=0, billable_blocks=5)
        self._log(ticket, 60)
        # The sixth block is agreed, the rest is held until the customer approves it.
        self.assertState(ticket, approved_blocks=5, billable_blocks=5)
        ticket.estimated_minutes = 150
        self.assertState(ticket, approval_state="needed", approved_blocks=5)
        self.assertEqual(sum(approval.use_ids.mapped("blocks")), 5)
        self._approve(ticket)
        self.assertState(ticket, approved_blocks=10, billable_blocks=9)
        self.assertEqual(
            sum(approval.use_ids.mapped("blocks")), 5, "asked for whole or not at all"
        )

    def test_above_the_month_the_customer_is_asked(self):
        self._agree(month_amount=300)
        first, second, third = self._job(), self._job(), self._job(75)
        self.assertEqual(first.approval_state, "approved")
        self.assertEqual(second.approval_state, "approved")
        self.assertState(third, approval_state="needed", approved_blocks=0)
        self.assertEqual(third.quote_id.state, "draft")
        self._send(third)
        self.assertEqual(third.approval_state, "sent")

    def test_a_cancelled_quote_uses_nothing(self):
        approval = self._agree(month_amount=150)
        ticket = self._job()
        self.assertEqual(self._job().approval_state, "needed")
        ticket.quote_id.with_user(self.coordinator).action_cancel()
        self.assertFalse(approval.use_ids.counts)
        self.assertEqual(approval.used_this_month, 0)
        self.assertEqual(self._job().approval_state, "approved")

    def test_a_new_month_is_new(self):
        approval = self._agree(month_amount=150)
        use = self._job().quote_id.standing_use_ids
        use.sudo().used_on = fields.Date.subtract(self._today(), months=1)
        self.assertEqual(self._job().approval_state, "approved")
        today = self._today()
        self.assertEqual(self.pbx._standing_uses(use.used_on, use.used_on), use)
        self.assertEqual(self.pbx._standing_uses(today, today), approval.use_ids - use)

    def test_split_tickets_share_the_blocks_of_a_request(self):
        self._agree(month_amount=0, job_blocks=6)
        ticket = self._job()
        part = self._ticket(self.pbx)
        (ticket | part).sudo().split_root_id = ticket
        part.estimated_minutes = 90
        self.assertEqual(part.approval_state, "needed")

    def test_days_on_which_it_counts(self):
        for start, end, state in (
            (-30, -1, "needed"),
            (1, 30, "needed"),
            (0, 0, "approved"),
        ):
            approval = self._agree(
                date_start=self._today() + timedelta(start),
                date_end=self._today() + timedelta(end),
            )
            self.assertEqual(self._job().approval_state, state, (start, end))
            approval.date_end = approval.date_start
            if state == "needed":
                approval.unlink()

    def test_without_an_estimate_the_technician_gives_it_first(self):
        self._agree()
        ticket = self._ticket(self.pbx)
        self._log(ticket, 61)
        self.assertEqual(ticket.approval_state, "needed")
        ticket.with_user(self.technician).estimated_minutes = 90
        self.assertState(ticket, approval_state="approved", held_minutes=0)

    def test_a_quote_by_hand_is_sent(self):
        self._agree()
        ticket = self._ticket(self.pbx, estimated_minutes=30)
        ticket.with_user(self.coordinator).action_create_quote()
        self.assertEqual(ticket.quote_id.state, "draft")

    def test_what_the_customer_wants_on_it_is_not_left_out(self):
        self._agree()
        self.pbx.reference_required = True
        self.assertEqual(self._job().approval_state, "needed")

    def test_it_is_no_weaker_than_the_plan_asks(self):
        """What was agreed beforehand is an agreement; a code is for who is asked."""
        plan = self._own_plan(self.standard)
        plan.grade_ids = [Command.create({"amount_from": 0, "grade": "code"})]
        self.pbx.period_ids.plan_id = plan
        self._agree()
        self.assertEqual(self._job().approval_state, "approved")

    # ------------------------------------------------------------------
    # APPROVERS
    # ------------------------------------------------------------------

    def test_in_the_name_of_who_may_approve_so_much(self):
        self._agree()
        self._limit(self.anna, 100)
        self._limit(self.bram, 200)
        self.assertEqual(self._job().quote_id.service_approver_id, self.bram)
        ticket = self._job(150)
        self.assertEqual(ticket.approval_state, "needed", "above all limits")

    def test_nobody_who_hears_is_no_approval(self):
        self._agree()
        (self.anna | self.bram).email = False
        self.assertEqual(self._job().approval_state, "needed")
        self.pbx.approver_ids = False
        self.assertEqual(self._job().approval_state, "needed")

    def test_the_deputy_hears_too(self):
        self._agree()
        row = self._limit(
            self.anna,
            deputy_id=self.dirk.id,
            deputy_from=self._today(),
            deputy_until=self._today(),
        )
        use = self._job().quote_id.standing_use_ids
        self.assertEqual(use.approver_id, self.anna)
        self.assertEqual(use.told_ids, self.anna | self.dirk)
        row.deputy_until = row.deputy_from = self._today() - timedelta(1)
        self.assertEqual(self._job().quote_id.standing_use_ids.told_ids, self.anna)

    def test_limits_and_deputies_hold_when_somebody_signs(self):
        """The page asks the same rule: who may answer this quote."""
        row = self._limit(self.anna, 100, deputy_id=self.dirk.id)
        ticket = self._job()
        quote = self._send(ticket)
        users = {
            name: person.user_ids
            for name, person in (
                ("anna", self.anna),
                ("bram", self.bram),
                ("dirk", self.dirk),
            )
        }

        def may():
            return {
                name
                for name in users
                if not quote._portal_approver_refusal(users[name])
            }

        self.assertEqual(may(), {"bram"})
        self.assertIn("Bram", quote._portal_approver_refusal(users["anna"]))
        row.amount_limit = 200
        self.assertEqual(may(), {"anna", "bram", "dirk"})
        self.assertIn(self.dirk, quote._mail_readers())
        waiting = self.env["helpdesk.ticket"].with_user(users["dirk"])._portal_waiting()
        self.assertIn(ticket, waiting)
        row.deputy_until = self._today() - timedelta(1)
        self.assertEqual(may(), {"anna", "bram"})
        waiting = self.env["helpdesk.ticket"].with_user(users["dirk"])._portal_waiting()
        self.assertNotIn(ticket, waiting)

    def test_a_quote_of_no_pbx_has_no_named_approvers(self):
        ticket = self._job()
        quote = self._send(ticket)
        quote.sudo().service_ticket_id = False
        self.assertFalse(quote._quote_approvers())
        self.assertEqual(quote._mail_readers(), self.customer)

    def test_a_deputy_who_left_is_none(self):
        self._limit(self.anna, deputy_id=self.dirk.id)
        quote = self._send(self._job())
        self.assertFalse(quote._portal_approver_refusal(self.dirk.user_ids))
        self.dirk.parent_id = self._customer("Other")
        self.assertTrue(quote._portal_approver_refusal(self.dirk.user_ids))

    def test_people_of_the_list_are_approvers_of_the_customer(self):
        stranger = self._portal_user(self._customer("Other"), "nox_other").partner_id
        for values, message in (
            ({"partner_id": self.dirk.id}, "not named as an approver"),
            ({"partner_id": self.anna.id, "deputy_id": self.anna.id}, "of himself"),
            ({"partner_id": self.anna.id, "deputy_id": stranger.id}, "do not belong"),
        ):
            with self.assertRaisesRegex(ValidationError, message), self.cr.savepoint():
                self.env["nox.approver"].create({"pbx_id": self.pbx.id, **values})

    # ------------------------------------------------------------------
    # RECORDS
    # ------------------------------------------------------------------

    def test_one_at_a_time_and_with_a_bound(self):
        self._agree(date_end=self._today())
        with self.assertRaisesRegex(ValidationError, "on those days already"):
            with self.cr.savepoint():
                self._agree(date_start=self._today())
        refused = self.assertRaisesRegex(IntegrityError, "standing_approval_bounds")
        with mute_logger("odoo.sql_db"), refused, self.cr.savepoint():
            self._agree(
                date_start=self._today() + timedelta(1), month_amount=0, job_blocks=0
            )

    def test_uses_are_written_by_code_and_stay(self):
        approval = self._agree()
        quote = self._job().quote_id
        for user in (self.technician, self.coordinator, self.manager, self.accountant):
            for act in (
                lambda use: use.write({"amount": 1}),
                lambda use: use.create(
                    {"standing_id": approval.id, "order_id": quote.id}
                ),
                lambda use: use.unlink(),
            ):
                with self.assertRaises(AccessError):
                    act(quote.standing_use_ids.with_user(user))
        with self.assertRaisesRegex(ValidationError, "stays for the record"):
            approval.unlink()
        with self.assertRaises(UserError):
            quote.with_user(self.coordinator).unlink()

    def test_customers_read_their_own_and_coordinators_agree(self):
        approval = self._agree()
        self._job()
        stranger = self._portal_user(self._customer("Other"), "nox_other")
        for record in (approval, approval.use_ids, self._limit(self.anna)):
            for user, read, write in (
                (self.anna.user_ids, True, False),
                (stranger, False, False),
                (self.technician, True, False),
                (self.accountant, True, False),
            ):
                with self.subTest(model=record._name, user=user.login):
                    own = record.with_user(user)
                    self.assertEqual(own.has_access("read"), read)
                    self.assertEqual(own.has_access("write"), write)

    def test_the_customer_reads_what_was_agreed(self):
        self._agree(job_blocks=8)
        self._limit(self.anna, 200, deputy_id=self.dirk.id)
        self._job()
        found = self.pbx.with_user(self.anna.user_ids)._portal_approvals()
        self.assertIn("500.00", found["standing"][0])
        self.assertIn("148.83", found["standing"][0])
        self.assertIn("8 blocks", found["standing"][1])
        by_name = {person["name"]: person for person in found["people"]}
        self.assertIn("200.00", by_name["Anna"]["limit"])
        self.assertIn("Dirk", by_name["Anna"]["deputy"])
        self.assertEqual(len(found["uses"]), 1)
        other = self._pbx(self.standard, name="Other")
        self.assertEqual(other._portal_approvals(), {})
