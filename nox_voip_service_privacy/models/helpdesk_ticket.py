from odoo import models

NAMES = ("partner_name", "seat_name", "signed_off_by")


class HelpdeskTicket(models.Model):
    """A request names who asked, who signed it off and who comes as a new user."""

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "nox.privacy.kept"]

    def _privacy_search(self, person):
        found = self.with_context(active_test=False).search(
            person.domain(
                "commercial_partner_id",
                contacts=["partner_id", "signed_off_partner_id"],
                names=NAMES,
                emails=["partner_email"],
            )
        )
        return found.filtered(
            lambda ticket: (
                person.contact & (ticket.partner_id | ticket.signed_off_partner_id)
                or any(person.is_called(ticket[name]) for name in NAMES)
                or person.has_address(ticket.partner_email)
            )
        ).with_context(active_test=True)

    def _privacy_day(self):
        if not self.closed or self.is_seat_change_due or self.to_invoice_blocks:
            return False
        closed = self._privacy_company()._service_day(
            self.closed_date or self.last_stage_update or self.write_date
        )
        # In sudo: the day alone, of bills that the user may not read.
        bills = self.sudo().service_order_ids.invoice_ids
        return max([closed, *filter(None, bills.mapped("invoice_date"))])

    def _privacy_kind(self):
        return self.env._("Request")

    def _privacy_facts(self, person):
        names = [name for name in NAMES if person.is_called(self[name])]
        if self._privacy_is_asked_by(person):
            names += ["partner_email", "callback_phone"]
        if self._privacy_is_signed_by(person):
            names += ["signed_off_at", "signed_off_remark"]
        return self._privacy_labelled("name", "pbx_id", "requested_on", *names)

    def _privacy_is_asked_by(self, person):
        return bool(
            person.contact & self.partner_id
            or person.is_called(self.partner_name)
            or person.has_address(self.partner_email)
        )

    def _privacy_is_signed_by(self, person):
        return bool(
            person.contact & self.signed_off_partner_id
            or person.is_called(self.signed_off_by)
        )

    def _privacy_forget(self, person):
        former = self.env._("Former contact")
        for ticket in self:
            values = {}
            if ticket._privacy_is_asked_by(person):
                values.update(partner_name=former, partner_email=None)
                values.update(callback_phone=None)
            if ticket._privacy_is_signed_by(person):
                values.update(signed_off_by=former, signed_off_remark=None)
            if person.is_called(ticket.seat_name):
                values.update(seat_name=former)
            if ticket.description:
                values["description"] = person.struck_from(ticket.description, former)
            ticket._privacy_overwrite(values)
        self._privacy_strike_messages(person)
        return super()._privacy_forget(person)
