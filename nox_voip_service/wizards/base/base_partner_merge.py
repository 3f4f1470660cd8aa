from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Two customers, or two contacts, become one by Odoo's wizard.

    It moves every reference by SQL. Where a row of the one and a row of the other
    cannot stand side by side, it deletes the first or fails: here they are made to fit
    beforehand, so that nothing of the service is lost, and nobody reads more after it.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        self._check_service_log_ins(self.env["res.partner"].browse(partner_ids))
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _update_foreign_keys(self, src_partners, dst_partner):
        both = src_partners | dst_partner
        sent = self._intact_quotes(both)
        self._leave_other_customers(src_partners, dst_partner)
        self._rename_pbxs(both, dst_partner)
        self._close_parked_twice(both, dst_partner)
        self._free_places_twice(both)
        self._drop_rows_twice(both, dst_partner)
        self.env.flush_all()
        res = super()._update_foreign_keys(src_partners, dst_partner)
        # The base wrote below Odoo's cache.
        self.env.invalidate_all()
        for quote in sent:
            quote.service_content_hash = quote._service_hash()
        dst_partner._trusted_pbxs()._drop_strange_people()
        return res

    def _check_service_log_ins(self, partners):
        """A log-in never comes to read another customer's telephony by a merge, and
        two log-ins never share a contact.

        In sudo: the base counts only the log-ins of the companies in the switcher.
        """
        partners = partners.sudo().exists().with_context(active_test=False)
        if len(partners.user_ids) > 1:
            raise UserError(
                self.env._(
                    "These contacts have more than one log-in, perhaps in another"
                    " company. Contacts with a log-in each cannot be merged."
                )
            )
        customers = partners.commercial_partner_id
        if partners.user_ids.filtered("share") and len(customers) > 1:
            if partners == customers:
                return
            raise UserError(
                self.env._(
                    "%(person)s logs in to the portal, and these contacts belong to"
                    " different customers. Move the contact to the right customer"
                    " first, and merge after that.",
                    person=partners.user_ids.partner_id.name,
                )
            )

    def _intact_quotes(self, partners):
        """Sent quotes of these customers that can be approved as they are; they can be
        afterwards too."""
        return (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("service_kind", "=", "quote"),
                    ("state", "=", "sent"),
                    "|",
                    ("partner_id", "in", partners.ids),
                    ("partner_invoice_id", "in", partners.ids),
                ]
            )
            .filtered(lambda each: each.service_content_hash == each._service_hash())
        )

    def _leave_other_customers(self, src_partners, dst_partner):
        """What a contact asked for another customer than the survivor's stays there;
        a company brings all of its own along."""
        customer = dst_partner.commercial_partner_id
        strangers = src_partners.filtered(
            lambda each: each.commercial_partner_id not in (each, customer)
        )
        for old, people in strangers.grouped("commercial_partner_id").items():
            people._leave_customer(old)

    def _rename_pbxs(self, partners, dst_partner):
        """PBXs of one name get that of their customer behind it."""
        pbxs = (
            self.env["nox.pbx"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", partners.ids)])
            .sorted(lambda pbx: (pbx.partner_id != dst_partner, pbx.id))
        )
        taken = {(pbx.company_id, pbx.name) for pbx in pbxs}
        seen = set()
        for pbx in pbxs:
            name, number = pbx.name, 1
            while (pbx.company_id, name) in (taken if number > 1 else seen):
                suffix = pbx.partner_id.name or str(pbx.partner_id.id)
                name = f"{pbx.name} ({suffix}{f' {number - 1}' if number > 2 else ''})"
                number += 1
            if name != pbx.name:
                pbx.name = name
            taken.add((pbx.company_id, name))
            seen.add((pbx.company_id, name))

    def _close_parked_twice(self, partners, dst_partner):
        """Of two open marks in one company the survivor's stays open."""
        marks = (
            self.env["nox.billing.parked"]
            .sudo()
            .search([("partner_id", "in", partners.ids), ("is_open", "=", True)])
            .sorted(lambda mark: (mark.partner_id != dst_partner, mark.id))
        )
        for same in marks.grouped("company_id").values():
            for mark in same[1:]:
                mark.activity_ids.action_feedback(
                    feedback=self.env._("Merged into another customer.")
                )
                mark.is_open = False

    def _free_places_twice(self, partners):
        """One person cannot have two places in a training at one moment: a place
        without a result is free again; two results stand a minute apart."""
        places = (
            self.env["nox.admin.training"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("start_at", "!=", False),
                    ("is_cancelled", "=", False),
                ]
            )
            .sorted(lambda place: (not place.result, place.id))
        )
        for same in places.grouped("start_at").values():
            same[1:].filtered(lambda place: not place.result).partner_id = False
            for minutes, place in enumerate(same.filtered("result")[1:], start=1):
                self.env.cr.execute(
                    SQL(
                        "UPDATE nox_admin_training"
                        " SET start_at = start_at + make_interval(mins => %s)"
                        " WHERE id = %s",
                        minutes,
                        place.id,
                    )
                )

    def _drop_rows_twice(self, partners, dst_partner):
        """Who follows a record twice, or heard of a message twice, does so once; the
        base would delete all that the merged contact follows."""
        self.env.flush_all()
        for table, person, columns in (
            ("mail_followers", "partner_id", ("res_model", "res_id")),
            ("mail_notification", "res_partner_id", ("mail_message_id",)),
        ):
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM %(table)s WHERE id IN (
                        SELECT id FROM (
                            SELECT id, row_number() OVER (
                                PARTITION BY %(columns)s
                                ORDER BY %(person)s = %(survivor)s DESC, id
                            ) AS place
                            FROM %(table)s WHERE %(person)s IN %(people)s
                        ) AS ordered
                        WHERE place > 1
                    )
                    """,
                    table=SQL.identifier(table),
                    columns=SQL(", ").join(map(SQL.identifier, columns)),
                    person=SQL.identifier(person),
                    survivor=dst_partner.id,
                    people=tuple(partners.ids),
                )
            )
