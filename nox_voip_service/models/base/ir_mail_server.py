from odoo import models

from ...policy.mail_text import one_line


class IrMailServer(models.Model):
    """A name with a line break, as spreadsheets and web pages have them, stands in the
    head of a mail as one line: else Python refuses the mail, and nobody gets it."""

    _inherit = "ir.mail_server"

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    def _build_email__(self, email_from, email_to, subject, body, *args, **options):
        email_from, email_to, subject = map(_in_head, (email_from, email_to, subject))
        for name in {"email_cc", "email_bcc", "reply_to", "headers"} & {*options}:
            options[name] = _in_head(options[name])
        if options.get("attachments"):
            options["attachments"] = [
                (_in_head(name), *others) for name, *others in options["attachments"]
            ]
        return super()._build_email__(
            email_from, email_to, subject, body, *args, **options
        )


def _in_head(value):
    """A value, each of a list, or each of a dictionary, as one line."""
    if isinstance(value, list | tuple):
        return [_in_head(each) for each in value]
    if isinstance(value, dict):
        return {name: _in_head(each) for name, each in value.items()}
    return one_line(value) if isinstance(value, str) else value
