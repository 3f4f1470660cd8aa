"""Where to look first in the demo, as the people of the demo see the menus.

Runs in Odoo's shell (``./dev demo`` prints the lines) and in the test that sees that
each of them has the menu named here.
"""

# (log-in, menu, what is there)
LOOK_FIRST = [
    ("nox-coordinator", "menu_nox_to_decide", "what waits for a decision"),
    (
        "anita",
        "helpdesk_mgmt.helpdesk_all_ticket_menu",
        "verdict, reason and limit of each request",
    ),
    ("nox-accountant", "menu_nox_to_invoice", "finished work that nobody invoiced yet"),
    ("nox-accountant", "menu_nox_billing_rehearsal", "every customer's next invoice"),
    ("nox-manager", "menu_nox_service_plan", "the plans, their rules and their gaps"),
]


def guide_lines(env):
    """One line for each place: who, the path in that person's language, what."""
    lines = [
        (login, menu_path(env, login, menu), what) for login, menu, what in LOOK_FIRST
    ]
    width = max(len(path) for _login, path, _what in lines)
    return "\n".join(
        f"  {login:15}  {path:{width}}  {what}" for login, path, what in lines
    )


def menu_path(env, login, menu):
    """``Helpdesk > Tickets > ...`` as this person sees it.

    :raise LookupError: the person does not see the menu
    """
    user = env["res.users"].search([("login", "=", login)])
    xmlid = menu if "." in menu else f"nox_voip_service.{menu}"
    found = env.ref(xmlid).with_user(user).with_context(lang=user.lang)
    if found.id not in found._visible_menu_ids():
        raise LookupError(f"{login} does not see {xmlid}")
    return found.complete_name.replace("/", " > ")
