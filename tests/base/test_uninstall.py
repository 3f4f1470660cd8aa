from odoo.tests import tagged

from odoo.addons.nox_voip_service import uninstall_hook

from ..common import MODULE, NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestUninstall(NoxVoipCommon):
    """What people worked on outlives the addon, and another installation leaves it."""

    def test_requests_of_the_demonstration_stay_and_are_no_demo_data_any_more(self):
        ticket = self._ticket(self._pbx())
        names = self.env["ir.model.data"].create(
            [
                {
                    "module": MODULE,
                    "model": record._name,
                    "name": f"test_{number}",
                    "res_id": record.id,
                    "noupdate": True,
                }
                for number, record in enumerate((ticket, self.customer))
            ]
        )
        uninstall_hook(self.env)
        self.assertTrue(ticket.exists())
        self.assertEqual(names.exists().mapped("model"), ["res.partner"])
