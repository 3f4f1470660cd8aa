from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...policy import approvers


class NoxApprover(models.Model):
    """Of an approver that the PBX names: up to which amount he approves a quote, and
    who stands in for him on which days."""

    _name = "nox.approver"
    _description = "Limit and Deputy of an Approver"
    _check_company_auto = True
    _order = "sequence, id"
    _rec_name = "partner_id"

    pbx_id = fields.Many2one(
        "nox.pbx", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    commercial_partner_id = fields.Many2one(
        related="pbx_id.commercial_partner_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        string="Approver",
        required=True,
        ondelete="cascade",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    amount_limit = fields.Float(
        string="At most per quote",
        digits="Product Price",
        help="Including VAT, in the currency of the company. 0: no limit of his own.",
    )
    deputy_id = fields.Many2one(
        "res.partner",
        ondelete="set null",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    deputy_from = fields.Date()
    deputy_until = fields.Date(help="The last day, included. Empty: until further.")

    _person_unique = models.Constraint(
        "UNIQUE (pbx_id, partner_id)", "This approver stands in the list already."
    )
    _limit_not_negative = models.Constraint(
        "CHECK (amount_limit >= 0)", "The limit of an approver cannot be negative."
    )
    _deputy_days = models.Constraint(
        "CHECK (deputy_until IS NULL OR deputy_from IS NULL"
        " OR deputy_until >= deputy_from)",
        "A deputy cannot stop before the first day.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("pbx_id", "partner_id", "deputy_id")
    def _check_people(self):
        for row in self:
            if row.partner_id not in row.pbx_id.approver_ids:
                raise ValidationError(
                    self.env._(
                        "%(person)s is not named as an approver of %(pbx)s. Add the"
                        " person to the approvers first.",
                        person=row.partner_id.display_name,
                        pbx=row.pbx_id.name,
                    )
                )
            if row.deputy_id == row.partner_id:
                raise ValidationError(
                    self.env._("Nobody is the deputy of himself or herself.")
                )
            if row.deputy_id and (
                row.deputy_id.commercial_partner_id != row.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(names)s do not belong to %(customer)s, the customer of"
                        " this PBX.",
                        names=row.deputy_id.display_name,
                        customer=row.pbx_id.partner_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _pbxs_of_deputy(self, partner):
        """PBXs for whose approver this person stands in today.

        In sudo: a customer reads his own list, and a deputy need not.
        """
        rows = self.sudo().search([("deputy_id", "=", partner.id)])
        return rows.pbx_id.filtered(
            lambda pbx: partner.id in pbx._acting_approvers()
        ).sudo(False)

    def _policy_approver(self):
        """This row as the policy knows it. A deputy who left the customer, or is in
        the archive, is none."""
        self.ensure_one()
        deputy = self.deputy_id.filtered(
            lambda person: (
                person.active
                and person.commercial_partner_id == self.commercial_partner_id
            )
        )
        return approvers.Approver(
            self.partner_id.id,
            Decimal(str(self.amount_limit)) if self.amount_limit else None,
            deputy.id or None,
            self.deputy_from or None,
            self.deputy_until or None,
        )
