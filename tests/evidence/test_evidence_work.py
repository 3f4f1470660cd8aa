import random
from datetime import date

from odoo import Command
from odoo.tests import tagged

from odoo.addons.nox_voip_service.policy import canonical

from ..common_cents import NoxCentsCommon
from .jobs import EvidenceMixin


@tagged("standard", "post_install", "-at_install")
class TestEvidenceOfWork(EvidenceMixin, NoxCentsCommon):
    """What led to a line of work, as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(1)
        cls.shop = cls._pbx(accepted_on=date(2026, 8, 1), name="Shop")

    def setUp(self):
        super().setUp()
        type(self).pbxs, type(self).fixed_plan = self.shop, None

    def _billed(self, job, pbx=None):
        """The posted invoice of a job, and the ticket."""
        tickets = getattr(self, f"_job_{job}")(pbx or self.pbxs, self.rng)
        with self._clock("2026-09-01 08:00"):
            return self._invoice(tickets[:1]), tickets

    def test_billable_request(self):
        move, ticket = self._billed("short")
        asked = self._part(move, "ticket")
        invoice = self._part(move, "invoice")
        [line] = invoice["lines"]
        self.assertEqual(line["source"], "work")
        self.assertEqual(line["ticket"], f"ticket:{ticket.number}")
        self.assertEqual(asked["verdict"]["outcome"], "billable")
        self.assertEqual(asked["verdict"]["rule"], str(ticket.coverage_rule_id.id))
        self.assertEqual(asked["worked_minutes"], ticket.worked_minutes)
        self.assertEqual(
            [each["minutes"] for each in asked["entries"]], [ticket.worked_minutes]
        )
        self.assertIsNone(asked["released"]["cap"])
        self.assertEqual(
            asked["billed"],
            [
                {
                    "document": move.name,
                    "type": "invoice",
                    "state": "posted",
                    "date": str(move.invoice_date),
                    "order": line["quote"],
                    "blocks": ticket.billable_blocks,
                    "rebill": None,
                    "reverses": None,
                    "line": "line:1",
                }
            ],
        )
        self.assertIn(f"Worked: {ticket.worked_minutes} minutes", line["text"])

    def test_quotes_with_what_was_approved(self):
        move, ticket = self._billed("supplement")
        quotes = self._parts(move, "quote")
        asked = self._part(move, "ticket")
        kinds = [quotes[each]["kind"] for each in asked["quotes"]]
        self.assertEqual(kinds, ["base", "quote", "quote"])
        for number, quote in enumerate(
            (quotes[each] for each in asked["quotes"][1:]), start=1
        ):
            self.assertEqual(quote["state"], "approved")
            self.assertEqual(quote["approval_order"], number)
            self.assertEqual(
                canonical.digest(quote["content_text"]), quote["content_hash"]
            )
            self.assertEqual(quote["approved_by"], "Anna de Vries")
            self.assertEqual(len(quote["signature_sha256"]), 64)
        self.assertEqual(asked["released"]["cap"]["minutes"], ticket.release_cap)

    def test_sealed_approval(self):
        """Its grade, and the SHA-256 of the copy that carries the seal."""
        ticket = self._job_supplement(self.pbxs, self.rng)[:1]
        quote = ticket.quote_id
        quote.write({"service_approval_grade": "signed"})
        quote.write({"service_sealed_hash": "5e" * 32})
        with self._clock("2026-09-01 08:00"):
            move = self._invoice(ticket)
        told = self._parts(move, "quote")[f"quote:{quote.name}"]
        self.assertEqual(told["grade"], "signed")
        self.assertEqual(told["proof_sha256"], ["5e" * 32])
        words = self.env["nox.invoice.evidence"]._quote_text(told)
        self.assertIn("a sealed copy", words)
        self.assertIn("5e" * 32, words)

    def test_fixed_quote(self):
        move, _ticket = self._billed("fixed")
        [plan] = self._parts(move, "plan").values()
        self.assertEqual(plan["quote_billing"], "fixed")

    def test_refused_quote_and_what_is_held(self):
        move, _ticket = self._billed("refused")
        asked = self._part(move, "ticket")
        states = {each["state"] for each in self._parts(move, "quote").values()}
        self.assertEqual(states, {"approved", "refused"})
        self.assertEqual(
            asked["held_minutes"],
            asked["worked_minutes"] - asked["released"]["minutes"],
        )

    def test_override(self):
        contract = self._pbx(
            self.contract_plan, accepted_on=date(2026, 8, 1), name="Contract"
        )
        move, _ticket = self._billed("overridden", contract)
        asked = self._part(move, "ticket")
        self.assertEqual(asked["verdict"]["table_outcome"], "covered")
        self.assertEqual(asked["verdict"]["outcome"], "billable")
        [override] = asked["overrides"]
        self.assertEqual((override["old"], override["new"]), ("covered", "billable"))
        self.assertEqual(override["by"], self.coordinator.name)

    def test_waiver(self):
        move, ticket = self._billed("waived")
        asked = self._part(move, "ticket")
        [waiver] = asked["waivers"]
        self.assertEqual(waiver["blocks"], 1)
        self.assertEqual(asked["billable_blocks"], ticket.invoiced_blocks + 1)

    def test_family_stands_in_the_pack_of_each(self):
        move, family = self._billed("family")
        tickets = self._parts(move, "ticket")
        numbers = [f"ticket:{each.number}" for each in family]
        self.assertEqual(sorted(tickets), sorted(numbers))
        [line] = self._part(move, "invoice")["lines"]
        self.assertEqual(line["ticket"], numbers[0])

    def test_table_as_it_was(self):
        """A row that is edited or removed after the verdict changes no pack."""
        ticket = self._job_short(self.pbxs, self.rng)
        rule = ticket.coverage_rule_id
        told = rule.reason
        rule.reason = "Something else."
        move = self._invoice(ticket)
        asked, table = self._part(move, "ticket"), self._part(move, "table")
        row = next(each for each in table["rows"] if each["key"] == str(rule.id))
        self.assertEqual(row["reason"], told)
        self.assertEqual(asked["verdict"]["reason"], told)

    def test_what_happens_afterwards_changes_no_pack(self):
        move, ticket = self._billed("short")
        head, text = move.evidence_head, move._evidence().file
        ticket.coverage_rule_id.reason = "Something else."
        self.technician.name = "Somebody else"
        self.block_product.list_price = 99
        self.env.invalidate_all()
        self.assertEqual((move.evidence_head, move._evidence().file), (head, text))

    def test_what_was_not_kept_is_said(self):
        """A verdict from before its rules were kept, and a line that was edited."""
        ticket = self._job_short(self.pbxs, self.rng)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET coverage_edition_id = NULL,"
            " coverage_given_at = NULL WHERE id = %s",
            ticket.ids,
        )
        self.env.invalidate_all()
        move = self._invoice(ticket, post=False)
        move.invoice_line_ids.filtered("product_id").name = "Work, as agreed"
        move.action_post()
        notes = self._parts(move, "note").values()
        self.assertEqual(
            {(each["code"], each["about"]) for each in notes},
            {("no_edition", f"ticket:{ticket.number}"), ("text_edited", "line:1")},
        )
        self.assertIsNone(self._part(move, "ticket")["verdict"]["given_at"])

    def test_goods_with_a_discount(self):
        goods = self.env["product.product"].create(
            {"name": "Telephone", "type": "service", "invoice_policy": "order"}
        )
        ticket = self._quoted(self.pbxs, self.rng, 120, 20)
        ticket.quote_id.order_line = [
            Command.create(
                {"product_id": goods.id, "price_unit": 89.95, "discount": 12.5}
            )
        ]
        self._approved(ticket, 1)
        self._finished(ticket)
        move = self._invoice(ticket)
        lines = {each["source"]: each for each in self._part(move, "invoice")["lines"]}
        phone = lines["goods"]
        self.assertEqual(
            (phone["price_unit"], phone["discount"], phone["amount"]),
            ("89.95", "12.50", "78.71"),
        )
        quote = self._parts(move, "quote")[phone["quote"]]
        self.assertIn("78.71", [each["amount"] for each in quote["lines"]])

    def test_credit_notes(self):
        move, ticket = self._billed("days")
        blocks = ticket.invoiced_blocks
        for rebill in ("no", "yes"):
            credit = self._refund(move, rebill)
            credit.invoice_line_ids.filtered("product_id").quantity = 1
            credit.action_post()
            back = self._part(credit, "invoice")["reverses"]
            self.assertEqual(
                (back["number"], back["head"]), (move.name, move.evidence_head)
            )
            self.assertEqual(back["rebill"], rebill == "yes")
            [row] = back["lines"]
            self.assertEqual(row["quantity"], f"{blocks}.00")
            self.assertEqual(
                row["credited_before"], "1.00" if back["rebill"] else "0.00"
            )
            [line] = self._part(credit, "invoice")["lines"]
            self.assertEqual(line["credits"], "line:1")
        asked = self._part(credit, "ticket")
        self.assertEqual(asked["credited_blocks"], 1)
        self.assertEqual(
            [(each["type"], each["rebill"]) for each in asked["billed"]],
            [("invoice", None), ("credit_note", False), ("credit_note", True)],
        )
