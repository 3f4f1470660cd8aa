from contextlib import suppress
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import MODULE, NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestCompany(NoxVoipCommon):
    """Plans are shared; what they sell is a choice of each company."""

    def test_new_company_has_the_shipped_products(self):
        company = self.env["res.company"].create({"name": "Nox België"})
        contract = self.contract_plan.with_company(company)
        self.assertEqual(contract.time_product_id, self.block_product)
        self.assertEqual(
            contract.seat_product_id, self.env.ref(f"{MODULE}.product_seat")
        )
        self.assertFalse(self.standard.with_company(company).seat_product_id)

    def test_a_plan_of_ones_own_is_shared_as_well(self):
        plan = self.standard.copy({"code": "gold", "name": "Gold"})
        plan.shared_time_product_id = self.block_product.copy()
        company = self.env["res.company"].create({"name": "Nox Nord"})
        self.assertEqual(
            plan.with_company(company).time_product_id, plan.shared_time_product_id
        )

    def test_choice_of_a_company_stays(self):
        other = self.block_product.copy()
        plan = self.standard.with_company(self.company)
        plan.time_product_id = other
        self.env["nox.service.plan"]._share_products()
        self.assertEqual(plan.time_product_id, other)

    @freeze_time("2026-03-01 02:00:00")
    def test_a_moved_company_counts_its_days_elsewhere_at_once(self):
        self.assertEqual(self.company._service_today(), date(2026, 3, 1))
        self.company.service_tz = "America/Curacao"
        self.assertEqual(self.company._service_today(), date(2026, 2, 28))
        self.company.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(self.company._service_today(), date(2026, 3, 1))
        self.company.partner_id = self._customer("Elsewhere", tz="America/Curacao")
        self.assertEqual(self.company._service_today(), date(2026, 2, 28))

    def test_another_service_project_gets_the_time_at_once(self):
        first = self.company._service_project()
        second = first.copy()
        self.company.service_project_id = second
        self.assertEqual(self.company._service_project(), second)

    def test_a_project_that_was_taken_back_is_made_again(self):
        company = self.env["res.company"].create({"name": "Nox België"})
        with suppress(ZeroDivisionError), self.env.cr.savepoint():
            company._service_project()
            company._service_project()  # out of the cache
            raise ZeroDivisionError
        self.assertTrue(company._service_project().exists())

    def test_time_belongs_to_the_company_of_its_ticket(self):
        other = self.env["res.company"].create({"name": "Nox België"})
        ticket = self._ticket(self._pbx())
        line = self._log(ticket, 20)
        elsewhere = other._service_project()
        for name, act in {
            "created": lambda: self._log(ticket, 20, project_id=elsewhere.id),
            "moved": lambda: line.write(
                {"project_id": elsewhere.id, "company_id": other.id}
            ),
        }.items():
            with self.subTest(name), self.assertRaises(ValidationError) as refused:
                act()
            self.assertIn("and so does its time", str(refused.exception))
        self.assertEqual(ticket.worked_minutes, 20)
