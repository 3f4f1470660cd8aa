from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.guard import for_readers

# Parameter with the mark of the database that the job bills from.
BILLED_FROM = "nox_voip_service.billing_database"


class NoxBillingRun(models.Model):
    """A database that was put back from a copy knows nothing of what was billed after
    the copy, and would bill it again. The database server knows better than the copy
    which database it is, so the run notices and waits for a person. So it does when
    the clock was set back into a month that was billed long ago."""

    _inherit = "nox.billing.run"

    is_put_back = fields.Boolean(
        compute="_compute_is_put_back",
        help="The database was put back from a copy, or moved, since the last run.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_is_put_back(self):
        self.is_put_back = self._is_another_database()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_confirm_database(self):
        """Somebody looked: nothing that was billed is missing here."""
        self._check_accountant()
        if not self._is_another_database():
            return
        self._remember_database()
        for run in self:
            run.message_post(
                body=self.env._(
                    "%(user)s compared the last invoices: nothing that was billed is"
                    " missing in this database.",
                    user=self.env.user.name,
                )
            )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _database_mark(self):
        """Which database this is: the server, the time line that it writes, and the
        number that it gave the database. A copy brings none of them along."""
        self.env.cr.execute(
            """
            SELECT CONCAT_WS('/', system_identifier, timeline_id, database.oid)
              FROM pg_control_system(), pg_control_checkpoint(), pg_database database
             WHERE database.datname = CURRENT_DATABASE()
            """
        )
        [[mark]] = self.env.cr.fetchall()
        return mark

    @api.model
    def _is_another_database(self):
        """Whether the last run was in the database that this one is a copy of."""
        known = self._known_database()
        return bool(known) and known != self._database_mark()

    @api.model
    def _known_database(self):
        """Mark of the database that the last run was in; empty before the first."""
        # In sudo: the parameter is the system's, whoever presses a button.
        return self.env["ir.config_parameter"].sudo().get_param(BILLED_FROM)

    @api.model
    def _remember_database(self):
        # In sudo: the parameter is the system's, and the caller was asked for his role.
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(BILLED_FROM, self._database_mark())

    @api.model
    def _check_not_put_back(self):
        """Nothing is billed from a copy before somebody has looked."""
        if self._is_another_database():
            raise UserError(self._put_back_sentence())

    def _put_back_sentence(self):
        last = self.env["account.move"].search(
            [
                ("service_run_id", "!=", False),
                ("state", "=", "posted"),
                ("company_id", "=", (self.company_id or self.env.company)[:1].id),
            ],
            order="invoice_date desc, id desc",
            limit=1,
        )
        text = self.env._(
            "This database was put back from a copy, or moved to another server, since"
            " the last run. What was billed after the copy is missing here and would be"
            " billed again. Enter it first, or find that nothing is missing, and say so"
            " on the run: Nothing is missing."
        )
        if not last:
            return text
        return self.env._(
            "%(text)s The last invoice of a run here is %(number)s of %(date)s.",
            text=text,
            number=last.name,
            date=fields.Date.to_string(last.invoice_date),
        )

    @api.model
    def _watch_database(self):
        """Remember the database, or stop in one that was put back: its runs wait, each
        with an activity.

        :return: whether the job may bill
        """
        if not self._is_another_database():
            if not self._known_database():
                # Two workers may be the first at the same moment.
                self._alone(lambda: self._known_database() or self._remember_database())
            return True
        for run in self.search([("state", "=", "running")]):
            run = run._in_own_company()
            run.state = "draft"
            run._wait_for_person(run._put_back_sentence())
        return False

    def _wait_for_person(self, note=""):
        """Stay in *To run*, with an activity for who starts runs."""
        user = self._responsible_user()
        user_run = self.with_context(lang=user.partner_id._service_lang())
        self.activity_schedule(
            "nox_voip_service.mail_activity_run_waiting",
            user_id=user.id,
            summary=user_run.env._("The month has ended: rehearse and start the run"),
            note=note,
        )

    def _later_month_sentence(self):
        """Why a month is not billed by itself after a later one; empty as a rule."""
        later = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("month", ">", self.month),
                ("started_at", "!=", False),
            ],
            order="month desc",
            limit=1,
        )
        if not later:
            return ""
        return self.env._(
            "%(later)s was billed already, and by the clock of the server %(month)s has"
            " just ended. Look whether the clock was set back.",
            later=f"{later.month:%Y-%m}",
            month=f"{self.month:%Y-%m}",
        )
