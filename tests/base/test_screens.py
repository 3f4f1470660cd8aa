from lxml import etree

from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import NoxVoipCommon

# Menus that the people of this addon use every day, by the module of their action.
MODULES = (
    "nox_voip_service",
    "helpdesk_mgmt",
    "sale",
    "contract",
    "hr_timesheet",
)
# Views that draw records the web client reads in one call.
READ_IN_ONE_CALL = ("list", "kanban", "form")


@tagged("standard", "post_install", "-at_install")
class TestScreens(NoxVoipCommon):
    """Whoever sees a menu can open what it lists: a right that is missing behind a
    field of Odoo or OCA shows on Monday morning, not in a unit test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.contract_plan)
        cls._sell(cls.pbx, users=2)
        contract = cls.pbx.period_ids.contract_line_id.contract_id[:1]
        contract.tag_ids = [
            Command.create({"name": "Telephony", "company_id": cls.company.id})
        ]
        standard = cls._pbx(cls.standard, name="Standard PBX")
        cls.waiting = cls._over_the_hour(standard)
        cls._send(cls.waiting)
        finished = cls._ticket(standard)
        cls._log(finished, 20)
        cls._invoice(finished)

    def _specification(self, model, arch):
        """What the web client asks for to draw a view."""
        wanted = {}
        for node in arch:
            field = (
                self.env[model]._fields.get(node.get("name"))
                if node.tag == "field"
                else None
            )
            if field is None:
                wanted.update(self._specification(model, node))
            elif field.type in ("one2many", "many2many"):
                lines = {}
                for view in node:
                    if view.tag in READ_IN_ONE_CALL:
                        lines.update(self._specification(field.comodel_name, view))
                wanted[field.name] = {"fields": lines or {"display_name": {}}}
            elif field.type == "many2one":
                wanted[field.name] = {"fields": {"display_name": {}}}
            else:
                wanted[field.name] = {}
        return wanted

    def _actions(self, user):
        """Window actions behind the menus that this user sees."""
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        actions = self.env["ir.actions.act_window"].browse(
            {
                menu["action_id"]
                for menu in menus.values()
                if menu.get("action_model") == "ir.actions.act_window"
            }
        )
        names = actions.get_external_id()
        return actions.filtered(
            lambda action: names[action.id].split(".")[0] in MODULES
        )

    def _open(self, action, user):
        """Read the records of an action through each of its views, as its user."""
        records = self.env[action.res_model].with_user(user)
        views = [view for view in action.views if view[1] in READ_IN_ONE_CALL]
        if "form" not in dict((kind, view) for view, kind in views):
            views.append((False, "form"))
        archs = records.get_views(views)["views"]
        domain = safe_eval(action.domain or "[]", {"uid": user.id})
        for kind, view in archs.items():
            arch = etree.fromstring(view["arch"])
            self.env.invalidate_all()
            with self.subTest(user=user.name, action=action.xml_id, view=kind):
                records.web_search_read(
                    domain, self._specification(action.res_model, arch), limit=20
                )

    def test_each_role_opens_what_its_menus_list(self):
        for user in (
            self.technician,
            self.coordinator,
            self.accountant,
            self.manager,
        ):
            actions = self._actions(user)
            self.assertGreaterEqual(len(actions), 8, user.name)
            for action in actions:
                self._open(action, user)

    def test_coordinator_opens_a_quote_that_waits(self):
        order = self.waiting.quote_id.with_user(self.coordinator)
        with Form(order) as form:
            self.assertEqual(form.state, "sent")
