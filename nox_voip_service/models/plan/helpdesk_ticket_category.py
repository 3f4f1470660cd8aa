from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ...policy import suggest
from ..base.facts import CHANGE_SCOPES, FACTS, WORK_LOCATIONS, YES_NO

SEAT_CHANGES = [
    ("add", "A user is added"),
    ("replace", "A user is replaced"),
    ("remove", "A user leaves"),
]
# What a kind tells about every request of it.
KNOWN_FACTS = [fact.default for fact in FACTS.values() if fact.default]


class HelpdeskTicketCategory(models.Model):
    """A kind of change, as the customer names it. It brings the facts that its
    name already tells, so that nobody has to fill them in again."""

    _inherit = "helpdesk.ticket.category"

    change_scope = fields.Selection(
        CHANGE_SCOPES,
        string="Kind of work",
        help="What the service plans look at. Empty: the ticket stays undecided.",
    )
    default_work_location = fields.Selection(WORK_LOCATIONS)
    default_replaces_user = fields.Selection(YES_NO, string="Replaces a user")
    default_warranty = fields.Selection(YES_NO, string="Under warranty")
    seat_change = fields.Selection(
        SEAT_CHANGES,
        string="Change of users",
        help="What a finished ticket of this kind changes in the users of the PBX. Of"
        " adding and replacing, the answer to 'Replaces a user' decides.",
    )
    usual_minutes = fields.Integer(
        help="What a job of this kind usually takes, in minutes."
    )
    example = fields.Text(
        translate=True, help="Examples that help the customer to choose."
    )

    _usual_minutes_not_negative = models.Constraint(
        "CHECK (usual_minutes >= 0)", "The usual minutes cannot be negative."
    )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & set(KNOWN_FACTS):
            self.env.registry.clear_cache()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """A verdict rests on the kind of change. In sudo, to see the tickets of every
        company; the kinds below it would go along."""
        count = (
            self.env["helpdesk.ticket"]
            .sudo()
            .with_context(active_test=False)
            .search_count([("category_id", "child_of", self.ids)])
        )
        if count:
            raise UserError(
                self.env._(
                    "%(count)s tickets are of kind %(kinds)s. Archive it instead of"
                    " deleting it: it is no longer offered, and the tickets keep their"
                    " verdict.",
                    count=count,
                    kinds=", ".join(self.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @tools.ormcache("self.id")
    def _known_facts(self):
        """``{field: value}`` of what the name of this kind already tells.

        Cached in the registry because every new ticket asks for it and it hardly
        ever changes.
        """
        category = self.sudo()
        return {name: category[name] for name in KNOWN_FACTS}

    def _policy_kinds(self):
        """These kinds as the policy wants them, in every installed language: a mail
        comes in the customer's."""
        translated = [
            self.with_context(lang=code)
            for code, _name in self.env["res.lang"].get_installed()
        ]
        return [
            suggest.Kind(
                category.id,
                tuple(each.name or "" for each in versions),
                tuple(each.example or "" for each in versions),
            )
            for category, *versions in zip(self, *translated, strict=True)
        ]
