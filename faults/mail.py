"""The mail server is down while the run sends, and slow when it is back."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from devtools import odoo_process, places

from . import customers
from .months import Broken, each_month, settle, undisturbed


def down(world):
    port = odoo_process.free_port()
    undisturbed(world)
    world.ask(_mail_server, port)
    for number in each_month(world, first=1):
        world.ask(customers.bill, number)
        world.note("send jobs that broke off", world.start(_send).wait()[0] != "done")
        settle(world, number)
        taken = Path(world.config).parent / f"mails-{number}"
        taken.unlink(missing_ok=True)
        taken.touch()
        sink = subprocess.Popen(
            [
                *(sys.executable, "-m", "faults.mail_sink"),
                *(str(port), str(taken), str(number % 2)),
            ],
            cwd=places.REPO,
        )
        try:
            time.sleep(1)
            world.note("mails tried again", world.ask(_again), must=True)
            world.ask(_send)
            world.ask(_again)
        finally:
            sink.terminate()
            sink.wait()
        due = world.ask(_addresses, number)
        found = Counter(taken.read_text().split())
        if found != Counter(due):
            raise Broken([f"month {number}: mails {found}, due {Counter(due)}"])
        world.note("mails", len(due))


def _mail_server(env, port):
    env.company.service_invoice_mode = "send"
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": port}
    )
    env["mail.mail"].search([]).unlink()
    # Only what goes to customers is counted.
    env["res.users"].search([("share", "=", False)]).notification_type = "inbox"


def _send(env):
    """Odoo's own job that sends what was handed over to it; one by one, for not every
    wkhtmltopdf prints several invoices at once."""
    for _ in range(env["res.partner"].search_count([("name", "like", "Customer ")])):
        env["account.move"]._cron_account_move_send(job_count=1)


def _again(env):
    """What failed, as a person tries it again; then the queue."""
    failed = env["mail.mail"].search([("state", "=", "exception")])
    count = len(failed)
    failed.mark_outgoing()
    env["mail.mail"].process_email_queue()
    return count


def _addresses(env, number):
    """One mail for each invoice that this month brought."""
    run = env["nox.billing.run"].search([("month", "=", customers.month(number))])
    return run.move_ids.mapped("partner_id.email")
