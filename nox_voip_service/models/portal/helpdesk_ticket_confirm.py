from odoo import models

# Without the heading "Your Helpdesk Ticket", which in Odoo's Dutch says "je".
LAYOUT = "mail.mail_notification_layout"


class HelpdeskTicket(models.Model):
    """What the customer hears by mail of a request of the portal: that we have it and
    what it will cost, and at its end what it did cost."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------------

    def _track_template(self, tracking):
        """The mail of a stage looks as our others do."""
        res = super()._track_template(tracking)
        template, options = res.get("stage_id", (None, {}))
        # Most stages send none: nobody looks ours up then.
        if template and template == self.env.ref(
            "nox_voip_service.mail_template_request_closed", raise_if_not_found=False
        ):
            res["stage_id"] = (template, dict(options, email_layout_xmlid=LAYOUT))
        return res

    def _confirm_request(self):
        """Mail who asked, by the queue; nothing where the stage has a mail of its own.

        The message is internal: whoever has a link to the page reads no amounts.
        """
        self.ensure_one()
        template = self.env.ref(
            "nox_voip_service.mail_template_request_sent", raise_if_not_found=False
        )
        if template and self.partner_id.email and not self.stage_id.mail_template_id:
            template.sudo().send_mail(
                self.id,
                email_layout_xmlid=LAYOUT,
                email_values={"is_internal": True},
            )

    def _mail_cost_text(self):
        """What a closed request took and costs, in one or two sentences."""
        self.ensure_one()
        cost = self._portal_cost_text()
        if not cost or self._is_withdrawn() or self.coverage != "billable":
            return cost
        return f"{self._portal_work_text()}. {cost}"

    def _mail_page_url(self):
        """The request's page by its token, in its reader's language; nothing for an
        address that nobody knows."""
        self.ensure_one()
        partner = self.partner_id
        return partner._portal_link(self.get_portal_url()) if partner else ""
