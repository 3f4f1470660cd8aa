from odoo import models
from odoo.tools import format_date, formatLang

from ..policy import userdays


class NoxSeatCharge(models.Model):
    """A month's charge as the customer may check it: who was a user on which days."""

    _inherit = "nox.seat.charge"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _portal_charge_values(self):
        """Values of the page that explains this charge.

        In sudo for these values alone: the contract line and the invoice belong to
        models that a portal user reads in part.
        """
        self.ensure_one()
        charge = self.sudo()
        period = charge.period_id
        names = {seat.id: seat for seat in charge.pbx_id.seat_ids}
        days = userdays.user_days(
            period._policy_seats().get(charge.pbx_id, []),
            period._policy_period(),
            charge.month,
        )
        lang = self.env.lang or "en_US"
        move = charge.move_id if charge.move_id.state == "posted" else None
        return {
            "charge": charge,
            "month": self._month_text(charge.month, lang),
            "month_days": charge.month_end.day,
            "user_days": sum(user.days for user in days),
            "users": [
                {
                    "name": names[user.key].display_name,
                    "first": format_date(self.env, user.first, date_format="d MMM"),
                    "last": format_date(self.env, user.last, date_format="d MMM"),
                    "days": user.days,
                }
                for user in days
            ],
            "charge_invoice": move,
            "quantity": formatLang(self.env, charge.quantity, digits=2),
            "others": (period.charge_ids - charge).filtered(
                lambda other: other.month == charge.month
            ),
        }
