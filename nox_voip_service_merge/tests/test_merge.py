from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.nox_voip_service.tests.common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestMerge(NoxVoipCommon):
    """The coordinator merges tickets of one shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls._pbx(cls.standard, name="Shop")

    def _worked(self, *minutes, **values):
        ticket = self._ticket(self.shop, **values)
        self._log(ticket, *minutes)
        return ticket

    def _dialog(self, kept, *merged, user=None, **values):
        tickets = self.env["helpdesk.ticket"].concat(kept, *merged)
        dialog = self.env["helpdesk.ticket.merge"].with_user(user or self.coordinator)
        return dialog.with_context(active_ids=tickets.ids).create(values)

    def _merge(self, kept, *merged, **values):
        self.env.flush_all()
        self._dialog(kept, *merged, **values).merge_tickets()
        self.env.flush_all()
        self.env.invalidate_all()

    def assertApart(self, kept, merged, *words, **values):
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            self._merge(kept, merged, **values)
        self.env.invalidate_all()
        self.assertSentence(refusal)
        for word in words:
            self.assertIn(word, str(refusal.exception))
        self.assertTrue(merged.active)

    def test_time_goes_along_and_is_counted_once(self):
        for first, second, blocks in ((20, 20, 3), (51, 9, 4), (0, 20, 2)):
            with self.subTest(first=first, second=second):
                kept = self._worked(*([first] if first else []))
                merged = self._worked(second)
                entry = merged.timesheet_ids
                self._merge(kept, merged)
                self.assertState(merged, active=False, worked_minutes=0)
                self.assertEqual(entry.ticket_id, kept)
                self.assertEqual(entry.held_reason, False)
                self.assertState(kept, to_invoice_blocks=blocks, held_minutes=0)
                self.assertEqual(
                    sum(self._invoice(kept).invoice_line_ids.mapped("quantity")), blocks
                )

    def test_messages_go_along_for_coordinator_and_technician(self):
        for user in (self.coordinator, self.technician):
            with self.subTest(user=user.login):
                kept, merged = self._worked(20), self._worked(20)
                message = merged.message_post(body="Also this", message_type="comment")
                self._merge(kept, merged, user=user)
                self.assertEqual(message.res_id, kept.id)
                told = kept.message_ids.filtered_domain(
                    [("body", "like", merged.number)]
                )
                self.assertEqual(told.author_id, user.partner_id)

    def test_who_may_not_write_the_tickets_hears_only_that(self):
        portal = self._portal_user(self.customer, "portal-merge")
        kept, merged = self._worked(20), self._worked(20)
        with self.assertRaises(AccessError):
            self._merge(kept, merged, user=portal)
        other = self.env["res.company"].create({"name": "Another company"})
        stranger = self._user("coordinator", "nox_stranger")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        dialogs = self.env["helpdesk.ticket.merge"].with_user(stranger)
        with self.assertRaises(AccessError) as denial:
            dialogs.with_context(
                allowed_company_ids=other.ids, active_ids=[kept.id, merged.id]
            ).create({}).merge_tickets()
        self.assertNotIn("Shop", str(denial.exception))
        self.assertTrue(merged.active)

    def test_two_half_jobs_are_one_of_more_than_an_hour(self):
        """51 and 26 minutes are 77: four blocks are released, the rest asks first."""
        kept, merged = self._worked(51), self._worked(26)
        self._merge(kept, merged)
        self.assertState(
            kept,
            worked_minutes=77,
            to_invoice_blocks=4,
            held_minutes=17,
            quote_state="draft",
        )

    def test_a_draft_quote_is_made_anew_for_the_work_of_both(self):
        kept, merged = self._worked(40), self._worked(20)
        kept.estimated_minutes = 90
        merged.estimated_minutes = 120
        self.assertEqual((kept.quote_state, merged.quote_state), ("draft", "draft"))
        self._merge(kept, merged)
        self.assertFalse(merged.quote_id)
        self.assertState(
            kept,
            estimated_minutes=120,
            quote_state="draft",
            released_minutes=60,
            held_minutes=0,
        )
        self.assertEqual(kept.quote_id.service_blocks, 4)

    def test_the_ticket_with_a_quote_stays(self):
        first, quoted = self._worked(20), self._ticket(self.shop)
        quoted.estimated_minutes = 90
        quote = self._send(quoted)
        self.assertApart(first, quoted, quote.name, dst_ticket_id=first.id)
        self.assertApart(first, quoted, quote.name, create_new_ticket=True)
        dialog = self._dialog(first, quoted)
        self.assertEqual(dialog.dst_ticket_id, quoted)
        self._approve(quoted)
        self._merge(first, quoted)
        self.assertState(
            quoted, worked_minutes=20, to_invoice_blocks=2, quote_state="approved"
        )
        self.assertFalse(first.active)

    def test_time_that_can_be_billed_does_not_come_to_wait_under_a_quote(self):
        """What was told as released before the quote does not grow, so that the 20
        minutes would wait for another approval: they stay on their own ticket."""
        kept = self._over_the_hour(self.shop)
        quote = self._send(kept)
        merged = self._worked(20)
        self.assertApart(kept, merged, "20 minutes", quote.name)
        self.assertState(merged, worked_minutes=20, to_invoice_blocks=2)
        self._approve(kept)
        self._merge(kept, merged)
        self.assertState(kept, worked_minutes=81, held_minutes=0, to_invoice_blocks=6)

    def test_facts_that_are_not_known_are_taken_over(self):
        pbx = self._pbx(self.contract_plan, name="Contract")
        kept = self._ticket(pbx, "add_user")
        merged = self._ticket(
            pbx, "add_user", replaces_user="yes", customer_reference="PO 7"
        )
        self._log(merged, 20)
        self.assertEqual(kept.coverage, "undecided")
        self._merge(kept, merged)
        self.assertState(
            kept,
            coverage="covered",
            replaces_user="yes",
            customer_reference="PO 7",
            worked_minutes=20,
        )

    def test_one_change_of_users_goes_along_of_two_each_has_its_ticket(self):
        kept, merged, other = (self._ticket(self.shop, "add_user") for _each in "123")
        merged.write({"seat_name": "Anna", "seat_extension": "201"})
        self._merge(kept, merged)
        self.assertState(kept, seat_name="Anna", seat_extension="201")
        other.seat_name = "Bram"
        self.assertApart(kept, other, kept.number, other.number)
        kept.sudo().is_seat_change_done = True
        self._merge(kept, other)
        self.assertFalse(other.active)

    def test_covered_and_billable_work_stays_apart(self):
        pbx = self._pbx(self.contract_plan, name="Contract")
        covered, billable = (
            self._ticket(pbx, "add_user", replaces_user=each) for each in ("yes", "no")
        )
        self._log(covered, 20)
        self._log(billable, 20)
        self.assertApart(covered, billable, "covered", "billable")
        self.assertApart(billable, covered, "covered", "billable")

    def test_each_pbx_has_its_own_bill(self):
        other = self._pbx(self.standard, name="Workshop")
        merged = self._ticket(other)
        self._log(merged, 20)
        self.assertApart(self._worked(20), merged, "Shop", "Workshop")

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

    def test_a_closed_ticket_takes_no_more_time(self):
        kept = self._finish(self._worked(20))
        self.assertApart(kept, self._worked(20), kept.number)

    def test_a_new_ticket_takes_the_work_of_all(self):
        first, second = self._worked(20), self._worked(20)
        self._merge(
            first,
            second,
            create_new_ticket=True,
            dst_ticket_name="Both",
            dst_helpdesk_team_id=first.team_id.id,
        )
        new = first.search([("name", "=", "Both")])
        self.assertState(new, worked_minutes=40, to_invoice_blocks=3)
        self.assertEqual(new.pbx_id, self.shop)
