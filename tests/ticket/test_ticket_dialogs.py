from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import MODULE, NoxVoipCommon

PIXEL = b"R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="
ONCHANGE = "odoo.tests.form.onchange"


@tagged("standard", "post_install", "-at_install")
class TestTicketDialogs(NoxVoipCommon):
    """Each dialog as a person fills it in: through its view, with the context of the
    button that opens it. A field that the view shows but does not send fails here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)

    def _dialog(self, record, button, user=None):
        """The form that a button of a record opens."""
        user = user or self.coordinator
        action = getattr(record.with_user(user), button)()
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    # ------------------------------------------------------------------
    # THE TICKET'S DIALOGS
    # ------------------------------------------------------------------

    def test_split(self):
        ticket = self._ticket(self.pbx)
        stays, moves = self._log(ticket, 10), self._log(ticket, 20)
        dialog = self._dialog(ticket, "action_split")
        self.assertEqual(dialog.name, ticket.name)
        dialog.name = "The menu"
        dialog.category_id = self._category("menu")
        dialog.timesheet_ids.add(moves)
        action = dialog.save().action_split()
        part = self.env["helpdesk.ticket"].browse(action["res_id"])
        self.assertState(part, name="The menu", split_from_id=ticket)
        self.assertEqual((ticket.timesheet_ids, part.timesheet_ids), (stays, moves))

    def test_drop_and_bill(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 20)
        dialog = self._dialog(ticket, "action_drop")
        self.assertEqual(dialog.to_invoice_blocks, 2)
        dialog.reason = "The customer does it himself"
        dialog.save().action_drop()
        self.assertState(ticket, stage_id=self.stage_dropped, to_invoice_blocks=2)
        self.assertEqual(ticket.invoice_status, "to_invoice")

    def test_drop_and_waive(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 20)
        dialog = self._dialog(ticket, "action_drop")
        dialog.billing = "waive"
        dialog.reason = "Not worth a bill"
        dialog.save().action_drop()
        self.assertState(ticket, stage_id=self.stage_dropped, waived_blocks=2)
        self.assertEqual(ticket.waiver_ids.reason, "Not worth a bill")

    def test_waive(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 20)
        dialog = self._dialog(ticket, "action_waive")
        dialog.blocks = 1
        dialog.reason = "We were late"
        dialog.save()
        self.assertState(ticket, waived_blocks=1, to_invoice_blocks=1)
        self.assertEqual(ticket.waiver_ids.user_id, self.coordinator)

    def test_override_and_take_it_back(self):
        ticket = self._ticket(self.pbx)
        dialog = self._dialog(ticket, "action_override_coverage")
        dialog.coverage = "covered"
        dialog.reason = "It was our own mistake."
        dialog.save()
        self.assertState(ticket, coverage="covered", is_overridden=True)
        self.assertEqual(ticket.coverage_reason, "It was our own mistake.")
        dialog = self._dialog(ticket, "action_override_coverage")
        dialog.reason = "It was not."
        dialog.save()
        self.assertState(ticket, coverage="billable", is_overridden=False)

    def test_approved_otherwise(self):
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        quote = self._send(ticket)
        dialog = self._dialog(ticket, "action_approved_otherwise")
        self.assertEqual(dialog.amount_total, quote.amount_total)
        dialog.signed_by = "Anna de Vries"
        dialog.proof = PIXEL
        dialog.save().action_approve()
        self.assertState(ticket, approval_state="approved", approved_blocks=6)
        self.assertEqual(quote.signed_by, "Anna de Vries")
        self.assertTrue(quote.service_proof_ids)

    # ------------------------------------------------------------------
    # THE TICKET'S ONE LINE
    # ------------------------------------------------------------------

    def test_coordinator_logs_before_the_approval_in_one_line(self):
        ticket = self._over_the_hour(self.pbx)
        self._send(ticket)
        form = Form(ticket.with_user(self.coordinator))
        form.log_hours = 0.5
        form.log_note = "Mended all the same"
        with self.assertRaises(UserError):
            form.save()
        form.log_held_reason = "The line was down"
        form.save()
        line = ticket.timesheet_ids - ticket.timesheet_ids.sorted("id")[:1]
        self.assertEqual(
            (line.name, line.held_reason), ("Mended all the same", "The line was down")
        )
        self.assertState(ticket, worked_minutes=91, held_minutes=31, log_hours=0)

    def test_technician_is_not_asked_for_that_reason(self):
        ticket = self._over_the_hour(self.pbx)
        form = Form(ticket.with_user(self.technician))
        form.log_hours = 0.5
        with self.assertRaises(AssertionError):
            form.log_held_reason = "I want to"
        with self.assertRaises(UserError):
            form.save()
        self.assertEqual(ticket.worked_minutes, 61)

    def test_twenty_hours_are_asked_about(self):
        """In the ticket's one line, and in the list of its time."""
        ticket = self._ticket(self.pbx).with_user(self.technician)
        form = Form(ticket)
        with self.assertLogs(ONCHANGE, "WARNING") as said:
            form.log_hours = 20
        self.assertIn("0:20", said.output[0])
        with self.assertNoLogs(ONCHANGE, "WARNING"):
            form.log_hours = 20 / 60
        form.save()
        self.assertEqual(ticket.worked_minutes, 20)
        form = Form(ticket)
        with self.assertLogs(ONCHANGE, "WARNING") as said:
            with form.timesheet_ids.new() as line:
                line.unit_amount = 20
        self.assertIn("0:20", said.output[0])

    def test_closed_ticket_has_no_line_to_log_on(self):
        ticket = self._ticket(self.pbx)
        self._finish(ticket)
        form = Form(ticket.with_user(self.technician))
        with self.assertRaises(AssertionError):
            form.log_hours = 0.5

    def test_card_says_what_is_to_be_invoiced(self):
        """The badges of the kanban: verdict, approval, held, to invoice."""
        view = self.env.ref(f"{MODULE}.helpdesk_ticket_view_kanban").inherit_id
        arch = self.env["helpdesk.ticket"].get_view(view.id, "kanban")["arch"]
        self.assertIn('name="invoice_status"', arch)

    # ------------------------------------------------------------------
    # INVOICE AND SETTINGS
    # ------------------------------------------------------------------

    def _credit_dialog(self, move):
        model = self.env["account.move.reversal"].with_user(self.accountant)
        return Form(
            model.with_context(active_model="account.move", active_ids=move.ids)
        )

    def test_credit_note_asks_whether_to_bill_again(self):
        for rebill, due in (("no", 0), ("yes", 2)):
            with self.subTest(rebill=rebill):
                ticket = self._ticket(self.pbx)
                self._log(ticket, 20)
                dialog = self._credit_dialog(self._invoice(ticket))
                self.assertTrue(dialog.has_service_work)
                self.assertEqual(dialog.service_rebill, "no")
                dialog.service_rebill = rebill
                action = dialog.save().reverse_moves()
                refund = self.env["account.move"].browse(action["res_id"])
                self.assertEqual(refund.service_rebill, rebill)
                refund.action_post()
                self.assertState(ticket, to_invoice_blocks=due)

    def test_credit_note_of_other_work_asks_nothing(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create({"name": "A phone", "price_unit": 80})
                ],
            }
        )
        move.action_post()
        dialog = self._credit_dialog(move)
        with self.assertRaises(AssertionError):
            dialog.service_rebill = "yes"

    def test_settings_are_opened_and_saved(self):
        """By who may: an administrator of the system who is a service manager."""
        user = new_test_user(
            self.env,
            "nox_settings",
            groups=f"base.group_system,{MODULE}.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        settings = self.env["res.config.settings"].with_user(user)
        with Form(settings.with_company(self.company)) as form:
            form.service_quote_validity_days = 21
            form.service_quote_autosend = True
            form.service_dispute_user_id = self.accountant
        form.record.execute()
        self.assertEqual(self.company.service_quote_validity_days, 21)
        self.assertTrue(self.company.service_quote_autosend)
        self.assertEqual(self.company.service_dispute_user_id, self.accountant)
