from odoo import fields, models
from odoo.tools import is_html_empty

MOST_REQUESTS = 10


class NoxCoverageDraftCustomer(models.Model):
    """A customer whom a draft touches: how many of the last year's requests, what they
    are worth, and whether he was told."""

    _name = "nox.coverage.draft.customer"
    _description = "Customer whom a Draft Touches"
    _order = "draft_id, amount desc, id"
    _rec_name = "partner_id"

    draft_id = fields.Many2one(
        "nox.coverage.draft",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="draft_id.state")
    is_running = fields.Boolean(
        string="Has the plan",
        readonly=True,
        help="A PBX of this customer runs on the plan; only such customers are told.",
    )
    change_ids = fields.One2many(
        "nox.coverage.draft.change", "customer_id", readonly=True
    )
    change_count = fields.Integer(string="Requests", readonly=True)
    blocks = fields.Integer(readonly=True)
    amount = fields.Monetary(
        readonly=True, help="What these requests would cost more, excl. VAT."
    )
    announced_at = fields.Datetime(readonly=True)
    problem = fields.Selection(
        [("no_email", "No mail address"), ("no_plan", "Has another plan by now")],
        string="Not told because",
        readonly=True,
    )
    preview_subject = fields.Char(compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_preview(self):
        """The mail as this customer gets it, in his language."""
        template = self._announcement()
        for row in self:
            rendered = {
                name: template._render_field(name, row.ids, compute_lang=True)[row.id]
                for name in ("subject", "body_html")
            }
            row.preview_subject = rendered["subject"]
            row.preview = rendered["body_html"]

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _announcement(self):
        """In sudo: a manager reads what will be sent, not templates."""
        return self.env.ref("nox_voip_service.mail_template_coverage_change").sudo()

    def _announce(self):
        """Tell these customers, in one mail each; who cannot be told says why."""
        template = self._announcement()
        for row in self.filtered(lambda row: not row.announced_at and not row.problem):
            if not row.is_running:
                row.problem = "no_plan"
            elif not row.partner_id.email:
                row.problem = "no_email"
            else:
                template.send_mail(row.id)
                row.announced_at = fields.Datetime.now()

    def _mail_sentences(self):
        """The requests of the last year that the new rules would decide otherwise, the
        newest first."""
        self.ensure_one()
        return [change._sentence() for change in self.change_ids[:MOST_REQUESTS]]

    def _mail_more(self):
        """How many requests the mail leaves out."""
        return max(0, len(self.change_ids) - MOST_REQUESTS)

    def _mail_announcement(self):
        text = self.draft_id.announcement
        return False if is_html_empty(text) else text
