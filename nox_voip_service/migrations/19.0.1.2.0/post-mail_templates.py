from odoo import SUPERUSER_ID, api

from odoo.addons.nox_voip_service.models.base.mail_templates import reset_unedited

TEMPLATES = (
    "mail_template_service_quote",
    "mail_template_service_quote_reminder",
    "mail_template_request_received",
    "mail_template_request_sent",
    "mail_template_request_closed",
)


def migrate(cr, version):
    """The mails of a quote say the sentences of its page and its PDF, and subjects
    repeat a request without its secrets; a template that a company edited stays its
    own."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    reset_unedited(env, TEMPLATES)
