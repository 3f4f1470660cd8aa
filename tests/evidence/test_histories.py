from collections import Counter
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_histories import RUNS
from .common_packs import JOBS, NoxPacksCommon


@tagged("standard", "post_install", "-at_install")
class TestHistories(NoxPacksCommon):
    """Bills of random customers are announced as they come, by page, rehearsal and the
    stored preview; they add up, on page, statement and in the electronic invoice; and
    each of their packs keeps to the published schema and is proven by the verifier,
    which shares no code with us."""

    def test_bills_of_random_customers(self):
        self.assertEqual(set(self.jobs_done), set(JOBS), "each kind of work is there")
        for day, setting in RUNS:
            self.company.tax_calculation_rounding_method = setting
            portal, rehearsal = self._previews(day)
            announced = self._announced(day)
            self._store(day)
            run = self._run(day)
            self.assertFalse(self._parked(run).mapped("reason"))
            moves = self._moves(run)
            self.assertTrue(moves)
            self._check_stored(run, day)
            with self._clock(f"{day} 08:00"):
                moves.action_post()
            self._analyse()
            self._check_announced(day, moves, portal, rehearsal, announced)
            self._check_months()
            credits = self._credited(moves, day)
            for move in moves | credits:
                with self.subTest(invoice=move.name, setting=setting):
                    self.assertAddsUp(move)
                    self.assertPack(move, is_proven=True)
            self._check_statements(moves | credits)
            with self._clock(f"{day + timedelta(5)} 08:00"):
                self._correct(day)

    # ------------------------------------------------------------------
    # BEFORE THE RUN
    # ------------------------------------------------------------------

    def _previews(self, day):
        """What portal and rehearsal say the evening before."""
        with freeze_time(f"{day - timedelta(1)} 12:00"):
            portal = {
                own: own._portal_next_invoice()
                for own in self.pbxs.grouped("partner_id").values()
                if len(own) == 1
            }
            rehearsal = {}
            for line in self._rehearse(day):
                rehearsal[line.partner_id] = (
                    rehearsal.get(line.partner_id, 0) + line.amount_total
                )
        return portal, rehearsal

    def _announced(self, day):
        """``{customer: [(sentence, quantity, amount)]}`` of the next invoices, the
        evening before."""
        with freeze_time(f"{day - timedelta(1)} 12:00"):
            run = self.env["nox.billing.run"].new({"company_id": self.company.id})
            found = run._next_invoices(self.pbxs.partner_id, day)
        return {
            customer: sorted(
                (line["text"], round(line["quantity"], 2), round(line["untaxed"], 2))
                for line in lines
            )
            for customer, (lines, _parked) in found.items()
        }

    def _said(self, moves):
        """The same of the lines of posted invoices; a credit note counts down."""
        said = {}
        for line in moves.invoice_line_ids.filtered("product_id"):
            sign = 1 if line.move_id.move_type == "out_invoice" else -1
            said.setdefault(line.partner_id, []).append(
                (
                    line.name,
                    round(sign * line.quantity, 2),
                    round(sign * line.price_subtotal, 2),
                )
            )
        return {customer: sorted(lines) for customer, lines in said.items()}

    def _store(self, day):
        """The night before the run keeps what it sees coming."""
        with freeze_time(f"{day - timedelta(1)} 21:10"):
            self.env["nox.invoice.preview"]._store(
                self.company, self.pbxs.partner_id, self._month(day), day
            )

    def _month(self, day):
        return (day - timedelta(1)).replace(day=1)

    # ------------------------------------------------------------------
    # AFTER IT
    # ------------------------------------------------------------------

    def _check_stored(self, run, day):
        """Nothing changed in between, so nothing differs from the stored previews."""
        Preview = self.env["nox.invoice.preview"]
        customers = self.pbxs.partner_id
        with freeze_time(f"{day} 01:50"):
            Preview._compare(run, customers)
        previews = Preview.search(
            [
                ("company_id", "=", self.company.id),
                ("month", "=", self._month(day)),
                ("commercial_partner_id", "in", customers.ids),
            ]
        )
        for preview in previews:
            with self.subTest(customer=preview.display_name):
                self.assertEqual(preview.state, "equal", preview.reasons)
        states = Counter(previews.mapped("state"))
        self.assertEqual(states, {"equal": len(previews)})
        self.assertTrue(previews)
        self.assertAlmostEqual(
            sum(previews.mapped("amount_total")),
            sum(total for _untaxed, total in self._billed(self._moves(run)).values()),
        )

    def _billed(self, moves):
        """``{customer: (untaxed, total)}``; a credit note counts down."""
        billed = {}
        for move in moves:
            sign = 1 if move.move_type == "out_invoice" else -1
            untaxed, total = billed.get(move.partner_id, (0, 0))
            billed[move.partner_id] = (
                untaxed + sign * move.amount_untaxed,
                total + sign * move.amount_total,
            )
        return billed

    def _check_announced(self, day, moves, portal, rehearsal, announced):
        billed = self._billed(moves)
        said = self._said(moves)
        for customer in self.pbxs.partner_id:
            with self.subTest(customer=customer.name, day=day):
                untaxed, _total = billed.get(customer, (0, 0))
                self.assertAlmostEqual(rehearsal.get(customer, 0), untaxed, 4)
                self.assertEqual(announced[customer], said.get(customer, []))
        for pbx, invoice in portal.items():
            with self.subTest(pbx=pbx.partner_id.name, day=day):
                untaxed, total = billed.get(pbx.partner_id, (0, 0))
                self.assertAlmostEqual(invoice["untaxed"], untaxed, 4)
                self.assertAlmostEqual(invoice["total"], total, 4)

    def _check_statements(self, moves):
        """The statement beside a bill has its lines, to the cent."""
        for move in moves:
            said = move._statement_values()
            amounts = [row["amount"] for row in said["users"] + said["others"]]
            for group in said["work"]:
                amounts += [row["amount"] for part in group["parts"] for row in part]
            amount = sum(self._money(move, each) for each in amounts)
            with self.subTest(statement=move.name):
                self.assertEqual(amount, self._money(move, move.amount_untaxed))

    def _check_months(self):
        """Users of a month at one price come to users x price, rounded once; what was
        taken back to be billed anew is not among them."""
        for pbx in self.pbxs:
            kept = pbx.period_ids.charge_ids.filtered(
                lambda charge: (
                    "yes"
                    not in charge.move_id.reversal_move_ids.mapped("service_rebill")
                )
            )
            for (month, price), charges in kept.grouped(
                lambda charge: (charge.month, charge.price_unit)
            ).items():
                users = sum(Decimal(str(each.quantity)) for each in charges)
                due = (users * Decimal(str(price))).quantize(
                    Decimal("0.01"), ROUND_HALF_UP
                )
                amount = sum(Decimal(str(each.amount)) for each in charges)
                with self.subTest(pbx=pbx.partner_id.name, month=month):
                    self.assertEqual(amount.quantize(Decimal("0.01")), due)
