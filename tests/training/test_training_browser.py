from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin
from ..common_chromium import BrowserMixin


@tagged("standard", "post_install", "-at_install")
class TestTrainingBrowser(BrowserMixin, NoxVoipMixin, HttpCase):
    """A training as the coordinator sees it: from sold places to a certificate."""

    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx()
        cls.anna = cls._contact(cls.customer, "Anna de Vries")
        cls.bert = cls._contact(cls.customer, "Bert Bakker")
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.env.ref(
                                "nox_voip_service.product_training"
                            ).id,
                            "product_uom_qty": 2,
                            "service_pbx_id": cls.pbx.id,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        cls.places = order.training_ids

    def _tour(self, name):
        self.env.flush_all()
        self.start_tour(
            f"/odoo/nox.pbx/{self.pbx.id}",
            f"nox_training_{name}",
            login=self.coordinator.login,
            timeout=120,
        )
        self.env.invalidate_all()

    def test_coordinator_plans_a_training_and_records_its_results(self):
        self._tour("plan")
        places = self.places
        self.assertEqual(places.mapped("state"), ["planned", "planned"])
        self.assertEqual(places.partner_id, self.anna | self.bert)
        self.assertEqual(places.trainer_id, self.technician)
        yesterday = fields.Date.subtract(self.company._service_today(), days=1)
        self.assertEqual(places.mapped("date"), [yesterday, yesterday])
        self.assertEqual(
            places.event_id.partner_ids,
            self.anna | self.bert | self.technician.partner_id,
        )

        self._tour("result")
        passed = places.filtered(lambda place: place.partner_id == self.anna)
        self.assertEqual(passed.result, "passed")
        self.assertTrue(passed.certificate_number)
        self.assertEqual((places - passed).result, "failed")
        self.assertFalse((places - passed).certificate_number)
        self.assertEqual(self.pbx.administrator_ids, self.anna)
