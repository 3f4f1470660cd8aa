"""The books of the time add up, whatever happens to the tickets."""

import random
from collections import defaultdict

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.nox_voip_service.policy import time_book

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestTimeBook(NoxVoipCommon):
    def setUp(self):
        super().setUp()
        self.Book = self.env["nox.time.book"].with_user(self.accountant)

    def _book(self, tickets):
        """``{entry id: {state: minutes}}`` as the accountant reads the page."""
        self.env.invalidate_all()
        found = defaultdict(dict)
        for row in self.Book.search([("ticket_id", "in", tickets.ids)]):
            found[row.line_id.id][row.state] = row.minutes
        return found

    def _expected(self, tickets):
        """The same by the policy, of the figures that the tickets show."""
        found = {}
        entries = tickets._service_entries()
        for ticket in tickets:
            plan = ticket.plan_id
            figures = time_book.Figures(
                coverage=ticket.coverage,
                finished=ticket.is_finished,
                dropped_waived=ticket.outcome == "dropped"
                and ticket.drop_billing == "waive",
                invoiced=ticket.invoiced_blocks,
                to_invoice=ticket.to_invoice_blocks,
                waived=ticket.waived_blocks,
                limit=ticket.limit_blocks,
                policy=plan._block_policy() if plan else None,
            )
            rows = entries[ticket]
            shares = time_book.shares([entry for _id, entry in rows], figures)
            found.update(zip([number for number, _entry in rows], shares, strict=True))
        return found

    def _states(self, ticket):
        total = defaultdict(int)
        for share in self._book(ticket).values():
            for state, minutes in share.items():
                total[state] += minutes
        return dict(total)

    def assertAddsUp(self, tickets):
        self.assertEqual(self._book(tickets), self._expected(tickets))
        self.assertEqual(
            sum(sum(share.values()) for share in self._book(tickets).values()),
            sum(tickets.mapped("worked_minutes")),
        )
        self.assertFalse(
            self.Book.search(
                [("ticket_id", "in", tickets.ids), ("state", "=", "difference")]
            )
        )
        recorded, booked = self.Book._sums()
        self.assertEqual(recorded, booked)

    # ------------------------------------------------------------------
    # ONE LIFE
    # ------------------------------------------------------------------

    def test_a_ticket_from_first_minute_to_invoice(self):
        ticket = self._ticket(self._pbx())
        self._log(ticket, 20)
        self.assertEqual(self._states(ticket), {"not_finished": 20})
        self._log(ticket, 15)
        self._finish(ticket)
        self.assertEqual(self._states(ticket), {"to_invoice": 35})
        self.env["nox.block.waiver"].with_user(self.coordinator).create(
            {"ticket_id": ticket.id, "blocks": 1, "reason": "Our own mistake"}
        )
        self.assertEqual(self._states(ticket), {"to_invoice": 30, "waived": 5})
        move = self._invoice(ticket)
        self.assertEqual(self._states(ticket), {"invoiced": 30, "waived": 5})
        self._refund(move).action_post()
        self.assertEqual(self._states(ticket), {"waived": 35})
        self.assertAddsUp(ticket)

    def test_an_entry_is_invoiced_in_part_and_held_in_part(self):
        ticket = self._over_the_hour(self._pbx())
        self._decline(ticket)
        self._invoice(ticket)
        [share] = self._book(ticket).values()
        self.assertEqual(share, {"invoiced": 60, "held": 1})
        self.assertAddsUp(ticket)

    def test_verdicts_that_bill_nothing(self):
        contract = self._pbx(self.contract_plan, name="Contract")
        covered = self._ticket(contract)
        other = self._ticket(contract, about_pbx=False, pbx_id=False)
        new = self._pbx(name="New")
        new.accepted_on = False
        delivery = self._ticket(new)
        tickets = covered | other | delivery
        for ticket, state in zip(
            tickets, ("covered", "not_applicable", "delivery"), strict=True
        ):
            self._log(ticket, 25)
            self.assertEqual(self._states(ticket), {state: 25})
        self.assertAddsUp(tickets)

    def test_time_on_no_ticket(self):
        line = (
            self.env["account.analytic.line"]
            .with_user(self.technician)
            .create(
                {
                    "name": "Tidying up",
                    "project_id": self.company._service_project().id,
                    "unit_amount": 35 / 60,
                    "date": self.day,
                }
            )
        )
        row = self.Book.search([("line_id", "=", line.id)])
        self.assertEqual((row.state, row.minutes), ("no_ticket", 35))
        self.assertEqual(row.user_id, self.technician)
        self.assertAddsUp(self.env["helpdesk.ticket"])

    def test_every_way_of_rounding(self):
        for scope in ("day", "entry"):
            plan = self._own_plan(self.standard, rounding_scope=scope, grace_minutes=4)
            ticket = self._ticket(self._pbx(plan, name=scope))
            self._log(ticket, 7, 12, 20)
            self._log(ticket, 11, 9, day=fields.Date.add(self.day, days=1))
            self._log(ticket, 30)
            ticket.estimated_minutes = 200
            self.assertTrue(ticket.held_minutes)
            self._decline(ticket)
            self._invoice(ticket)
            self.assertAddsUp(ticket)
            self.assertEqual(self._states(ticket)["held"], ticket.held_minutes)

    # ------------------------------------------------------------------
    # ANY LIFE
    # ------------------------------------------------------------------

    def test_random_lives_add_up(self):
        """Any order of what people do, refused or not: the books add up."""
        dice = random.Random(19)
        pbxs = self._pbx() | self._pbx(self.contract_plan, name="Contract")
        tickets = self.env["helpdesk.ticket"]
        for life in range(4):
            kind = ("call_group", "new_number")[life // 2]
            tickets |= self._ticket(pbxs[life % 2], kind)
        for ticket in tickets:
            self._log(ticket, dice.randint(1, 50))
        self._invoice(tickets[0])
        for _step in range(90):
            ticket = dice.choice(tickets)
            try:
                with self.env.cr.savepoint():
                    self._happen(dice, ticket)
            except UserError:
                # Refused, as it should be: nothing may have changed.
                self.env.invalidate_all()
        self.assertAddsUp(tickets)

    def _happen(self, dice, ticket):
        events = (
            "log log log shorten delete move estimate approve refuse finish reopen",
            "finish invoice invoice credit waive drop kind flag archive pbx off",
        )
        event = dice.choice(" ".join(events).split())
        user = dice.choice([self.technician, self.coordinator])
        if event in ("log", "shorten", "delete", "move", "off"):
            self._happen_to_time(dice, ticket, event, user)
        else:
            self._happen_to_ticket(dice, ticket, event, user)

    def _happen_to_time(self, dice, ticket, event, user):
        lines = ticket.timesheet_ids.with_user(user)
        if event == "log":
            self._log(ticket, dice.randint(1, 50))
        elif event == "shorten" and lines:
            lines[0].unit_amount = dice.randint(1, 20) / 60
        elif event == "delete" and lines:
            lines[-1].unlink()
        elif event == "move" and lines:
            lines[0].ticket_id = self._ticket(ticket.pbx_id)
        elif event == "off" and lines:
            lines[0].ticket_id = False

    def _happen_to_ticket(self, dice, ticket, event, user):
        lines, mine = ticket.timesheet_ids, ticket.with_user(user)
        if event == "estimate":
            mine.estimated_minutes = dice.randint(0, 150)
        elif event == "approve" and ticket.quote_state in ("draft", "sent"):
            self._approve(ticket)
        elif event == "refuse" and ticket.quote_state in ("draft", "sent"):
            self._decline(ticket)
        elif event == "finish":
            mine.stage_id = self.stage_done
        elif event == "reopen":
            mine.stage_id = self.stage_work
        elif event == "invoice" and ticket.to_invoice_blocks:
            self._invoice(ticket)
        elif event == "credit":
            moves = ticket.service_order_ids.invoice_ids.filtered(
                lambda move: move.state == "posted" and not move.reversal_move_ids
            )
            if moves and moves[0].move_type == "out_invoice":
                answer = dice.choice(["no", "yes"])
                self._refund(moves[0], rebill=answer).action_post()
        elif event == "waive":
            self.env["nox.block.waiver"].with_user(user).create(
                {"ticket_id": ticket.id, "blocks": 1, "reason": "Goodwill"}
            )
        elif event == "drop":
            self.env["nox.ticket.drop"].with_user(user).create(
                {
                    "ticket_id": ticket.id,
                    "billing": dice.choice(["bill", "waive"]),
                    "reason": "Never mind",
                }
            ).action_drop()
        elif event == "kind":
            kind = dice.choice(["call_group", "new_number", "fault"])
            mine.category_id = self._category(kind)
        elif event == "flag" and lines:
            mine.about_pbx = not ticket.about_pbx
        elif event == "archive" and lines:
            mine.active = not ticket.active
        elif event == "pbx" and lines:
            mine.pbx_id = False

    # ------------------------------------------------------------------
    # THE PAGE
    # ------------------------------------------------------------------

    def test_a_difference_is_shown(self):
        """Money that leaked away: within the limit, and in no other place."""
        ticket = self._ticket(self._pbx())
        self._log(ticket, 40)
        self._finish(ticket)
        self.assertEqual(self.Book.action_open_books()["res_model"], "nox.time.book")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET to_invoice_blocks = 2 WHERE id = %s",
            [ticket.id],
        )
        self.assertEqual(self._states(ticket), {"to_invoice": 30, "difference": 10})
        recorded, booked = self.Book._sums()
        self.assertEqual(recorded - booked, 10)
        notice = self.Book.action_open_books()
        self.assertEqual(notice["params"]["type"], "danger")
        self.assertIn(str(recorded), notice["params"]["message"])
        self.assertEqual(notice["params"]["next"]["res_model"], "nox.time.book")

    def test_who_reads_the_books(self):
        ticket = self._ticket(self._pbx())
        line = self._log(ticket, 20)
        for user in (self.accountant, self.coordinator, self.manager):
            book = self.Book.with_user(user)
            self.assertTrue(book.search([("line_id", "=", line.id)]))
            groups = book._read_group(
                [("ticket_id", "=", ticket.id)],
                ["commercial_partner_id", "user_id", "date:month", "state"],
                ["minutes:sum"],
            )
            self.assertEqual([group[-1] for group in groups], [20])
        with self.assertRaises(AccessError):
            self.Book.with_user(self.technician).action_open_books()
        for method, args in (("write", [{"minutes": 1}]), ("unlink", [])):
            with self.assertRaises(AccessError):
                self._rpc(self.accountant, "nox.time.book", method, [1], *args)

    def test_other_companies_have_their_own_books(self):
        line = self._log(self._ticket(self._pbx()), 20)
        company = self.env["res.company"].create({"name": "Other company"})
        self.accountant.company_ids += company
        theirs = self.Book.with_company(company)
        theirs = theirs.with_context(allowed_company_ids=company.ids)
        self.assertFalse(theirs.search([("line_id", "=", line.id)]))
        self.assertEqual(theirs._sums(), (0, 0))

    def test_more_tickets_cost_no_more_queries(self):
        pbx = self._pbx()
        counts = []
        for _round in range(3):
            for _ticket in range(4):
                self._log(self._ticket(pbx), 20)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.Book.search([]).mapped("state")
            counts.append(self.env.cr.sql_log_count - start)
        # The first one reads rules and users as well.
        self.assertEqual(counts[1], counts[2])
