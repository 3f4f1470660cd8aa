from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_month import NoxMonthCommon
from ..training.test_training import TrainingCase


@tagged("standard", "post_install", "-at_install")
class TestMonthsOfTheField(NoxMonthCommon):
    """What other billing systems got wrong about months, tried on ours
    (docs/field-cases.md)."""

    def _hourly(self, *moments):
        """Let the job start runs at these moments (UTC), as its schedule does."""
        for moment in moments:
            with freeze_time(moment):
                for company in self.company | self.island:
                    self.env["nox.billing.run"].with_company(company)._start_due_run()

    def test_two_zones_in_one_night_each_start_on_their_own_first(self):
        """An hourly job around midnight, before and after the clocks change."""
        self.island = self.env["res.company"].create({"name": "Nox Curaçao"})
        self.island.partner_id.tz = "America/Curacao"
        self.env.user.company_ids = [Command.link(self.island.id)]
        self.env = self.env(
            context=dict(
                self.env.context,
                allowed_company_ids=(self.company | self.island).ids,
            )
        )
        (self.company | self.island).service_run_automatic = False
        found = {}
        for night in ("2026-09-30", "2026-11-30"):
            next_day = fields.Date.add(fields.Date.to_date(night), days=1)
            for hour in (
                f"{night} 21:59",
                f"{night} 22:00",
                f"{night} 22:59",
                f"{night} 23:00",
                f"{next_day} 03:59",
                f"{next_day} 04:00",
            ):
                self._hourly(hour)
                found[hour] = {
                    company.name: self.env["nox.billing.run"].search_count(
                        [
                            ("company_id", "=", company.id),
                            ("month", "=", night[:8] + "01"),
                        ]
                    )
                    for company in self.company | self.island
                }
        amsterdam, curacao = self.company.name, self.island.name
        self.assertEqual(
            [found[hour][amsterdam] for hour in found],
            [0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1],
        )
        self.assertEqual(
            [found[hour][curacao] for hour in found],
            [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1],
        )

    def test_last_days_of_months_add_up(self):
        """A plan from the 31st, from 29 February, and one of a single day."""
        for start, ends, months in (
            (date(2027, 1, 31), None, 14),
            (date(2028, 2, 29), None, 14),
            (date(2027, 11, 30), date(2027, 11, 30), 2),
        ):
            with self.subTest(start=start):
                self.pbxs = pbx = self._customer_pbx(f"From {start}")
                self._sell(pbx, 1000, 1, start, str(start))
                if ends:
                    pbx.seat_ids.date_end = ends
                first = start.replace(day=1)
                for month in range(months):
                    self._run(fields.Date.add(first, months=month + 1))
                last = fields.Date.add(first, months=months)
                expected = billed = 0
                for month in range(months):
                    begin = fields.Date.add(first, months=month)
                    days = (fields.Date.add(begin, months=1) - begin).days
                    used = sum(
                        start <= fields.Date.add(begin, days=day) <= (ends or last)
                        for day in range(days)
                    )
                    billed += bool(used)
                    expected += round(used / days + 1e-9, 2)
                charges = self.env["nox.seat.charge"].search([("pbx_id", "=", pbx.id)])
                self.assertAlmostEqual(sum(charges.mapped("quantity")), expected, 2)
                self.assertEqual(len(charges), billed)

    def test_a_line_of_the_base_keeps_its_own_rhythm_beside_ours(self):
        """Rent of a router on the contract that carries the price of users."""
        self.pbxs = pbx = self._customer_pbx("Router")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        contract = pbx.period_ids.contract_line_id.contract_id
        router = self.env["contract.line"].create(
            {
                "contract_id": contract.id,
                "name": "Router",
                "product_id": self.env["product.product"]
                .create({"name": "Router", "type": "service"})
                .id,
                "quantity": 1,
                "specific_price": 8,
                "recurring_rule_type": "monthlylastday",
                "recurring_interval": 1,
                "recurring_invoicing_type": "post-paid",
                "date_start": date(2026, 3, 15),
                "recurring_next_date": date(2026, 3, 31),
            }
        )
        self._run("2026-04-01")
        self.assertEqual(router.recurring_next_date, date(2026, 3, 31))
        with freeze_time("2026-03-31 09:00"):
            self.env["contract.contract"].cron_recurring_create_invoice()
        self.assertEqual(router.recurring_next_date, date(2026, 4, 30))
        ours = pbx.period_ids.contract_line_id
        self.assertFalse(ours.last_date_invoiced)
        self._run("2026-05-01")
        self.assertEqual(
            [(c[0], c[2]) for c in self._charges(pbx)],
            [("2026-03-01", 2.0), ("2026-04-01", 2.0)],
        )

    def test_a_price_from_a_yearly_price_is_billed_as_agreed(self):
        """99.99 a year is 8.3325 a month: three users are 25.00, not 24.99."""
        self.env.ref("product.decimal_price").digits = 4
        self.pbxs = pbx = self._customer_pbx("Yearly")
        self._sell(pbx, 8.3325, 3, date(2026, 3, 1), "2026-03-01")
        move = self._moves(self._run("2026-04-01"))
        self.assertEqual(move.amount_untaxed, 25.00)

    def test_an_archived_contract_does_not_leave_its_users_unbilled(self):
        """Archived in mid-month: refused, or the month is billed all the same."""
        self.pbxs = pbx = self._customer_pbx("Archived")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        contract = pbx.period_ids.contract_line_id.contract_id
        with freeze_time("2026-03-15 09:00"), self.assertRaises(UserError):
            contract.active = False
        self.assertEqual(self._moves(self._run("2026-04-01")).amount_untaxed, 20)

    def test_what_the_run_sends_nobody_sends_beside_it(self):
        """The run queues the mail; a person who presses *Send* meanwhile, and a queue
        that runs twice, make no second one."""
        self.company.service_invoice_mode = "send"
        self.pbxs = pbx = self._customer_pbx("Queued")
        self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        move = self._moves(self._run("2026-04-01"))

        def mails():
            return move.message_ids.filtered(
                lambda message: pbx.partner_id in message.partner_ids
            )

        self.env["account.move.send.wizard"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"move_id": move.id}).action_send_and_print()
        self.assertEqual(len(mails()), 1)
        self.env["account.move"]._cron_account_move_send(job_count=10)
        self.env["account.move"]._cron_account_move_send(job_count=10)
        self.assertEqual(len(mails()), 1)
        self.assertFalse(move.sending_data)


