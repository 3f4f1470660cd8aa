import base64
import io
from datetime import date

import openpyxl
from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..common_month import NoxMonthCommon


@tagged("standard", "post_install", "-at_install")
class TestRehearsal(NoxMonthCommon):
    """Every customer's next invoice before it is made, with what is odd about it."""

    def _transient_tables(self):
        """Tables whose rows pass: of the dialogs, and of their many2many fields."""
        dialogs = [model for model in self.env.values() if model._transient]
        return {model._table for model in dialogs} | {
            field.relation
            for model in dialogs
            for field in model._fields.values()
            if field.type == "many2many" and field.store
        }

    def _traces(self):
        """What of the database lasts: for every table the number of its rows and a
        checksum of their places, and where every sequence stands.

        PostgreSQL writes an updated row at another place (``ctid``), whatever its
        values became: so an update is seen as much as a row that came or went.
        """
        self.env.flush_all()
        passing = self._transient_tables()
        self.cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        )
        lasting = [name for (name,) in self.cr.fetchall() if name not in passing]
        self.assertGreater(len(lasting), 200)
        self.cr.execute(
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s, count(*), sum(hashtext(ctid::text)) FROM %s",
                    name,
                    SQL.identifier(name),
                )
                for name in lasting
            )
        )
        rows = {name: figures for name, *figures in self.cr.fetchall()}
        self.cr.execute(
            "SELECT sequencename, last_value FROM pg_sequences"
            " WHERE schemaname = current_schema() AND sequencename NOT IN %s",
            [tuple(f"{name}_id_seq" for name in passing)],
        )
        return rows, dict(self.cr.fetchall())

    def test_rehearsal_leaves_no_trace_in_the_database(self):
        self.pbxs = pbx = self._customer_pbx("Trace")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        self._work(pbx, 20)
        before = self._traces()
        with freeze_time("2026-03-25 09:00"):
            line = self._rehearse(date(2026, 4, 1))
            line.rehearsal_id.action_export_xlsx()
        self.assertEqual((line.users_amount, line.work_amount), (20, 41))
        rows, sequences = self._traces()
        self.assertEqual(rows, before[0])
        self.assertEqual(sequences, before[1])
        # The comparison sees what it is for: a row updated to what it was.
        self.cr.execute("UPDATE nox_pbx SET name = name WHERE id = %s", [pbx.id])
        changed = {
            name for name, figures in self._traces()[0].items() if figures != rows[name]
        }
        self.assertEqual(changed, {"nox_pbx"})

    def test_total_of_the_rehearsal_is_the_total_of_the_run(self):
        """Mid-month starts, prices that include VAT, discounts, two branches, work
        with and without base order, a quote with a phone, a correction."""
        one, two, three, four = (
            self._customer_pbx(f"Total {name}") for name in ("1", "2", "3", "4")
        )
        self._sell(one, 7.33, 7, date(2026, 2, 11), "2026-02-11")
        self._sell(two, 6.125, 3, date(2026, 3, 1), "2026-03-01")
        self._sell(four, 10, 1, date(2026, 1, 1), "2026-01-01")
        self.pbxs = one | two | three | four
        self._run("2026-03-01")
        one.seat_ids[0].date_end = date(2026, 2, 20)
        self._seats(one, 2, date(2026, 3, 9), first=300)
        self._work(one, 20)
        self._work(two, 35, 20)
        quoted = self._work(three, 50, done=False)
        phone = self.env["product.product"].create(
            {"name": "Phone", "list_price": 99.5, "invoice_policy": "order"}
        )
        with freeze_time("2026-03-21 09:00"):
            quoted.estimated_minutes = 120
            quoted.quote_id.write(
                {
                    "order_line": [
                        Command.create({"product_id": phone.id, "discount": 10})
                    ]
                }
            )
            self._approve(quoted)
            self._log(quoted, 60, day=date(2026, 3, 21))
            self._finish(quoted)
        self._train(two)
        lines = self._rehearse(date(2026, 4, 1))
        run = self._run("2026-04-01")
        moves = self._moves(run)
        self.assertTrue(any(lines.mapped("training_amount")))
        self.assertEqual(
            sorted(lines.mapped("amount_total")),
            sorted(
                move.amount_untaxed * (-1 if move.move_type == "out_refund" else 1)
                for move in moves
            ),
        )
        self.assertEqual(len(moves), 4)
        self.assertIn(phone, moves.invoice_line_ids.product_id)

    def _train(self, pbx):
        """Somebody attended a training, on an order with more than that."""
        product = self.env.ref("nox_voip_service.product_training")
        other = self.env["product.product"].create(
            {"name": "Something else", "list_price": 5, "invoice_policy": "order"}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": pbx.partner_id.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "service_pbx_id": pbx.id}
                    ),
                    Command.create({"product_id": other.id}),
                ],
            }
        )
        order.action_confirm()
        person = self._customer("Anna", parent_id=pbx.partner_id.id, is_company=False)
        order.training_ids.write(
            {"partner_id": person.id, "start_at": "2026-03-10 08:00:00"}
        )
        wizard = self.env["nox.training.result"].create(
            {"training_ids": [Command.set(order.training_ids.ids)]}
        )
        wizard.line_ids.result = "passed"
        self.env.flush_all()
        with freeze_time("2026-03-11 09:00"):
            wizard.action_apply()

    def test_difference_is_explained_line_by_line(self):
        self.pbxs = pbx = self._customer_pbx("Grows")
        self._sell(pbx, 10, 10, date(2026, 2, 1), "2026-02-01")
        self._work(pbx, 20, day=date(2026, 2, 20))
        with freeze_time("2026-03-01 00:30"):
            run = self._get_run()
            run._bill_customers(pbx.commercial_partner_id)
        self._seats(pbx, 1, date(2026, 3, 1), first=300)
        with freeze_time("2026-03-01 09:00"):
            self.env["nox.pbx.change.plan"].create(
                {
                    "pbx_id": pbx.id,
                    "plan_id": self.contract_plan.id,
                    "date_start": date(2026, 3, 1),
                    "price_unit": 10.5,
                }
            ).action_change()
        line = self._rehearse(date(2026, 4, 1))
        self.assertEqual(
            (line.amount_total, line.amount_before, line.difference),
            (115.5, 141, -25.5),
        )
        users, work = line.detail_ids
        self.assertEqual((users.amount_before, users.difference), (100, 15.5))
        self.assertRegex(users.reason, r"1\.00 users more: .*10\.00.*; Price: .*5\.50")
        self.assertEqual((work.amount, work.amount_before), (0, 41))
        self.assertEqual(sum(line.detail_ids.mapped("difference")), line.difference)

    def test_warnings_say_what_to_look_at(self):
        grown = self._customer_pbx("Grown")
        self._sell(grown, 10, 2, date(2026, 2, 1), "2026-02-01")
        mute = self._customer_pbx("Mute", partner={"email": False})
        self._sell(mute, 10, 1, date(2026, 2, 1), "2026-02-01")
        free = self._customer_pbx("Free")
        self._sell(free, 10, 1, date(2026, 2, 1), "2026-02-01")
        credit = self._customer_pbx("Credit")
        self._sell(credit, 10, 2, date(2026, 2, 1), "2026-02-01")
        empty = self._customer_pbx("Empty")
        self._sell(empty, 10, 0, date(2026, 2, 1), "2026-02-01")
        self.pbxs = grown | mute | free | credit | empty
        self._run("2026-03-01")
        self._seats(grown, 1, date(2026, 3, 1), first=300)
        self._work(grown, 20, done=False).category_id = self._category("fault")
        # Staff cannot take a billed price away; an import of old data can have.
        line = free.period_ids.contract_line_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE contract_line SET specific_price = 0 WHERE id = %s", [line.id]
        )
        self.env.invalidate_all()
        with freeze_time("2026-03-02 09:00"):
            credit.seat_ids.date_end = date(2026, 2, 10)
        gone = self._customer_pbx("Gone")
        self._sell(gone, 10, 1, date(2026, 3, 1), "2026-03-01")
        contact = self.env["res.partner"].create(
            {"name": "Bills", "type": "invoice", "parent_id": gone.partner_id.id}
        )
        gone.period_ids.contract_line_id.contract_id.invoice_partner_id = contact
        contact.active = False
        self.pbxs |= gone
        lines = {
            line.partner_id.name: line for line in self._rehearse(date(2026, 4, 1))
        }
        for name, text in (
            ("Grown", "30% more users"),
            ("Mute", "no e-mail address"),
            ("Free", "Will be parked: The price per user"),
            ("Credit", "becomes a credit note"),
            ("Empty", "a contract per user and no users"),
            ("Gone", "Will be parked: Contract .* has no customer"),
        ):
            with self.subTest(name=name):
                self.assertRegex(lines[name].warnings, text)
                self.assertTrue(lines[name].has_warning)
        self.assertFalse(lines["Free"].amount_total)

    def test_work_that_waits_and_open_questions_are_warned_of(self):
        self.pbxs = pbx = self._customer_pbx("Waits")
        self._sell(pbx, 10, 1, date(2026, 2, 1), "2026-02-01")
        self._run("2026-03-01")
        ticket = self._work(pbx, 61, done=False)
        self.assertTrue(ticket.held_minutes)
        self.assertNotIn("Open question", self._rehearse(date(2026, 4, 1)).warnings)
        move = self._moves()
        move.action_post()
        with freeze_time("2026-03-05 09:00"):
            dispute = move._dispute_line(
                move.invoice_line_ids.filtered("seat_charge_id").id,
                "We were closed in February.",
                pbx.partner_id,
            )
        line = self._rehearse(date(2026, 4, 1))
        self.assertIn(f"approval: {ticket.number}", line.warnings)
        self.assertIn(
            f"Open question about an invoice: {dispute.display_name}", line.warnings
        )
        dispute.write({"state": "upheld", "answer": "You were open."})
        self.assertNotIn("Open question", self._rehearse(date(2026, 4, 1)).warnings)

    def test_invoice_of_nothing_is_warned_of(self):
        """A correction of last month that takes as much as this month brings."""
        self.pbxs = pbx = self._customer_pbx("Nothing")
        self._sell(pbx, 10, 1, date(2026, 2, 1), "2026-02-01")
        self._run("2026-03-01")
        with freeze_time("2026-03-02 09:00"):
            pbx.seat_ids.date_start = date(2026, 3, 1)
        line = self._rehearse(date(2026, 4, 1))
        self.assertEqual(line.amount_total, 0)
        self.assertIn("The invoice amounts to nothing.", line.warnings)

    def test_archived_customer_is_warned_of(self):
        self.pbxs = pbx = self._customer_pbx("Archived")
        self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        self.assertFalse(self._rehearse(date(2026, 4, 1)).warnings)
        pbx.partner_id.active = False
        line = self._rehearse(date(2026, 4, 1))
        self.assertIn("The customer is archived.", line.warnings)

    def test_users_that_are_not_brought_up_to_date_are_warned_of(self):
        """The work is done, the users does not say so: the bill would be wrong."""
        self.pbxs = pbx = self._customer_pbx("Behind")
        self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        with freeze_time("2026-03-20 09:00"):
            ticket = self._ticket(
                pbx, "add_user", replaces_user="no", requested_on=date(2026, 3, 20)
            )
            self._log(ticket, 20, day=date(2026, 3, 20))
            self.assertFalse(self._rehearse(date(2026, 4, 1)).warnings)
            self._finish(ticket)
            self.env.flush_all()
        line = self._rehearse(date(2026, 4, 1))
        self.assertIn(f"not brought up to date yet: {ticket.number}", line.warnings)
        # A user from April is nothing to this bill.
        ticket.seat_day = date(2026, 4, 10)
        self.assertFalse(self._rehearse(date(2026, 4, 1)).warnings)
        ticket.seat_day = False
        ticket.action_seats_are_right()
        self.assertFalse(self._rehearse(date(2026, 4, 1)).warnings)

    def test_customer_who_stopped_is_shown(self):
        self.pbxs = pbx = self._customer_pbx("Stops")
        self._sell(pbx, 10, 1, date(2026, 2, 1), "2026-02-01")
        self._run("2026-03-01")
        with freeze_time("2026-03-01 09:00"):
            pbx.ended_on = date(2026, 2, 28)
        line = self._rehearse(date(2026, 4, 1))
        self.assertEqual((line.amount_total, line.difference), (0, -10))
        self.assertIn("No longer billed", line.detail_ids.reason)

    def test_export_is_a_spreadsheet_without_formulas(self):
        self.pbxs = pbx = self._customer_pbx("=HYPERLINK(1)")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        line = self._rehearse(date(2026, 4, 1))
        action = line.rehearsal_id.action_export_xlsx()
        self.assertIn("/web/content/nox.billing.rehearsal/", action["url"])
        content = base64.b64decode(line.rehearsal_id.xlsx)
        book = openpyxl.load_workbook(io.BytesIO(content))
        rows = [list(row) for row in book.worksheets[0].iter_rows()]
        own = next(row for row in rows if row[0].value == "=HYPERLINK(1)")
        self.assertEqual(own[0].data_type, "s")
        self.assertIn(20, [cell.value for cell in own])
        self.assertEqual(len(book.worksheets), 2)
