from odoo import models
from odoo.exceptions import UserError

from ..models.nox_privacy_kept import Person
from ..models.res_partner import NAMED_BY


class PrivacyLookupWizardLine(models.TransientModel):
    """*Delete* on a record of the service takes the person off it: the record belongs
    to the bills, and its time has to be over."""

    _inherit = "privacy.lookup.wizard.line"

    def action_unlink(self):
        self.ensure_one()
        # In sudo, as Odoo deletes here: the look-up is for administrators alone.
        record = self.env[self.res_model].sudo().browse(self.res_id).exists()
        if self.is_unlinked or not record or not self._is_of_service(record):
            return super().action_unlink()
        person = self._person()
        stays = record._privacy_stays(person)
        if stays:
            raise UserError(
                self.env._(
                    "%(kind)s %(name)s belongs to the bills: %(reason)s",
                    kind=record._privacy_kind(),
                    name=record.display_name,
                    reason=stays,
                )
            )
        record._privacy_forget(person)
        self.execution_details = self.env._(
            "Person erased from %(kind)s #%(id)s",
            kind=record._privacy_kind(),
            id=record.id,
        )
        self.is_unlinked = True
        return None

    def _is_of_service(self, record):
        """Whether a bill of the service may rest on it."""
        if record._name == "helpdesk.ticket":
            return bool(record.pbx_id)
        if record._name == "sale.order":
            return bool(record.service_ticket_id)
        return record._name in NAMED_BY

    def _person(self):
        wizard = self.wizard_id
        contacts = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("email_normalized", "=ilike", wizard.email.strip())])
        )
        return Person(
            name=wizard.name.strip(),
            email=wizard.email.strip(),
            contact=contacts,
            customer=contacts.browse(),
        )
