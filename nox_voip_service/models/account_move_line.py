from odoo import fields, models


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

    def _timesheet_domain_get_invoiced_lines(self, sale_line_delivery):
        """Leave the time of tickets to `_link_settled_time`: Odoo would link every
        entry of the order, held ones too."""
        return super()._timesheet_domain_get_invoiced_lines(sale_line_delivery) + [
            ("ticket_id", "=", False)
        ]

    def unlink(self):
        lines = self.sudo().sale_line_ids.filtered("is_service_time")
        tickets = lines.order_id.service_ticket_id
        res = super().unlink()
        tickets._link_settled_time()
        return res

    def _copy_data_extend_business_fields(self, values):
        """A credit note names the charge that it credits."""
        res = super()._copy_data_extend_business_fields(values)
        values["seat_charge_id"] = self.seat_charge_id.id
        return res
