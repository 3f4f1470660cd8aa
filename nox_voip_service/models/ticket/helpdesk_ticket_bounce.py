from odoo import models, tools

BOUNCED = "nox_voip_service.mail_activity_bounced"
MAX_REPORT = 1000


class HelpdeskTicket(models.Model):
    """What we wrote to a customer and did not arrive: whoever is responsible for the
    ticket hears it, once."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _notice_bounce(self, report):
        """Note that a mail about this ticket did not arrive.

        :param report: the mail that says so, as the gateway has it
        """
        text = tools.html2plaintext(report.get("body") or "").strip()[:MAX_REPORT]
        for ticket in self.sudo():
            ticket._message_log(
                body=self.env._(
                    "A mail about this ticket did not arrive: %(report)s",
                    report=text or report.get("subject") or "",
                )
            )
            spoken = ticket._in_technician_language()
            if not ticket.activity_search([BOUNCED]):
                ticket._service_activity(
                    BOUNCED,
                    spoken.env._("A mail did not arrive"),
                    spoken.env._(
                        "Correct the address of the customer, or call: what we wrote"
                        " was not delivered."
                    ),
                )
