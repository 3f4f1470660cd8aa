from odoo import api, models
from odoo.tools import html2plaintext

from ...policy import masking


class HelpdeskTicket(models.Model):
    """What a customer wrote, as it may be repeated: on orders, invoices, reports and
    mails, in what others read of the ticket, in refusals and so in the log.

    The ticket's own page has the words as they were written.
    """

    _inherit = "helpdesk.ticket"

    @api.depends("number", "name")
    def _compute_display_name(self):
        """Number and subject: what stands in lists, refusals and logs."""
        res = super()._compute_display_name()
        for ticket in self:
            ticket.display_name = f"{ticket.number} - {ticket._masked_name()}"
        return res

    def _masked_name(self):
        """Of no ticket nothing: a subject of a mail is tried on any order."""
        return masking.masked(self.name or "")

    def _masked_title(self):
        """Number and subject, as the customer reads them: "HT00151 New menu". They are
        not masked as one text, for together they can look like a bank account."""
        return f"{self.number} {self._masked_name()}"

    def _masked_text(self):
        """The description as plain text."""
        self.ensure_one()
        return masking.masked(html2plaintext(self.description or "").strip())

    def _masked_reference(self):
        """The customer's own reference, which his invoice names."""
        self.ensure_one()
        return masking.masked_reference(self.customer_reference or "")
