from odoo import models
from odoo.tools import float_compare, format_date, formatLang

from ...policy import userdays


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
        seats = {seat.id: seat for seat in charge.pbx_id.seat_ids}
        days = userdays.user_days(
            period._policy_seats().get(charge.pbx_id, []),
            period._policy_period(),
            charge.month,
        )
        days.sort(key=lambda user: (seats[user.key].extension, user.first))
        lang = self.env.lang or "en_US"
        move = charge.move_id if charge.move_id.state == "posted" else None
        return {
            "charge": charge,
            "month": self._month_text(charge.month, lang),
            "month_days": charge.month_end.day,
            "user_days": sum(user.days for user in days),
            "share": charge._portal_share(sum(user.days for user in days)),
            "is_replaced": any(seats[user.key].replaces_id for user in days),
            "users": [
                {
                    "name": seats[user.key].display_name,
                    "first": format_date(self.env, user.first, date_format="d MMM"),
                    "last": format_date(self.env, user.last, date_format="d MMM"),
                    "days": user.days,
                }
                for user in days
            ],
            "charge_invoice": move,
            "quantity": charge._portal_quantity_text(),
            "has_vat": any(charge.move_line_id.tax_ids.mapped("price_include")),
            "others": (period.charge_ids - charge).filtered(
                lambda other: other.month == charge.month
            ),
        }

    def _portal_quantity_text(self):
        """ "8.65 users", "1 user" """
        self.ensure_one()
        if float_compare(self.quantity, 1, precision_digits=2) == 0:
            return self.env._("1 user")
        return self.env._(
            "%(users)s users", users=formatLang(self.env, self.quantity, digits=2)
        )

    def _portal_share(self, user_days):
        """How the quantity follows from the days of its users, "268 / 31 = 8.65";
        empty where it does not from these days alone: a part of a month, or a
        correction."""
        self.ensure_one()
        month_days = self.month_end.day
        if float_compare(user_days / month_days, self.quantity, precision_digits=2):
            return ""
        quantity = formatLang(self.env, self.quantity, digits=2)
        return f"{user_days} / {month_days} = {quantity}"
