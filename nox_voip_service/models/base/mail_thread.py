import logging

from odoo import api, models, tools

from ...policy import mails

_logger = logging.getLogger(__name__)

TICKET = "helpdesk.ticket"


class MailThread(models.AbstractModel):
    """Mail that comes in for the service desk: automatic replies ask for nothing, a
    reply that lost its thread finds its ticket, one mail makes one request, and a
    customer's request is never lost to the brake on senders."""

    _inherit = "mail.thread"

    # ------------------------------------------------------------------
    # MAIL GATEWAY
    # ------------------------------------------------------------------

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        routes = super().message_route(
            message,
            message_dict,
            model=model,
            thread_id=thread_id,
            custom_values=custom_values,
        )
        if not any(route[0] == TICKET for route in routes or ()):
            return routes
        headers = {name: str(value) for name, value in message.items()}
        kind = mails.kind(
            headers, message_dict.get("subject") or "", message.get_content_type()
        )
        routes = self._one_ticket_a_mail(routes, message_dict)
        if kind == mails.REPLY:
            return self._without_automatic_replies(routes, message_dict)
        values = {
            "is_by_machine": kind == mails.MACHINE,
            "wants_no_answer": not mails.wants_answer(headers),
        }
        return [
            (model, thread, dict(known or {}, **values), *others)
            if model == TICKET and not thread
            else (model, thread, known, *others)
            for model, thread, known, *others in routes
        ]

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Odoo drops the twenty-first mail of a sender in two hours: of a customer
        with a PBX it may be an outage. We answer no machine, so that no loop comes of
        it."""
        address = tools.email_normalize(message_dict.get("email_from"))
        if (
            address
            and routes
            and all(route[0] == TICKET for route in routes)
            and self._is_of_a_customer(address)
        ):
            return False
        return super()._detect_loop_sender(message, message_dict, routes)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _is_of_a_customer(self, address):
        """Whether somebody of a customer with a PBX has this address."""
        people = self.env["res.partner"]._people_at(address)
        return bool(
            self.env["nox.pbx"]
            .sudo()
            .search_count(
                [("commercial_partner_id", "in", people.commercial_partner_id.ids)],
                limit=1,
            )
        )

    @api.model
    def _one_ticket_a_mail(self, routes, message_dict):
        """The ticket that the mail answers though its thread is lost; the first of
        the teams that it was sent to; none when it was delivered before."""
        found = self.env[TICKET]._ticket_in_subject(message_dict)
        kept = []
        for route in routes:
            if route[0] != TICKET or route[1]:
                kept.append(route)
            elif found:
                kept.append((TICKET, found.id, None, *route[3:]))
            elif self.env[TICKET]._is_delivered_before(message_dict):
                self._log_ignored(message_dict, "it was delivered before")
            else:
                kept.append(route)
        tickets = [route for route in kept if route[0] == TICKET]
        return [route for route in kept if route not in tickets[1:]]

    @api.model
    def _without_automatic_replies(self, routes, message_dict):
        """An automatic reply makes no request; on a ticket it is a note that wakes
        nobody."""
        if any(route[0] == TICKET and not route[1] for route in routes):
            self._log_ignored(message_dict, "it is an automatic reply")
        if any(route[0] == TICKET and route[1] for route in routes):
            message_dict["is_internal"] = True
            # Odoo would tell the author of what was replied to.
            message_dict.pop("parent_id", None)
        return [route for route in routes if route[0] != TICKET or route[1]]

    @api.model
    def _log_ignored(self, message_dict, reason):
        _logger.info(
            "No request is made of the mail of %s with Message-Id %s: %s",
            message_dict.get("email_from"),
            message_dict.get("message_id"),
            reason,
        )
