"""The shipped decision tables, read from the data file that installs them.

There is one source: what these tests prove is what a customer's database gets.
"""

from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

from odoo.addons.nox_voip_service import policy
from odoo.addons.nox_voip_service.policy.facts import (
    Rule,
)

DATA = Path(policy.__path__[0]).parent / "data" / "plan" / "nox_coverage_rule_data.xml"
PLAN_CODES = ("standard", "contract", "self_managed")
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
            scope=values.get("change_scope"),
            location=values.get("work_location"),
            replaces_user=YES_NO.get(values.get("replaces_user")),
            warranty=YES_NO.get(values.get("warranty")),
            fault_domain=values.get("fault_domain"),
        )
        for values in shipped_rows()[plan_code]
    ]
