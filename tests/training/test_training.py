from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import NoxVoipCommon


class TrainingCase(NoxVoipCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.training_product = cls.env.ref("nox_voip_service.product_training")
        cls.pbx = cls._pbx(name="Head office")
        cls.anna = cls._contact(cls.customer, "Anna de Vries")
        cls.bert = cls._contact(cls.customer, "Bert Bakker")
        cls.cor = cls._contact(cls.customer, "Cor Visser")

    @classmethod
    def _sell_training(cls, people=1, pbx=None, **values):
        pbx = pbx or cls.pbx
        order = cls.env["sale.order"].create(
            {
                "partner_id": pbx.partner_id.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.training_product.id,
                            "product_uom_qty": people,
                            "service_pbx_id": pbx.id,
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def _plan_places(cls, places, people, start=None, trainer=None):
        """Plan as the coordinator does, in the dialog."""
        wizard = (
            cls.env["nox.training.plan"]
            .with_user(cls.coordinator)
            .create(
                {
                    "training_ids": [Command.set(places.ids)],
                    "start_at": start
                    or datetime.combine(cls.day, datetime.min.time())
                    + timedelta(hours=8),
                    "trainer_id": (trainer or cls.technician).id,
                }
            )
        )
        for line, person in zip(wizard.line_ids, people, strict=False):
            line.partner_id = person
        wizard.action_apply()
        return places

    @classmethod
    def _give(cls, places, *results, user=None, remark=None):
        """Give results as the trainer does, in the dialog; to correct one needs a
        remark that says why."""
        wizard = (
            cls.env["nox.training.result"]
            .with_user(user or cls.technician)
            .create({"training_ids": [Command.set(places.ids)]})
        )
        for line, result in zip(wizard.line_ids, results, strict=True):
            line.result = result
            line.result_remark = remark or line.result_remark
        cls.env.flush_all()
        wizard.action_apply()
        return places

    def _held(self, *results):
        """An order of as many people as results, all of them held."""
        order = self._sell_training(len(results))
        people = [self.anna, self.bert, self.cor]
        self._plan_places(order.training_ids, people)
        self._give(order.training_ids, *results)
        return order

    def _mails(self, record, person):
        """What is in the mail queue for this person about a record."""
        return self.env["mail.mail"].search(
            [
                ("model", "=", record._name),
                ("res_id", "=", record.id),
                ("recipient_ids", "in", person.ids),
            ]
        )


@tagged("standard", "post_install", "-at_install")
class TestTrainingSale(TrainingCase):
    """Selling trainings makes places; people who attended are billed, once."""

    def test_three_people_make_three_places(self):
        order = self._sell_training(3)
        self.assertEqual(order.training_ids.mapped("state"), ["open"] * 3)
        self.assertEqual(order.training_ids.pbx_id, self.pbx)
        self.assertEqual(order.training_ids.commercial_partner_id, self.customer)
        self.assertEqual(order.order_line.price_unit, 350)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertEqual(order.training_count, 3)

    def test_places_follow_the_ordered_quantity(self):
        order = self._sell_training(2)
        order.order_line.product_uom_qty = 4
        self.assertEqual(len(order.training_ids), 4)
        self._plan_places(order.training_ids[:1], [self.anna])
        order.order_line.product_uom_qty = 1
        self.assertEqual(order.training_ids.partner_id, self.anna)
        with self.assertRaises(UserError) as refusal:
            order.order_line.product_uom_qty = 0
        self.assertSentence(refusal)

    def test_half_a_person_is_refused(self):
        with self.assertRaises(UserError) as refusal:
            self._sell_training(1.5)
        self.assertSentence(refusal)

    def test_attended_people_are_delivered(self):
        order = self._held("passed", "failed", "no_show")
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(order.order_line.qty_to_invoice, 2)

    def test_no_show_leaves_its_place_and_is_billed_on_demand(self):
        order = self._held("passed", "no_show")
        self.assertEqual(
            sorted(order.training_ids.mapped("state")), ["no_show", "open", "passed"]
        )
        missed = order.training_ids.filtered(lambda place: place.state == "no_show")
        missed.bill_no_show = True
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(
            sorted(order.training_ids.mapped("state")), ["no_show", "passed"]
        )

    def test_cancelled_place_is_gone_and_not_billed(self):
        order = self._sell_training(2)
        one, other = self._plan_places(order.training_ids, [self.anna, self.bert])
        one.action_cancel()
        self._give(other, "passed")
        self.assertEqual(len(order.training_ids), 2)
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_invoice_names_who_attended_and_the_rest_comes_later(self):
        order = self._sell_training(2)
        places = self._plan_places(order.training_ids, [self.anna, self.bert])
        self._give(places[:1], "passed")
        first = order._create_invoices()
        self.assertEqual(first.amount_untaxed, 350)
        self.assertIn("Anna de Vries", first.invoice_line_ids.name)
        self.assertNotIn("Bert", first.invoice_line_ids.name)
        self._give(places[1:], "failed")
        second = order._create_invoices()
        self.assertEqual(second.amount_untaxed, 350)
        self.assertIn("Bert Bakker", second.invoice_line_ids.name)
        self.assertNotIn("Anna", second.invoice_line_ids.name)

    def test_invoiced_attendance_is_not_taken_back(self):
        order = self._held("passed")
        order._create_invoices()
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            order.training_ids.result = "no_show"
        self.assertSentence(refusal)
        order.training_ids.result = "failed"
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_cancelled_order_cancels_what_was_not_held(self):
        order = self._sell_training(2)
        places = self._plan_places(order.training_ids, [self.anna, self.bert])
        self._give(places[:1], "passed")
        order._action_cancel()
        self.assertEqual(places.mapped("state"), ["passed", "cancelled"])
        order.action_draft()
        order.action_confirm()
        self.assertEqual(places.mapped("state"), ["passed", "planned"])
        self.assertEqual(order.training_ids, places)

    def test_training_elsewhere_is_recorded_without_an_order(self):
        training = self._certified(self.pbx, self.anna)
        self.assertEqual(training.state, "passed")
        self.assertFalse(training.event_id)
        self.assertFalse(self._mails(training, self.anna))

    def test_monthly_run_bills_attended_trainings_once(self):
        order = self._held("passed", "failed")
        order.order_line = [
            Command.create(
                {"product_id": self.block_product.id, "product_uom_qty": 1, "name": "X"}
            )
        ]
        run = self.env["nox.billing.run"].create({"company_id": self.company.id})
        self.assertIn(self.customer, run._customers_due())
        run._bill_customers(self.customer)
        self.assertFalse(run.parked_ids.mapped("reason"))
        move = run.move_ids
        self.assertEqual(move.amount_untaxed, 700)
        self.assertEqual(
            move.invoice_line_ids.sorted("sequence").mapped("display_type"),
            ["line_section", "product"],
        )
        run._bill_customers(self.customer)
        self.assertEqual(run.move_ids, move)

    def test_trainings_and_work_stand_under_their_own_heading(self):
        self._held("passed")
        ticket = self._ticket(self.pbx)
        self._log(ticket, 20)
        self._finish(ticket)
        run = self.env["nox.billing.run"].create({"company_id": self.company.id})
        run._bill_customers(self.customer)
        self.assertFalse(run.parked_ids.mapped("reason"))
        lines = run.move_ids.invoice_line_ids.sorted("sequence")
        self.assertEqual(
            [(line.display_type, line.price_subtotal) for line in lines],
            [
                ("line_section", 0),
                ("product", 41),
                ("line_section", 0),
                ("product", 350),
            ],
        )
        self.assertEqual(lines[2].name, "Trainings")


@tagged("standard", "post_install", "-at_install")
class TestTrainingDay(TrainingCase):
    """A date in the calendar, results, and the certificate."""

    def setUp(self):
        super().setUp()
        self.start = datetime.combine(
            fields.Date.add(self.day, days=10), datetime.min.time()
        ) + timedelta(hours=8)

    def test_people_of_one_customer_share_a_meeting_of_half_a_day(self):
        order = self._sell_training(2)
        self._plan_places(order.training_ids, [self.anna, self.bert], self.start)
        event = order.training_ids.event_id
        self.assertEqual(len(event), 1)
        self.assertEqual((event.start, event.duration), (self.start, 4))
        self.assertEqual(
            event.partner_ids, self.anna | self.bert | self.technician.partner_id
        )
        self.assertEqual(event.user_id, self.technician)

    def test_people_of_two_customers_never_see_each_other(self):
        other = self._customer("Garage")
        stranger = self._contact(other, "Dirk Smit")
        pbx = self._pbx(customer=other, name="Garage")
        places = (
            self._sell_training().training_ids
            | self._sell_training(pbx=pbx).training_ids
        )
        self._plan_places(places, [self.anna, stranger], self.start)
        events = places.event_id
        self.assertEqual(len(events), 2)
        for event in events:
            self.assertEqual(len(event.partner_ids - self.technician.partner_id), 1)

    def test_moved_in_the_calendar_is_moved(self):
        places = self._sell_training(2).training_ids
        self._plan_places(places, [self.anna, self.bert], self.start)
        later = self.start + timedelta(days=1)
        places.event_id.write({"start": later, "stop": later + timedelta(hours=4)})
        self.assertEqual(places.mapped("start_at"), [later, later])
        places.write({"start_at": self.start})
        self.assertEqual(places.event_id.mapped("start"), [self.start])
        self.assertEqual(len(places.event_id), 1)

    def test_deleted_meeting_leaves_places_to_plan(self):
        places = self._sell_training().training_ids
        self._plan_places(places, [self.anna], self.start)
        places.event_id.unlink()
        self.assertEqual((places.state, places.start_at), ("open", False))
        self.assertEqual(places.partner_id, self.anna)

    def test_cancelled_place_leaves_the_calendar(self):
        places = self._sell_training(2).training_ids
        self._plan_places(places, [self.anna, self.bert], self.start)
        event = places.event_id
        places[0].action_cancel()
        self.assertNotIn(places[0].partner_id, event.partner_ids)
        places[1].action_cancel()
        self.assertFalse(event.exists())

    def test_result_before_the_day_is_refused(self):
        places = self._sell_training().training_ids
        self._plan_places(places, [self.anna], self.start)
        with self.assertRaises(ValidationError) as refusal:
            self._give(places, "passed")
        self.assertSentence(refusal)

    def test_stranger_of_another_customer_is_refused(self):
        stranger = self._contact(self._customer("Garage"), "Dirk Smit")
        places = self._sell_training().training_ids
        with self.assertRaises(ValidationError) as refusal:
            places.partner_id = stranger
        self.assertSentence(refusal)

    def test_who_passes_gets_a_number_and_becomes_administrator(self):
        order = self._held("passed", "failed")
        passed, failed = order.training_ids.sorted("id")
        self.assertRegex(passed.certificate_number, r"^CERT/\d{4}/\d{4}$")
        self.assertEqual(passed.certified_on, self.day)
        self.assertFalse(passed.expires_on)
        self.assertEqual(self.pbx.administrator_ids, self.anna)
        self.assertFalse(failed.certificate_number)
        mail = self._mails(passed, self.anna)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.anna)
        self.assertTrue(mail.attachment_ids)

    def test_expiry_follows_the_setting(self):
        self.company.service_certificate_months = 24
        training = self._held("passed").training_ids
        self.assertEqual(training.expires_on, fields.Date.add(self.day, months=24))
        self.assertEqual(training.certificate_state, "valid")

    def test_corrected_result_withdraws_the_certificate(self):
        training = self._held("passed").training_ids
        by_coordinator = training.with_user(self.coordinator)
        for result in (False, "failed"):
            with self.assertRaises(UserError) as refusal:
                by_coordinator.result = result
            self.assertSentence(refusal)
            with self.assertRaises(UserError) as refusal:
                self._give(training, result, user=self.coordinator)
            self.assertSentence(refusal)
        self.assertTrue(training.certificate_number)
        self._give(training, "failed", user=self.coordinator, remark="Wrong person.")
        self.assertFalse(training.certificate_number)
        self.assertFalse(training.is_certificate_valid)
        told = training.message_ids.filtered(lambda each: "Wrong person." in each.body)
        self.assertIn("from Passed to Failed", told.body)
        self.assertEqual(told.author_id, self.coordinator.partner_id)

    def test_facts_of_a_result_do_not_change(self):
        training = self._held("failed").training_ids
        with self.assertRaises(UserError) as refusal:
            training.partner_id = self.bert
        self.assertSentence(refusal)

    def test_reminder_goes_once_and_not_after_a_renewal(self):
        today = self.company._service_today()
        soon = fields.Date.add(today, days=30)
        due = self._certified(self.pbx, self.anna, expires_on=soon)
        renewed = self._certified(self.pbx, self.bert, expires_on=soon)
        self._certified(self.pbx, self.bert, on=fields.Date.add(self.day, days=1))
        later = self._certified(
            self.pbx, self.cor, expires_on=fields.Date.add(today, days=200)
        )
        for _day in range(2):
            with self.enter_registry_test_mode():
                self.env.ref(
                    "nox_voip_service.cron_certificates"
                ).method_direct_trigger()
        self.assertEqual(len(self._mails(due, self.anna)), 1)
        self.assertEqual(len(due.activity_ids), 1)
        self.assertFalse(self._mails(renewed, self.bert))
        self.assertFalse(self._mails(later, self.cor))

    def test_renewal_on_another_pbx_counts_for_the_reminder_as_for_the_gate(self):
        """A certificate is a person's: it counts wherever the holder administers, also
        after leaving the PBX that it was made for."""
        soon = fields.Date.add(self.company._service_today(), days=30)
        after = fields.Date.add(soon, days=1)
        due = self._certified(self.pbx, self.anna, expires_on=soon)
        self.assertTrue(self.pbx._uncertified_sentence(after))
        self.assertFalse(due._is_renewed())
        shop = self._pbx(name="Shop")
        renewal = self._certified(
            shop, self.anna, on=fields.Date.subtract(self.day, days=1)
        )
        shop.administrator_ids = False
        self.assertTrue(renewal.left_on)
        self.assertFalse(self.pbx._uncertified_sentence(after))
        self.assertTrue(due._is_renewed())

    def test_trainer_gives_results_of_his_own_trainings_alone(self):
        places = self._sell_training().training_ids
        self._plan_places(places, [self.anna], trainer=self.colleague)
        with self.assertRaises(AccessError):
            self._give(places, "passed", user=self.technician)
        with self.assertRaises(AccessError):
            places.with_user(self.technician).write({"result": "passed"})
        with self.assertRaises(AccessError):
            places.with_user(self.colleague).write({"bill_no_show": True})
        self._give(places, "passed", user=self.colleague)
        self.assertEqual(places.state, "passed")
