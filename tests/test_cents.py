from datetime import date

from odoo.tests import tagged

from .common_cents import SETTINGS, NoxCentsCommon


@tagged("standard", "post_install", "-at_install")
class TestCents(NoxCentsCommon):
    """Bills that add up under both tax roundings of the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]

    def _three_pbxs(self, name):
        """A customer with three PBXs, one user each from 14 September at 10.50."""
        customer = self._customer(name)
        for number in (1, 2, 3):
            pbx = self._pbx(
                customer=customer, name=f"PBX {number}", accepted_on=date(2026, 9, 1)
            )
            self._sell(pbx, 10.5, 1, date(2026, 9, 14), "2026-09-01")
            self.pbxs |= pbx
        return customer

    def test_three_times_a_fraction_of_a_cent(self):
        """0.57 users at 10.50 is 5.985: three lines of 5.99 come to 17.97."""
        for setting in SETTINGS:
            with self.subTest(setting=setting):
                self.company.tax_calculation_rounding_method = setting
                customer = self._three_pbxs(setting)
                self._run("2026-10-01")
                move = self._moves().filtered(
                    lambda x, own=customer: x.partner_id == own
                )
                move.action_post()
                lines = move.invoice_line_ids.filtered("seat_charge_id")
                self.assertEqual(lines.mapped("price_subtotal"), [5.99, 5.99, 5.99])
                self.assertEqual(move.amount_untaxed, 17.97)
                self.assertEqual(move.amount_tax, 3.77)
                self.assertAddsUp(move)
                credit = self._refund(move)
                credit.action_post()
                self.assertEqual(credit.amount_total, 21.74)
                self.assertAddsUp(credit)
