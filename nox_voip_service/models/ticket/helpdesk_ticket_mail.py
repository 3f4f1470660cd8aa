import re

from odoo import api, fields, models, tools

from ...policy import mail_text, mails

MAX_SUBJECT = 200
# What can bring a ticket to another customer.
CUSTOMER_FIELDS = {"partner_id", "pbx_id", "about_pbx", "company_id"}


class HelpdeskTicket(models.Model):
    """Requests by mail. A mail asks; it never approves, never changes a fact or a plan,
    and never makes somebody of another company a follower, who could read the ticket.
    """

    _inherit = "helpdesk.ticket"
    # Odoo's own brake on a sender who makes too many tickets needs to know it.
    _primary_email = "partner_email"

    is_by_machine = fields.Boolean(
        string="Sent by a machine",
        readonly=True,
        copy=False,
        help="An automatic mail: it gets no automatic answer.",
    )
    wants_no_answer = fields.Boolean(
        string="Wants no automatic answer",
        readonly=True,
        copy=False,
        help="The sender's mail asked for no automatic answers.",
    )
    is_unknown_sender = fields.Boolean(
        compute="_compute_is_unknown_sender",
        store=True,
        help="Came by mail from an address that no customer has.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("partner_id", "partner_email")
    def _compute_is_unknown_sender(self):
        for ticket in self:
            ticket.is_unknown_sender = bool(
                ticket.partner_email and not ticket.partner_id
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def _customers_before(self, vals):
        """``{ticket: customer}`` where these values may bring another customer."""
        if not vals.keys() & CUSTOMER_FIELDS:
            return {}
        return {ticket: ticket.sudo().commercial_partner_id for ticket in self}

    def _after_customer_change(self, before):
        for ticket, customer in before.items():
            if customer != ticket.sudo().commercial_partner_id:
                ticket._forget_readers()

    # ------------------------------------------------------------------
    # MAIL GATEWAY
    # ------------------------------------------------------------------

    def message_new(self, msg, custom_values=None):
        self._check_are_values([msg])
        msg = dict(
            msg,
            subject=(msg.get("subject") or "").strip()[:MAX_SUBJECT]
            or self.env._("No subject"),
            body=msg.get("body") or "<p></p>",
        )
        custom_values = dict(custom_values or {}, **self._sender_of(msg, custom_values))
        gateway = self.with_context(service_by_mail=True)
        ticket = super(HelpdeskTicket, gateway).message_new(msg, custom_values)
        if not ticket.partner_name and ticket.partner_email:
            ticket.partner_name = tools.parse_contact_from_email(ticket.partner_email)[
                0
            ]
        ticket.message_subscribe(ticket.partner_id.ids)
        # The answer goes out after the customer's own message is on the ticket.
        return ticket.with_context(service_mail_answer=True)

    def message_update(self, msg, update_vals=None):
        gateway = self.with_context(service_by_mail=True)
        return super(HelpdeskTicket, gateway).message_update(msg, update_vals)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """A mail's recipients follow the ticket if they belong to its customer or to
        us; nobody else does because of a mail."""
        if self.env.context.get("service_by_mail"):
            partner_ids = self._own_partners(partner_ids).ids
        return super().message_subscribe(partner_ids, subtype_ids)

    def _message_add_suggested_recipients(self, force_primary_email=False):
        """Answers go to the customer; an address from a mail's copies is added by
        hand, knowingly."""
        suggested = super()._message_add_suggested_recipients(
            force_primary_email=force_primary_email
        )
        for ticket in self:
            found = suggested[ticket.id]
            found["partners"] = ticket._own_partners(found["partners"].ids)
            sender = tools.email_normalize(ticket.partner_email)
            found["email_to_lst"] = [
                email
                for email in found["email_to_lst"]
                if sender and tools.email_normalize(email) == sender
            ]
        return suggested

    def _message_post_after_hook(self, message, msg_values):
        res = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email":
            self._note_stranger(message)
        if (
            self.env.context.get("service_mail_answer")
            and message.message_type == "email"
        ):
            self.with_context(service_mail_answer=False)._answer_mail(message)
        self._notice_answer(message)
        return res

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """The sender's own tickets, and not those of everybody whose address ends the
        same: an@school.example is not jan@school.example."""
        escaped = re.sub(r"([\\_%])", r"\\\1", email_from_normalized or "")
        # As mail gives it, with or without a name: "Jan" <jan@school.example>.
        return [
            "|",
            ("partner_email", "=ilike", escaped),
            ("partner_email", "=ilike", f"%<{escaped}>"),
        ]

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _sender_of(self, msg, custom_values):
        """``{"partner_id": id}`` where the sender of a mail is somebody else than Odoo
        finds: nobody where contacts of several customers have the address, for whose
        request it is, is not guessed; else the contact that has it beside another or
        without its tag. Contacts that only another company knows do not count."""
        address = tools.email_normalize(msg.get("email_from") or msg.get("from"))
        if not address:
            return {}
        team = self.env["helpdesk.ticket.team"].sudo()
        company = team.browse((custom_values or {}).get("team_id")).company_id
        people = self.env["res.partner"]._people_at(address, company)
        author = self.env["res.partner"].sudo().browse(msg.get("author_id") or [])
        if not all((people | author).mapped("partner_share")):
            return self._writer_of_forward(msg, company)
        known_elsewhere = company and author.company_id and author.company_id != company
        if len(people.commercial_partner_id) > 1 or (known_elsewhere and not people):
            return {"partner_id": False}
        if not people:
            return {}
        if msg.get("author_id") in people.ids:
            return {}
        return {"partner_id": people[:1].id}

    @api.model
    def _writer_of_forward(self, msg, company=None):
        """Values of the ticket of a mail that a colleague forwarded: it belongs to who
        wrote it first, and asks nothing of the colleague."""
        address = mail_text.forwarded_from(
            msg.get("subject") or "", tools.html2plaintext(msg.get("body") or "")
        )
        if not address:
            return {}
        people = self.env["res.partner"]._people_at(address, company)
        known = len(people.commercial_partner_id) == 1
        return {
            "partner_id": people[:1].id if known else False,
            "partner_email": address,
            "partner_name": people[:1].name if known else False,
            "wants_no_answer": True,
        }

    @api.model
    def _ticket_in_subject(self, msg):
        """The ticket whose number stands in the subject of a mail of its customer:
        some mail programs lose the thread of what they answer."""
        numbers = mails.numbers_in(msg.get("subject") or "")
        address = tools.email_normalize(msg.get("email_from"))
        if not numbers or not address:
            return self.browse()
        tickets = self.sudo().search([("number", "in", numbers)])
        people = self.env["res.partner"]._people_at(address)
        return tickets.filtered(
            lambda ticket: (
                tools.email_normalize(ticket.partner_email) == address
                or ticket.commercial_partner_id in people.commercial_partner_id
            )
        )[:1]

    @api.model
    def _is_delivered_before(self, msg, model=None):
        """Whether the same mail of the same moment is on a ticket already, or on a
        record of this model, under another Message-Id."""
        if not msg.get("date") or not msg.get("email_from"):
            return False
        same = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", model or self._name),
                    ("message_type", "=", "email"),
                    ("date", "=", msg["date"]),
                    ("email_from", "=", msg["email_from"]),
                    ("subject", "=", (msg.get("subject") or "").strip()[:MAX_SUBJECT]),
                ]
            )
        )
        text = tools.html2plaintext(msg.get("body") or "").strip()
        return any(
            tools.html2plaintext(message.body or "").strip() == text for message in same
        )

    def _note_stranger(self, message):
        """A mail of somebody who does not belong to the customer says so: it neither
        speaks for the customer nor makes its sender a reader."""
        customer = self.sudo().commercial_partner_id
        address = tools.email_normalize(message.email_from)
        author = message.sudo().author_id or (
            address and self.env["res.partner"]._people_at(address)
        )
        if not customer or (author and self._own_partners(author.ids)):
            return
        self.sudo()._message_log(
            body=self.env._(
                "Not from this customer: %(sender)s does not belong to %(customer)s.",
                sender=author and author[:1].name or message.email_from,
                customer=customer.name,
            )
        )

    def _own_partners(self, partner_ids):
        """Those of these contacts who are colleagues, or of this ticket's customer."""
        self.ensure_one()
        customer = self.sudo().commercial_partner_id
        return (
            self.env["res.partner"]
            .browse(partner_ids or [])
            .filtered(
                lambda partner: (
                    not partner.sudo().partner_share
                    or (customer and partner.sudo().commercial_partner_id == customer)
                )
            )
        )

    def _forget_readers(self):
        """Take the followers and the mailed links of the old customer off a ticket that
        went to another one."""
        self.ensure_one()
        self.sudo()._expire_links()
        strangers = self.message_partner_ids - self._own_partners(
            self.message_partner_ids.ids
        )
        self.sudo().message_unsubscribe(strangers.ids)

    def _expire_links(self):
        """Links that were mailed, to these requests and to their orders, lead nowhere;
        the next mail carries a new one."""
        self.access_token = False
        self.service_order_ids.access_token = False

    def _leave_to_customer(self, person, customer):
        """Somebody who asked works elsewhere: the request stays with the customer, who
        hears from now on what that person would have heard."""
        self._expire_links()
        self.write(
            {
                "partner_id": customer.id,
                "partner_name": person.name,
                "partner_email": customer.email,
            }
        )
        note = self.env._(
            "%(person)s asked this and works elsewhere now. The request stays with"
            " %(customer)s.",
            person=person.name,
            customer=customer.name,
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, note))

    def _answer_mail(self, message):
        """Tell the sender in one sentence what happens next; a machine hears
        nothing, so that two machines never talk to each other."""
        self.ensure_one()
        if self.is_by_machine or self.wants_no_answer:
            self._message_log(
                body=self.env._(
                    "No automatic answer was sent: the mail came from a machine, or"
                    " its sender asks for none."
                )
            )
            return
        if not (self.partner_id.email or self.partner_email):
            return
        if self._is_one_of_many():
            self._message_log(
                body=self.env._(
                    "No automatic answer was sent: so many mails of one sender may come"
                    " from a machine that answers ours."
                )
            )
            return
        template = self.env.ref(
            "nox_voip_service.mail_template_request_received", raise_if_not_found=False
        )
        if template:
            template.sudo().send_mail(
                self.id,
                email_layout_xmlid="mail.mail_notification_light",
                email_values={
                    "references": message.message_id,
                    "headers": repr(
                        {
                            "Auto-Submitted": "auto-replied",
                            "X-Auto-Response-Suppress": "All",
                        }
                    ),
                },
            )

    def _is_one_of_many(self):
        """Whether the sender made more requests than Odoo's brake lets through: a
        customer's are kept, and answered no more."""
        address = tools.email_normalize(self.partner_email)
        return bool(address) and self._is_too_many(
            self.sudo().search_count(self._made_lately(address))
        )

    def _mail_next_step(self):
        """What happens next, in one sentence for the customer."""
        self.ensure_one()
        if not self.partner_id:
            return self.env._(
                "We do not know your address yet, so a colleague first finds out which"
                " customer you belong to and then answers you."
            )
        if self._portal_missing():
            return self.env._(
                "Answer a few questions about your request, and you see at once whether"
                " it is included or what it will cost."
            )
        if self.coverage == "covered":
            return self.env._("A colleague picks this up; it costs you nothing extra.")
        if self.coverage == "billable":
            return self.env._(
                "A colleague picks this up; your request's page says what it will cost."
            )
        if self.coverage == "delivery":
            return self.env._(
                "A colleague picks this up as part of the delivery of your PBX."
            )
        return self.env._("A colleague looks at your request and answers you.")

    def _mail_answer_url(self):
        """Where the customer answers; nothing for an address that nobody knows,
        since the link opens the ticket without log-in."""
        self.ensure_one()
        return self.get_base_url() + self.get_portal_url() if self.partner_id else ""
