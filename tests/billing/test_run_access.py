from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common_month import NoxMonthCommon

LASTING = ("nox.seat.charge", "nox.billing.run", "nox.billing.parked")
REHEARSAL = (
    "nox.billing.rehearsal",
    "nox.billing.rehearsal.line",
    "nox.billing.rehearsal.detail",
)


@tagged("standard", "post_install", "-at_install")
class TestRunAccess(NoxMonthCommon):
    """Who may see and do what with charges, runs, parked customers, rehearsals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbxs = cls.pbx = cls._pbx(
            customer=cls.customer, name="Access", accepted_on=date(2025, 12, 1)
        )
        cls._sell(cls.pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        with freeze_time("2026-04-01 00:30"):
            cls.run_record = cls.env["nox.billing.run"].create(
                {"company_id": cls.company.id}
            )
            cls.run_record._bill_customers(cls.customer)
        cls.charge = cls.pbx.period_ids.charge_ids
        cls.parked = cls.env["nox.billing.parked"]._park(
            cls.run_record, cls.customer, "Reason"
        )
        cls.records = {
            "nox.seat.charge": cls.charge,
            "nox.billing.run": cls.run_record,
            "nox.billing.parked": cls.parked,
        }
        cls.portal = cls._portal_user(cls.customer, "run_portal")
        cls.stranger = cls._portal_user(cls._customer("Other"), "run_stranger")
        cls.employee = new_test_user(
            cls.env,
            login="run_employee",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _may(self, user, model, operation):
        companies = (user.company_ids or self.company).ids
        record = self.records[model].with_user(user)
        record = record.with_context(allowed_company_ids=companies)
        record.env.invalidate_all()
        return record.has_access(operation)

    def test_who_may_read_and_write(self):
        nothing, read, edit = "", "r", "rw"
        table = {
            #               charge, run, parked
            self.technician: (nothing, nothing, nothing),
            self.coordinator: (read, read, read),
            self.accountant: (edit, edit, edit),
            self.manager: (read, read, read),
            self.portal: (read, nothing, nothing),
            self.stranger: (nothing, nothing, nothing),
            self.employee: (nothing, nothing, nothing),
            self.env.ref("base.public_user"): (nothing, nothing, nothing),
        }
        for user, expected in table.items():
            for model, rights in zip(LASTING, expected, strict=True):
                with self.subTest(user=user.login, model=model):
                    self.assertEqual(self._may(user, model, "read"), "r" in rights)
                    self.assertEqual(self._may(user, model, "write"), "w" in rights)
                    self.assertFalse(self._may(user, model, "unlink"))

    def test_rehearsal_is_the_accountants(self):
        for user in (
            self.technician,
            self.coordinator,
            self.portal,
            self.stranger,
            self.employee,
            self.env.ref("base.public_user"),
        ):
            for model in REHEARSAL:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(
                        self.env[model].with_user(user).has_access("create")
                    )
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                self._rpc(user, "nox.billing.rehearsal", "action_rehearse")

    def test_another_companys_accountant_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = new_test_user(
            self.env,
            login="run_elsewhere",
            groups="nox_voip_service.group_accountant",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for model in LASTING:
            with self.subTest(model=model):
                self.assertFalse(self._may(other, model, "read"))
                found = (
                    self.env[model]
                    .with_user(other)
                    .with_context(allowed_company_ids=company.ids)
                    .search([])
                )
                self.assertFalse(found & self.records[model])

    def test_buttons_are_the_accountants(self):
        for user in (self.technician, self.coordinator, self.portal, self.employee):
            for model, method in (
                ("nox.billing.run", "action_run"),
                ("nox.billing.run", "action_confirm_database"),
                ("nox.billing.parked", "action_try_again"),
                ("nox.billing.parked", "action_confirm_months"),
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    self._rpc(user, model, method, self.records[model].ids)

    def test_billing_methods_cannot_be_called_from_outside(self):
        for model, method in (
            ("nox.billing.run", "_bill_customers"),
            ("nox.billing.run", "_cron_billing_run"),
            ("nox.billing.parked", "_park"),
        ):
            with self.assertRaises(AccessError):
                self._rpc(self.accountant, model, method, self.run_record.ids)

    def test_run_with_invoices_stays(self):
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.run_record.with_user(self.accountant).unlink()
        with self.assertRaisesRegex(Exception, "history of the billing"):
            self.run_record.unlink()

    def test_month_that_has_not_ended_cannot_run(self):
        with freeze_time("2026-04-10 09:00"):
            early = self.env["nox.billing.run"].create(
                {"company_id": self.company.id, "month": date(2026, 4, 1)}
            )
            with self.assertRaisesRegex(Exception, "has not ended"):
                early.with_user(self.accountant).action_run()

    def test_switched_off_job_is_told(self):
        self.env.ref("nox_voip_service.cron_billing_run").active = False
        with self.assertRaisesRegex(Exception, "switched off"):
            self.run_record.with_user(self.accountant).action_run()

    def test_accountant_bills_with_own_rights(self):
        """Try again with work, users and no right on orders or tickets beyond the
        group's."""
        self.parked._clear(self.run_record, self.customer)
        pbx = self._customer_pbx("Rights")
        self._sell(pbx, 10, 1, date(2026, 3, 1), "2026-03-01")
        self._work(pbx, 20)
        parked = self.env["nox.billing.parked"]._park(
            self.run_record, pbx.partner_id, "Reason"
        )
        with freeze_time("2026-04-02 09:00"):
            self._rpc(
                self.accountant, "nox.billing.parked", "action_try_again", parked.ids
            )
        self.assertFalse(parked.is_open)
        self.pbxs = pbx
        self.assertEqual(self._moves(self.run_record).amount_untaxed, 10 + 41)
