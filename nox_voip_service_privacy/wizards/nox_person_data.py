from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.nox_voip_service.models.base.guard import for_readers

from ..models.nox_privacy_kept import Person
from ..models.res_partner import NAMED_BY

# The contact comes last: it goes when nothing names it any more.
KINDS = (*NAMED_BY, "res.partner")


class NoxPersonData(models.TransientModel):
    """What we keep about one person at a customer: on paper for that person, and
    erased as far as its time is over. It finds what the manager may read."""

    _name = "nox.person.data"
    _inherit = ["nox.guarded"]
    _description = "What We Keep about a Person"

    customer_id = fields.Many2one(
        "res.partner",
        required=True,
        domain="[('parent_id', '=', False)]",
    )
    name = fields.Char(string="Name of the person", required=True)
    contact_id = fields.Many2one(
        "res.partner",
        domain="[('commercial_partner_id', '=', customer_id),"
        " ('id', '!=', customer_id)]",
        help="Empty: the person is a user of a PBX and no contact.",
    )
    email = fields.Char()
    line_ids = fields.One2many("nox.person.data.line", "data_id")
    is_searched = fields.Boolean(readonly=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, readonly=True
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("name")
    def _compute_display_name(self):
        for data in self:
            data.display_name = self.env._("What we keep about a person")

    @api.onchange("contact_id")
    def _onchange_contact_id(self):
        if self.contact_id:
            self.name = self.contact_id.name
            self.email = self.contact_id.email

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_search(self):
        self._check_manager()
        self._find()
        return self._reopen()

    @for_readers
    def action_print(self):
        """One readable file, for the person who asked."""
        self._check_manager()
        self._find()
        return self.env.ref(
            "nox_voip_service_privacy.action_report_person_data"
        ).report_action(self)

    @for_readers
    def action_erase(self):
        """Erase the person from what is chosen and may go."""
        self.ensure_one()
        self._check_manager()
        chosen = {
            (line.res_model, line.res_id)
            for line in self.line_ids
            if line.is_chosen and line.is_free
        }
        erased = self._erase(chosen)
        if not erased:
            raise UserError(
                self.env._("Nothing of what is chosen may be erased now: see why.")
            )
        self._log_erased(erased)
        self._find()
        return self._reopen()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_manager(self):
        if not self.env.user.has_group("nox_voip_service.group_manager"):
            raise AccessError(
                self.env._("Only managers see all that is kept about a person.")
            )

    @api.model
    def _open_for(self, name, customer, contact=None):
        self._check_manager()
        data = self.create(
            {
                "name": name,
                "customer_id": customer.id,
                "contact_id": contact.id if contact and contact != customer else False,
                "email": contact.email if contact and contact != customer else False,
            }
        )
        data._find()
        return data._reopen()

    def _reopen(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "nox_voip_service_privacy.nox_person_data_action"
            ),
            "res_id": self.id,
        }

    def _person(self):
        self.ensure_one()
        return Person(
            name=self.name.strip(),
            email=(self.email or "").strip(),
            contact=self.contact_id,
            customer=self.customer_id.commercial_partner_id,
        )

    def _find(self):
        """A line for each record that names the person, with what it says and why it
        stays."""
        self.ensure_one()
        if not self.name.strip():
            raise UserError(self.env._("Enter the name of the person."))
        if self.contact_id and not (
            self.contact_id.commercial_partner_id
            == self.customer_id.commercial_partner_id
        ):
            raise UserError(self.env._("This contact is not one of the customer's."))
        person = self._person()
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "res_model": model,
                        "res_id": record.id,
                        "kind": record._privacy_kind(),
                        "facts": "\n".join(
                            f"{label}: {text}"
                            for label, text in record._privacy_facts(person)
                        ),
                        "stays": stays,
                        "is_free": not stays,
                        "is_chosen": not stays,
                    }
                )
                for model in KINDS
                for record in self.env[model]._privacy_search(person)
                for stays in [record._privacy_stays(person)]
            ),
        ]
        self.is_searched = True

    def _erase(self, chosen):
        """What may go is found anew: the rows of a dialog come from a browser.

        :param chosen: ``{(model, id)}``
        :return: the records from which the person was erased, by model
        """
        person = self._person()
        erased = []
        for model in KINDS:
            found = (
                self.env[model]
                ._privacy_search(person)
                .filtered(
                    lambda record, model=model: (
                        (model, record.id) in chosen
                        and not record._privacy_stays(person)
                    )
                )
            )
            if found:
                found._privacy_forget(person)
                erased.append(found)
        return erased

    def _log_erased(self, erased):
        """Who erased when, and from what; nobody's name.

        In sudo: the log is Odoo's, and written by code alone.
        """
        self.env["privacy.log"].sudo().with_context(nox_person_of_service=True).create(
            {
                "anonymized_name": self.env._("A person at a customer"),
                "anonymized_email": "-",
                "user_id": self.env.user.id,
                "service_company_id": self.env.company.id,
                "service_customer_id": self.customer_id.commercial_partner_id.id,
                "execution_details": self.env._("Erased as the person asked."),
                "records_description": "\n".join(
                    f"{records._privacy_kind()} ({len(records)}): "
                    + ", ".join(f"#{record.id}" for record in records)
                    for records in erased
                ),
            }
        )
