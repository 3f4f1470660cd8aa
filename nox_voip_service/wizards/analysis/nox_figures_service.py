from odoo import Command, fields, models

from ...policy import figures
from .nox_figures import ENDING_DAYS
from .nox_figures_money import ROWS


class NoxFigures(models.TransientModel):
    """The figures about the service, for its manager: scope, rules, answers,
    trainings."""

    _inherit = "nox.figures"

    # ------------------------------------------------------------------
    # BUSINESS: domains
    # ------------------------------------------------------------------

    def _scope_domain(self):
        """Requests of the last year under a plan that bills users, with a verdict."""
        (start, _day), (_other, end) = self._half_years()
        return [
            ("requested_on", ">=", start),
            ("requested_on", "<=", end),
            ("coverage", "in", ["covered", "billable"]),
            ("plan_id", "in", self._plans_with_users().ids),
        ]

    def _override_domain(self):
        return [
            *self._dates("create_date"),
            ("coverage", "!=", False),
            ("rule_id", "!=", False),
        ]

    def _request_domain(self):
        return [*self._dates("requested_on"), ("plan_id", "!=", False)]

    def _training_domain(self):
        """Places with a date within the coming days."""
        now = fields.Datetime.now()
        return [
            ("state", "=", "planned"),
            ("start_at", ">=", now),
            ("start_at", "<=", fields.Datetime.add(now, days=ENDING_DAYS)),
        ]

    def _certificate_domain(self):
        """Certificates that end within the coming days, of who is still there."""
        today = self.company_id._service_today()
        return [
            ("certificate_number", "!=", False),
            ("left_on", "=", False),
            ("expires_on", ">=", today),
            ("expires_on", "<=", fields.Date.add(today, days=ENDING_DAYS)),
        ]

    def _half_years(self):
        return figures.half_years(self.company_id._service_today())

    # ------------------------------------------------------------------
    # BUSINESS: filling
    # ------------------------------------------------------------------

    def _fill_service(self):
        self.ensure_one()
        trainings = self.env["nox.admin.training"]
        self.write(
            {
                "scope_ids": [Command.create(row) for row in self._scope_rows()],
                "rule_ids": [Command.create(row) for row in self._rule_rows()],
                "answer_ids": [Command.create(row) for row in self._answer_rows()],
                "trainings_count": trainings.search_count(
                    [*self._own(), *self._training_domain()]
                ),
                "certificates_count": trainings.search_count(
                    [*self._own(), *self._certificate_domain()]
                ),
            }
        )

    def _scope_rows(self):
        """Customers by the share of requests that their plan did not include, in the
        last half-year beside the one before."""
        counts = {}
        for place, (start, end) in enumerate(self._half_years()):
            groups = self.env["helpdesk.ticket"]._read_group(
                [
                    *self._own(),
                    *self._scope_domain(),
                    ("requested_on", ">=", start),
                    ("requested_on", "<=", end),
                ],
                ["commercial_partner_id", "coverage"],
                ["__count"],
            )
            for partner, coverage, count in groups:
                found = counts.setdefault(partner, [[0, 0], [0, 0]])[place]
                found[0] += count if coverage == "billable" else 0
                found[1] += count
        rows = [
            {
                "kind": "scope",
                "partner_id": partner.id,
                "count": now[1],
                "out_count": now[0],
                "share": figures.share(*now) or 0,
                "share_before": figures.share(*before) or 0,
                "trend": figures.trend(tuple(before), tuple(now)),
            }
            for partner, (before, now) in counts.items()
            if now[0]
        ]
        rows.sort(key=lambda row: (-row["share"], -row["out_count"]))
        return [dict(row, sequence=place) for place, row in enumerate(rows[:ROWS])]

    def _rule_rows(self):
        """Rules by how often a coordinator decided otherwise."""
        groups = self.env["nox.coverage.override"]._read_group(
            [*self._own(), *self._override_domain()],
            ["rule_id"],
            ["__count"],
            order="__count desc",
            limit=ROWS,
        )
        return [
            {
                "kind": "rule",
                "rule_id": rule.id,
                "plan_id": rule.plan_id.id,
                "count": count,
                "sequence": place,
            }
            for place, (rule, count) in enumerate(groups)
        ]

    def _answer_rows(self):
        """Hours until a request was taken up, answered and done, by plan."""
        tickets = self.env["helpdesk.ticket"].search_fetch(
            [*self._own(), *self._request_domain()],
            ["plan_id", "create_date", "assigned_date", "closed_date"],
        )
        answered = self._first_answers(tickets)
        rows = []
        for plan, own in tickets.grouped("plan_id").items():
            moments = {
                "open": [ticket.assigned_date for ticket in own],
                "answer": [answered.get(ticket.id) for ticket in own],
                "done": [ticket.closed_date for ticket in own],
            }
            row = {"kind": "answer", "plan_id": plan.id, "count": len(own)}
            for name, found in moments.items():
                hours = [
                    max(0.0, (moment - ticket.create_date).total_seconds() / 3600)
                    for ticket, moment in zip(own, found, strict=True)
                    if moment
                ]
                row[f"{name}_median"] = figures.median(hours) or 0
                row[f"{name}_most"] = figures.percentile(hours, 90) or 0
            rows.append(dict(row, sequence=plan.sequence))
        return rows

    def _first_answers(self, tickets):
        """``{ticket id: moment}`` of the first message from our people that the
        customer reads. In sudo: the moments alone are told, of tickets that the user
        may read."""
        messages = (
            self.env["mail.message"]
            .sudo()
            ._read_group(
                [
                    ("model", "=", "helpdesk.ticket"),
                    ("res_id", "in", tickets.ids),
                    ("message_type", "in", ["comment", "email", "email_outgoing"]),
                    ("is_internal", "=", False),
                    ("subtype_id", "=", self.env.ref("mail.mt_comment").id),
                    ("author_id.partner_share", "=", False),
                ],
                ["res_id"],
                ["date:min"],
            )
        )
        return dict(messages)
