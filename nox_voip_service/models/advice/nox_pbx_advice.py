from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..base.guard import for_readers


class NoxPbx(models.Model):
    """What the last year of a PBX would have cost under another plan."""

    _inherit = "nox.pbx"

    advice_ids = fields.One2many(
        "nox.plan.advice",
        "pbx_id",
        readonly=True,
        groups="nox_voip_service.group_manager",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_advice(self):
        """Open the advice of this PBX, made now when there is none yet."""
        self.ensure_one()
        self._check_advice_manager()
        if not self.advice_ids:
            self._refresh_advice()
        if not self.advice_ids:
            raise UserError(
                self.env._(
                    "There is no advice for %(pbx)s: its service has ended, or its"
                    " delivery was accepted less than a day ago.",
                    pbx=self.name,
                )
            )
        return {
            "name": self.env._("Plan advice"),
            "type": "ir.actions.act_window",
            "res_model": "nox.plan.advice",
            "res_id": self.advice_ids.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _check_advice_manager(self):
        if not self.env.su and not self.env.user.has_group(
            "nox_voip_service.group_manager"
        ):
            raise AccessError(
                self.env._("Plan advice is for service managers. Please ask one.")
            )

    def _refresh_advice(self):
        for pbxs in self.grouped("company_id").values():
            self.env["nox.plan.advice"]._refresh(pbxs)
        self.invalidate_recordset(["advice_ids"])

    @api.model
    def _advice_ticket_domain(self, first, last):
        """Requests of these days that a plan decided, archived ones too."""
        return [
            ("pbx_id", "in", self.ids),
            ("requested_on", ">=", first),
            ("requested_on", "<=", last),
            ("plan_id", "!=", False),
            ("coverage", "in", ("covered", "billable", "undecided")),
        ]

    def _portal_advice(self):
        """The advice that this customer may read: empty unless his company shows it,
        and of plans that are priced by his own contract or a price list alone, for
        what others pay is not his.

        In sudo: customers have no rights on advices; it is their own PBX's.
        """
        self.ensure_one()
        pbx = self.sudo()
        found = pbx.env["nox.plan.advice"].search([("pbx_id", "=", pbx.id)])
        if not pbx.company_id.service_portal_advice or pbx._portal_has_ended():
            return found.browse()
        return found.filtered(
            lambda advice: (
                advice.plan_id == pbx._running_plan() and advice._portal_lines()
            )
        )
