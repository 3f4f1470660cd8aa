"""The demo month in one line: tickets by verdict, minutes, blocks, money.

Runs in Odoo's shell (``./dev demo`` prints the line) and in the test that compares it
with a calculation from the demo files. It asks the database alone.
"""

COMPANY = "nox_voip_service.company_nox"


def totals_line(env):
    """The totals of the demo company, in words a person can check."""
    return f"{tickets_line(env)}\n{run_line(env)}"


def tickets_line(env):
    """The requests: verdicts, minutes, blocks and their money."""
    company = env.ref(COMPANY)
    tickets = env["helpdesk.ticket"].with_company(company)
    domain = [("company_id", "=", company.id)]
    verdicts = dict(tickets._read_group(domain, ["coverage"], ["__count"]))
    [(minutes, blocks, waived, invoiced, due)] = tickets._read_group(
        domain,
        [],
        [
            "worked_minutes:sum",
            "billable_blocks:sum",
            "waived_blocks:sum",
            "invoiced_blocks:sum",
            "to_invoice_blocks:sum",
        ],
    )
    return (
        f"demo month: {sum(verdicts.values())} tickets ("
        + ", ".join(
            f"{count} {verdict.replace('_', ' ')}"
            for verdict, count in sorted(verdicts.items())
        )
        + f"); {minutes} minutes worked; {blocks} blocks: "
        f"{invoiced} invoiced EUR {_invoiced_amount(env, domain):.2f}, "
        f"{due} to invoice EUR {_amount_due(tickets, domain):.2f}, {waived} waived"
    )


def run_line(env):
    """What the run of last month billed for users and trainings."""
    domain = [("company_id", "=", env.ref(COMPANY).id)]
    [(users, amount)] = env["nox.seat.charge"]._read_group(
        domain + [("state", "=", "invoiced")], [], ["quantity:sum", "amount:sum"]
    )
    [(people, balance)] = env["account.move.line"]._read_group(
        domain
        + [
            ("parent_state", "=", "posted"),
            ("product_id.is_admin_training", "=", True),
        ],
        [],
        ["quantity:sum", "balance:sum"],
    )
    return (
        f"last month: {users:.2f} users EUR {amount:.2f}, "
        f"{people:.0f} trainings EUR {-balance:.2f}"
    )


def _invoiced_amount(env, domain):
    """What the posted invoices ask for work on tickets, excl. VAT."""
    [(amount,)] = env["account.move.line"]._read_group(
        domain
        + [
            ("parent_state", "=", "posted"),
            ("sale_line_ids.is_service_time", "=", True),
        ],
        [],
        ["balance:sum"],
    )
    return -amount


def _amount_due(tickets, domain):
    """What the next invoices will ask for work that is done, excl. VAT."""
    due = tickets.search(domain + [("to_invoice_blocks", ">", 0)])
    run = tickets.env["nox.billing.run"].new({"company_id": due.company_id.id})
    return sum(
        line["quantity"] * line["price"]
        for line in run._next_work(due, due._read_work())
        if not line["order_line"] or line["order_line"].is_service_time
    )
