from itertools import product

from odoo import Command, fields
from odoo.tests import tagged

from ..common import NoxVoipCommon

ANSWERS = {
    "location": (None, "remote", "on_site"),
    "replaces_user": (None, True, False),
    "warranty": (None, True, False),
}
# What the shipped catalogue asks and says, at a price of EUR 20.50 a block: kind,
# answers, and for each plan the questions, the verdict and a piece of the headline.
TABLE = [
    # kind, answers, plan, questions, coverage, headline
    ("menu", {}, "standard", [], "billable", "41.00"),
    ("menu", {}, "contract", ["location"], "covered", "Included"),
    ("menu", {"location": "on_site"}, "contract", ["location"], "billable", "41.00"),
    ("menu", {"location": None}, "contract", ["location"], "undecided", "look"),
    ("menu", {}, "self_managed", [], "billable", "49.61"),
    ("add_user", {}, "contract", ["location", "replaces_user"], "undecided", "look"),
    (
        "add_user",
        {"replaces_user": False},
        "contract",
        ["location", "replaces_user"],
        "billable",
        "41.00",
    ),
    (
        "add_user",
        {"replaces_user": True},
        "contract",
        ["location", "replaces_user"],
        "covered",
        "Included",
    ),
    ("add_user", {"location": "on_site"}, "contract", ["location"], "billable", "41"),
    ("replace_user", {}, "contract", ["location"], "covered", "Included"),
    # What is not asked is not believed.
    ("replace_user", {"replaces_user": False}, "contract", None, "covered", None),
    ("add_user", {"replaces_user": True}, "standard", [], "billable", None),
    ("new_number", {}, "contract", [], "billable", "41.00"),
    ("warranty_hardware", {}, "contract", ["location"], "covered", "Included"),
    ("fault", {}, "contract", ["location"], "undecided", "look"),
    ("fault", {}, "standard", ["location"], "undecided", "look"),
    ("fault", {"location": "on_site"}, "standard", ["location"], "billable", "41"),
    ("question", {}, "contract", ["location"], "covered", "Included"),
    ("other", {}, "standard", [], "billable", None),
    ("other", {}, "contract", ["location"], "undecided", "look"),
    ("training", {}, "contract", [], "not_applicable", "350.00"),
]


