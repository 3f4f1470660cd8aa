from odoo import fields, models

from ...policy import coverage, replay
from ..base.guard import for_readers
from ..plan.prices import Prices


class NoxCoverageDraft(models.Model):
    """A draft against the requests of the last year: which verdicts it would change,
    for whom, worth how much."""

    _inherit = "nox.coverage.draft"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_replay(self):
        """Replay the requests of the last year that this user may see."""
        self.ensure_one()
        self._check_manager()
        self._check_is_open()
        self._replay()
        return True

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _replay(self):
        """Compare the verdicts that were given with those of the draft, and store what
        differs. No verdict changes."""
        self.ensure_one()
        tickets = self._tickets_to_replay()
        table = coverage.Table(self.rule_ids._policy_rules())
        changed = tickets.filtered(
            lambda ticket: (
                (verdict := ticket._decide(self.plan_id, table)).code in replay.BY_TABLE
                and verdict.coverage != ticket.coverage
            )
        )
        own = self.sudo()
        companies = self.env.companies
        for rows in (own.change_ids, own.customer_ids):
            rows.filtered(lambda row: row.company_id in companies).unlink()
        for company, of_company in changed.grouped("company_id").items():
            own._store_changes(
                company, of_company, self._changes(company, of_company, tickets, table)
            )
        own.write({"replayed_at": fields.Datetime.now(), "ticket_count": len(tickets)})
        self.invalidate_recordset()

    def _tickets_to_replay(self):
        """Requests of the last year that the plan decided; what was decided by hand
        stays with the people who did."""
        today = self.env.company._service_today()
        return (
            self.env["helpdesk.ticket"]
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("plan_id", "=", self.plan_id.id),
                    ("company_id", "in", self.env.companies.ids),
                    ("requested_on", ">=", fields.Date.subtract(today, years=1)),
                    ("coverage", "in", ("covered", "billable", "undecided")),
                    ("is_overridden", "=", False),
                ],
                self.env["nox.plan.advice"]._fields_to_price(),
                order="requested_on, id",
            )
        )

    def _changes(self, company, changed, tickets, table):
        """``{ticket: policy change}`` of one company."""
        plan = self.plan_id.with_company(company)
        prices = Prices(company)
        # Tickets of one split request share the limit.
        family = changed | (changed.split_root_id.split_member_ids & tickets)
        works = self.env["nox.plan.advice"]._policy_works(family)
        found = {}
        for pbx, own in family.grouped("pbx_id").items():
            partner = pbx.sudo().partner_id
            for change in replay.changes(
                [(works[ticket], ticket.coverage) for ticket in own],
                table,
                plan._limit_policy(),
                lambda day, blocks, partner=partner: prices.of(
                    partner, plan.time_product_id, day, blocks
                ),
                company.currency_id._policy_currency(),
            ):
                found[self.env["helpdesk.ticket"].browse(change.key)] = change
        return {ticket: found[ticket] for ticket in changed}

    def _running_pbxs(self, day):
        """PBXs that run on this plan on a day, as far as the user sees them."""
        pbxs = self.env["nox.pbx"].search(
            [("period_ids.plan_id", "=", self.plan_id.id)]
        )
        return pbxs.filtered(
            lambda pbx: (
                pbx._plan_on(day) == self.plan_id
                and not (pbx.ended_on and pbx.ended_on < day)
            )
        )

    def _store_changes(self, company, tickets, changes):
        day = self.date_start or company._service_today()
        running = self._running_pbxs(day).grouped("company_id").get(company)
        customers_with_plan = running.commercial_partner_id if running else ()
        by_customer = tickets.grouped("commercial_partner_id")
        customers = self.env["nox.coverage.draft.customer"].create(
            [
                {
                    "draft_id": self.id,
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "is_running": partner in customers_with_plan,
                    "change_count": len(own),
                    "blocks": sum(changes[ticket].blocks for ticket in own),
                    "amount": float(sum(changes[ticket].amount for ticket in own)),
                }
                for partner, own in by_customer.items()
            ]
        )
        row_of = {row.partner_id: row for row in customers}
        self.env["nox.coverage.draft.change"].create(
            [
                {
                    "draft_id": self.id,
                    "customer_id": row_of[ticket.commercial_partner_id].id,
                    "ticket_id": ticket.id,
                    "company_id": company.id,
                    "commercial_partner_id": ticket.commercial_partner_id.id,
                    "pbx_id": ticket.pbx_id.id,
                    "requested_on": ticket.requested_on,
                    "old_coverage": change.old,
                    "new_coverage": change.new,
                    "old_rule_id": ticket.coverage_rule_id.id,
                    "new_rule_id": change.rule_key,
                    "blocks": change.blocks,
                    "amount": float(change.amount),
                }
                for ticket, change in changes.items()
            ]
        )
