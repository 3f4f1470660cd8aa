from datetime import date

from lxml import html

from odoo.tests import tagged

from ..common_browser import PHONE, PortalBrowserCase
from ..common_portal import PortalPages
from ..hostile import some

# What of the details a person sees.
IN_SIGHT = """[...document.querySelectorAll(".o_nox_detail")]
    .filter((each) => each.checkVisibility())
    .map((each) => each.dataset.asks)"""
SETTLED = "document.querySelector('.o_nox_verdict [aria-busy=false]')"


@tagged("standard", "post_install", "-at_install")
class TestPortalDetails(PortalPages):
    """What helps us to do a request at once comes along with it."""

    def _ask(self, kind, **values):
        form = self._request_form(kind=self._category(kind).id, **values)
        answer = self._post("/my/telephony/request", form)
        return answer, self._requests().sorted("id")[-1:]

    def test_a_fault_brings_a_number_and_how_urgent_it_is(self):
        self._login("owner")
        _answer, ticket = self._ask("fault", phone="+31 (0)30-123 45 67", urgency="3")
        self.assertState(ticket, callback_phone="+31 (0)30-123 45 67", priority="3")
        self.assertIn(ticket.callback_phone, self._get(ticket.access_url).text)
        self._login("nobody")
        page = self._get(ticket.get_portal_url())
        self.assertNotIn(ticket.callback_phone, page.text)

    def test_what_is_no_number_is_said(self):
        self._login("owner")
        answer, ticket = self._ask("fault", phone="call me")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("This is no telephone number: call me", answer.text)
        self.assertFalse(ticket)

    def test_other_kinds_have_no_urgency(self):
        self._login("owner")
        _answer, ticket = self._ask("menu", phone="0301234567", urgency="3")
        self.assertState(ticket, callback_phone=False, priority="1")

    def test_who_leaves_and_who_comes_are_facts_of_the_request(self):
        seat = self.pbx.seat_ids[:1]
        self._login("owner")
        _answer, ticket = self._ask(
            "replace_user",
            leaver=seat.id,
            newcomer_name="Kim Smit",
            newcomer_extension=seat.extension,
            day="2027-02-01",
        )
        self.assertState(
            ticket,
            seat_leaver_id=seat,
            seat_name="Kim Smit",
            seat_extension=seat.extension,
            seat_day=date(2027, 2, 1),
            seat_change="replace",
        )

    def test_a_foreign_user_is_none(self):
        foreign = self._seats(self.other_pbx, 1, self.day)
        self._login("owner")
        answer, ticket = self._ask("remove_user", leaver=foreign.id)
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(ticket)

    def test_the_list_of_users_opens_a_request_that_is_filled_in(self):
        seat = self.pbx.seat_ids.sorted("extension")[0]
        self._login("owner")
        users = html.fromstring(self._get("/my/telephony/{pbx}/users").text)
        for word, kind, leaver in (
            ("Leaves", "remove_user", seat),
            ("Is replaced", "replace_user", seat),
            ("Report a new user", "add_user", seat.browse()),
        ):
            with self.subTest(word):
                href = users.xpath(f"//a[text()='{word}']/@href")[0]
                page = html.fromstring(self._get(href).text)
                (form,) = page.xpath("//form[contains(@class, 'o_nox_request')]")
                fields = dict(form.form_values())
                self.assertEqual(int(fields["kind"]), self._category(kind).id)
                self.assertEqual(fields.get("leaver") or "", str(leaver.id or ""))
                self.assertIn(leaver.name or "A new user", fields["subject"])
                # It can be sent as it is.
                del fields["csrf_token"]
                before = self._requests()
                self._post("/my/telephony/request", fields)
                ticket = self._requests() - before
                self.assertState(
                    ticket, category_id=self._category(kind), seat_leaver_id=leaver
                )

    def test_a_finished_request_is_asked_again(self):
        self._login("owner")
        _answer, ticket = self._ask("call_group", subject="Kim in the group")
        link = f"/my/telephony/request?again={ticket.id}"
        self.assertNotIn(link, self._get(ticket.access_url).text)
        self._finish(ticket)
        self.env.flush_all()
        self.assertIn(link, self._get(ticket.access_url).text)
        for role, filled in (("mate", True), ("stranger", False)):
            self._login(role)
            page = html.fromstring(self._get(link).text)
            (form,) = page.xpath("//form[contains(@class, 'o_nox_request')]")
            fields = dict(form.form_values())
            with self.subTest(role):
                self.assertEqual(fields["subject"] == "Kim in the group", filled)
                self.assertEqual("workshop" in fields["description"], filled)
                kind = str(self._category("call_group").id)
                self.assertEqual(fields.get("kind") == kind, filled)

    def test_nothing_breaks_the_form(self):
        """Whatever stands in a detail, in the address and in what is sent; the address
        has several of them at once."""
        self._login("owner")
        names = ("again", "about", "leaver", "phone", "urgency", "day", "newcomer_name")
        self.assertParameters({"/my/telephony/request": names})
        for number, name in enumerate(names):
            for value in some(number):
                with self.subTest(name=name, value=value[:20]):
                    answer, _ticket = self._ask("replace_user", **{name: value})
                    self.assertLess(answer.status_code, 500)


@tagged("standard", "post_install", "-at_install")
class TestPortalDetailsBrowser(PortalBrowserCase):
    """The form asks what the kind of change needs, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.contract_plan)
        cls._seats(cls.pbx, 3, cls.day)
        cls._portal_person(cls.customer, "nox_on_phone")

    def test_a_kind_asks_what_it_needs(self):
        shown = {}
        kinds = {
            key: self._category(key).id
            for key in ("fault", "replace_user", "menu", "add_user")
        }
        with self._chromium("nox_on_phone", PHONE) as page:
            page.open("/my/telephony/request")
            shown[""] = page.run(IN_SIGHT)
            for key, number in kinds.items():
                page.run(
                    f"document.querySelector('input[name=kind][value=\"{number}\"]').click()"
                )
                page.wait(f"{SETTLED}")
                shown[key] = page.run(IN_SIGHT)
                self.assertEqual(page.overflow(), [])
        self.assertEqual(
            shown,
            {
                "": [],
                "fault": ["fault"],
                "replace_user": ["leaver", "newcomer", "day"],
                "menu": [],
                "add_user": ["newcomer", "day"],
            },
        )
