from odoo import api, fields, models


class NoxBillingParked(models.Model):
    """A customer whom the monthly run could not bill, and why. The others are
    billed; a good run clears the mark (law 6)."""

    _name = "nox.billing.parked"
    _description = "Customer Parked by the Monthly Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "write_date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    run_id = fields.Many2one("nox.billing.run", readonly=True, ondelete="cascade")
    reason = fields.Text(required=True, readonly=True)
    is_open = fields.Boolean(default=True, index=True, readonly=True)
    months_due = fields.Integer(readonly=True)
    is_confirmed = fields.Boolean(
        readonly=True,
        tracking=True,
        help="Somebody looked at the months that are due and said that they are right.",
    )

    _one_open = models.UniqueIndex(
        "(partner_id, company_id) WHERE is_open",
        "This customer is parked already.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_confirm_months(self):
        """Somebody has looked: bill all the months that are due, in one run."""
        self._check_accountant()
        self.is_confirmed = True
        return self.action_try_again()

    def action_try_again(self):
        """Bill this customer now."""
        self._check_accountant()
        for parked in self:
            parked.run_id._bill_customers(parked.partner_id)
        return True

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_accountant(self):
        self.env["nox.billing.run"]._check_accountant()

    @api.model
    def _park(self, run, partner, reason, months_due=0):
        """Mark a customer once, with the sentence and one activity."""
        parked = self.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", run.company_id.id),
                ("is_open", "=", True),
            ]
        )
        values = {"reason": reason, "run_id": run.id, "months_due": months_due}
        if parked:
            parked.write(values)
            return parked
        parked = self.create(
            dict(values, partner_id=partner.id, company_id=run.company_id.id)
        )
        parked.activity_schedule(
            "nox_voip_service.mail_activity_customer_parked",
            note=reason,
            user_id=run._responsible_user().id,
        )
        return parked

    @api.model
    def _clear(self, run, partners):
        """A good run clears the mark and its activity."""
        parked = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", run.company_id.id),
                ("is_open", "=", True),
            ]
        )
        parked.activity_ids.action_feedback(feedback=self.env._("Billed."))
        parked.write({"is_open": False})
