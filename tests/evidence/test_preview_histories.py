"""What was stored the evening before is what random customers were billed."""

from collections import Counter
from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_histories import RUNS, NoxHistoriesCommon


@tagged("standard", "post_install", "-at_install")
class TestPreviewHistories(NoxHistoriesCommon):
    """Corrections, goods at a discount, prices with VAT in them, credit notes, under
    both roundings: nothing changed in between, so nothing may differ."""

    seed = 21
    customers = 24
    work_share = 0.5

    def test_all_bills_are_as_they_were_shown(self):
        Preview = self.env["nox.invoice.preview"]
        for day, setting in RUNS:
            self.company.tax_calculation_rounding_method = setting
            month = (day - timedelta(1)).replace(day=1)
            customers = self.pbxs.commercial_partner_id
            with freeze_time(f"{day - timedelta(1)} 21:10"):
                Preview._store(self.company, customers, month, day)
            run = self._run(day)
            with freeze_time(f"{day} 01:50"):
                Preview._compare(run, customers)
            previews = Preview.search(
                [
                    ("company_id", "=", self.company.id),
                    ("month", "=", month),
                    ("commercial_partner_id", "in", customers.ids),
                ]
            )
            for preview in previews:
                with self.subTest(customer=preview.display_name, setting=setting):
                    self.assertEqual(preview.state, "equal", preview.reasons)
            states = Counter(previews.mapped("state"))
            self.assertEqual(states, {"equal": len(previews)})
            self.assertTrue(previews)
            moves = self._moves(run)
            signs = {"out_invoice": 1, "out_refund": -1}
            self.assertAlmostEqual(
                sum(previews.mapped("amount_total")),
                sum(signs[move.move_type] * move.amount_total for move in moves),
            )
            moves.action_post()
            self._correct(day)
