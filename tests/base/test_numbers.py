import io
import json
import math

import openpyxl

from odoo.exceptions import ValidationError
from odoo.http import Request
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged

from ..common import NoxVoipCommon, NoxVoipMixin

NO_NUMBERS = (math.nan, math.inf, -math.inf, 1e308, -1e308, 2**63, "nan", "abc", "1,5")
FORMULAS = ("=1+1", "{=1+1}", "@SUM(1)", "\t=1+1", "+1+1")


@tagged("standard", "post_install", "-at_install")
class TestNumbers(NoxVoipCommon):
    """What is no number, or none that adds up, is refused with a sentence."""

    def test_no_number_is_kept_by_any_way(self):
        plan = self._own_plan(self.standard)
        model = plan.with_user(self.manager)
        for name in ("block_minutes", "sequence"):
            before = plan[name]
            for number in (*NO_NUMBERS, 2**31, "1.5"):
                for call in (
                    ("write", [plan.ids, {name: number}]),
                    ("onchange", [plan.ids, {name: number}, [name], {name: {}}]),
                ):
                    with self.subTest(name=name, number=number, way=call[0]):
                        with self.assertRaises(ValidationError) as refusal:
                            call_kw(model, *call, {})
                        self.assertSentence(refusal)
                with self.subTest(name=name, number=number, way="import"):
                    rows = [[str(plan.id), str(number)]]
                    done = call_kw(model, "load", [[".id", name], rows], {})
                    self.assertTrue(done["messages"])
            self.env.invalidate_all()
            self.assertEqual(plan[name], before)

    def test_amounts_and_hours_too(self):
        quote = self._send(self._ticket(self._pbx(), estimated_minutes=90))
        for record, name in (
            (quote.order_line[:1], "price_unit"),
            (self._log(self._ticket(self._pbx(name="Two")), 30), "unit_amount"),
        ):
            for number in NO_NUMBERS:
                with self.subTest(name=name, number=number):
                    with self.assertRaises(ValidationError) as refusal:
                        record.write({name: number})
                    self.assertSentence(refusal)


@tagged("standard", "post_install", "-at_install")
class TestExport(NoxVoipMixin, HttpCase):
    """What a customer wrote is no formula in a file that staff export."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.coordinator.group_ids |= cls.env.ref("base.group_allow_export")
        pbx = cls._pbx()
        cls.tickets = cls.env["helpdesk.ticket"]
        for text in FORMULAS:
            cls.tickets |= cls._ticket(pbx, name=text, partner_name=text)

    def _export(self, kind, groupby=()):
        self.authenticate("nox_coordinator", "nox_coordinator")
        asked = {
            "model": "helpdesk.ticket",
            "fields": [{"name": "name", "label": "Title", "type": "char"}],
            "ids": self.tickets.ids,
            "domain": [("id", "in", self.tickets.ids)],
            "groupby": list(groupby),
            "context": {},
            "import_compat": False,
        }
        data = {"data": json.dumps(asked), "csrf_token": Request.csrf_token(self)}
        answer = self.url_open(f"/web/export/{kind}", data=data)
        self.assertEqual(answer.status_code, 200)
        return answer.content

    def test_csv(self):
        text = self._export("csv").decode()
        for formula in FORMULAS:
            self.assertNotIn(f'"{formula}', text.replace('"{', "{"))
        self.assertIn("'=1+1", text)

    def test_xlsx_flat_and_in_groups(self):
        for groupby in ((), ("partner_name",)):
            with self.subTest(groupby=groupby):
                book = openpyxl.load_workbook(io.BytesIO(self._export("xlsx", groupby)))
                cells = [cell for row in book.active.iter_rows() for cell in row]
                self.assertIn("'=1+1", [cell.value for cell in cells])
                self.assertFalse([c.value for c in cells if c.data_type == "f"])
