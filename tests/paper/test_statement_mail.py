from odoo.tests import tagged

from .test_statement import StatementCase


@tagged("standard", "post_install", "-at_install")
class TestStatementMail(StatementCase):
    """The statement goes along with the invoice's mail where the company says so."""

    def _mailed(self, move):
        """Names of the attachments of the mail with this invoice."""
        self.env["account.move.send"]._generate_and_send_invoices(move)
        [message] = move.message_ids.filtered("attachment_ids")[:1]
        return sorted(message.attachment_ids.mapped("name"))

    def test_off_until_somebody_ticks_it(self):
        self.pbxs = self._customer_with_users()
        [invoice] = self._mailed(self._posted())
        self.assertNotIn("Statement", invoice)

    def test_by_setting(self):
        self.company.service_statement_attached = True
        self.pbxs = self._customer_with_users()
        move = self._posted()
        self.assertIn(
            f"Statement March 2026 {move.name.replace('/', '-')}.pdf",
            self._mailed(move),
        )

    def test_by_the_queue_of_the_run(self):
        self.company.service_statement_attached = True
        self.company.service_invoice_mode = "send"
        self.pbxs = self._customer_with_users()
        move = self._moves(self._run("2026-04-01"))
        Send = self.env["account.move.send"]
        Send._generate_and_send_invoices(move, from_cron=True)
        names = move.message_ids.attachment_ids.mapped("name")
        self.assertTrue([name for name in names if name.startswith("Statement")])

    def test_an_invoice_of_other_goods_has_none(self):
        self.company.service_statement_attached = True
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "invoice_line_ids": [(0, 0, {"name": "Cable", "price_unit": 5})],
            }
        )
        move.action_post()
        [invoice] = self._mailed(move)
        self.assertNotIn("Statement", invoice)
