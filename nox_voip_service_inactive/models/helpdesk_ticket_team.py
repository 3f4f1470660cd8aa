import logging

from odoo import models

from .helpdesk_ticket import INACTIVE

_logger = logging.getLogger(__name__)


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def close_team_inactive_tickets(self):
        """Team by team: the base returns after the first, and one that is refused
        stops no other. Of each only what waits for the customer; a team that has no
        stage to close in would take away theirs."""
        teams = self or self.search([("close_inactive_tickets", "=", True)])
        teams = teams.filtered("closing_ticket_stage")
        told = {"warning_email_ids": [], "closing_email_ids": []}
        for team in teams.with_context(nox_inactive=INACTIVE):
            try:
                with self.env.cr.savepoint():
                    mails = super(
                        HelpdeskTicketTeam, team
                    ).close_team_inactive_tickets()
            except Exception:
                # The next teams are looked after; tomorrow it is tried again.
                _logger.exception("Inactive tickets of %s could not be closed", team)
                continue
            for key, ids in (mails or {}).items():
                told[key] += ids
        return told
