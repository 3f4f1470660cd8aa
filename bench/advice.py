"""The night's advice for every PBX, and a letter to every customer."""

from odoo import fields

from . import analysis, month
from .measure import measure


def prepare_advice(env, pbxs, entries):
    """PBXs half of which have a contract with users and half of which have none, and a
    year of requests."""
    made = analysis.prepare(env, entries, customers=pbxs, months=11)
    paid = env["nox.pbx.plan"].search([("plan_id.code", "=", "contract")])
    since = paid[:1].date_start
    month._sell(env, paid, [(month.PRICE, since)], 5)
    month._seats(env, paid.pbx_id, 5)
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return made


def advise(env):
    """What the nightly job does."""
    with measure(env) as found:
        env["nox.plan.advice"]._cron_refresh()
    advices = env["nox.plan.advice"].search([])
    count = len(advices)
    return {
        **found.figures(count or 1),
        "total": found.seconds,
        "advices": count,
        "priced": len(advices.filtered(lambda advice: advice.state != "not_priced")),
    }


def prepare_letters(env, customers):
    """Customers with a price per user."""
    month.prepare(env, customers, seats=1)


def write_letters(env):
    """A new price told to everybody: from the dialog to the queue of mails."""
    with measure(env) as found:
        dialog = env["nox.price.index"].create(
            {
                "percentage": 3.5,
                "ground_text": "CBS, consumer prices",
                "date_start": fields.Date.add(fields.Date.today(), months=3),
            }
        )
        dialog.action_apply()
        env["nox.notice"]._send_waiting(lambda *_args, **_kwargs: env.cr.commit() or 1)
    letters = env["nox.notice"].search([])
    return {
        **found.figures(len(letters) or 1),
        "total": found.seconds,
        "letters": len(letters),
        "mails": len(letters.mail_id.filtered("attachment_ids")),
    }
