"""The pages that ``./dev screenshots`` shows, and who looks at each.

Runs in Odoo's shell on a copy of the demo, where a few more customers can log in and two
lines of invoices are questioned. Addresses come from the demo's own records.
"""

import base64
import json

MODULE = "nox_voip_service"
# Scripts that press, on a page that is there.
UNFOLD = "document.querySelectorAll('#wrap details').forEach((e) => { e.open = true; })"
PRESS = "document.querySelector(\"[data-bs-target='#modal{}']\").click();"
# The page as it was before a change: it shows the old amounts, sends what it showed, and
# hears the new amount.
SIGN_WHAT_WAS = """
const was = %s;
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data.replace(
        /\\d+([.,])\\d\\d/g,
        (now, point) => was[now.replace(point, ".")]?.replace(".", point) ?? now
    );
}
const open = XMLHttpRequest.prototype.open;
XMLHttpRequest.prototype.open = function (method, url, ...more) {
    return open.call(this, method, url.replace(/content=\\w+/, "content=0"), ...more);
};
setTimeout(() => document.querySelector("#modalaccept .o_portal_sign_submit").click(), 1500);
"""
FEWER_BLOCKS = 2
STAFF = ["anita", "nox-coordinator", "nox-accountant", "nox-manager"]


def pictured(env):
    """What is shown, as plain data::

    portal     {picture: [log-in, address, script that presses something]}
    backend    {picture: [log-in, address, selector of what comes last]}
    guide      the same of a page of docs/guide, once in each language
    partners   ids of the customers who look and of their contacts
    users      ids of those who log in for them
    staff      ids of those who look at the backend
    """
    for name in ("hotel", "lawyers", "gp"):
        _give_log_in(env, name)
    _ref(env, "base.user_admin").password = "admin"
    # Of the copy nobody has to be asked whether anything is missing.
    env["nox.billing.run"]._remember_database()
    users = env["res.users"].search(
        [("share", "=", True), ("company_id", "=", _ref(env, "company_nox").id)]
    )
    customers = users.partner_id.commercial_partner_id
    return {
        "portal": _portal(env),
        "backend": _backend(env),
        "guide": _guide(env),
        "staff": env["res.users"].search([("login", "in", STAFF)]).ids,
        "partners": env["res.partner"].search([("id", "child_of", customers.ids)]).ids,
        "users": users.ids,
    }


def _portal(env):
    pbx = _ref(env, "pbx_dentist")
    charge = env["nox.seat.charge"].search(
        [("pbx_id", "=", pbx.id), ("state", "=", "invoiced")], limit=1
    )
    contract = pbx.period_ids.contract_line_id.contract_id[:1]
    open_ = _question(env, "bakery_saturday_menu", "Dit hebben we zelf gedaan.")
    answered = _question(
        env, "gp_network_fault", "Volgens onze internetaanbieder lag het niet aan ons."
    )
    answered.answer = (
        "De nieuwe switch in uw praktijk gaf spraak geen voorrang; zie de aanvraag."
    )
    answered.with_user(_ref(env, "user_accountant")).action_uphold()
    _give_pdf(charge.move_id | open_.move_id | answered.move_id)
    waiting = _ref(env, "bakery_second_shop")
    quote = _order(env, "bakery_second_shop")
    changed = SIGN_WHAT_WAS % json.dumps(_amounts_before(waiting.quote_id))
    return {
        "home": ("tandarts", "/my"),
        "systems": ("hotel", "/my/telephony"),
        "telephony": ("tandarts", f"/my/telephony/{pbx.id}"),
        "users": ("tandarts", f"/my/telephony/{pbx.id}/users?filterby=all"),
        "request": ("tandarts", _request(env, pbx, "add_user")),
        "request-included": (
            "tandarts",
            _request(env, pbx, "menu") + "&location=remote",
        ),
        "request-billable": (
            "tandarts",
            _request(env, pbx, "new_number") + "&location=remote",
        ),
        "requests": ("tandarts", "/my/tickets"),
        "ticket": ("bakker", _ticket(env, "bakery_second_shop")),
        "ticket-questions": ("tandarts", _ticket(env, "dentist_hygienist")),
        "ticket-finished": ("bakker", _ticket(env, "bakery_welcome_text")),
        "quote": ("bakker", quote),
        "quote-sign": ("bakker", quote, PRESS.format("accept")),
        "quote-decline": ("bakker", quote, PRESS.format("decline")),
        "quote-changed": ("bakker", quote, PRESS.format("accept") + changed),
        "quote-approved": ("hotel", _order(env, "hotel_room_phones")),
        "quote-expired": ("lawyers", _order(env, "lawyers_expired_quote")),
        "invoice": ("tandarts", f"/my/invoices/{charge.move_id.id}"),
        "invoice-question": ("bakker", f"/my/invoices/{open_.move_id.id}", UNFOLD),
        "invoice-answer": ("gp", f"/my/invoices/{answered.move_id.id}"),
        "charge": ("tandarts", f"/my/charges/{charge.id}"),
        "trainings": ("tandarts", "/my/trainings"),
        "contracts": ("tandarts", "/my/contracts"),
        "contract": ("tandarts", f"/my/contracts/{contract.id}"),
    }


