from odoo import models


class AccountJournal(models.Model):
    """The sales journal on the dashboard, where accountants begin their day, says why
    billing is late: "The run of 2026-10 was not started." """

    _inherit = "account.journal"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _get_journal_dashboard_data_batched(self):
        data = super()._get_journal_dashboard_data_batched()
        if not self.env.user.has_group("nox_voip_service.group_accountant"):
            return data
        sales = self.filtered(lambda journal: journal.type == "sale")
        for company, journals in sales.grouped("company_id").items():
            late = company._service_late_text()
            for journal in journals[:1]:
                data[journal.id]["service_late"] = late
        return data
