from odoo import fields, models

from ..base.guard import for_readers


class NoxPbx(models.Model):
    """Who was told what about the price and the plan of a PBX."""

    _inherit = "nox.pbx"

    notice_line_ids = fields.One2many("nox.notice.line", "pbx_id", readonly=True)
    notice_count = fields.Integer(compute="_compute_notice_count")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_notice_count(self):
        counts = dict(
            self.env["nox.notice.line"]._read_group(
                [("pbx_id", "in", self.ids)], ["pbx_id"], ["__count"]
            )
        )
        for pbx in self:
            pbx.notice_count = counts.get(pbx, 0)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_notices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_notice_line_action"
        )
        return dict(action, domain=[("pbx_id", "=", self.id)], context={})
