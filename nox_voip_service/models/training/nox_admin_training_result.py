from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..base.guard import for_readers

# What a trainer without more rights may fill in on his own trainings.
TRAINER_FIELDS = {"result", "result_remark"}
# What a result was given for; it does not change under it.
FACT_FIELDS = {"partner_id", "pbx_id", "start_at", "sale_line_id", "company_id"}


class NoxAdminTraining(models.Model):
    """What came of a training: who gives its result, what does not change under it,
    and what follows from it for certificate, order and invoice."""

    _inherit = "nox.admin.training"

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
    is_attended = fields.Boolean(
        string="To bill or billed",
        compute="_compute_is_attended",
        store=True,
        help="Attended, passed or not; or a no-show that is billed.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("result", "bill_no_show", "is_cancelled")
    def _compute_is_attended(self):
        for training in self:
            training.is_attended = not training.is_cancelled and (
                training.result in ("passed", "failed")
                or (training.result == "no_show" and training.bill_no_show)
            )

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

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
                        date=format_date(self.env, training.date),
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
        self._check_result_kept(vals)
        self._check_facts_unchanged(vals)
        res = super().write(vals)
        if vals.keys() & self._get_event_fields():
            self._sync_events()
        if "result" in vals:
            self._after_result()
        if vals.keys() & {"bill_no_show", "is_cancelled"}:
            self.sale_line_id._after_places_changed()
        if "expires_on" in vals and "result" not in vals:
            self._after_expiry_changed()
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

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_give_result(self):
        """Open the dialog that takes the results of these places."""
        self._check_may_give_result()
        return self._dialog(
            "nox.training.result", self.env._("Results of the training")
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

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

    def _check_result_kept(self, vals):
        """A result has consequences: it is corrected with a reason, by the dialog."""
        for training in self if "result" in vals and not self.env.su else ():
            if training.result and training.result != vals["result"]:
                raise UserError(
                    self.env._(
                        "%(training)s has a result already. Use 'Correct result' and"
                        " say why.",
                        training=training.display_name,
                    )
                )

    def _correct_result(self, result, reason):
        """Another result than was given, or none: who changed what, and why, stands in
        the history.

        In sudo: over RPC a result does not change; the dialog asked for the reason.
        """
        self.ensure_one()
        self._check_may_give_result()
        if len((reason or "").strip()) < 3:
            raise UserError(
                self.env._(
                    "%(training)s has a result already. Say in the remark why it"
                    " changes.",
                    training=self.display_name,
                )
            )
        names = dict(self._fields["result"]._description_selection(self.env))
        nothing = self.env._("no result")
        self.message_post(
            body=self.env._(
                "Result corrected from %(old)s to %(new)s: %(reason)s",
                old=names.get(self.result, nothing),
                new=names.get(result, nothing),
                reason=reason,
            )
        )
        self.sudo().write({"result": result, "result_remark": reason})

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
