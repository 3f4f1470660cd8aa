from odoo import api, fields, models, tools


class HelpdeskTicket(models.Model):
    """How many mails of one sender are too many: Odoo's own settings of its brake."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _since_brake(self):
        """Since when mails of one sender are counted."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        minutes = int(get_param("mail.gateway.loop.minutes", 120))
        return fields.Datetime.subtract(self.env.cr.now(), minutes=minutes)

    @api.model
    def _is_too_many(self, count):
        """Whether so many mails of one sender are more than Odoo lets through."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return count > int(get_param("mail.gateway.loop.threshold", 20))

    @api.model
    def _made_lately(self, address):
        """The domain of the tickets that a sender made of late."""
        return [
            ("create_date", ">=", self._since_brake()),
            *self._detect_loop_sender_domain(address),
        ]

    def _mails_lately(self, address):
        """How many mails of a sender came to this ticket of late."""
        mails = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "=", "email"),
                    ("create_date", ">=", self._since_brake()),
                    ("email_from", "ilike", address),
                ]
            )
        )
        # Jan's address holds that of An.
        senders = map(tools.email_normalize, mails.mapped("email_from"))
        return sum(sender == address for sender in senders)
