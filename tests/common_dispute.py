from .common import NoxVoipMixin


class DisputeMixin(NoxVoipMixin):
    """An invoice of two jobs, and a question about the first."""

    @classmethod
    def setUpDispute(cls):
        cls.company.service_dispute_user_id = cls.accountant
        cls.pbx = cls._pbx(cls.standard)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")
        cls.stranger = cls._portal_user(cls._customer("Other"), "nox_stranger")
        cls.tickets = cls._ticket(cls.pbx, name="Menu") | cls._ticket(
            cls.pbx, name="Call group"
        )
        for ticket in cls.tickets:
            cls._log(ticket, 38)
        cls.move = cls._invoice(cls.tickets)
        cls.line = cls._line_of(cls.tickets[0])

    @classmethod
    def _line_of(cls, ticket):
        return cls.move.invoice_line_ids.filtered(
            lambda line: line._service_ticket() == ticket
        )

    def _dispute(self, line=None, remark="We did this ourselves."):
        return self.move._dispute_line(
            (line or self.line).id, remark, self.portal.partner_id
        )

    def _credit(self, dispute, action):
        """The credit note by the accountant: the button, then Odoo's wizard."""
        wizard_action = getattr(dispute.with_user(self.accountant), action)()
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.accountant)
            .with_context(**wizard_action["context"])
            .create({"journal_id": self.move.journal_id.id})
        )
        result = wizard.reverse_moves()
        return wizard, self.env["account.move"].browse(result["res_id"])