def _backend(env):
    over_the_limit = _ref(env, "lawyers_supplement")
    return {
        "decisions": (
            "nox-coordinator",
            f"/odoo/action-{MODULE}.helpdesk_ticket_action_to_decide",
            ".o_kanban_record",
        ),
        "ticket": (
            "nox-coordinator",
            f"/odoo/action-helpdesk_mgmt.helpdesk_ticket_action/{over_the_limit.id}",
            ".o_form_view .o-mail-Message",
        ),
    }


def _guide(env):
    ticket = _ref(env, "bakery_second_shop")
    run = env["nox.billing.run"].search([("state", "=", "done")], limit=1)
    return {
        "technician": (
            "anita",
            f"/odoo/action-helpdesk_mgmt.helpdesk_ticket_action/{ticket.id}",
            ".o_form_view .o-mail-Message",
        ),
        "coordinator": (
            "nox-coordinator",
            f"/odoo/action-{MODULE}.helpdesk_ticket_action_to_decide",
            ".o_kanban_record",
        ),
        "accountant": (
            "nox-accountant",
            f"/odoo/action-{MODULE}.nox_billing_run_action/{run.id}",
            ".o_form_view .o-mail-Message",
        ),
        "manager": (
            "nox-manager",
            f"/odoo/action-{MODULE}.nox_figures_action_open",
            ".o_form_view",
        ),
    }


def _ref(env, name):
    return env.ref(name if "." in name else f"{MODULE}.{name}")


def _ticket(env, name):
    return f"/my/ticket/{_ref(env, name).id}"


def _order(env, ticket):
    return f"/my/orders/{_ref(env, ticket).quote_id.id}"


def _request(env, pbx, kind):
    kind = _ref(env, f"category_{kind}")
    return f"/my/telephony/request?pbx={pbx.id}&kind={kind.id}"


def _give_log_in(env, name):
    """The contact of a customer can log in; the password is the log-in."""
    company = _ref(env, "company_nox")
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "partner_id": _ref(env, f"contact_{name}").id,
            "login": name,
            "password": name,
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(6, 0, _ref(env, "base.group_portal").ids)],
        }
    )


def _question(env, ticket, remark):
    """The customer's question about the invoice line of a ticket."""
    ticket = _ref(env, ticket)
    line = ticket.service_order_ids.order_line.invoice_lines.filtered(
        lambda each: each._can_be_disputed()
    )[:1]
    return line.move_id._dispute_line(line.id, remark, ticket.partner_id)


def _give_pdf(invoices):
    """As if they were mailed: without a PDF of its own Odoo shows a pro forma."""
    invoices.invoice_pdf_report_file = base64.b64encode(b"%PDF-1.4")


def _amounts_before(quote):
    """``{what a quote shows: what it showed}`` when it was a few blocks less."""
    share = (quote.service_blocks - FEWER_BLOCKS) / quote.service_blocks
    now = (
        quote.service_blocks,
        quote.amount_untaxed,
        quote.amount_tax,
        quote.amount_total,
    )
    return {f"{number:.2f}": f"{number * share:.2f}" for number in now}
