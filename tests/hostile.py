"""What a browser may send that no page of ours asks for: values, and the parameters
that each page of the portal reads. ``./dev fuzz`` mixes them."""

import os

# Where it stands, no page is found, whatever stands beside it.
NUL = "a\x00b"
THOROUGH = bool(os.environ.get("NOX_THOROUGH"))
# What no form asks for, and any browser may send: values that break the same code.
KINDS = {
    "nothing": ("",),
    "no number": ("abc", "1.5", "²", "[1]"),
    "no page": ("-1", "0"),
    "no id": ("99999999999999999999",),
    "pattern": ("%", "_", "\\"),
    "markup": ("'\"><script>",),
    "no text": (NUL,),
    "no end": ("x" * 5000,),
}
NASTY = tuple(value for kind in KINDS.values() for value in kind)
BESIDE = tuple(value for value in NASTY if value != NUL)


def some(number):
    """One value of each kind, another one for the next number; all with ``--thorough``.

    >>> some(0)[:3], some(1)[:3]
    (('', 'abc', '-1'), ('', '1.5', '0'))
    """
    if THOROUGH:
        return NASTY
    return tuple(kind[number % len(kind)] for kind in KINDS.values())


PARAMETERS = {
    "/my/telephony": ("page", "search", "sortby"),
    "/my/telephony/{pbx}": ("page", "pbx_id"),
    "/my/telephony/{pbx}/users": ("page", "search", "search_in", "sortby", "filterby"),
    "/my/telephony/request": ("pbx", "kind", "location", "replaces_user", "warranty"),
    "/my/tickets": (
        "page",
        "date_begin",
        "date_end",
        "sortby",
        "filterby",
        "groupby",
        "search",
        "search_in",
    ),
    "/my/ticket/{ticket}": ("access_token", "sent", "answered", "not_closed"),
    "/my/trainings": ("page",),
    "/ticket/close": ("ticket_id", "stage_id"),
    "/new/ticket": ("category",),
}
LIST = ("page", "date_begin", "date_end", "sortby", "filterby")
BILL_PARAMETERS = {
    "/my/contracts": LIST,
    "/my/contracts/{contract}": ("access_token",),
    "/my/charges/{charge}": ("access_token", "page"),
    "/my/invoices": LIST,
    "/my/invoices/{invoice}": ("access_token", "amount", "questioned", "report_type"),
    "/my/orders": LIST,
    "/my/orders/{order}": ("access_token", "message", "payment_amount", "report_type"),
}
