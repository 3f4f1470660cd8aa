from odoo import models


class SaleOrder(models.Model):
    """An approval names who approved. It proves what an invoice may ask for, so its
    name is part of the evidence and is not erased from it."""

    _name = "sale.order"
    _inherit = ["sale.order", "nox.privacy.kept"]

    def _privacy_search(self, person):
        found = self.search(
            person.domain(
                "partner_id.commercial_partner_id",
                contacts=["service_approver_id"],
                names=["signed_by"],
            )
        )
        return found.filtered(
            lambda order: (
                order.service_ticket_id
                and (
                    person.contact & order.service_approver_id
                    or person.is_called(order.signed_by)
                )
            )
        )

    def _privacy_day(self):
        if self.state not in ("sale", "cancel"):
            return False
        moment = self.signed_on or self.date_order
        return self._privacy_company()._service_day(moment)

    def _privacy_stays(self, person):
        return super()._privacy_stays(person) or self.env._(
            "It proves what was approved, in the evidence of an invoice."
        )

    def _privacy_kind(self):
        return self.env._("Approval")

    def _privacy_facts(self, person):
        return self._privacy_labelled(
            "name",
            "service_approver_id",
            "signed_by",
            "signed_on",
            "service_approval_grade",
        )
