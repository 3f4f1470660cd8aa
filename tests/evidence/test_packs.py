from odoo.tests import tagged

from .common_packs import NoxPacksCommon


@tagged("standard", "post_install", "-at_install")
class TestPacks(NoxPacksCommon):
    """Packs of random customers keep to the published schema, and their chain holds."""

    customers = 12

    def test_packs_of_random_customers(self):
        packs = self._billed_packs()
        self.assertTrue(packs)
        for move, pack in packs:
            with self.subTest(invoice=move.name, customer=move.partner_id.name):
                self.assertEqual(self.assertPack(move), pack)
