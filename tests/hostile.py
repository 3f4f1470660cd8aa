"""What a browser may send that no page of ours asks for: values, and the parameters
that each page of the portal reads. Tests send each once, ``./dev fuzz`` mixes them."""

# What no form asks for, and any browser may send.
NASTY = (
    "",
    "abc",
    "-1",
    "0",
    "1.5",
    "99999999999999999999",
    "²",
    "%",
    "_",
    "\\",
    "'\"><script>",
    "a\x00b",
    "[1]",
    "x" * 5000,
)
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
