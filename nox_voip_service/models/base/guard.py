import functools
import math
from collections.abc import Mapping

from odoo import api, models, tools
from odoo.exceptions import AccessError, ValidationError

from .nox_portal_fields import ALWAYS, OURS, READABLE

# Odoo searches these without asking who may read the messages, so that a customer
# could guess internal notes letter by letter.
MESSAGES = {"message_ids", "website_message_ids"}
BY_CODE = object()
NUMBERS = ("integer", "float", "monetary")
# Above it a cent gets lost in an amount; above the other a whole number has no place.
MOST, MOST_WHOLE = 10**13, 2**31 - 1


def by_code(records):
    """The same records, for code of ours that fills in what only code fills in, with
    the rights of the user.

    Nobody makes this context from outside: its value is no text or number that a
    request could carry. Values that a caller gave are never written with it.
    """
    return records.with_context(nox_by_code=BY_CODE)


def is_number(value, kind):
    """Whether a field of this kind can keep a value and add it up.

    >>> [is_number(value, "float") for value in ("1.5", float("nan"), 1e308, "1,5")]
    [True, False, False, False]
    """
    try:
        number = int(value) if kind == "integer" else float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    most = MOST_WHOLE if kind == "integer" else MOST
    return math.isfinite(number) and abs(number) <= most


def for_readers(action):
    """A button is for who may read the records on which it is pressed.

    Any log-in can call it over RPC with any ids. What it says of the records, its
    refusals included, is for people who may know them::

        @for_readers
        def action_view_tickets(self):
    """

    @functools.wraps(action)
    def checked(self, *args, **kwargs):
        # Odoo presses buttons on no records at all for people without any access.
        if self:
            self.check_access("read")
        return action(self, *args, **kwargs)

    return checked


class NoxGuarded(models.AbstractModel):
    """Stands in front of every slice of a model, and asks four things before a rule
    of ours speaks: may the user do this at all (Odoo checks access in the innermost
    `write`; a rule that refuses before it would name the records of others), are
    these values, does code alone fill in these fields, may a customer read them.

    A field of ours that follows from code says ``readonly=True``, as computed and
    related fields do: over RPC, in an import, in the default of a context and in the
    rows of another record it is refused, whatever a screen shows. Code of ours writes
    it in sudo, or by `by_code`. In a dialog it is only shown.
    """

    _name = "nox.guarded"
    _description = "Access before Rules"

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        self._check_are_values(vals_list)
        self._check_are_numbers(vals_list)
        self._check_not_kept({name for vals in vals_list for name in vals})
        self._check_not_kept(self._names_of_defaults())
        # What our slices add does not come back as the caller's own when Odoo repeats
        # the request because somebody else was writing.
        return super().create([dict(vals) for vals in vals_list])

    def write(self, vals):
        # As in Odoo, anybody may change nothing.
        if self:
            self.check_access("write")
        self._check_are_values([vals])
        self._check_are_numbers([vals])
        self._check_not_kept(vals)
        return super().write(dict(vals))

    def onchange(self, values, field_names, fields_spec):
        self._check_are_values([values])
        self._check_are_numbers([values])
        return super().onchange(values, field_names, fields_spec)

    def unlink(self):
        if self:
            self.check_access("unlink")
        return super().unlink()

    @api.model
    def _check_are_values(self, vals_list):
        """Values are a mapping of field names, whatever a caller sends instead."""
        if not (
            isinstance(vals_list, list | tuple)
            and all(isinstance(vals, Mapping) for vals in vals_list)
        ):
            raise ValidationError(
                self.env._("Values are given as names of fields with their values.")
            )

    @api.model
    def _check_are_numbers(self, vals_list):
        """A number is one that can be kept and added up: Odoo stores what is none, and
        leaves what is too big to the database, which has no sentence for it."""
        for vals in vals_list:
            for name, value in vals.items():
                kind = name in self._fields and self._fields[name].type
                if kind in NUMBERS and value and not is_number(value, kind):
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(value)s is no number that can be kept.",
                            field=self._fields[name]._description_string(self.env),
                            value=str(value)[:20],
                        )
                    )

    def copy_data(self, default=None):
        """A copy leaves out what code alone fills in: results of the original."""
        vals_list = super().copy_data(default)
        if self._is_kept_by_code():
            for vals in vals_list:
                for name in [name for name in vals if self._is_kept(name)]:
                    del vals[name]
        return vals_list

    # ------------------------------------------------------------------
    # WHAT CODE ALONE FILLS IN
    # ------------------------------------------------------------------

    @api.model
    def _is_kept_by_code(self):
        return not (
            self.env.su
            or self._transient
            or self.env.context.get("nox_by_code") is BY_CODE
        )

    @api.model
    def _is_kept(self, name):
        """Whether a field of ours is filled in by code alone."""
        field = self._fields.get(name)
        return bool(field and field.readonly and field._modules[:1] == OURS)

    @api.model
    def _names_of_defaults(self):
        """Fields to which the context would give a value. Related ones are left out:
        a default has no way through them, and ``default_partner_id`` is given for
        another record than this one."""
        return [
            name
            for key in self.env.context
            if key.startswith("default_")
            and (field := self._fields.get(name := key.removeprefix("default_")))
            and not field.related
        ]

    @api.model
    def _check_not_kept(self, names):
        """Refuse values for what code alone fills in.

        :param names: of the fields that would get a value
        """
        if not self._is_kept_by_code():
            return
        kept = [name for name in names if self._is_kept(name)]
        if kept:
            raise AccessError(
                self.env._(
                    "%(fields)s cannot be filled in by hand: the system keeps it.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in kept
                    ),
                )
            )

    # ------------------------------------------------------------------
    # WHAT CUSTOMERS READ
    # ------------------------------------------------------------------

    def _has_field_access(self, field, operation):
        # Odoo asks this of every field of every read. What it grants to everybody, as
        # we do, is not asked of each slice of the model first.
        ours = field._modules == OURS
        if self.env.su or not (ours or field.groups or field.name in MESSAGES):
            return True
        return super()._has_field_access(field, operation) and (
            (
                field.name in ALWAYS or field.name in READABLE.get(self._name, ())
                if ours
                else field.name not in MESSAGES
            )
            or self._is_read_by_staff()
        )

    @api.model
    @tools.ormcache("self.env.uid")
    def _is_read_by_staff(self):
        """Cached as Odoo caches the groups of a user, and cleared with them."""
        return self.env.user._is_internal()
