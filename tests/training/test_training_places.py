from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_training import TrainingCase


@tagged("standard", "post_install", "-at_install")
class TestTrainingPlaces(TrainingCase):
    """Places come from what was sold: nobody files one under another sale."""

    def test_place_is_of_the_sale_that_made_it(self):
        mine, other = self._sell_training(), self._sell_training()
        place = mine.training_ids
        values = {"sale_line_id": other.order_line.id}
        for user in (self.coordinator, self.manager):
            for name, args in (
                ("write", (place.ids, values)),
                ("write", (place.ids, {"sale_line_id": False})),
                ("create", ([{**values, "pbx_id": self.pbx.id}],)),
            ):
                with self.subTest(user=user.login, name=name):
                    with self.assertRaises(AccessError) as refusal:
                        self._rpc(user, "nox.admin.training", name, *args)
                    self.assertSentence(refusal)
        self.assertEqual(place.sale_line_id, mine.order_line)
        self.assertEqual(len(other.training_ids), 1)

    def test_one_more_person_comes_by_the_order(self):
        order = self._sell_training()
        order.order_line.with_user(self.coordinator).product_uom_qty = 2
        self.assertEqual(len(order.training_ids), 2)
