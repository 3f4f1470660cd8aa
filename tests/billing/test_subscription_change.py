from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestSubscriptionChange(NoxVoipCommon):
    """A running contract: its plan, price and end change on a day, and the line in
    `contract` follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(name="Garage", accepted_on=date(2025, 12, 1))

    def _change_plan(self, plan, day, on="2026-03-20", **values):
        with freeze_time(f"{on} 09:00"):
            self.env["nox.pbx.change.plan"].with_user(self.coordinator).create(
                {
                    "pbx_id": self.pbx.id,
                    "plan_id": plan.id,
                    "date_start": day,
                    **values,
                }
            ).action_change()

    def _periods(self):
        return self.pbx.period_ids.sorted("date_start").mapped(
            lambda p: (p.date_start, p.plan_id.code, p.price_unit, p.date_end)
        )

    def _edit_history(self, *commands):
        """Edit the plan history in the form of the PBX, as a coordinator."""
        self.pbx.with_user(self.coordinator).write({"period_ids": list(commands)})

    def _billed(self, month):
        period = self.pbx.period_ids.filtered("contract_line_id")[0]
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [Command.create({"name": "Users"})],
            }
        )
        return self.env["nox.seat.charge"].create(
            {
                "period_id": period.id,
                "company_id": self.company.id,
                "month": month,
                "quantity": 1,
                "price_unit": period.price_unit,
                "currency_id": period.currency_id.id,
                "move_line_id": move.invoice_line_ids.id,
            }
        )

    # ------------------------------------------------------------------
    # CHANGES
    # ------------------------------------------------------------------

    def test_from_standard_to_contract_and_back_in_mid_month(self):
        self._change_plan(self.contract_plan, date(2026, 3, 10), price_unit=8)
        self._change_plan(self.standard, date(2026, 3, 25))
        with freeze_time("2026-03-20 09:00"):
            again = self.env["nox.pbx.change.plan"].create(
                {
                    "pbx_id": self.pbx.id,
                    "plan_id": self.contract_plan.id,
                    "date_start": date(2026, 4, 5),
                }
            )
            self.assertEqual(again.price_unit, 8)  # The last known price.
            again.action_change()
        self.assertEqual(
            self._periods(),
            [
                (date(2025, 12, 1), "standard", 0, date(2026, 3, 9)),
                (date(2026, 3, 10), "contract", 8, date(2026, 3, 24)),
                (date(2026, 3, 25), "standard", 0, date(2026, 4, 4)),
                (date(2026, 4, 5), "contract", 8, False),
            ],
        )
        lines = self.pbx.period_ids.contract_line_id.sorted("date_start")
        self.assertEqual(lines.mapped("date_end"), [date(2026, 3, 24), False])

    def test_a_plan_that_bills_users_has_a_price(self):
        with self.assertRaisesRegex(UserError, "Enter the price"):
            self._change_plan(self.contract_plan, date(2026, 3, 10))
        period = self.pbx.period_ids.create(
            {
                "pbx_id": self.pbx.id,
                "plan_id": self.contract_plan.id,
                "date_start": self.company._service_today(),
            }
        )
        self.assertTrue(self.pbx.is_price_missing)
        period.unlink()
        self.assertFalse(self.pbx.is_price_missing)

    def test_a_price_does_not_stay_behind_under_another_plan(self):
        self._change_plan(self.contract_plan, date(2026, 3, 10), price_unit=8)
        period = self.pbx.period_ids.filtered("contract_line_id")
        with self.assertRaisesRegex(ValidationError, "bills no users"):
            period.plan_id = self.standard

    def test_stop_at_a_date_ends_the_contract_line_too(self):
        self._change_plan(self.contract_plan, date(2026, 3, 10), price_unit=8)
        line = self.pbx.period_ids.contract_line_id
        self.pbx.ended_on = date(2026, 6, 15)
        self.assertEqual(line.date_end, date(2026, 6, 15))
        self.pbx.ended_on = False
        self.assertFalse(line.date_end)
        with self.assertRaisesRegex(ValidationError, "Remove that plan first"):
            self.pbx.ended_on = date(2026, 3, 1)

    def test_contract_line_follows_the_plan_history_in_the_form(self):
        """A plan that is added, moved or deleted there ends the price before it on
        the right day, on the contract too."""
        self._change_plan(self.contract_plan, date(2026, 3, 10), price_unit=8)
        line = self.pbx.period_ids.contract_line_id
        self.assertFalse(line.date_end)
        self._edit_history(
            Command.create(
                {"plan_id": self.standard.id, "date_start": date(2026, 5, 1)}
            )
        )
        self.assertEqual(line.date_end, date(2026, 4, 30))
        added = self.pbx.period_ids.filtered(lambda p: p.date_start.month == 5)
        self._edit_history(Command.update(added.id, {"date_start": date(2026, 6, 15)}))
        self.assertEqual(line.date_end, date(2026, 6, 14))
        self._edit_history(Command.delete(added.id))
        self.assertFalse(line.date_end)

    def test_deleted_plan_leaves_no_price_behind_that_nobody_bills(self):
        self._change_plan(self.contract_plan, date(2026, 3, 10), price_unit=8)
        self._change_plan(self.contract_plan, date(2026, 4, 10), price_unit=9)
        first, second = self.pbx.period_ids.contract_line_id.sorted("date_start")
        contract = first.contract_id
        self.assertEqual(first.date_end, date(2026, 4, 9))
        self._edit_history(Command.delete(second.plan_period_ids.id))
        self.assertFalse(second.exists())
        self.assertFalse(first.date_end)
        self._edit_history(Command.delete(first.plan_period_ids.id))
        self.assertFalse(contract.exists())
        self.assertEqual(self._periods(), [(date(2025, 12, 1), "standard", 0, False)])

    def test_plan_that_was_billed_is_not_deleted(self):
        self._sell(self.pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        self._billed(date(2026, 3, 1))
        period = self.pbx.period_ids.filtered("contract_line_id")
        with self.assertRaisesRegex(UserError, "is billed already"):
            self._edit_history(Command.delete(period.id))

    def test_deleted_pbx_takes_its_price_along(self):
        self._change_plan(self.contract_plan, date(2026, 3, 10), price_unit=8)
        contract = self.pbx.period_ids.contract_line_id.contract_id
        self.pbx.unlink()
        self.assertFalse(contract.exists())

    def test_a_running_order_is_not_cancelled_but_can_be_undone(self):
        order = self._sell(self.pbx, 6.75, 0, date(2026, 3, 10), "2026-03-10")
        with freeze_time("2026-03-11 09:00"):
            with self.assertRaisesRegex(UserError, "and it runs"):
                order._action_cancel()
            with self.assertRaisesRegex(UserError, "runs at this price"):
                order.order_line.price_unit = 5
        contract = order.order_line.seat_contract_line_id.contract_id
        # Sold by mistake: from the same day nothing of it remains.
        self._change_plan(self.standard, date(2026, 3, 10))
        self.assertFalse(contract.exists())
        self.assertEqual(
            [each[:3] for each in self._periods()],
            [
                (date(2025, 12, 1), "standard", 0),
                (date(2026, 3, 10), "standard", 0),
            ],
        )
        order._action_cancel()
        order.action_draft()
        order.order_line.price_unit = 5
        with freeze_time("2026-03-12 09:00"):
            order.action_confirm()
        self.assertEqual(self.pbx._running_period(date(2026, 3, 10)).price_unit, 5)

    # ------------------------------------------------------------------
    # IN `contract`
    # ------------------------------------------------------------------

    def test_next_invoice_is_the_day_of_the_run(self):
        self._sell(self.pbx, 10, 1, date(2026, 3, 10), "2026-03-01")
        line = self.pbx.period_ids.contract_line_id
        contract = line.contract_id
        self.assertEqual(line.recurring_next_date, date(2026, 4, 1))
        self._billed(date(2026, 3, 1))
        self.assertEqual(line.recurring_next_date, date(2026, 5, 1))
        self.assertEqual(contract.recurring_next_date, date(2026, 5, 1))
        self.pbx.ended_on = date(2026, 3, 31)
        self.env.flush_all()
        self.assertFalse(line.recurring_next_date)
        self.assertFalse(contract.recurring_next_date)

    def test_a_billed_price_and_a_line_of_a_plan_stay(self):
        self._sell(self.pbx, 10, 1, date(2026, 3, 10), "2026-03-01")
        line = self.pbx.period_ids.contract_line_id
        line.specific_price = 11  # Nothing was billed at it yet.
        with self.assertRaisesRegex(UserError, "carries the price"):
            line.unlink()
        self._billed(date(2026, 3, 1))
        with self.assertRaisesRegex(UserError, "billed at this price"):
            line.price_unit = 12
        with self.assertRaisesRegex(UserError, "is billed already"):
            self._change_plan(self.standard, date(2026, 3, 10))

    def test_contract_line_says_what_is_billed(self):
        """A discount or an end typed on the contract would not reach the bill."""
        self._sell(self.pbx, 10, 1, date(2026, 3, 10), "2026-03-01")
        line = self.pbx.period_ids.contract_line_id
        for values in (
            {"date_end": date(2026, 3, 31)},
            {"date_start": date(2026, 4, 1)},
            {"is_canceled": True},
        ):
            with self.assertRaisesRegex(UserError, "as long as its plan runs"):
                line.write(values)
        with self.assertRaisesRegex(ValidationError, "agreed price itself"):
            with self.cr.savepoint():
                line.discount = 10
        with self.assertRaisesRegex(UserError, "Stop them first"):
            line.contract_id.active = False
        self._change_plan(self.standard, date(2026, 3, 25))
        self.assertEqual(line.date_end, date(2026, 3, 24))
        with freeze_time("2026-03-26 09:00"):
            line.contract_id.active = False  # Nothing of it runs any more.
        self.assertFalse(line.contract_id.active)

    def test_month_that_the_run_billed_is_not_billed_elsewhere(self):
        """A plan that changes on a day of the past: the run bills the difference,
        and nobody can say that another system has billed that month."""
        self._sell(self.pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        self._billed(date(2026, 3, 1))
        refused = self.assertRaisesRegex(ValidationError, "billed by the monthly run")
        with refused, self.cr.savepoint():
            self._change_plan(
                self.contract_plan,
                date(2026, 3, 16),
                on="2026-04-02",
                price_unit=12,
                billed_until=date(2026, 4, 1),
            )
        self._change_plan(
            self.contract_plan, date(2026, 3, 16), on="2026-04-02", price_unit=12
        )
        self.assertEqual(
            self.pbx._running_period(date(2026, 3, 16)).billed_until, date(2026, 3, 16)
        )

    def test_periods_and_prices_are_for_coordinators(self):
        self._sell(self.pbx, 10, 1, date(2026, 3, 10), "2026-03-01")
        portal = self._portal_user(self.customer, "subscription_own")
        stranger = self._portal_user(self._customer("Other"), "subscription_other")
        nobody = new_test_user(self.env, login="subscription_nobody")
        for user, read, write, index in (
            (self.technician, True, False, False),
            (self.coordinator, True, True, False),
            (self.manager, True, True, True),
            (self.accountant, True, False, False),
            (portal, True, False, False),
            (stranger, False, False, False),
            (nobody, False, False, False),
        ):
            with self.subTest(user=user.login):
                period = self.pbx.period_ids[0].with_user(user)
                self.assertEqual(period.has_access("read"), read)
                self.assertEqual(period.has_access("write"), write)
                for model, may in (
                    ("nox.pbx.change.plan", write),
                    ("nox.price.index", index),
                ):
                    found = self.env[model].with_user(user).has_access("create")
                    self.assertEqual(found, may, model)
