from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..base.guard import by_code, for_readers
from .helpdesk_ticket_mail import MAX_SUBJECT

TICKET = "helpdesk.ticket"
KINDS = [
    ("reply", "Automatic reply"),
    ("report", "Report of delivery"),
    ("failed", "Not taken in yet"),
]
# Three months: a customer who says that a request was never answered says so sooner,
# and what somebody's absence tells about him is kept no longer than it is needed.
KEPT_DAYS = 90
MAX_TEXT = 200


class NoxStrayMail(models.Model):
    """A mail for the service desk that is on no ticket, where somebody looks at it.

    An automatic reply asks for nothing, as a rule; but it is known by its subject, and
    "Out of office: how do we set it?" is a request. The text of the mail stands in
    the chatter. Nobody is told of it, and nobody is answered.
    """

    _name = "nox.stray.mail"
    _description = "Mail without Request"
    _inherit = ["mail.thread"]
    _order = "received_at desc, id desc"
    _primary_email = "email_from"
    # Nobody writes from here: an answer would find no ticket.
    _mail_post_access = "create"

    name = fields.Char(string="Subject", readonly=True)
    active = fields.Boolean(
        string="To look at", default=True, readonly=True, help="Nobody has looked yet."
    )
    kind = fields.Selection(KINDS, required=True, readonly=True, default="reply")
    email_from = fields.Char(string="Sender", readonly=True)
    email_normalized = fields.Char(
        string="Address of the sender",
        compute="_compute_email_normalized",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, index="btree_not_null"
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    received_at = fields.Datetime(
        string="Received", required=True, readonly=True, default=fields.Datetime.now
    )
    mail_count = fields.Integer(
        string="Number of mails",
        readonly=True,
        default=1,
        help="So many mails of one sender in a short time stand here together.",
    )
    wants_no_answer = fields.Boolean(
        string="Wants no automatic answer",
        readonly=True,
        help="The head of the mail says that a machine wrote it, or that no automatic"
        " answer is wanted.",
    )
    ticket_id = fields.Many2one(
        TICKET,
        string="Request",
        readonly=True,
        index="btree_not_null",
        help="The request that was made of it.",
    )
    fetchmail_server_id = fields.Many2one(
        "fetchmail.server",
        string="Mail server",
        readonly=True,
        groups="base.group_system",
    )
    text = fields.Char(compute="_compute_text", help="How the mail begins.")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("email_from")
    def _compute_email_normalized(self):
        for mail in self:
            mail.email_normalized = tools.email_normalize(mail.email_from)

    @api.depends("message_ids")
    def _compute_text(self):
        for mail in self:
            body = mail._mails()[:1].body
            text = tools.html2plaintext(body or "")
            mail.text = " ".join(text.split())[:MAX_TEXT]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_make_request(self):
        """A person asks for something here: make the request that the mail would have
        made, with the mail on it."""
        self.env[TICKET].check_access("create")
        self.ensure_one()
        if self.ticket_id:
            raise UserError(self.env._("A request was made of this mail already."))
        if self.kind == "failed":
            raise UserError(
                self.env._(
                    "This mail was not taken in yet: the system tries again every ten"
                    " minutes, and makes the request by itself."
                )
            )
        self._make_request()
        return self.action_view_ticket()

    @for_readers
    def action_looked_at(self):
        """Nothing is to be done: out of the list.

        In sudo: who may read these may say so, and nobody changes anything else.
        """
        self.sudo().active = False

    @for_readers
    def action_look_again(self):
        """Back into the list; in sudo as above."""
        self.sudo().active = True

    @for_readers
    def action_view_ticket(self):
        self.ensure_one()
        return self.ticket_id.get_formview_action()

    # ------------------------------------------------------------------
    # MAIL GATEWAY
    # ------------------------------------------------------------------

    def message_new(self, msg_dict, custom_values=None):
        known = custom_values or {}
        self._check_are_values([msg_dict, known])
        self.browse().check_access("create")
        team = self.env["helpdesk.ticket.team"].sudo().browse(known.get("team_id"))
        company = team.company_id.id or known.get("company_id") or self.env.company.id
        # As of a request: nobody's where contacts of several customers have the
        # address, and no contact that only another company knows.
        sender = self.env[TICKET]._sender_of(msg_dict, known)
        values = {
            "name": (msg_dict.get("subject") or "").strip()[:MAX_SUBJECT]
            or self.env._("No subject"),
            "partner_id": sender.get("partner_id", msg_dict.get("author_id")),
            "team_id": team.id,
            "company_id": company,
            **{
                name: known[name]
                for name in ("kind", "wants_no_answer")
                if name in known
            },
        }
        return super().message_new(msg_dict, values)

    def message_update(self, msg_dict, update_vals=None):
        """One more of many: it stands with the last one, and is looked at again."""
        self._check_are_values([msg_dict])
        for mail in self:
            mail.write({"mail_count": mail.mail_count + 1, "active": True})
        return super().message_update(msg_dict, update_vals)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _mails(self):
        """The mails that stand here, the first one first.

        In sudo: the messages of a record are no more than the record, which the user
        may read.
        """
        mails = self.sudo().message_ids
        return mails.filtered(lambda each: each.message_type == "email").sorted("id")

    @api.model
    def _one_of_too_many(self, address):
        """The last mail of a sender of whom more came of late than Odoo's brake lets
        through; one of which a request was made takes no more."""
        tickets = self.env[TICKET]
        lately = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("create_date", ">=", tickets._since_brake()),
                    ("email_normalized", "=", address),
                    ("kind", "!=", "failed"),
                ]
            )
            .sorted("id", reverse=True)
        )
        if not tickets._is_too_many(len(lately) + 1):
            return self.browse()
        return lately.filtered(lambda mail: not mail.ticket_id)[:1]

    def _values_of_request(self):
        """Values of a request that is made of this mail, beside those of its sender."""
        return {"team_id": self.team_id.id, "company_id": self.company_id.id}

    def _make_request(self):
        """Make the ticket of a mail, and put the mail on it with its files. The sender
        gets the usual confirmation, but where the mail's head says that a machine
        wrote it, or that no automatic answer is wanted.

        With the rights of the user on tickets. In sudo the messages move, which Odoo
        lets nobody else move, and what became of them is written down.
        """
        mails = self._mails()
        msg = {
            "subject": self.name,
            "from": self.email_from,
            "email_from": self.email_from,
            "author_id": mails[:1].author_id.id,
            "body": mails[:1].body,
        }
        values = {**self._values_of_request(), "wants_no_answer": self.wants_no_answer}
        Ticket = self.env[TICKET].with_company(self.company_id)
        # Who presses does not follow what somebody else asked.
        Ticket = by_code(Ticket).with_context(mail_create_nosubscribe=True)
        made = Ticket.message_new(msg, values)
        ticket = self.env[TICKET].browse(made.id)
        mails.attachment_ids.filtered(lambda file: file.res_model == self._name).write(
            {"res_model": ticket._name, "res_id": ticket.id}
        )
        mails.write(
            {
                "model": ticket._name,
                "res_id": ticket.id,
                "is_internal": False,
                "subtype_id": self.env.ref("mail.mt_comment").id,
            }
        )
        self.sudo().write({"ticket_id": ticket.id, "active": False})
        if mails:
            ticket._answer_mail(mails[:1])
        return ticket

    @api.autovacuum
    def _gc_stray_mails(self):
        """Old ones go, but those of which a request was made or is still to be made."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.with_context(active_test=False).search(
            [
                ("received_at", "<", limit),
                ("ticket_id", "=", False),
                ("kind", "!=", "failed"),
            ]
        ).unlink()
