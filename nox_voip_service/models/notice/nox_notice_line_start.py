from odoo import models
from odoo.tools import format_date

from ..base.guard import by_code


class NoxNoticeLine(models.Model):
    """What a letter announced for one PBX, on its day."""

    _inherit = "nox.notice.line"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _start(self):
        """A new plan period, unless what the letter calls old is not there any
        more."""
        self.ensure_one()
        day, pbx = self.notice_id.day_in_force, self.pbx_id
        own = self.with_context(lang=self.company_id.partner_id._service_lang())
        if not pbx.active or (pbx.ended_on and pbx.ended_on <= day):
            return self._except("ended", own.env._("%(pbx)s has ended.", pbx=pbx.name))
        period = pbx._running_period(day)
        if period.plan_id != self.old_plan_id or (
            self._changes_anything() and period.price_unit != self.old_price
        ):
            return self._except(
                "moved",
                own.env._(
                    "The letter says %(told)s; on %(date)s it is %(plan)s,"
                    " %(price)s per user per month.",
                    told=self._price_text(self.old_price),
                    date=format_date(own.env, day),
                    plan=period.plan_id.name or "-",
                    price=self._price_text(period.price_unit),
                ),
            )
        if not self._changes_anything():
            return None
        self.env["nox.pbx.change.plan"].with_company(self.company_id).create(
            {
                "pbx_id": pbx.id,
                "plan_id": self.new_plan_id.id,
                "date_start": day,
                "price_unit": self.new_price,
                "billed_until": day if self.new_price else False,
            }
        ).action_change()
        by_code(self).write({"new_period_id": pbx._running_period(day).id})
        return None

    def _except(self, code, sentence):
        by_code(self).write({"exception": code, "exception_text": sentence})
