from odoo import api, models, tools

from ...policy import mails

# What can bring people to another customer.
EMPLOYER_FIELDS = {"parent_id", "is_company"}
# What people follow, and may read as long as it is their customer's.
FOLLOWED = {
    "helpdesk.ticket": "commercial_partner_id",
    "nox.pbx": "commercial_partner_id",
    "nox.admin.training": "commercial_partner_id",
    "sale.order": "partner_id.commercial_partner_id",
    "contract.contract": "commercial_partner_id",
    "account.move": "commercial_partner_id",
}


class ResPartner(models.Model):
    """People who change employer: they take nothing along, and what they asked stays
    with the customer that they asked it for."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        """Whoever gets another employer leaves the old one, also as administrator or
        approver of its PBXs. The time zone of a company's contact says which day it is
        there: what the registry keeps of it is forgotten."""
        moved = bool(vals.keys() & {"active", *EMPLOYER_FIELDS})
        pbxs = self._trusted_pbxs() if moved else None
        employers = self._employers() if vals.keys() & EMPLOYER_FIELDS else {}
        res = super().write(vals)
        for customer, people in employers.items():
            left = people.filtered(
                lambda each, customer=customer: each.commercial_partner_id != customer
            )
            if left:
                left._leave_customer(customer)
        if moved:
            (pbxs | self._trusted_pbxs())._drop_strange_people()
        if vals.get("active"):
            self._speak_a_known_language()
        if "tz" in vals and self.env["res.company"].sudo().search_count(
            [("partner_id", "in", self.ids)], limit=1
        ):
            self.env.registry.clear_cache()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _people_at(self, address, company=None):
        """Contacts who have this address: as it is, or else the same mailbox, with a
        tag behind a plus or without; it may be one of several in their field.

        :param company: leave out contacts that only another company knows
        """
        box = mails.mailbox(address)
        name, _at, domain = box.rpartition("@")
        found = self.sudo().search(
            [
                ("email", "ilike", name),
                ("email", "ilike", domain),
                *(company and [("company_id", "in", [False, company.id])] or []),
            ]
        )
        addresses = {
            person: {each.lower() for each in tools.email_split(person.email)}
            for person in found
        }
        return found.filtered(
            lambda person: address.lower() in addresses[person]
        ) or found.filtered(
            lambda person: box in {mails.mailbox(each) for each in addresses[person]}
        )

    def _speak_a_known_language(self):
        """Who comes back out of the archive may have a language that was switched off
        meanwhile, in which Odoo makes no document."""
        known = [code for code, _name in self.env["res.lang"].get_installed()]
        for person in self.filtered(lambda each: each.lang and each.lang not in known):
            person.lang = person._service_lang()

    def _service_lang(self):
        """The language in which this person is addressed: their own while it is
        installed and on, else the company's."""
        on = {code for code, _name in self.env["res.lang"].get_installed()}
        partner = self[:1].sudo()
        company = partner.company_id or self.env.company
        for lang in (
            partner.lang,
            company.partner_id.lang,
            self.env.context.get("lang"),
        ):
            if lang in on:
                return lang
        return "en_US"

    def _portal_link(self, url):
        """Address of a page of ours that opens in this person's language, also for
        who is not logged in."""
        lang = self.env["res.lang"]._get_data(code=self[:1].lang)
        return self.get_base_url() + (f"/{lang.url_code}" if lang else "") + url

    def _trusted_pbxs(self):
        """PBXs that these people, and those below them, administer or approve for;
        archived people included.

        In sudo: who edits a contact need not have rights on PBXs.
        """
        Pbx = self.env["nox.pbx"].sudo()
        if not self.ids:
            return Pbx
        return (
            Pbx.with_context(active_test=False)
            .search(
                [
                    "|",
                    ("administrator_ids", "child_of", self.ids),
                    ("approver_ids", "child_of", self.ids),
                ]
            )
            .with_context(active_test=True)
        )

    def _employers(self):
        """``{customer: people}``: these and the contacts below them who belong to a
        customer other than themselves.

        In sudo: who edits a contact need not see all those below it.
        """
        people = (
            self.sudo()
            .with_context(active_test=False)
            .search([("id", "child_of", self.ids)])
            .with_context(active_test=True)
        )
        return people.filtered(
            lambda person: person.commercial_partner_id != person
        ).grouped("commercial_partner_id")

    def _leave_customer(self, customer):
        """Nothing of the customer whom these people left can be read by them any more,
        and what they asked there stays there."""
        asked = (
            self.env["helpdesk.ticket"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "in", self.ids),
                    "|",
                    ("pbx_id", "=", False),
                    ("pbx_id.commercial_partner_id", "=", customer.id),
                ]
            )
        )
        for person, tickets in asked.grouped("partner_id").items():
            tickets._leave_to_customer(person, customer)
        for model, path in FOLLOWED.items():
            followed = (
                self.env[model]
                .sudo()
                .with_context(active_test=False)
                .search(
                    [
                        ("message_partner_ids", "in", self.ids),
                        (path, "=", customer.id),
                    ]
                )
            )
            if model == "helpdesk.ticket":
                followed._expire_links()
            elif "access_token" in followed._fields:
                followed.access_token = False
            followed.message_unsubscribe(self.ids)
