from odoo import models
from odoo.tools import SQL


class NoxServiceAnalysis(models.Model):
    """The statement behind the analysis. It stands on that of the books of the time:
    their tickets, and their shares of entries that are in several states."""

    _inherit = "nox.service.analysis"

    # ------------------------------------------------------------------
    # THE STATEMENT
    # ------------------------------------------------------------------

    @property
    def _table_query(self):
        book = self.env["nox.time.book"]
        return SQL(
            """
            WITH %(shares)s,
            price AS (%(price)s),
            billed AS MATERIALIZED (%(billed)s),
            summed AS (%(summed)s),
            whole AS MATERIALIZED (%(whole)s)
            %(worked)s
             UNION ALL
            %(without_time)s
             UNION ALL
            %(users)s
            """,
            shares=book._query_shares(),
            price=self._query_price(),
            billed=self._query_billed(),
            summed=self._query_summed(),
            whole=self._query_whole(),
            worked=self._query_worked(book),
            without_time=self._query_without_time(),
            users=self._query_users(),
        )

    def _query_price(self):
        """Price of a block of a plan in a company, for work that is not finished."""
        return SQL(
            """
            SELECT plan.id AS plan_id, own.key::integer AS company_id,
                   template.list_price AS price
              FROM nox_service_plan plan
        CROSS JOIN LATERAL jsonb_each_text(plan.time_product_id) own
              JOIN product_product product ON product.id = own.value::integer
              JOIN product_template template ON template.id = product.product_tmpl_id
            """
        )

    def _query_billed(self):
        """Blocks and money of each ticket on posted invoices; what is credited has a
        balance above nothing."""
        return SQL(
            """
            SELECT sale.service_ticket_id AS ticket_id,
                   sum(CASE WHEN line.balance > 0 THEN -abs(line.quantity)
                            ELSE abs(line.quantity) END)::float8 AS blocks,
                   sum(-line.balance)::float8 AS amount
              FROM sale_order_line sold
              JOIN sale_order sale ON sale.id = sold.order_id
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = sold.id
              JOIN account_move_line line ON line.id = link.invoice_line_id
             WHERE sold.is_service_time
               AND sale.service_ticket_id IS NOT NULL
               AND line.parent_state = 'posted'
          GROUP BY sale.service_ticket_id
            """
        )

    def _query_summed(self):
        """What the ticket alone does not tell: the minutes by state of those that are
        in several, and the blocks of included work where a plan rounds days or entries.
        """
        return SQL(
            """
            SELECT ticket_id,
                   sum(minutes) FILTER (WHERE state = 'invoiced') AS invoiced,
                   sum(minutes) FILTER (WHERE state = 'waived') AS waived,
                   0 AS counted_blocks
              FROM share
          GROUP BY ticket_id
             UNION ALL
            SELECT ticket_id, 0, 0,
                   sum(greatest(1, (minutes - grace_minutes + block_minutes - 1)
                                   / block_minutes))
              FROM (
                SELECT line.ticket_id, ticket.grace_minutes, ticket.block_minutes,
                       sum(round(line.unit_amount * 60))::integer AS minutes
                  FROM account_analytic_line line
                  JOIN ticket ON ticket.id = line.ticket_id
                 WHERE ticket.rounding_scope <> 'ticket'
                   AND ticket.verdict_state IN ('covered', 'waived')
              GROUP BY line.ticket_id, ticket.grace_minutes, ticket.block_minutes,
                       CASE ticket.rounding_scope WHEN 'entry' THEN line.id
                            ELSE line.date - DATE '1970-01-01' END) AS part
          GROUP BY ticket_id
            """
        )

    def _query_whole(self):
        """What each ticket has as a whole, for a minute of those that share in it."""
        return SQL(
            """
            SELECT ticket.*, own.category_id, own.coverage, own.coverage_rule_id,
                   own.outcome, own.price,
                   invoiced IS NULL AS is_billed_for_all,
                   billed.blocks / COALESCE(invoiced, worked) AS billed_blocks,
                   billed.amount / COALESCE(invoiced, worked) AS billed_amount,
                   CASE WHEN billed.blocks = own.invoiced_blocks
                             AND billed.blocks <> 0
                        THEN billed.blocks * block_minutes / invoiced - 1
                        END AS rounding,
                   billed.amount / NULLIF(billed.blocks * block_minutes, 0)
                       AS minute_price,
                   waived IS NULL AS is_waived_for_all,
                   (own.waived_blocks + CASE WHEN verdict_state = 'waived'
                                             THEN counted_blocks ELSE 0 END)::float8
                       / COALESCE(waived, worked) AS waived_blocks,
                   CASE WHEN verdict_state = 'covered'
                        THEN counted_blocks::float8 / worked END AS covered_blocks
              FROM (
                SELECT ticket.id, ticket.pbx_id, ticket.plan_id, ticket.whole,
                       ticket.commercial_partner_id, ticket.verdict_state,
                       ticket.block_minutes,
                       NULLIF(ticket.worked_minutes, 0)::float8 AS worked,
                       CASE WHEN ticket.whole IS NULL THEN NULLIF(summed.invoiced, 0)
                            WHEN ticket.whole = 'invoiced'
                            THEN NULLIF(ticket.worked_minutes, 0) END AS invoiced,
                       CASE WHEN ticket.whole IS NULL THEN NULLIF(summed.waived, 0)
                            WHEN ticket.whole = 'waived'
                            THEN NULLIF(ticket.worked_minutes, 0) END AS waived,
                       CASE WHEN ticket.block_minutes IS NULL THEN 0
                            WHEN ticket.rounding_scope = 'ticket'
                            THEN greatest(1, (ticket.worked_minutes
                                              - ticket.grace_minutes
                                              + ticket.block_minutes - 1)
                                             / ticket.block_minutes)
                            ELSE COALESCE(summed.counted_blocks, 0)
                            END AS counted_blocks
                  FROM ticket
             LEFT JOIN summed ON summed.ticket_id = ticket.id) AS ticket
              JOIN (
                SELECT ticket.id, ticket.waived_blocks, ticket.invoiced_blocks,
                       ticket.category_id, ticket.coverage, ticket.coverage_rule_id,
                       ticket.outcome,
                       COALESCE(NULLIF(ticket.block_price, 0), price.price, 0)::float8
                           AS price
                  FROM helpdesk_ticket ticket
             LEFT JOIN price ON price.plan_id = ticket.plan_id
                            AND price.company_id = ticket.company_id) AS own
                ON own.id = ticket.id
         LEFT JOIN billed ON billed.ticket_id = ticket.id
            """
        )

    def _query_worked(self, book):
        """The parts of entries, each with its minutes' share."""
        billed = SQL(
            "CASE WHEN part.state = 'invoiced' OR part.is_billed_for_all"
            " THEN part.minutes ELSE 0 END"
        )
        money = SQL(
            """
            whole.pbx_id, whole.plan_id, whole.commercial_partner_id,
            whole.category_id, whole.coverage_rule_id AS rule_id, whole.coverage,
            whole.outcome, whole.price, whole.minute_price, whole.rounding,
            whole.is_billed_for_all, whole.is_waived_for_all,
            whole.billed_blocks AS ticket_billed_blocks,
            whole.billed_amount AS ticket_billed_amount,
            whole.waived_blocks AS ticket_waived_blocks,
            whole.covered_blocks AS ticket_covered_blocks
            """
        )
        waived = SQL(
            "CASE WHEN part.state = 'waived' OR part.is_waived_for_all"
            " THEN part.minutes ELSE 0 END"
        )
        return SQL(
            """
            SELECT piece.id, piece.date, 'work' AS source, piece.company_id,
                   company.currency_id, piece.commercial_partner_id, piece.pbx_id,
                   piece.plan_id, piece.ticket_id, piece.category_id, piece.rule_id,
                   piece.user_id, piece.coverage, piece.outcome, piece.state,
                   piece.minutes, piece.minutes / 60.0::float8 AS hours,
                   CASE piece.state WHEN 'held' THEN piece.minutes ELSE 0 END
                       AS held_minutes,
                   piece.billed_blocks, piece.billed_amount, 0::float8 AS users_amount,
                   piece.rounding_minutes,
                   piece.rounding_minutes * piece.minute_price AS rounding_amount,
                   piece.covered_blocks,
                   piece.covered_blocks * piece.price AS covered_value,
                   piece.waived_blocks,
                   piece.waived_blocks * piece.price AS waived_value,
                   piece.cost, piece.billed_amount - piece.cost AS margin
              FROM (
                SELECT part.*,
                       COALESCE(part.ticket_billed_blocks * %(billed)s, 0)
                           AS billed_blocks,
                       COALESCE(part.ticket_billed_amount * %(billed)s, 0)
                           AS billed_amount,
                       COALESCE(part.ticket_waived_blocks * %(waived)s, 0)
                           AS waived_blocks,
                       COALESCE(part.ticket_covered_blocks * part.minutes, 0)
                           AS covered_blocks,
                       CASE WHEN part.state = 'invoiced'
                            THEN COALESCE(part.rounding * part.minutes, 0)
                            ELSE 0 END AS rounding_minutes
                  FROM (
                    SELECT line.id::bigint * 10 AS id, line.date, line.company_id,
                           line.user_id, line.ticket_id,
                           COALESCE(whole.whole, 'no_ticket') AS state,
                           round(line.unit_amount * 60)::integer AS minutes,
                           -COALESCE(line.amount, 0)::float8 AS cost, %(money)s
                      FROM account_analytic_line line
                      JOIN res_company company ON company.id = line.company_id
                 LEFT JOIN whole ON whole.id = line.ticket_id
                     WHERE %(is_whole)s
                     UNION ALL
                    SELECT share.id::bigint * 10 + share.number, share.date,
                           share.company_id, share.user_id, share.ticket_id,
                           share.state, share.minutes,
                           -COALESCE(line.amount, 0)::float8 * share.minutes
                               / round(line.unit_amount * 60), %(money)s
                      FROM share
                      JOIN account_analytic_line line ON line.id = share.id
                      JOIN whole ON whole.id = share.ticket_id) AS part) AS piece
              JOIN res_company company ON company.id = piece.company_id
            """,
            billed=billed,
            waived=waived,
            money=money,
            is_whole=book._query_is_whole(SQL("whole")),
        )

    def _query_without_time(self):
        """Tickets that were billed, or waived, and have no time left."""
        return SQL(
            """
            SELECT ticket.id::bigint * 10 + 7, ticket.requested_on, 'work',
                   ticket.company_id, company.currency_id,
                   ticket.commercial_partner_id, ticket.pbx_id, ticket.plan_id,
                   ticket.id, ticket.category_id, ticket.coverage_rule_id,
                   NULL::integer, ticket.coverage, ticket.outcome, 'invoiced',
                   0, 0.0, 0,
                   COALESCE(billed.blocks, 0), COALESCE(billed.amount, 0), 0.0,
                   0, 0.0, 0, 0.0, ticket.waived_blocks,
                   ticket.waived_blocks * COALESCE(ticket.block_price, 0)::float8, 0.0,
                   COALESCE(billed.amount, 0)
              FROM helpdesk_ticket ticket
              JOIN res_company company ON company.id = ticket.company_id
         LEFT JOIN billed ON billed.ticket_id = ticket.id
             WHERE (billed.ticket_id IS NOT NULL OR ticket.waived_blocks > 0)
               AND COALESCE(ticket.worked_minutes, 0) = 0
            """
        )

    def _query_users(self):
        """Users on posted invoices, with the cents of their months."""
        return SQL(
            """
            SELECT line.id::bigint * 10 + 8, charge.month, 'users', line.company_id,
                   company.currency_id, charge.commercial_partner_id, charge.pbx_id,
                   charge.plan_id, NULL::integer, NULL::integer, NULL::integer,
                   NULL::integer, NULL, NULL, NULL,
                   0, 0.0, 0, 0, 0.0, -line.balance::float8, 0, 0.0, 0, 0.0, 0, 0.0,
                   0.0, -line.balance::float8
              FROM account_move_line line
              JOIN nox_seat_charge charge
                ON charge.id = COALESCE(line.seat_charge_id, line.rounding_charge_id)
              JOIN res_company company ON company.id = line.company_id
             WHERE line.parent_state = 'posted'
               AND (line.seat_charge_id IS NOT NULL
                    OR line.rounding_charge_id IS NOT NULL)
            """
        )
