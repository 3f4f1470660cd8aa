from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

# What a trainer without more rights may fill in on his own trainings.
TRAINER_FIELDS = {"result", "result_remark"}
# What a result was given for; it does not change under it.
FACT_FIELDS = {"partner_id", "pbx_id", "start_at", "sale_line_id", "company_id"}
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
    contact, planned, attended and then passed or failed (design 5.5).

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
        check_company=True,
        domain="[('product_id.is_admin_training', '=', True), ('state', '=', 'sale')]",
        help="The sale this place belongs to. Empty: it is not billed.",
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
    # === What came of it ===
    result = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed"), ("no_show", "No-show")],
        tracking=True,
        copy=False,
    )
    result_remark = fields.Text(string="Remark", copy=False, groups="base.group_user")
    bill_no_show = fields.Boolean(
        string="Bill this no-show",
        copy=False,
        tracking=True,
        help="Off: who did not come is not billed, and the order keeps a place.",
    )
    is_cancelled = fields.Boolean(string="Cancelled", copy=False, tracking=True)
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, group_expand=True, index=True
    )
    is_attended = fields.Boolean(
        string="To bill or billed",
        compute="_compute_is_attended",
        store=True,
        help="Attended, passed or not; or a no-show that is billed.",
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
            training.stop_at = training.start_at and (
                training.start_at + timedelta(minutes=round(training.hours * 60))
            )

    @api.depends("start_at", "company_id.service_tz")
    def _compute_date(self):
        for training in self:
            zone = training.company_id._service_timezone()
            training.date = training.start_at and (
                pytz.utc.localize(training.start_at).astimezone(zone).date()
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

    @api.depends("result", "bill_no_show", "is_cancelled")
    def _compute_is_attended(self):
        for training in self:
            training.is_attended = not training.is_cancelled and (
                training.result in ("passed", "failed")
                or (training.result == "no_show" and training.bill_no_show)
            )

    @api.depends("partner_id", "commercial_partner_id", "date", "sale_order_id")
    def _compute_display_name(self):
        for training in self:
            who = training.partner_id.name or self.env._(
                "Free place, %(customer)s",
                customer=training.commercial_partner_id.name
                or training.sale_order_id.name
                or "",
            )
            training.display_name = f"{who} ({training.date})" if training.date else who

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

    @api.constrains("result", "partner_id", "start_at", "pbx_id", "is_cancelled")
    def _check_result(self):
        for training in self.filtered("result"):
            if training.is_cancelled:
                raise ValidationError(
                    self.env._(
                        "%(training)s is cancelled, so it has no result.",
                        training=training.display_name,
                    )
                )
            if not training.partner_id or not training.start_at:
                raise ValidationError(
                    self.env._("Fill in who was trained and when, before the result.")
                )
            if training.date > training.company_id._service_today():
                raise ValidationError(
                    self.env._(
                        "The training of %(person)s is on %(date)s. Its result can be"
                        " given from that day on.",
                        person=training.partner_id.name,
                        date=training.date,
                    )
                )
            if training.result == "passed" and not training.pbx_id:
                raise ValidationError(
                    self.env._(
                        "Choose the PBX that %(person)s becomes an administrator of.",
                        person=training.partner_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        trainings = super().create(vals_list)
        trainings._sync_events()
        trainings.filtered("result")._after_result()
        return trainings

    def write(self, vals):
        self._check_trainer_fields(vals)
        self._check_facts_unchanged(vals)
        res = super().write(vals)
        if vals.keys() & self._get_event_fields():
            self._sync_events()
        if "result" in vals:
            self._after_result()
        if vals.keys() & {"bill_no_show", "is_cancelled"}:
            self.sale_line_id._after_places_changed()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_result(self):
        for training in self:
            if training.result:
                raise UserError(
                    self.env._(
                        "%(training)s has a result; it stays in the history.",
                        training=training.display_name,
                    )
                )

    def unlink(self):
        events = self.event_id
        res = super().unlink()
        events._drop_when_empty()
        return res

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_plan(self):
        """Open the dialog that gives these places a person, a date and a trainer."""
        self.env["nox.pbx"]._check_training_coordinator()
        return self._dialog("nox.training.plan", self.env._("Plan training"))

    def action_give_result(self):
        """Open the dialog that takes the results of these places."""
        self._check_may_give_result()
        return self._dialog(
            "nox.training.result", self.env._("Results of the training")
        )

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
        self.is_cancelled = True

    def action_reopen(self):
        self.env["nox.pbx"]._check_training_coordinator()
        self.is_cancelled = False

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

    def _check_may_give_result(self):
        """Coordinators give results, and trainers of their own trainings."""
        user = self.env.user
        if self.env.su or user.has_group("nox_voip_service.group_coordinator"):
            return
        if any(training.trainer_id != user for training in self):
            raise AccessError(
                self.env._(
                    "Only the trainer or a coordinator gives the result of a training."
                )
            )

    def _check_trainer_fields(self, vals):
        if self.env.su or self.env.user.has_group("nox_voip_service.group_coordinator"):
            return
        if vals.keys() - TRAINER_FIELDS:
            raise AccessError(
                self.env._(
                    "A trainer fills in the result and a remark; the rest is for"
                    " coordinators."
                )
            )
        self._check_may_give_result()

    def _check_facts_unchanged(self, vals):
        changed = FACT_FIELDS & vals.keys()
        for training in self.filtered("result") if changed else ():
            if "result" in vals and not vals["result"]:
                continue
            for name in changed:
                field = self._fields[name]
                if field.convert_to_cache(
                    vals[name], training
                ) != field.convert_to_cache(training[name], training):
                    raise UserError(
                        self.env._(
                            "%(training)s has a result already. Take the result back"
                            " before you change who, when or what it was for.",
                            training=training.display_name,
                        )
                    )

    def _after_result(self):
        """Certificates, administrators, the order and the gate follow the result.

        In sudo: a trainer gives the result and has no rights on orders or PBXs.
        """
        trainings = self.sudo()
        passed = trainings.filtered(lambda training: training.result == "passed")
        (trainings - passed)._withdraw_certificate()
        passed._certify()
        trainings.sale_line_id._after_places_changed()
        trainings.pbx_id._refresh_certification()

    # ------------------------------------------------------------------
    # PORTAL
    # ------------------------------------------------------------------

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for training in self:
            training.access_url = f"/my/trainings/{training.id}"
        return res

    # ------------------------------------------------------------------
    # INVOICE
    # ------------------------------------------------------------------

    def _invoice_text(self):
        """A person on the invoice: name and day, in the language of the environment,
        which is the customer's.

        Whether somebody passed is no business of who pays; that a place is billed
        though nobody came is.
        """
        self.ensure_one()
        day = format_date(self.env, self.date) if self.date else ""
        if self.result != "no_show":
            return f"{self.partner_id.name}, {day}"
        results = dict(self._fields["result"]._description_selection(self.env))
        return f"{self.partner_id.name}, {day} ({results['no_show'].lower()})"
