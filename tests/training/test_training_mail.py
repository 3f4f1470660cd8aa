import re
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .test_training import TrainingCase


@tagged("standard", "post_install", "-at_install")
class TestTrainingMail(TrainingCase):
    """What people read of a training is in their own language, and says nothing that
    is not for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.customer.lang = "nl_NL"
        (cls.anna | cls.bert | cls.cor).lang = "nl_NL"
        (cls.technician | cls.coordinator).write({"email": "staff@nox.example"})
        cls.today = cls.company._service_today()
        cls.start = datetime.combine(
            fields.Date.add(cls.today, days=10), datetime.min.time()
        ) + timedelta(hours=8)

    def _text(self, html):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(html)))

    # ------------------------------------------------------------------
    # THE CERTIFICATE
    # ------------------------------------------------------------------

    def test_certificate_mail_is_dutch_for_who_reads_dutch(self):
        training = self._held("passed").training_ids
        mail = self._mails(training, self.anna)
        self.assertEqual(mail.subject, f"Uw certificaat {training.certificate_number}")
        text = self._text(mail.body_html)
        self.assertIn("Gefeliciteerd: u bent geslaagd", text)
        self.assertNotIn("Congratulations", text)
        [attachment] = mail.attachment_ids
        self.assertIn("Certificaat", attachment.name)

    def test_printed_certificate_is_dutch_for_who_reads_dutch(self):
        training = self._held("passed").training_ids
        training.expires_on = fields.Date.add(self.today, years=2)
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(
                "nox_voip_service.report_training_certificate", training.ids
            )
        )
        self.assertEqual((kind, content[:5]), ("pdf", b"%PDF-"))
        text = self._pdf_text(content)
        for words in ("Certificaatnummer", "Anna de Vries", "geslaagd", "Geldig tot"):
            self.assertIn(words.lower(), text.lower())
        self.assertNotIn("This is to certify", text)

    def test_reminder_is_dutch_for_who_reads_dutch(self):
        soon = fields.Date.add(self.today, days=30)
        due = self._certified(self.pbx, self.anna, expires_on=soon)
        due._remind_expiry()
        mail = self._mails(due, self.anna)
        self.assertIn("is geldig tot", mail.subject)
        self.assertIn("Met een nieuwe training", self._text(mail.body_html))

    def test_alarm_is_dutch_for_a_customer_who_reads_dutch(self):
        self._certified(
            self.pbx, self.anna, on=fields.Date.subtract(self.day, days=100)
        )
        self.env["nox.pbx.change.plan"].create(
            {
                "pbx_id": self.pbx.id,
                "plan_id": self.self_managed.id,
                "date_start": self.day,
            }
        ).action_change()
        self.pbx.administrator_ids = False
        mail = self._mails(self.pbx, self.customer)
        self.assertIn("geen gecertificeerde beheerder", mail.subject)
        text = self._text(mail.body_html)
        self.assertIn("geen beheerder meer", text)
        self.assertNotIn("no administrator any more", text)

    # ------------------------------------------------------------------
    # THE INVITATION
    # ------------------------------------------------------------------

    def _invitations(self, event, person):
        """Mails to somebody about a meeting, as they were queued or sent."""
        messages = self.env["mail.message"].search(
            [("model", "=", "calendar.event"), ("res_id", "in", event.ids)]
        )
        notified = messages.notification_ids.filtered(
            lambda each: each.res_partner_id == person
        )
        return notified.mail_message_id

    def test_trainer_and_people_are_invited_by_mail(self):
        places = self._sell_training(2).training_ids
        self._plan_places(places, [self.anna, self.bert], self.start)
        event = places.event_id
        for person in self.anna | self.bert:
            [mail] = self._invitations(event, person)
            self.assertIn("Beheerderstraining", mail.subject)
            text = self._text(mail.body)
            self.assertIn(f"Beste {person.name}", text)
            self.assertIn("Ik ben erbij", text)
            self.assertNotIn("Dear", text)
            self.assertIn("invitation.ics", mail.attachment_ids.mapped("name"))
        [mail] = self._invitations(event, self.technician.partner_id)
        self.assertIn("Dear Technician", self._text(mail.body))
        later = self.start + timedelta(days=1)
        event.write({"start": later, "stop": later + timedelta(hours=4)})
        mail = self._invitations(event, self.anna).sorted("id")[-1:]
        self.assertIn("Deze training is verplaatst", self._text(mail.body))

    def test_invitation_tells_the_time_where_the_company_is(self):
        self.coordinator.tz = False
        places = self._sell_training().training_ids
        self._plan_places(places, [self.anna], self.start)
        [mail] = self._invitations(places.event_id, self.anna)
        zone = self.company._service_timezone()
        local = (
            datetime.fromisoformat(f"{self.start}+00:00")
            .astimezone(zone)
            .strftime("%H:%M")
        )
        self.assertIn(local, self._text(mail.body))

    def test_nobody_is_invited_to_a_day_that_is_over(self):
        places = self._sell_training(2).training_ids
        self._plan_places(places, [self.anna, self.bert])
        event = places.event_id
        self.assertEqual(len(event.attendee_ids), 3)
        for person in event.partner_ids:
            self.assertFalse(self._invitations(event, person))

    # ------------------------------------------------------------------
    # THE INVOICE
    # ------------------------------------------------------------------

    def test_invoice_names_people_and_not_their_results(self):
        order = self._held("passed", "failed", "no_show")
        order.training_ids.filtered(lambda t: t.result == "no_show").bill_no_show = True
        text = order._create_invoices().invoice_line_ids.name
        anna, bert, cor = text.splitlines()[-3:]
        self.assertEqual(
            anna.replace("Anna de Vries", "X"), bert.replace("Bert Bakker", "X")
        )
        for word in ("geslaagd", "gezakt", "passed", "failed"):
            self.assertNotIn(word, text.lower())
        # That a place is billed though nobody came, whoever pays must read.
        self.assertIn("no-show", cor)

    # ------------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------------

    def test_places_are_read_by_state_and_by_day(self):
        places = self._sell_training(2).training_ids
        self._plan_places(places[:1], [self.anna], self.start)
        for user in (self.technician, self.coordinator):
            trainings = self.env["nox.admin.training"].with_user(user)
            views = trainings.get_views([(False, "kanban"), (False, "calendar")])
            # The kanban: one column a state, also those without a place.
            self.assertIn("default_group_by", views["views"]["kanban"]["arch"])
            columns = trainings.with_context(read_group_expand=True).web_read_group(
                [("id", "in", places.ids)], ["state"], ["__count"]
            )["groups"]
            self.assertEqual(
                {column["state"]: column["__count"] for column in columns},
                {
                    "open": 1,
                    "planned": 1,
                    "passed": 0,
                    "failed": 0,
                    "no_show": 0,
                    "cancelled": 0,
                },
            )
            # The calendar: what it needs of the places of a month.
            shown = ("start_at", "stop_at", "trainer_id", "commercial_partner_id")
            [place] = trainings.search_read(
                [
                    ("start_at", "<=", self.start + timedelta(days=10)),
                    ("stop_at", ">=", self.start),
                    ("id", "in", places.ids),
                ],
                [*shown, "pbx_id", "state", "display_name"],
            )
            self.assertEqual(place["start_at"], self.start)
            self.assertIn("Anna de Vries", place["display_name"])
