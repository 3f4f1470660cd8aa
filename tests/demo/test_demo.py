import math
import os
import re
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from odoo.tests import TransactionCase, tagged

from ..demo_data import demo_files, on_day
from .guide import LOOK_FIRST, guide_lines
from .totals import tickets_line

MODULE = "nox_voip_service"
BLOCK, PRICE = 15, Decimal("20.50")

# What the terms say about each request of the demo month, written by hand from them;
# "at most" is what was released or approved in blocks. The last one is no request of
# its own in the files: its time was split off the school's.
EXPECTED = """
bakery_saturday_menu                  billable invoiced
bakery_welcome_text                   billable invoiced
bakery_platform_fault                 covered
bakery_forward_to_mobile              billable
bakery_invoice_question               not_applicable
bakery_bank_holidays                  billable
bakery_second_shop                    billable at most 0
garage_pickup_keys                    billable invoiced
garage_fault_on_site                  billable invoiced
garage_reprogram_devices              billable
garage_refused_quote                  billable at most 4
garage_workshop_phone                 billable waived 1
garage_overflow                       billable at most 4
garage_advertising                    not_applicable
lawyers_new_menu                      billable at most 14 invoiced
lawyers_supplement                    billable at most 6
lawyers_voicemail_to_email            billable
lawyers_expired_quote                 billable at most 0
lawyers_recording_question            billable
plumber_new_planner                   billable invoiced
plumber_standby_schedule              billable at most 6
plumber_remove_user                   billable
plumber_wrong_message                 covered
plumber_voicemail_greeting            billable
plumber_dropped_calls                 undecided
plumber_twelve_phones                 billable at most 0
estate_agent_menu_before_acceptance   delivery
estate_agent_forwarding_before_acceptance delivery
estate_agent_viewing_group            billable
estate_agent_warranty_phone           billable
dentist_emergency_choice              covered
dentist_voicemail_on_site             billable invoiced
dentist_new_assistant                 covered
dentist_extra_chair                   billable
dentist_warranty_headset_phone        covered
dentist_transfer_question             covered
dentist_hygienist                     undecided
dentist_phone_room_three              undecided
dentist_number_for_hygienist          billable at most 0
gp_own_fault                          covered
gp_network_fault                      billable invoiced
gp_flu_message                        covered
gp_lunch_break                        covered
gp_evening_overflow                   billable
gp_consulting_room_phone              billable
gp_echo_on_calls                      billable at most 4
school_holidays                       covered
school_parents_queue                  covered
school_day_care_number                billable invoiced
school_janitor_leaves                 covered
school_group_and_number               covered
school_welcome_children               covered
school_evacuation_tone                undecided
hotel_room_phones                     billable at most 16
hotel_reopened_overflow               billable invoiced 2
hotel_internet_provider               billable
hotel_reception_group                 covered
hotel_terrace_phone                   billable waived 2
hotel_chef_forwarding                 covered
hotel_bar_pickup                      covered
hotel_which_system                    undecided
transport_planner_mobile              billable
transport_drivers_group               billable
transport_warehouse_forwarding        covered
transport_drivers_menu                covered
transport_loading_dock                billable
software_day_night_help               billable invoiced
software_own_fault                    covered
software_queue_question               billable
software_support_desk_groups          billable at most 12
software_api_prices                   not_applicable
accountants_queue_text                billable
accountants_router_fault              billable
accountants_refused_quote             billable at most 0
accountants_meeting_room              billable
accountants_second_training           not_applicable
school_fax_number                     billable
"""
ROW = re.compile(
    r"(?P<key>\w+) +(?P<verdict>\w+)(?: at most (?P<limit>\d+))?"
    r"(?: waived (?P<waived>\d+))?(?P<invoiced> invoiced)?(?: (?P<before>\d+))?"
)
# The day in what a quote of the files is given afterwards.
SENT_OR_SIGNED = re.compile(
    r"'(?:service_sent_at|signed_on)': "
    r"(DateTime\.now\(\) - relativedelta\([^)]*\)(?: \+ relativedelta\([^)]*\))?)"
)
# Days on which a calculation with dates goes wrong first: ends of months and years, a
# leap day, a weekend, both changes of the clock.
DAYS = [
    date(2026, 10, 31),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 3, 28),
    date(2028, 2, 29),
    date(2028, 3, 1),
]
A_WEEK = [date(2026, 11, day) for day in range(23, 30)]


def demo_requests():
    """``{ticket: day of the request as an expression}`` as the files write it."""
    return {
        record.get("id"): record.find("field[@name='requested_on']").get("eval")
        for tree in demo_files()
        for record in tree.iterfind("record[@model='helpdesk.ticket']")
    }


def demo_time():
    """``[(ticket, entry, minutes, day as an expression)]`` as the files write it."""
    found = []
    for tree in demo_files():
        for record in tree.iterfind(".//record[@model='account.analytic.line']"):
            owner = record.find("field[@name='ticket_id']")
            ticket = (
                owner.get("ref")
                if owner is not None
                else next(record.iterancestors("record")).get("id")
            )
            duration = record.find("field[@name='unit_amount']").get("eval")
            minutes = int(re.fullmatch(r"(\d+) / 60", duration)[1])
            day = record.find("field[@name='date']").get("eval")
            found.append((ticket, record.get("id"), minutes, day))
    return found


