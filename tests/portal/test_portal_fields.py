from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.nox_voip_service.models.base.nox_portal_fields import ALWAYS, READABLE

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestPortalFields(NoxVoipCommon):
    """What a portal user reads over RPC, and what of a ticket's page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.contract_plan)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")
        cls.ticket = cls._ticket(cls.pbx, estimated_minutes=90)

    def test_customers_read_what_is_listed(self):
        """Of each model that a portal user reaches, ours are listed or refused."""
        reached = {
            access.model_id.model
            for access in self.env["ir.model.access"].search(
                [
                    ("group_id", "=", self.env.ref("base.group_portal").id),
                    ("perm_read", "=", True),
                    ("model_id.model", "=like", "nox.%"),
                ]
            )
        }
        for model in {"helpdesk.ticket", *reached} - {"nox.invoice.dispute"}:
            names = READABLE[model]
            self.assertLessEqual(names, self.env[model]._fields.keys())
            ours = {
                name
                for name, field in self.env[model]._fields.items()
                if field._modules == (self.test_module,)
            }
            shown = self._rpc(self.portal, model, "fields_get").keys() & ours
            with self.subTest(model=model):
                self.assertTrue(shown)
                self.assertLessEqual(shown, names | ALWAYS)

    def test_internal_fields_are_refused(self):
        records = {
            "helpdesk.ticket": self.ticket,
            "nox.pbx": self.pbx,
            "nox.pbx.plan": self.pbx.period_ids,
            "nox.service.plan": self.contract_plan,
            "nox.coverage.rule": self.contract_plan.rule_ids,
        }
        for model, name in (
            ("helpdesk.ticket", "estimated_minutes"),
            ("helpdesk.ticket", "held_minutes"),
            ("helpdesk.ticket", "decision_needed"),
            ("helpdesk.ticket", "override_ids"),
            ("helpdesk.ticket", "waiver_ids"),
            ("nox.pbx", "note"),
            ("nox.pbx", "certification_note"),
            ("nox.pbx.plan", "contract_line_id"),
            ("nox.service.plan", "audit_summary"),
            ("nox.coverage.rule", "override_count"),
        ):
            with self.subTest(model=model, field=name):
                self._rpc(self.manager, model, "read", records[model].ids, [name])
                with self.assertRaises(AccessError):
                    self._rpc(self.portal, model, "read", records[model].ids, [name])
                if self.env[model]._fields[name].store:
                    with self.assertRaises(AccessError):
                        domain = [(name, "!=", False)]
                        self._rpc(self.portal, model, "search", domain)

    def test_fields_of_what_we_extend_are_ours_alone(self):
        """Also where everybody reads the record itself: company, product, kind."""
        shown = []
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            for user in (self.portal, self.env.ref("base.public_user")):
                env_model = self.env[name].with_user(user)
                for field in model._fields.values():
                    if (
                        field._modules == (self.test_module,)
                        and field.name not in READABLE.get(name, ())
                        and field.name not in ALWAYS
                        and env_model._has_field_access(field, "read")
                    ):
                        shown.append(str(field))
        self.assertEqual(shown, [])
        for model, record, name in (
            ("account.move", self._posted_invoice(), "service_rebill"),
            ("res.company", self.company, "service_invoice_mode"),
            ("sale.order", self.ticket.quote_id, "service_content_hash"),
        ):
            for method, args in (
                ("read", (record.ids, [name])),
                ("search", ([(name, "ilike", "o")],)),
                ("search", ([], 0, 1, name)),
                ("formatted_read_group", ([], [name], ["__count"])),
            ):
                with self.subTest(model=model, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(self.portal, model, method, *args)

    def _posted_invoice(self):
        ticket = self._ticket(self._pbx(self.standard, name="Two"))
        self._log(ticket, 20)
        return self._invoice(ticket)

    def test_notes_are_not_guessed_letter_by_letter(self):
        """Odoo searches the messages of a record without asking who may read them."""
        quoted = self._ticket(self._pbx(name="Three"), estimated_minutes=90)
        records = {
            "helpdesk.ticket": self.ticket,
            "nox.pbx": self.pbx,
            "nox.admin.training": self._certified(self.pbx, "Anna de Vries"),
            "sale.order": self._send(quoted),
            "account.move": self._posted_invoice(),
        }
        for model, record in records.items():
            record.message_post(body="They pay late", subtype_xmlid="mail.mt_note")
            record.message_post(body="Hello", subtype_xmlid="mail.mt_comment")
            self.assertTrue(record.with_user(self.portal).has_access("read"))
            for path in ("message_ids", "website_message_ids"):
                for domain in (
                    [(f"{path}.body", "ilike", "They")],
                    [(path, "any", [("body", "ilike", "They")])],
                    [(path, "ilike", "They")],
                ):
                    with self.subTest(model=model, domain=domain):
                        with self.assertRaises(AccessError):
                            self._rpc(self.portal, model, "search", domain)
        for model, domain in (
            ("nox.pbx", [("ticket_ids.message_ids.body", "ilike", "They")]),
            ("nox.pbx.seat", [("pbx_id.message_ids.body", "ilike", "They")]),
            ("helpdesk.ticket", [("activity_ids.summary", "ilike", "They")]),
            ("helpdesk.ticket", [("message_follower_ids.partner_id", "!=", False)]),
        ):
            with self.subTest(model=model, domain=domain):
                with self.assertRaises(AccessError):
                    self._rpc(self.portal, model, "search", domain)
        found = self._rpc(
            self.technician,
            "helpdesk.ticket",
            "search",
            [("message_ids.body", "ilike", "They")],
        )
        self.assertEqual(found, self.ticket.ids)

    def test_follower_of_another_company_reads_nothing(self):
        stranger = self._portal_user(self._customer("Other"), "nox_stranger")
        self.ticket.message_subscribe(stranger.partner_id.ids)
        found = self.env["helpdesk.ticket"].with_user(stranger)
        self.assertFalse(found.search([("id", "=", self.ticket.id)]))
        self.assertFalse(self.ticket.with_user(stranger).has_access("read"))
        self.assertTrue(self.ticket.with_user(self.portal).has_access("read"))

    def test_money_is_for_the_customers_own_people(self):
        ticket = self._ticket(self._pbx(self.standard, name="Two"))
        ticket.estimated_minutes = 90
        self._send(ticket)
        stranger = self._portal_user(self._customer("Other"), "nox_stranger")
        for user, sees in (
            (self.portal, True),
            (self.technician, True),
            (stranger, False),
            (self.env.ref("base.public_user"), False),
        ):
            values = ticket.with_user(user)._portal_service_values()
            with self.subTest(user=user.login):
                self.assertTrue(values["reason"])
                self.assertEqual(bool(values["quote_url"]), sees)
                self.assertEqual(bool(values["documents"]), sees)

    def test_files_of_internal_notes_stay_internal(self):
        def attachment(name):
            return self.env["ir.attachment"].create({"name": name, "raw": b"x"}).id

        for name, subtype in (("answer", "mail.mt_comment"), ("note", "mail.mt_note")):
            self.ticket.message_post(
                body=name, subtype_xmlid=subtype, attachment_ids=[attachment(name)]
            )
        own = self.env["ir.attachment"].with_user(self.portal).sudo()
        own.create(
            {
                "name": "sent",
                "raw": b"x",
                "res_model": "helpdesk.ticket",
                "res_id": self.ticket.id,
            }
        )
        shown = self.ticket.with_user(self.portal)._portal_attachments()
        self.assertEqual(set(shown.mapped("name")), {"answer", "sent"})

    def test_worked_time_is_shown_when_the_setting_says(self):
        ticket = self._ticket(self._pbx(self.standard, name="Two"))
        self._log(ticket, 38)
        seen = ticket.with_user(self.portal)
        self.assertFalse(seen._portal_service_values()["worked"])
        self._finish(ticket)
        self.assertIn(
            "38 minutes worked, counts as 3 × 15",
            seen._portal_service_values()["worked"],
        )

        def announced():
            """What the next invoice says of this work."""
            lines = ticket.pbx_id._portal_next_invoice()["lines"]
            return [line["text"] for line in lines]

        self.assertIn("38 minutes worked", announced()[0])
        self.company.service_portal_time = "invoiced"
        self.assertFalse(seen._portal_service_values()["worked"])
        self.assertEqual(announced(), [""])
        self._invoice(ticket)
        self.assertIn("38 minutes", seen._portal_service_values()["worked"])
        documents = seen._portal_service_values()["documents"]
        self.assertIn("Invoice", documents[0][0])
