from odoo.tests import tagged

from .test_mail_request import MailRequestCase


@tagged("standard", "post_install", "-at_install")
class TestMailSenders(MailRequestCase):
    """Whose request a mail is, and who reads it afterwards."""

    def test_address_of_two_customers_is_nobodys(self):
        for customer in (self.customer, self.other):
            self._contact(customer, "Books", email="info@books.example")
        ticket = self._mail(sender="Books <INFO@books.example>")
        self.assertFalse(ticket.partner_id)
        self.assertTrue(ticket.is_unknown_sender)
        seen = ticket.with_user(self.stranger).search([("id", "=", ticket.id)])
        self.assertFalse(seen)

    def test_address_of_two_contacts_of_one_customer_is_known(self):
        for name in ("Books", "Desk"):
            self._contact(self.customer, name, email="info@books.example")
        ticket = self._mail(sender="info@books.example")
        self.assertEqual(ticket.commercial_partner_id, self.customer)

    def test_archived_contact_of_another_customer_does_not_count(self):
        self._contact(self.customer, "Books", email="info@books.example")
        self._contact(self.other, "Books", email="info@books.example", active=False)
        ticket = self._mail(sender="info@books.example")
        self.assertEqual(ticket.commercial_partner_id, self.customer)

    def test_reply_of_an_outsider_is_marked_and_makes_no_reader(self):
        ticket = self._mail()
        first = ticket.message_ids.sorted("id")[0].message_id
        followers = ticket.message_partner_ids
        for sender, name in (
            ("Boss <boss@other.example>", "Other"),
            ("nobody@elsewhere.example", "nobody@elsewhere.example"),
        ):
            with self.subTest(sender=sender):
                answer = self._mail(
                    sender=sender, subject="Re", body="Agreed.", reply_to=first
                )
                self.assertEqual(answer, ticket)
                self.assertEqual(ticket.partner_id, self.contact)
                self.assertEqual(ticket.message_partner_ids, followers)
                notes = ticket.message_ids.filtered("is_internal").mapped("body")
                note = "Not from this customer"
                self.assertTrue(
                    any(note in each and name in each for each in notes), notes
                )

    def test_reply_of_a_colleague_without_log_in_is_not_marked(self):
        colleague = self._contact(self.customer, "Carla", email="carla@bakery.example")
        ticket = self._mail()
        first = ticket.message_ids.sorted("id")[0].message_id
        self._mail(sender=colleague.email, subject="Re", reply_to=first)
        bodies = " ".join(map(str, ticket.message_ids.mapped("body")))
        self.assertNotIn("Not from this customer", bodies)
        self.assertEqual(ticket.partner_id, self.contact)

    def test_every_address_of_a_contact_is_his(self):
        """Two addresses in one field, and a tag behind a plus."""
        several = self._contact(
            self.customer, "Jan", email="jan@bakery.example; bob@bakery.example"
        )
        comma = self._contact(
            self.customer, "Kim", email="kim@bakery.example, lee@bakery.example"
        )
        tagged = self._contact(self.customer, "Zoe", email="zoe+pbx@bakery.example")
        for sender, person in (
            ("jan@bakery.example", several),
            ("Bob <BOB@bakery.example>", several),
            ("lee@bakery.example", comma),
            ("anna+nox@bakery.example", self.contact),
            ('"Anna <b>B</b>" <ANNA+nox@BAKERY.EXAMPLE>', self.contact),
            ("zoe@bakery.example", tagged),
            ("zoe+other@bakery.example", tagged),
            ("joanna@bakery.example", self.env["res.partner"]),
            ("anna@bakery.example.com", self.env["res.partner"]),
        ):
            with self.subTest(sender=sender):
                ticket = self._mail(sender=sender, subject=f"From {sender}")
                self.assertEqual(ticket.partner_id, person)
                self.assertEqual(ticket.is_unknown_sender, not person)
                self.assertEqual(ticket.pbx_id, self.pbx if person else ticket.pbx_id)
                bodies = " ".join(map(str, ticket.message_ids.mapped("body")))
                self.assertNotIn("Not from this customer", bodies)

    def test_second_address_of_two_customers_is_nobodys(self):
        self._contact(self.customer, "Jan", email="jan@a.example; desk@b.example")
        self._contact(self.other, "Desk", email="desk@b.example")
        ticket = self._mail(sender="desk@b.example")
        self.assertFalse(ticket.partner_id)
        seen = ticket.with_user(self.stranger).search([("id", "=", ticket.id)])
        self.assertFalse(seen)

    def test_own_address_goes_before_the_same_mailbox(self):
        self._contact(self.other, "Anna", email="anna+pbx@bakery.example")
        self.assertEqual(self._mail().partner_id, self.contact)

    def test_contact_of_another_company_does_not_count(self):
        company = self.env["res.company"].create({"name": "Sister"})
        # Made first, so that Odoo finds it first.
        self.contact.email = False
        other = self._contact(
            self.other, "Anna", email="anna@bakery.example", company_id=company.id
        )
        self.assertFalse(self._mail(subject="Whose?").partner_id)
        self.contact.email = other.email
        self.assertEqual(self._mail().partner_id, self.contact)

    def test_first_of_two_senders_asks(self):
        ticket = self._mail(sender="Anna <anna@bakery.example>, boss@other.example")
        self.assertEqual(ticket.partner_id, self.contact)
        self.assertNotIn(self.other, ticket.message_partner_ids)
