from odoo import models
from odoo.tools import format_date, formatLang

from ...policy import months


class NoxPbx(models.Model):
    """Who of the customer approves quotes, up to how much, who stands in, and what was
    approved beforehand: as the customer reads it."""

    _inherit = "nox.pbx"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _portal_approvals(self):
        """Values of that part of the page; empty where nobody is named and nothing was
        agreed.

        In sudo: the page is of somebody who may read this PBX.
        """
        pbx = self.sudo()
        today = pbx.company_id._service_today()
        approval = pbx.env["nox.standing.approval"]._in_force(pbx, today)
        if not pbx.approver_ids and not approval:
            return {}
        return {
            "people": [pbx._portal_approver(person) for person in pbx.approver_ids],
            "standing": pbx._portal_standing(approval) if approval else [],
            "uses": [
                {
                    "day": use.used_on,
                    "order": use.order_id.name,
                    "url": use.order_id.access_url,
                    "amount": pbx._portal_money(use.amount),
                    "name": use.approver_id.name,
                }
                for use in pbx._standing_uses(months.first_of_month(today), today)
            ],
        }

    def _portal_money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.company_id.currency_id)

    def _portal_approver(self, person):
        row = self.approver_row_ids.filtered(lambda each: each.partner_id == person)
        limit = deputy = ""
        if row.amount_limit:
            limit = self.env._(
                "Up to %(amount)s a quote", amount=self._portal_money(row.amount_limit)
            )
        if row._policy_approver().deputy if row else False:
            deputy = self._portal_deputy_text(row)
        return {"name": person.name, "limit": limit, "deputy": deputy}

    def _portal_deputy_text(self, row):
        names = {"name": row.deputy_id.name}
        start = row.deputy_from and format_date(self.env, row.deputy_from)
        end = row.deputy_until and format_date(self.env, row.deputy_until)
        if start and end:
            return self.env._(
                "Deputy: %(name)s, from %(start)s until %(end)s",
                start=start,
                end=end,
                **names,
            )
        if start:
            return self.env._("Deputy: %(name)s, from %(start)s", start=start, **names)
        if end:
            return self.env._("Deputy: %(name)s, until %(end)s", end=end, **names)
        return self.env._("Deputy: %(name)s", **names)

    def _portal_standing(self, approval):
        """What was agreed, and what of it is used, in sentences."""
        texts = []
        if approval.month_amount:
            texts.append(
                self.env._(
                    "We work up to %(bound)s a month without asking first; used this"
                    " month: %(used)s.",
                    bound=self._portal_money(approval.month_amount),
                    used=self._portal_money(approval.used_this_month),
                )
            )
        if approval.job_blocks:
            texts.append(
                self.env._(
                    "A request may take %(blocks)s blocks above the limit of your plan"
                    " without asking first.",
                    blocks=approval.job_blocks,
                )
            )
        if approval.date_end:
            texts.append(
                self.env._(
                    "Until %(date)s.", date=format_date(self.env, approval.date_end)
                )
            )
        texts.append(
            self.env._("The approver gets a mail each time. To end this, write to us.")
        )
        return texts
