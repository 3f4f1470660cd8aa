"""``./dev reliability``: docs/reliability.md, from docs/reliability.json.

The data file has what can go wrong in billing, row by row, with the tests that prove each
safe or the sentence that a user must know; and the last result of each scenario of
``./dev faults``. A row that names a test that is not there is a problem.
"""

import json
import re

from devtools import ui
from devtools.places import REPO

DATA = REPO / "docs" / "reliability.json"
PAGE = REPO / "docs" / "reliability.md"


def run():
    """Write the page; 0 when every test that it names is there."""
    data = read()
    if gone := missing(data):
        raise ui.Problem(
            "these tests are not there:\n  " + "\n  ".join(gone),
            f"correct the rows in {DATA.relative_to(REPO)}",
        )
    PAGE.write_text(page(data))
    ui.say(f"{PAGE.relative_to(REPO)}: {len(data['rows'])} rows")


def read():
    return json.loads(DATA.read_text())


def keep_result(name, result):
    """Remember the last result of a scenario."""
    data = read()
    data["faults"][name] = result
    DATA.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(page(data))


def missing(data):
    """The tests that rows name and that are not there: ``file::name``, below tests/; a
    scenario is ``faults:name``."""
    gone = []
    for row in data["rows"]:
        for proof in row["proof"]:
            if proof.startswith("faults:"):
                there = proof.removeprefix("faults:") in data["faults"]
            else:
                path, _sep, name = proof.partition("::")
                file = REPO / "tests" / path
                there = file.exists() and (
                    not name
                    or re.search(rf"^ *def {name}\(", file.read_text(), re.MULTILINE)
                )
            if not there:
                gone.append(f"{row['row']}: {proof}")
    return gone


def page(data):
    """The text of docs/reliability.md."""
    lines = [data["intro"], ""]
    for group in dict.fromkeys(row["group"] for row in data["rows"]):
        lines += [
            f"## {group}",
            "",
            "| row | the danger | what holds it |",
            "|---|---|---|",
        ]
        lines += [
            f"| {row['row']} | {row['danger']} | {_held(row)} |"
            for row in data["rows"]
            if row["group"] == group
        ]
        lines.append("")
    lines += [data["faults_intro"], ""]
    lines += [
        "| scenario | what happens | rounds | day | result |",
        "|---|---|---|---|---|",
    ]
    for name, found in data["faults"].items():
        noted = f" ({found['noted']})" if found["noted"] else ""
        lines.append(
            f"| `{name}` | {found['title']} | {found['rounds']} | {found['date']}"
            f" | {found['outcome']}{noted} |"
        )
    return "\n".join(lines) + "\n"


def _held(row):
    proofs = ", ".join(f"`{proof}`" for proof in row["proof"])
    return ". ".join(part for part in (row.get("why", ""), proofs) if part)
