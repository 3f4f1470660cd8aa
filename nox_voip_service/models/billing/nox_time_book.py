from odoo import api, fields, models
from odoo.tools import SQL

STATES = [
    ("invoiced", "Invoiced"),
    ("to_invoice", "To invoice"),
    ("not_finished", "Not finished"),
    ("held", "Held"),
    ("waived", "Waived"),
    ("covered", "Covered"),
    ("delivery", "Part of the delivery"),
    ("not_applicable", "Not applicable"),
    ("no_ticket", "On no ticket"),
    ("difference", "Difference"),
]
LINE_FIELDS = ["company_id", "date", "employee_id", "project_id", "ticket_id"]
TICKET_FIELDS = [
    "commercial_partner_id",
    "coverage",
    "drop_billing",
    "invoiced_blocks",
    "is_finished",
    "limit_blocks",
    "outcome",
    "pbx_id",
    "plan_id",
    "to_invoice_blocks",
    "waived_blocks",
    "worked_minutes",
]


class NoxTimeBook(models.Model):
    """The books of the time: every minute on the service project and on tickets, in
    exactly one state. An entry that is invoiced in part has a row for each part.

    The rule is `policy.time_book.shares`; the statement is the same rule over all
    entries at once, and a test compares them.
    """

    _name = "nox.time.book"
    _description = "Books of the Time"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "ticket_id"
    _depends = {
        "account.analytic.line": [*LINE_FIELDS, "unit_amount", "user_id"],
        "helpdesk.ticket": TICKET_FIELDS,
        "nox.pbx": ["commercial_partner_id"],
        "nox.service.plan": ["block_minutes", "grace_minutes", "rounding_scope"],
        "res.company": ["service_project_id"],
    }

    date = fields.Date(readonly=True)
    state = fields.Selection(STATES, readonly=True)
    minutes = fields.Integer(readonly=True)
    hours = fields.Float(readonly=True)
    line_id = fields.Many2one("account.analytic.line", string="Entry", readonly=True)
    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)
    pbx_id = fields.Many2one("nox.pbx", string="PBX", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True
    )
    plan_id = fields.Many2one("nox.service.plan", string="Service plan", readonly=True)
    user_id = fields.Many2one("res.users", string="Technician", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH %s
            SELECT line.id::bigint * 10 AS id, line.date,
                   COALESCE(ticket.whole, 'no_ticket') AS state,
                   round(line.unit_amount * 60)::integer AS minutes,
                   round(line.unit_amount * 60) / 60 AS hours, line.id AS line_id,
                   line.ticket_id, ticket.pbx_id, ticket.commercial_partner_id,
                   ticket.plan_id, line.user_id, line.company_id
              FROM account_analytic_line line
              JOIN res_company company ON company.id = line.company_id
         LEFT JOIN ticket ON ticket.id = line.ticket_id
             WHERE %s
             UNION ALL
            SELECT share.id::bigint * 10 + share.number, share.date, share.state,
                   share.minutes, share.minutes / 60.0, share.id, share.ticket_id,
                   ticket.pbx_id, ticket.commercial_partner_id, ticket.plan_id,
                   share.user_id, share.company_id
              FROM share
              JOIN ticket ON ticket.id = share.ticket_id
            """,
            self._query_shares(),
            self._query_is_whole(SQL("ticket")),
        )

    def _query_is_whole(self, ticket):
        """Which entries are in one state as a whole, most of them: the others have
        shares.

        :param ticket: what the statement calls the joined row of `ticket`
        """
        return SQL(
            """
            (%(ticket)s.whole IS NOT NULL
             OR line.ticket_id IS NULL
                AND line.project_id = company.service_project_id)
            AND round(line.unit_amount * 60) <> 0
            """,
            ticket=ticket,
        )

    def _query_shares(self):
        """Tickets, with their one state or none; and of those with none the shares of
        their entries, laid one after the other. A part is what a plan adds up before
        rounding: a ticket, a day, an entry."""
        return SQL(
            """
            figures AS (
                SELECT ticket.id, ticket.pbx_id, ticket.plan_id, ticket.worked_minutes,
                       COALESCE(pbx.commercial_partner_id,
                                ticket.commercial_partner_id)
                            AS commercial_partner_id,
                       plan.block_minutes, plan.grace_minutes, plan.rounding_scope,
                       CASE WHEN ticket.coverage IS NULL THEN 'not_applicable'
                            WHEN ticket.coverage IN
                                 ('covered', 'delivery', 'not_applicable')
                            THEN ticket.coverage
                            WHEN ticket.coverage = 'undecided'
                                 AND ticket.outcome = 'dropped'
                                 AND ticket.drop_billing = 'waive'
                            THEN 'waived'
                            WHEN plan.id IS NOT NULL THEN NULL
                            WHEN ticket.coverage = 'undecided' THEN 'not_finished'
                            ELSE 'difference' END AS verdict_state,
                       CASE WHEN ticket.coverage = 'billable' AND ticket.is_finished
                            THEN 'to_invoice' ELSE 'not_finished' END AS due,
                       CASE WHEN ticket.coverage = 'billable'
                            THEN greatest(ticket.invoiced_blocks, 0)
                            ELSE 0 END AS invoiced_blocks,
                       CASE WHEN ticket.coverage = 'billable'
                            THEN ticket.to_invoice_blocks
                            ELSE ticket.limit_blocks END AS due_blocks,
                       CASE WHEN ticket.coverage = 'billable'
                            THEN ticket.waived_blocks
                            ELSE 0 END AS waived_blocks,
                       ticket.limit_blocks
                  FROM helpdesk_ticket ticket
             LEFT JOIN nox_pbx pbx ON pbx.id = ticket.pbx_id
             LEFT JOIN nox_service_plan plan ON plan.id = ticket.plan_id
            ), ticket AS MATERIALIZED (
                SELECT figures.*,
                       CASE WHEN verdict_state IS NOT NULL THEN verdict_state
                            WHEN rounding_scope <> 'ticket' THEN NULL
                            WHEN invoiced_blocks > 0
                            THEN CASE WHEN worked_minutes <= grace_minutes
                                           + invoiced_blocks * block_minutes
                                      THEN 'invoiced' END
                            WHEN due_blocks > 0
                            THEN CASE WHEN worked_minutes <= grace_minutes
                                           + due_blocks * block_minutes
                                      THEN due END
                            WHEN waived_blocks > 0
                                 AND worked_minutes <= grace_minutes
                                     + waived_blocks * block_minutes
                            THEN 'waived' END AS whole
                  FROM figures
            ), entry AS MATERIALIZED (
                SELECT line.id, line.date, line.company_id, line.user_id,
                       line.ticket_id, round(line.unit_amount * 60)::integer AS minutes,
                       CASE ticket.rounding_scope
                            WHEN 'entry' THEN line.id
                            WHEN 'day' THEN line.date - DATE '1970-01-01'
                            ELSE 0 END AS part,
                       ticket.block_minutes, ticket.grace_minutes, ticket.due,
                       ticket.invoiced_blocks, ticket.due_blocks, ticket.waived_blocks,
                       ticket.limit_blocks
                  FROM account_analytic_line line
                  JOIN ticket ON ticket.id = line.ticket_id
                 WHERE ticket.whole IS NULL
            ), part AS (
                SELECT ticket_id, part, min(date) AS day, min(id) AS first_id,
                       greatest(1, (sum(minutes) - grace_minutes + block_minutes - 1)
                                   / block_minutes) AS blocks
                  FROM entry
              GROUP BY ticket_id, part, block_minutes, grace_minutes
            ), placed_part AS (
                SELECT ticket_id, part,
                       sum(blocks) OVER (PARTITION BY ticket_id
                                         ORDER BY day, first_id) - blocks
                            AS blocks_before
                  FROM part
            ), placed AS (
                SELECT entry.*, placed_part.blocks_before,
                       sum(minutes) OVER (PARTITION BY entry.ticket_id, entry.part
                                          ORDER BY entry.date, entry.id) - minutes
                            AS minutes_before
                  FROM entry
                  JOIN placed_part ON placed_part.ticket_id = entry.ticket_id
                                  AND placed_part.part = entry.part
            ), paid AS (
                SELECT placed.id, step.number,
                       greatest(0, least(minutes,
                            CASE WHEN step.blocks > blocks_before
                                 THEN (step.blocks - blocks_before) * block_minutes
                                      + grace_minutes
                                 ELSE 0 END - minutes_before)) AS minutes
                  FROM placed
            CROSS JOIN LATERAL (VALUES
                       (1, invoiced_blocks),
                       (2, invoiced_blocks + due_blocks),
                       (3, invoiced_blocks + due_blocks + waived_blocks),
                       (4, limit_blocks)) AS step (number, blocks)
            ), reached AS (
                SELECT id, number, max(minutes) OVER (PARTITION BY id
                                                      ORDER BY number) AS minutes
                  FROM paid
            ), cut AS (
                SELECT id,
                       max(minutes) FILTER (WHERE number = 1) AS invoiced,
                       max(minutes) FILTER (WHERE number = 2) AS due,
                       max(minutes) FILTER (WHERE number = 3) AS waived,
                       max(minutes) FILTER (WHERE number = 4) AS within
                  FROM reached
              GROUP BY id
            ), share AS (
                SELECT entry.id, entry.date, entry.company_id, entry.user_id,
                       entry.ticket_id, share.number, share.state,
                       share.minutes::integer AS minutes
                  FROM entry
                  JOIN cut ON cut.id = entry.id
            CROSS JOIN LATERAL (VALUES
                       (1, 'invoiced', cut.invoiced),
                       (2, entry.due, cut.due - cut.invoiced),
                       (3, 'waived', cut.waived - cut.due),
                       (4, 'difference', cut.within - cut.waived),
                       (5, 'held', entry.minutes - cut.within))
                       AS share (number, state, minutes)
                 WHERE share.minutes <> 0
            )
            """
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    def action_open_books(self):
        """Open the page; when the books do not add up, say so in red."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_time_book_action"
        )
        recorded, booked = self._sums()
        if recorded == booked:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": self.env._("The books do not add up"),
                "message": self.env._(
                    "The timesheets have %(recorded)s minutes and the books %(booked)s."
                    " The lines in red say which tickets to look at.",
                    recorded=recorded,
                    booked=booked,
                ),
                "next": action,
            },
        }

    def action_open_ticket(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _sums(self):
        """``(minutes of the timesheets, minutes that have their place in the books)``
        of the companies of this user.

        Not by the books' own statement, and in SQL, for an accountant does not read
        every entry on no ticket; only the sum is told.
        """
        companies = self.env.companies
        self.env["account.analytic.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT COALESCE(sum(round(unit_amount * 60)), 0)
                  FROM account_analytic_line
                 WHERE company_id IN %s
                   AND (ticket_id IS NOT NULL OR project_id IN %s)
                """,
                tuple(companies.ids),
                tuple(companies.sudo().service_project_id.ids or [0]),
            )
        )
        recorded = int(self.env.cr.fetchone()[0])
        [[booked]] = self._read_group(
            [("company_id", "in", companies.ids), ("state", "!=", "difference")],
            [],
            ["minutes:sum"],
        )
        return recorded, booked or 0
