from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class HelpdeskTicket(models.Model):
    """Billable time ends as invoiced, waived with a reason, covered or not ours by
    facts, or held. Every other way out of the bill is refused here."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("active")
    def _check_archived_owes_nothing(self):
        """The archive hides a ticket from lists in which somebody would bill it."""
        for ticket in self:
            if not ticket.active and ticket._is_on_the_way_to_a_bill():
                raise ValidationError(
                    self.env._(
                        "%(ticket)s has time that is not invoiced yet, or an open"
                        " quote. Invoice it, or let a coordinator drop the request or"
                        " waive the time; then archive it.",
                        ticket=ticket.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _is_time_owed(self):
        """Whether time of this ticket is to be billed, or may be."""
        self.ensure_one()
        return bool(
            self.to_invoice_blocks
            or (self.coverage == "undecided" and self.worked_minutes)
        )

    def _is_on_the_way_to_a_bill(self):
        """Whether anything of this ticket may still have to be billed."""
        return (
            self._is_time_owed()
            or self.sudo().has_goods_to_invoice
            or self.quote_state in ("draft", "sent")
        )

    def _check_time_stays_owed(self):
        """Work that was to be billed, or might be, leaves the service plans only by
        what is known of it. Not about a PBX, another team, no PBX: these say nothing
        of it. For tickets whose time was owed before a change."""
        for ticket in self:
            if ticket.coverage == "not_applicable" or not ticket.plan_id:
                raise UserError(
                    self.env._(
                        "%(minutes)s minutes of work on %(ticket)s would leave the"
                        " bill without a reason. A coordinator can give another"
                        " verdict, waive the time or drop the request, with the"
                        " reason.",
                        minutes=ticket.worked_minutes,
                        ticket=ticket.display_name,
                    )
                )

    def _check_day_of_time(self, day):
        """Work is recorded after it was done, and work before the acceptance of a PBX
        belongs to its delivery: a coordinator may know better.

        :param day: date or text of it; none for today
        """
        self.ensure_one()
        if not day or self.env.su:
            return
        day, today = fields.Date.to_date(day), self.company_id._service_today()
        if day > today:
            raise UserError(
                self.env._(
                    "%(date)s is still to come: time is recorded on the day of the"
                    " work, or after it.",
                    date=format_date(self.env, day),
                )
            )
        accepted_on = self.sudo().pbx_id.accepted_on
        if accepted_on and day < accepted_on and not self._is_coordinator():
            raise UserError(
                self.env._(
                    "%(pbx)s was accepted on %(accepted)s; work of %(date)s belongs to"
                    " its delivery. If the date is right, a coordinator can record"
                    " it.",
                    pbx=self.sudo().pbx_id.name,
                    accepted=format_date(self.env, accepted_on),
                    date=format_date(self.env, day),
                )
            )

    def _is_coordinator(self):
        return self.env.user.has_group("nox_voip_service.group_coordinator")
