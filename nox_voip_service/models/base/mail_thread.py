import logging
from email.message import EmailMessage

from odoo import api, models, tools

from ...policy import mails

_logger = logging.getLogger(__name__)

TICKET = "helpdesk.ticket"
STRAY = "nox.stray.mail"


class MailThread(models.AbstractModel):
    """Mail that comes in for the service desk: automatic replies ask for nothing and
    stand where somebody looks at them, a reply that lost its thread finds its ticket,
    one mail makes one request, and none is lost to the brake on senders."""

    _inherit = "mail.thread"

    # ------------------------------------------------------------------
    # MAIL GATEWAY
    # ------------------------------------------------------------------

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        if (
            not model
            and isinstance(message, EmailMessage)
            and self._is_left_to_catchall(message_dict)
        ):
            model = TICKET
            thread_id = self.env[TICKET]._ticket_in_subject(message_dict).id
            custom_values = self._company_of_sender(message_dict)
        routes = super().message_route(
            message,
            message_dict,
            model=model,
            thread_id=thread_id,
            custom_values=custom_values,
        )
        if message_dict.get("is_bounce") and not routes:
            return self._routes_of_report(message_dict)
        routes = [self._out_of_the_tray(route) for route in routes or ()]
        if not any(route[0] == TICKET for route in routes):
            return routes
        headers = {name: str(value) for name, value in message.items()}
        report = message.get_content_type()
        kind = mails.kind(headers, message_dict.get("subject") or "", report)
        wants_no_answer = not mails.wants_answer(headers)
        routes = self._one_ticket_a_mail(routes, message_dict)
        routes = self._with_brake(routes, message_dict)
        if kind == mails.REPLY:
            by_its_head = mails.kind(headers, "", report)
            return self._without_automatic_replies(
                routes,
                message_dict,
                {
                    "kind": "report" if report == "multipart/report" else "reply",
                    "wants_no_answer": wants_no_answer or by_its_head != mails.PERSON,
                },
            )
        values = {
            "is_by_machine": kind == mails.MACHINE,
            "wants_no_answer": wants_no_answer,
        }
        return [
            (model, thread, dict(known or {}, **values), *others)
            if model == TICKET and not thread
            else (model, thread, known, *others)
            for model, thread, known, *others in routes
        ]

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Odoo drops the twenty-first mail of a sender in two hours: it may say what
        is wrong. Ours are kept, and no more of them answered or told to anybody."""
        if routes and all(route[0] in (TICKET, STRAY) for route in routes):
            return False
        return super()._detect_loop_sender(message, message_dict, routes)

    @api.model
    def _detect_write_to_catchall(self, msg_dict):
        """A reply that names its ticket, and a customer with a PBX, are heard at the
        address that Odoo only replies from."""
        return super()._detect_write_to_catchall(
            msg_dict
        ) and not self._is_left_to_catchall(msg_dict)

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
    def _is_left_to_catchall(self, message_dict):
        """Whether a mail to no team is for the service desk all the same."""
        address = tools.email_normalize(message_dict.get("email_from"))
        if not address or message_dict.get("is_bounce"):
            return False
        return bool(
            self.env[TICKET]._ticket_in_subject(message_dict)
        ) or self._is_of_a_customer(address)

    @api.model
    def _company_of_sender(self, message_dict):
        """The company that serves the sender, for a request to no team of it."""
        address = tools.email_normalize(message_dict["email_from"])
        people = self.env["res.partner"]._people_at(address)
        pbx = (
            self.env["nox.pbx"]
            .sudo()
            .search(
                [("commercial_partner_id", "in", people.commercial_partner_id.ids)],
                limit=1,
            )
        )
        return {"company_id": pbx.company_id.id} if pbx else {}

    @api.model
    def _with_brake(self, routes, message_dict):
        """More mails of one sender than Odoo's brake lets through, in the same time:
        a stranger's are put on the ticket that he made last, and on one ticket they
        are notes of which nobody gets a mail, so that no two machines keep talking."""
        address = tools.email_normalize(message_dict.get("email_from"))
        allowed = self.env["mail.gateway.allowed"].sudo()
        if not address or allowed.search_count([("email_normalized", "=", address)]):
            return routes
        tickets = self.env[TICKET].sudo()
        braked = []
        for model, thread, *others in routes:
            if model == TICKET and not thread and not self._is_of_a_customer(address):
                made = tickets.search(tickets._made_lately(address), order="id desc")
                if tickets._is_too_many(len(made) + 1):
                    thread = made[:1].id
            if model == TICKET and thread:
                ticket = tickets.browse(thread)
                if tickets._is_too_many(ticket._mails_lately(address) + 1):
                    message_dict["is_internal"] = True
                    message_dict.pop("parent_id", None)
            braked.append((model, thread, *others))
        return braked

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
    def _without_automatic_replies(self, routes, message_dict, values):
        """An automatic reply makes no request: on a ticket it is a note that wakes
        nobody, and without one it stands under *Mail without request*."""
        message_dict["is_internal"] = True
        # Odoo would tell the author of what was replied to.
        message_dict.pop("parent_id", None)
        found = []
        for model, thread, known, user, alias in routes:
            if model == TICKET and not thread:
                found += self._into_the_tray(
                    message_dict, {**(known or {}), **values}, user
                )
            else:
                found.append((model, thread, known, user, alias))
        return found

    @api.model
    def _into_the_tray(self, message_dict, values, user):
        """The route of a mail that is on no ticket; none when it was delivered before.
        Without the alias, of which Odoo writes to the sender when something fails."""
        if self.env[TICKET]._is_delivered_before(message_dict, STRAY):
            self._log_ignored(message_dict, "it was delivered before")
            return []
        address = tools.email_normalize(message_dict.get("email_from"))
        last = self.env[STRAY]._one_of_too_many(address)
        return [(STRAY, last.id, None if last else values, user, None)]

    @api.model
    def _out_of_the_tray(self, route):
        """A reply to a mail that is on no ticket is for its request, or makes one."""
        model, thread, _known, user, _alias = route
        if model != STRAY:
            return route
        mail = self.env[STRAY].sudo().browse(thread or [])
        values = mail._values_of_request() if mail else None
        return (TICKET, mail.ticket_id.id, values, user, None)

    @api.model
    def _routes_of_report(self, message_dict):
        """Where a report belongs that a mail did not arrive: with that mail, which was
        done; to people when nobody knows which it was."""
        message = self._bounced(message_dict)
        if self._ticket_of(message) or (message and message_dict.get("bounced_email")):
            return []
        message_dict["is_internal"] = True
        message_dict.pop("parent_id", None)
        recipients = message_dict.get("recipients") or ""
        team = self._team_at(recipients)
        domains = self.env["mail.alias.domain"].sudo()
        domains = domains.search([("bounce_alias", "!=", False)])
        addresses = tools.email_normalize_all(recipients)
        values = {
            "team_id": team.id,
            "company_id": domains.filtered(lambda each: each.bounce_email in addresses)
            .company_ids[:1]
            .id,
            "kind": "report",
            "wants_no_answer": True,
        }
        return self._into_the_tray(message_dict, values, self.env.uid)

    @api.model
    def _bounced(self, message_dict):
        """The message of ours that a report says did not arrive."""
        message = message_dict.get("bounced_message") or self.env["mail.message"]
        message |= message.browse(message_dict.get("parent_id") or [])
        return message.sudo().exists()[:1]

    @api.model
    def _ticket_of(self, message):
        """The ticket that a message of ours is about, or whose quote it is about."""
        tickets = self.env[TICKET]
        if message.model == TICKET:
            return tickets.browse(message.res_id).exists()
        if message.model == "sale.order":
            order = self.env["sale.order"].sudo().browse(message.res_id)
            return order.exists().service_ticket_id.with_env(self.env)
        return tickets

    @api.model
    def _team_at(self, recipients):
        """The team to whose address a mail went."""
        addresses = tools.email_normalize_all(recipients or "")
        alias = (
            self.env["mail.alias"]
            .sudo()
            .search(
                [
                    ("alias_full_name", "in", addresses),
                    ("alias_model_id.model", "=", TICKET),
                ],
                limit=1,
            )
        )
        teams = self.env["helpdesk.ticket.team"].sudo()
        return teams.search([("alias_id", "in", alias.ids)], limit=1)

    @api.model
    def _log_ignored(self, message_dict, reason):
        _logger.info(
            "No request is made of the mail of %s with Message-Id %s: %s",
            message_dict.get("email_from"),
            message_dict.get("message_id"),
            reason,
        )
