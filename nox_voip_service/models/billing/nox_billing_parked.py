from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.guard import for_readers


class NoxBillingParked(models.Model):
    """A customer whom the monthly run could not bill, and why, in a sentence. The
    others are billed; a good run clears the mark
    (docs/ARCHITECTURE.md#one-failure-stops-nobody-else)."""

    _name = "nox.billing.parked"
    _description = "Customer Parked by the Monthly Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "is_open desc, write_date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    run_id = fields.Many2one(
        "nox.billing.run", readonly=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [
            ("failed", "The invoice could not be made"),
            ("late", "Too many months at once"),
            ("locked", "Somebody was changing the customer"),
        ],
        default="failed",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Text(required=True, readonly=True)
    is_open = fields.Boolean(default=True, index=True, readonly=True)
    months_due = fields.Integer(readonly=True)
    confirmed_months = fields.Integer(
        readonly=True,
        tracking=True,
        help="Somebody looked at so many months that are due at once and said that"
        " they are right. When more fall due, the customer is parked again.",
    )
    closed_on = fields.Datetime(string="Billed on", readonly=True)

    _one_open = models.UniqueIndex(
        "(partner_id, company_id) WHERE is_open",
        "This customer is parked already.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_confirm_months(self):
        """Somebody has looked: bill all the months that are due, in one run."""
        self._check_accountant()
        for parked in self.filtered("is_open"):
            parked.sudo().confirmed_months = parked.months_due
        return self.action_try_again()

    @for_readers
    def action_try_again(self):
        """Bill these customers now, and say what came of it.

        In sudo, as the scheduled job bills: charges and runs are written by code.
        """
        self._check_accountant()
        self.env["nox.billing.run"]._check_not_put_back()
        for parked in self.filtered("is_open"):
            run = parked.run_id.sudo().with_company(parked.company_id)
            if run._bill_customers(parked.partner_id):
                raise UserError(
                    self.env._(
                        "Somebody is changing a PBX of %(customer)s at this moment. Try"
                        " again in a minute.",
                        customer=parked.partner_id.display_name,
                    )
                )
        return self._notify_result()

    @for_readers
    def action_view_customer(self):
        self.ensure_one()
        return self.partner_id._get_records_action()

    @for_readers
    def action_view_pbxs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_pbx_action"
        )
        return dict(action, domain=[("commercial_partner_id", "=", self.partner_id.id)])

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_accountant(self):
        self.env["nox.billing.run"]._check_accountant()

    def _notify_result(self):
        still = self.filtered("is_open")
        message = (
            "\n".join(
                f"{each.partner_id.display_name}: {each.reason}" for each in still
            )
            if still
            else self.env._("Billed.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if still else "success",
                "message": message,
                "sticky": bool(still),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _get_open(self, run, partners):
        return self.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", run.company_id.id),
                ("is_open", "=", True),
            ]
        )

    @api.model
    def _park(self, run, partner, reason, months_due=0, kind="failed"):
        """Mark a customer once, with the sentence and one activity."""
        parked = self._get_open(run, partner)
        values = {
            "reason": reason,
            "run_id": run.id,
            "months_due": months_due,
            "kind": kind,
        }
        if parked:
            changed = parked.reason != reason
            parked.write(values)
            if changed:
                parked.activity_ids.note = reason
            return parked
        parked = self.create(
            dict(values, partner_id=partner.id, company_id=run.company_id.id)
        )
        user = run._responsible_user()
        user_env = run.with_context(lang=user.partner_id._service_lang()).env
        parked.activity_schedule(
            "nox_voip_service.mail_activity_customer_parked",
            summary=user_env._("The monthly run could not bill this customer"),
            note=reason,
            user_id=user.id,
        )
        return parked

    @api.model
    def _clear(self, run, partners):
        """A good run clears the mark and its activity."""
        parked = self._get_open(run, partners)
        if parked:
            parked.activity_ids.action_feedback(feedback=self.env._("Billed."))
            parked.write({"is_open": False, "closed_on": fields.Datetime.now()})
