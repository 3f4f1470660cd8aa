from odoo import api, models

# Values of the header Precedence that no person writes.
MACHINE_PRECEDENCE = {"bulk", "junk", "list", "auto_reply"}
MACHINE_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "List-Id",
    "List-Unsubscribe",
)


class MailThread(models.AbstractModel):
    """A ticket that a machine's mail makes is marked, so that no machine of ours
    answers it."""

    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        routes = super().message_route(
            message,
            message_dict,
            model=model,
            thread_id=thread_id,
            custom_values=custom_values,
        )
        if not _is_by_machine(message):
            return routes
        return [
            (model, thread, dict(values or {}, is_by_machine=True), *others)
            if model == "helpdesk.ticket" and not thread
            else (model, thread, values, *others)
            for model, thread, values, *others in routes
        ]


def _is_by_machine(message):
    """Whether headers say that no person sent this mail (RFC 3834 and customs)."""
    submitted = str(message.get("Auto-Submitted") or "no").strip().lower()
    precedence = str(message.get("Precedence") or "").strip().lower()
    return (
        submitted != "no"
        or precedence in MACHINE_PRECEDENCE
        or any(message.get(header) for header in MACHINE_HEADERS)
    )
