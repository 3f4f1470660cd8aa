from odoo import fields, models


class ResCompany(models.Model):
    """How long before a change its customers are told, and what proves that."""

    _inherit = "res.company"

    service_notice_days = fields.Integer(
        string="Notice of a change (days)",
        default=31,
        required=True,
        help="Days between the letter about a change and the day in force; 31 are a"
        " month, whichever it is.",
    )
    service_notice_proof = fields.Selection(
        [
            ("sent", "It was sent and did not come back"),
            ("opened", "It was opened"),
        ],
        string="What proves that a mail arrived",
        default="sent",
        required=True,
    )
    service_notice_ending = fields.Text(
        string="Right to end",
        translate=True,
        help="What a letter says about ending the contract; {date} becomes the last"
        " day before the change. Empty: our own sentence.",
    )

    _notice_days_not_negative = models.Constraint(
        "CHECK (service_notice_days >= 0)",
        "The days of notice cannot be negative.",
    )
