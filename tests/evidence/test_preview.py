"""What the portal showed the night before is what the run bills, or a reason says why
not."""

import random
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_cents import NoxCentsCommon

NIGHT = "2026-03-31 21:00"
RUN = "2026-04-01"


class PreviewCase(NoxCentsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]
        cls.Preview = cls.env["nox.invoice.preview"]

    def _billed_customer(self, name="Shown", users=3, price=7.5):
        pbx = self._customer_pbx(name)
        self._sell(pbx, price, users)
        self.pbxs |= pbx
        # The months before March are billed.
        pbx.period_ids.filtered("contract_line_id").billed_until = date(2026, 3, 1)
        return pbx

    def _store(self, night=NIGHT, month=date(2026, 3, 1), billed_on=date(2026, 4, 1)):
        with freeze_time(night):
            self.Preview._store(
                self.company, self.pbxs.commercial_partner_id, month, billed_on
            )
        return self._previews(month)

    def _previews(self, month=date(2026, 3, 1)):
        return self.Preview.search(
            [
                ("commercial_partner_id", "in", self.pbxs.commercial_partner_id.ids),
                ("month", "=", month),
            ]
        )

    def _compared(self, day=RUN, moment="01:50", run=None):
        run = run or self._run(day)
        self.env.flush_all()
        with freeze_time(f"{day} {moment}"):
            self.Preview._compare(run, self.pbxs.commercial_partner_id)
        return run

    def assertReason(self, preview, code, words):
        self.assertEqual(preview.state, "explained", preview.reasons)
        self.assertIn(code, [reason["code"] for reason in preview.reasons])
        self.assertIn(words, preview.reason_text)


