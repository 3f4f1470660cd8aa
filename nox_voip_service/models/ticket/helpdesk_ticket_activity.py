from odoo import models


class HelpdeskTicket(models.Model):
    """Who of us hears what happens to a ticket, and in which language."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _warn_technician(self):
        """Tell the technician that the hour is near; once per ticket."""
        self.ensure_one()
        self.sudo().warned_on = self.company_id._service_today()
        user_env = self._in_technician_language().env
        self._service_activity(
            "nox_voip_service.mail_activity_hour_is_near",
            user_env._("Estimate the job: a quote may be needed"),
            user_env._(
                "%(worked)s minutes worked. Above %(limit)s minutes the customer"
                " first approves a quote: enter an estimate of the whole job.",
                worked=self.worked_minutes,
                limit=self.plan_id.quote_threshold_minutes,
            ),
        )

    def _in_technician_language(self):
        """This ticket in the language of who works on it: what happens to a quote is
        often the doing of a customer, or of the nightly job."""
        self.ensure_one()
        user = self._service_responsible()
        return self.with_context(lang=user.partner_id._service_lang())

    def _service_responsible(self):
        """Who hears what happens to this ticket: its technician, else the colleague
        who does it, the seller of its quote, the leader of its team, a coordinator.
        Never a customer, nor the system: nobody reads what they are told."""
        self.ensure_one()
        ticket = self.sudo()
        for user in (
            ticket.user_id,
            self.env.user,
            ticket.quote_id.user_id,
            ticket.team_id.user_id,
        ):
            if user.active and not user.share and not user._is_superuser():
                return user
        return ticket.pbx_id.with_company(ticket.company_id)._service_coordinator()

    def _service_activity(self, type_xmlid, summary, note):
        """Plan an activity for whoever is responsible for the ticket."""
        for ticket in self:
            ticket.sudo().activity_schedule(
                type_xmlid,
                user_id=ticket._service_responsible().id,
                summary=summary,
                note=note,
            )
