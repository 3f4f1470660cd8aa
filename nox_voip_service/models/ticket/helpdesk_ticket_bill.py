import re

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

# How Odoo names a message that was written on a ticket.
WRITTEN_ON = re.compile(r"-openerp-(\d+)-helpdesk\.ticket@")


class HelpdeskTicket(models.Model):
    """Billable time stays on the bill until it is invoiced, waived with a reason, or
    covered or not ours by facts. Every other way out is refused, whoever asks."""

    _inherit = "helpdesk.ticket"

    # A kind of change in use is archived: without it a ticket has no verdict.
    category_id = fields.Many2one(ondelete="restrict")

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _has_open_time(self):
        """Whether nobody has settled yet what becomes of time of this ticket: it is to
        be invoiced, held without an approval, or has no verdict that says whether it is
        billable."""
        self.ensure_one()
        if self.coverage == "undecided":
            return bool(self.worked_minutes) and self.drop_billing != "waive"
        return self.coverage == "billable" and bool(
            self.to_invoice_blocks or self.held_minutes
        )

    def _open_time_before(self):
        """``{ticket: (plan, coverage)}`` of those with open time, before a change."""
        return {
            ticket: (ticket.plan_id, ticket.coverage)
            for ticket in self.sudo()
            if ticket.worked_minutes and ticket._has_open_time()
        }

    def _check_stays_on_bill(self, before):
        """Refuse a change after which nobody would bill the time of a ticket, nor
        have said why not.

        :param before: of `_open_time_before`
        """
        for ticket, (plan, coverage) in before.items():
            # Code that takes a PBX away (in sudo) leaves an open ticket undecided.
            lost = plan and not ticket.plan_id and not self.env.su
            if ticket.coverage == "delivery":
                # A fact about the PBX, which a coordinator has looked at.
                ticket.with_env(self.env)._check_coordinator()
            elif lost or (plan and ticket.coverage == "not_applicable"):
                raise UserError(
                    self.env._(
                        "%(ticket)s has %(minutes)s minutes that may have to be billed,"
                        " and with this change nobody would bill them. A coordinator"
                        " first waives them, or gives another verdict, with the"
                        " reason.",
                        ticket=ticket.display_name,
                        minutes=ticket.worked_minutes,
                    )
                )
            elif ticket.coverage == "undecided" and coverage != "undecided":
                ticket._check_verdict_of_finished()

    def _check_verdict_of_finished(self):
        """Finished work keeps a verdict: without one it is on no invoice."""
        self.ensure_one()
        if self.is_finished:
            raise UserError(
                self.env._(
                    "%(ticket)s is finished and waits for its invoice, so it needs a"
                    " verdict. Choose another kind of change, or open it again first.",
                    ticket=self.display_name,
                )
            )

    def _check_end_of_closed(self):
        """A ticket that turns out to be billable after it was closed is finished, or
        dropped by a coordinator."""
        for ticket in self:
            if ticket.closed and ticket._has_open_time():
                ticket._check_stage()

    def _check_company_kept(self, vals):
        """Time belongs to the company of its ticket."""
        if "company_id" not in vals:
            return
        for ticket in self.sudo():
            if ticket.worked_minutes and ticket.company_id.id != vals["company_id"]:
                raise UserError(
                    self.env._(
                        "%(ticket)s has time of %(company)s and stays in that company."
                        " Make a new ticket in the other one.",
                        ticket=ticket.display_name,
                        company=ticket.company_id.name,
                    )
                )

    def _check_may_archive(self):
        """Refuse to archive a ticket with time that is still to be invoiced, approved
        or decided, or with a quote that binds us: an archived ticket is in nobody's
        list. Whoever merges tickets archives all but one of them."""
        self._check_messages_kept()
        for ticket in self.sudo():
            if ticket.quote_state == "sent" or (
                ticket.quote_state in ("draft", "approved") and not ticket.closed
            ):
                raise UserError(
                    self.env._(
                        "%(ticket)s has quote %(quote)s, which is open or whose work"
                        " is not finished, and cannot be archived or merged into"
                        " another. Withdraw the quote, or finish the work and close"
                        " the ticket.",
                        ticket=ticket.display_name,
                        quote=ticket.quote_name,
                    )
                )
            waiting = ticket._has_open_time() and (
                ticket.coverage == "undecided"
                or ticket.to_invoice_blocks
                or not ticket.closed
            )
            if waiting or ticket.has_goods_to_invoice:
                raise UserError(
                    self.env._(
                        "%(ticket)s has work that is not invoiced yet and cannot be"
                        " archived or merged into another. Invoice it, give its time"
                        " entries the ticket that stays, or let a coordinator drop it"
                        " or waive its blocks with a reason.",
                        ticket=ticket.display_name,
                    )
                )

    def _check_messages_kept(self):
        """Refuse to archive what was merged into a ticket of another customer: its
        messages went along, and that customer would read them.

        A merge leaves no other trace than a message about it, written on this ticket
        a moment ago and moved to the other.
        """
        moved = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "not in", self.ids),
                    ("create_date", ">=", self.env.cr.now()),
                ]
            )
        )
        for message in moved:
            written_on = WRITTEN_ON.search(message.message_id or "")
            ticket = self.sudo().filtered(
                lambda each, found=written_on: found and each.id == int(found[1])
            )
            kept = self.sudo().browse(message.res_id)
            customers = ticket.commercial_partner_id | kept.commercial_partner_id
            if ticket and len(customers) > 1:
                raise UserError(
                    self.env._(
                        "%(ticket)s is of %(customer)s and %(kept)s of %(other)s: they"
                        " cannot be merged, for each customer would read what the"
                        " other wrote.",
                        ticket=ticket.display_name,
                        customer=ticket.commercial_partner_id.name,
                        kept=kept.display_name,
                        other=kept.commercial_partner_id.name,
                    )
                )

    def _check_closing_stage(self):
        """Refuse a stage that closes a ticket with such time and does not say whether
        its work is done or dropped: it would be on no invoice."""
        self.ensure_one()
        if self.closed and not self.outcome and self._has_open_time():
            raise ValidationError(
                self.env._(
                    "Stage %(stage)s closes %(ticket)s without saying whether its work"
                    " is done or dropped, so that nobody would bill it. A manager"
                    " chooses the outcome of the stage.",
                    stage=self.stage_id.display_name,
                    ticket=self.display_name,
                )
            )

    def _get_open_time_domain(self):
        """Tickets of anybody, archived ones too, with time that has still to find its
        place: `_has_open_time` as a domain."""
        return [
            ("active", "in", [True, False]),
            ("worked_minutes", ">", 0),
            "|",
            "&",
            ("coverage", "=", "undecided"),
            ("drop_billing", "!=", "waive"),
            "&",
            ("coverage", "=", "billable"),
            "|",
            ("to_invoice_blocks", ">", 0),
            ("held_minutes", ">", 0),
        ]
