from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ...policy import statement
from ..base.guard import for_readers


class AccountMove(models.Model):
    """The monthly statement beside an invoice: users and their days, each request with
    its verdict, minutes, blocks and amount, what the plan included and what it would
    have cost. Its amounts are those of the invoice's lines.

    Held time is not on it. The statement of a credit note says what it gives back.
    """

    _inherit = "account.move"

    has_statement = fields.Boolean(
        compute="_compute_has_statement",
        help="A posted invoice or credit note of users, service work or trainings.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("state", "move_type")
    def _compute_has_statement(self):
        for move in self:
            move.has_statement = bool(
                move._is_customers_document() and move._service_lines()
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_print_statement(self):
        return self.env.ref("nox_voip_service.action_report_statement").report_action(
            self
        )

    # ------------------------------------------------------------------
    # BUSINESS: which months, whose work
    # ------------------------------------------------------------------

    def _statement_lang(self):
        """In sudo: whoever may read the invoice reads it in its customer's language."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo().partner_id._service_lang()

    def _statement_days(self):
        """First and last day of the months that this invoice is about."""
        self.ensure_one()
        charges = self.invoice_line_ids.seat_charge_id
        billed = charges.filtered(lambda charge: not charge.revision).mapped("month")
        if self.service_run_id:
            billed.append(self.service_run_id.month)
        return statement.first_and_last(
            billed, self.invoice_date or self.company_id._service_today()
        )

    def _statement_month(self):
        """ "March 2026", or "January 2026 – March 2026" where the run caught up."""
        self.ensure_one()
        names = [
            format_date(self.env, day, date_format="MMMM y")
            for day in self._statement_days()
        ]
        return " – ".join(dict.fromkeys(names))

    def _statement_filename(self):
        self.ensure_one()
        move = self.with_context(lang=self._statement_lang())
        return move.env._(
            "Statement %(month)s %(number)s",
            month=move._statement_month(),
            number=(move.name or "").replace("/", "-"),
        )

    def _statement_bills(self):
        """The invoices of the run's month of this customer, as the policy wants them:
        none for an invoice that no run made, nor for what credits another."""
        self.ensure_one()
        if not self.service_run_id or self.reversed_entry_id:
            return []
        moves = self.search(
            [
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("service_run_id.month", "=", self.service_run_id.month),
                ("reversed_entry_id", "=", False),
                ("state", "!=", "cancel"),
            ],
            order="id",
        )
        return [
            statement.Bill(
                move.id, frozenset(move.invoice_line_ids.seat_charge_id.pbx_id.ids)
            )
            for move in moves
        ]

    def _statement_pbxs(self):
        """The PBXs whose included work and open quotes stand on this statement: those
        whose users it bills, and on the first invoice of the month the others."""
        self.ensure_one()
        bills = self._statement_bills()
        Pbx = self.env["nox.pbx"].with_context(active_test=False)
        if not bills:
            return Pbx
        return Pbx.search(
            [
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        ).filtered(lambda pbx: statement.home(bills, pbx.id) == self.id)

    # ------------------------------------------------------------------
    # BUSINESS: what it says
    # ------------------------------------------------------------------

    def _statement_values(self):
        """Values of the statement, in the language of the environment.

        In sudo for these values alone, after the question whether the reader may read
        the invoice: charges, requests and orders belong to models that he reads only
        in part.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.sudo().has_statement:
            raise AccessError(
                self.env._(
                    "There is a statement of posted invoices with users, service work"
                    " or trainings alone."
                )
            )
        move = self.sudo()
        lines = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        users = lines.filtered(
            lambda line: line.seat_charge_id or line.rounding_charge_id
        )
        work = lines.filtered(
            lambda line: any(line.sale_line_ids.mapped("is_service_time"))
        )
        pbxs = move._statement_pbxs()
        return {
            "move": move,
            "currency": move.currency_id,
            "month": move._statement_month(),
            "is_credit": move.move_type == "out_refund",
            "credit": move._statement_credit_text(),
            "users": [line._statement_row() for line in users],
            "work": work._statement_tickets(),
            "others": [line._statement_row() for line in lines - users - work],
            "approvals": []
            if move.move_type == "out_refund"
            else work._statement_approvals(),
            "included": move._statement_included(pbxs),
            "standing": move._statement_standing(pbxs),
            "quotes": move._statement_open_quotes(pbxs),
        }

    def _statement_credit_text(self):
        """What a credit note does; empty for an invoice."""
        self.ensure_one()
        if self.move_type != "out_refund":
            return ""
        credited = self.reversed_entry_id
        if not credited:
            return self.env._(
                "More was billed before than it had to be: you get the difference back."
            )
        if self.service_rebill == "yes":
            return self.env._(
                "This gives back what stands below, of invoice %(invoice)s. It will be"
                " billed again.",
                invoice=credited.name,
            )
        return self.env._(
            "This gives back what stands below, of invoice %(invoice)s. It will not be"
            " billed again.",
            invoice=credited.name,
        )

    def _statement_standing(self, pbxs):
        """Quotes of these months that the customer approved beforehand, each in whose
        name and at most how much."""
        self.ensure_one()
        first, last = self._statement_days()
        return [
            {
                "name": use.order_id.name,
                "subject": use.ticket_id._masked_title(),
                "day": format_date(self.env, use.used_on),
                "approver": use.approver_id.name,
                "amount": use.amount,
                "currency": use.currency_id,
            }
            for use in pbxs._standing_uses(first, last)
        ]

    def _statement_open_quotes(self, pbxs):
        """Quotes that wait for the customer's answer."""
        self.ensure_one()
        if not pbxs:
            return []
        orders = self.env["sale.order"].search(
            [
                ("service_kind", "=", "quote"),
                ("state", "=", "sent"),
                ("is_service_quote_expired", "=", False),
                ("service_ticket_id.pbx_id", "in", pbxs.ids),
            ],
            order="id",
        )
        return [
            {
                "name": order.name,
                "subject": order.service_ticket_id._masked_title(),
                "work": order._portal_work_text(),
                "valid_until": format_date(self.env, order.validity_date),
                "amount": order.amount_untaxed,
                "currency": order.currency_id,
            }
            for order in orders
            if not order._is_service_expired()
        ]
