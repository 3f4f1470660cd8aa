"""Four mistakes that open a door, found by reading the code (part of ``./dev lint``).

``sudo``    a route that hands a value of the request to a record in sudo
``markup``  HTML made by formatting inside ``Markup()``: nothing in it is escaped
``bills``   a public method that bills or approves, and asks nobody's rights
``domain``  a route or a public method that searches by a domain of the caller

What is right all the same stands in ``KNOWN`` with its reason. Written here, because
semgrep is an installation of seventy megabytes for as many lines.
"""

import ast

from devtools.places import ADDON, REPO

BILLS = {
    "_bill_customers",
    "_create_invoices",
    "_create_service_invoices",
    "_post",
    "_service_send",
    "_validate_order",
    "action_confirm",
    "action_post",
    "recurring_create_invoice",
}
# By which a method asks for rights.
ASKS = {"check_access", "has_access", "has_group", "has_groups"}
GUARDS = {"for_readers", "private"}
SEARCHES = {
    "formatted_read_group",
    "read_group",
    "search",
    "search_count",
    "search_fetch",
    "search_read",
}
# (rule, file below the addon, function): why it is right.
KNOWN = {
    ("sudo", "controllers/evidence/evidence.py", "portal_invoice_evidence"): (
        "the invoice was asked for with the reader's rights or its token"
    ),
    ("sudo", "controllers/paper/statement.py", "portal_invoice_statement"): (
        "the invoice was asked for with the reader's rights or its token"
    ),
    ("sudo", "controllers/portal/service_request.py", "portal_new_request"): (
        "files of the request that was just made; names and contents were checked"
    ),
    ("sudo", "controllers/portal/service_request.py", "portal_ticket_answer"): (
        "PBX and kind are picked from those that the customer may choose"
    ),
    ("domain", "controllers/pbx/telephony.py", "portal_my_pbx_users"): (
        "the domain is ours; of the page's address only a word to look for is in it"
    ),
}


# The same of the glue to other addons: folder, then as above.
KNOWN_OF_GLUE = {
    "nox_voip_service_inactive": {
        ("domain", "models/helpdesk_ticket.py", "search"): (
            "Odoo's own search, whose answer becomes smaller"
        )
    }
}


def of_all(_fix=False):
    """`problems` of ours, and of the glue to other addons."""
    yield from problems()
    for path in sorted(ADDON.parent.glob(f"{ADDON.name}_*")):
        yield from problems(folder=path, known=KNOWN_OF_GLUE.get(path.name, {}))


def problems(_fix=False, folder=ADDON, known=None):
    """A line for each mistake, and for each reason without one."""
    known = KNOWN if known is None else known
    found = {}
    for path in sorted(folder.rglob("*.py")):
        if path.is_relative_to(folder / "policy"):
            continue  # knows no database
        name = str(path.relative_to(folder))
        for rule, function, line in mistakes(path.read_text(encoding="utf-8")):
            found.setdefault((rule, name, function), (path, line))
    for key, (path, line) in found.items():
        if key not in known:
            shown = path.relative_to(REPO) if path.is_relative_to(REPO) else path
            yield f"{shown}:{line}: {key[0]}, in {key[2]}()"
    for key in known.keys() - found.keys():
        yield f"{key}: explained, but not found any more"


def mistakes(source):
    """``(rule, function, line)`` of each.

    >>> code = 'def f(x):\\n    return Markup(f"<b>{x}</b>")\\n'
    >>> list(mistakes(code))
    [('markup', 'f', 2)]
    >>> list(mistakes(code.replace('(f"<b>{x}</b>")', '("<b>%s</b>") % x')))
    []
    """
    tree = ast.parse(source)
    inside = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                inside[node] = function.name
            yield from _of_function(function)
    for node in ast.walk(tree):
        if _called(node) == "Markup" and any(map(_is_formatted, node.args)):
            yield "markup", inside.get(node, "<module>"), node.lineno


def _of_function(function):
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    decorators = {_name(each) for each in function.decorator_list}
    is_route = "route" in decorators
    is_public = not function.name.startswith("_") and not decorators & GUARDS
    given = _given(function)
    for call in calls:
        values = [*call.args, *(each.value for each in call.keywords)]
        is_given = any(_uses(value, given) for value in values)
        if is_route and is_given and "sudo" in _chain(call.func):
            yield "sudo", function.name, call.lineno
        first = values[0] if values else None
        if (
            (is_route or is_public)
            and _called(call) in SEARCHES
            and isinstance(first, ast.Name)
            and first.id in given
        ):
            yield "domain", function.name, call.lineno
    names = {_called(call) for call in calls}
    if (
        is_public
        and names & BILLS
        and not names & ASKS
        and not any(str(name).startswith("_check_") for name in names)
        and not _only_super(function, calls)
    ):
        yield "bills", function.name, function.lineno


def _given(function):
    """Names of what the caller chose: the arguments, and what was made of them."""
    arguments = function.args
    names = {
        each.arg
        for each in (
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            *filter(None, (arguments.vararg, arguments.kwarg)),
        )
    } - {"self", "cls"}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _uses(node.value, names):
            names |= {each.id for each in node.targets if isinstance(each, ast.Name)}
    return names


def _uses(node, names):
    return any(
        isinstance(each, ast.Name) and each.id in names for each in ast.walk(node)
    )


def _only_super(function, calls):
    """What bills is only the base's own method of this name, which asks itself."""
    return all(
        "super" in _chain(call.func) and _called(call) == function.name
        for call in calls
        if _called(call) in BILLS
    )


def _called(node):
    return _name(node) if isinstance(node, ast.Call) else None


def _name(node):
    """The last name of what is called: "search" of ``env["x"].sudo().search(...)``."""
    if isinstance(node, ast.Call):
        node = node.func
    return getattr(node, "attr", None) or getattr(node, "id", None)


def _chain(node):
    """All names in front of it."""
    names = set()
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        names.add(_name(node))
        node = node.func if isinstance(node, ast.Call) else node.value
    return names | {getattr(node, "id", None)}


def _is_formatted(node):
    return isinstance(node, ast.JoinedStr | ast.BinOp) or _called(node) == "format"
