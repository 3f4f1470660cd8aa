from odoo.tests import tagged

from ..common_histories import THOROUGH
from ..verify.asking import against
from .common_packs import NoxPacksCommon


@tagged("standard", "post_install", "-at_install")
class TestPacks(NoxPacksCommon):
    """Packs of random customers keep to the published schema, their chain holds, and
    the verifier, which shares no code with us, proves each of them."""

    # Two months, or three when thorough: more than a thousand invoices.
    customers = 350 if THOROUGH else 60

    def test_packs_of_random_customers(self):
        packs = self._billed_packs()
        self.assertTrue(packs)
        for move, pack in packs:
            with self.subTest(invoice=move.name, customer=move.partner_id.name):
                self.assertEqual(self.assertPack(move), pack)
                self.assertEqual(against(pack, head=move.evidence_head), [])
