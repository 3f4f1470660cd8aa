"""The rooms of the addon, and the order in which their slices of a model run."""

import ast
from collections import defaultdict

from devtools.places import ADDON

TOPICS = (
    "base plan pbx ticket order billing rehearsal dispute training portal"
    " paper evidence analysis advice notice setup"
).split()
# Methods that two topics extend. Odoo runs the slice that is imported last first, so
# that of two topics the later one in TOPICS speaks first and finishes last.
TWICE = {
    # The statement and the evidence are each attached by a setting of their own.
    "account.move.send": {
        "_get_placeholder_mail_attachments_data": "paper evidence",
    },
    # An open question about a line is closed before its invoice is cancelled. The
    # evidence is gathered of an invoice that is posted, blocks and all.
    "account.move": {
        "_post": "billing evidence",
        "button_cancel": "billing dispute",
    },
    # A line takes its questions along, or with it into the bin, after its cents.
    "account.move.line": {
        "_copy_data_extend_business_fields": "billing dispute",
        "unlink": "billing dispute",
    },
    # The run asks tickets first; trainings are one more kind of order to bill.
    "nox.billing.run": {
        "_customers_of_orders": "billing training",
        "_other_orders_to_bill": "billing training",
    },
    # Administrators of another customer leave when the PBX has changed hands.
    "nox.pbx": {
        "_has_history_of_customer": "pbx training",
        "write": "pbx training",
    },
    # A period needs its days (pbx) before its price (billing) and its certified
    # administrator (training), who is asked for before anything is written.
    "nox.pbx.plan": {
        "create": "pbx billing training",
        "unlink": "pbx billing training",
        "write": "pbx billing training",
    },
    # Which rules decide a day follows from the tables that were published, and for a
    # customer from the day on which his letter came into force.
    "nox.service.plan": {
        "_published_tables": "advice notice",
        "_superseded_edition_id": "plan advice",
    },
    # An order is of a ticket, sells users or trainings: what it starts or ends when
    # it is confirmed or cancelled follows Odoo's own and the ticket's.
    "sale.order": {
        "_action_cancel": "order billing training",
        "_action_confirm": "order billing training",
        "_confirmation_error_message": "order billing",
        "_service_section": "billing training",
        # Lines that changed share their cents, before they are compared.
        "_void_when_changed": "order billing",
    },
    # A line is work of a ticket, users, or places in a training; each topic answers
    # for its own lines and leaves the others to the one before it.
    "sale.order.line": {
        "_compute_qty_delivered": "order training",
        "_compute_qty_to_invoice": "order billing",
        "_is_billed_by_run": "billing training",
        "_needs_pbx": "billing training",
        "_prepare_qty_delivered": "order training",
        "_service_invoice_name": "order training",
        "_service_section": "billing training",
        "create": "order billing training",
        "unlink": "order training",
        "write": "order billing training",
    },
}


def imported(package):
    """Names that a package imports, in order."""
    for node in ast.parse((package / "__init__.py").read_text()).body:
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def slices(folder):
    """``(topic, class)`` of every model, in the order in which Odoo meets them."""
    for topic in imported(folder):
        if not (folder / topic).is_dir():
            continue
        for name in imported(folder / topic):
            tree = ast.parse((folder / topic / f"{name}.py").read_text())
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    yield topic, node


def assigned(node):
    """Constants of a class, as ``{name: value}``."""
    return {
        each.targets[0].id: each.value.value
        for each in node.body
        if isinstance(each, ast.Assign)
        and isinstance(each.targets[0], ast.Name)
        and isinstance(each.value, ast.Constant)
    }


def extended():
    """``{model: {method: [topic of each slice, in order]}}`` of what stands twice."""
    found = defaultdict(lambda: defaultdict(list))
    for folder in ("models", "wizards"):
        for topic, node in slices(ADDON / folder):
            names = assigned(node)
            model = names.get("_name") or names.get("_inherit")
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    found[model][each.name].append(topic)
    return {
        model: twice
        for model, methods in found.items()
        if model and (twice := {k: v for k, v in methods.items() if len(v) > 1})
    }


def test_topics_are_imported_in_one_order():
    for folder in ("models", "wizards"):
        rooms = [each for each in imported(ADDON / folder) if each in TOPICS]
        assert rooms == [topic for topic in TOPICS if topic in rooms]


def test_every_file_is_in_a_room_and_imported_once():
    for folder in (ADDON / "models", ADDON / "wizards"):
        for room in [folder, *(folder / each for each in TOPICS)]:
            if not room.exists():
                continue
            names = list(imported(room))
            there = {path.stem for path in room.glob("*.py")} - {"__init__"}
            there |= {path.name for path in room.iterdir() if path.is_dir()}
            assert sorted(names) == sorted(there - {"__pycache__"})


def test_nothing_is_extended_twice_but_by_this_list():
    """Whoever adds a second slice of a method says here which runs first, and why."""
    there = {
        model: {method: " ".join(topics) for method, topics in methods.items()}
        for model, methods in extended().items()
    }
    assert there == TWICE


def test_within_a_topic_a_method_stands_once():
    for model, methods in extended().items():
        for method, topics in methods.items():
            assert len(set(topics)) == len(topics), f"{model}.{method}: {topics}"


def test_guards_are_imported_last():
    """They stand in front of every slice; a dialog is no slice of a model."""
    assert list(imported(ADDON / "models"))[-1] == "guarded_models"
    assert list(imported(ADDON / "wizards"))[-1] == "guarded_dialogs"
    assert [*imported(ADDON)][-2:] == ["wizards", "uninstall_hook"]
    for _, node in slices(ADDON / "wizards"):
        assert "TransientModel" in ast.unparse(node.bases[0])


def test_what_a_room_shows_lies_in_a_room_and_is_loaded():
    """Views and data have a folder a topic; what no manifest names is never seen."""
    manifest = ast.literal_eval((ADDON / "__manifest__.py").read_text())
    loaded = [*manifest["data"], *manifest["demo"]]
    assert len(loaded) == len(set(loaded))
    for folder in ("data", "reports", "security", "views", "wizards"):
        for path in (ADDON / folder).rglob("*.xml"):
            name = path.relative_to(ADDON).as_posix()
            assert name in loaded
            room = name.split("/")[1]
            assert folder == "security" or room in (*TOPICS, "demo", "menus.xml")
    menus = (ADDON / "views" / "menus.xml").read_text().count("<menuitem")
    everywhere = sum(
        path.read_text().count("<menuitem") for path in ADDON.rglob("*.xml")
    )
    assert menus == everywhere
