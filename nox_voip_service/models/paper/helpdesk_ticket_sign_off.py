from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...policy import masking

MOST_LETTERS = {"name": 100, "remark": 1000}


class HelpdeskTicket(models.Model):
    """The customer signs finished work off: name, day, and a remark if there is one.

    It is bound to the minutes that were on the report: when work is added later, the
    paper asks for it again. It approves no quote and changes no bill.
    """

    _inherit = "helpdesk.ticket"

    signed_off_by = fields.Char(
        string="Signed off by",
        copy=False,
        readonly=True,
        help="The name that the customer signed off with.",
    )
    signed_off_partner_id = fields.Many2one(
        "res.partner",
        string="Log-in of who signed off",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Who was logged in to the portal.",
    )
    signed_off_at = fields.Datetime(string="Signed off on", copy=False, readonly=True)
    signed_off_remark = fields.Text(
        string="Remark when signing off", copy=False, readonly=True
    )
    signed_off_minutes = fields.Integer(
        string="Minutes signed off",
        copy=False,
        readonly=True,
        help="Minutes on the report that was signed off.",
    )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _reported_minutes(self):
        """Minutes on the work report: what was worked, without held time."""
        self.ensure_one()
        return self.worked_minutes - self.held_minutes

    def _is_signed_off(self):
        """Whether what the report says now is what was signed off."""
        self.ensure_one()
        return bool(
            self.signed_off_at and self.signed_off_minutes == self._reported_minutes()
        )

    def _may_sign_off(self):
        """Whether the customer can sign this request off: finished work, once."""
        self.ensure_one()
        return self.outcome == "done" and not self._is_signed_off()

    def _sign_off(self, partner, name, remark):
        """Keep that the customer signed the work off.

        In sudo because a customer may do this one thing with a request that the
        caller has checked the customer's access to.

        :raises UserError: with a sentence for the customer
        """
        self.ensure_one()
        ticket = self.sudo()
        if not name:
            raise UserError(self.env._("Fill in your name to sign the work off."))
        for text, most in (
            (name, MOST_LETTERS["name"]),
            (remark, MOST_LETTERS["remark"]),
        ):
            if len(text) > most:
                raise UserError(
                    self.env._(
                        "This text is too long: at most %(length)s characters.",
                        length=most,
                    )
                )
        if not ticket._may_sign_off():
            raise UserError(
                self.env._("This work is signed off already, or is not finished yet.")
            )
        ticket.write(
            {
                "signed_off_by": name,
                "signed_off_partner_id": partner.id,
                "signed_off_at": fields.Datetime.now(),
                "signed_off_remark": remark,
                "signed_off_minutes": ticket._reported_minutes(),
            }
        )
        spoken = ticket._in_technician_language()
        ticket.message_post(
            body=spoken.env._(
                "%(name)s signed the work off: %(minutes)s minutes.",
                name=name,
                minutes=ticket.signed_off_minutes,
            ),
            subtype_xmlid="mail.mt_note",
        )
        if remark:
            # The customer's word: it is heard as an answer after the closing.
            ticket.message_post(
                body=remark,
                author_id=partner.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _sign_off_values(self):
        """``{"text", "remark"}`` of the paper; empty until it is signed off."""
        self.ensure_one()
        if not self._is_signed_off():
            return {}
        day = self.company_id._service_day(self.signed_off_at)
        return {
            "text": self.env._(
                "Signed off by %(name)s on %(day)s, in the portal.",
                name=self.signed_off_by,
                day=format_date(self.env, day),
            ),
            "remark": masking.masked(self.signed_off_remark or ""),
        }
