from datetime import date

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..common_month import NoxMonthCommon


class MergeMixin:
    """Odoo's own wizard, as an administrator uses it."""

    def _merge(self, survivor, *others):
        partners = survivor.union(*others)
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(admin)
            .with_context(active_model="res.partner", active_ids=partners.ids)
            .create({"dst_partner_id": survivor.id})
        )
        wizard.action_merge()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(partners.exists(), survivor)

    def _rows(self):
        """``{table: rows}`` of the tables of this addon."""
        self.env.flush_all()
        tables = {
            model._table
            for name, model in self.env.items()
            if name.startswith("nox.") and model._auto and not model._transient
        }
        return {
            table: self.env.execute_query(
                SQL("SELECT count(*) FROM %s", SQL.identifier(table))
            )[0][0]
            for table in tables
        }


@tagged("standard", "post_install", "-at_install")
class TestMergeCustomers(MergeMixin, NoxMonthCommon):
    """Two customers, each with a PBX "Head office", turn out to be one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._customer("Bakery De Vries & Sons")
        cls.pbxs = cls.env["nox.pbx"]
        for customer in (cls.customer, cls.other):
            pbx = cls._pbx(
                customer=customer, name="Head office", accepted_on=date(2025, 12, 1)
            )
            cls._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
            cls.pbxs |= pbx
        cls.pbx, cls.other_pbx = cls.pbxs
        cls.mate = cls._portal_user(cls.other, "nox_mate")
        cls.mate.write(
            {
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )

    def _park(self, customer):
        run = self._get_run()
        return self.env["nox.billing.parked"]._park(run, customer, "Something failed.")

    def test_everything_stands_on_the_survivor_and_the_run_is_right(self):
        ticket = self._work(self.other_pbx, 20)
        other_ticket = self._work(self.pbx, 20)
        training = self._certified(self.other_pbx, "Jan Jansen", on=date(2026, 3, 5))
        rows = self._rows()
        self._merge(self.customer, self.other)
        self.assertEqual(self._rows(), rows)
        self.assertEqual(self.pbxs.partner_id, self.customer)
        self.assertEqual(self.pbxs.commercial_partner_id, self.customer)
        self.assertEqual(
            self.pbxs.mapped("name"),
            ["Head office", "Head office (Bakery De Vries & Sons)"],
        )
        tickets = ticket | other_ticket
        owners = (
            self.pbxs.period_ids.contract_line_id.contract_id.commercial_partner_id
            | self.env["nox.pbx.seat"]
            .search([("pbx_id", "in", self.pbxs.ids)])
            .commercial_partner_id
            | tickets.commercial_partner_id
            | tickets.service_order_ids.partner_id
            | training.commercial_partner_id
        )
        self.assertEqual(owners, self.customer)
        run = self._run("2026-04-01")
        self.assertFalse(self._parked(run))
        # Two users at 10.00 and two tickets of two blocks at 20.50.
        self.assertEqual(sum(self._moves(run).mapped("amount_untaxed")), 102)
        self.assertFalse(self._moves(self._run("2026-04-02")) - self._moves(run))

    def test_billed_months_are_not_billed_again(self):
        first = self._moves(self._run("2026-04-01"))
        self.assertEqual(sum(first.mapped("amount_untaxed")), 20)
        self._merge(self.customer, self.other)
        self.assertEqual(self._moves(self._run("2026-04-02")), first)

    def test_three_at_once_and_archived_pbxs(self):
        third = self._customer(self.other.name)
        old = self._pbx(customer=third, name="Head office", active=False)
        self._merge(self.customer, self.other, third)
        names = (self.pbxs | old).mapped("name")
        self.assertEqual(len(set(names)), 3, names)
        self.assertEqual(old.partner_id, self.customer)

    def test_both_parked(self):
        marks = self._park(self.customer) | self._park(self.other)
        self._merge(self.customer, self.other)
        self.assertEqual(marks.exists().partner_id, self.customer)
        self.assertEqual(marks.mapped("is_open"), [True, False])

    def test_one_parked(self):
        mark = self._park(self.other)
        self._merge(self.customer, self.other)
        self.assertTrue(mark.is_open)

    def test_sent_quote_can_still_be_approved(self):
        ticket = self._ticket(self.other_pbx, "new_number", estimated_minutes=90)
        quote = self._send(ticket)
        self._merge(self.customer, self.other)
        self.assertEqual(quote.partner_id, self.customer)
        self.assertEqual(quote.state, "sent")
        self._approve(ticket)
        self.assertEqual(ticket.approval_state, "approved")

    def test_question_about_an_invoice_goes_along(self):
        invoice = self._invoice(self._work(self.other_pbx, 20))
        line = invoice.invoice_line_ids.filtered("product_id")[:1]
        dispute = self.env["nox.invoice.dispute"].create(
            {"move_line_id": line.id, "remark": "Why?"}
        )
        self._merge(self.customer, self.other)
        self.assertEqual(dispute.commercial_partner_id, self.customer)

    def test_people_of_the_merged_customer_read_the_one_that_is_left(self):
        stranger = self._pbx(customer=self._customer("Stranger"))
        Pbx = self.env["nox.pbx"].with_user(self.mate)
        self.assertEqual(Pbx.search([]).sudo(), self.other_pbx)
        self._merge(self.customer, self.other)
        self.assertEqual(Pbx.search([]).sudo(), self.pbxs)
        self.assertNotIn(stranger, Pbx.search([]).sudo())


@tagged("standard", "post_install", "-at_install")
class TestMergeContacts(MergeMixin, NoxMonthCommon):
    """Two contacts turn out to be one person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(name="Head office")
        cls.garage = cls._customer("Garage")
        cls.garage_pbx = cls._pbx(customer=cls.garage, name="Garage")
        cls.anna = cls._contact(cls.customer, "Anna")
        cls.twin = cls._contact(cls.customer, "Anna de Vries")
        cls.stranger = cls._contact(cls.garage, "Anna of the garage")

    def _log_in(self, contact, login):
        user = self._portal_user(contact.parent_id, login)
        user.partner_id = contact
        return user

    def test_approver_administrator_follower_and_trainee(self):
        people = self.anna | self.twin
        self.pbx.approver_ids = people
        ticket = self._ticket(self.pbx, partner_id=self.twin.id)
        only_twin = self._ticket(self.pbx, partner_id=self.twin.id)
        ticket.message_subscribe(people.ids)
        only_twin.message_subscribe(self.twin.ids)
        ticket.message_post(
            body="Hello", partner_ids=people.ids, subtype_xmlid="mail.mt_comment"
        )
        passed = self._certified(self.pbx, self.twin)
        failed = self._certified(self.pbx, self.anna, result="failed", hours=2)
        rows = self._rows()
        self._merge(self.anna, self.twin)
        self.assertEqual(self._rows(), rows)
        self.assertEqual(self.pbx.approver_ids, self.anna)
        self.assertEqual(self.pbx.administrator_ids, self.anna)
        for each in ticket | only_twin:
            self.assertEqual(each.partner_id, self.anna)
            self.assertIn(self.anna, each.message_partner_ids)
        self.assertEqual((passed | failed).partner_id, self.anna)
        self.assertTrue(passed.certificate_number)
        self.assertFalse(passed.left_on)

    def test_two_places_at_one_moment(self):
        places = self.env["nox.admin.training"]
        for person in (self.anna, self.twin):
            places |= self.env["nox.admin.training"].create(
                {
                    "company_id": self.company.id,
                    "pbx_id": self.pbx.id,
                    "partner_id": person.id,
                    "is_external": True,
                    "start_at": fields.Datetime.add(
                        fields.Datetime.now(), days=2, microsecond=0
                    ),
                }
            )
        self._merge(self.anna, self.twin)
        self.assertEqual(places.mapped("partner_id"), self.anna)
        self.assertEqual([bool(place.partner_id) for place in places], [True, False])

    def test_two_certificates_of_one_moment(self):
        passed = self._certified(self.pbx, self.twin)
        passed |= self._certified(self.pbx, self.anna)
        numbers = passed.mapped("certificate_number")
        self._merge(self.anna, self.twin)
        self.assertEqual(passed.partner_id, self.anna)
        self.assertEqual(passed.mapped("certificate_number"), numbers)

    def test_contact_of_another_customer_brings_nothing_along(self):
        ticket = self._ticket(self.garage_pbx, partner_id=self.stranger.id)
        question = self._ticket(
            self.garage_pbx,
            partner_id=self.stranger.id,
            about_pbx=False,
            pbx_id=False,
        )
        self.garage_pbx.approver_ids = self.stranger
        passed = self._certified(self.garage_pbx, self.stranger)
        user = self._log_in(self.anna, "nox_anna")
        rows = self._rows()
        with self.assertRaises(UserError) as refusal:
            self._merge(self.anna, self.stranger)
        self.assertSentence(refusal)
        user.unlink()
        self._merge(self.anna, self.stranger)
        self.assertEqual(self._rows(), rows)
        self.assertEqual((ticket | question).commercial_partner_id, self.garage)
        self.assertEqual(passed.commercial_partner_id, self.garage)
        self.assertTrue(passed.certificate_number)
        self.assertEqual(self.garage_pbx.approver_ids, self.garage)
        self.assertNotIn(self.anna, self.garage_pbx.administrator_ids)

    def test_two_log_ins_in_two_companies(self):
        """The base counts those of the companies that are switched on."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._log_in(self.anna, "nox_anna")
        other = self._log_in(self.twin, "nox_twin")
        other.write(
            {
                "company_ids": [Command.set(elsewhere.ids)],
                "company_id": elsewhere.id,
            }
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.manager)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(UserError) as refusal:
            wizard._merge((self.anna | self.twin).ids, self.anna)
        self.assertSentence(refusal)
