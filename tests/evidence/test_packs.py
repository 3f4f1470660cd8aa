import json
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.nox_voip_service.policy import evidence

from .common_packs import NoxPacksCommon

SCHEMA = Path(__file__).parents[2] / "docs" / "evidence-schema.json"


@tagged("standard", "post_install", "-at_install")
class TestPacks(NoxPacksCommon):
    """Packs of random customers keep to the published schema, and their chain holds."""

    customers = 12

    def test_packs_of_random_customers(self):
        from jsonschema import Draft202012Validator

        validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
        packs = self._billed_packs()
        self.assertTrue(packs)
        for move, pack in packs:
            with self.subTest(invoice=move.name, customer=move.partner_id.name):
                self.assertTrue(pack)
                faults = [
                    f"{list(each.absolute_path)[:6]}: {each.message[:150]}"
                    for each in validator.iter_errors(pack)
                ]
                self.assertFalse(faults)
                self.assertIsNone(evidence.broken(pack))
                self.assertEqual(pack["head"], move.evidence_head)
