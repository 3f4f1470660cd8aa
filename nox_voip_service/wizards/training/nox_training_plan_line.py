from odoo import fields, models


class NoxTrainingPlanLine(models.TransientModel):
    _name = "nox.training.plan.line"
    _description = "Place of a Training to Plan"

    wizard_id = fields.Many2one("nox.training.plan", required=True, ondelete="cascade")
    training_id = fields.Many2one("nox.admin.training", required=True, readonly=True)
    customer_id = fields.Many2one(related="training_id.commercial_partner_id")
    order_id = fields.Many2one(related="training_id.sale_order_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        domain="[('commercial_partner_id', '=?', customer_id)]",
    )
    pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        domain="[('commercial_partner_id', '=?', customer_id)]",
    )
