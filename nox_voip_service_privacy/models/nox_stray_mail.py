from odoo import fields, models


class NoxStrayMail(models.Model):
    """A mail that is on no request names its sender, and belongs to no bill: it goes
    whole, as soon as the person asks. What became a request is on the request."""

    _name = "nox.stray.mail"
    _inherit = ["nox.stray.mail", "nox.privacy.kept"]

    def _privacy_search(self, person):
        anywhere = person._replace(customer=person.customer.browse())
        # Of a sender whom no customer knows the address is all there is.
        nobodys = fields.Domain("partner_id", "=", False) & anywhere.domain(
            "id", emails=["email_from"]
        )
        found = self.with_context(active_test=False).search(
            person.domain(
                "partner_id.commercial_partner_id",
                contacts=["partner_id"],
                emails=["email_from"],
            )
            | nobodys
        )
        return found.filtered(
            lambda mail: (
                person.contact & mail.partner_id or person.has_address(mail.email_from)
            )
        ).with_context(active_test=True)

    def _privacy_in_years(self):
        return ""

    def _privacy_kind(self):
        return self.env._("Mail without request")

    def _privacy_facts(self, person):
        return self._privacy_labelled("name", "email_from", "partner_id", "received_at")

    def _privacy_forget(self, person):
        """In sudo: nobody deletes these by hand, and the user was asked for his
        role."""
        res = super()._privacy_forget(person)
        self.sudo().unlink()
        return res
