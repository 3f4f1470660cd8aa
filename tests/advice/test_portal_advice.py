from odoo.tests import tagged

from ..common_portal import PortalPages


@tagged("standard", "post_install", "-at_install")
class TestPortalAdvice(PortalPages):
    """What another plan would have cost, on the page of the customer's own PBX."""

    def test_page_shows_it_by_setting_only(self):
        priced = self._pbx(
            self.standard,
            name="Branch",
            accepted_on=self.day.replace(year=self.day.year - 1),
        )
        self._seats(priced, 1, priced.accepted_on)
        self.contract_plan.seat_product_id.list_price = 5
        work = self._ticket(priced)
        self._log(work, 20)
        priced._refresh_advice()
        sentence = "Contract would have cost"
        self._login("owner")
        self.assertNotIn(sentence, self._get(f"/my/telephony/{priced.id}").text)
        self.company.service_portal_advice = True
        page = self._get(f"/my/telephony/{priced.id}").text
        self.assertIn(sentence, page)
        self.assertIn("counted as approved", page)
        self.assertNotIn(sentence, self._get("/my/telephony/{pbx}").text)
        self._login("stranger")
        self.assertEqual(self._get(f"/my/telephony/{priced.id}").status_code, 404)
        # Nobody compares with a plan that he no longer has.
        priced._start_plan(self.contract_plan, self.company._service_today())
        self._login("owner")
        self.assertNotIn(sentence, self._get(f"/my/telephony/{priced.id}").text)
