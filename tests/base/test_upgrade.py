from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..common import MODULE, NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestUpgrade(NoxVoipCommon):
    """What an update makes of records that an older version left."""

    def _migrate(self, version, script, since="19.0.1.0.0"):
        """Run one script as Odoo does."""
        path = Path(file_path(f"{MODULE}/migrations/{version}/{script}.py"))
        spec = spec_from_file_location(path.stem, path)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        self.env.flush_all()
        self.env.invalidate_all()
        module.migrate(self.env.cr, since)
        self.env.invalidate_all()

    def test_old_quotes_keep_what_was_released_before_them(self):
        ticket = self._ticket(self._pbx(self.standard))
        self._log(ticket, 16)
        ticket.estimated_minutes = 45
        ticket.with_user(self.coordinator).action_create_quote()
        self._approve(ticket)
        # As the older version left it: no cap, and time that it released as well.
        ticket.write(
            {
                "is_release_capped": False,
                "is_release_promised": False,
                "release_cap": 0,
                "release_cap_blocks": 0,
                "release_last_entry": 0,
            }
        )
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = create_date + interval '1 minute'"
            " WHERE id = %s",
            [ticket.quote_id.id],
        )
        late = self._log(ticket, 5)
        self.env.cr.execute(
            "UPDATE account_analytic_line SET create_date = create_date"
            " + interval '2 minutes' WHERE id = %s",
            late.ids,
        )
        self.assertState(ticket, released_minutes=21)
        # In the archive, where the older version let it go.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET active = false WHERE id = %s", ticket.ids
        )
        self._migrate("19.0.1.1.0", "post-release_cap")
        self.assertState(
            ticket,
            released_minutes=16,
            release_cap_blocks=2,
            is_release_promised=True,
            limit_blocks=3,
        )

    def test_quote_mails_that_nobody_edited_say_the_plain_words(self):
        ours, edited = (
            self.env.ref(f"{MODULE}.mail_template_service_quote{name}")
            for name in ("", "_reminder")
        )
        (ours | edited).body_html = "<p>Old text</p>"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET write_uid = %s WHERE id = %s",
            [self.manager.id, edited.id],
        )
        self._migrate("19.0.1.2.0", "post-mail_templates", since="19.0.1.1.0")
        self.assertIn("_quote_words", ours.body_html)
        self.assertIn("Old text", edited.body_html)

    def test_subjects_are_masked_whose_file_moved_since(self):
        template = self.env.ref(f"{MODULE}.mail_template_request_received")
        template.write(
            {
                "subject": "{{ object.name }}",
                "template_fs": "nox_voip_service/data/mail_template_data.xml",
            }
        )
        self._migrate("19.0.1.2.0", "post-mail_templates", since="19.0.1.1.0")
        self.assertIn("_masked_name", template.subject)

    def test_old_requests_belong_to_the_customer_of_their_pbx(self):
        ticket = self._ticket(self._pbx(self.standard))
        other = self._customer("Former employer")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET commercial_partner_id = %s WHERE id = %s",
            [other.id, ticket.id],
        )
        self._migrate("19.0.1.1.0", "post-ticket_customer")
        self.assertEqual(ticket.commercial_partner_id, self.customer)

    def test_old_contacts_speak_a_language_that_is_on(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET lang = 'fr_BE' WHERE id = %s", self.customer.ids
        )
        self._migrate("19.0.1.1.0", "post-language")
        self.assertIn(self.customer.lang, dict(self.env["res.lang"].get_installed()))

    def test_plans_get_the_products_that_companies_share(self):
        self.contract_plan.write(
            {"shared_time_product_id": False, "shared_seat_product_id": False}
        )
        chosen = self.block_product.copy()
        self.standard.shared_time_product_id = chosen
        self._migrate("19.0.1.2.0", "post-shared_products", since="19.0.1.1.0")
        self.assertEqual(self.contract_plan.shared_time_product_id, self.block_product)
        self.assertEqual(
            self.contract_plan.shared_seat_product_id,
            self.env.ref(f"{MODULE}.product_seat"),
        )
        self.assertEqual(self.standard.shared_time_product_id, chosen)
