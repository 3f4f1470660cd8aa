from odoo import fields, models

# Over or given up: nobody will start it any more.
ENDED = ("done", "cancelled", "failed")


class QueueJob(models.Model):
    """A job of a monthly run: which customers it stands for."""

    _inherit = "queue.job"

    billing_run_id = fields.Many2one(
        "nox.billing.run", readonly=True, ondelete="set null", index="btree_not_null"
    )
    billing_plan = fields.Char(
        readonly=True, help="Jobs that were made together, to come to the run's end."
    )
    billing_after = fields.Integer(
        readonly=True, help="Its customers stand behind this position of the run."
    )
    billing_position = fields.Integer(
        readonly=True, help="Position of the run behind its customers."
    )
    billing_customers = fields.Integer(readonly=True, string="Customers of the run")
