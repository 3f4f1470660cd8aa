from odoo.tests import tagged

from ..common_portal import PortalPages

ADDRESSES = (
    "/my/ticket/{ticket}/a%00b",
    "/my/ticket/{ticket}?access_token=a%00b",
    "/my/telephony/{pbx}%00",
    "/my/telephony/%00",
    "/my/trainings/{training}?access_token=%00",
    "/my/tickets?search_in=all&search=a%00b",
    "/my/orders/%00",
    "/my/orders/1?access_token=%00",
    "/my/invoices/1/%00",
    "/my/contracts/%00",
    "/my/%00",
    "/my?a%00b=1",
    "/ticket/close?ticket_id=%00",
    "/web/content/%00",
    "/web/image/res.partner/1/%00",
    "/odoo/%00",
    "/mail/view?model=%00&res_id=1",
    "/%00",
    "/nl/%00",
)


@tagged("standard", "post_install", "-at_install")
class TestPortalNul(PortalPages):
    """The character NUL in an address, on pages of ours and of Odoo."""

    def test_no_address_has_a_nul_in_it(self):
        for role in ("nobody", "owner", "technician"):
            self._login(role)
            for address in ADDRESSES:
                with self.subTest(address=address, role=role):
                    response = self._get(address)
                    self.assertEqual(response.status_code, 404, response.text[-500:])
