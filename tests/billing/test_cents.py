from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_cents import SETTINGS, NoxCentsCommon


@tagged("standard", "post_install", "-at_install")
class TestCents(NoxCentsCommon):
    """Bills that add up under both tax roundings of the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]

    def test_three_times_a_fraction_of_a_cent(self):
        """0.57 users at 10.50 is 5.985: three lines of 5.99 come to 17.97."""
        for setting in SETTINGS:
            with self.subTest(setting=setting):
                self.company.tax_calculation_rounding_method = setting
                customer = self._three_pbxs(setting)
                self._run("2026-10-01")
                move = self._moves().filtered(
                    lambda x, own=customer: x.partner_id == own
                )
                move.action_post()
                lines = move.invoice_line_ids.filtered("seat_charge_id")
                self.assertEqual(lines.mapped("price_subtotal"), [5.99, 5.99, 5.99])
                self.assertEqual(move.amount_untaxed, 17.97)
                self.assertEqual(move.amount_tax, 3.77)
                self.assertAddsUp(move)
                credit = self._refund(move)
                credit.action_post()
                self.assertEqual(credit.amount_total, 21.74)
                self.assertAddsUp(credit)

    def _bill_of_all(self, name):
        """A posted invoice of the run with 2 users and a ticket of 2 blocks."""
        pbx = self._customer_pbx(name)
        self.pbxs |= pbx
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        ticket = self._work(pbx, 20)
        move = self._moves(self._run("2026-04-01"))
        move.action_post()
        return pbx, ticket, move

    def test_duplicate_bills_nothing_that_was_billed(self):
        pbx, ticket, move = self._bill_of_all("Duplicate")
        move.button_draft()
        move.invoice_line_ids = [
            Command.create({"name": "A cable", "quantity": 1, "price_unit": 9.95})
        ]
        move.action_post()
        copy = move.copy()
        lines = copy.invoice_line_ids
        self.assertEqual(lines.filtered("price_unit").mapped("name"), ["A cable"])
        self.assertEqual(copy.amount_untaxed, 9.95)
        self.assertIn("left out", copy.message_ids[:1].body)
        with freeze_time("2026-04-02"):
            copy.action_post()
        credit = self._refund(copy, rebill="yes")
        credit.action_post()
        self._run("2026-04-03")
        self.assertEqual(len(self._charges(pbx)), 1)
        self.assertState(ticket, invoiced_blocks=2, billable_blocks=2)
        self.assertEqual(copy.copy().amount_untaxed, 9.95)

    def test_what_the_run_made_is_not_merged(self):
        """OCA's merge cancels what it has put on a new invoice that knows no users."""
        self.company.service_invoice_separate = True
        pbx = self._customer_pbx("Merge")
        self.pbxs = pbx
        self._sell(pbx, 10.5, 3, date(2026, 3, 1), "2026-03-01")
        ticket = self._work(pbx, 20)
        moves = self._moves(self._run("2026-04-01"))
        self.assertEqual(len(moves), 2)
        for move in moves:
            with self.assertRaises(UserError) as refusal:
                move.with_context(is_merge=True).button_cancel()
            self.assertSentence(refusal)
        self._run("2026-04-02")
        self.assertEqual(len(self._moves()), 2)
        self.assertEqual([c[2:] for c in self._charges(pbx)], [(3, 31.5, "invoiced")])
        self.assertState(ticket, invoiced_blocks=2)

    def _accuracy(self, digits):
        precision = self.env["decimal.precision"].search(
            [("name", "=", "Product Unit")]
        )
        precision.digits = digits
        self.env.registry.clear_cache()

    def test_users_are_billed_to_two_decimals(self):
        """0.57 of a user is never 1 or 0.6: with fewer decimals no run starts."""
        self._three_pbxs("Precise")
        with freeze_time("2026-10-01 00:30"):
            run = self._get_run()
            for digits in (0, 1):
                self._accuracy(digits)
                with self.subTest(digits=digits):
                    with self.assertRaisesRegex(
                        UserError, "Product Unit.*accuracy|accuracy.*Product Unit"
                    ) as refusal:
                        run.action_run()
                    self.assertSentence(refusal)
                    run._bill_customers(self.pbxs.commercial_partner_id)
                    self.assertFalse(self._moves())
                    self.assertIn("Product Unit", self._parked(run)[:1].reason)
            self._accuracy(3)
            run._bill_customers(self.pbxs.commercial_partner_id)
        move = self._moves()
        move.action_post()
        self.assertEqual(
            move.invoice_line_ids.filtered("seat_charge_id").mapped("quantity"),
            [0.57] * 3,
        )
        self.assertAddsUp(move)
        credit = self._refund(move)
        credit.invoice_line_ids.filtered("seat_charge_id")[1:].unlink()
        credit.invoice_line_ids.filtered("seat_charge_id").quantity = 0.28
        credit.action_post()
        self.assertEqual(credit.amount_untaxed, 2.94)
        self.assertAddsUp(credit)

    def test_a_day_that_is_closed_in_the_books_starts_no_run(self):
        self._three_pbxs("Closed")
        with freeze_time("2026-10-01 00:30"):
            run = self._get_run()
            for lock in ("sale_lock_date", "tax_lock_date", "fiscalyear_lock_date"):
                with self.subTest(lock=lock):
                    self.company[lock] = "2026-09-30"
                    self.assertFalse(run._hindrance())
                    self.company[lock] = "2026-10-01"
                    with self.assertRaisesRegex(UserError, "closed") as refusal:
                        run.action_run()
                    self.assertSentence(refusal)
                    self.company[lock] = False
            self.company.sale_lock_date = "2026-10-01"
            self.company.service_run_automatic = True
            run.unlink()
            run.with_company(self.company)._start_due_run()
            run = self._get_run()
            self.assertEqual(run.state, "draft")
            self.assertIn("closed", run.activity_ids.note)

    def test_the_cent_never_lands_on_an_exempt_line(self):
        """Lines at 0%, and fractions of a cent at 21%, as invoice and credit note."""
        exempt = self._tax("Exempt", 0)
        training = self.env.ref("nox_voip_service.product_training")
        for setting in SETTINGS:
            with self.subTest(setting=setting):
                self.company.tax_calculation_rounding_method = setting
                customer = self._three_pbxs(f"Exempt {setting}")
                self._run("2026-10-01")
                move = self._moves().filtered(
                    lambda x, own=customer: x.partner_id == own
                )
                move.invoice_line_ids = [
                    Command.create(
                        {
                            "product_id": training.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                    for quantity, price, tax in (
                        (1, 350, exempt),
                        (0.28, 6.87, self.company.account_sale_tax_id),
                        (0.45, 2.54, self.company.account_sale_tax_id),
                    )
                ]
                move.action_post()
                credit = self._refund(move)
                credit.action_post()
                for each in (move, credit):
                    line = each.invoice_line_ids.filtered(lambda x: x.tax_ids == exempt)
                    self.assertEqual(abs(line.balance), 350)
                    self.assertAddsUp(each)

    def test_prices_with_vat_in_them_stay_what_was_promised(self):
        """Lines of prices incl. VAT come to what these prices come to."""
        tax = self.company.account_sale_tax_id
        included = self._tax("21% incl.", price_include_override="tax_included")
        position = self._position("Incl.", tax, included)
        for setting in SETTINGS:
            with self.subTest(setting=setting):
                self.company.tax_calculation_rounding_method = setting
                customer = self._three_pbxs(
                    f"Incl {setting}", property_account_position_id=position.id
                )
                pbx = self._pbx(
                    customer=customer, name="PBX 4", accepted_on=date(2026, 9, 1)
                )
                self._sell(pbx, 12.71, 1, date(2026, 9, 1), "2026-09-01")
                self.pbxs |= pbx
                self._work(pbx, 20, day=date(2026, 9, 20))
                rehearsal = self._rehearse(date(2026, 10, 1)).filtered(
                    lambda each, own=customer: each.partner_id == own
                )
                move = self._bill(customer)
                self.assertEqual(move.fiscal_position_id, position)
                # 3 x 5.99, 12.71 and 2 x 20.50
                self.assertEqual(move.amount_total, 71.68)
                self.assertAddsUp(move)
                self.assertEqual(rehearsal.amount_total, move.amount_untaxed)
                credit = self._refund(move)
                self.assertAddsUp(credit)
                self.assertEqual(credit.amount_total, move.amount_total)
                credit.unlink()  # What is credited is credited once.
                part = self._refund(move)
                part.invoice_line_ids.filtered("seat_charge_id")[1].unlink()
                part.invoice_line_ids.filtered("seat_charge_id")[1].quantity = 0.28
                part.action_post()
                self.assertAddsUp(part)

    def test_vat_for_an_early_payer_is_the_same_everywhere(self):
        """2% within 8 days, VAT always reduced: preview, quote and invoice."""
        term = self.env["account.payment.term"].create(
            {
                "name": "2% within 8 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 8,
                "early_pay_discount_computation": "mixed",
            }
        )
        for setting in SETTINGS:
            with self.subTest(setting=setting):
                self.company.tax_calculation_rounding_method = setting
                pbx = self._customer_pbx(
                    f"Early {setting}", {"property_payment_term_id": term.id}
                )
                self.pbxs |= pbx
                self._sell(pbx, 10.5, 1, date(2026, 9, 14), "2026-09-01")
                ticket = self._work(pbx, 20, day=date(2026, 9, 20))
                with freeze_time("2026-09-30 12:00"):
                    preview = pbx._portal_next_invoice()
                move = self._bill(pbx.partner_id)
                self.assertEqual(move.invoice_payment_term_id, term)
                self.assertEqual(move.amount_untaxed, 46.99)
                # 2% of the lines are 0.12 and 0.82; 21% of 46.05 is 9.6705.
                self.assertEqual(move.amount_tax, 9.67)
                for name, amount in (
                    ("untaxed", move.amount_untaxed),
                    ("total", move.amount_total),
                ):
                    self.assertEqual(round(preview[name], 2), amount)
                order = ticket.service_order_ids
                self.assertEqual(order.amount_untaxed, 41)
                self.assertEqual(order.amount_tax, 8.44)
                credit = self._refund(move)
                credit.action_post()
                self.assertEqual(credit.amount_tax, move.amount_tax)

    def test_currencies_without_and_with_three_decimals(self):
        """Yen have no cents, dinars have mils: corrections add up in both."""
        for code, price, rate in (("JPY", 1051, 160), ("KWD", 10.51, 0.33)):
            currency = self.env["res.currency"].with_context(active_test=False)
            currency = currency.search([("name", "=", code)])
            currency.active = True
            self.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "name": "2026-01-01",
                    "rate": rate,
                }
            )
            pricelist = self.env["product.pricelist"].create(
                {"name": code, "currency_id": currency.id}
            )
            for setting in SETTINGS:
                with self.subTest(currency=code, setting=setting):
                    self.company.tax_calculation_rounding_method = setting
                    customer = self._three_pbxs(
                        f"{code} {setting}", property_product_pricelist=pricelist.id
                    )
                    pbx = self.pbxs[-1]
                    for line in self.pbxs[-3:].period_ids.contract_line_id:
                        line.price_unit = price
                    move = self._bill(customer)
                    self.assertEqual(move.currency_id, currency)
                    self.assertAddsUp(move)
                    # A second user was there on 7 of the 30 days after all.
                    seat = self._seats(pbx, 1, date(2026, 9, 24), first=300)
                    seat.date_end = date(2026, 9, 30)
                    second = self._bill(customer, "2026-10-02")
                    self.assertAddsUp(second)
                    charges = pbx.period_ids.charge_ids
                    self.assertEqual(
                        currency.round(sum(charges.mapped("amount"))),
                        currency.round(sum(charges.mapped("quantity")) * price),
                    )
                    credit = self._refund(second)
                    credit.action_post()
                    self.assertAddsUp(credit)
