from odoo import fields, models
from odoo.tools import SQL


class NoxUserHistory(models.Model):
    """Who came and who left, day by day. Added up over time it is the number of users
    on any day, the same number that the monthly run counts: a replacement on one day
    changes nothing, and what is not charged is no user."""

    _name = "nox.user.history"
    _description = "Users over Time"
    _auto = False
    _order = "date, id"
    _rec_name = "seat_id"

    date = fields.Date(readonly=True)
    change = fields.Integer(
        string="Users",
        readonly=True,
        help="+1 on the first day of a user, -1 on the day after the last one. Added up"
        " over time: the number of users.",
    )
    kind = fields.Selection(
        [("in", "Came"), ("out", "Left")], string="Change", readonly=True
    )
    seat_id = fields.Many2one("nox.pbx.seat", string="User", readonly=True)
    pbx_id = fields.Many2one("nox.pbx", string="PBX", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        """Two rows a user. A successor who starts on the leaver's last day counts
        from the day after it (`policy.seats.spans`)."""
        return SQL(
            """
            WITH counted AS (
                SELECT seat.id, seat.pbx_id, seat.company_id,
                       seat.commercial_partner_id, seat.date_end AS last_day,
                       CASE WHEN leaver.charged
                                 AND leaver.date_end = seat.date_start
                            THEN seat.date_start + 1
                            ELSE seat.date_start END AS first_day
                  FROM nox_pbx_seat seat
             LEFT JOIN nox_pbx_seat leaver ON leaver.id = seat.replaces_id
                 WHERE seat.charged
            )
            SELECT id * 2 AS id, first_day AS date, 1 AS change, 'in' AS kind,
                   id AS seat_id, pbx_id, commercial_partner_id, company_id
              FROM counted
             WHERE last_day IS NULL OR first_day <= last_day
             UNION ALL
            SELECT id * 2 + 1, last_day + 1, -1, 'out',
                   id, pbx_id, commercial_partner_id, company_id
              FROM counted
             WHERE first_day <= last_day
            """
        )
