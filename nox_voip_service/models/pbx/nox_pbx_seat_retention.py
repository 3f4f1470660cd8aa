from odoo import api, fields, models

from ...policy import retention


class NoxPbxSeat(models.Model):
    """Names of users who left stay as long as the law asks it of bills, and then go.

    What they cost stays: the seat, its days and its extension are what a bill is
    computed from, never its name.
    """

    _inherit = "nox.pbx.seat"

    is_erased = fields.Boolean(
        string="Name erased", readonly=True, copy=False, help="See the log of the PBX."
    )

    @api.model
    def _cron_erase_names(self):
        """Once a month, for each company that keeps names for a number of years."""
        companies = self.env["res.company"].search(
            [("service_retention_years", ">", 0)]
        )
        for company in companies:
            years = company.service_retention_years
            before = retention.kept_from(company._service_today(), years)
            if before:
                self._erase_names_before(company, before, years)

    @api.model
    def _erase_names_before(self, company, before, years):
        """PBX by PBX, so that what is done stays done when the job's time is over;
        Odoo then starts it again for the rest."""
        progress = self.env["ir.cron"]._commit_progress
        by_pbx = self.search(
            [
                ("company_id", "=", company.id),
                ("date_end", "<", before),
                ("is_erased", "=", False),
            ]
        ).grouped("pbx_id")
        progress(remaining=len(by_pbx))
        for pbx, seats in by_pbx.items():
            seats._erase_names()
            seats._log_erased(pbx, before, years)
            if not progress(1):
                return

    def _erase_names(self):
        """By SQL: written as others are, a name would stay in the log as the old."""
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE nox_pbx_seat SET name = %s, is_erased = TRUE WHERE id IN %s",
            [self.env._("Former user"), tuple(self.ids)],
        )
        self.invalidate_recordset()
        self.env["mail.tracking.value"].sudo().search(
            [
                ("mail_message_id.model", "=", self._name),
                ("mail_message_id.res_id", "in", self.ids),
                ("field_id.name", "=", "name"),
            ]
        ).unlink()

    def _log_erased(self, pbx, before, years):
        """What went and why, on the PBX, without what it was."""
        pbx.message_post(
            body=self.env._(
                "The names of %(count)s users who left before %(day)s were erased"
                " (extensions %(extensions)s): they are kept for %(years)s years.",
                count=len(self),
                day=before,
                extensions=", ".join(sorted(self.mapped("extension"))),
                years=years,
            )
        )
