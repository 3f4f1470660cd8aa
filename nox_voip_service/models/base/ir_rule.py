from odoo import models


class IrRule(models.Model):
    """What customers may read follows their company, at once."""

    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        """Odoo keeps the domain of a user's rules, with the company in it, until the
        registry forgets it: the company is part of the key, so that whoever moves to
        another company, by whatever way, has its domain from the next question on."""
        yield from super()._compute_domain_context_values()
        user = self.env.user
        if not user._is_internal():
            yield user.partner_id.id
            yield user.commercial_partner_id.id
