import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...policy import approval_code


class NoxApprovalCode(models.Model):
    """A code that was mailed to a person for one quote as it was sent. The code itself
    is stored nowhere: only a slow hash of it."""

    _name = "nox.approval.code"
    _description = "Code for an Approval"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    content_hash = fields.Char(
        required=True,
        readonly=True,
        help="Of the quote that the person was looking at.",
    )
    code_hash = fields.Char(required=True, readonly=True, groups="base.group_system")
    sent_at = fields.Datetime(required=True, readonly=True)
    tries = fields.Integer(string="Wrong tries", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    used_at = fields.Datetime(readonly=True)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _newest(self, order, user):
        """The code of this person for the quote as it is; an older one is none."""
        code = self.sudo().search(
            [("order_id", "=", order.id), ("user_id", "=", user.id)], limit=1
        )
        same = code.content_hash == order.service_content_hash
        return code if same else code.browse()

    def _policy_code(self):
        self.ensure_one()
        return approval_code.Code(
            self.sent_at, self.tries, self.confirmed_at or None, bool(self.used_at)
        )

    @api.model
    def _state_of(self, order, user):
        code = self._newest(order, user)
        return approval_code.state(
            code._policy_code() if code else None, fields.Datetime.now()
        )

    @api.model
    def _mail_to(self, order, user):
        """Mail a new code to this person; it takes the place of the one before."""
        now = fields.Datetime.now()
        self = self.sudo()
        recent = self.search(
            [("user_id", "=", user.id), ("sent_at", ">", now - timedelta(hours=1))]
        )
        if not approval_code.may_send(recent.mapped("sent_at"), now):
            raise UserError(
                self.env._(
                    "You asked for %(count)s codes within an hour. Please wait before"
                    " you ask for another one.",
                    count=approval_code.PER_HOUR,
                )
            )
        if not user.email:
            raise UserError(
                self.env._("There is no e-mail address in your account. Fill it in.")
            )
        code = f"{secrets.randbelow(10**approval_code.DIGITS):0{approval_code.DIGITS}d}"
        record = self.create(
            {
                "order_id": order.id,
                "user_id": user.id,
                "content_hash": order.service_content_hash,
                "code_hash": self._hash(code),
                "sent_at": now,
            }
        )
        # At once, for it counts for minutes; the code travels in the mail alone.
        template = self.env.ref("nox_voip_service.mail_template_approval_code")
        mail = self.env["mail.mail"].browse(
            template.with_context(approval_code=code).send_mail(
                record.id, force_send=True
            )
        )
        if mail.exists().state == "exception":
            # It would keep the code.
            mail.unlink()
            raise UserError(
                self.env._("The code could not be mailed. Please try again later.")
            )
        return record

    @api.model
    def _hash(self, code):
        return self.env["res.users"]._crypt_context().hash(code)

    def _try(self, typed):
        """Whether this is the code; a wrong one uses up a try.

        The try is counted before it is compared, in the database: two at the same
        moment do not count as one.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if approval_code.state(self._policy_code(), now) != "open":
            return False
        self.tries += 1
        self.flush_recordset()
        right = self.env["res.users"]._crypt_context().verify(typed, self.code_hash)
        if right:
            self.write({"tries": self.tries - 1, "confirmed_at": now})
        return right

    @api.autovacuum
    def _gc_codes(self):
        """Codes nobody can use any more; who approved how stays on the order."""
        limit = fields.Datetime.now() - timedelta(days=1)
        self.search([("sent_at", "<", limit)]).unlink()
