from datetime import datetime, time

import pytz

from odoo import Command, api, models
from odoo.exceptions import UserError

from ..base.guard import for_readers


class NoxCoverageDraft(models.Model):
    """From a draft to the table in force: announced by letters first, published on its
    day. Requests from before that day, and those of customers who were not told in
    time, keep their table, whenever they are decided again."""

    _inherit = "nox.coverage.draft"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_publish(self):
        """Announce the table to the customers who have the plan, and let it come into
        force on its day."""
        self.ensure_one()
        self._check_manager()
        self._check_is_open()
        self._check_can_publish()
        self._replay()
        company = self.plan_id.company_id or self.env.company
        # In sudo: the state is kept by code.
        self.sudo().write({"state": "scheduled", "date_company_id": company.id})
        for job in ("cron_coverage_publish", "cron_notices"):
            cron = self.env.ref(f"nox_voip_service.{job}").sudo()
            cron._trigger(at=self._begin_of_day())
        self._make_letters()
        self.message_post(
            body=self.env._(
                "In force for requests from %(date)s, for customers who were told by"
                " then. Letters: %(count)s.",
                date=self._day_text(),
                count=self.notice_count,
            )
        )
        return True

    @for_readers
    def action_withdraw(self):
        """Take an announced table back before its day."""
        self.ensure_one()
        self._check_manager()
        if self.state not in ("draft", "scheduled"):
            raise UserError(
                self.env._("This table is in force. Publish another one to change it.")
            )
        self.sudo().state = "withdrawn"
        told = self.notice_ids.filtered("told_on")
        self._withdraw_letters()
        if told:
            self.message_post(
                body=self.env._(
                    "Withdrawn. Customers who were told of it: %(names)s.",
                    names=", ".join(told.partner_id.mapped("display_name")),
                )
            )
        return True

    # ------------------------------------------------------------------
    # BUSINESS: announced
    # ------------------------------------------------------------------

    def _check_can_publish(self):
        """There are rows, the day leaves the term of notice to everybody who is to be
        told, and nobody is whom the user does not see."""
        self.rule_ids._check_known()
        today = (self.plan_id.company_id or self.env.company)._service_today()
        if not self.date_start or self.date_start <= today:
            raise UserError(
                self.env._(
                    "Choose a day after today: requests that were made already keep"
                    " their table."
                )
            )
        if self.search_count(
            [("plan_id", "=", self.plan_id.id), ("state", "=", "scheduled")], limit=1
        ):
            raise UserError(
                self.env._(
                    "Another table of %(plan)s is announced already. Withdraw it, or"
                    " wait for its day.",
                    plan=self.plan_id.name,
                )
            )
        # In sudo, to know that there are others; they are not named.
        others = (
            self.env["nox.pbx.plan"]
            .sudo()
            .search_count(
                [
                    ("plan_id", "=", self.plan_id.id),
                    ("company_id", "not in", self.env.companies.ids),
                ],
                limit=1,
            )
        )
        if others:
            raise UserError(
                self.env._(
                    "Customers of other companies have %(plan)s too. Select all these"
                    " companies, or give yours a plan of its own.",
                    plan=self.plan_id.name,
                )
            )
        self._check_term()

    def _begin_of_day(self):
        """The first moment of the day in its company, naive in UTC."""
        zone = self.date_company_id._service_timezone()
        begin = zone.localize(datetime.combine(self.date_start, time(0, 0, 1)))
        return begin.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _cron_publish(self):
        """Write to who came to the plan since, and publish what has come to its day."""
        progress = self.env["ir.cron"]._commit_progress
        drafts = self.search([("state", "=", "scheduled")], order="date_start, id")
        progress(remaining=len(drafts))
        for draft in drafts:
            if not draft._publish_if_due():
                draft._make_letters()
            if not progress(1):
                return

    def _publish_if_due(self):
        """Whether the table was published, now or before."""
        self.ensure_one()
        company = self.date_company_id or self.env.company
        if self.state == "scheduled" and self.date_start <= company._service_today():
            self._publish()
        return self.state == "published"

    # ------------------------------------------------------------------
    # BUSINESS: in force
    # ------------------------------------------------------------------

    def _publish(self):
        """Put these rows in the place of the plan's. What was in force is kept as an
        edition, which decides requests from before the day."""
        self.ensure_one()
        plan = self.plan_id.sudo()
        edition = plan._edition()
        rows = self.rule_ids.filtered("active").sorted(
            lambda row: (row.sequence, row.id)
        )
        old = plan.rule_ids
        plan.write(
            {
                "rule_ids": [
                    *(Command.update(rule.id, {"active": False}) for rule in old),
                    *(
                        Command.create(
                            {**self._row_values(row), "sequence": number * 10}
                        )
                        for number, row in enumerate(rows, start=1)
                    ),
                ]
            }
        )
        new = plan.rule_ids.filtered("active").sorted(
            lambda rule: (rule.sequence, rule.id)
        )
        self.env["nox.coverage.draft.rule"]._copy_texts(rows, new)
        self.sudo().write({"state": "published", "edition_id": edition.id})
        self.env.registry.clear_cache()
        plan.message_post(
            body=self.env._(
                "New decision table for requests from %(date)s: %(draft)s.",
                date=self._day_text(),
                draft=self.name,
            )
        )
        self._refresh_first_requests()

    def _refresh_first_requests(self, domain=()):
        """Requests of the day that came in before this job: nobody worked on them."""
        self.env["helpdesk.ticket"].search(
            [
                ("plan_id", "=", self.plan_id.id),
                ("requested_on", ">=", self.date_start),
                ("worked_minutes", "=", 0),
                ("quote_id", "=", False),
                ("closed", "=", False),
                *domain,
            ]
        )._refresh_verdict()
