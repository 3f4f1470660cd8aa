from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractContract(models.Model):
    _inherit = "contract.contract"

    has_only_seat_lines = fields.Boolean(
        compute="_compute_has_only_seat_lines",
        store=True,
        help="Everything on this contract is billed by the monthly service run.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("contract_line_ids.is_seat_line", "contract_line_ids.display_type")
    def _compute_has_only_seat_lines(self):
        for contract in self:
            lines = contract.contract_line_ids.filtered(
                lambda line: not line.display_type
            )
            contract.has_only_seat_lines = bool(lines) and all(
                lines.mapped("is_seat_line")
            )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _get_contracts_to_invoice_domain(self, date_ref=None):
        domain = super()._get_contracts_to_invoice_domain(date_ref)
        return domain & fields.Domain("has_only_seat_lines", "=", False)

    def recurring_create_invoice(self):
        """The button bills the contract's other lines; users are the run's."""
        if all(self.mapped("has_only_seat_lines")):
            raise UserError(
                self.env._(
                    "The users on this contract are billed by the monthly service run:"
                    " see Helpdesk, Billing, Monthly run. There is nothing else to"
                    " invoice."
                )
            )
        return super().recurring_create_invoice()
