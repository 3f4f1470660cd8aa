from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .test_training import TrainingCase


@tagged("standard", "post_install", "-at_install")
class TestTrainingGate(TrainingCase):
    """Eigen beheer runs only with a certified administrator, and nothing changes
    silently when the last one is gone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._service_today()

    def _move_to_self_managed(self, pbx, start):
        wizard = (
            self.env["nox.pbx.change.plan"]
            .with_user(self.coordinator)
            .create(
                {
                    "pbx_id": pbx.id,
                    "plan_id": self.self_managed.id,
                    "date_start": start,
                }
            )
        )
        wizard.action_change()

    def _self_managed(self, **values):
        """A PBX that Anna administers, certified long ago."""
        training = self._certified(
            self.pbx, self.anna, on=fields.Date.subtract(self.day, days=100), **values
        )
        self._move_to_self_managed(self.pbx, self.day)
        self.assertFalse(self.pbx.uncertified_since)
        return training

    def _alarm(self, pbx):
        return pbx.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("nox_voip_service.mail_activity_uncertified")
            )
        )

    def _told(self, pbx):
        return self._mails(pbx, pbx.partner_id)

    def assertAlarm(self, pbx):
        self.assertTrue(pbx.uncertified_since)
        self.assertEqual(len(self._alarm(pbx)), 1)
        self.assertTrue(
            self._alarm(pbx).user_id.has_group("nox_voip_service.group_coordinator")
        )
        self.assertEqual(len(self._told(pbx)), 1)
        self.assertEqual(pbx.plan_id, self.self_managed, "changed silently")

    # ------------------------------------------------------------------

    def test_without_administrator_is_refused(self):
        with self.assertRaises(ValidationError) as refusal:
            self._move_to_self_managed(self.pbx, self.today)
        self.assertSentence(refusal)
        self.assertIn("Nobody is an administrator", str(refusal.exception))
        self.assertEqual(self.pbx.plan_id, self.standard)

    def test_refusal_says_who_lacks_what(self):
        self.pbx.administrator_ids = self.anna | self.bert
        self._certified(
            self.pbx,
            self.bert,
            on=fields.Date.subtract(self.day, days=400),
            expires_on=fields.Date.subtract(self.day, days=30),
        )
        self._plan_places(
            self._sell_training().training_ids,
            [self.cor],
            f"{fields.Date.add(self.today, days=9)} 08:00:00",
        )
        with self.assertRaises(ValidationError) as refusal:
            self._move_to_self_managed(self.pbx, self.today)
        text = str(refusal.exception)
        self.assertIn("Anna de Vries: has not passed the training", text)
        self.assertIn("Bert Bakker: the certificate expired on", text)
        self.assertIn("Cor Visser: has not passed the training. A training is", text)

    def test_day_before_the_training_is_refused_the_day_itself_is_not(self):
        self._certified(self.pbx, self.anna, on=self.day)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._move_to_self_managed(self.pbx, fields.Date.subtract(self.day, days=1))
        self._move_to_self_managed(self.pbx, self.day)
        self.assertEqual(self.pbx._plan_on(self.day), self.self_managed)

    def test_last_valid_day_is_the_day_of_expiry(self):
        expiry = fields.Date.add(self.today, days=10)
        self._certified(self.pbx, self.anna, expires_on=expiry)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._move_to_self_managed(self.pbx, fields.Date.add(expiry, days=1))
        self._move_to_self_managed(self.pbx, expiry)

    def test_failed_person_opens_no_gate(self):
        order = self._sell_training()
        self._plan_places(order.training_ids, [self.anna])
        self._give(order.training_ids, "failed")
        self.pbx.administrator_ids = self.anna
        with self.assertRaises(ValidationError):
            self._move_to_self_managed(self.pbx, self.today)

    def test_certificate_of_another_customer_opens_no_gate(self):
        other = self._customer("Garage")
        self._certified(
            self._pbx(customer=other, name="Garage"),
            self._contact(other, "Dirk Smit"),
        )
        with self.assertRaises(ValidationError):
            self._move_to_self_managed(self.pbx, self.today)

    def test_certificate_counts_on_the_second_pbx_of_its_holder(self):
        self._certified(self.pbx, self.anna)
        second = self._pbx(name="Shop")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._move_to_self_managed(second, self.today)
        second.administrator_ids = self.anna
        self._move_to_self_managed(second, self.today)

    def test_period_typed_on_the_form_passes_the_same_gate(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.pbx.with_user(self.coordinator).write(
                {
                    "period_ids": [
                        Command.create(
                            {"plan_id": self.self_managed.id, "date_start": self.today}
                        )
                    ]
                }
            )
        with self.assertRaises(ValidationError):
            self.pbx.period_ids.with_user(self.coordinator).plan_id = self.self_managed

    def test_demand_is_not_put_on_a_plan_that_runs_without(self):
        with self.assertRaises(ValidationError) as refusal:
            self.standard.requires_certified_admin = True
        self.assertSentence(refusal)

    # --- The last one is gone -----------------------------------------

    def test_archived_contact_raises_the_alarm(self):
        training = self._self_managed()
        self.anna.active = False
        self.assertAlarm(self.pbx)
        self.assertEqual(training.left_on, self.today)

    def test_moved_contact_raises_the_alarm_and_administers_no_more(self):
        self._self_managed()
        self.anna.parent_id = self._customer("Garage")
        self.assertAlarm(self.pbx)
        self.assertFalse(self.pbx.administrator_ids)

    def test_removed_administrator_raises_the_alarm(self):
        self._self_managed()
        self.pbx.with_user(self.coordinator).administrator_ids = [
            Command.unlink(self.anna.id)
        ]
        self.assertAlarm(self.pbx)

    def test_expiry_raises_the_alarm_on_the_day_after(self):
        expiry = fields.Date.add(self.today, days=20)
        self._self_managed(expires_on=expiry)
        job = self.env.ref("nox_voip_service.cron_certificates")
        for day, since in ((expiry, False), (fields.Date.add(expiry, days=1),) * 2):
            with freeze_time(f"{day} 09:00:00"), self.enter_registry_test_mode():
                job.method_direct_trigger()
            self.assertEqual(self.pbx.uncertified_since, since)
        self.assertAlarm(self.pbx)
        with freeze_time(f"{day} 10:00:00"), self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.assertAlarm(self.pbx)

    def test_withdrawn_certificate_raises_the_alarm(self):
        training = self._self_managed()
        training.result = "failed"
        self.assertAlarm(self.pbx)

    def test_one_of_two_leaves_without_alarm(self):
        self._self_managed()
        self._certified(self.pbx, self.bert)
        self.anna.active = False
        self.assertFalse(self.pbx.uncertified_since)
        self.bert.active = False
        self.assertAlarm(self.pbx)

    def test_next_certificate_takes_the_alarm_back(self):
        self._self_managed()
        self.anna.active = False
        self._certified(self.pbx, self.bert, on=self.today)
        self.assertFalse(self.pbx.uncertified_since)
        self.assertFalse(self._alarm(self.pbx))

    def test_person_who_comes_back_counts_again(self):
        training = self._self_managed()
        self.anna.active = False
        self.anna.active = True
        self.assertFalse(training.left_on)
        self.assertFalse(self.pbx.uncertified_since)

    def test_plan_to_come_is_looked_at_too(self):
        self._certified(self.pbx, self.anna)
        self._move_to_self_managed(self.pbx, fields.Date.add(self.today, days=30))
        self.anna.active = False
        self.assertEqual(
            self.pbx.uncertified_since, fields.Date.add(self.today, days=30)
        )

    def test_standard_is_proposed_and_nothing_changes_before_it_is_confirmed(self):
        self._self_managed()
        self.anna.active = False
        action = self.pbx.with_user(self.coordinator).action_propose_standard()
        wizard = (
            self.env["nox.pbx.change.plan"]
            .with_user(self.coordinator)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(
            (wizard.plan_id, wizard.date_start), (self.standard, self.today)
        )
        self.assertEqual(self.pbx.plan_id, self.self_managed)
        wizard.action_change()
        self.assertEqual(self.pbx.plan_id, self.standard)
        self.assertFalse(self.pbx.uncertified_since)
        self.assertFalse(self._alarm(self.pbx))

    def test_past_of_who_left_still_counts(self):
        """The period can be corrected to an earlier day on which she was there."""
        self._self_managed()
        self.anna.active = False
        period = self.pbx._running_period(self.today)
        period.date_start = fields.Date.subtract(self.day, days=5)
        self.assertEqual(period.plan_id, self.self_managed)

    def test_customer_without_mail_is_not_told_but_the_coordinator_is(self):
        self._self_managed()
        self.customer.email = False
        self.anna.active = False
        self.assertEqual(len(self._alarm(self.pbx)), 1)
        self.assertFalse(self._told(self.pbx))

    def test_ended_pbx_raises_no_alarm(self):
        self._self_managed()
        self.pbx.ended_on = fields.Date.subtract(self.today, days=1)
        self.anna.active = False
        self.assertFalse(self.pbx.uncertified_since)


@tagged("standard", "post_install", "-at_install")
class TestTrainingAccess(TrainingCase):
    """Who may see and do what with trainings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.training = cls._certified(cls.pbx, cls.anna)
        cls.other = cls._customer("Garage")
        cls.user = cls._portal_user(cls.customer, "nox_portal_own")
        cls.stranger = cls._portal_user(cls.other, "nox_portal_other")
        cls.outsider = new_test_user(
            cls.env,
            "nox_outsider",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def test_customer_reads_its_own_certificates_and_no_remarks(self):
        fields_seen = ["certificate_number", "expires_on", "state"]
        (seen,) = self._rpc(
            self.user, "nox.admin.training", "read", self.training.ids, fields_seen
        )
        self.assertEqual(seen["certificate_number"], self.training.certificate_number)
        with self.assertRaises(AccessError):
            self._rpc(
                self.user,
                "nox.admin.training",
                "read",
                self.training.ids,
                ["result_remark"],
            )

    def test_nobody_else_reads_them(self):
        for user in (self.stranger, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._rpc(
                    user, "nox.admin.training", "read", self.training.ids, ["state"]
                )

    def test_customer_forges_nothing(self):
        values = {"expires_on": "2099-01-01", "result": "passed"}
        for name, args in (
            ("write", (self.training.ids, values)),
            ("create", ({"partner_id": self.user.partner_id.id},)),
            ("unlink", (self.training.ids,)),
            ("copy", (self.training.ids,)),
            ("web_save", (self.training.ids, values, {})),
            ("action_give_result", (self.training.ids,)),
            ("action_cancel", (self.training.ids,)),
            ("action_send_certificate", (self.training.ids,)),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                self._rpc(self.user, "nox.admin.training", name, *args)

    def test_roles_of_staff(self):
        for user, writes in (
            (self.technician, False),
            (self.accountant, False),
            (self.coordinator, True),
        ):
            with self.subTest(user.login):
                training = self.training.with_user(user)
                self.assertEqual(training.read(["state"])[0]["state"], "passed")
                self.assertEqual(training.has_access("write"), writes)
                self.assertEqual(training.has_access("create"), writes)

    def test_trainer_forges_no_certificate_of_his_own_training(self):
        self.training.trainer_id = self.technician
        with self.assertRaises(AccessError):
            self._rpc(
                self.technician,
                "nox.admin.training",
                "write",
                self.training.ids,
                {"expires_on": "2099-01-01"},
            )

    def test_buttons_of_coordinators(self):
        for name in ("action_plan", "action_cancel", "action_send_certificate"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._rpc(
                    self.accountant, "nox.admin.training", name, self.training.ids
                )
        with self.assertRaises(AccessError):
            self._rpc(
                self.technician, "nox.pbx", "action_propose_standard", self.pbx.ids
            )

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Nox Belgium"})
        manager = new_test_user(
            self.env,
            "nox_belgian",
            groups="nox_voip_service.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            self.training.with_user(manager).read(["state"])

    def test_certificate_is_a_pdf_that_names_everything(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "nox_voip_service.report_training_certificate", self.training.ids
        )
        for text in (
            "Anna de Vries",
            self.customer.name,
            self.training.certificate_number,
            self.pbx.name,
            self.company.name,
        ):
            self.assertIn(text, html.decode())

    def test_certificate_without_result_is_refused(self):
        place = self._sell_training().training_ids
        with self.assertRaises(UserError) as refusal:
            place.action_print_certificate()
        self.assertSentence(refusal)

    def test_history_is_not_deleted(self):
        with self.assertRaises(UserError) as refusal:
            self.training.with_user(self.coordinator).unlink()
        self.assertSentence(refusal)
