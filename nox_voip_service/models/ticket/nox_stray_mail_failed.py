import logging

from odoo import SUPERUSER_ID, api, models

from ...policy import mail_text
from .helpdesk_ticket_mail import MAX_SUBJECT

_logger = logging.getLogger(__name__)


class NoxStrayMail(models.Model):
    """A mail that was fetched and could not be taken in, as it came: Odoo takes it off
    the mail server all the same. The system tries it again every ten minutes, until it
    is where it belongs or somebody archives it."""

    _inherit = "nox.stray.mail"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _keep_failed(self, raw):
        """Keep a mail as it came, in a transaction in which nothing else happens."""
        seen = mail_text.envelope(raw)
        team = self.env["mail.thread"]._team_at(seen["recipients"])
        mail = self.sudo().with_context(mail_create_nolog=True)
        mail = mail.create(
            {
                "name": seen["subject"][:MAX_SUBJECT] or self.env._("No subject"),
                "kind": "failed",
                "email_from": seen["sender"],
                "team_id": team.id,
                "company_id": (team.company_id or self.env.company).id,
                "fetchmail_server_id": self.env.context["default_fetchmail_server_id"],
            }
        )
        self.env["ir.attachment"].sudo().create(
            {
                "name": "mail.eml",
                "raw": raw,
                "mimetype": "message/rfc822",
                "res_model": self._name,
                "res_id": mail.id,
            }
        )
        return mail

    def _take_in(self):
        """Take the mail in as if it were fetched now; then it stands here no longer.

        As the system, which fetches mail: whose it is says its address.
        """
        self.ensure_one()
        mail = self.with_user(SUPERUSER_ID)
        files = self.env["ir.attachment"].with_user(SUPERUSER_ID)
        file = files.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], limit=1
        )
        server = mail.fetchmail_server_id
        mail.env["mail.thread"].message_process(
            server.object_id.model,
            file.raw,
            save_original=server.original,
            strip_attachments=bool(server) and not server.attach,
        )
        mail.unlink()

    @api.model
    def _cron_take_in(self):
        """Each in a transaction of its own: one that fails again stops no other."""
        progress = self.env["ir.cron"]._commit_progress
        failed = self.search([("kind", "=", "failed")], order="id")
        progress(remaining=len(failed))
        for mail in failed:
            try:
                mail._take_in()
                self.env.cr.flush()
            except Exception:
                self.env.cr.rollback()
                self.env.transaction.reset()
                _logger.info("A mail could not be taken in again", exc_info=True)
            if not progress(1):
                return
