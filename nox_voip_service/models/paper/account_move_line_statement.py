from odoo import models

from ...policy import statement

# Rows of a table under one heading: a third of a page.
ROWS_TOGETHER = 12


class AccountMoveLine(models.Model):
    """Lines of an invoice as the statement beside it has them."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _statement_row(self):
        """A line in its own words: what, how it came about, how many, how much."""
        self.ensure_one()
        first, *others = (self.name or "").strip().split("\n")
        return {
            "title": first,
            "text": "\n".join(others),
            "quantity": "" if self.rounding_charge_id else self._portal_quantity(),
            "amount": self.price_subtotal,
        }

    def _statement_tickets(self):
        """``[{"verdict", "reason", "parts"}]``: lines of work as one row for each
        request, those with one reason together, in the order of the invoice. A row
        has the minutes of the request, and blocks and amount of this invoice."""
        # Read for all at once, and not for each line's own.
        self.sale_line_ids.order_id.service_ticket_id.mapped("name")
        groups = {}
        for ticket, lines in self.grouped(lambda line: line._service_ticket()).items():
            why = (
                ticket._portal_verdict_label(),
                ticket._coverage_reason_in(self.env.lang) or "",
            )
            groups.setdefault(why, []).append(
                {
                    "number": ticket.number,
                    "subject": ticket._masked_name(),
                    "minutes": ticket._reported_minutes(),
                    "blocks": ticket._statement_blocks(
                        round(sum(lines.mapped("quantity")))
                    ),
                    "amount": sum(lines.mapped("price_subtotal")),
                }
            )
        return [
            {
                "verdict": verdict,
                "reason": reason,
                "parts": statement.parts(rows, ROWS_TOGETHER),
            }
            for (verdict, reason), rows in groups.items()
        ]

    def _statement_approvals(self):
        """The approved quotes that these lines of work are billed by."""
        rows = []
        for line in self:
            order = line.sale_line_ids.order_id[:1]
            if order.service_kind != "quote":
                continue
            rows.append(
                {
                    "name": order.name,
                    "subject": order.service_ticket_id.number,
                    "work": order._portal_work_text(),
                    "approved": order._approved_text()
                    if order.service_approved_at
                    else "",
                    "here": order.service_ticket_id._statement_blocks(
                        round(line.quantity)
                    ),
                }
            )
        return rows
