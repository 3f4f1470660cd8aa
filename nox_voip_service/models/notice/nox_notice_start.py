import logging

from odoo import api, fields, models
from odoo.tools import format_date

from ..base.guard import by_code
from .nox_notice_line import WITHOUT_LETTER

_logger = logging.getLogger(__name__)
# Days before the day in force on which a lack of proof is somebody's work.
ALARM_DAYS = 14
STARTED_AT_ONCE = 20


class NoxNotice(models.Model):
    """The day in force: what was announced starts, where proof is there."""

    _inherit = "nox.notice"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _cron_notices(self):
        """Hourly, and as soon as letters wait: write and mail them, look what became
        of the mails, start what is due, and name what lacks proof."""
        progress = self.env["ir.cron"]._commit_progress
        if not self._send_waiting(progress):
            return
        self.search(
            [
                ("mail_id", "!=", False),
                ("sent_at", "=", False),
                ("returned_at", "=", False),
            ]
        )._refresh_delivery()
        due = self.browse()
        for company in self.env["res.company"].search([("active", "=", True)]):
            today = company._service_today()
            due |= self.search(self._get_due_domain(company, today))
            self.search(self._get_lacking_domain(company, today))._alarm_lack()
        progress(remaining=len(due))
        for start in range(0, len(due), STARTED_AT_ONCE):
            batch = due[start : start + STARTED_AT_ONCE]
            for letter in batch:
                letter._start_safely()
            batch._started()
            if not progress(len(batch)):
                return

    @api.model
    def _get_due_domain(self, company, today):
        return [
            ("company_id", "=", company.id),
            ("day_in_force", "<=", today),
            ("state", "not in", ("in_force", "withdrawn")),
            ("lack", "=", False),
        ]

    @api.model
    def _get_lacking_domain(self, company, today):
        return [
            ("company_id", "=", company.id),
            ("day_in_force", "<=", fields.Date.add(today, days=ALARM_DAYS)),
            ("lack", "!=", False),
            ("is_lack_told", "=", False),
        ]

    def _alarm_lack(self):
        """Once for each letter: what somebody did about it is not asked again."""
        by_code(self).write({"is_lack_told": True})
        for letter in self._in_staff_language():
            letter._alarm(
                letter.env._(
                    "Nothing proves in time that %(customer)s was told: the change of"
                    " %(date)s does not start by itself.",
                    customer=letter.partner_id.name,
                    date=format_date(letter.env, letter.day_in_force),
                )
            )

    def _start_safely(self):
        """Let one letter come into force; one that fails stops no other."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._start()
        except Exception:
            _logger.exception("Letter %s could not come into force", self.name)
            own = self._in_staff_language()
            own._alarm(own.env._("The change could not be started; see the log."))

    def _started(self):
        """New rules of these letters count from now on."""
        started = self.filtered(lambda letter: letter.draft_id and letter.started_at)
        for draft, letters in started.grouped("draft_id").items():
            draft._came_into_force(letters.line_ids.pbx_id)

    def _start(self):
        """What the letter says runs from its day on."""
        self.ensure_one()
        if self.lack:
            return
        if self.draft_id:
            self.draft_id._publish_if_due()
        lines = self.line_ids.filtered(
            lambda line: line.exception not in WITHOUT_LETTER and not line.new_period_id
        )
        for line in lines:
            line._start()
        by_code(self).write({"started_at": fields.Datetime.now()})
        self._close_alarms()
        left = lines.filtered(lambda line: line.exception in ("ended", "moved"))
        if left:
            own = self._in_staff_language()
            own._alarm(
                own.env._(
                    "Not started for %(pbxs)s: see the exceptions.",
                    pbxs=", ".join(left.pbx_id.mapped("name")),
                )
            )
