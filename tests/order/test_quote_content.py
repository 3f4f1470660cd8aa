from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import NoxVoipCommon

PIXEL = b"R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="


@tagged("standard", "post_install", "-at_install")
class TestQuoteContent(NoxVoipCommon):
    """An approval is bound to what was sent, for staff as well, and Odoo's lock has
    no holes on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)
        cls.other = cls._customer("Somebody else")

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(self.pbx, estimated_minutes=90)
        self.quote = self._send(self.ticket)
        self.line = self.quote.order_line

    def _order(self):
        return self.quote.with_user(self.coordinator)

    def _changes(self):
        """Every commercial change that a salesperson can make."""
        order, line = self._order(), self.line.with_user(self.coordinator)
        new = {"product_id": self.block_product.id, "product_uom_qty": 1}
        return {
            "price": lambda: line.write({"price_unit": 10}),
            "quantity": lambda: line.write({"product_uom_qty": 60}),
            "discount": lambda: line.write({"discount": 50}),
            "taxes": lambda: line.write({"tax_ids": [Command.clear()]}),
            "text": lambda: line.write({"name": "Something else"}),
            "partner": lambda: order.write({"partner_id": self.other.id}),
            "invoice address": lambda: order.write(
                {"partner_invoice_id": self.other.id}
            ),
            "validity": lambda: order.write(
                {"validity_date": fields.Date.add(order.validity_date, years=1)}
            ),
            "line by order": lambda: order.write({"order_line": [Command.create(new)]}),
            "line": lambda: line.create({**new, "order_id": order.id}),
            "line with price": lambda: order.write(
                {"order_line": [Command.update(line.id, {"price_unit": 1})]}
            ),
            "line removed": lambda: line.unlink(),
        }

    def test_change_after_sending_returns_to_draft(self):
        for name in self._changes():
            with self.subTest(change=name):
                self.setUp()
                self._changes()[name]()
                self.assertEqual(self.quote.state, "draft")
                self.assertEqual(self.ticket.approval_state, "needed")
                self.quote.write({"signature": PIXEL, "signed_by": "Anna"})
                with self.assertRaises(UserError):
                    self._order().action_confirm()

    def test_change_back_and_forth_has_to_be_sent_again(self):
        self.line.price_unit = 10
        self.line.price_unit = 20.50
        self.assertEqual(self.quote.state, "draft")
        self.assertFalse(self.quote.service_content_hash)

    def test_change_after_approval_is_refused(self):
        self._approve(self.ticket)
        for unlocked in (False, True):
            if unlocked:
                self._order().action_unlock()
            content = self.quote._service_content()
            for name, change in self._changes().items():
                with self.subTest(change=name, unlocked=unlocked):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        change()
                    self.env.invalidate_all()
                    self.assertEqual(self.quote._service_content(), content)

    def test_goods_on_an_approved_quote_are_delivered_and_invoiced(self):
        phone = self.env["product.product"].create(
            {
                "name": "Phone",
                "type": "consu",
                "list_price": 89.0,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
            }
        )
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        ticket.quote_id.order_line = [Command.create({"product_id": phone.id})]
        self._approve(ticket)
        line = ticket.quote_id.order_line.filtered(lambda o: o.product_id == phone)
        ticket.quote_id.with_user(self.coordinator).write(
            {"order_line": [Command.update(line.id, {"qty_delivered": 1})]}
        )
        self.assertEqual(ticket.quote_id.state, "sale")
        self.assertTrue(ticket.has_goods_to_invoice)
        self.assertAlmostEqual(self._invoice(ticket).amount_untaxed, 89.0)

    def test_delivered_work_does_not_void_the_quote(self):
        self._approve(self.ticket)
        self._log(self.ticket, 60)
        self.assertState(self.ticket, approval_state="approved")
        self.assertEqual(self.line.qty_delivered, 4)

    def test_blocks_delivered_cannot_be_filled_in(self):
        self._approve(self.ticket)
        for name in ("qty_delivered", "qty_to_invoice", "is_service_time"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self._rpc(
                    self.coordinator,
                    "sale.order.line",
                    "write",
                    self.line.ids,
                    {name: 100},
                )

    def test_state_and_signature_are_no_fields_to_fill_in(self):
        values = [
            {"state": "sale"},
            {"signature": PIXEL, "signed_by": "Me"},
            {"service_content_hash": "0" * 64},
            {"service_sent_at": "2020-01-01"},
            {"service_kind": "base"},
            {"service_ticket_id": False},
        ]
        for vals in values:
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._rpc(self.coordinator, "sale.order", "write", self.quote.ids, vals)
        self._approve(self.ticket)
        for state in ("draft", "sent"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self._rpc(
                    self.coordinator,
                    "sale.order",
                    "write",
                    self.quote.ids,
                    {"state": state},
                )
        order = {"partner_id": self.customer.id, "service_ticket_id": self.ticket.id}
        with self.assertRaises(AccessError):
            self._rpc(self.coordinator, "sale.order", "create", [order])
        with self.assertRaises(AccessError):
            self._rpc(
                self.coordinator,
                "sale.order",
                "create",
                [{"partner_id": self.customer.id}],
                context={"default_service_ticket_id": self.ticket.id},
            )

    def test_unsigned_or_unsent_is_not_confirmed(self):
        with self.assertRaises(UserError) as refusal:
            self._order().action_confirm()
        self.assertIn("not signed", str(refusal.exception))
        draft = self._ticket(self.pbx, estimated_minutes=90).quote_id
        with self.assertRaises(UserError) as refusal:
            (draft + self.quote).with_user(self.coordinator).action_confirm()
        self.assertIn("not been sent", str(refusal.exception))
        self.assertEqual(draft.state, "draft")

    def test_it_is_signed_and_not_paid_in_advance(self):
        for vals in ({"require_payment": True}, {"require_signature": False}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._order().write(vals)

    def test_template_for_quotations_cannot_empty_it(self):
        template = self.env["sale.order.template"].create(
            {
                "name": "T",
                "require_payment": True,
                "sale_order_template_line_ids": [
                    Command.create({"product_id": self.block_product.id})
                ],
            }
        )
        with self.assertRaises(ValidationError):
            self._order().sale_order_template_id = template

    def test_copy_is_an_order_of_its_own(self):
        copied = self.quote.copy()
        self.assertFalse(copied.service_ticket_id)
        self.assertFalse(copied.service_content_hash)
        self.assertFalse(any(copied.order_line.mapped("is_service_time")))
        self.assertEqual(self.ticket.quote_id, self.quote)

    def test_copied_ticket_starts_afresh(self):
        self._approve(self.ticket)
        self._log(self.ticket, 60)
        copied = self.ticket.copy()
        self.assertState(
            copied,
            pbx_id=self.pbx,
            coverage="billable",
            worked_minutes=0,
            approved_blocks=0,
            quote_id=self.env["sale.order"],
            estimated_minutes=0,
        )

    def test_refused_quote_becomes_a_draft_again_unless_replaced(self):
        self._decline(self.ticket)
        self._order().action_draft()
        self.assertEqual(self.ticket.quote_state, "draft")
        self.assertFalse(self.quote.service_content_hash)
        self._decline(self.ticket)
        self.ticket.with_user(self.coordinator).action_create_quote()
        with self.assertRaises(UserError) as refusal:
            self._order().action_draft()
        self.assertIn("stays so", str(refusal.exception))

    def test_one_open_quote_per_ticket(self):
        with self.assertRaises(UserError):
            self.ticket.with_user(self.coordinator).action_create_quote()

    def test_history_is_not_deleted(self):
        ticket = self._ticket(self.pbx)
        self._log(ticket, 20)
        base = self._invoice(ticket).line_ids.sale_line_ids.order_id
        for record in (self.quote, base, self.ticket, ticket, self.pbx):
            with self.subTest(record=record.display_name):
                with self.assertRaises(UserError) as refusal:
                    record.sudo().unlink()
                self.assertSentence(refusal)

    def test_mass_cancel_tells_each_ticket(self):
        other = self._ticket(self.pbx, estimated_minutes=90)
        (self.quote + self._send(other)).with_user(self.coordinator).action_cancel()
        for ticket in (self.ticket, other):
            self.assertState(ticket, approval_state="refused")
            self.assertTrue(ticket.activity_ids)
