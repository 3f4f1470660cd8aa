from odoo import api, fields, models

from ...models.base.guard import for_readers


class NoxBillingRehearsalLine(models.TransientModel):
    """One invoice that the run would make; or a customer whom it would park."""

    _name = "nox.billing.rehearsal.line"
    _description = "Next Invoice of a Customer"
    _order = "has_warning desc, id"
    _rec_name = "partner_id"

    rehearsal_id = fields.Many2one(
        "nox.billing.rehearsal", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="rehearsal_id.company_id")
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    invoice_partner_id = fields.Many2one("res.partner", string="Invoice to")
    currency_id = fields.Many2one("res.currency", required=True)
    detail_ids = fields.One2many("nox.billing.rehearsal.detail", "line_id")
    users = fields.Float(digits=(16, 2), readonly=True)
    users_before = fields.Float(
        string="Users last month", digits=(16, 2), readonly=True
    )
    users_amount = fields.Monetary(string="Subscription", readonly=True)
    work_amount = fields.Monetary(string="Service work", readonly=True)
    training_amount = fields.Monetary(string="Trainings", readonly=True)
    amount_total = fields.Monetary(
        string="Next invoice, excl. VAT",
        compute="_compute_amounts",
        store=True,
        help="Nothing, for who would be parked.",
    )
    amount_before = fields.Monetary(
        string="Last month, excl. VAT",
        readonly=True,
        help="On the invoices of the run before.",
    )
    difference = fields.Monetary(compute="_compute_amounts", store=True)
    is_parked = fields.Boolean(
        string="Will be parked", readonly=True, help="The run would not bill this."
    )
    warnings = fields.Text(readonly=True)
    has_warning = fields.Boolean(readonly=True)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(
        "users_amount", "work_amount", "training_amount", "amount_before", "is_parked"
    )
    def _compute_amounts(self):
        for line in self:
            total = line.users_amount + line.work_amount + line.training_amount
            line.amount_total = 0.0 if line.is_parked else total
            line.difference = line.amount_total - line.amount_before

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def _rehearsal(self):
        """The rehearsal of a list's buttons, which may have no line."""
        return self.rehearsal_id or self.env["nox.billing.rehearsal"].browse(
            self.env.context.get("rehearsal_id")
        )

    @for_readers
    def action_rehearse_again(self):
        return self._rehearsal().action_rehearse_again()

    @for_readers
    def action_export_xlsx(self):
        return self._rehearsal().action_export_xlsx()

    @for_readers
    def action_open_run(self):
        return self._rehearsal().action_open_run()

    @for_readers
    def action_view_customer(self):
        self.ensure_one()
        return (self.invoice_partner_id or self.partner_id)._get_records_action()

    @for_readers
    def action_view_pbxs(self):
        self.ensure_one()
        return self._view(
            "nox_voip_service.nox_pbx_action",
            [("commercial_partner_id", "=", self.partner_id.id)],
        )

    @for_readers
    def action_view_tickets(self):
        self.ensure_one()
        return self._view(
            "nox_voip_service.helpdesk_ticket_action_service",
            [("pbx_id.commercial_partner_id", "=", self.partner_id.id)],
        )

    def _view(self, xmlid, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return dict(action, domain=domain, context={})
