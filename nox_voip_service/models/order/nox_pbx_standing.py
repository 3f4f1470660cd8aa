from odoo import fields, models


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

    def _standing_uses(self, first, last):
        """Uses of standing approvals of these PBXs from a day to a day, for their
        statement; a quote that was cancelled is none."""
        return (
            self.env["nox.standing.use"]
            .sudo()
            .search(
                [
                    ("pbx_id", "in", self.ids),
                    ("used_on", ">=", first),
                    ("used_on", "<=", last),
                    ("counts", "=", True),
                ],
                order="used_on, id",
            )
        )
