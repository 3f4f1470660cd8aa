from odoo import fields, models

from ..base.guard import for_readers


class SaleOrder(models.Model):
    _inherit = "sale.order"

    training_ids = fields.One2many("nox.admin.training", "sale_order_id", readonly=True)
    training_count = fields.Integer(compute="_compute_training_count")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_training_count(self):
        counts = dict(
            self.env["nox.admin.training"]
            .sudo()
            ._read_group(
                [("sale_order_id", "in", self.ids)], ["sale_order_id"], ["__count"]
            )
        )
        for order in self:
            order.training_count = counts.get(order, 0)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_trainings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_admin_training_action"
        )
        return dict(
            action,
            domain=[("sale_order_id", "=", self.id)],
            context={"create": False},
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _action_confirm(self):
        res = super()._action_confirm()
        places = self.sudo().training_ids
        places.filtered("is_cancelled").write({"is_cancelled": False})
        self.order_line._sync_training_places()
        return res

    def _action_cancel(self):
        """Take out the places whose training has no result yet; they come back when the
        order is confirmed again."""
        res = super()._action_cancel()
        self.sudo().training_ids.filtered(lambda place: not place.result).write(
            {"is_cancelled": True}
        )
        return res

    def _service_section(self):
        """An order that is no service order comes into the run for its trainings."""
        if not self.service_ticket_id:
            return "training"
        return super()._service_section()
