from odoo import api, models
from odoo.fields import Domain

from ..base.facts import ASKABLE

# Enough for a person; who has more begins with the oldest.
MOST_WAITING = 50

# Without the heading "Your Helpdesk Ticket", which in Odoo's Dutch says "je".
LAYOUT = "mail.mail_notification_layout"

COLORS = {"covered": "success", "billable": "warning", "undecided": "secondary"}


class HelpdeskTicket(models.Model):
    """What the customer sees of a request: chosen values, nothing internal."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _portal_service_values(self):
        """Values for the ticket's portal page; empty when no plan applies.

        In sudo for these values alone: plan, quote and time belong to models that a
        portal user reads only in part.
        """
        self.ensure_one()
        own = self._portal_is_own()
        ticket = self.sudo()
        if ticket.coverage == "not_applicable":
            return {}
        quoted = own and ticket.quote_id and not ticket.quote_id._is_service_ours()
        return {
            "verdict": ticket._portal_verdict_label(),
            "color": ticket._portal_verdict_color(),
            "plan": ticket.plan_id.name or "",
            "pbx": ticket.pbx_id.name or "",
            "reason": "" if ticket._is_withdrawn() else ticket.coverage_reason,
            "missing": ticket._portal_missing(),
            "worked": own
            and not ticket._is_withdrawn()
            and ticket._portal_shows_time()
            and ticket._portal_work_text(),
            "limit": own and ticket._portal_limit_text(),
            "cost": own and ticket._portal_cost_text(),
            "promise": own and not ticket._is_withdrawn() and ticket._portal_promise(),
            "sent_on": ticket.requested_on,
            "quote_url": ticket.quote_id.get_portal_url() if quoted else "",
            "quote_state": ticket._portal_quote_label(
                "approval_state", ticket.approval_state
            )
            if quoted
            else "",
            "waits": ticket.approval_state == "sent"
            and ticket.quote_id._portal_may_answer(self.env.user),
            "quote_amount": ticket.quote_id._portal_amount_text()
            if quoted and ticket.approval_state == "sent"
            else "",
            "next_step": ticket._portal_next_step(),
            "again": own
            and ticket.closed
            and ticket.pbx_id
            and not ticket.pbx_id._portal_has_ended(),
            "documents": ticket._portal_documents() if own else [],
        }

    def _portal_verdict_label(self):
        """The verdict in two words, as a customer says it."""
        self.ensure_one()
        if self._is_withdrawn():
            return self.env._("Withdrawn: costs you nothing")
        return {
            "covered": self.env._("Included"),
            "billable": self.env._("Billed by the time worked"),
            "delivery": self.env._("Part of the delivery"),
        }.get(self.coverage) or self.env._("Not decided yet")

    def _portal_verdict_color(self):
        self.ensure_one()
        if self._is_withdrawn():
            return "secondary"
        return COLORS.get(self.coverage, "info")

    def _is_withdrawn(self):
        """Whether this request was dropped without anything on a bill."""
        self.ensure_one()
        return (
            self.outcome == "dropped"
            and not self.is_finished
            and not self.invoiced_blocks
        )

    def _portal_verdict_badge(self):
        """``{"label", "color"}`` for a list; None where no plan applies."""
        self.ensure_one()
        ticket = self.sudo()
        if ticket.coverage == "not_applicable":
            return None
        return {
            "label": ticket._portal_verdict_label(),
            "color": ticket._portal_verdict_color(),
        }

    def _portal_is_own(self):
        """Whether who looks may see money: somebody of the customer, or of us. The
        link in a mail shows its reader the verdict, never an amount."""
        self.ensure_one()
        user = self.env.user
        if not user.share:
            return True
        return (
            not user._is_public()
            and user.commercial_partner_id == self.sudo().commercial_partner_id
        )

    def _portal_shows_time(self):
        """Worked time is shown when the request is finished or when it is invoiced,
        by the company's setting."""
        self.ensure_one()
        if self.company_id.service_portal_time == "invoiced":
            return bool(self.invoiced_blocks)
        return bool(self.stage_id.outcome or self.invoiced_blocks)

    def _portal_work_text(self, minutes=None):
        """Worked minutes beside billed blocks, so that anyone can check them.

        :param minutes: those of a paper that shows them one by one; by default all
        """
        self.ensure_one()
        minutes = self.worked_minutes if minutes is None else minutes
        worked = (
            self.env._("1 minute worked")
            if minutes == 1
            else self.env._("%(minutes)s minutes worked", minutes=minutes)
        )
        if self.coverage != "billable":
            return worked
        return self.env._(
            "%(worked)s, counts as %(blocks)s × %(block)s minutes",
            worked=worked,
            blocks=self.billable_blocks - self.waived_blocks,
            block=self.plan_id.block_minutes,
        )

    def _portal_next_step(self):
        """What happens next, in one sentence for the customer."""
        self.ensure_one()
        outcome = self.stage_id.outcome
        if outcome == "done":
            return self.env._("This request is finished.")
        if outcome == "dropped":
            return self.env._("This request was withdrawn.")
        missing = self._portal_missing()
        if len(missing) == 1:
            return self.env._(
                "Answer the question below; you then see at once whether it is"
                " included."
            )
        if missing:
            return self.env._(
                "Answer the questions below; you then see at once whether it is"
                " included."
            )
        if self.coverage == "not_applicable":
            return self.env._("A colleague looks at your request and answers you.")
        if self.approval_state == "sent" and not self.quote_id._portal_may_answer(
            self.env.user
        ):
            return self.env._(
                "We are waiting for %(names)s to approve the quote.",
                names=", ".join(self.quote_id._quote_approvers().mapped("name")),
            )
        return {
            "needed": self.env._(
                "We are making a quote. The work goes on after your approval."
            ),
            "sent": self.env._("We are waiting for your approval of the quote."),
            "refused": self._portal_refused_step(),
            "expired": self.env._(
                "The quote has expired. Would you like a new one? Tell us below."
            ),
        }.get(self.approval_state) or (
            self.env._("We look at your request and tell you before we start.")
            if self.coverage == "undecided"
            else self.env._("We are going to do this for you.")
        )

    def _portal_refused_step(self):
        """What happens after a quote that was not approved: customers read nothing
        of one that they were not sent."""
        self.ensure_one()
        if any(quote._is_service_ours() for quote in self.quote_id):
            return self.env._(
                "We do no more than was agreed. Would you like a quote for more? Tell"
                " us below."
            )
        return self.env._(
            "The quote was declined or withdrawn, so we do no more than was agreed."
            " Would you like a new one? Tell us below."
        )

    def _portal_quote_label(self, field, state):
        """A state of a quote or an approval in the customer's words: staff withdraw
        quotes too, so not every one that ended was declined."""
        if state == "refused":
            return self.env._("Declined or withdrawn")
        states = self._fields[field]._description_selection(self.env)
        return dict(states).get(state, "")

    def _portal_documents(self):
        """``[(name, state, url)]``: quotes that were sent, invoices that were
        posted."""
        self.ensure_one()
        orders = self.service_order_ids.sorted("id")
        quotes = orders.filtered(
            lambda order: order.service_kind == "quote" and not order._is_service_ours()
        )
        invoices = orders.invoice_ids.filtered(lambda move: move.state == "posted")
        documents = [
            (
                self.env._("Quote %(name)s", name=quote.name),
                self._portal_quote_label("quote_state", quote._service_quote_state()),
                quote.get_portal_url(),
            )
            for quote in quotes
        ]
        payments = dict(
            invoices._fields["payment_state"]._description_selection(self.env)
        )
        return documents + [
            (
                self.env._("Credit note %(name)s", name=move.name)
                if move.move_type == "out_refund"
                else self.env._("Invoice %(name)s", name=move.name),
                payments.get(move.payment_state, ""),
                move.get_portal_url(),
            )
            for move in invoices.sorted("id")
        ]

    def _portal_attachments(self):
        """Attachments that the customer may see: what customers sent, and what went
        along with a message to them. Those of internal notes stay internal."""
        self.ensure_one()
        ticket = self.sudo()
        internal = ticket.message_ids.filtered(
            lambda message: message.is_internal or message.subtype_id.internal
        ).attachment_ids
        shown = (ticket.message_ids.attachment_ids - internal) | (
            ticket.attachment_ids.filtered(lambda file: file.create_uid.share)
        )
        return (shown - internal).sorted("id")

    @api.model
    def _portal_waiting(self):
        """``{ticket: what is asked}`` of the requests that wait for this user, the
        oldest first. A quote for named approvers waits for them alone."""
        user = self.env.user
        if not self.env["nox.pbx"].has_access("read"):
            return {}
        asked = Domain.OR(
            Domain("coverage_missing", "like", name)
            for name in ("pbx", "scope", *ASKABLE)
        ) & Domain("coverage", "=", "undecided")
        quoted = Domain("approval_state", "=", "sent") & (
            Domain("pbx_id.approver_ids", "=", False)
            | Domain("pbx_id.approver_ids", "in", user.partner_id.ids)
            | Domain(
                "pbx_id",
                "in",
                self.env["nox.approver"]._pbxs_of_deputy(user.partner_id).ids,
            )
        )
        tickets = self.search(
            Domain("commercial_partner_id", "=", user.commercial_partner_id.id)
            & Domain("closed", "=", False)
            & (asked | quoted),
            order="requested_on, id",
            limit=MOST_WAITING,
        )
        waiting = {ticket: ticket.sudo()._portal_asks() for ticket in tickets}
        return {ticket: text for ticket, text in waiting.items() if text}

    def _portal_asks(self):
        """What the customer is asked for on this request; empty for nothing."""
        self.ensure_one()
        if self.approval_state == "sent":
            return self.env._(
                "Approve or decline the quote of %(amount)s including VAT",
                amount=self.quote_id._portal_amount(),
            )
        missing = self._portal_missing()
        if not missing:
            return ""
        if len(missing) == 1:
            return self.env._("Answer our question")
        return self.env._("Answer our questions")

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
