from odoo import SUPERUSER_ID, api

from odoo.addons.nox_voip_service.models.base.mail_templates import reset_unedited

TEMPLATES = (
    "mail_template_service_quote",
    "mail_template_service_quote_reminder",
)

CLOSED_STAGES = ("done", "cancelled", "rejected")


def migrate(cr, version):
    """Templates that nobody edited get their new text, receivers and language; what a
    company made of one stays its own."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    reset_unedited(env, TEMPLATES)
    # The base's mail at the end of a request greets the technician.
    of_base = env.ref("helpdesk_mgmt.closed_ticket_template", raise_if_not_found=False)
    for name in CLOSED_STAGES:
        stage = env.ref(
            f"helpdesk_mgmt.helpdesk_ticket_stage_{name}", raise_if_not_found=False
        )
        if stage and of_base and stage.mail_template_id == of_base:
            stage.mail_template_id = env.ref(
                "nox_voip_service.mail_template_request_closed"
            )
