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