def demo_quotes():
    """``{ticket: [day sent, day signed]}`` as expressions; one that nobody signed has
    only the first."""
    found = defaultdict(list)
    for tree in demo_files():
        for step in tree.iterfind("function[@model='sale.order'][@name='write']"):
            orders, values = (value.get("eval") for value in step.iterfind("value"))
            day = SENT_OR_SIGNED.search(values)
            if day:
                found[re.search(r"ref\('(\w+)'\)", orders)[1]].append(day[1])
        for proof in tree.iterfind("record[@model='nox.quote.proof']"):
            ticket = proof.find("field[@name='order_id']").get("search")
            day = proof.find("field[@name='signed_on']").get("eval")
            found[re.search(r"ref\('(\w+)'\)", ticket)[1]].append(day)
    return found


def expected_month():
    """Totals of the month by counting on the fingers: ``{what: number}``."""
    rows = [ROW.fullmatch(line) for line in EXPECTED.strip().splitlines()]
    minutes = defaultdict(int)
    for ticket, entry, worked, _day in demo_time():
        minutes["school_fax_number" if entry == "school_fax_number" else ticket] += (
            worked
        )
    totals = Counter(minutes=sum(minutes.values()))
    verdicts = {}
    for row in rows:
        key, verdict = row["key"], row["verdict"]
        verdicts[key] = verdict
        if verdict != "billable":
            continue
        blocks = math.ceil(minutes[key] / BLOCK)
        if row["limit"]:
            blocks = min(blocks, int(row["limit"]))
        waived = int(row["waived"] or 0)
        invoiced = int(row["before"] or blocks) if row["invoiced"] else 0
        totals.update(
            blocks=blocks,
            waived=waived,
            invoiced=invoiced,
            due=blocks - waived - invoiced,
        )
    return verdicts, totals