@tagged("standard", "post_install", "-at_install")
class TestPortalRequest(NoxVoipCommon):
    """What a customer is told before sending is what the ticket then says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = {
            plan.code: cls._pbx(plan, customer=cls._customer(f"On {plan.code}"))
            for plan in (cls.standard, cls.contract_plan, cls.self_managed)
        }
        cls.users = {
            code: cls._portal_user(pbx.partner_id, f"nox_{code}")
            for code, pbx in cls.pbxs.items()
        }
        cls.pbx = cls.pbxs["contract"]
        cls.portal = cls.users["contract"]
        cls.Ticket = cls.env["helpdesk.ticket"].with_user(cls.portal)

    def _read(self, category, **answers):
        """Answers as the form sends them."""
        form = {
            name: {True: "yes", False: "no", None: ""}.get(value, value)
            for name, value in answers.items()
        }
        return self.Ticket._portal_read_answers(form, category)

    def _preview(self, plan_code, category, answers):
        user = self.users[plan_code]
        return self.Ticket.with_user(user)._portal_preview(
            user.partner_id, self.pbxs[plan_code].with_user(user), category, answers
        )

    def _price_once(self):
        """Where prices are not looked at: each amount is computed once."""
        Product = self.registry["product.product"]
        compute, amounts = Product._portal_amounts, {}

        def as_before(product, partner, company, quantity, price=None):
            key = (product, product.env, partner, company, quantity, price)
            if key not in amounts:
                amounts[key] = compute(product, partner, company, quantity, price)
            return amounts[key]

        self.patch(Product, "_portal_amounts", as_before)

    def _create(self, plan_code, category, answers, **texts):
        user = self.users[plan_code]
        return self.Ticket.with_user(user)._create_portal_request(
            user.partner_id,
            self.pbxs[plan_code].with_user(user),
            category,
            answers,
            **{"name": "Change", "description": "Please change", **texts},
        )

    # ------------------------------------------------------------------
    # THE VERDICT
    # ------------------------------------------------------------------

    def test_table(self):
        for kind, answers, plan, questions, coverage, headline in TABLE:
            category = self._category(kind)
            with self.subTest(kind=kind, answers=answers, plan=plan):
                preview = self._preview(plan, category, self._read(category, **answers))
                self.assertEqual(preview["coverage"], coverage)
                if questions is not None:
                    self.assertEqual(preview["questions"], questions)
                if headline:
                    self.assertIn(headline, preview["headline"])

    def test_preview_is_the_stored_verdict(self):
        """Every kind of change, under every plan, with every answer."""
        kinds = self.env["helpdesk.ticket.category"].search(
            self.env["helpdesk.ticket.category"]._request_domain(self.company)
        )
        self.assertGreater(len(kinds), 15)
        self._price_once()
        # The mail that confirms it comes after the verdict.
        self.patch(self.registry["helpdesk.ticket"], "_confirm_request", lambda _: None)
        seen = set()
        for plan, kind in product(self.pbxs, kinds):
            for values in product(*ANSWERS.values()):
                answers = dict(zip(ANSWERS, values, strict=True))
                pbx = self.pbxs[plan].with_user(self.users[plan])
                questions = self.Ticket._portal_questions(pbx, kind, answers)
                asked = tuple((name, answers[name]) for name in questions)
                if (plan, kind, asked) in seen:
                    # Answers to questions that were not asked change nothing.
                    continue
                seen.add((plan, kind, asked))
                preview = self._preview(plan, kind, answers)
                ticket = self._create(plan, kind, answers)
                with self.subTest(plan=plan, kind=kind.name, answers=asked):
                    self.assertEqual(preview["coverage"], ticket.coverage)
                    self.assertEqual(preview["reason"], ticket.coverage_reason or "")
                    self.assertEqual(preview["plan"], ticket.plan_id.name or "")
        self.assertGreater(len(seen), 60)

    def test_customer_and_plan_are_not_the_browsers(self):
        ticket = self._create(
            "contract", self._category("menu"), self._read(self._category("menu"))
        )
        self.assertEqual(ticket.partner_id, self.portal.partner_id)
        self.assertEqual(ticket.commercial_partner_id, self.pbx.partner_id)
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual(ticket.requested_on, self.company._service_today())
        self.assertEqual(ticket.plan_id, self.contract_plan)
        self.assertIn(self.portal.partner_id, ticket.message_partner_ids)
        self.assertFalse(ticket.user_id)

    # ------------------------------------------------------------------
    # THE PRICE
    # ------------------------------------------------------------------

    def test_median_of_five_finished_jobs_replaces_the_catalogue(self):
        kind = self._category("menu").copy({"name": "Copied", "usual_minutes": 20})
        pbx = self.pbxs["standard"]
        read = self._read(kind)
        for count, minutes in enumerate((5, 5, 40, 50, 55), start=1):
            self.assertIn("2 × 15", self._preview("standard", kind, read)["headline"])
            ticket = self._ticket(pbx, category_id=kind.id)
            self._log(ticket, minutes)
            self._finish(ticket)
            self.assertEqual(kind._usual_minutes(self.company), 20 if count < 5 else 40)
        self.assertIn("3 × 15", self._preview("standard", kind, read)["headline"])

    def test_above_the_hour_a_quote_comes_first(self):
        kind = self._category("menu").copy({"name": "Long", "usual_minutes": 61})
        preview = self._preview("standard", kind, self._read(kind))
        self.assertIn("quote first", preview["headline"])
        self.assertIn("102.50", preview["notes"][0])

    def test_without_usual_minutes_the_price_of_a_block(self):
        kind = self._category("menu").copy({"name": "New", "usual_minutes": 0})
        preview = self._preview("standard", kind, self._read(kind))
        self.assertNotIn("0 ×", preview["headline"])
        self.assertIn("20.50", preview["notes"][0])

    def test_price_is_the_customers_pricelist(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Friends",
                "company_id": self.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": self.block_product.product_tmpl_id.id,
                            "compute_price": "fixed",
                            "fixed_price": 18,
                        }
                    )
                ],
            }
        )
        customer = self.pbxs["standard"].partner_id.with_company(self.company)
        customer.property_product_pricelist = pricelist
        kind = self._category("menu")
        preview = self._preview("standard", kind, self._read(kind))
        self.assertIn("36.00", preview["headline"])
        self.assertIn("43.56", preview["headline"])

    # ------------------------------------------------------------------
    # ANSWERS AFTERWARDS
    # ------------------------------------------------------------------

    def test_answer_settles_the_verdict_at_once(self):
        kind = self._category("add_user")
        ticket = self._create("contract", kind, self._read(kind))
        self.assertEqual(ticket._portal_missing(), ["replaces_user"])
        self.assertFalse(ticket._portal_answer(answers={"replaces_user": None}))
        # Not asked: not changed.
        self.assertFalse(ticket._portal_answer(answers={"location": "on_site"}))
        self.assertTrue(ticket._portal_answer(answers={"replaces_user": True}))
        self.assertState(ticket, coverage="covered", work_location="remote")
        self.assertFalse(ticket._portal_answer(answers={"replaces_user": False}))
        self.assertEqual(ticket.coverage, "covered")

    def test_kind_and_pbx_of_a_mail_are_answered(self):
        other = self._pbx(self.contract_plan, self.pbx.partner_id, name="Second")
        strange = self.pbxs["standard"]
        ticket = self._ticket(
            self.pbx, category_id=False, pbx_id=False, partner_id=self.pbx.partner_id.id
        )
        self.assertIn("pbx", ticket._portal_missing())
        self.assertFalse(ticket._portal_answer(pbx=strange))
        self.assertTrue(ticket._portal_answer(pbx=other))
        self.assertEqual(ticket.pbx_id, other)
        self.assertEqual(ticket._portal_missing(), ["scope"])
        self.assertTrue(ticket._portal_answer(category=self._category("menu")))
        self.assertEqual(ticket.coverage, "covered")

    def test_closed_or_overridden_ticket_asks_nothing(self):
        ticket = self._create("contract", self._category("add_user"), {})
        self.env["nox.coverage.override"].create(
            {"ticket_id": ticket.id, "coverage": "billable", "reason": "We look"}
        )
        self.assertFalse(ticket._portal_missing())
        other = self._create("contract", self._category("add_user"), {})
        other.stage_id = self.stage_dropped
        self.assertFalse(other._portal_missing())

    # ------------------------------------------------------------------
    # LIMITS
    # ------------------------------------------------------------------

    def test_requests_per_user_and_hour(self):
        self.company.service_request_limit = 2
        kind = self._category("menu")
        for _number in range(2):
            self.assertFalse(self.Ticket._portal_requests_exceeded())
            ticket = self._create("contract", kind, self._read(kind))
        self.assertTrue(self.Ticket._portal_requests_exceeded())
        self.assertFalse(
            self.Ticket.with_user(self.users["standard"])._portal_requests_exceeded()
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = %s WHERE id = %s",
            [
                fields.Datetime.subtract(fields.Datetime.now(), hours=1, seconds=1),
                ticket.id,
            ],
        )
        self.env.invalidate_all()
        self.assertFalse(self.Ticket._portal_requests_exceeded())
        self.company.service_request_limit = 0
        self.assertFalse(self.Ticket._portal_requests_exceeded())
