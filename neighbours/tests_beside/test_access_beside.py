"""Who may do what where our glue is: docs/access-neighbours.md."""

import os

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.nox_voip_service.tests.base.access_matrix import (
    MODULE,
    AccessMatrix,
    page,
)

from devtools.places import REPO
from neighbours import lane

PAGE = REPO / "docs" / "access-neighbours.md"
HEAD = """# Who may do what beside other addons

As [docs/access.md](access.md), of the models that our glue to other addons extends or
adds, and of its buttons; with all neighbours installed.
`neighbours/tests_beside/test_access_beside.py` fails when this page and what Odoo
answers differ, and makes it anew with `NOX_WRITE_ACCESS=1 ./dev test --lane neighbours
-k access_beside`. Do not edit it.
"""


@tagged("standard", "post_install", "-at_install")
class TestAccessBeside(AccessMatrix):
    # That of the look-up of a person is on the other page.
    addons = tuple(
        path.name for path in lane.glue() if path.name != f"{MODULE}_privacy"
    )

    @classmethod
    def _make_more_records(cls):
        super()._make_more_records()
        stage = cls.stage_done
        sla = cls.env["helpdesk.sla"].create(
            {"name": "x", "hours": 8, "stage_id": stage.id}
        )
        ticket = cls.records["helpdesk.ticket"][:1]
        ticket.team_id = cls.env["helpdesk.ticket.team"].create(
            {"name": "x", "resource_calendar_id": cls.company.resource_calendar_id.id}
        )
        cls.records["helpdesk.ticket.sla"] = cls.env["helpdesk.ticket.sla"].create(
            {"ticket_id": ticket.id, "sla_id": sla.id}
        )
        cls.env["res.partner"].with_delay().exists()
        cls.records["queue.job"] = cls.env["queue.job"].search([], limit=1)

    def _cell_in_process(self, name, user):
        # Of somebody archived access.md tells that he calls nothing.
        return user.active and self._cell(self._in_process(user), name, user) or ""

    @mute_logger(
        "odoo.sql_db",
        "odoo.addons.base.models.ir_model",
        "odoo.addons.base.models.ir_rule",
    )
    def test_the_page_says_who_may_do_what_with_the_glue(self):
        self._leave()
        text = page(self._rows(self._cell_in_process), self._marks(), HEAD)
        if os.environ.get("NOX_WRITE_ACCESS"):
            PAGE.write_text(text, encoding="utf-8")
        self.maxDiff = None
        self.assertEqual(PAGE.read_text(encoding="utf-8"), text)
