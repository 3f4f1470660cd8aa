from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...policy import masking
from ..base.guard import for_readers

MAX_REMARK = 2000
STATES = [
    ("open", "Open"),
    ("upheld", "Checked: the line is correct"),
    ("goodwill", "Credited as goodwill"),
    ("corrected", "Corrected"),
]


class NoxInvoiceDispute(models.Model):
    """A customer questions one line of an invoice: somebody answers before a day,
    and the answer, with its reason, is what the customer reads."""

    _name = "nox.invoice.dispute"
    _description = "Questioned Invoice Line"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "is_open desc, deadline, id"

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Invoice line",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('move_id.move_type', '=', 'out_invoice'),"
        " ('parent_state', '=', 'posted'), ('display_type', '=', 'product')]",
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id", string="Invoice", store=True, index=True
    )
    company_id = fields.Many2one(related="move_line_id.company_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="move_line_id.move_id.commercial_partner_id",
        string="Customer",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Asked by", help="Who gets the answer."
    )
    remark = fields.Text(required=True, help="What the customer says.")
    state = fields.Selection(
        STATES, default="open", required=True, readonly=True, tracking=True
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        tracking=True,
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    deadline = fields.Date(tracking=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    answer = fields.Text(help="The reason of the outcome; the customer reads it.")
    answered_on = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    credit_line_ids = fields.One2many(
        "account.move.line", "dispute_id", string="Credit note lines", readonly=True
    )
    credit_move_id = fields.Many2one(
        "account.move", string="Credit note", compute="_compute_credit_move_id"
    )
    # What the report counts by, as it was when the question came.
    ticket_id = fields.Many2one(
        "helpdesk.ticket", readonly=True, index="btree_not_null"
    )
    seat_charge_id = fields.Many2one(
        "nox.seat.charge", string="Charge", readonly=True, index="btree_not_null"
    )
    coverage_rule_id = fields.Many2one(
        "nox.coverage.rule",
        string="Rule",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    plan_id = fields.Many2one("nox.service.plan", readonly=True)
    category_id = fields.Many2one(
        "helpdesk.ticket.category", string="Kind of change", readonly=True
    )
    line_kind = fields.Selection(
        [("work", "Work"), ("users", "Users"), ("other", "Other")], readonly=True
    )
    currency_id = fields.Many2one(related="move_line_id.currency_id", store=True)
    amount = fields.Monetary(
        related="move_line_id.price_subtotal",
        string="Questioned amount",
        store=True,
        help="Of the line, excl. VAT.",
    )

    _one_open_a_line = models.UniqueIndex(
        "(move_line_id) WHERE state = 'open'",
        "This line is questioned already; the question is still open.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("state")
    def _compute_is_open(self):
        for dispute in self:
            dispute.is_open = dispute.state == "open"

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        for dispute in self:
            today = (dispute.company_id or self.env.company)._service_today()
            dispute.is_late = bool(
                dispute.state == "open"
                and dispute.deadline
                and dispute.deadline < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._service_today()
        return [("state", "=", "open"), ("deadline", "<", today)]

    @api.depends("credit_line_ids.move_id")
    def _compute_credit_move_id(self):
        for dispute in self:
            dispute.credit_move_id = dispute._live_credit_notes()[-1:]

    @api.depends("move_id.name", "move_line_id.name")
    def _compute_display_name(self):
        for dispute in self:
            text = (dispute.move_line_id.name or "").split("\n")[0][:60]
            dispute.display_name = f"{dispute.move_id.name or ''}: {text}"

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("remark")
    def _check_remark(self):
        for dispute in self:
            if not 0 < len((dispute.remark or "").strip()) <= MAX_REMARK:
                raise ValidationError(
                    self.env._(
                        "Please say in at most %(length)s letters what is not right.",
                        length=MAX_REMARK,
                    )
                )

    @api.constrains("move_line_id")
    def _check_line(self):
        for dispute in self:
            if not dispute.move_line_id._can_be_disputed():
                raise ValidationError(
                    self.env._("Only a line of a posted invoice can be questioned.")
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = self.env["account.move.line"].browse(
            [vals.get("move_line_id") for vals in vals_list]
        )
        for vals, line in zip(vals_list, lines, strict=True):
            vals.update(
                {**line.sudo()._prepare_dispute_vals(), **vals, "state": "open"}
            )
        disputes = super().create(vals_list)
        for dispute in disputes:
            dispute._ask_owner()
        return disputes

    def write(self, vals):
        if "move_line_id" in vals or (
            {"remark", "answer"} & vals.keys() and any(d.state != "open" for d in self)
        ):
            raise UserError(
                self.env._("What was asked and answered stays as it is on record.")
            )
        res = super().write(vals)
        if {"user_id", "deadline"} & vals.keys():
            self._move_activity()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A question of a customer is answered, never deleted.")
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_uphold(self):
        """The line is right: tell the customer why."""
        for dispute in self:
            dispute._check_can_answer()
            dispute._close_with("upheld")
        return True

    @for_readers
    def action_goodwill(self):
        """Credit the line and leave the work settled, in Odoo's own wizard."""
        return self._credit_wizard("goodwill", rebill="no")

    @for_readers
    def action_correct(self):
        """Credit the line so that it is billed again, corrected."""
        return self._credit_wizard("corrected", rebill="yes")

    @for_readers
    def action_view_invoice(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }

    @for_readers
    def action_view_credit_note(self):
        self.ensure_one()
        return dict(self.action_view_invoice(), res_id=self.credit_move_id.id)

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _get_open_domain(self, company=None):
        """Open questions, of one company or of all that may be read."""
        domain = Domain("state", "=", "open")
        if company:
            domain &= Domain("company_id", "=", company.id)
        return domain

    @api.model
    def _check_accountant(self):
        if not self.env.su and not self.env.user.has_group(
            "nox_voip_service.group_accountant"
        ):
            raise AccessError(
                self.env._("Only accountants answer questions about invoices.")
            )

    def _check_can_answer(self):
        self.ensure_one()
        self._check_accountant()
        if self.state != "open":
            raise UserError(
                self.env._("%(name)s is answered already.", name=self.display_name)
            )
        if len((self.answer or "").strip()) < 3:
            raise UserError(
                self.env._("Write the answer first: the customer reads its reason.")
            )

    def _credit_wizard(self, outcome, rebill):
        """Odoo's credit note wizard for the questioned line. The question is
        answered when the credit note is made, not when the wizard opens."""
        self.ensure_one()
        self._check_can_answer()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        return dict(
            action,
            context={
                "active_model": "account.move",
                "active_ids": self.move_id.ids,
                "active_id": self.move_id.id,
                "default_dispute_id": self.id,
                "default_dispute_outcome": outcome,
                "default_service_rebill": rebill,
                "default_reason": masking.masked(self.answer)[:100],
            },
        )

    def _close_with(self, outcome):
        """Keep the outcome and tell the customer."""
        self.ensure_one()
        self.sudo().write(
            {
                "state": outcome,
                "answered_on": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
            }
        )
        # The database allows one open question a line: it must know of this end.
        self.flush_recordset(["state"])
        self.activity_feedback(
            ["nox_voip_service.mail_activity_invoice_dispute"], feedback=self.answer
        )
        self.message_post_with_source(
            self.env.ref("nox_voip_service.mail_template_dispute_answer"),
            subtype_xmlid="mail.mt_comment",
            force_send=False,
        )

    def _answer_url(self):
        """The invoice in the portal; without log-in for its own customer only."""
        self.ensure_one()
        reader = self.partner_id or self.move_id.partner_id
        if reader.commercial_partner_id == self.commercial_partner_id:
            return self.move_id.get_portal_url()
        return self.move_id.access_url

    def _live_credit_notes(self):
        """Credit notes that answer this question and are not cancelled."""
        return self.credit_line_ids.move_id.filtered(
            lambda move: move.move_type == "out_refund" and move.state != "cancel"
        )

    def _reopen_without_credit(self):
        """The credit note that answered the question was deleted or cancelled."""
        for dispute in self:
            if dispute.is_open or dispute._live_credit_notes():
                continue
            dispute.sudo().write(
                {"state": "open", "answered_on": False, "answered_by_id": False}
            )
            dispute.message_post(
                body=self.env._("The credit note is gone: the question is open again.")
            )
            dispute._ask_owner()

    def _ask_owner(self):
        """The activity by which the owner knows of the question."""
        self.ensure_one()
        user = self.user_id or self.env.user
        user_env = self.with_context(lang=user.partner_id._service_lang()).env
        self.activity_schedule(
            "nox_voip_service.mail_activity_invoice_dispute",
            date_deadline=self.deadline,
            user_id=user.id,
            summary=user_env._("Answer the customer's question about an invoice line"),
            note=masking.masked(self.remark),
        )

    def _move_activity(self):
        for dispute in self.filtered("is_open"):
            dispute.activity_reschedule(
                ["nox_voip_service.mail_activity_invoice_dispute"],
                date_deadline=dispute.deadline,
                new_user_id=dispute.user_id.id,
            )
