from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..demo_data import demo_files, on_day
from .totals import run_line

MODULE = "nox_voip_service"
CENT = Decimal("0.01")
# What a user of each PBX costs, from which day and until which: written by hand from
# what was sold. The history of users is read from the files.
SUBSCRIPTIONS = [
    ("pbx_dentist", "6.50", None, None),
    ("pbx_gp", "6.75", None, "DateTime.today() + relativedelta(day=1, days=-1)"),
    ("pbx_gp", "7.10", "DateTime.today() + relativedelta(day=1)", None),
    ("pbx_school", "5.25", None, None),
    ("pbx_hotel", "5.95", None, None),
    ("pbx_beach_club", "5.95", None, None),
    (
        "pbx_apartments",
        "5.95",
        None,
        "DateTime.today() + relativedelta(months=-1, day=20)",
    ),
    ("pbx_transport", "6.25", "DateTime.today() - relativedelta(weeks=3)", None),
]
TRAINED, TRAINING_PRICE = 2, Decimal("350.00")


def rounded(number):
    return number.quantize(CENT, ROUND_HALF_UP)


def seats(today):
    """``{PBX: [(first day, last day, whom they replace, key)]}`` of charged users."""
    found = {}
    for tree in demo_files():
        for record in tree.iterfind("record[@model='nox.pbx.seat']"):
            field = {each.get("name"): each for each in record.iterfind("field")}
            if "charged" in field:
                continue
            last = field.get("date_end")
            leaver = field.get("replaces_id")
            found.setdefault(field["pbx_id"].get("ref"), []).append(
                (
                    on_day(field["date_start"].get("eval"), today),
                    date.max if last is None else on_day(last.get("eval"), today),
                    None if leaver is None else leaver.get("ref"),
                    record.get("id"),
                )
            )
    return found


def month_by_day(today, first):
    """``[(PBX, users, amount)]`` of a calendar month, counted day by day with a
    pencil: who is there, a leaver and the successor once."""
    after = fields.Date.add(first, months=1)
    days = [first + timedelta(days=n) for n in range((after - first).days)]
    everybody = seats(today)
    month = []
    for pbx, price, start, end in SUBSCRIPTIONS:
        start = on_day(start, today) if start else date.min
        end = on_day(end, today) if end else date.max
        user_days = 0
        for day in days:
            if not start <= day <= end:
                continue
            here = [seat for seat in everybody[pbx] if seat[0] <= day <= seat[1]]
            keys = {key for _first, _last, _leaver, key in here}
            user_days += sum(leaver not in keys for _first, _last, leaver, _key in here)
        users = rounded(Decimal(user_days) / len(days))
        if users:
            month.append((pbx, users, rounded(users * Decimal(price))))
    return month


@tagged("standard", "post_install", "-at_install", "nox_demo")
class TestDemoMonth(TransactionCase):
    """Users of the demo: the run of last month is posted, this month's rehearsal is
    open, and both say what counting by the day says."""

    def setUp(self):
        super().setUp()
        self.company = self.env.ref(f"{MODULE}.company_nox", raise_if_not_found=False)
        if self.company:
            # The dates of the files are relative to the day they were loaded on.
            self.loaded_on = self.company.create_date.date()
            self.first = self.loaded_on.replace(day=1)

    def test_counting_by_the_day(self):
        """The pencil itself: October 2026, by hand."""
        month = month_by_day(date(2026, 11, 25), date(2026, 10, 1))
        found = {pbx: (str(users), str(amount)) for pbx, users, amount in month}
        self.assertEqual(
            found,
            {
                "pbx_dentist": ("8.65", "56.23"),
                "pbx_gp": ("8.00", "54.00"),
                "pbx_school": ("10.48", "55.02"),
                "pbx_hotel": ("10.00", "59.50"),
                "pbx_beach_club": ("1.00", "5.95"),
                "pbx_apartments": ("1.29", "7.68"),
            },
        )

    def test_run_of_last_month_billed_what_the_files_say(self):
        if not self.company:
            self.assertFalse(self.env.ref("base.module_nox_voip_service").demo)
            return
        month = month_by_day(self.loaded_on, fields.Date.subtract(self.first, months=1))
        run = self.env.ref(f"{MODULE}.run_of_last_month")
        self.assertEqual((run.state, run.customers_done), ("done", run.customers_due))
        self.assertFalse(run.parked_ids)
        self.assertEqual(set(run.move_ids.mapped("state")), {"posted"})
        charges = self.env["nox.seat.charge"].search([("run_id", "=", run.id)])
        self.assertEqual(
            sorted(
                (charge.pbx_id.id, f"{charge.quantity:.2f}", f"{charge.amount:.2f}")
                for charge in charges
            ),
            sorted(
                (self.env.ref(f"{MODULE}.{pbx}").id, str(users), str(amount))
                for pbx, users, amount in month
            ),
        )
        users = sum(users for _pbx, users, _amount in month)
        amount = sum(amount for _pbx, _users, amount in month)
        self.assertEqual(
            run_line(self.env),
            f"last month: {users} users EUR {amount}, "
            f"{TRAINED} trainings EUR {TRAINED * TRAINING_PRICE}",
        )

    def test_rehearsal_of_this_month_says_what_the_files_say(self):
        if not self.company:
            self.assertFalse(self.env.ref("base.module_nox_voip_service").demo)
            return
        expected = {}
        for pbx, _users, amount in month_by_day(self.loaded_on, self.first):
            customer = self.env.ref(f"{MODULE}.{pbx}").partner_id
            expected[customer] = expected.get(customer, 0) + amount
        Rehearsal = self.env["nox.billing.rehearsal"].with_company(self.company)
        rehearsal = Rehearsal.create(
            {
                "company_id": self.company.id,
                "billed_on": fields.Date.add(self.first, months=1),
            }
        )
        rehearsal._rehearse()
        found = {
            line.partner_id: rounded(Decimal(str(line.users_amount)))
            for line in rehearsal.line_ids
            if line.users_amount
        }
        self.assertEqual(found, expected)

    def test_people_were_trained(self):
        if not self.company:
            self.assertFalse(self.env.ref("base.module_nox_voip_service").demo)
            return
        trainings = self.env["nox.admin.training"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            sorted(trainings.mapped("state")),
            ["failed", "passed", "passed", "passed", "passed", "planned"],
        )
        # A customer who logs in finds a certificate.
        reader = self.env.ref(f"{MODULE}.contact_dentist")
        self.assertTrue(
            trainings.filtered(lambda each: each.partner_id == reader)
            .with_user(self.env.ref(f"{MODULE}.user_tandarts"))
            .certificate_number
        )
        self.assertIn("expiring", trainings.mapped("certificate_state"))
