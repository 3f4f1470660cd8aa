from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain

from ...policy import months, reconcile, seats


class NoxPbxPlan(models.Model):
    """What of a plan period is due: every month that has ended, less what is charged
    already."""

    _inherit = "nox.pbx.plan"

    charge_ids = fields.One2many("nox.seat.charge", "period_id", readonly=True)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _policy_seats(self):
        """``{pbx: [policy seat]}`` of the PBXs of these periods; one query."""
        by_pbx = defaultdict(list)
        found = self.env["nox.pbx.seat"].search_fetch(
            [("pbx_id", "in", self.pbx_id.ids)],
            ["pbx_id", "date_start", "date_end", "charged", "replaces_id"],
        )
        for seat in found:
            by_pbx[seat.pbx_id].append(seat._policy_seat())
        return by_pbx

    def _policy_period(self):
        self.ensure_one()
        return seats.PlanPeriod(
            key=self.id,
            start=self.date_start,
            end=self.date_end or None,
            price=self.env["nox.seat.charge"]._policy_price(self.price_unit),
            policy=self.plan_id.seat_policy,
        )

    def _existing_charges(self, domain=()):
        """``{period id: [Existing]}``, what was billed before; one query.

        A charge that was credited to be charged again counts for what is left.

        :param domain: which charges of these periods
        """
        existing = defaultdict(list)
        for charge in self.env["nox.seat.charge"].search_fetch(
            Domain("period_id", "in", self.ids) & Domain(domain),
            [
                "period_id",
                "month",
                "revision",
                "quantity",
                "price_unit",
                "currency_id",
                "amount",
                "rebilled_quantity",
                "rebilled_amount",
                "state",
            ],
            order="month, revision",
        ):
            existing[charge.period_id.id].append(charge._policy_existing())
        return existing

    def _months_due(self, today):
        """``{period: months}`` that have ended."""
        return {
            period: months.months_due(
                period.date_start,
                period.date_end or None,
                today=today,
                billed_until=period.billed_until or None,
            )
            for period in self
        }

    def _open_months(self, due, before):
        """``{pbx: months}`` before this day that are not settled: something that is due
        was never billed, or an invoice went away, or was credited to be charged again.
        All others stay as they are, however long the history is.

        :param due: ``{period: months}``
        """
        found = defaultdict(set)
        if not any(each and each[0] < before for each in due.values()):
            return found
        old = Domain("period_id", "in", self.ids) & Domain("month", "<", before)
        settled = Domain("state", "=", "invoiced") & Domain("rebilled_quantity", "=", 0)
        billed = {}
        for domain, is_settled in ((old & settled, True), (old & ~settled, False)):
            for period, its_months in self.env["nox.seat.charge"]._read_group(
                domain, ["period_id"], ["month:array_agg"]
            ):
                if is_settled:
                    billed[period] = set(its_months)
                else:
                    found[period.pbx_id].update(its_months)
        for period, its_months in due.items():
            missing = {month for month in its_months if month < before}
            found[period.pbx_id] |= missing - billed.get(period, set())
        return found

    def _due_steps(self, today):
        """``{pbx: [(step, explanation lines)]}``: what a run has to do now for the PBXs
        of these periods, in order of month. A step makes, corrects or bills a charge;
        its lines say why: "2 users from 12 March (20/31)".

        :param today: in the company's time zone; months before its month are due
        """
        periods = self.filtered("contract_line_id")
        due = periods._months_due(today)
        windows = periods.company_id.mapped("service_correction_months")
        before = months.first_of_month(
            fields.Date.subtract(today, months=max(windows, default=0))
        )
        open_months = periods._open_months(due, before)
        existing = periods._existing_charges(
            Domain("month", ">=", before)
            | Domain("month", "in", set().union(*open_months.values()))
        )
        policy_seats = periods._policy_seats()
        steps = {}
        for pbx, own in periods.grouped("pbx_id").items():
            by_id = {period.id: period for period in own}
            due_months = {
                period.id: {
                    month
                    for month in due[period]
                    if month >= before or month in open_months[pbx]
                }
                for period in own
            }
            charges = seats.charges(
                policy_seats[pbx],
                [period._policy_period() for period in own],
                sorted(set().union(*due_months.values())),
            )
            window = pbx.company_id.service_correction_months
            steps[pbx] = reconcile.reconcile(
                [c for c in charges if c.month in due_months[c.period]],
                [
                    charge
                    for period_id in by_id
                    for charge in existing[period_id]
                    if not by_id[period_id]._counts_as_billed(charge.month)
                    and (charge.month >= before or charge.month in open_months[pbx])
                ],
                correct_from=fields.Date.subtract(today, months=window),
                currencies={
                    period.id: period.currency_id._policy_currency() for period in own
                },
            )
            lines = {(c.period, c.month): c.lines for c in charges}
            steps[pbx] = [
                (step, lines.get((step.period, step.month), ())) for step in steps[pbx]
            ]
        return steps

    def _counts_as_billed(self, month):
        self.ensure_one()
        return months.is_billed_elsewhere(month, self.billed_until or None)
