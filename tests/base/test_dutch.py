"""Whoever works in Dutch reads Dutch, also where the text belongs to the base."""

from lxml import etree

from odoo.tests import tagged

from ..common import NoxVoipCommon

# The same in both languages: these words, and what has no letters beside them.
SAME_IN_DUTCH = {
    "Code",
    "Contact",
    "Dashboard",
    "Email",
    "Email cc",
    "Helpdesk",
    "Hosted PBX",
    "ID",
    "No-show",
    "Open",
    "Order",
    "PBX",
    "Percentage",
    "Plan",
    "Project",
    "Record Thread ID",  # so in Odoo's own Dutch
    "Run",
    "Status",
    "Team",
    "Teams",
    "Ticket",
    "Tickets",
    "Trainer",
    "Training",
    "Type",
    "Web",
    "alias",
    "d",  # days
    "tickets",
}
TEXTS = ("string", "title", "placeholder", "help", "confirm", "aria-label")
MODELS = ("helpdesk.", "nox.")


@tagged("standard", "post_install", "-at_install")
class TestDutch(NoxVoipCommon):
    """English and Dutch beside each other: a text that is the same in both has no
    Dutch, unless it is one of a few words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.app = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_main_menu")
        cls.roles = cls.technician, cls.coordinator, cls.accountant, cls.manager

    def _assert_dutch(self, texts):
        """``texts`` gives {place: text} for a language."""
        english, dutch = texts("en_US"), texts("nl_NL")
        same = {
            place: text.strip()
            for place, text in english.items()
            if dutch.get(place) == text
            and text.strip() not in SAME_IN_DUTCH
            and any(char.isalpha() for char in text)
        }
        self.assertTrue(english)
        self.assertEqual(same, {})

    def _menus(self, user, lang):
        menus = self.env["ir.ui.menu"].with_user(user).with_context(lang=lang)
        return menus.browse(menus._visible_menu_ids()).filtered(
            lambda menu: menu.parent_path.startswith(self.app.parent_path)
        )

    def _actions(self, user):
        """The window actions behind the menus of the app, on our models and OCA's."""
        menus = self._menus(user, "en_US").sudo()
        actions = [menu.action for menu in menus]
        return [
            action
            for action in actions
            if action
            and action._name == "ir.actions.act_window"
            and action.res_model.startswith(MODELS)
        ]

    def _of_views(self, user, action, lang):
        """Every text in the views of an action, and of the fields in them."""
        records = self.env[action.res_model].with_user(user).with_context(lang=lang)
        answer = records.get_views([*action.views, (False, "search")])
        found = {}
        for kind, view in answer["views"].items():
            for number, node in enumerate(etree.fromstring(view["arch"]).iter()):
                found.update({(kind, number, key): node.get(key) for key in TEXTS})
                found[kind, number, "text"] = node.text
                found[kind, number, "tail"] = node.tail
            if kind in ("search", "pivot"):
                # Never shown; without one of its own it is the model's name in code.
                found.pop((kind, 0, "string"), None)
        for model, facts in answer["models"].items():
            for name, field in facts["fields"].items():
                if model.startswith(MODELS):
                    found[model, name, "label"] = field.get("string")
                    found[model, name, "help"] = field.get("help")
                    for key, label in field.get("selection") or []:
                        found[model, name, key] = label
        return {place: text for place, text in found.items() if text}

    def test_menus_are_dutch_for_the_dutch(self):
        for user in self.roles:
            with self.subTest(user=user.name):
                self._assert_dutch(
                    lambda lang, user=user: {
                        menu.id: menu.name for menu in self._menus(user, lang)
                    }
                )

    def test_forms_lists_boards_and_filters_are_dutch_for_the_dutch(self):
        for user in (self.accountant, self.manager):  # They see what others see.
            actions = {
                (action.res_model, str(action.views)): action
                for action in self._actions(user)
            }
            self.assertGreaterEqual(len(actions), 10)
            for action in actions.values():
                with self.subTest(user=user.name, action=action.xml_id):
                    self._assert_dutch(
                        lambda lang, user=user, action=action: self._of_views(
                            user, action, lang
                        )
                    )

    def test_actions_stages_channels_and_mails_are_dutch_for_the_dutch(self):
        records = [action for user in self.roles for action in self._actions(user)]
        for model in ("helpdesk.ticket.channel", "helpdesk.ticket.stage"):
            shipped = self.env[model].search([]).get_external_id()
            records += [
                self.env[model].browse(key)
                for key, xmlid in shipped.items()
                if xmlid.startswith("helpdesk_mgmt.")
            ]
        for record in records:
            self._assert_dutch(
                lambda lang, record=record: {
                    record: record.with_context(lang=lang).display_name
                }
            )
        templates = self.env["mail.template"].search(
            [("model", "=", "helpdesk.ticket")]
        )
        for template in templates:
            self._assert_dutch(
                lambda lang, template=template: {
                    template: template.with_context(lang=lang).body_html
                }
            )
