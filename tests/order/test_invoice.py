from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import NoxVoipCommon

PRICE = 20.50


class InvoiceCase(NoxVoipCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)

    def _worked(self, *minutes, pbx=None, **values):
        """A finished ticket with so much time."""
        ticket = self._ticket(pbx or self.pbx, **values)
        self._log(ticket, *minutes)
        return self._finish(ticket)

    def assertFrozen(self, lines, user=None):
        for line in lines.with_user(user or self.technician):
            for change in (
                {"unit_amount": 0.1},
                {"date": fields.Date.subtract(self.day, days=1)},
                {"ticket_id": False},
            ):
                with self.subTest(change=change):
                    with self.assertRaises(UserError) as refusal:
                        line.write(change)
                    self.assertIn("invoiced or waived", str(refusal.exception))
            with self.assertRaises(UserError):
                line.unlink()
        self.assertEqual(lines.exists(), lines)

    def assertFree(self, line):
        line.with_user(self.technician).unit_amount = line.unit_amount


@tagged("standard", "post_install", "-at_install")
class TestInvoice(InvoiceCase):
    """Finished work becomes one invoice per customer, a line per ticket, in words
    that anyone can check against the clock."""

    def test_one_invoice_per_customer_and_a_line_per_ticket(self):
        other = self._pbx(self.self_managed, customer=self._customer("Other"))
        mine = self._worked(10, name="First") + self._worked(40, name="Second")
        theirs = self._worked(20, pbx=other)
        covered = self._worked(
            30, pbx=self._pbx(self.contract_plan, name="C"), category="menu"
        )
        open_ticket = self._ticket(self.pbx)
        self._log(open_ticket, 30)
        chosen = mine + theirs + covered + open_ticket
        action = chosen.with_user(self.accountant).action_invoice_service_work()
        moves = self.env["account.move"].search(action["domain"])
        self.assertEqual(len(moves), 2)
        move = moves.filtered(lambda m: m.partner_id == self.customer)
        self.assertEqual(move.state, "draft")
        self.assertEqual(move.invoice_line_ids.mapped("quantity"), [1, 3])
        self.assertAlmostEqual(move.amount_untaxed, 4 * PRICE)
        self.assertAlmostEqual(move.amount_tax, 17.22)
        self.assertAlmostEqual((moves - move).amount_untaxed, 2 * PRICE)
        self.assertState(covered, invoiced_blocks=0, invoice_status="no")
        self.assertState(open_ticket, invoiced_blocks=0, invoice_status="working")

    def test_line_says_number_subject_minutes_blocks_and_reason(self):
        ticket = self._worked(20, 15, name="Two more queues")
        text = self._invoice(ticket).invoice_line_ids.name
        for part in (
            ticket.number,
            "Two more queues",
            "35 minutes",
            "3 × 15 minutes",
            ticket.coverage_reason,
        ):
            self.assertIn(part, text)

    def test_number_stays_where_with_the_subject_it_looks_like_an_account(self):
        """HT01 071T heot her is the number of a bank account, by its check digits."""
        ticket = self._worked(20, number="HT01071", name="The other part")
        line = self._invoice(ticket).invoice_line_ids
        self.assertEqual(line.name.split("\n")[0], "HT01071 The other part")

    def test_line_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        dutch = self._customer("Garage Jansen", lang="nl_NL")
        ticket = self._worked(20, pbx=self._pbx(self.standard, customer=dutch))
        text = self._invoice(ticket).invoice_line_ids.name
        self.assertIn(ticket.with_context(lang="nl_NL").coverage_reason, text)
        self.assertNotIn("Billed here", text)

    def test_approved_quote_is_named_and_blocks_add_up(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 40)
        ticket.estimated_minutes = 90
        quote = self._approve(ticket)
        self._log(ticket, 50)
        lines = self._invoice(ticket).invoice_line_ids
        self.assertEqual(lines.mapped("quantity"), [3, 3])
        self.assertNotIn(quote.name, lines[0].name)
        self.assertIn(quote.name, lines[1].name)

    def test_second_click_bills_nothing(self):
        ticket = self._worked(20)
        self._invoice(ticket, post=False)
        with self.assertRaises(UserError) as refusal:
            ticket.with_user(self.accountant).action_invoice_service_work()
        self.assertSentence(refusal)
        self.assertState(ticket, invoiced_blocks=2, invoice_status="invoiced")

    def test_reopened_ticket_says_what_was_billed_before(self):
        ticket = self._worked(20)
        self._invoice(ticket)
        ticket.stage_id = self.stage_work
        self._log(ticket, 11)
        move = self._invoice(ticket)
        self.assertEqual(move.invoice_line_ids.quantity, 1)
        self.assertIn("Billed before: 2 × 15", move.invoice_line_ids.name)

    def test_price_and_currency_of_the_pricelist(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Dollars",
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 25.10,
                            "product_id": self.block_product.id,
                            "applied_on": "0_product_variant",
                        }
                    )
                ],
            }
        )
        abroad = self._customer("Abroad")
        abroad.with_company(self.company).property_product_pricelist = pricelist
        ticket = self._worked(20, pbx=self._pbx(self.standard, customer=abroad))
        move = self._invoice(ticket)
        self.assertEqual(move.currency_id, dollar)
        self.assertAlmostEqual(move.amount_untaxed, 50.20)

    def test_draft_cannot_be_raised_above_what_was_approved(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 61)
        ticket.estimated_minutes = 90
        self._decline(ticket)
        move = self._invoice(ticket, post=False)
        line = move.invoice_line_ids
        for quantity, words in ((5, "5 blocks"), (3.5, "whole blocks")):
            line.quantity = quantity
            with self.subTest(quantity=quantity):
                with self.assertRaises(UserError) as refusal:
                    move.with_user(self.accountant).action_post()
                self.assertIn(words, str(refusal.exception))
        line.quantity = 3
        move.action_post()
        self.assertState(ticket, invoiced_blocks=3, to_invoice_blocks=1)

    def test_finishing_makes_the_order_of_the_released_time(self):
        tickets = self._ticket(self.pbx) | self._ticket(self.pbx)
        for ticket in tickets:
            self._log(ticket, 20)
        self.assertFalse(tickets.service_order_ids)
        tickets.with_user(self.technician).stage_id = self.stage_done
        orders = tickets.service_order_ids
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        self.assertEqual(orders.order_line.mapped("qty_to_invoice"), [2, 2])
        self.assertEqual(tickets.service_line_id, orders.order_line)

    def test_finished_work_moves_to_another_customer_until_it_is_invoiced(self):
        other = self._pbx(customer=self._customer("Slagerij Bos"))
        ticket = self._ticket(self.pbx)
        self._log(ticket, 20)
        ticket.stage_id = self.stage_done
        first = ticket.service_order_ids
        move = {"partner_id": other.partner_id.id, "pbx_id": other.id}
        ticket.write(move)
        self.assertEqual(first.state, "cancel")
        invoice = ticket._create_service_invoices()
        self.assertEqual(invoice.partner_id, other.partner_id)
        with self.assertRaises(UserError):
            ticket.write({"partner_id": self.customer.id, "pbx_id": self.pbx.id})

    def test_date_wizard_of_sales_counts_whole_blocks(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 20)
        self._log(ticket, 20, day=fields.Date.add(self.day, days=2))
        ticket._ensure_base_order()
        order = ticket.service_order_ids
        order.order_line._recompute_qty_to_invoice(None, self.day)
        self.assertEqual(order.order_line.qty_to_invoice, 2)
        order.order_line._recompute_qty_to_invoice(
            None, fields.Date.add(self.day, days=2)
        )
        self.assertEqual(order.order_line.qty_to_invoice, 3)

    def test_dropped_work_is_billed_or_waived(self):
        for billing, blocks in (("bill", 2), ("waive", 0)):
            ticket = self._ticket(self.pbx)
            self._log(ticket, 20)
            with self.assertRaises(UserError):
                ticket.stage_id = self.stage_dropped
            wizard = (
                self.env["nox.ticket.drop"]
                .with_user(self.coordinator)
                .create(
                    {
                        "ticket_id": ticket.id,
                        "billing": billing,
                        "reason": "Not needed any more",
                    }
                )
            )
            wizard.action_drop()
            with self.subTest(billing=billing):
                self.assertState(
                    ticket, outcome="dropped", to_invoice_blocks=blocks, closed=True
                )
                if blocks:
                    self.assertEqual(self._invoice(ticket).amount_untaxed, 41.00)

    def test_waived_blocks_are_not_billed_and_the_verdict_stays(self):
        ticket = self._worked(40)
        waive = self.env["nox.block.waiver"].with_user(self.coordinator)
        vals = {"ticket_id": ticket.id, "blocks": 2, "reason": "Our own mistake"}
        with self.assertRaises(UserError):
            waive.create([vals, vals])
        waive.create(vals)
        self.assertState(ticket, coverage="billable", to_invoice_blocks=1)
        self.assertAlmostEqual(self._invoice(ticket).amount_untaxed, PRICE)


