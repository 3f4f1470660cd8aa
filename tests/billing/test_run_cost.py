import re
from contextlib import nullcontext
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.nox_voip_service.models.billing.nox_billing_run_invoice import (
    NEW_DRAFTS,
)

from ..common_cents import NoxCentsCommon

ENTRY = [
    "display_type",
    "sequence",
    "quantity",
    "price_unit",
    "price_subtotal",
    "price_total",
    "balance",
    "amount_currency",
    "date_maturity",
    "account_id",
    "tax_ids",
    "tax_tag_ids",
    "tax_line_id",
]


@tagged("standard", "post_install", "-at_install")
class TestRunCost(NoxCentsCommon):
    """What the run says in advance or leaves out to be quick changes no invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]

    # ------------------------------------------------------------------
    # Amounts that are said in advance
    # ------------------------------------------------------------------

    def _billed(self, *ways, prepare=None, look=None):
        """What `look` finds of a run's invoices of users and work, in each of these
        ways (contexts); what was done is taken back."""
        found = []
        for way in ways:
            with self.env.cr.savepoint() as savepoint:
                if prepare:
                    prepare()
                with way:
                    run = self._run("2026-04-01")
                self.assertFalse(self._parked(run).mapped("reason"))
                moves = self._moves(run)
                self.env.cr.precommit.run()
                moves.action_post()
                self.env.cr.precommit.run()
                self.env.flush_all()
                self.env.invalidate_all()
                found.append((look or self._entry)(moves))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertTrue(found[0])
        return found

    def _entry(self, moves):
        lines = moves.line_ids.sorted(lambda line: (line.sequence, line.id))
        return [[line[name] for name in ENTRY] for line in lines]

    def _say(self, say):
        return patch.object(self.env.registry["nox.billing.run"], "_say_amounts", say)

    def _customer_to_bill(self):
        self.pbxs = pbx = self._customer_pbx("Same")
        self._sell(pbx, 10.35, 3, date(2026, 3, 1), "2026-03-01")
        self._seats(pbx, 1, date(2026, 3, 12), first=300)
        self._work(pbx, 20)
        self.env.flush_all()
        return pbx

    def _kinds(self, pbx):
        """``{what: how it comes about}``: invoices that Odoo counts differently."""
        seat = self.env.ref("nox_voip_service.product_seat")
        work = self.env.ref("nox_voip_service.product_time")
        included = self._tax("21% incl.", price_include_override="tax_included")
        other = self._tax("9%", amount=9)
        grid = self.env["account.account.tag"].create(
            {"name": "Seat grid", "applicability": "taxes"}
        )
        abroad = self._position("Abroad", seat.taxes_id, other)
        early = self.env["account.payment.term"].create(
            {
                "name": "2% in 7 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
            }
        )

        contract = pbx.period_ids.contract_line_id.contract_id
        return {
            "as it comes": lambda: None,
            "rounded as a whole": lambda: self.company.write(
                {"tax_calculation_rounding_method": "round_globally"}
            ),
            "with a grid of the product": lambda: seat.write(
                {"account_tag_ids": [Command.set(grid.ids)]}
            ),
            "abroad": lambda: contract.write({"fiscal_position_id": abroad.id}),
            "early payment": lambda: contract.write({"payment_term_id": early.id}),
            "in dollars": lambda: contract.write({"currency_id": self._dollar().id}),
            "prices with VAT": lambda: seat.write(
                {"taxes_id": [Command.set(included.ids)]}
            ),
            "two rates on a line": lambda: seat.write(
                {"taxes_id": [Command.set((other | work.taxes_id).ids)]}
            ),
            "without VAT": lambda: (seat | work).write({"taxes_id": [Command.clear()]}),
        }

    def test_said_amounts_are_those_that_odoo_counts(self):
        pbx = self._customer_to_bill()
        for name, prepare in self._kinds(pbx).items():
            with self.subTest(name):
                said, counted = self._billed(
                    nullcontext(),
                    self._say(lambda run, invoices: None),
                    prepare=prepare,
                )
                self.assertEqual(said, counted)

    def test_what_was_said_wrongly_is_corrected(self):
        self._customer_to_bill()
        own = self.env.registry["nox.billing.run"]._say_amounts
        grid = self.env["account.account.tag"].create(
            {"name": "Wrong", "applicability": "taxes"}
        )

        def wrong(run, invoices):
            own(run, invoices)
            for _create, _id, line in invoices[0]["invoice_line_ids"]:
                if "tax_tag_ids" in line:
                    line["amount_currency"] = line["balance"] = -123
                    line["tax_tag_ids"] = [Command.set(grid.ids)]

        right, corrected = self._billed(nullcontext(), self._say(wrong))
        self.assertEqual(right, corrected)

    # ------------------------------------------------------------------
    # What new drafts leave out
    # ------------------------------------------------------------------

    def _chatter(self, moves):
        """Who follows these invoices, what was said of them, and where their cost
        went."""
        return [
            (
                move.message_partner_ids.ids,
                [
                    (
                        message.subtype_id.name,
                        re.sub(r"\d", "", message.body),
                        message.tracking_value_ids.field_id.mapped("name"),
                    )
                    for message in move.message_ids
                ],
                move.line_ids.analytic_line_ids.mapped("amount"),
            )
            for move in moves
        ]

    def test_what_new_drafts_leave_out_comes_to_nothing(self):
        pbx = self._customer_to_bill()
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        region = self.env["account.analytic.account"].create(
            {"name": "Delft", "plan_id": plan.id, "company_id": self.company.id}
        )
        line = pbx.period_ids.contract_line_id
        line.analytic_distribution = {str(region.id): 100}
        ours, everything = self._billed(
            nullcontext(), patch.dict(NEW_DRAFTS, clear=True), look=self._chatter
        )
        self.assertEqual(ours, everything)
        [(_followers, messages, amounts)] = ours
        self.assertTrue(any("Made by the run" in body for _type, body, _ in messages))
        self.assertIn(37.78, [round(amount, 2) for amount in amounts])

    # ------------------------------------------------------------------
    # Queries
    # ------------------------------------------------------------------

    def test_one_more_invoice_costs_two_queries_at_most(self):
        counts = {}
        for size in (5, 15):
            self.pbxs = self._customer_pbxs(
                *(f"Queries {size} {number}" for number in range(size))
            )
            for pbx in self.pbxs:
                self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
            self.env.flush_all()
            self.env.invalidate_all()
            with freeze_time("2026-04-01 00:30"):
                run = self._get_run()
                self.env.flush_all()
                before = self.cr.sql_log_count
                run._bill_customers(self.pbxs.commercial_partner_id)
                self.env.flush_all()
                counts[size] = self.cr.sql_log_count - before
        self.assertLessEqual((counts[15] - counts[5]) / 10, 2, counts)

    # ------------------------------------------------------------------
    # Years
    # ------------------------------------------------------------------

    def _steps(self, pbx, day, everything=False):
        """The steps of a day, with the charges that were looked at for them."""
        Plan, Charge = self.env.registry["nox.pbx.plan"], self.env["nox.seat.charge"]
        policy, looked_at = type(Charge)._policy_existing, []

        def existing(charge):
            looked_at.append(charge)
            return policy(charge)

        def all_months(periods, due, before):
            found = set().union(*due.values()) | set(periods.charge_ids.mapped("month"))
            return dict.fromkeys(periods.pbx_id, found)

        own = Plan._open_months
        with (
            patch.object(type(Charge), "_policy_existing", existing),
            patch.object(Plan, "_open_months", all_months if everything else own),
        ):
            return pbx.period_ids._due_steps(day).get(pbx, []), len(looked_at)

    def test_settled_months_are_not_looked_at(self):
        """Of nine months those of the window, and older ones of which something is
        due: never billed, its invoice cancelled, credited to be charged again."""
        self.company.service_correction_months = 2
        self.pbxs = pbx = self._customer_pbx("Years")
        self._sell(pbx, 10, 2, date(2025, 12, 1), "2025-12-01")
        period = pbx.period_ids.filtered("contract_line_id")
        period.billed_until = date(2026, 1, 1)
        for month in range(2, 10):
            self._run(f"2026-{month:02}-01")
            self._moves().filtered(lambda move: move.state == "draft").action_post()
        day = date(2026, 10, 1)
        moves = self._moves()
        self.assertEqual(len(moves), 8)
        steps, looked_at = self._steps(pbx, day)
        self.assertEqual([str(step.month) for step, _lines in steps], ["2026-09-01"])
        self.assertEqual(looked_at, 1)
        january, february, march, april, *_later = moves
        seat = pbx.seat_ids[0]
        changes = {
            "a user since April": lambda: seat.copy(
                {"date_start": date(2026, 4, 1), "extension": "999"}
            ),
            "never billed": lambda: period.write({"billed_until": date(2025, 12, 1)}),
            "cancelled": lambda: (january.button_draft(), january.button_cancel()),
            "credited": lambda: self._refund(february, rebill="yes").action_post(),
            "in part": lambda: self._credit_a_part(march),
            "settled": lambda: self._refund(april).action_post(),
            "billed elsewhere": lambda: period.write(
                {"billed_until": date(2026, 2, 1)}
            ),
        }
        for name, change in changes.items():
            with self.subTest(name):
                change()
                steps, looked_at = self._steps(pbx, day)
                full, all_of_them = self._steps(pbx, day, everything=True)
                self.assertEqual(steps, full)
                self.assertLess(looked_at, all_of_them)
        self.assertEqual(
            {str(step.month) for step, _lines in steps},
            {"2026-02-01", "2026-03-01", "2026-08-01", "2026-09-01"},
        )

    def _credit_a_part(self, move):
        refund = self._refund(move, rebill="yes")
        refund.invoice_line_ids.filtered("seat_charge_id").quantity = 0.5
        refund.action_post()
