from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

from ...policy import statement, timeblocks
from ..plan.prices import Prices
from .account_move_line_statement import ROWS_TOGETHER


class AccountMove(models.Model):
    """The work that a plan includes, on the statement beside the invoice: started
    blocks, and what so many would have cost this customer."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _statement_included(self, pbxs):
        """``{"parts", "blocks", "amount", "currency", "at"}`` of the included requests
        that were finished in the months of this invoice; empty without any.

        Their price is that of the last day, excl. VAT, by the customer's pricelist.
        """
        self.ensure_one()
        first, last = self._statement_days()
        tickets = self._included_tickets(pbxs, first, last)
        if not tickets:
            return {}
        entries = tickets._service_entries()
        prices, rows, included = Prices(self.company_id), [], []
        for ticket in tickets:
            blocks = timeblocks.blocks(
                ticket._policy_entries(entries=entries), ticket.plan_id._block_policy()
            )
            price, currency = prices.listed(
                ticket._service_partner(),
                ticket.plan_id.with_company(self.company_id).time_product_id,
                last,
                blocks,
            )
            amount = currency._policy_currency().round(blocks * price)
            included.append(statement.Included(blocks, amount))
            rows.append(
                {
                    "number": ticket.number,
                    "subject": ticket._masked_name(),
                    "day": format_date(
                        self.env, self.company_id._service_day(ticket.closed_date)
                    ),
                    "minutes": ticket.worked_minutes,
                    "blocks": ticket._statement_blocks(blocks),
                    "amount": float(amount),
                }
            )
        total = statement.would_have_cost(included)
        return {
            "parts": statement.parts(rows, ROWS_TOGETHER),
            "blocks": total.blocks,
            "amount": float(total.amount),
            "currency": currency,
            "at": format_date(self.env, last),
        }

    def _included_tickets(self, pbxs, first, last):
        """Covered requests of these PBXs that were finished on these days where the
        company is, with work on them."""
        if not pbxs:
            return self.env["helpdesk.ticket"]
        company = self.company_id
        # A day more on both sides: a moment is in UTC, a day is not.
        start, end = first - timedelta(1), last + timedelta(2)
        return (
            self.env["helpdesk.ticket"]
            .with_context(active_test=False)
            .search(
                [
                    ("pbx_id", "in", pbxs.ids),
                    ("coverage", "=", "covered"),
                    ("outcome", "=", "done"),
                    ("worked_minutes", ">", 0),
                    ("closed_date", ">=", fields.Datetime.to_datetime(start)),
                    ("closed_date", "<", fields.Datetime.to_datetime(end)),
                ],
                order="closed_date, id",
            )
            .filtered(
                lambda ticket: first <= company._service_day(ticket.closed_date) <= last
            )
        )
