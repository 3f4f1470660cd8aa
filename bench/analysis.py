"""Two hundred thousand time entries, and the pages that add them up."""

from odoo import fields

from . import records
from .measure import measure

# How often each life of a ticket is lived, and the minutes that were worked on it.
LIVES = {
    "covered": (8, (25, 10, 12, 8)),
    "invoiced": (7, (20, 18, 9)),
    "to_invoice": (1, (14, 25)),
    "held": (1, (50, 45)),
    "waived": (1, (12, 10)),
    "not_finished": (2, (20, 5)),
}
_made = {}


def prepare(env, entries, customers=1000, months=24):
    """So many entries of four technicians, over customers and months: each life once
    by Odoo, and copied by the database."""
    _technicians(env)
    plans = {
        code: env.ref(f"{records.ADDON}.service_plan_{code}")
        for code in ("standard", "contract")
    }
    env.company._service_project()
    since = fields.Date.subtract(fields.Date.today(), months=months + 1)
    partners = records.customers(env, customers)
    half = len(partners) // 2
    own = records.pbxs(
        env,
        partners[:half],
        [{"plan_id": plans["contract"].id, "date_start": since}],
        since,
    )
    own |= records.pbxs(
        env,
        partners[half:],
        [{"plan_id": plans["standard"].id, "date_start": since}],
        since,
    )
    by_plan = {"covered": own[:half], "other": own[half:]}
    lived = {life: _live(env, by_plan, life) for life in LIVES}
    env.cr.commit()
    each = sum(often * len(minutes) for often, minutes in LIVES.values())
    times = max(1, entries // each)
    for life, (often, _minutes) in LIVES.items():
        pbxs = by_plan["covered" if life == "covered" else "other"]
        _multiply(env, lived[life], times * often - 1, pbxs, months)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    env.cr.execute("SELECT count(*) FROM account_analytic_line")
    return {"entries": env.cr.fetchone()[0]}


def _technicians(env):
    _made["env"] = records.technician(env)
    users = env["res.users"].browse(_made["env"].uid)
    for number in range(3):
        users |= users[0].copy({"name": f"Technician {number}", "login": f"t{number}"})
        env["hr.employee"].create({"name": users[-1].name, "user_id": users[-1].id})
    users.employee_ids.hourly_cost = 40
    _made["users"] = users
    env.cr.commit()


def _live(env, by_plan, life):
    """One ticket as Odoo and the addon make it."""
    pbx = by_plan["covered" if life == "covered" else "other"][:1]
    day = fields.Date.today()
    kind = "call_group" if life == "covered" else "new_number"
    ticket = env["helpdesk.ticket"].create(
        {
            "name": life,
            "description": "<p>Please change this.</p>",
            "partner_id": pbx.partner_id.id,
            "pbx_id": pbx.id,
            "category_id": env.ref(f"{records.ADDON}.category_{kind}").id,
            "requested_on": day,
        }
    )
    for number, minutes in enumerate(LIVES[life][1]):
        user = _made["users"][number % len(_made["users"])]
        env["account.analytic.line"].create(
            {
                "ticket_id": ticket.id,
                "name": "Work",
                "unit_amount": minutes / 60,
                "date": day,
                "user_id": user.id,
                "employee_id": user.employee_id.id,
            }
        )
    if life not in ("held", "not_finished"):
        ticket.stage_id = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
    if life == "waived":
        env["nox.block.waiver"].create(
            {"ticket_id": ticket.id, "blocks": 2, "reason": "Goodwill"}
        )
    if life == "invoiced":
        ticket._create_service_invoices().action_post()
    env.flush_all()
    return ticket


def _multiply(env, ticket, times, pbxs, months):
    """Copy a ticket with its time, its order and its invoice."""
    cr = env.cr
    cr.execute("DROP TABLE IF EXISTS bench_copy")
    cr.execute(
        """
        CREATE TEMPORARY TABLE bench_copy AS
        SELECT number, nextval('helpdesk_ticket_id_seq')::integer AS ticket_id,
               pbx.id AS pbx_id, pbx.partner_id, pbx.commercial_partner_id,
               (current_date - (number %% (%(days)s))::integer) AS day,
               0 AS order_id, 0 AS line_id, 0 AS move_id
          FROM generate_series(1, %(times)s) number
          JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, *
                  FROM nox_pbx WHERE id IN %(pbxs)s) pbx
            ON pbx.place = (number * 7) %% %(count)s
        """,
        {
            "times": times,
            "days": months * 30,
            "pbxs": tuple(pbxs.ids),
            "count": len(pbxs),
        },
    )
    whose = {"commercial_partner_id": "c.commercial_partner_id"}
    _copy(
        cr,
        "helpdesk_ticket",
        ticket.id,
        {
            "id": "c.ticket_id",
            "number": "'B' || c.ticket_id",
            "access_token": "NULL",
            "pbx_id": "c.pbx_id",
            "partner_id": "c.partner_id",
            "requested_on": "c.day",
            **whose,
        },
    )
    order = ticket.service_order_ids
    move = order.invoice_ids
    if move:
        _copy_bill(cr, order, move)
    for line in ticket.timesheet_ids:
        _copy(
            cr,
            "account_analytic_line",
            line.id,
            {
                "ticket_id": "c.ticket_id",
                "date": "c.day",
                "so_line": "NULLIF(c.line_id, 0)",
                "timesheet_invoice_id": "NULLIF(c.move_id, 0)",
            },
        )


def _copy_bill(cr, order, move):
    cr.execute(
        """
        UPDATE bench_copy
           SET order_id = nextval('sale_order_id_seq'),
               line_id = nextval('sale_order_line_id_seq'),
               move_id = nextval('account_move_id_seq')
        """
    )
    _copy(
        cr,
        "sale_order",
        order.id,
        {
            "id": "c.order_id",
            "name": "'B' || c.order_id",
            "access_token": "NULL",
            "service_ticket_id": "c.ticket_id",
            "partner_id": "c.partner_id",
        },
    )
    time_line = order.order_line.filtered("is_service_time")
    _copy(
        cr,
        "sale_order_line",
        time_line.id,
        {"id": "c.line_id", "order_id": "c.order_id"},
    )
    _copy(
        cr,
        "account_move",
        move.id,
        {
            "id": "c.move_id",
            "name": "'B/' || c.move_id",
            "sequence_number": "c.move_id",
            "payment_reference": "NULL",
            "access_token": "NULL",
            "date": "c.day",
            "invoice_date": "c.day",
            "partner_id": "c.partner_id",
            **{"commercial_partner_id": "c.commercial_partner_id"},
        },
    )
    for line in move.line_ids:
        _copy(
            cr,
            "account_move_line",
            line.id,
            {
                "move_id": "c.move_id",
                "move_name": "'B/' || c.move_id",
                "date": "c.day",
                "partner_id": "c.partner_id",
            },
        )
    cr.execute(
        """
        INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)
        SELECT c.line_id, line.id
          FROM bench_copy c
          JOIN account_move_line line ON line.move_id = c.move_id
                                     AND line.name = (SELECT name
                                                        FROM account_move_line
                                                       WHERE id = %s)
        """,
        [time_line.invoice_lines.id],
    )


def _copy(cr, table, origin, changed):
    """A row of a table again, for each row of `bench_copy`."""
    cr.execute(
        """
        SELECT column_name
          FROM information_schema.columns
         WHERE table_schema = current_schema AND table_name = %s
               AND is_generated = 'NEVER'
        """,
        [table],
    )
    names = [name for (name,) in cr.fetchall() if name in changed or name != "id"]
    chosen = [changed.get(name, f't."{name}"') for name in names]
    cr.execute(
        f"""
        INSERT INTO {table} ({", ".join(f'"{name}"' for name in names)})
        SELECT {", ".join(chosen)}
          FROM {table} t
    CROSS JOIN bench_copy c
         WHERE t.id = %s
      ORDER BY c.number
        """,
        [origin],
    )


# ----------------------------------------------------------------------
# Opening pages
# ----------------------------------------------------------------------


def open_analysis(env):
    """The analysis as its manager opens it: the pivot, the graph, the list."""
    model = env["nox.service.analysis"]
    measures = [
        f"{name}:sum"
        for name in (
            "hours",
            "billed_amount",
            "covered_value",
            "waived_value",
            "cost",
            "margin",
        )
    ]
    return {
        "pivot": _seconds(
            env,
            lambda: model.formatted_read_grouping_sets(
                [],
                [[], ["coverage"], ["date:month"], ["coverage", "date:month"]],
                measures,
            ),
        ),
        "graph": _seconds(
            env,
            lambda: model.formatted_read_group(
                [], ["date:month", "coverage"], ["hours:sum"]
            ),
        ),
        "list": _seconds(env, lambda: _open_list(model, ["minutes", "margin"])),
    }


def open_base(env):
    """Odoo's own analysis of timesheets, of the same entries, by the same groups."""
    model = env["timesheets.analysis.report"]
    measures = [
        f"{name}:sum"
        for name in ("unit_amount", "amount", "timesheet_revenues", "margin")
    ]
    return {
        "pivot": _seconds(
            env,
            lambda: model.formatted_read_grouping_sets(
                [],
                [[], ["user_id"], ["date:month"], ["user_id", "date:month"]],
                measures,
            ),
        ),
        "graph": _seconds(
            env,
            lambda: model.formatted_read_group(
                [], ["date:month", "user_id"], ["unit_amount:sum"]
            ),
        ),
        "list": _seconds(env, lambda: _open_list(model, ["unit_amount", "margin"])),
    }


def _open_list(model, names):
    """The first page of a list, and how many there are."""
    specification = dict.fromkeys(["date", *names], {})
    model.web_search_read(
        [], specification, limit=80, order="date desc, id desc", count_limit=10_001
    )


def _seconds(env, work):
    with measure(env) as found:
        work()
    return found.seconds


def adds_up(env):
    """Minutes and money of the analysis beside the books and the invoices."""
    [[minutes, billed]] = env["nox.service.analysis"]._read_group(
        [], [], ["minutes:sum", "billed_amount:sum"]
    )
    [[booked]] = env["nox.time.book"]._read_group([], [], ["minutes:sum"])
    [[balance]] = env["account.move.line"]._read_group(
        [("sale_line_ids.is_service_time", "=", True), ("parent_state", "=", "posted")],
        [],
        ["balance:sum"],
    )
    return {"good": minutes == booked and round(billed + balance, 2) == 0}
