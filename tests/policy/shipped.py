"""The shipped decision tables, read from the data file that installs them.

There is one source: what these tests prove is what a customer's database gets.
"""

from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

from odoo.addons.nox_voip_service import policy
from odoo.addons.nox_voip_service.policy.facts import (
    FACTS,
    Rule,
)

DATA = Path(policy.__path__[0]).parent / "data" / "plan" / "nox_coverage_rule_data.xml"
PLAN_CODES = ("standard", "contract", "self_managed")
# Where the column of a row has another name than the fact.
COLUMNS = {"scope": "change_scope", "location": "work_location"}
YES_NO = {"yes": True, "no": False}


def shipped_rows():
    """``{plan code: [values of a row]}`` in order, every field as text."""
    rows = defaultdict(list)
    for record in ElementTree.parse(DATA).iter("record"):
        values = {
            field.get("name"): field.get("ref") or " ".join((field.text or "").split())
            for field in record.iter("field")
        }
        values["id"] = record.get("id")
        rows[values.pop("plan_id").removeprefix("service_plan_")].append(values)
    for plan_rows in rows.values():
        plan_rows.sort(key=lambda values: int(values["sequence"]))
    return dict(rows)


def shipped_rules(plan_code):
    """The table of a plan as the policy wants it, keys without their prefix."""
    return [
        Rule(
            key=values["id"].removeprefix(f"coverage_rule_{plan_code}_"),
            outcome=values["outcome"],
            **{
                name: YES_NO.get(value, value)
                for name in FACTS
                if (value := values.get(COLUMNS.get(name, name)))
            },
        )
        for values in shipped_rows()[plan_code]
    ]
