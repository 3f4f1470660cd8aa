from datetime import datetime, timedelta

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..training.test_training import TrainingCase


@tagged("standard", "post_install", "-at_install")
class TestDialogs(TrainingCase):
    """Dialogs as the web client saves them: what stands readonly in a view is not
    sent, unless the view says so. A form of the tests keeps that rule."""

    def _training_dialog(self, kind, places, user):
        dialog = self.env[f"nox.training.{kind}"].with_user(user)
        return Form(dialog.with_context(default_training_ids=places.ids))

    def _planned(self, people=2):
        places = self._sell_training(people).training_ids
        self._plan_places(places, [self.anna, self.bert])
        return places

    def test_coordinator_plans_a_training(self):
        places = self._sell_training(2).training_ids
        start = datetime.combine(self.day, datetime.min.time()) + timedelta(hours=8)
        with self._training_dialog("plan", places, self.coordinator) as form:
            form.start_at = start
            form.trainer_id = self.technician
            for row, person in enumerate(self.anna | self.bert):
                with form.line_ids.edit(row) as line:
                    line.partner_id = person
        form.record.action_apply()
        self.assertEqual(places.partner_id, self.anna | self.bert)
        self.assertEqual(places.mapped("start_at"), [start, start])
        self.assertEqual(places.trainer_id, self.technician)

    def test_trainer_saves_results(self):
        places = self._planned()
        with self._training_dialog("result", places, self.technician) as form:
            for row, result in enumerate(("passed", "failed")):
                with form.line_ids.edit(row) as line:
                    line.result = result
                    line.result_remark = f"Remark {result}"
        form.record.action_apply()
        self.assertEqual(
            places.sorted("id").mapped("result"),
            ["passed", "failed"],
        )
        self.assertIn("Remark passed", places.mapped("result_remark"))

    def test_everybody_passed_is_filled_in_and_saved(self):
        places = self._planned()
        with self._training_dialog("result", places, self.technician) as form:
            pass
        form.record.action_all_passed()
        self.assertFalse(any(places.mapped("result")), "written before it was saved")
        form.record.action_apply()
        self.assertEqual(places.mapped("result"), ["passed", "passed"])

    def test_proof_of_a_quote_that_changed_meanwhile_is_refused(self):
        ticket = self._over_the_hour(self.pbx)
        quote = self._send(ticket)
        form = Form(
            self.env["nox.quote.proof"]
            .with_user(self.coordinator)
            .with_context(default_order_id=quote.id)
        )
        form.signed_by = "Anna de Vries"
        form.proof = "UHJvb2Y="
        quote.order_line.price_unit = 30
        self._send(ticket)
        proof = form.save()
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            proof.action_approve()

    def test_whatever_a_dialog_proposes_is_saved_as_it_was_proposed(self):
        """Rows that a dialog computes are made again from what the client sends: a
        field of theirs that is readonly and not sent arrives empty."""
        views = self.env["ir.ui.view"].search(
            [("type", "=", "form"), ("model", "=like", "nox.%")]
        )
        rows = [
            (view, self.env[view.model]._fields[node.get("name")], node)
            for view in views
            if self.env[view.model]._transient
            for node in etree.fromstring(view.arch).iterfind(".//field[list]")
        ]
        proposed = [row for row in rows if row[1].compute and row[1].store]
        self.assertGreaterEqual(len(proposed), 4)
        for view, lines, node in proposed:
            for shown in node.iterfind("list/field"):
                field = self.env[lines.comodel_name]._fields[shown.get("name")]
                readonly = shown.get("readonly") in ("1", "True") or field.readonly
                if not field.compute and readonly:
                    with self.subTest(view=view.name, field=field.name):
                        self.assertEqual(shown.get("force_save"), "1")
