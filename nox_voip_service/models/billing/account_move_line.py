from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    seat_charge_id = fields.Many2one(
        "nox.seat.charge",
        string="Charge",
        index="btree_not_null",
        readonly=True,
        # A duplicate by hand is no charge; a credit note is, see below.
        copy=False,
        ondelete="set null",
        help="The month of users that this line bills or credits.",
    )

    rounding_charge_id = fields.Many2one(
        "nox.seat.charge",
        string="Rounding of the charge",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="This line is the cent that belongs to that charge's line.",
    )

    @api.constrains("quantity", "price_unit", "discount", "move_id")
    def _check_credited_once(self):
        self.move_id._check_credited_once()

    def _timesheet_domain_get_invoiced_lines(self, sale_line_delivery):
        """Leave the time of tickets to `_link_invoiced_time`: Odoo would link every
        entry of the order, held ones too."""
        return super()._timesheet_domain_get_invoiced_lines(sale_line_delivery) + [
            ("ticket_id", "=", False)
        ]

    @api.depends("move_id.service_cents")
    def _compute_totals(self):
        """Where prices have VAT in them, the amount of a line is its part of what the
        invoice comes to, so that printed lines add up to the printed subtotal."""
        res = super()._compute_totals()
        for move in self.move_id.filtered("service_cents"):
            lines = (move.line_ids if move.id else move.invoice_line_ids).filtered(
                lambda line: line.display_type == "product"
            )
            if not any(lines.tax_ids.mapped("price_include")):
                continue
            # A line that changes moves the cent of its neighbours.
            base_lines, _taxes = move._get_rounded_base_and_tax_lines(
                round_from_tax_lines=False
            )
            for base_line in base_lines:
                line, details = base_line["record"], base_line["tax_details"]
                if line in lines:
                    line.price_subtotal = details["total_excluded_currency"]
                    line.price_total = details["total_included_currency"]
        return res

    def unlink(self):
        if not self:
            # Odoo deletes no lines six times with every new invoice, and searches for
            # their time each time: see also account.payment.
            return True
        # The cent goes with the users whom it belongs to.
        self |= self.sudo()._rounding_lines()
        lines = self.sudo().sale_line_ids.filtered("is_service_time")
        tickets = lines.order_id.service_ticket_id
        moves = self.move_id.filtered("service_cents")
        res = super().unlink()
        # The cents of what is left, where prices have VAT in them.
        moves.exists().invoice_line_ids.filtered(
            lambda line: any(line.tax_ids.mapped("price_include"))
        )._compute_totals()
        tickets._link_invoiced_time()
        return res

    def _copy_data_extend_business_fields(self, values):
        """A credit note names the charge that it credits."""
        res = super()._copy_data_extend_business_fields(values)
        values["seat_charge_id"] = self.seat_charge_id.id
        values["rounding_charge_id"] = self.rounding_charge_id.id
        return res

    def _rounding_lines(self):
        """The lines with the cents of these lines' charges, on the same invoices."""
        charged = self.filtered("seat_charge_id")
        pairs = {(line.move_id, line.seat_charge_id) for line in charged}
        return charged.move_id.line_ids.filtered(
            lambda line: (
                line.rounding_charge_id
                and (line.move_id, line.rounding_charge_id) in pairs
            )
        )

    def _credits_to_charge_again(self):
        """The lines of credit notes that said: charge again."""
        return self.filtered(
            lambda line: (
                line.move_id.reversed_entry_id
                and line.move_id.state != "cancel"
                and line.move_id.service_rebill == "yes"
            )
        )

    def _credited_quantity(self):
        """What this line of a credit note takes from its charge: more users when it
        credits an invoice, fewer when it takes back a credit note."""
        self.ensure_one()
        return (
            self.quantity if self.move_id.move_type == "out_refund" else -self.quantity
        )

    def _credit_source(self):
        """What this line bills or credits; the same for a line and its credit:
        ``("users", charge)``, ``("cent", charge)``, ``("order", order line)`` with
        their ids. None for what is not ours."""
        self.ensure_one()
        if self.seat_charge_id:
            return ("users", self.seat_charge_id.id)
        if self.rounding_charge_id:
            return ("cent", self.rounding_charge_id.id)
        ours = self.sale_line_ids.filtered(
            lambda line: line.order_id.service_ticket_id or line.is_admin_training
        )
        return ("order", ours[0].id) if ours else None

    def _policy_quantity(self):
        """The quantity as exactly as the policy counts it."""
        return Decimal(float_repr(self.quantity, 2))
