import random
from datetime import date, datetime
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_cents import NoxCentsCommon
from .jobs import EvidenceMixin

MOVE = "odoo.addons.nox_voip_service.models.evidence.account_move_content.AccountMove"


@tagged("standard", "post_install", "-at_install")
class TestEvidenceOfUsers(EvidenceMixin, NoxCentsCommon):
    """Users of a month, taxes and currencies; when a pack is made, and what if not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(2)
        cls.pbxs = cls.env["nox.pbx"]

    def _with_users(self, name, users=2, price=10.5, **values):
        customer = self._customer(name, **values)
        pbx = self._pbx(customer=customer, name=name, accepted_on=date(2026, 9, 1))
        self._sell(pbx, price, users, date(2026, 9, 14), "2026-09-01")
        self.pbxs |= pbx
        return pbx

    def test_users_of_a_month(self):
        """By extension; a successor names whom he replaces, and nobody has a name."""
        pbx = self._with_users("Office")
        leaver = pbx.seat_ids[0]
        leaver.date_end = date(2026, 9, 20)
        self.env["nox.pbx.seat"].create(
            {
                "name": "Successor",
                "extension": "900",
                "pbx_id": pbx.id,
                "date_start": date(2026, 9, 20),
                "replaces_id": leaver.id,
            }
        )
        move = self._bill(pbx.partner_id)
        charge = self._part(move, "charge")
        self.assertEqual(charge["quantity"], "1.13")
        seats = {each["label"]: each for each in charge["seats"]}
        self.assertEqual(seats["900"]["replaces"], seats[leaver.extension]["seat"])
        self.assertEqual(
            [(each["policy"], each["price"]) for each in charge["periods"]],
            [("prorated", "10.50")],
        )
        self.assertEqual(charge["earlier"], [])
        self.assertNotIn("Successor", str(charge))

    def test_correction_knows_what_was_billed(self):
        """What the charge was computed from stays with it, whatever is corrected."""
        pbx = self._with_users("Corrected", users=3)
        self._bill(pbx.partner_id)
        pbx.seat_ids[0].date_end = date(2026, 9, 20)
        move = self._bill(pbx.partner_id, "2026-11-01")
        charges = self._parts(move, "charge").values()
        september = next(each for each in charges if each["month"] == "2026-09")
        self.assertEqual((september["revision"], september["was"]), (1, "1.70"))
        [before] = september["earlier"]
        self.assertEqual((before["quantity"], before["invoiced"]), ("1.70", True))
        pbx.seat_ids[0].date_end = False
        [kept] = pbx.period_ids.charge_ids.filtered("revision").mapped("basis")
        self.assertEqual(kept["seats"], september["seats"])

    def test_charge_from_before_its_users_were_kept(self):
        pbx = self._with_users("Old")
        self._run("2026-10-01")
        pbx.period_ids.charge_ids.basis = False
        move = self._moves()
        move.action_post()
        [note] = self._parts(move, "note").values()
        [number] = self._parts(move, "charge")
        self.assertEqual((note["code"], note["about"]), ("no_basis", number))
        self.assertEqual(len(self._part(move, "charge")["seats"]), 2)

    def test_rounding_line(self):
        """2.03 users first, and 0.97 later: as many euros as 3 users at once."""
        pbx = self._customer_pbx("Cent")
        self.pbxs = pbx
        self._sell(pbx, 10.5, 2, date(2026, 3, 1), "2026-03-01")
        last = self._seats(pbx, 1, date(2026, 3, 31), first=300)
        self._bill(pbx.partner_id, "2026-04-01")
        last.date_start = date(2026, 3, 1)
        pbx.seat_ids.date_end = date(2026, 3, 31)
        move = self._bill(pbx.partner_id, "2026-05-01")
        users, cent = self._part(move, "invoice")["lines"]
        charge = self._part(move, "charge")
        self.assertEqual((users["source"], cent["source"]), ("users", "rounding"))
        self.assertEqual((users["amount"], cent["amount"]), ("10.19", "-0.01"))
        self.assertEqual((charge["rounding"], charge["amount"]), ("-0.01", "10.18"))
        self.assertEqual(users["charge"], cent["charge"])

    def test_taxes_and_currencies(self):
        tax = self.company.account_sale_tax_id
        included = self._tax("21% incl.", price_include_override="tax_included")
        position = self._position("Incl.", tax, included)
        # Btw verlegd, as the Dutch chart of accounts has it.
        chart = f"account.{self.company.id}"
        shifted = self.env.ref(f"{chart}_fiscal_position_template_transferred")
        self.env.ref(f"{chart}_btw_verk_0").write(
            {
                "fiscal_position_ids": [Command.set(shifted.ids)],
                "original_tax_ids": [Command.set(tax.ids)],
            }
        )
        early = self.env["account.payment.term"].create(
            {
                "name": "2% within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )
        cases = {
            "plain": {},
            "included": {"property_account_position_id": position.id},
            "shifted": {
                "property_account_position_id": shifted.id,
                "vat": "NL000099998B57",
            },
            "early": {"property_payment_term_id": early.id},
        }
        for name, values in cases.items():
            with self.subTest(case=name):
                move = self._bill(self._with_users(name, **values).partner_id)
                invoice = self._part(move, "invoice")
                [rate] = invoice["totals"]["by_rate"]
                self.assertEqual(rate["base"], invoice["totals"]["untaxed"])
                self.assertEqual(rate["tax"], invoice["totals"]["tax"])
                [booked] = invoice["taxes"]
                self.assertEqual(booked["price_include"], name == "included")
                self.assertEqual(float(rate["tax"]) == 0, name == "shifted")
                self.assertEqual(bool(invoice["early_payment"]), name == "early")

    def test_currencies_without_and_with_more_decimals(self):
        for code, price, text in (("JPY", 1051, "1051"), ("KWD", 10.51, "10.510")):
            currency = self.env["res.currency"].with_context(active_test=False)
            currency = currency.search([("name", "=", code)])
            currency.active = True
            self.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "name": "2026-01-01",
                    "rate": 2,
                }
            )
            pricelist = self.env["product.pricelist"].create(
                {"name": code, "currency_id": currency.id}
            )
            with self.subTest(currency=code):
                pbx = self._with_users(
                    code, 0, price, property_product_pricelist=pricelist.id
                )
                self._seats(pbx, 1, date(2026, 9, 14))
                move = self._bill(pbx.partner_id, "2026-11-01")
                invoice = self._part(move, "invoice")
                self.assertEqual(invoice["currency"]["code"], code)
                october = invoice["lines"][-1]
                self.assertEqual(october["amount"], text)

    def test_training(self):
        pbx = self._with_users("Trained", users=0)
        order = self.env["sale.order"].create(
            {
                "partner_id": pbx.partner_id.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.env.ref(
                                "nox_voip_service.product_training"
                            ).id,
                            "product_uom_qty": 1,
                            "service_pbx_id": pbx.id,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        order.training_ids.write(
            {
                "partner_id": self._contact(pbx.partner_id, "Anna Smit").id,
                "start_at": datetime(2026, 9, 10, 8),
                "result": "passed",
            }
        )
        move = order._create_invoices()
        move.action_post()
        [line] = self._part(move, "invoice")["lines"]
        place = self._part(move, "training")
        self.assertEqual(line["source"], "training")
        self.assertEqual((place["person"], place["hours"]), ("Anna Smit", "4.00"))
        self.assertIn("Anna Smit", line["text"])

    # ------------------------------------------------------------------
    # WHEN IT IS MADE
    # ------------------------------------------------------------------

    def test_failure_stops_no_posting(self):
        pbx = self._with_users("Failing")
        self._run("2026-10-01")
        move = self._moves()
        with (
            patch(f"{MOVE}._evidence_totals", side_effect=ValueError("no figures")),
            mute_logger("odoo.addons.nox_voip_service.models.evidence"),
            mute_logger(
                "odoo.addons.nox_voip_service.models.evidence.account_move_evidence"
            ),
        ):
            move.action_post()
        self.assertEqual(move.state, "posted")
        self.assertFalse(move._evidence())
        self.assertIn("no figures", move.evidence_ids.failure)
        move._keep_missing_evidence()
        self.assertPack(move)
        self.assertFalse(any(move.evidence_ids.mapped("failure")))
        [note] = self._parts(move, "note").values()
        self.assertEqual(note["code"], "made_later")
        self.assertEqual(pbx.partner_id, move.partner_id)

    def test_nightly_job_makes_what_is_missing(self):
        self._with_users("Nightly")
        self._run("2026-10-01")
        move = self._moves()
        with patch.object(type(move), "_keep_evidence"):
            move.action_post()
        self.assertFalse(move.evidence_ids)
        self.env["nox.invoice.evidence"]._keep_failure(move, ValueError("before"))
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *a, **k: 1
        ):
            self.env["nox.invoice.evidence"]._cron_missing_evidence()
        self.assertPack(move)

    def test_posted_anew_it_gets_another_beside_the_first(self):
        move = self._bill(self._with_users("Anew").partner_id)
        first = move._evidence()
        move.button_draft()
        self.assertFalse(move.evidence_head)
        move.ref = "Your order 7"
        move.action_post()
        second = move._evidence()
        self.assertNotEqual(second.head, first.head)
        self.assertIn(first, move.evidence_ids)
        self.assertPack(move)

    def test_other_invoices_have_none(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "invoice_line_ids": [
                    Command.create({"name": "Cable", "price_unit": 5})
                ],
            }
        )
        move.action_post()
        self.assertFalse(move.evidence_ids)
        self.assertFalse(move.has_evidence)

    def test_queries_do_not_grow(self):
        """With the requests on an invoice, nor with the invoices."""
        pbx = self._with_users("Many")

        def queries(work):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            work()
            return self.cr.sql_log_count - before

        moves = self.env["account.move"]
        for count in (2, 8):
            tickets = self.env["helpdesk.ticket"]
            for _each in range(count):
                tickets |= self._work(pbx, 20, 15, day=date(2026, 9, 20))
                tickets |= self._job_supplement(pbx, self.rng)
            moves |= self._invoice(tickets)
        few, many = moves
        self.assertGreater(len(many.invoice_line_ids), 2 * len(few.invoice_line_ids))
        self.cr.cache.clear()
        queries(few._evidence_packs)
        a_few = queries(few._evidence_packs)
        self.assertLessEqual(queries(many._evidence_packs), a_few)
        self.assertLessEqual(queries(moves._evidence_packs), a_few)
        self.assertLessEqual(a_few, 75)
