from odoo import api, models
from odoo.exceptions import UserError

from ...policy import months, run_control


class ResCompany(models.Model):
    """Whether the billing of a company is late, in a sentence; it does not depend on
    the scheduled job, for that may be what is broken."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _get_billed_per_user_domain(self):
        """Plan periods that a monthly run bills."""
        return [("contract_line_id", "!=", False), ("company_id", "=", self.id)]

    @api.model
    def _check_quantities(self):
        """Users are billed to two decimals: 17 of 30 days are 0.57 of a user, and with
        fewer decimals an invoice would have a whole user or none."""
        precision = self.env["decimal.precision"]
        name = "Product Unit"
        if precision.precision_get(name) < 2:
            raise UserError(
                self.env._(
                    "Users are billed to two decimals, and the decimal accuracy"
                    " '%(name)s' is %(digits)s. An administrator can set it to 2 or"
                    " more in the technical settings.",
                    name=name,
                    digits=precision.precision_get(name),
                )
            )

    def _service_late_text(self):
        """Why the billing is late, or an empty text."""
        self.ensure_one()
        if not self.service_tz:
            if not self.env["nox.pbx.plan"].search_count(
                self._get_billed_per_user_domain(), limit=1
            ):
                return ""
            return self.env._(
                "%(company)s has no time zone, so its monthly run cannot start.",
                company=self.name,
            )
        run = self.env["nox.billing.run"].with_company(self)
        month = run._default_month()
        texts = [self._missing_run_text(run, month)]
        for late in run.search(
            [("company_id", "=", self.id), ("lateness", "!=", False)]
        ):
            texts.append(self._late_run_text(late))
        return " ".join(filter(None, texts))

    def _missing_run_text(self, run, month):
        """The run of the month that ended was never made."""
        if run.search_count(
            [("company_id", "=", self.id), ("month", "=", month)], limit=1
        ):
            return ""
        today = self._service_today()
        if not run_control.lateness(month, None, today=today):
            return ""
        if not self.env["nox.pbx.plan"].search_count(
            [
                *self._get_billed_per_user_domain(),
                ("date_start", "<", months.first_of_month(today)),
            ],
            limit=1,
        ):
            return ""
        return self.env._(
            "%(month)s was not billed: the scheduled job has made no run.",
            month=f"{month:%Y-%m}",
        )

    def _late_run_text(self, run):
        params = {"month": f"{run.month:%Y-%m}", "count": run.open_parked_count}
        return {
            "waiting": self.env._("The run of %(month)s was not started.", **params),
            "stuck": self.env._("The run of %(month)s does not get on.", **params),
            "parked": self.env._(
                "Customers parked by the run of %(month)s: %(count)s.", **params
            ),
        }[run.lateness]
