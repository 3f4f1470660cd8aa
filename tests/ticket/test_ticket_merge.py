"""Tickets merged by `helpdesk_mgmt_merge`, which puts messages, followers and tags on
one of them and archives the others; it knows neither time nor quotes."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_mail_request import MailRequestCase


@tagged("standard", "post_install", "-at_install")
class TestTicketMerge(MailRequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls._pbx(cls.standard, name="Shop")

    def _merge(self, kept, *merged):
        """Merge into the first, as the wizard of that addon (19.0.1.0.0) does it, step
        by step. With it comes `nox_voip_service_merge`, which takes the work along."""
        tickets = self.env["helpdesk.ticket"].concat(kept, *merged)
        gone = tickets - kept
        kept.write({"description": kept.description, "user_id": kept.user_id.id})
        kept.message_subscribe(partner_ids=gone.message_partner_ids.ids)
        for ticket in (*gone, kept):
            ticket.message_post(
                body="This ticket has been merged",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        gone.message_ids.filtered(
            lambda each: each.message_type != "notification"
        ).write({"res_id": kept.id})
        gone.activity_ids.write({"res_id": kept.id})
        gone.write({"active": False})

    def assertNotMerged(self, kept, merged, *words):
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            self._merge(kept, merged)
        self.env.invalidate_all()
        self.assertSentence(refusal)
        for word in (merged.number, *words):
            self.assertIn(word, str(refusal.exception))
        self.assertTrue(merged.active)

    def _worked(self, *minutes):
        ticket = self._ticket(self.shop)
        self._log(ticket, *minutes)
        return ticket

    def test_time_goes_along_first_and_is_counted_once(self):
        for first, second, blocks in ((20, 20, 3), (51, 9, 4)):
            with self.subTest(first=first, second=second):
                kept, merged = self._worked(first), self._worked(second)
                self.assertNotMerged(kept, merged, "give its time entries the ticket")
                merged.timesheet_ids.with_user(self.technician).ticket_id = kept
                self._merge(kept, merged)
                self.assertFalse(merged.active)
                self.assertState(kept, billable_blocks=blocks, to_invoice_blocks=blocks)

    def test_two_half_jobs_are_one_of_more_than_an_hour(self):
        """51 and 26 minutes are 77: four blocks are released, the rest asks first."""
        kept, merged = self._worked(51), self._worked(26)
        merged.timesheet_ids.with_user(self.technician).ticket_id = kept
        self._merge(kept, merged)
        self.assertState(
            kept, worked_minutes=77, to_invoice_blocks=4, quote_state="draft"
        )

    def test_a_quote_that_binds_us_is_not_buried(self):
        kept, merged = self._worked(20), self._ticket(self.shop)
        merged.estimated_minutes = 90
        self.assertNotMerged(kept, merged, merged.quote_name)
        self._send(merged)
        self.assertNotMerged(kept, merged, merged.quote_name)
        self._approve(merged)
        self.assertNotMerged(kept, merged, merged.quote_name)
        self.assertEqual(merged.quote_state, "approved")

    def test_a_withdrawn_quote_holds_nothing(self):
        kept, merged = self._worked(20), self._ticket(self.shop)
        merged.estimated_minutes = 90
        self._decline(merged)
        self._merge(kept, merged)
        self.assertState(merged, active=False, quote_state="refused")

    def test_waived_and_invoiced_work_stays_where_it_was(self):
        kept, waived, invoiced = (self._worked(20) for _each in range(3))
        self.env["nox.block.waiver"].with_user(self.coordinator).create(
            {"ticket_id": waived.id, "blocks": 2, "reason": "Our own mistake"}
        )
        self._invoice(invoiced)
        self._merge(kept, waived, invoiced)
        self.assertState(kept, worked_minutes=20, to_invoice_blocks=2)
        self.assertState(waived, worked_minutes=20, waived_blocks=2)
        self.assertState(invoiced, worked_minutes=20, invoiced_blocks=2)

    def test_customers_do_not_read_each_other(self):
        kept = self._ticket(self.shop)
        merged = self._ticket(self._pbx(self.standard, customer=self.other, name="O"))
        merged.message_subscribe(self.stranger.partner_id.ids)
        message = merged.message_post(body="Our secret", message_type="comment")
        self.assertNotMerged(kept, merged, self.other.name, self.customer.name)
        self.assertEqual(message.res_id, merged.id)
        self.assertNotIn(self.stranger.partner_id, kept.message_partner_ids)

    def test_a_reply_to_the_merged_ticket_comes_to_the_other(self):
        kept, merged = self._mail(subject="One"), self._mail(subject="Two")
        first = merged.message_ids.sorted("id")[0].message_id
        answer = self._answers(merged).mail_message_id.message_id
        self._merge(kept, merged)
        for message_id in (first, answer):
            self.assertEqual(self._mail(subject="Re: Two", reply_to=message_id), kept)
