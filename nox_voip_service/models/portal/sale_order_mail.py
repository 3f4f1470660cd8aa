from urllib.parse import quote as url_quote

from odoo import models
from odoo.tools import format_date

# Opens the window to sign; the signature itself is given on the page.
SIGN = "&sign=1"


class SaleOrder(models.Model):
    """Who hears of a quote: those who may approve it, each in their own language and
    with a link that opens it; and who asked for the work, when that is another."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------------

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The mail of a quote has a button of its own, which opens the quote without
        a log-in; Odoo's leads those who are not the customer itself to a log-in."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self.env.context.get("service_quote_readers"):
            for _name, _is_member, options in groups:
                options["has_button_access"] = False
        return groups

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _quote_approvers(self):
        """The people that the PBX names for approving its quotes, and who stands in for
        them today; may be empty."""
        self.ensure_one()
        pbx = self.sudo().service_ticket_id.pbx_id
        people = pbx._acting_approvers() if pbx else ()
        return self.env["res.partner"].sudo().browse(people)

    def _mail_readers(self):
        """Who is asked to approve: the named approvers, else who asked for the work,
        else the customer. Of a mail that is being made, those it goes to."""
        self.ensure_one()
        readers = self.env.context.get("service_quote_readers")
        if readers:
            return self.env["res.partner"].sudo().browse(readers)
        ticket = self.sudo().service_ticket_id
        return self._quote_approvers() or ticket.partner_id or self.sudo().partner_id

    def _mail_readers_to(self):
        """The same as a mail template wants it: "12,15"."""
        return ",".join(map(str, self._mail_readers().ids))

    def _mail_quote(self, template_xmlid, **options):
        """Mail about this quote by a template, by the mail queue: one message for each
        language among its readers."""
        self.ensure_one()
        template = self.env.ref(template_xmlid)
        for readers in self._mail_readers().grouped("lang").values():
            self.with_context(
                service_quote_readers=readers.ids
            ).message_post_with_source(
                template, subtype_xmlid="mail.mt_comment", force_send=False, **options
            )

    def _tell_who_asked(self, is_reminder=False):
        """Who asked for the work and may not approve it hears who has the quote."""
        self.ensure_one()
        ticket = self.sudo().service_ticket_id
        asker, approvers = ticket.partner_id, self._quote_approvers()
        if not approvers or not asker or asker in approvers:
            return
        ticket = ticket.with_context(lang=asker._service_lang())
        names = ", ".join(approvers.mapped("name"))
        if is_reminder:
            body = ticket.env._(
                "We reminded %(names)s of quote %(quote)s, which is valid until"
                " %(date)s. The work waits for the approval.",
                names=names,
                quote=self.name,
                date=format_date(ticket.env, self.validity_date),
            )
        else:
            body = ticket.env._(
                "We sent quote %(quote)s for this request to %(names)s. The work goes"
                " on after the approval.",
                names=names,
                quote=self.name,
            )
        ticket.message_post(
            body=body,
            subtype_xmlid="mail.mt_comment",
            partner_ids=asker.ids,
            email_from=ticket.company_id.email_formatted,
        )

    def _warn_of_approvers_without_login(self):
        """A named approver logs in to sign: staff hear who cannot."""
        self.ensure_one()
        stuck = self._quote_approvers().filtered(lambda each: not each.user_ids)
        if not stuck:
            return
        ticket = self.sudo().service_ticket_id._in_technician_language()
        body = ticket.env._(
            "%(names)s should approve quote %(quote)s, and cannot log in to sign. Give"
            " portal access on the contact, or use 'Approved otherwise' with the"
            " proof.",
            names=", ".join(stuck.mapped("name")),
            quote=self.name,
        )
        for record in (self, ticket):
            record.message_post(body=body)
        ticket._service_activity(
            "mail.mail_activity_data_todo",
            ticket.env._("Who should approve the quote cannot log in"),
            body,
        )

    def _portal_work_text(self):
        """What the blocks of a quote are: "7 × 15 minutes of work"."""
        self.ensure_one()
        return self.env._(
            "%(blocks)s × %(minutes)s minutes of work",
            blocks=self.service_blocks,
            minutes=self.sudo().service_ticket_id.plan_id.block_minutes,
        )

    def _mail_quote_url(self):
        """Opens the quote by its token, ready to sign, in its reader's language."""
        self.ensure_one()
        return self._mail_readers()[:1]._portal_link(
            self.get_portal_url(query_string=SIGN)
        )

    def _portal_login_url(self):
        """The log-in that leads on to the quote, ready to sign."""
        self.ensure_one()
        return "/web/login?redirect=" + url_quote(f"/my/orders/{self.id}?{SIGN[1:]}")
