import re
from datetime import date

from odoo import api, fields, models

from ..base.in_force import in_force_domain

# What the form asks of a kind of change beside the facts of the verdict.
BY_SEAT_CHANGE = {
    "remove": ("leaver", "day"),
    "replace": ("leaver", "newcomer", "day"),
    "add": ("newcomer", "day"),
}
# Texts that the form sends for them, with the most that each may have.
DETAILS = {
    "phone": 40,
    "urgency": 1,
    "leaver": 10,
    "newcomer_name": 100,
    "newcomer_extension": 20,
    "day": 10,
}
PHONE = re.compile(r"\+?[\d ()./-]{6,40}")


class HelpdeskTicket(models.Model):
    """What helps us to do a request at once: whom to call and how urgent a fault is;
    who leaves, who comes, and from which day."""

    _inherit = "helpdesk.ticket"

    callback_phone = fields.Char(
        string="Call back on", copy=False, help="The number that the customer gave."
    )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _portal_asks_for(self, category):
        """What the form asks of this kind: ``["leaver", "day"]``."""
        if category.change_scope == "fault":
            return ["fault"]
        return list(BY_SEAT_CHANGE.get(category.seat_change, ()))

    @api.model
    def _portal_urgencies(self):
        """``[(priority, label)]`` of a fault, as a customer says it."""
        return [
            ("3", self.env._("Nobody can call or be called")),
            ("2", self.env._("Some of us cannot work")),
            ("1", self.env._("We can work, but it is not right")),
        ]

    @api.model
    def _portal_read_details(self, texts, pbx, category):
        """``(values, {field: sentence})`` of what a browser sent for this kind of
        change; what the kind does not ask for counts for nothing.

        :param texts: ``{name: text}`` by the names of DETAILS
        """
        asked = self._portal_asks_for(category)
        vals, errors = {}, {}
        too_long = [name for name, most in DETAILS.items() if len(texts[name]) > most]
        if "fault" in asked:
            vals["callback_phone"] = texts["phone"]
            if texts["phone"] and not PHONE.fullmatch(texts["phone"]):
                errors["phone"] = self.env._(
                    "This is no telephone number: %(phone)s", phone=texts["phone"]
                )
            if texts["urgency"] in dict(self._portal_urgencies()):
                vals["priority"] = texts["urgency"]
        if "leaver" in asked:
            seat = self._portal_leaver(texts["leaver"], pbx)
            vals["seat_leaver_id"] = seat.id
            if texts["leaver"] and not seat:
                errors["leaver"] = self.env._("Choose a user of this telephone system.")
        if "newcomer" in asked:
            vals["seat_name"] = texts["newcomer_name"]
            vals["seat_extension"] = texts["newcomer_extension"]
        if "day" in asked and texts["day"]:
            try:
                vals["seat_day"] = date.fromisoformat(texts["day"])
            except ValueError:
                errors["day"] = self.env._("This is no date: %(day)s", day=texts["day"])
        for name in too_long:
            errors[name] = self.env._(
                "This text is too long: at most %(length)s characters.",
                length=DETAILS[name],
            )
        return vals, errors

    @api.model
    def _portal_leaver(self, seat_id, pbx):
        """The user of this PBX with this id, who has not left; none for any other."""
        seats = self._portal_seats(pbx)
        return seats.filtered(lambda seat: str(seat.id) == seat_id)

    @api.model
    def _portal_seats(self, pbxs):
        """The users that somebody can report as leaving."""
        Seat = self.env["nox.pbx.seat"].sudo()
        if not pbxs:
            return Seat
        today = pbxs[:1].sudo().company_id._service_today()
        return Seat.search(
            [("pbx_id", "in", pbxs.ids), *in_force_domain(today)],
            order="pbx_id, extension, id",
        )

    @api.model
    def _portal_user_report(self, about, seat):
        """``(xmlid of the kind, title)`` of what is reported from the list of users."""
        name = seat and f"{seat.name} ({seat.extension})" or ""
        return {
            "leaves": (
                "nox_voip_service.category_remove_user",
                self.env._("%(user)s leaves", user=name),
            ),
            "replaced": (
                "nox_voip_service.category_replace_user",
                self.env._("%(user)s is replaced", user=name),
            ),
            "new": ("nox_voip_service.category_add_user", self.env._("A new user")),
        }.get(about, ("", ""))
