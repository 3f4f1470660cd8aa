from odoo import SUPERUSER_ID, api

TEMPLATES = (
    "mail_template_service_quote",
    "mail_template_service_quote_reminder",
)


def migrate(cr, version):
    """The mails of a quote say the sentences of its page and its PDF; a template that
    a company edited stays its own."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in TEMPLATES:
        template = env.ref(f"nox_voip_service.{name}", raise_if_not_found=False)
        if template and template.write_uid.id == SUPERUSER_ID:
            template.reset_template()
