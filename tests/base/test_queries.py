from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.sql_db import Cursor
from odoo.tools import SQL

from odoo.addons.nox_voip_service.models.ticket.helpdesk_ticket import FIGURES_OF_NEW

from ..common import NoxVoipCommon

# Queries of the same work without this addon: the same rows made by the same kind of
# user in a database with everything it depends on (time: on the task of a project).
# `./dev bench` sets the two beside each other with times.
BASE_TICKET = 22
BASE_EACH_NEXT_TICKET = 12
BASE_TIME = 21
# Fields of a list that show another record by its name.
RELATIONS = ("many2one", "many2many", "one2many")


class TestQueries(NoxVoipCommon):
    """No query per record: what a technician waits for does not grow with the month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.env["nox.pbx"]
        for number in range(10):
            cls.pbxs |= cls._pbx(
                cls.contract_plan if number % 2 else cls.standard,
                customer=cls._customer(f"Customer {number}"),
            )

    def _values(self, number):
        pbx = self.pbxs[number % len(self.pbxs)]
        return {
            "name": f"Request {number}",
            "description": "<p>Please put 21 into the call group.</p>",
            "partner_id": pbx.partner_id.id,
            "pbx_id": pbx.id,
            "company_id": self.company.id,
            "category_id": self._category(
                ("call_group", "new_number")[number % 3 % 2]
            ).id,
            "user_id": self.technician.id,
        }

    def _worked_tickets(self, count):
        """Tickets of all customers: some billable, some above the hour."""
        tickets = self.env["helpdesk.ticket"].create(
            [self._values(number) for number in range(count)]
        )
        self.env["account.analytic.line"].create(
            [
                {
                    "ticket_id": ticket.id,
                    "name": "Work",
                    "unit_amount": (70 if number % 5 == 0 else 20) / 60,
                    "date": self.company._service_today(),
                    "user_id": self.technician.id,
                }
                for number, ticket in enumerate(tickets)
            ]
        )
        return tickets

    def _queries(self, work):
        """Queries of a piece of work from an empty cache to the last flushed write,
        as a request from a browser meets it."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _queries_of_create(self, model, rows):
        records = self.env[model].with_user(self.technician)
        return self._queries(lambda: records.create(rows))

    def test_first_entries_in_any_order_and_batch_give_the_same_figures(self):
        """The first time of a ticket is known without a query; later time is not."""
        pbx = self._pbx(self.standard)
        one, other = self._ticket(pbx), self._ticket(pbx)
        rows = [(one, 20, 2), (other, 5, 1), (one, 35, 1), (other, 50, 3), (one, 10, 1)]
        lines = self.env["account.analytic.line"].with_user(self.technician)
        lines.create(
            [
                {
                    "ticket_id": ticket.id,
                    "name": "Work",
                    "unit_amount": minutes / 60,
                    "date": fields.Date.subtract(self.day, days=day),
                }
                for ticket, minutes, day in rows
            ]
        )
        names = ["worked_minutes", "released_minutes", "held_minutes", "limit_blocks"]
        tickets = one | other
        found = tickets.read(names)
        self.assertEqual(tickets.mapped("worked_minutes"), [65, 55])
        tickets.modified(["timesheet_ids"])
        tickets.invalidate_recordset()
        self.assertEqual(tickets.read(names), found)
        self._log(other, 7)
        self.assertEqual(other.worked_minutes, 62)

    def test_create_a_ticket(self):
        self._queries_of_create("helpdesk.ticket", [self._values(0)])
        one = self._queries_of_create("helpdesk.ticket", [self._values(1)])
        more = self._queries_of_create(
            "helpdesk.ticket", [self._values(number) for number in range(2, 12)]
        )
        # Plan, decision table and PBX are looked up once, whatever the number of
        # tickets. What each next one takes is Odoo's and OCA's: a number, followers
        # and a message.
        self.assertLessEqual(one, BASE_TICKET + 10)
        self.assertLessEqual((more - one) / 9, BASE_EACH_NEXT_TICKET)

    def test_log_time(self):
        tickets = self.env["helpdesk.ticket"].create(
            [self._values(number) for number in range(12)]
        )
        rows = [
            {"ticket_id": ticket.id, "name": "Work", "unit_amount": 1 / 3}
            for ticket in tickets
        ]
        self._queries_of_create("account.analytic.line", rows[:1])
        one = self._queries_of_create("account.analytic.line", rows[1:2])
        more = self._queries_of_create("account.analytic.line", rows[2:12])
        self.assertLessEqual(one, BASE_TIME + 4)
        self.assertLessEqual(more, one + 2)

    def test_company_author_and_project_are_read_once(self):
        """A ticket and an entry of time know what will be asked of their company,
        author and project: nothing reads all of their columns for one more."""
        ticket = self.env["helpdesk.ticket"].create(self._values(0))
        values = {"ticket_id": ticket.id, "name": "Work", "unit_amount": 1 / 3}
        for model, vals, read in (
            ("helpdesk.ticket", self._values(1), ["res_company", "res_partner"]),
            ("account.analytic.line", values, ["res_company", "project_project"]),
        ):
            self._queries_of_create(model, [dict(vals)])
            with patch.object(
                Cursor, "execute", autospec=True, side_effect=Cursor.execute
            ) as execute:
                self._queries_of_create(model, [dict(vals)])
            texts = [
                str(getattr(call.args[1], "code", call.args[1]))
                for call in execute.call_args_list
            ]
            for table in read:
                found = [text for text in texts if f'FROM "{table}"' in text]
                self.assertEqual(len(found), 1, found)
                columns = found[0].split(" FROM ")[0].count(",")
                self.assertLess(columns, 10, found)

    def test_figures_of_a_new_ticket_are_written_once(self):
        """What a ticket without time comes to is in its row from the start: the
        statement that writes what was computed leaves it out."""
        model = self.env.registry["helpdesk.ticket"]
        with patch.object(
            model, "_write_multi", autospec=True, side_effect=model._write_multi
        ) as write:
            self._queries_of_create("helpdesk.ticket", [self._values(0)])
        written = {
            name
            for call in write.call_args_list
            for vals in call.args[1]
            for name in vals
        }
        self.assertIn("coverage", written)
        self.assertFalse(written & FIGURES_OF_NEW.keys())
        for name in FIGURES_OF_NEW:
            field = self.env["helpdesk.ticket"]._fields[name]
            self.assertTrue(field.compute and field.store and field.readonly, name)

    def _list_specification(self, tickets):
        """What the web client asks for to draw the list of tickets."""
        views = tickets.get_views(
            [(self.env.ref("helpdesk_mgmt.ticket_view_tree").id, "list")]
        )
        arch = etree.fromstring(views["views"]["list"]["arch"])
        return {
            node.get("name"): (
                {"fields": {"display_name": {}}}
                if tickets._fields[node.get("name")].type in RELATIONS
                else {}
            )
            for node in arch.xpath("//field")
        }

    def test_list_of_80_tickets(self):
        tickets = self._worked_tickets(80).with_user(self.technician)
        specification = self._list_specification(tickets)
        self.assertIn("coverage", specification)
        self.assertIn("quote_age_days", specification)

        def show(ids):
            found = tickets.web_search_read(
                [("id", "in", ids)], specification, limit=len(ids)
            )
            self.assertEqual(len(found["records"]), len(ids))

        show(tickets.ids)
        few = self._queries(lambda: show(tickets.ids[:10]))
        many = self._queries(lambda: show(tickets.ids))
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 20)

    def test_decide_and_count_again(self):
        tickets = self._worked_tickets(40)
        self.assertIn("needed", tickets.mapped("approval_state"))

        def recompute(some):
            some.modified(["requested_on", "estimated_minutes"])
            some.timesheet_ids.modified(["unit_amount"])

        # The second in which a verdict was given is written when it is another one.
        with freeze_time(fields.Datetime.now()):
            recompute(tickets)
            few = self._queries(lambda: recompute(tickets[:10]))
            many = self._queries(lambda: recompute(tickets[10:]))
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 24)

    def test_finish_and_invoice(self):
        tickets = self._worked_tickets(80).filtered(
            lambda ticket: ticket.coverage == "billable" and not ticket.quote_id
        )
        first, few, many = tickets[:2], tickets[2:12], tickets[12:42]
        self.assertEqual(len(many), 30)

        def finish(some):
            some.stage_id = self.stage_done

        def invoice(some):
            some.with_user(self.accountant)._create_service_invoices()

        for work, each in ((finish, 14), (invoice, 12)):
            self._queries(lambda work=work: work(first))
            ten = self._queries(lambda work=work: work(few))
            thirty = self._queries(lambda work=work: work(many))
            with self.subTest(work.__name__):
                # Odoo gives each order a number, followers and a message, and each
                # invoice line a write on its order line.
                self.assertLessEqual((thirty - ten) / 20, each)

    def test_first_page_of_the_list_is_read_in_order_not_sorted(self):
        """The order is the base's, the index ours: they have to say the same."""
        tickets = self.env["helpdesk.ticket"].with_user(self.technician)
        found = tickets._search([], limit=80, order=tickets._order)
        # Few tickets are sorted sooner than looked up.
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        self.env.cr.execute(SQL("EXPLAIN %s", found.select()))
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertIn("Index Scan using helpdesk_ticket_list_order_idx", plan)
        self.assertNotIn("Sort", plan)
