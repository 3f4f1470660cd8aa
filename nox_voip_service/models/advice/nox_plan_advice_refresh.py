import logging
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...policy import advice, break_even, coverage, seats
from ...policy.errors import PolicyError
from ..plan.prices import Prices

_logger = logging.getLogger(__name__)

BATCH = 50


class NoxPlanAdvice(models.Model):
    """Makes and stores the advice: each night for every PBX, or on request."""

    _inherit = "nox.plan.advice"

    # ------------------------------------------------------------------
    # BUSINESS: by night
    # ------------------------------------------------------------------

    @api.model
    def _cron_refresh(self, batch_size=BATCH):
        """Nightly: price every PBX that was not priced today, batch by batch."""
        pbxs = self._pbxs_to_refresh()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(pbxs))
        for start in range(0, len(pbxs), batch_size):
            batch = pbxs[start : start + batch_size]
            batch._refresh_advice()
            if not progress(len(batch)):
                return

    @api.model
    def _pbxs_to_refresh(self):
        """Accepted PBXs without an advice of today, and those that ended and still
        have one."""
        start = fields.Datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        done = self.search([("refreshed_at", ">=", start)]).pbx_id
        return self.env["nox.pbx"].search(
            [
                ("id", "not in", done.ids),
                ("accepted_on", "!=", False),
                "|",
                ("ended_on", "=", False),
                ("advice_ids", "!=", False),
            ],
            order="company_id, id",
        )

    # ------------------------------------------------------------------
    # BUSINESS: one batch
    # ------------------------------------------------------------------

    @api.model
    def _refresh(self, pbxs):
        """Price these PBXs of one company; one that fails says why and stops nobody.

        In sudo: what people may read of it is asked when they read it.
        """
        advices = self.sudo()
        company = pbxs.company_id
        own = advices.with_company(company)
        try:
            with self.env.cr.savepoint():
                values = own._advice_values(pbxs.sudo().with_company(company))
                own._store(pbxs, values)
        except (UserError, ValidationError, PolicyError, ValueError) as error:
            if len(pbxs) > 1:
                for pbx in pbxs:
                    own._refresh(pbx)
                return
            _logger.info("No plan advice for PBX %s: %s", pbxs.id, error)
            own._store(
                pbxs,
                {
                    pbxs: {
                        "state": "not_priced",
                        "problem": str(error),
                        "refreshed_at": fields.Datetime.now(),
                    }
                },
            )

    def _store(self, pbxs, values):
        """Put the values in place of what was stored for these PBXs."""
        existing = self.search([("pbx_id", "in", pbxs.ids)])
        by_pbx = {each.pbx_id.id: each for each in existing}
        existing.line_ids.unlink()
        kept = self.browse()
        new = []
        for pbx, vals in values.items():
            known = by_pbx.get(pbx.id)
            if known:
                known.write(vals)
                kept += known
            else:
                new.append({"pbx_id": pbx.id, **vals})
        (existing - kept).unlink()
        return kept + self.create(new)

    def _advice_values(self, pbxs):
        """``{pbx: values}``; a PBX whose service does not run has none."""
        company = pbxs.company_id
        prices = Prices(company)
        spans = {
            pbx: found
            for pbx in pbxs
            if (found := self._advice_span(pbx, prices.today))
        }
        if not spans:
            return {}
        pbxs = pbxs.browse([pbx.id for pbx in spans])
        tickets = self._tickets_to_price(
            pbxs,
            min(span.first for span in spans.values()),
            max(span.last for span in spans.values()),
        )
        works = self._policy_works(tickets)
        by_pbx = tickets.grouped("pbx_id")
        policy_seats = pbxs.period_ids._policy_seats()
        usual = self._usual_user_price(prices)
        plans = self._plans_to_price(company)
        currency = company.currency_id._policy_currency()
        values = {}
        for pbx in pbxs:
            own = by_pbx.get(pbx, tickets.browse()).filtered(
                lambda ticket, span=spans[pbx]: span.covers(ticket.requested_on)
            )
            history = advice.History(
                *spans[pbx],
                works=tuple(works[ticket] for ticket in own),
                seats=tuple(policy_seats.get(pbx, ())),
                currency=currency,
            )
            values[pbx] = self._values_of(pbx, own, history, plans, prices, usual)
        return values

    def _values_of(self, pbx, tickets, history, plans, prices, usual):
        """The values of one advice, with its lines."""
        current = pbx._plan_on(history.last)
        had = pbx.period_ids.plan_id.filtered("time_product_id")
        terms, sources = {}, {}
        for plan in (plans | had).sorted("sequence"):
            terms[plan], sources[plan] = self._policy_terms(
                pbx, plan, prices, usual, history.last
            )
        offered = [plan for plan in terms if plan in plans or plan == current]
        counted = any(seat.charged and _within(seat, history) for seat in history.seats)
        lines = {
            plan: self._line_values(
                plan,
                terms[plan],
                sources[plan],
                history,
                terms.get(current),
                counted or terms[plan].seat_policy is None,
            )
            for plan in offered
        }
        found = self._compared(current, lines)
        for number, (plan, line) in enumerate(lines.items()):
            line.update(
                sequence=number,
                plan_id=plan.id,
                is_current=plan == current,
                is_better=plan.id == found["better_plan_id"],
            )
        was = advice.as_it_was(history, self._policy_stays(pbx, terms, prices))
        own = lines.get(current, {})
        covered = [
            work
            for work in history.works
            if current in terms
            and coverage.decide(terms[current].table, work.request).outcome == "covered"
        ]
        # Where no users are billed nothing stands against the covered work.
        margin = was.users - was.included.low if was.users else Decimal(0)
        return {
            "plan_id": current.id,
            "date_from": history.first,
            "date_to": history.last,
            "refreshed_at": fields.Datetime.now(),
            "problem": False,
            "user_count": seats.users_on(history.seats, history.last),
            "request_count": len(tickets),
            "worked_minutes": sum(tickets.mapped("worked_minutes")),
            "site_count": len(
                tickets.filtered(lambda ticket: ticket.work_location == "on_site")
            ),
            "unknown_count": sum(
                coverage.decide(terms[current].table, work.request).outcome
                == "undecided"
                for work in history.works
                if current in terms
            ),
            "override_count": len(tickets.filtered("is_overridden")),
            "is_certified": bool(pbx.certified_count),
            "cost": own.get("total_low", 0),
            "cost_high": own.get("total_high", 0),
            "actual_cost": float(was.total.low),
            "users_amount": float(was.users),
            "included_minutes": sum(
                entry.minutes for work in covered for entry in work.entries
            ),
            "included_value": float(was.included.low),
            "margin": float(margin),
            "costs_us": margin < 0,
            "line_ids": [fields.Command.create(line) for line in lines.values()],
            **found,
        }

    def _line_values(self, plan, terms, source, history, current, counted):
        """What one plan would have come to, and its difference with today's."""
        cost = advice.price(history, terms)
        has_price = terms.seat_policy is None or bool(terms.user_prices)
        is_priced = bool(has_price and counted)
        values = {
            "is_priced": is_priced,
            "bills_users": terms.seat_policy is not None,
            "price_source": source,
            "user_price": float(terms.user_prices[-1][1]) if terms.user_prices else 0,
            "users_amount": float(cost.users),
            "blocks": cost.blocks,
            "work_low": float(cost.work.low),
            "work_high": float(cost.work.high),
            "once": float(cost.once),
            "total_low": float(cost.total.low) if is_priced else 0,
            "total_high": float(cost.total.high) if is_priced else 0,
        }
        if current is None or current.plan == plan.id:
            return values
        if is_priced and (current.seat_policy is None or current.user_prices):
            found = advice.difference(history, current, terms)
            values.update(
                difference_low=float(found.low), difference_high=float(found.high)
            )
            blocks = break_even.break_even_blocks(history, current, terms) or 0
            values.update(
                block_point=blocks,
                minute_point=blocks * current.limit.blocks.block_minutes,
            )
        point = break_even.break_even_users(history, current, terms)
        if point:
            least, most = (-1 if each is None else each for each in point)
            values.update(has_user_point=True, user_point=least, user_point_high=most)
        return values

    def _compared(self, current, lines):
        """Which plan is better than today's, from the lines of all plans."""
        own = lines.get(current)
        others = {
            plan: line
            for plan, line in lines.items()
            if plan != current and line["is_priced"]
        }
        if not own or not own["is_priced"] or not others:
            return {"state": "not_priced", "better_plan_id": False, "saving": 0}
        better = advice.better(
            current.id,
            [
                (
                    plan.id,
                    advice.Range(
                        Decimal(str(line["difference_low"])),
                        Decimal(str(line["difference_high"])),
                    ),
                )
                for plan, line in others.items()
            ],
        )
        if better:
            plan_id, saving = better
            return {
                "state": "pays_too_much",
                "better_plan_id": plan_id,
                "saving": float(saving),
            }
        maybe = any(line["difference_low"] < 0 for line in others.values())
        return {
            "state": "unsure" if maybe else "fits",
            "better_plan_id": False,
            "saving": 0,
        }


def _within(seat, history):
    """Was this user there in those months?"""
    return seat.first <= history.last and (
        seat.last is None or seat.last >= history.first
    )
