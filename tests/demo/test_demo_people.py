from odoo.tests import TransactionCase, tagged

from ..common import MODULE


@tagged("standard", "post_install", "-at_install", "nox_demo")
class TestDemoPeople(TransactionCase):
    """Who logs in to the demo meets the product first."""

    def test_nothing_chats_over_the_first_screen(self):
        """OdooBot's greeting covers the ticket on a telephone."""
        company = self.env.ref(f"{MODULE}.company_nox", raise_if_not_found=False)
        if not company:
            return
        staff = self.env["res.users"].search(
            [("company_id", "=", company.id), ("share", "=", False)]
        )
        staff = staff.filtered(lambda user: user.get_external_id()[user.id])
        self.assertGreaterEqual(len(staff), 6)
        self.assertEqual(set(staff.mapped("odoobot_state")), {"disabled"})
