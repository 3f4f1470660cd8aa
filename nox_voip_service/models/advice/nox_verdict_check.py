import logging

from odoo import api, fields, models
from odoo.tools import format_date

from ...policy import replay
from ..base.guard import for_readers

_logger = logging.getLogger(__name__)

BATCH = 2000
MOST_NAMED = 20
KEPT_DAYS = 400


class NoxVerdictCheck(models.Model):
    """Each night the verdicts of the last twelve months are given again, by the rules
    that each was given by. Nothing may differ; what does is named: the request and the
    row. A rule that an update moved, or a fact that changed behind a verdict, shows
    here first.
    """

    _name = "nox.verdict.check"
    _description = "Nightly Replay of the Verdicts"
    _order = "checked_on desc, id desc"
    _rec_name = "checked_on"

    checked_on = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    ticket_count = fields.Integer(string="Requests", readonly=True)
    difference_count = fields.Integer(string="Differences", readonly=True)
    ticket_ids = fields.Many2many(
        "helpdesk.ticket",
        "nox_verdict_check_ticket_rel",
        string="Requests that differ",
        readonly=True,
    )
    detail = fields.Text(string="What differs", readonly=True)

    _once_a_day = models.Constraint(
        "UNIQUE (company_id, checked_on)", "This day was replayed already."
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_requests(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.helpdesk_ticket_action_service"
        )
        return dict(
            action,
            domain=[("id", "in", self.ticket_ids.ids)],
            context={"active_test": False, "create": False},
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _cron_replay(self, batch_size=BATCH):
        """Nightly, company by company; what was not replayed today in the time of the
        job goes on when Odoo starts it again."""
        progress = self.env["ir.cron"]._commit_progress
        left = self._companies_to_check()
        progress(remaining=len(left))
        for company in left:
            self.with_company(company)._check_verdicts(company, batch_size)
            if not progress(1):
                return

    @api.model
    def _companies_to_check(self):
        """Companies with service plans that were not replayed today."""
        companies = self.env["nox.pbx"]._read_group(
            [("accepted_on", "!=", False)], [], ["company_id:recordset"]
        )[0][0]
        return companies.filtered(
            lambda company: (
                not self.search_count(
                    [
                        ("company_id", "=", company.id),
                        ("checked_on", "=", company._service_today()),
                    ],
                    limit=1,
                )
            )
        )

    @api.model
    def _check_verdicts(self, company, batch_size=BATCH):
        """Replay one company's verdicts, and alarm its managers when some differ."""
        today = company._service_today()
        numbers = (
            self.env["helpdesk.ticket"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", company.id),
                    ("requested_on", ">=", fields.Date.subtract(today, years=1)),
                    ("coverage_edition_id", "!=", False),
                ],
                order="id",
            )
            .ids
        )
        differing = []
        for start in range(0, len(numbers), batch_size):
            differing += self._differences(numbers[start : start + batch_size])
            # What was read is not needed any more.
            self.env.invalidate_all()
        return self._keep_check(company, today, len(numbers), differing)

    @api.model
    def _differences(self, numbers):
        """``[(ticket id, verdict now)]`` of the tickets that differ."""
        tickets = self.env["helpdesk.ticket"].search_fetch(
            [("id", "in", numbers), ("active", "in", (True, False))],
            [
                *self.env["nox.plan.advice"]._fields_to_price(),
                "about_pbx",
                "coverage_edition_id",
                "coverage_rule_id",
                "team_id",
            ],
        )
        return [
            (ticket.id, verdict)
            for ticket in tickets
            if replay.differs(
                ticket.coverage,
                ticket.coverage_rule_id.id or None,
                verdict := ticket._decide(
                    ticket.plan_id, ticket.coverage_edition_id._coverage_table()
                ),
                by_hand=ticket.is_overridden,
            )
        ]

    @api.model
    def _keep_check(self, company, today, count, differing):
        by_ticket = dict(differing)
        tickets = self.env["helpdesk.ticket"].browse(by_ticket)
        check = self.create(
            {
                "checked_on": today,
                "company_id": company.id,
                "ticket_count": count,
                "difference_count": len(tickets),
                "ticket_ids": [fields.Command.set(tickets.ids)],
                "detail": "\n".join(
                    self._difference_sentence(ticket, by_ticket[ticket.id])
                    for ticket in tickets[:MOST_NAMED]
                ),
            }
        )
        if tickets:
            _logger.warning(
                "Replay of the verdicts of %s: %s of %s differ; %s",
                company.name,
                len(tickets),
                count,
                "; ".join(
                    f"{ticket.number} by row {ticket.coverage_rule_id.id}"
                    for ticket in tickets[:MOST_NAMED]
                ),
            )
            check._alarm(tickets, by_ticket)
        self.search(
            [("checked_on", "<", fields.Date.subtract(today, days=KEPT_DAYS))]
        ).unlink()
        return check

    @api.model
    def _difference_sentence(self, ticket, verdict):
        """ "HT00012 - Change: stored as Billable by row New number; the same rules say
        Covered by row Remote adjustment." """
        labels = dict(ticket._fields["coverage"]._description_selection(self.env))
        rule = self.env["nox.coverage.rule"].browse(verdict.rule_key or ()).exists()
        return self.env._(
            "%(ticket)s: stored as %(old)s by row %(old_rule)s; the same rules say"
            " %(new)s by row %(new_rule)s.",
            ticket=ticket.display_name,
            old=labels[ticket.coverage],
            old_rule=ticket.coverage_rule_id.name or "–",
            new=labels[verdict.coverage],
            new_rule=rule.name or verdict.rule_key or "–",
        )

    def _alarm(self, tickets, by_ticket):
        """One activity for the first request of each row: an update that moved a rule
        may touch hundreds. Not again while somebody still has it to do."""
        kind = "nox_voip_service.mail_activity_verdict_differs"
        user = self.company_id._service_manager()
        user_env = self.with_context(lang=user.partner_id._service_lang()).env
        for rule, own in tickets.grouped("coverage_rule_id").items():
            first = own[0].with_env(user_env)
            if own.activity_search([kind]):
                continue
            first.activity_schedule(
                kind,
                user_id=user.id,
                summary=user_env._(
                    "Verdicts by row %(rule)s that differ from their rules: %(count)s",
                    count=len(own),
                    rule=rule.with_env(user_env).name or "–",
                ),
                note=user_env._(
                    "%(sentence)s Found by the nightly replay of %(date)s.",
                    sentence=self.with_env(user_env)._difference_sentence(
                        first, by_ticket[first.id]
                    ),
                    date=format_date(user_env, self.checked_on),
                ),
            )
