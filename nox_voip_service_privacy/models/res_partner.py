from odoo import fields, models

from odoo.addons.nox_voip_service.models.base.guard import for_readers
from odoo.addons.nox_voip_service.policy import retention

from .nox_privacy_kept import Person

# What is known of a contact as a person.
PERSONAL = (
    "email",
    "phone",
    "function",
    "comment",
    "street",
    "street2",
    "zip",
    "city",
    "website",
    "ref",
    "image_1920",
)
NAMED_BY = (
    "nox.pbx.seat",
    "helpdesk.ticket",
    "sale.order",
    "nox.admin.training",
    "nox.notice",
    "nox.stray.mail",
)


class ResPartner(models.Model):
    """A contact of a customer. Requests, approvals and certificates refer to it, so it
    stays, without anything that tells who it was."""

    _name = "res.partner"
    _inherit = ["res.partner", "nox.privacy.kept"]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_service_person_data(self):
        """What we keep about this contact."""
        self.ensure_one()
        return self.env["nox.person.data"]._open_for(
            self.name, self.commercial_partner_id, contact=self
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _privacy_search(self, person):
        return person.contact

    def _privacy_kind(self):
        return self.env._("Contact")

    def _privacy_facts(self, person):
        return self._privacy_labelled(
            "name", "parent_id", "function", "email", "phone", "street", "zip", "city"
        )

    def _privacy_stays(self, person):
        """A contact goes last: when nothing names it any more that has to stay."""
        self.ensure_one()
        # In sudo: whether there is something, whoever may read it, is all it says.
        known = self.sudo()
        users = known.with_context(active_test=False).user_ids
        if self.is_company or self == self.commercial_partner_id:
            return self.env._("A customer, not a person at a customer.")
        if users.filtered(lambda user: user.active or not user.share):
            return self.env._("Has a log-in. Archive the user first.")
        if self._trusted_pbxs():
            return self.env._("Administrator or approver of a PBX.")
        if known._privacy_is_named_in_years():
            return self.env._("Named by something that has to stay.")
        return ""

    def _privacy_is_named_in_years(self):
        """By records of any company and customer that refer to the contact, as an
        earlier employer's; on invoices too."""
        person = Person("", "", contact=self, customer=self.browse())
        found = (self.env[model]._privacy_search(person) for model in NAMED_BY)
        if any(each._privacy_in_years() for records in found for each in records):
            return True
        company = self.company_id or self.env.company
        since = retention.kept_from(
            company._service_today(), company.service_retention_years
        )
        moves = [("partner_id", "in", self.ids), ("move_type", "!=", "entry")]
        if since:
            moves += ["|", ("state", "=", "draft"), ("date", ">=", since)]
        return bool(self.env["account.move"].search_count(moves, limit=1))

    def _privacy_forget(self, person):
        for contact in self:
            contact._privacy_forget_log_in()
            # The log of a contact is no evidence, and names it.
            contact.with_context(tracking_disable=True).write(
                {
                    "name": self.env._("Former contact"),
                    "active": False,
                    **dict.fromkeys(PERSONAL, False),
                }
            )
            contact._privacy_drop_log(["name", *PERSONAL])
            contact._privacy_strike_messages(person)
            # In sudo: whoever may not read a message of his has to forget him too.
            self.env["mail.message"].sudo().search(
                [("author_id", "=", contact.id), ("email_from", "!=", False)]
            ).write({"email_from": False})
        return super()._privacy_forget(person)

    def _privacy_forget_log_in(self):
        """The name of a log-in that was archived is a mail address as a rule.

        In sudo: the manager was asked for his role, and manages no users.
        """
        for user in self.sudo().with_context(active_test=False).user_ids:
            user.login = f"former-{user.id}-{fields.Date.today():%Y%m%d}"
