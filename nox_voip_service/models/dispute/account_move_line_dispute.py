from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero, format_date, formatLang


class AccountMoveLine(models.Model):
    """A line that a customer can question, and its explanation in the portal."""

    _inherit = "account.move.line"

    dispute_ids = fields.One2many("nox.invoice.dispute", "move_line_id", readonly=True)
    dispute_id = fields.Many2one(
        "nox.invoice.dispute",
        string="Answers the question",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="On a credit note: the question of the customer that led to it.",
    )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_questioned(self):
        if self.sudo().dispute_ids:
            raise UserError(
                self.env._(
                    "The customer has questioned a line that you delete. Answer it"
                    " and credit the line instead."
                )
            )

    def unlink(self):
        if not self:
            return True
        disputes = self.sudo().dispute_id
        res = super().unlink()
        disputes._reopen_without_credit()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _service_ticket(self):
        return self.sale_line_ids.order_id.service_ticket_id[:1]

    def _can_be_disputed(self):
        return len(self) == 1 and (
            self.move_id.move_type == "out_invoice"
            and self.parent_state == "posted"
            and self.display_type == "product"
            and not self.rounding_charge_id
        )

    def _prepare_dispute_vals(self):
        """Owner, deadline, and what the report counts by."""
        self.ensure_one()
        company = self.company_id
        ticket = self._service_ticket()
        return {
            "user_id": self.move_id._dispute_owner().id,
            "deadline": fields.Date.add(
                company._service_today(), days=company.service_dispute_days
            ),
            "ticket_id": ticket.id,
            "seat_charge_id": self.seat_charge_id.id,
            "coverage_rule_id": ticket.coverage_rule_id.id,
            "category_id": ticket.category_id.id,
            "plan_id": ticket.plan_id.id or self.seat_charge_id.plan_id.id,
            "line_kind": "work"
            if ticket
            else "users"
            if self.seat_charge_id
            else "other",
        }

    def _copy_data_extend_business_fields(self, values):
        """The credit note of a question knows which line answers it."""
        res = super()._copy_data_extend_business_fields(values)
        dispute_id = self.env.context.get("service_dispute_id")
        if dispute_id and dispute_id in self.dispute_ids.ids:
            values["dispute_id"] = dispute_id
        return res

    def _portal_quantity(self):
        """ "3 × 15 minutes × € 20.50", "7.29 users × € 6.50": what makes the amount.

        Without the price where that has VAT in it: the amount is without.
        """
        self.ensure_one()
        quantity = self._portal_units()
        if any(self.tax_ids.mapped("price_include")):
            return quantity
        price = formatLang(
            self.env,
            self.price_unit * (1 - self.discount / 100),
            dp="Product Price",
            currency_obj=self.currency_id,
        )
        return f"{quantity} × {price}"

    def _portal_units(self):
        """ "3 × 15 minutes", "7.29 users", "2 hours"; a plain number of pieces."""
        part = self.quantity - round(self.quantity)
        digits = 0 if float_is_zero(part, precision_digits=2) else 2
        number = formatLang(self.env, self.quantity, digits=digits)
        if self.seat_charge_id:
            if number == "1":
                return self.env._("1 user")
            return self.env._("%(users)s users", users=number)
        if any(self.sale_line_ids.mapped("is_service_time")):
            return self.env._(
                "%(blocks)s × %(block)s minutes",
                blocks=number,
                block=self._service_ticket().plan_id.block_minutes,
            )
        piece = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        unit = self.product_uom_id - piece if piece else self.product_uom_id
        return f"{number} {unit.name}" if unit else number

    def _portal_explanation(self, readable):
        """Values of one line for the customer's page.

        :param readable: ``{"ticket": records, "charge": records}`` to link to
        """
        self.ensure_one()
        ticket = self._service_ticket()
        charge = self.seat_charge_id
        first, *others = (self.name or "").strip().split("\n")
        dispute = self.dispute_ids.sorted("id")[-1:]
        states = dict(dispute._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "title": first,
            "text": "\n".join(others),
            "quantity": self._portal_quantity(),
            "amount": self.price_subtotal,
            "ticket": ticket.display_name if ticket else "",
            "ticket_url": ticket.access_url
            if ticket and ticket in readable.get("ticket", ())
            else "",
            "charge_url": f"/my/charges/{charge.id}"
            if charge and charge in readable.get("charge", ())
            else "",
            "dispute": dispute
            and {
                "state": states[dispute.state],
                "is_open": dispute.is_open,
                "remark": dispute.remark,
                "answer": "" if dispute.is_open else dispute.answer,
                "until": format_date(self.env, dispute.deadline),
            },
            "can_dispute": self._can_be_disputed() and not dispute.is_open,
        }
