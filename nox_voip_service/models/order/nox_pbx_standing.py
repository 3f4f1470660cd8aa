from odoo import fields, models

from ...policy import months


class NoxPbx(models.Model):
    """What the customer of a PBX approved beforehand, and each use of it."""

    _inherit = "nox.pbx"

    standing_ids = fields.One2many(
        "nox.standing.approval",
        "pbx_id",
        string="Standing approvals",
        readonly=True,
    )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _standing_uses(self, month):
        """Uses of standing approvals of these PBXs in a month, for its statement.

        :param month: any day of it
        """
        return (
            self.env["nox.standing.use"]
            .sudo()
            .search(
                [
                    ("pbx_id", "in", self.ids),
                    ("month", "=", months.first_of_month(month)),
                    ("counts", "=", True),
                ],
                order="used_on, id",
            )
        )
