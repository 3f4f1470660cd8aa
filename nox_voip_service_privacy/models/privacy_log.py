from odoo import fields, models


class PrivacyLog(models.Model):
    """What a manager of the service erased, in the log that Odoo keeps of such
    requests: by whom, when and which records, with no name of the person."""

    _inherit = "privacy.log"

    service_company_id = fields.Many2one("res.company", readonly=True, index=True)
    service_customer_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null"
    )

    def _anonymize_name(self, label):
        """A person of the service is not named, not by initials either."""
        if self.env.context.get("nox_person_of_service"):
            return label
        return super()._anonymize_name(label)

    def _anonymize_email(self, label):
        if self.env.context.get("nox_person_of_service"):
            return label
        return super()._anonymize_email(label)
