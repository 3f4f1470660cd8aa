from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.guard import for_readers
from ..base.in_force import span


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

    @api.depends("has_only_seat_lines", "contract_line_ids.recurring_next_date")
    def _compute_recurring_next_date(self):
        """The base invents a date where no line has one: a contract that is billed to
        its end has no next invoice."""
        res = super()._compute_recurring_next_date()
        for contract in self.filtered("has_only_seat_lines"):
            dates = contract.contract_line_ids.mapped("recurring_next_date")
            contract.recurring_next_date = min(filter(None, dates), default=False)
        return res

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if not vals.get("active", True):
            self._check_no_users_billed()
        return super().write(vals)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _get_contracts_to_invoice_domain(self, date_ref=None):
        domain = super()._get_contracts_to_invoice_domain(date_ref)
        return domain & fields.Domain("has_only_seat_lines", "=", False)

    def _set_start_contract_modification(self):
        """The customer reads this in the portal: in their own language, for which
        the base has no Dutch."""
        res = super()._set_start_contract_modification()
        for contract in self.filtered("contract_line_ids.is_seat_line"):
            lang = contract.partner_id._service_lang()
            contract.modification_ids.description = contract.with_context(
                lang=lang
            ).env._("Start of the contract")
        return res

    def _prepare_recurring_invoices_values(self, date_ref=False):
        """Without a date the base takes that of the contract, which may be of our line
        and too early for the others."""
        ours = self.filtered("contract_line_ids.is_seat_line")
        if date_ref or not ours:
            return super()._prepare_recurring_invoices_values(date_ref)
        found = super(
            ContractContract, self - ours
        )._prepare_recurring_invoices_values()
        for contract in ours:
            date = contract._next_date_of_other_lines()
            if date:
                found += super(
                    ContractContract, contract
                )._prepare_recurring_invoices_values(date)
        return found

    def _next_date_of_other_lines(self):
        """The next invoice of what `contract` bills itself; none where that is to its
        end, or nothing."""
        self.ensure_one()
        dates = self.contract_line_ids.filtered(
            lambda line: (
                not line.is_seat_line
                and not line.is_canceled
                and (not line.display_type or line.is_recurring_note)
            )
        ).mapped("recurring_next_date")
        return min(filter(None, dates), default=False)

    @for_readers
    def recurring_create_invoice(self):
        """The button bills the contract's other lines; users are the run's."""
        users = self.contract_line_ids.filtered("is_seat_line")
        if users and not any(each._next_date_of_other_lines() for each in self):
            raise UserError(
                self.env._(
                    "The users on this contract are billed by the monthly service run:"
                    " see Helpdesk, Billing, Monthly run. There is nothing else to"
                    " invoice."
                )
            )
        return super().recurring_create_invoice()

    def _check_no_users_billed(self):
        """A contract out of sight would be billed all the same."""
        for contract in self.sudo():
            running = contract.contract_line_ids.plan_period_ids.filtered(
                lambda period: (
                    not span(period).is_over(period.company_id._service_today())
                )
            )
            if running:
                raise UserError(
                    self.env._(
                        "The users of %(pbx)s are billed at the price on this contract."
                        " Stop them first, with 'Change plan' on the PBX.",
                        pbx=", ".join(running.pbx_id.mapped("name")),
                    )
                )
