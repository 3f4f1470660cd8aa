from odoo.exceptions import AccessError


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
