from ast import literal_eval
from pathlib import Path

from lxml import etree

from odoo.tests import tagged
from odoo.tools.convert import convert_file
from odoo.tools.misc import file_path

from ..common import MODULE, NoxVoipCommon

# What an administrator makes of a record of ours, by model.
CHANGES = {
    "product.product": {"list_price": 99.5, "name": "Ours"},
    "nox.service.plan": {"name": "Ours", "warn_minutes": 50},
    "nox.coverage.rule": {"reason": "Ours."},
    "helpdesk.ticket.category": {"name": "Ours", "active": False},
    "helpdesk.ticket.stage": {"name": "Ours"},
    "nox.seat.word": {"words": "ours%s"},
    "ir.cron": {"active": False, "interval_number": 9, "nextcall": "2031-02-03 04:05"},
    "mail.template": {"subject": "Ours", "body_html": "<p>Ours</p>"},
    "mail.activity.type": {"summary": "Ours"},
    "ir.sequence": {"prefix": "OURS"},
    "ir.filters": {"name": "Ours %s"},
}
# Units of measure carry no setting: what a block is stands in the plan.
FIXED = {"uom.uom"}


@tagged("standard", "post_install", "-at_install")
class TestUpdateKeeps(NoxVoipCommon):
    """An update reads every data file again and leaves what an administrator made of
    a record: prices, texts, decision tables, hours of jobs."""

    def _files(self):
        """``{name: root}`` of the files of data."""
        manifest = literal_eval(
            Path(file_path(f"{MODULE}/__manifest__.py")).read_text()
        )
        return {
            name: etree.parse(file_path(f"{MODULE}/{name}"))
            for name in manifest["data"]
            if name.startswith("data/")
        }

    def _shipped(self):
        """``{model: records}`` of the files of data, those of the base that they
        complete too."""
        found = {}
        for root in self._files().values():
            for node in root.iter("record"):
                model, name = node.get("model"), node.get("id")
                if model in CHANGES:
                    record = self.env.ref(name if "." in name else f"{MODULE}.{name}")
                    found[model] = found.get(model, record.browse()) | record
        return found

    def _values(self, records):
        self.env.flush_all()
        self.env.invalidate_all()
        names = CHANGES[records._name]
        return {
            record: tuple(str(record[name]) for name in names) for record in records
        }

    def test_every_model_of_the_data_is_known(self):
        """A new file of data brings its model here, or says why nobody edits it."""
        for name, root in self._files().items():
            with self.subTest(name):
                models = {node.get("model") for node in root.iter("record")}
                self.assertLessEqual(models, CHANGES.keys() | FIXED)

    def test_update_leaves_what_an_administrator_changed(self):
        shipped = self._shipped()
        self.assertEqual(shipped.keys(), CHANGES.keys())
        for model, records in shipped.items():
            for record in records:
                record.write(
                    {
                        name: value % record.id if "%s" in str(value) else value
                        for name, value in CHANGES[model].items()
                    }
                )
        before = {model: self._values(records) for model, records in shipped.items()}
        for name in self._files():
            convert_file(self.env, MODULE, name, {}, mode="update")
        for model, records in shipped.items():
            with self.subTest(model):
                self.assertEqual(self._values(records), before[model])
