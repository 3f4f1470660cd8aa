from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo import api, fields, models

from ...policy import advice, figures
from ...policy.days import ONE_DAY, Span
from ..base.facts import TICKET_FIELDS
from ..base.in_force import in_force_domain, span

READ = [
    "category_id",
    "coverage",
    "estimated_minutes",
    "is_overridden",
    "pbx_id",
    "plan_id",
    "requested_on",
    "split_root_id",
    "worked_minutes",
    *TICKET_FIELDS,
]


class NoxPlanAdvice(models.Model):
    """Gathers what the policy prices: the history of a PBX, and the terms that each
    plan would have for its customer."""

    _inherit = "nox.plan.advice"

    # ------------------------------------------------------------------
    # BUSINESS: what happened
    # ------------------------------------------------------------------

    @api.model
    def _advice_span(self, pbx, today):
        """The twelve months up to yesterday, from the acceptance on; None where the
        service did not run in them or has ended."""
        last = fields.Date.subtract(today, days=1)
        first = fields.Date.subtract(today, years=1)
        accepted_on, ended_on = pbx._service_span()
        if not accepted_on or (ended_on and ended_on < last):
            return None
        return Span(accepted_on).within(first, last)

    @api.model
    def _fields_to_price(self):
        """What is read of many tickets at once."""
        return READ

    @api.model
    def _policy_works(self, tickets):
        """``{ticket: policy work}`` of these tickets, their time read at once."""
        entries = tickets._service_entries()
        return {
            ticket: advice.Work(
                key=ticket.id,
                day=ticket.requested_on,
                request=ticket._policy_request(),
                entries=tuple(entry for _id, entry in entries[ticket]),
                estimate=ticket.estimated_minutes,
                family=ticket.split_root_id.id or None,
            )
            for ticket in tickets
        }

    @api.model
    def _tickets_to_price(self, pbxs, first, last):
        return (
            self.env["helpdesk.ticket"]
            .with_context(active_test=False)
            .search_fetch(
                pbxs._advice_ticket_domain(first, last), READ, order="requested_on, id"
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS: the terms of a plan
    # ------------------------------------------------------------------

    @api.model
    def _plans_to_price(self, company):
        """The plans that a customer of this company could have."""
        plans = (
            self.env["nox.service.plan"]
            .with_company(company)
            .search([("company_id", "in", (False, company.id))])
        )
        return plans.filtered("time_product_id")

    @api.model
    def _usual_user_price(self, prices):
        """What a user costs in the middle of the contracts that run today."""
        company = prices.company
        running = self.env["nox.pbx.plan"].search(
            [
                ("company_id", "=", company.id),
                ("contract_line_id", "!=", False),
                *in_force_domain(prices.today),
            ]
        )
        return figures.usual_price(
            prices.convert(period.price_unit, period.currency_id) for period in running
        )

    @api.model
    def _training_product(self, company):
        product = self.env.ref(
            "nox_voip_service.product_training", raise_if_not_found=False
        )
        if product and product.is_admin_training and product.active:
            return product
        return self.env["product.product"].search(
            [
                ("is_admin_training", "=", True),
                ("company_id", "in", (False, company.id)),
            ],
            limit=1,
        )

    @api.model
    def _policy_terms(self, pbx, plan, prices, usual, last):
        """``(terms, source of the user's price)`` of a plan for the customer of a PBX.

        :param usual: price of a user where the customer has none and no list says one
        """
        partner, product = pbx.partner_id, plan.time_product_id
        user_prices, source = (), False
        if plan.seat_product_id:
            user_prices, source = self._user_prices(pbx, plan, prices, usual, last)
        once = Decimal(0)
        training = self._training_product(pbx.company_id)
        if plan.requires_certified_admin and training and not pbx.certified_count:
            once = prices.of(partner, training, last)
        terms = advice.Terms(
            plan=plan.id,
            table=plan._coverage_table(),
            limit=plan._limit_policy(),
            block_price=lambda day, blocks: prices.of(partner, product, day, blocks),
            seat_policy=plan.seat_policy if plan.seat_product_id else None,
            user_prices=user_prices,
            once=once,
        )
        return terms, source

    @api.model
    def _user_prices(self, pbx, plan, prices, usual, last):
        """Prices of a user under a plan: the customer's own, else the list's, else what
        is usual."""
        own = pbx.period_ids.filtered(
            lambda period: (
                period.plan_id == plan
                and period.contract_line_id
                and period.date_start <= last
            )
        ).sorted("date_start")
        if own:
            return (
                tuple(
                    (
                        period.date_start,
                        prices.convert(period.price_unit, period.currency_id),
                    )
                    for period in own
                ),
                "own",
            )
        listed = prices.of(pbx.partner_id, plan.seat_product_id, last)
        if listed > 0:
            return ((last, listed),), "list"
        return (((last, usual),), "usual") if usual else ((), False)

    @api.model
    def _policy_stays(self, pbx, terms_by_plan, prices):
        """The plans that a PBX really had, each on its days, and each of their tables
        on the days that it decided."""
        stays = []
        for period in pbx.period_ids:
            if period.plan_id not in terms_by_plan:
                continue
            price = Decimal(0)
            if period.contract_line_id:
                price = prices.convert(period.price_unit, period.currency_id)
            for days, table in self._tables_of(period):
                terms = replace(terms_by_plan[period.plan_id], table=table)
                stays.append(advice.Stay(days, terms, price))
        return stays

    @api.model
    def _tables_of(self, period):
        """``[(days, table)]``: the decision tables of a plan period."""
        whole, plan, pbx = span(period), period.plan_id, period.pbx_id
        last = whole.last or date.max
        starts = [table.first for table in plan._published_tables(pbx)]
        firsts = [whole.first, *(day for day in starts if whole.first < day <= last)]
        lasts = [*(day - ONE_DAY for day in firsts[1:]), whole.last]
        return [
            (Span(first, end), plan._coverage_table(first, pbx))
            for first, end in zip(firsts, lasts, strict=True)
        ]
