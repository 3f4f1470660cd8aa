from odoo import fields, models

MOST_REQUESTS = 10


class NoxCoverageDraftCustomer(models.Model):
    """A customer whom a draft touches: how many of the last year's requests, what they
    are worth."""

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

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _letter_sentences(self):
        """The requests of the last year that the new rules would decide otherwise, the
        newest first, and how many are left out; in the language of the environment."""
        sentences = [change._sentence() for change in self.change_ids[:MOST_REQUESTS]]
        more = len(self.change_ids) - len(sentences)
        if more:
            sentences.append(self.env._("and %(count)s more requests", count=more))
        return sentences
