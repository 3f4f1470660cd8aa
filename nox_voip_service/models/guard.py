import functools
from collections.abc import Mapping

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError


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
    """Stands in front of every slice of a model, so that access is checked and the
    values can be read before a rule of ours speaks of them.

    Odoo checks access in the innermost `write`. A rule that refuses before it does
    would name the records of others in its refusal.
    """

    _name = "nox.guarded"
    _description = "Access before Rules"

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        self._check_are_values(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        # As in Odoo, anybody may change nothing.
        if self:
            self.check_access("write")
        self._check_are_values([vals])
        return super().write(vals)

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


def refuse_readonly(records, vals):
    """Refuse values for the read-only fields of this addon.

    The web client does not send them, but an RPC call or an import could: minutes
    released, blocks approved, what an approval is bound to. They follow from other
    records, and only our own code writes them, in sudo.

    :param records: what is written, or the empty model on create
    :param vals: values, or the names of the fields that would get one
    """
    if records.env.su:
        return
    refused = [
        field
        for name in vals
        if (field := records._fields.get(name))
        and field.readonly
        and field._module == "nox_voip_service"
    ]
    if refused:
        raise AccessError(
            records.env._(
                "%(fields)s cannot be filled in by hand: the system keeps it.",
                fields=", ".join(
                    field._description_string(records.env) for field in refused
                ),
            )
        )


def refuse_readonly_on_create(model, vals_list):
    """The same for new records, defaults from the context included."""
    names = {name for vals in vals_list for name in vals}
    names.update(
        key.removeprefix("default_")
        for key in model.env.context
        if key.startswith("default_")
    )
    refuse_readonly(model, names)
