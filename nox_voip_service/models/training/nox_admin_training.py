from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...policy import timeblocks
from ..base.guard import for_readers

STATES = [
    ("open", "To plan"),
    ("planned", "Planned"),
    ("passed", "Passed"),
    ("failed", "Failed"),
    ("no_show", "No-show"),
    ("cancelled", "Cancelled"),
]


class NoxAdminTraining(models.Model):
    """One place in an administrator training: sold on an order line, given to a
    contact, planned, attended and then passed or failed.

    A training that was held elsewhere, or before this system, has no order line.
    """

    _name = "nox.admin.training"
    _description = "Administrator Training"
    _inherit = ["mail.thread", "mail.activity.mixin", "portal.mixin"]
    _check_company_auto = True
    _order = "start_at desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order line",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        check_company=True,
        help="The sale that made this place. Empty: it is not billed. More people come"
        " by a higher number on the order.",
    )
    sale_order_id = fields.Many2one(
        related="sale_line_id.order_id", string="Order", store=True, index=True
    )
    pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Whoever passes becomes an administrator of this PBX.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_commercial_partner_id",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('commercial_partner_id', '=?', commercial_partner_id)]",
    )
    # === When and by whom ===
    start_at = fields.Datetime(string="Starts at", tracking=True)
    hours = fields.Float(default=4.0, required=True, help="Half a day is 4 hours.")
    stop_at = fields.Datetime(string="Ends at", compute="_compute_stop_at", store=True)
    date = fields.Date(
        compute="_compute_date",
        store=True,
        help="Day of the training in the company's time zone.",
    )
    trainer_id = fields.Many2one(
        "res.users",
        index=True,
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    is_external = fields.Boolean(
        string="Held elsewhere or before",
        help="It is recorded, not planned: nobody is invited.",
    )
    is_cancelled = fields.Boolean(
        string="Cancelled", readonly=True, copy=False, tracking=True
    )
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, group_expand=True, index=True
    )

    _hours_within_a_day = models.Constraint(
        "CHECK (hours > 0 AND hours <= 24)",
        "A training lasts more than 0 and at most 24 hours.",
    )
    _one_place_at_a_time = models.UniqueIndex(
        "(partner_id, start_at) WHERE partner_id IS NOT NULL"
        " AND start_at IS NOT NULL AND is_cancelled IS NOT TRUE",
        "This person has a place in a training at that moment already.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("pbx_id.commercial_partner_id", "sale_line_id.order_id.partner_id")
    def _compute_commercial_partner_id(self):
        for training in self:
            training.commercial_partner_id = (
                training.pbx_id.commercial_partner_id
                or training.sale_line_id.order_id.partner_id.commercial_partner_id
            )

    @api.depends("start_at", "hours")
    def _compute_stop_at(self):
        for training in self:
            minutes = timeblocks.rounded_minutes(training.hours)
            training.stop_at = training.start_at and (
                training.start_at + timedelta(minutes=minutes)
            )

    @api.depends("start_at", "company_id.service_tz")
    def _compute_date(self):
        for training in self:
            company = training.company_id
            training.date = training.start_at and company._service_day(
                training.start_at
            )

    @api.depends("result", "is_cancelled", "partner_id", "start_at")
    def _compute_state(self):
        for training in self:
            if training.is_cancelled:
                training.state = "cancelled"
            elif training.result:
                training.state = training.result
            elif training.partner_id and training.start_at:
                training.state = "planned"
            else:
                training.state = "open"

    @api.depends("partner_id", "commercial_partner_id", "date", "sale_order_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for training in self:
            who = training.partner_id.name or self.env._(
                "Free place, %(customer)s",
                customer=training.commercial_partner_id.name
                or training.sale_order_id.name
                or "",
            )
            day = training.date and format_date(self.env, training.date)
            training.display_name = f"{who} ({day})" if day else who

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("partner_id", "pbx_id", "sale_line_id")
    def _check_person_of_customer(self):
        for training in self.filtered("partner_id"):
            customer = training.commercial_partner_id
            if customer and training.partner_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(customer)s, whose training"
                        " this is.",
                        person=training.partner_id.display_name,
                        customer=customer.display_name,
                    )
                )

    @api.constrains("sale_line_id")
    def _check_training_line(self):
        for training in self.filtered("sale_line_id"):
            if not training.sale_line_id.sudo().is_admin_training:
                raise ValidationError(
                    self.env._(
                        "'%(product)s' is not an administrator training.",
                        product=training.sale_line_id.sudo().name,
                    )
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_plan(self):
        """Open the dialog that gives these places a person, a date and a trainer."""
        self.env["nox.pbx"]._check_training_coordinator()
        return self._dialog("nox.training.plan", self.env._("Plan training"))

    @for_readers
    def action_cancel(self):
        """Take these places out: they are not held and not billed."""
        self.env["nox.pbx"]._check_training_coordinator()
        for training in self:
            if training.result:
                raise UserError(
                    self.env._(
                        "%(training)s has a result already. Correct the result first.",
                        training=training.display_name,
                    )
                )
        self.check_access("write")
        self.sudo().is_cancelled = True

    @for_readers
    def action_reopen(self):
        self.env["nox.pbx"]._check_training_coordinator()
        self.check_access("write")
        self.sudo().is_cancelled = False

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _dialog(self, model, name):
        return {
            "name": name,
            "type": "ir.actions.act_window",
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_training_ids": self.ids},
        }

    def _is_untouched(self):
        """Nothing was filled in: it can go when the order shrinks."""
        self.ensure_one()
        return not (
            self.partner_id or self.start_at or self.result or self.is_cancelled
        )

    # ------------------------------------------------------------------
    # PORTAL
    # ------------------------------------------------------------------

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for training in self:
            training.access_url = f"/my/trainings/{training.id}"
        return res
