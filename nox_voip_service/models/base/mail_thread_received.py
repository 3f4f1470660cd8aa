import logging
from email.message import EmailMessage
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying

from ...policy import mail_text
from .mail_thread import STRAY, TICKET

_logger = logging.getLogger(__name__)
CONFLICTS = (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)


class MailThread(models.AbstractModel):
    """A mail as it came: one that cannot be read is kept all the same. Odoo logs that
    it failed and takes it off the mail server."""

    _inherit = "mail.thread"

    # ------------------------------------------------------------------
    # MAIL GATEWAY
    # ------------------------------------------------------------------

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        # Over XML-RPC it comes wrapped.
        message = getattr(message, "data", message)
        if isinstance(message, str):
            message = message.encode("utf-8")
        options = {
            "custom_values": custom_values,
            "save_original": save_original,
            "strip_attachments": strip_attachments,
            "thread_id": thread_id,
        }
        process = partial(self._process_whole_or_plain, model, message, **options)
        if not self.env.context.get("default_fetchmail_server_id"):
            return process()  # what comes by RPC is tried again by Odoo itself
        # Odoo fetches each mail in a transaction of its own, and takes it off the mail
        # server whatever came of it.
        try:
            return self._process_or_repeat(process)
        except Exception as problem:
            self._forget_transaction()
            if not isinstance(problem, CONFLICTS) and not self._is_service_mail(
                model, mail_text.plain_copy(message, "")
            ):
                raise
            _logger.info("A mail could not be taken in and is kept", exc_info=True)
            self.env[STRAY]._keep_failed(message)
            return False

    @api.model
    def message_parse(self, message, save_original=False):
        if isinstance(message, EmailMessage):
            mail_text.read_by_guess(message)
        found = super().message_parse(message, save_original=save_original)
        for name, value in found.items():
            if isinstance(value, str):
                # The body is HTML, and stays so.
                found[name] = type(value)(mail_text.printable(value))
        found["attachments"] = [
            each._replace(fname=mail_text.printable(each.fname or ""))
            for each in found.get("attachments") or []
        ]
        if not self._is_moment(found.get("date")):
            found.pop("date", None)
        # Odoo gives a mail without a date the moment at which it came.
        is_dated = isinstance(message, EmailMessage) and mail_text.is_dated(message)
        return self._with_id_of_its_own(found) if is_dated else found

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        return super()._detect_is_bounce(
            message, message_dict
        ) and mail_text.failed_delivery(message)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A mail about a ticket that did not reach its customer."""
        res = super()._routing_handle_bounce(email_message, message_dict)
        ticket = self._ticket_of(self._bounced(message_dict))
        ticket._notice_bounce(message_dict)
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _process_whole_or_plain(self, model, message, **options):
        """Take a mail in as it came; one that cannot be read as a plain copy with
        itself as a file."""
        process = super().message_process
        if not isinstance(message, bytes):  # no mail: Odoo says so
            return process(model, message, **options)
        message = mail_text.whole(message)
        try:
            with self.env.cr.savepoint():
                return process(model, message, **options)
        # What the database will do at a second try is no fault of the mail.
        except (ConcurrencyError, psycopg2.OperationalError):
            raise
        except Exception:
            copy = mail_text.plain_copy(
                message,
                self.env._(
                    "This mail could not be read. It is attached as it came: open it"
                    " with a mail program."
                ),
            )
            if not self._is_service_mail(model, copy):
                raise
            _logger.info("A mail could not be read and is kept", exc_info=True)
            options["strip_attachments"] = False
            return process(model, copy.as_bytes(), **options)

    @api.model
    def _process_or_repeat(self, process):
        """Take a mail in, and again when somebody else was writing."""
        try:
            found = process()
            self.env.cr.flush()
            return found
        except CONFLICTS:
            self._forget_transaction()
            return retrying(process, self.env)

    @api.model
    def _forget_transaction(self):
        self.env.cr.rollback()
        self.env.transaction.reset()

    @api.model
    def _is_moment(self, date):
        """Whether a date of a mail is one that Odoo reads again: of the year 100 it
        writes three digits, and reads four."""
        try:
            return bool(fields.Datetime.to_datetime(date))
        except ValueError:
            return False

    @api.model
    def _is_service_mail(self, model, message):
        """Whether a mail is for the service desk: by the address that it went to, by
        who wrote it or what it answers.

        :param model: of the records that its mail server makes
        """
        threads = " ".join(
            str(message[name] or "") for name in ("In-Reply-To", "References")
        )
        answered = [("message_id", "in", threads.split())]
        answered += [("model", "in", [TICKET, STRAY, "sale.order"])]
        seen = {"email_from": message["From"], "subject": message["Subject"]}
        return bool(
            model == TICKET
            or self._is_for_service(message)
            or self._is_left_to_catchall(seen)
            or self.env["mail.message"].sudo().search_count(answered, limit=1)
        )

    @api.model
    def _is_for_service(self, message):
        """Whether a mail goes to the address of a team."""
        headers = ("To", "Cc", "Delivered-To", "Resent-To")
        return bool(
            self._team_at(
                ", ".join(str(message[name]) for name in headers if message[name])
            )
        )

    @api.model
    def _with_id_of_its_own(self, message_dict):
        """Some machines give each of their mails the same Message-Id: a mail of
        another moment is another mail. Of a mail that comes twice the second is still
        told by its moment."""
        date = message_dict.get("date")
        same = (
            self.env["mail.message"]
            .sudo()
            .search([("message_id", "=", message_dict["message_id"])], limit=1)
        )
        if date and same.message_type == "email" and str(same.date) != date:
            stamp = "".join(filter(str.isdigit, date))
            message_dict["message_id"] = f"<{stamp}.{same.message_id.lstrip('<')}"
        return message_dict
