from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.nox_voip_service.tests.common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestTier(NoxVoipCommon):
    """Quotes above 100 euros are validated by the manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["tier.definition"].search([]).active = False
        cls.tier = cls.env["tier.definition"].create(
            {
                "name": "Above a hundred euros",
                "model_id": cls.env.ref("sale.model_sale_order").id,
                "review_type": "individual",
                "reviewer_id": cls.manager.id,
                "definition_domain": "[('amount_untaxed', '>', 100)]",
                "company_id": cls.company.id,
            }
        )
        cls.pbx = cls._pbx(cls.standard)

    def _estimated(self, minutes):
        return self._ticket(self.pbx, estimated_minutes=minutes)

    def _press_send(self, ticket, user=None):
        action = ticket.with_user(user or self.technician).action_send_quote()
        self.env.flush_all()
        self.env.invalidate_all()
        return action

    def _validate(self, ticket):
        order = ticket.quote_id.with_user(self.manager)
        order._validate_tier()
        self.env.invalidate_all()

    def test_below_the_amount_one_click_sends(self):
        """Sixty-one minutes are five blocks: 102.50. Of 40 worked three are released,
        which leaves two: 41.00."""
        ticket = self._ticket(self.pbx)
        self._log(ticket, 40)
        ticket.estimated_minutes = 61
        self.assertEqual(self._press_send(ticket), True)
        self.assertEqual(ticket.quote_state, "sent")

    def test_above_it_the_quote_is_validated_before_it_is_sent(self):
        ticket = self._estimated(90)
        action = self._press_send(ticket)
        self.assertIn(self.manager.name, action["params"]["message"])
        self.assertEqual(ticket.quote_state, "draft")
        self.assertEqual(len(ticket.quote_id.review_ids), 1)
        self._press_send(ticket)
        self.assertEqual(len(ticket.quote_id.review_ids), 1)
        with self.assertRaises(UserError) as refusal:
            ticket.quote_id.with_user(self.coordinator).write({"state": "sent"})
        self.assertSentence(refusal)
        self._validate(ticket)
        self.assertEqual(self._press_send(ticket), True)
        self.assertEqual(ticket.quote_state, "sent")

    def test_the_customer_signs_what_was_sent_some_days_after_our_yes(self):
        """The term of the quote runs from the day on which it is sent."""
        ticket = self._estimated(90)
        self._press_send(ticket)
        self._validate(ticket)
        validity = ticket.quote_id.validity_date
        with freeze_time(datetime.now() + timedelta(days=4)):
            self.assertEqual(self._press_send(ticket, self.coordinator), True)
        self.assertGreater(ticket.quote_id.validity_date, validity)
        self._approve(ticket)
        self.assertEqual(ticket.quote_state, "approved")
        self._log(ticket, 85)
        invoice = self._invoice(ticket)
        self.assertEqual(sum(invoice.invoice_line_ids.mapped("quantity")), 6)

    def test_a_tier_that_comes_later_does_not_stop_who_signs(self):
        self.tier.active = False
        ticket = self._estimated(90)
        self._press_send(ticket)
        self.tier.active = True
        self._approve(ticket)
        self.assertEqual(ticket.quote_state, "approved")

    def test_a_reviewer_who_sends_says_yes(self):
        ticket = self._estimated(90)
        self.assertEqual(self._press_send(ticket, self.manager), True)
        self.assertEqual(ticket.quote_state, "sent")

    def test_a_changed_content_is_asked_anew(self):
        ticket = self._estimated(90)
        self._press_send(ticket)
        self._validate(ticket)
        ticket.estimated_minutes = 180
        self._press_send(ticket)
        self.assertEqual(ticket.quote_state, "draft")
        self.assertEqual(ticket.quote_id.review_ids.mapped("status"), ["pending"])
        self._validate(ticket)
        self._press_send(ticket)
        self.assertEqual(ticket.quote_state, "sent")

    def test_content_under_validation_is_not_edited_by_hand(self):
        ticket = self._estimated(90)
        self._press_send(ticket)
        order = ticket.quote_id.with_user(self.coordinator)
        with self.assertRaises(UserError):
            order.write(
                {"order_line": [(1, order.order_line[:1].id, {"discount": 50})]}
            )

    def test_time_is_logged_while_the_quote_waits_for_us(self):
        """With sending at once the entry makes the quote: it is kept, and the quote
        waits. The next entry brings its note up to date."""
        self.company.service_quote_autosend = True
        ticket = self._ticket(self.pbx)
        ticket.estimated_minutes = 60
        self._log(ticket, 50)
        ticket.with_user(self.technician).estimated_minutes = 200
        self.assertState(ticket, worked_minutes=50, quote_state="draft")
        self.assertEqual(ticket.quote_id.review_ids.reviewer_ids, self.manager)
        self._log(
            ticket, 20, user=self.coordinator, held_reason="The customer was down"
        )
        self.assertState(ticket, worked_minutes=70, quote_state="draft")

    def test_released_time_is_billed_without_a_tier(self):
        self.tier.definition_domain = "[]"
        ticket = self._ticket(self.pbx)
        self._log(ticket, 20)
        invoice = self._invoice(ticket)
        self.assertEqual(sum(invoice.invoice_line_ids.mapped("quantity")), 2)