@tagged("standard", "post_install", "-at_install")
class TestPreview(PreviewCase):
    def test_nothing_changed_and_all_is_equal(self):
        """Random customers over two months: users, work, corrections, cents."""
        dice = random.Random(3)
        for number in range(12):
            pbx = self._billed_customer(
                f"Random {number}", dice.randint(1, 4), dice.randint(100, 2500) / 100
            )
            for seat in pbx.seat_ids[1:]:
                if dice.random() < 0.5:
                    seat.date_end = date(2026, 3, dice.randint(2, 30))
            if dice.random() < 0.5:
                self._work(pbx, *(dice.randint(1, 25) for _entry in range(2)))
        for night, day, month, setting in (
            (NIGHT, RUN, date(2026, 3, 1), "round_globally"),
            ("2026-04-30 21:00", "2026-05-01", date(2026, 4, 1), "round_per_line"),
        ):
            self.company.tax_calculation_rounding_method = setting
            previews = self._store(night, month, fields.Date.to_date(day))
            self.assertEqual(len(previews), len(self.pbxs))
            run = self._compared(day)
            for preview in previews:
                with self.subTest(customer=preview.display_name):
                    self.assertEqual(preview.state, "equal", preview.reasons)
                    self.assertFalse(preview.reason_text)
                    move = self._moves(run).filtered(
                        lambda each, own=preview: (
                            each.commercial_partner_id == own.commercial_partner_id
                        )
                    )
                    sign = -1 if move.move_type == "out_refund" else 1
                    self.assertAlmostEqual(
                        preview.amount_total, sign * move.amount_total
                    )
                    self.assertAlmostEqual(preview.difference, 0)
            for pbx in self.pbxs:
                if dice.random() < 0.5:
                    pbx.seat_ids[0].date_end = date(2026, 4, 20)

    def test_the_next_night_takes_the_place_of_the_last(self):
        pbx = self._billed_customer()
        preview = self._store("2026-03-30 21:00")
        self.assertAlmostEqual(preview.amount_untaxed, 22.5)
        self._seats(pbx, 1, date(2026, 3, 1), first=500)
        self.assertEqual(self._store(), preview)
        self.assertAlmostEqual(preview.amount_untaxed, 30)
        self.assertEqual(preview.made_at, fields.Datetime.to_datetime(f"{NIGHT}:00"))

    def test_nothing_due_is_no_preview(self):
        pbx = self._billed_customer()
        self.assertTrue(self._store())
        pbx.period_ids.filtered("contract_line_id").billed_until = date(2026, 4, 1)
        self.assertFalse(self._store())

    # ------------------------------------------------------------------
    # REASONS
    # ------------------------------------------------------------------

    def test_users_and_price_that_changed(self):
        users, price = self._billed_customer(), self._billed_customer("Price")
        previews = self._store()
        self._seats(users, 1, date(2026, 3, 1), first=500)
        price.period_ids.contract_line_id.price_unit = 8
        self._compared()
        by_pbx = previews.grouped("commercial_partner_id")
        self.assertReason(by_pbx[users.partner_id], "users", "users changed")
        self.assertReason(by_pbx[price.partner_id], "price", "was 7.50 and became 8")
        self.assertAlmostEqual(by_pbx[users.partner_id].difference, 7.5)

    def test_vat_that_changed_overnight(self):
        """The same amount with other VAT is another bill."""
        self._billed_customer()
        preview = self._store()
        self.contract_plan.seat_product_id.taxes_id = self._tax("Shifted", 0)
        self._compared()
        self.assertReason(preview, "vat", "VAT was 21% and became 0%")
        self.assertAlmostEqual(preview.difference, 0)

    def test_vat_that_somebody_changed_on_the_draft(self):
        self._billed_customer()
        preview = self._store()
        run = self._compared()
        self.assertEqual(preview.state, "equal")
        self._product_lines(self._moves(run)).tax_ids = self._tax("Shifted", 0)
        self._compared("2026-04-03", run=run)
        self.assertReason(preview, "vat", "VAT was 21% and became 0%")

    def test_the_cent_falls_on_the_line_that_was_shown(self):
        """Two jobs at 61.50 incl. VAT are 50.83 and 50.82: on the same two lines the
        night before, whatever is looked up first."""
        tax = self.company.account_sale_tax_id
        included = self._tax("21% incl.", price_include_override="tax_included")
        pbx = self._billed_customer()
        pbx.partner_id.property_account_position_id = self._position(
            "Incl.", tax, included
        )
        late, early = self._work(pbx, 35), self._work(pbx, 35)
        late.number, early.number = "HT99902", "HT99901"
        preview = self._store()
        shown = {line["key"]: line["amount"] for line in preview.lines}
        self.assertEqual(sorted(shown.values())[1:], ["50.82", "50.83"])
        self._compared()
        self.assertEqual(preview.state, "equal", preview.reasons)

    def test_work_that_came_and_went(self):
        pbx = self._billed_customer()
        renamed = self._work(pbx, 20)
        waived = self._work(pbx, 35)
        gone = self._work(pbx, 15)
        preview = self._store()
        late = self._work(pbx, 25, day=RUN)
        for ticket in (waived, gone):
            self.env["nox.block.waiver"].create(
                {"ticket_id": ticket.id, "blocks": 1, "reason": "Our own mistake"}
            )
        renamed.name = "Another subject"
        self._compared()
        codes = {reason["key"].split()[1]: reason["code"] for reason in preview.reasons}
        self.assertEqual(codes[str(late.id)], "finished")
        self.assertEqual(codes[str(waived.id)], "waived")
        self.assertEqual(codes[str(gone.id)], "waived")
        self.assertEqual(codes[str(renamed.id)], "subject")
        self.assertEqual(preview.state, "explained")
        self.assertIn("0 blocks were waived at the preview, 1", preview.reason_text)

    def test_time_that_was_put_right(self):
        pbx = self._billed_customer()
        ticket = self._work(pbx, 20)
        preview = self._store()
        ticket.stage_id = self.stage_work
        ticket.timesheet_ids.unit_amount = 35 / 60
        self._finish(ticket)
        self._compared()
        self.assertReason(
            preview, "minutes", "20 minutes were worked at the preview, 35"
        )

    def test_what_nothing_explains_is_said(self):
        self._billed_customer()
        preview = self._store()
        lines = [dict(line) for line in preview.lines]
        lines[0].update(quantity="2.00", amount="15.00")
        preview.lines = lines
        with freeze_time("2035-01-01"):
            preview.made_at = fields.Datetime.now()
        self._compared()
        self.assertEqual(preview.state, "unexplained")
        self.assertIn("nothing explains it", preview.reason_text)

    def test_a_draft_that_somebody_edited(self):
        pbx = self._billed_customer()
        self._work(pbx, 20)
        preview = self._store()
        run = self._compared()
        self.assertEqual((preview.state, preview.is_final), ("equal", False))
        move = self._moves(run)
        users = move.invoice_line_ids.filtered("seat_charge_id")
        move.invoice_line_ids = [
            Command.update(users.id, {"discount": 10}),
            Command.create({"name": "Cable", "quantity": 1, "price_unit": 5}),
        ]
        move.action_post()
        self._compared("2026-04-03", run=run)
        self.assertReason(preview, "edited", "from 22.50 to 20.25")
        self.assertReason(preview, "by_hand", "An added line")
        self.assertTrue(preview.is_final)
        self.assertAlmostEqual(preview.difference, 2.75)

    def test_who_was_parked_or_had_no_preview(self):
        parked, new = self._billed_customer("Parked"), self._billed_customer("New")
        self.pbxs = parked
        preview = self._store()
        self.pbxs |= new
        with freeze_time(f"{RUN} 00:30"):
            run = self._get_run()
            run._bill_customers(new.partner_id)
            run._park_customer(parked.partner_id, "No address")
            self.env.flush_all()
            customers = self.Preview._customers_to_compare(run)
        self.assertLessEqual(new.partner_id | parked.partner_id, customers)
        self._compared(run=run)
        self.assertReason(preview, "parked", "parked this customer")
        late = self._previews() - preview
        self.assertEqual(late.commercial_partner_id, new.partner_id)
        self.assertReason(late, "no_preview", "became due after the preview")

    # ------------------------------------------------------------------
    # THE JOBS
    # ------------------------------------------------------------------

    def _without_commit(self):
        cron = self.registry["ir.cron"]
        return patch.object(cron, "_commit_progress", lambda *_args, **_more: 1.0)

    def test_the_jobs_of_the_night_and_of_the_morning(self):
        pbx = self._billed_customer()
        with freeze_time("2026-03-01 01:00"):
            run = self._get_run()
            run.state = "done"
        with freeze_time(NIGHT), self._without_commit():
            self.Preview._cron_store()
            preview = self._previews()
            self.assertEqual(preview.commercial_partner_id, pbx.partner_id)
            self.assertNotIn(
                pbx.partner_id,
                self.Preview._customers_of_night(
                    self.company, date(2026, 3, 1), date(2026, 4, 1)
                ),
            )
        run = self._run(RUN)
        with freeze_time(f"{RUN} 01:50"), self._without_commit():
            self.Preview._cron_compare()
            self.assertEqual(preview.state, "waiting")
            run.state = "done"
            self.Preview._cron_compare()
            self.assertEqual(preview.state, "equal")
            domain = [("company_id", "=", self.company.id), ("id", "=", preview.id)]
            self.assertEqual(self.Preview._proven(domain), (1, 1))
            self.assertEqual(
                self.Preview._next_month(self.company),
                (date(2026, 4, 1), date(2026, 5, 1)),
            )

    def test_storing_costs_few_queries_beside_making(self):
        """What a night takes is what the builder of the next invoice takes."""
        for number in range(8):
            self._work(self._billed_customer(f"Customer {number}"), 20)
        self._store()
        run = self.env["nox.billing.run"].new({"company_id": self.company.id})
        with freeze_time(NIGHT):
            made = self._queries(
                lambda: run._next_invoices(
                    self.pbxs.commercial_partner_id, date(2026, 4, 1)
                )
            )
        stored = self._queries(self._store)
        self.assertLess((stored - made) / len(self.pbxs), 4, (made, stored))

    def _queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    # ------------------------------------------------------------------
    # WHO READS IT
    # ------------------------------------------------------------------

    def test_who_reads_previews(self):
        self._billed_customer()
        preview = self._store()
        for user in (self.accountant, self.manager):
            self.assertTrue(preview.with_user(user).comparison)
        customer = self._portal_user(preview.commercial_partner_id, "nox_portal")
        for user in (self.technician, self.coordinator, customer):
            with self.assertRaises(AccessError):
                preview.with_user(user).read(["lines"])
        with self.assertRaises(AccessError):
            self._rpc(
                self.accountant,
                "nox.invoice.preview",
                "write",
                preview.ids,
                {"state": "equal"},
            )
        company = self.env["res.company"].create({"name": "Other company"})
        self.manager.company_ids += company
        theirs = self.Preview.with_user(self.manager).with_context(
            allowed_company_ids=company.ids
        )
        self.assertFalse(theirs.search([("id", "=", preview.id)]))
