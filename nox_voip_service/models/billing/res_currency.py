from decimal import Decimal

from odoo import models

from ...policy import reconcile


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _policy_currency(self):
        """This currency as the policy rounds lines in it; euros where there is none,
        as for a charge that is not saved yet."""
        if not self:
            return reconcile.EURO
        return reconcile.Currency(self.name, Decimal(str(self.rounding)))
