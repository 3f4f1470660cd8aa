from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestSubscription(NoxVoipCommon):
    """From quote to subscription: what was sold starts, and is billed by the run
    alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(name="Garage", accepted_on=date(2025, 12, 1))
        cls.seat_product = cls.env.ref("nox_voip_service.product_seat")
        cls.phone = cls.env["product.product"].create(
            {"name": "Phone", "list_price": 100, "invoice_policy": "order"}
        )

    def _order(self, *lines, **values):
        """A quote of the contract and whatever else."""
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [Command.create(line) for line in lines],
                **values,
            }
        )

    def _users_line(self, **values):
        return {
            "product_id": self.seat_product.id,
            "product_uom_qty": 10,
            "price_unit": 6.75,
            "service_pbx_id": self.pbx.id,
            "service_start_on": date(2026, 3, 10),
            **values,
        }

    def _phone_line(self):
        return {
            "product_id": self.phone.id,
            "product_uom_qty": 2,
            "price_unit": 100,
            "tax_ids": [Command.clear()],
        }

    def test_no_discount_is_promised_that_the_run_does_not_give(self):
        order = self._order(self._users_line())
        for confirmed in (False, True):
            if confirmed:
                order.action_confirm()
            for kind in ("so_discount", "amount"):
                wizard = self.env["sale.order.discount"].create(
                    {
                        "sale_order_id": order.id,
                        "discount_type": kind,
                        "discount_percentage": 0.1,
                        "discount_amount": 5,
                    }
                )
                with (
                    self.subTest(kind=kind, confirmed=confirmed),
                    self.assertRaisesRegex(UserError, "price per month"),
                ):
                    wizard.action_apply_discount()
        self.assertEqual(order.amount_untaxed, 67.5)

    # ------------------------------------------------------------------
    # CONFIRMATION
    # ------------------------------------------------------------------

    def test_quote_becomes_a_running_plan_and_nothing_is_typed_again(self):
        order = self._sell(self.pbx, 6.75, 10, date(2026, 3, 10), "2026-03-02")
        period = order.order_line.plan_period_id
        self.assertEqual(period.plan_id, self.contract_plan)
        self.assertEqual(
            (period.price_unit, period.date_start), (6.75, date(2026, 3, 10))
        )
        line = period.contract_line_id
        self.assertEqual((line.quantity, line.price_unit), (10, 6.75))
        self.assertEqual(line.date_start, date(2026, 3, 10))
        self.assertEqual(order.invoice_status, "no")

    def test_terms_of_the_order_go_along(self):
        currency = self.env.ref("base.USD")
        currency.active = True
        contact = self.env["res.partner"].create(
            {"name": "Invoices", "parent_id": self.customer.id, "type": "invoice"}
        )
        term = self.env["account.payment.term"].create({"name": "14 days (test)"})
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": currency.id}
        )
        order = self._order(
            self._users_line(price_unit=9.99, discount=5),
            pricelist_id=pricelist.id,
            partner_invoice_id=contact.id,
            payment_term_id=term.id,
            client_order_ref="PO 7",
        )
        with freeze_time("2026-03-02 09:00"):
            order.action_confirm()
        line = order.order_line.plan_period_id.contract_line_id
        contract = line.contract_id
        self.assertEqual(line.price_unit, 9.49)  # 9.4905, to the cent.
        self.assertEqual(
            (contract.currency_id, contract.invoice_partner_id),
            (currency, contact),
        )
        self.assertEqual((contract.payment_term_id, contract.code), (term, "PO 7"))

    def test_change_of_plan_speaks_the_currency_of_the_contract(self):
        dollar = self._dollar()
        self.coordinator.group_ids |= self.env.ref("base.group_multi_currency")
        product = self.env.ref("nox_voip_service.product_seat")
        product.with_company(self.company).lst_price = 8
        # Odoo's list prices are in the currency of the main company.
        euros = 8 if product.currency_id == self.company.currency_id else 4
        plain = self._pbx(name="Plain", customer=self._customer("Garage"))
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        order = self._order(
            self._users_line(price_unit=9.99), pricelist_id=pricelist.id
        )
        with freeze_time("2026-03-02 09:00"):
            order.action_confirm()
        shop = self._pbx(name="Shop", accepted_on=date(2025, 12, 1))
        dialog = self.env["nox.pbx.change.plan"].with_user(self.coordinator)
        for pbx, currency, price in (
            (self.pbx, dollar, 9.99),
            (shop, dollar, 2 * euros),
            (plain, self.company.currency_id, euros),
        ):
            form = Form(dialog.with_context(default_pbx_id=pbx.id))
            form.plan_id = self.contract_plan
            form.date_start = date(2026, 4, 1)
            self.assertEqual((form.currency_id, form.price_unit), (currency, price))
            if pbx == shop:
                form.billed_until = date(2026, 4, 1)
                form.save()._apply()
                self.assertEqual(
                    shop._running_period(date(2026, 4, 1)).currency_id, dollar
                )

    def test_a_seller_without_rights_on_plans_confirms(self):
        seller = new_test_user(
            self.env,
            login="nox_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        order = self._order(self._users_line(), user_id=seller.id)
        with freeze_time("2026-03-02 09:00"):
            order.with_user(seller).action_confirm()
        self.assertEqual(self.pbx._running_period(date(2026, 3, 10)).price_unit, 6.75)
        # The seller hears that the users who were sold are still to be entered.
        activity = self.pbx.activity_ids
        self.assertEqual(activity.user_id, seller)
        self.assertIn("sold 10 users", activity.note)

    def test_an_order_that_cannot_start_is_refused_before_it_is_sent(self):
        self._pbx(name="Second", accepted_on=date(2025, 12, 1))
        for values, sentence in (
            ({"service_pbx_id": False}, "Choose the PBX"),
            ({"price_unit": 0}, "needs its price"),
        ):
            order = self._order(self._users_line(**values))
            for act in (order.action_quotation_send, order.action_confirm):
                with self.assertRaisesRegex(UserError, sentence):
                    act()
        order = self._order(self._users_line(), self._users_line(price_unit=5))
        with self.assertRaisesRegex(UserError, "one price per user"):
            order.action_confirm()
        other = self._pbx(customer=self._customer("Other"), name="Theirs")
        with self.assertRaisesRegex(ValidationError, "not a PBX of"):
            self._order(self._users_line(service_pbx_id=other.id))

    def test_second_pbx_of_the_customer_has_its_own_price(self):
        second = self._pbx(name="Shop", accepted_on=date(2025, 12, 1))
        order = self._order(
            self._users_line(),
            self._users_line(service_pbx_id=second.id, price_unit=8),
        )
        with freeze_time("2026-03-02 09:00"):
            order.action_confirm()
        periods = order.order_line.plan_period_id
        self.assertEqual(periods.mapped("price_unit"), [6.75, 8])
        self.assertEqual(len(periods.contract_line_id.contract_id), 1)

    def test_users_added_to_a_confirmed_order_start_too(self):
        order = self._order(self._phone_line())
        order.action_confirm()
        order.write({"order_line": [Command.create(self._users_line())]})
        self.assertEqual(self.pbx._running_period(date(2026, 3, 10)).price_unit, 6.75)

    # ------------------------------------------------------------------
    # NEVER INVOICED BY THE ORDER
    # ------------------------------------------------------------------

    def _advance(self, order, method, **values):
        return (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": method, **values})
        )

    def test_no_way_to_an_invoice_takes_the_users_along(self):
        order = self._order(self._users_line())
        order.action_confirm()
        line = order.order_line
        # Delivered by hand, or forced by an online payment.
        line.qty_delivered = 5
        self.assertEqual(line.qty_to_invoice, 0)
        for final in (False, True):
            for force in (False, True):
                if force:
                    order._force_lines_to_invoice_policy_order()
                with self.assertRaisesRegex(UserError, "monthly run"):
                    order._create_invoices(final=final)
        line.qty_to_invoice = 5  # Whatever else may come.
        for method, values in (
            ("delivered", {}),
            ("percentage", {"amount": 50}),
            ("fixed", {"fixed_amount": 10}),
        ):
            with self.assertRaisesRegex(UserError, "monthly run"):
                self._advance(order, method, **values).create_invoices()
        self.assertFalse(order.invoice_ids)
        self.assertEqual(order.invoice_status, "no")

    def test_the_rest_of_the_order_is_invoiced_without_them(self):
        order = self._order(self._users_line(), self._phone_line())
        order.action_confirm()
        order._force_lines_to_invoice_policy_order()
        with self.assertRaisesRegex(UserError, "cannot be more"):
            self._advance(order, "fixed", fixed_amount=201).create_invoices()
        self._advance(order, "percentage", amount=50).create_invoices()
        self.assertEqual(order.invoice_ids.amount_untaxed, 100)
        order.invoice_ids.action_post()
        move = order._create_invoices(final=True)
        self.assertEqual(move.amount_untaxed, 100)
        products = order.invoice_ids.invoice_line_ids.product_id
        self.assertNotIn(self.seat_product, products)
