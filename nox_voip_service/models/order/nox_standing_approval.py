from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...policy import months, standing


class NoxStandingApproval(models.Model):
    """What a customer approved beforehand for a PBX: up to an amount a month, or so
    many blocks a request. A quote inside it is approved at once; an approver hears
    so."""

    _name = "nox.standing.approval"
    _description = "Standing Approval"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "date_start desc, id desc"
    _rec_name = "pbx_id"

    pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="pbx_id.partner_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="pbx_id.commercial_partner_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._service_today(),
    )
    date_end = fields.Date(
        string="Until", tracking=True, help="The last day, included."
    )
    month_amount = fields.Monetary(
        string="At most a month",
        tracking=True,
        help="Of all quotes of a calendar month together, including VAT. 0: no such"
        " bound.",
    )
    job_blocks = fields.Integer(
        string="Blocks a request",
        tracking=True,
        help="Of all quotes of one request together. 0: no such bound.",
    )
    agreement = fields.Char(
        string="How it was agreed",
        required=True,
        tracking=True,
        help="By whom, when and how; attach the mail or the paper below.",
    )
    use_ids = fields.One2many("nox.standing.use", "standing_id", readonly=True)
    used_this_month = fields.Monetary(compute="_compute_used_this_month")
    last_used_at = fields.Datetime(readonly=True, copy=False)

    _bounds = models.Constraint(
        "CHECK (month_amount >= 0 AND job_blocks >= 0"
        " AND (month_amount > 0 OR job_blocks > 0))",
        "A standing approval has an amount a month, or a number of blocks a request.",
    )
    _days = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A standing approval cannot end before its first day.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("use_ids.amount", "use_ids.counts")
    def _compute_used_this_month(self):
        for approval in self:
            approval.used_this_month = approval._used_amount(
                approval.company_id._service_today()
            )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("pbx_id", "date_start", "date_end")
    def _check_one_at_a_time(self):
        for approval in self:
            same_time = Domain("date_end", "=", False) | Domain(
                "date_end", ">=", approval.date_start
            )
            if approval.date_end:
                same_time &= Domain("date_start", "<=", approval.date_end)
            others = Domain("id", "!=", approval.id) & Domain(
                "pbx_id", "=", approval.pbx_id.id
            )
            if self.search_count(others & same_time, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(pbx)s has a standing approval on those days already. End it"
                        " first.",
                        pbx=approval.pbx_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(approval.use_ids for approval in self):
            raise ValidationError(
                self.env._(
                    "A standing approval that was used stays for the record. Fill in"
                    " its last day instead."
                )
            )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _in_force(self, pbx, day):
        """The one that counts for a PBX on a day; empty when there is none."""
        return self.sudo().search(
            [
                ("pbx_id", "=", pbx.id),
                ("date_start", "<=", day),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ],
            limit=1,
        )

    def _used_amount(self, day):
        """What of the calendar month of a day is used."""
        self.ensure_one()
        first = months.first_of_month(day)
        return sum(
            use.amount for use in self.use_ids if use.month == first and use.counts
        )

    def _policy_standing(self):
        self.ensure_one()
        return standing.Standing(
            Decimal(str(self.month_amount)) if self.month_amount else None,
            self.job_blocks or None,
        )

    def _covers(self, ticket, blocks, amount):
        """Is a quote inside it, with all that was used before?

        :param ticket: whose quote; those split from it share its blocks
        :param amount: including VAT, in the currency of the company
        """
        self.ensure_one()
        family = ticket | ticket.split_root_id.split_member_ids
        used = standing.StandingUse(
            Decimal(str(self._used_amount(self.company_id._service_today()))),
            sum(
                use.blocks
                for use in self.use_ids
                if use.ticket_id in family and use.counts
            ),
        )
        return standing.standing_covers(
            self._policy_standing(), used, blocks=blocks, amount=amount
        )
