from odoo import fields, models

from ..base.guard import by_code


class NoxSeatLayout(models.Model):
    """What a person said about the columns of a PBX's list: asked once, used for every
    next list with the same headings."""

    _name = "nox.seat.layout"
    _description = "Columns of a PBX's List of Users"
    _check_company_auto = True
    _order = "pbx_id"
    _rec_name = "pbx_id"

    pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    has_heading = fields.Boolean(string="First row is a heading", readonly=True)
    meanings = fields.Json(
        readonly=True,
        help="What each column means, by its heading or by its place (#0 is the"
        " first).",
    )

    _pbx_unique = models.Constraint(
        "UNIQUE (pbx_id)", "The columns of this PBX's list are known already."
    )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _remember(self, pbx, has_heading, meanings):
        """Keep what was said; it takes the place of what was said before."""
        values = {"has_heading": has_heading, "meanings": meanings}
        if known := self.search([("pbx_id", "=", pbx.id)]):
            by_code(known).write(values)
        else:
            by_code(self).create({"pbx_id": pbx.id, **values})