@tagged("standard", "post_install", "-at_install")
class TestTrainingsAcrossTheClock(TrainingCase):
    """A meeting planned in summer and held in winter is at the hour it was planned."""

    def test_an_hour_stays_the_hour_after_the_clocks_change(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.anna.lang = "nl_NL"
        with freeze_time("2026-09-01 09:00"):
            order = self._sell_training()
            # 13:00 on 26 October, the day after the clocks went back.
            self._plan_places(
                order.training_ids, [self.anna], datetime(2026, 10, 26, 12)
            )
            training = order.training_ids
            mails = self._mails(training, self.anna)
            mails |= self._mails(training.event_id, self.anna)
        self.assertEqual(
            (training.event_id.stop - training.event_id.start).total_seconds(), 14400
        )
        self.assertIn("13:00", " ".join(map(str, mails.mapped("body_html"))))

    def test_the_day_of_a_certificate_is_the_company_s_own(self):
        """00:30 in Amsterdam is the evening before in UTC."""
        with freeze_time("2026-10-24 09:00"):
            order = self._sell_training()
            self._plan_places(
                order.training_ids, [self.anna], datetime(2026, 10, 24, 22, 30)
            )
        with freeze_time("2026-10-26 09:00"):
            self._give(order.training_ids, "passed")
        self.assertEqual(order.training_ids.certified_on, date(2026, 10, 25))


@tagged("standard", "post_install", "-at_install")
class TestMailToTheRightSide(NoxMonthCommon):
    """Who is told that a request is whose: the technician, and not the customer."""

    def test_the_assignment_is_mailed_to_the_technician_alone(self):
        self.technician.write(
            {"notification_type": "email", "email": "technician@nox.example"}
        )
        pbx = self._pbx(self.standard)
        ticket = self._ticket(pbx, user_id=False)
        before = self.env["mail.mail"].search([])
        ticket.with_user(self.coordinator).user_id = self.technician
        self.env.flush_all()
        sent = self.env["mail.mail"].search([]) - before
        self.assertIn(self.technician.partner_id, sent.recipient_ids)
        self.assertNotIn(self.customer, sent.recipient_ids)
        ticket.with_user(self.coordinator).message_post(
            body="We start tomorrow.",
            partner_ids=self.customer.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.env.flush_all()
        told = self.env["mail.mail"].search([]) - before - sent
        self.assertEqual(told.recipient_ids & self.customer, self.customer)


@tagged("standard", "post_install", "-at_install")
class TestBooksOfTheField(NoxMonthCommon):
    """Invoices of the run, credit notes and drafts when the books of their day are
    closed: sales, VAT, the year, for good."""

    LOCKS = (
        "sale_lock_date",
        "tax_lock_date",
        "fiscalyear_lock_date",
        "hard_lock_date",
    )

    def setUp(self):
        super().setUp()
        self.pbxs = self._customer_pbx("Books")
        self._sell(self.pbxs, 10, 2, date(2026, 9, 1), "2026-09-01")
        self.move = self._moves(self._run("2026-10-01"))
        self.line = self.move.invoice_line_ids.filtered("seat_charge_id")

    def _in_november(self, lock):
        """October is closed by this lock, and it is 5 November."""
        self.company[lock] = "2026-10-31"
        return freeze_time("2026-11-05 10:00")

    def _told(self, move):
        return " ".join(move.message_ids.mapped("body"))

    def test_draft_of_the_run_that_is_posted_late_says_when_it_is_booked(self):
        text = self.line.name
        # Odoo closes no books for good while there are drafts in them.
        for lock in self.LOCKS[:3]:
            with self.subTest(lock), self.cr.savepoint() as point:
                with self._in_november(lock):
                    self.move.action_post()
                self.assertEqual(self.move.invoice_date, date(2026, 10, 1))
                self.assertEqual(self.move.date, date(2026, 11, 5))
                for day in ("10/01/2026", "11/05/2026", "10/31/2026"):
                    self.assertIn(day, self._told(self.move))
                self.assertEqual(self.line.name, text)
                self.assertEqual(self.line.seat_charge_id.month, date(2026, 9, 1))
                later = self._moves(self._run("2026-11-06")).invoice_line_ids
                self.assertEqual(
                    later.seat_charge_id.mapped("month"), [date(2026, 10, 1)]
                )
                point.rollback()
                self.env.invalidate_all()

    def test_what_is_posted_in_time_says_nothing_of_it(self):
        with freeze_time("2026-10-02 10:00"):
            self.move.action_post()
        self.assertEqual(self.move.date, date(2026, 10, 1))
        self.assertNotIn("booked", self._told(self.move))

    def test_posted_invoice_of_a_closed_month_stays_and_is_credited_today(self):
        with freeze_time("2026-10-02 10:00"):
            self.move.action_post()
        for lock in self.LOCKS:
            with self.subTest(lock), self.cr.savepoint() as point:
                with self._in_november(lock):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        self.move.button_draft()
                    self.env.invalidate_all()
                    self.assertEqual(self.move.state, "posted")
                    self.assertEqual(self.line.seat_charge_id.state, "invoiced")
                    refund = self._refund(self.move, rebill="yes")
                    refund.action_post()
                self.assertEqual(refund.date, date(2026, 11, 5))
                self.assertEqual(refund.invoice_date, date(2026, 11, 5))
                again = self._moves(self._run("2026-12-01")) - self.move - refund
                months = again.invoice_line_ids.seat_charge_id.mapped("month")
                self.assertIn(date(2026, 9, 1), months)
                point.rollback()
                self.env.invalidate_all()

    def test_credit_note_dated_in_a_closed_month_says_when_it_is_booked(self):
        with freeze_time("2026-10-02 10:00"):
            self.move.action_post()
            refund = self._refund(self.move)
        self.assertEqual(refund.invoice_date, date(2026, 10, 2))
        with self._in_november("sale_lock_date"):
            refund.action_post()
        self.assertEqual(refund.date, date(2026, 11, 5))
        self.assertIn("11/05/2026", self._told(refund))
