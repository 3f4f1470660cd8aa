from decimal import Decimal

from odoo import Command, models
from odoo.tools import float_repr, formatLang

from ...policy import figures

ROWS = 10


class NoxFigures(models.TransientModel):
    """The figures about money: contracts, books, quotes, bills as shown before."""

    _inherit = "nox.figures"

    # ------------------------------------------------------------------
    # BUSINESS: domains, of the figures and of the lists behind them
    # ------------------------------------------------------------------

    def _plans_with_users(self):
        """Plans that bill users, and include work for it."""
        plans = self.env["nox.service.plan"].with_context(active_test=False)
        plans = plans.with_company(self.company_id).search(
            [("company_id", "in", [self.company_id.id, False])]
        )
        return plans.filtered("seat_product_id")

    def _contract_domain(self):
        """Users, and the included work of plans that bill users."""
        return [
            ("plan_id", "in", self._plans_with_users().ids),
            "|",
            ("source", "=", "users"),
            ("coverage", "=", "covered"),
        ]

    def _quote_domain(self):
        """Quotes that were sent in the period."""
        return [
            *self._own(),
            ("service_kind", "=", "quote"),
            *self._dates("service_sent_at"),
        ]

    def _above_domain(self):
        """Work of the period that came above the limit of its plan: it was quoted, or
        it is held."""
        return [
            *self._dates("requested_on"),
            ("coverage", "=", "billable"),
            "|",
            ("held_minutes", ">", 0),
            "&",
            ("approved_blocks", ">", 0),
            ("worked_minutes", ">", 0),
        ]

    # ------------------------------------------------------------------
    # BUSINESS: filling
    # ------------------------------------------------------------------

    def _fill_money(self):
        self.ensure_one()
        analysis = self.env["nox.service.analysis"]
        [sums] = analysis._read_group(
            [*self._own(), *self._dates()],
            [],
            [
                "billed_amount:sum",
                "users_amount:sum",
                "margin:sum",
                "waived_value:sum",
                "covered_value:sum",
                "rounding_amount:sum",
                "rounding_minutes:sum",
            ],
        )
        work, users, margin, waived, covered, rounding, minutes = (x or 0 for x in sums)
        contracts = self._contract_rows(analysis)
        proven, months = self.env["nox.invoice.preview"]._proven(self._own())
        self.write(
            {
                "revenue": work + users,
                "margin": margin,
                "given_away": waived,
                "included_value": covered,
                "rounding_amount": rounding,
                "rounding_text": self.env._("%(count)s minutes", count=round(minutes)),
                "losing_count": sum(row["loses_money"] for row in contracts),
                "contract_ids": [Command.create(row) for row in contracts[:ROWS]],
                "book_ids": [Command.create(row) for row in self._book_rows()],
                "proven_text": self.env._(
                    "%(proven)s of %(months)s months", proven=proven, months=months
                ),
                "unexplained_count": self.env["nox.invoice.preview"].search_count(
                    [*self._own(), ("state", "=", "unexplained")]
                ),
            }
        )

    def _contract_rows(self, analysis):
        """Customers by what their users brought, less the cost of included time."""
        groups = analysis._read_group(
            [*self._own(), *self._dates(), *self._contract_domain()],
            ["commercial_partner_id"],
            ["users_amount:sum", "cost:sum", "minutes:sum"],
        )
        rows = []
        for partner, users, cost, minutes in groups:
            revenue, cost = self._exact(users), self._exact(cost)
            rows.append(
                {
                    "kind": "contract",
                    "partner_id": partner.id,
                    "revenue": float(revenue),
                    "cost": float(cost),
                    "result": float(revenue - cost),
                    "hours": (minutes or 0) / 60,
                    "rate": float(
                        figures.effective_rate(revenue, minutes or 0) or Decimal(0)
                    ),
                    "loses_money": figures.loses_money(revenue, cost),
                }
            )
        rows.sort(key=lambda row: row["result"])
        return [dict(row, sequence=number) for number, row in enumerate(rows)]

    def _exact(self, amount):
        return Decimal(float_repr(amount or 0, 2))

    def _book_rows(self):
        """The minutes of the period, by where they ended."""
        groups = self.env["nox.time.book"]._read_group(
            [*self._own(), *self._dates()], ["state"], ["minutes:sum"]
        )
        return [
            {
                "kind": "book",
                "state": state,
                "minutes": minutes,
                "hours": minutes / 60,
                "sequence": -minutes,
            }
            for state, minutes in groups
        ]

    def _fill_quotes(self):
        self.ensure_one()
        quotes = self.env["sale.order"].search(self._quote_domain())
        states = [quote._service_quote_state() for quote in quotes]
        days = [
            (quote.service_approved_at - quote.service_sent_at).total_seconds() / 86400
            for quote in quotes
            if quote.service_approved_at
        ]
        above = self.env["helpdesk.ticket"].search(
            [*self._own(), *self._above_domain()]
        )
        late = above.filtered(
            lambda ticket: (
                ticket.held_minutes or any(ticket.timesheet_ids.mapped("held_reason"))
            )
        )
        in_time = figures.share(len(above - late), len(above))
        nothing = self.env._("none")
        self.write(
            {
                "quotes_sent": len(quotes),
                "quotes_approved": states.count("approved"),
                "quotes_declined": states.count("refused"),
                "quotes_expired": states.count("expired"),
                "quotes_open": states.count("sent"),
                "answer_days_text": self._days_text(days) if days else nothing,
                "in_time_text": self.env._(
                    "%(share)s%% of %(count)s", share=in_time, count=len(above)
                )
                if above
                else nothing,
            }
        )

    def _days_text(self, days):
        """ "2.5 (90% within 6.0)" """
        return self.env._(
            "%(middle)s (90%% within %(most)s)",
            middle=formatLang(self.env, figures.median(days), digits=1),
            most=formatLang(self.env, figures.percentile(days, 90), digits=1),
        )