@tagged("standard", "post_install", "-at_install")
class TestFrozen(InvoiceCase):
    """Invoiced time stays as it was invoiced, and crediting asks whether the work is
    to be billed again."""

    def test_frozen_from_the_draft_on(self):
        ticket = self._worked(20, 10)
        lines = ticket.timesheet_ids
        self.assertFree(lines[0])
        move = self._invoice(ticket, post=False)
        self.assertFrozen(lines)
        self.assertFrozen(lines, self.manager)
        move.action_post()
        self.assertFrozen(lines)
        self.assertEqual(lines.timesheet_invoice_id, move)

    def test_deleted_or_cancelled_draft_is_due_again(self):
        for end in ("unlink", "button_cancel"):
            ticket = self._worked(20)
            move = self._invoice(ticket, post=False)
            getattr(move, end)()
            with self.subTest(end=end):
                self.assertState(ticket, invoiced_blocks=0, to_invoice_blocks=2)
                self.assertFree(ticket.timesheet_ids)
                self.assertFalse(ticket.timesheet_ids.timesheet_invoice_id)
                self.assertAlmostEqual(self._invoice(ticket).amount_untaxed, 41.00)

    def test_entry_that_straddles_the_limit_is_frozen_whole(self):
        ticket = self._ticket(self.pbx)
        lines = self._log(ticket, 50, 20)
        ticket.estimated_minutes = 90
        self._decline(ticket)
        self._invoice(ticket)
        self.assertFrozen(lines)
        self.assertState(ticket, held_minutes=10, invoiced_blocks=4)
        ticket.with_user(self.coordinator).action_create_quote()
        self._approve(ticket)
        self.assertState(ticket, held_minutes=0, to_invoice_blocks=1)

    def test_credited_without_a_new_bill_stays_frozen(self):
        ticket = self._worked(40)
        lines = ticket.timesheet_ids
        refund = self._refund(self._invoice(ticket), rebill="no")
        refund.action_post()
        self.assertState(
            ticket, invoiced_blocks=0, waived_blocks=3, to_invoice_blocks=0
        )
        self.assertFrozen(lines)

    def test_credited_to_be_billed_again_reopens_exactly_that(self):
        ticket = self._worked(40)
        move = self._invoice(ticket)
        refund = self._refund(move, rebill="yes")
        refund.invoice_line_ids.quantity = 2
        refund.action_post()
        self.assertState(ticket, invoiced_blocks=1, to_invoice_blocks=2)
        self.assertAlmostEqual(self._invoice(ticket).amount_untaxed, 41.00)
        self.assertState(ticket, invoiced_blocks=3, to_invoice_blocks=0)

    def test_corrected_invoice_bills_the_work_at_once(self):
        ticket = self._worked(40)
        again = self._refund(self._invoice(ticket), modify=True)
        self.assertEqual(again.move_type, "out_invoice")
        again.action_post()
        self.assertState(ticket, invoiced_blocks=3, to_invoice_blocks=0)

    def test_verdict_stays_after_the_invoice(self):
        pbx = self._pbx(self.contract_plan, name="C")
        ticket = self._worked(20, pbx=pbx, category="fault", fault_domain="customer")
        move = self._invoice(ticket)
        changes = {
            "fact": lambda: ticket.write({"fault_domain": "own"}),
            "category": lambda: ticket.write(
                {"category_id": self._category("menu").id}
            ),
            "override": lambda: self.env["nox.coverage.override"].create(
                {
                    "ticket_id": ticket.id,
                    "coverage": "covered",
                    "reason": "As agreed",
                }
            ),
        }
        for name, change in changes.items():
            with self.subTest(change=name), self.assertRaises(UserError) as refusal:
                with self.env.cr.savepoint():
                    change()
            self.assertIn("Credit the invoice", str(refusal.exception))
            self.env.invalidate_all()
        self._refund(move, rebill="yes").action_post()
        ticket.fault_domain = "own"
        self.assertState(ticket, coverage="covered", to_invoice_blocks=0)