@tagged("standard", "post_install", "-at_install", "nox_demo")
class TestDemo(TransactionCase):
    """The demo month, beside a calculation that knows nothing of the addon."""

    def setUp(self):
        super().setUp()
        self.company = self.env.ref(f"{MODULE}.company_nox", raise_if_not_found=False)
        self.has_demo = self.env["ir.module.module"].search_count(
            [("name", "=", MODULE), ("demo", "=", True)]
        )

    def _tickets(self):
        return self.env["helpdesk.ticket"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_a_lane_that_promises_demo_data_has_it(self):
        """Without it most tests here have nothing to look at, and pass."""
        if os.environ.get("NOX_WITH_DEMO"):
            self.assertTrue(self.has_demo)

    def test_demo_data_comes_with_demo_alone(self):
        self.assertEqual(bool(self.company), bool(self.has_demo))
        users = self.env["res.users"].search([("login", "in", ("anita", "bakker"))])
        self.assertEqual(bool(users), bool(self.has_demo))

    def test_every_request_has_its_verdict(self):
        verdicts, _totals = expected_month()
        in_files = {
            record.get("id")
            for tree in demo_files()
            for record in tree.iterfind("record[@model='helpdesk.ticket']")
        }
        self.assertEqual(in_files, verdicts.keys() - {"school_fax_number"})
        self.assertGreaterEqual(len(in_files), 60)
        if not self.has_demo:
            return
        found = {
            key: self.env.ref(f"{MODULE}.{key}").coverage
            for key in verdicts
            if key != "school_fax_number"
        }
        part = self.env.ref(f"{MODULE}.school_fax_number").ticket_id
        found["school_fax_number"] = part.coverage
        self.assertEqual(found, verdicts)
        self.assertEqual(len(self._tickets()), len(verdicts))

    def test_totals_line_says_what_the_files_say(self):
        verdicts, totals = expected_month()
        counts = Counter(verdicts.values())
        line = (
            f"demo month: {len(verdicts)} tickets ({counts['billable']} billable, "
            f"{counts['covered']} covered, {counts['delivery']} delivery, "
            f"{counts['not_applicable']} not applicable, "
            f"{counts['undecided']} undecided); {totals['minutes']} minutes worked; "
            f"{totals['blocks']} blocks: "
            f"{totals['invoiced']} invoiced EUR {totals['invoiced'] * PRICE}, "
            f"{totals['due']} to invoice EUR {totals['due'] * PRICE}, "
            f"{totals['waived']} waived"
        )
        if self.has_demo:
            self.assertEqual(tickets_line(self.env), line)
        else:
            self.assertIn("77 tickets", line)

    def test_everybody_sees_the_menus_that_the_demo_names(self):
        for _login, menu, _what in LOOK_FIRST:
            self.assertTrue(self.env.ref(menu if "." in menu else f"{MODULE}.{menu}"))
        if self.has_demo:
            lines = guide_lines(self.env).splitlines()
            self.assertEqual(len(lines), len(LOOK_FIRST))
            self.assertIn(" Helpdesk > ", lines[0])

    def test_demo_shows_the_whole_catalogue(self):
        categories = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "helpdesk.ticket.category")]
        )
        used = {
            field.get("ref")
            for tree in demo_files()
            for field in tree.iterfind(".//field[@name='category_id']")
        }
        self.assertEqual(used, set(categories.mapped("name")))
        if not self.has_demo:
            return
        tickets = self._tickets()
        self.assertEqual(
            set(tickets.filtered("quote_state").mapped("quote_state")),
            {"draft", "sent", "approved", "refused", "expired"},
        )
        self.assertEqual(set(tickets.mapped("is_overridden")), {True, False})
        self.assertEqual(len(tickets.timesheet_ids.employee_id), 3)
        self.assertEqual(len(tickets.pbx_id.partner_id), 12)
        self.assertEqual(
            set(tickets.plan_id.mapped("code")),
            {"standard", "contract", "self_managed"},
        )

    def test_dates_hold_whenever_the_demo_is_loaded(self):
        requested = demo_requests()
        for today in DAYS:
            with self.subTest(today=today):
                last = {key: on_day(day, today) for key, day in requested.items()}
                for ticket, entry, _minutes, expression in demo_time():
                    day = on_day(expression, today)
                    self.assertLessEqual(last[ticket], day, entry)
                    self.assertLess(day, today, entry)
                    self.assertLess(day.weekday(), 5, entry)
                    last[ticket] = day

    def test_quotes_are_sent_and_signed_in_order_whenever_the_demo_is_loaded(self):
        requested = demo_requests()
        quotes = demo_quotes()
        self.assertEqual(
            Counter(map(len, quotes.values())), {1: 5, 2: 5}, "sent, or sent and signed"
        )
        for today in [*DAYS, *A_WEEK]:
            for ticket, days in quotes.items():
                with self.subTest(today=today, ticket=ticket):
                    way = [requested[ticket], *days]
                    way = [
                        on_day(day.replace("now()", "today()"), today) for day in way
                    ]
                    self.assertEqual(way, sorted(way))
                    self.assertLess(way[-1], today)

    def test_users_come_and_go_after_somebody_asked_for_it(self):
        """The work is on the day of the request, the user from a later day on."""
        requested = demo_requests()
        changes = {
            record.get("id"): record
            for tree in demo_files()
            for record in tree.iterfind("record[@model='nox.pbx.seat']")
        }
        for today in [*DAYS, *A_WEEK]:
            for ticket, user, field in (
                ("dentist_extra_chair", "dentist_user_114", "date_start"),
                ("dentist_new_assistant", "dentist_user_103_successor", "date_start"),
                ("school_janitor_leaves", "school_user_109", "date_end"),
            ):
                with self.subTest(today=today, ticket=ticket):
                    day = changes[user].find(f"field[@name='{field}']").get("eval")
                    asked = on_day(requested[ticket], today)
                    days = (on_day(day, today) - asked).days
                    self.assertIn(days, range(8))

    def test_no_mail_of_the_demo_leaves_the_house(self):
        if not self.has_demo:
            return
        waiting = self.env["mail.mail"].search(
            [
                ("state", "not in", ("cancel", "sent")),
                ("model", "in", ("helpdesk.ticket", "sale.order", "account.move")),
            ]
        )
        self.assertFalse(waiting.mapped("subject"))

    def test_chatter_names_stages_in_the_language_of_who_moved_the_request(self):
        if not self.has_demo:
            return
        person = self.env.ref(f"{MODULE}.user_coordinator")
        stages = self.env["helpdesk.ticket.stage"].with_context(lang=person.lang)
        tracked = self.env["mail.tracking.value"].search(
            [
                ("field_id.name", "=", "stage_id"),
                ("mail_message_id.model", "=", "helpdesk.ticket"),
                ("mail_message_id.res_id", "in", self._tickets().ids),
            ]
        )
        self.assertTrue(tracked)
        names = stages.search([]).mapped("name")
        foreign = [
            (value.mail_message_id.record_name, stage)
            for value in tracked
            for stage in (value.old_value_char, value.new_value_char)
            if stage not in names
        ]
        self.assertFalse(foreign)

    def test_papers_bear_the_day_on_which_they_were_made(self):
        """A quote is not newer than its term, and no invoice is due on the spot."""
        if not self.has_demo:
            return
        quotes = self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("service_kind", "=", "quote"),
                ("service_sent_at", "!=", False),
            ]
        )
        self.assertEqual(len(quotes), 10)
        for quote in quotes:
            with self.subTest(quote=quote.service_ticket_id.name):
                made = quote.signed_on or quote.service_sent_at
                self.assertEqual(quote.date_order.date(), made.date())
                self.assertLess(quote.date_order.date(), quote.validity_date)
                if quote.state == "sent":
                    self.assertEqual((quote.validity_date - made.date()).days, 30)
        invoices = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("move_type", "=", "out_invoice")]
        )
        terms = {
            (move.invoice_date_due - move.invoice_date).days
            for move in invoices.filtered("invoice_date")
        }
        self.assertEqual(terms, {30})
