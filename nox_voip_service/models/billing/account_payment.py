from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def unlink(self):
        """With every write of a journal item Odoo deletes the payments of no bank
        statement, and goes through moves and their reconciliation for it: a tenth of
        the monthly run."""
        if not self:
            return True
        return super().unlink()
