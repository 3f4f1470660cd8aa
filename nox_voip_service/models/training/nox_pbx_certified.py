from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ...policy import certificates
from ..base.guard import for_readers
from ..base.in_force import span


class NoxPbx(models.Model):
    """The plan that a customer runs himself (Eigen beheer) needs an administrator with
    a valid certificate: who has one on which day, and who is told when the last one is
    gone. The plan runs on; nothing changes by itself."""

    _inherit = "nox.pbx"

    training_ids = fields.One2many("nox.admin.training", "pbx_id")
    training_count = fields.Integer(compute="_compute_training_count")
    certified_count = fields.Integer(
        string="Certified administrators", compute="_compute_certification"
    )
    certification_note = fields.Text(
        compute="_compute_certification",
        help="Where each administrator of this PBX stands.",
    )
    requires_certified_admin = fields.Boolean(compute="_compute_certification")
    uncertified_since = fields.Date(
        readonly=True,
        copy=False,
        tracking=True,
        help="Since this day the plan runs without a certified administrator.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(
        "administrator_ids.active",
        "training_ids.certified_on",
        "training_ids.expires_on",
        "training_ids.left_on",
        "training_ids.state",
        "period_ids.plan_id",
        "period_ids.date_start",
    )
    @api.depends_context("lang")
    def _compute_certification(self):
        known = self._policy_certificates()
        for pbx in self:
            day = pbx._certification_day()
            pbx.requires_certified_admin = bool(day)
            day = day or pbx.company_id._service_today()
            pbx.certified_count = len(certificates.holders(known[pbx], day))
            pbx.certification_note = "\n".join(pbx._standings(known[pbx], day))

    def _compute_training_count(self):
        counts = dict(
            self.env["nox.admin.training"]._read_group(
                [("pbx_id", "in", self.ids)], ["pbx_id"], ["__count"]
            )
        )
        for pbx in self:
            pbx.training_count = counts.get(pbx, 0)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"administrator_ids", "active", "ended_on"}:
            self._after_administrators_changed()
        return res

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    def _check_training_coordinator(self):
        if not self.env.su and not self.env.user.has_group(
            "nox_voip_service.group_coordinator"
        ):
            raise AccessError(self.env._("Only coordinators plan trainings."))

    @for_readers
    def action_view_trainings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_admin_training_action"
        )
        return dict(
            action,
            domain=[("pbx_id", "=", self.id)],
            context={
                "default_pbx_id": self.id,
                "default_company_id": self.company_id.id,
            },
        )

    @for_readers
    def action_propose_standard(self):
        """Open the change of plan, filled in with Standaard from today on; nothing
        changes before somebody confirms it."""
        self.ensure_one()
        self._check_training_coordinator()
        return dict(
            self.action_change_plan(),
            context={
                "default_pbx_id": self.id,
                "default_plan_id": self.env.ref(
                    "nox_voip_service.service_plan_standard"
                ).id,
                "default_date_start": max(
                    self.company_id._service_today(),
                    self._certification_day() or self.company_id._service_today(),
                ),
            },
        )

    # ------------------------------------------------------------------
    # BUSINESS: who is certified
    # ------------------------------------------------------------------

    def _has_history_of_customer(self):
        """The trainings held for this PBX are on this customer's orders."""
        return bool(super()._has_history_of_customer() or self.training_ids)

    def _policy_certificates(self):
        """``{PBX: its administrators' certificates}`` as the policy knows them.

        A certificate is a person's: it counts wherever its holder administers. On the
        PBX of the training it also counts for the days before the holder left.
        """
        pbxs = self.sudo()
        passed = (
            self.env["nox.admin.training"]
            .sudo()
            .search(
                [
                    ("certified_on", "!=", False),
                    "|",
                    ("pbx_id", "in", pbxs.ids),
                    ("partner_id", "in", pbxs.administrator_ids.ids),
                ]
            )
        )
        known = {}
        for pbx in self:
            there = pbx.sudo().administrator_ids
            known[pbx] = [
                training._policy_certificate(
                    left=None
                    if training.partner_id in there
                    else training.left_on or pbx.company_id._service_today()
                )
                for training in passed
                if training.company_id == pbx.company_id
                and (training.partner_id in there or training.pbx_id.id == pbx.id)
            ]
        return known

    def _certification_day(self):
        """The day on which this PBX needs a certified administrator: today, or the
        first day of a plan to come; None when no plan asks for one."""
        self.ensure_one()
        today = self.company_id._service_today()
        if not self.active or (self.ended_on and self.ended_on < today):
            return None
        days = [
            max(period.date_start, today)
            for period in self.sudo().period_ids
            if period.plan_id.requires_certified_admin
            and period.date_start
            and not span(period).is_over(today)
        ]
        return min(days, default=None)

    def _standings(self, known, day):
        """A sentence per person: what they have, or lack, on that day."""
        self.ensure_one()
        planned = {
            training.partner_id: training.date
            for training in self.sudo().training_ids.sorted("date", reverse=True)
            if training.state == "planned"
        }
        people = (
            self.sudo().administrator_ids
            | self.env["res.partner"].sudo().browse({c.holder for c in known})
            | self.env["res.partner"].sudo().union(*planned)
        )
        sentences = []
        for person in people.sorted("name"):
            found = certificates.standing(known, person.id, day)
            sentence = self._standing_sentence(person, found)
            if person in planned and found.code != certificates.VALID:
                sentence += " " + self.env._(
                    "A training is planned on %(date)s.",
                    date=format_date(self.env, planned[person]),
                )
            sentences.append(sentence)
        return sentences

    def _standing_sentence(self, person, found):
        values = {
            "person": person.name,
            "date": format_date(self.env, found.day) if found.day else "",
        }
        if found.code == certificates.VALID:
            if found.day:
                return self.env._("%(person)s: certified until %(date)s.", **values)
            return self.env._("%(person)s: certified.", **values)
        if found.code == certificates.EXPIRED:
            return self.env._(
                "%(person)s: the certificate expired on %(date)s.", **values
            )
        if found.code == certificates.LEFT:
            return self.env._(
                "%(person)s: no administrator any more since %(date)s.", **values
            )
        if found.code == certificates.LATER:
            return self.env._("%(person)s: certified from %(date)s on.", **values)
        return self.env._("%(person)s: has not passed the training.", **values)

    def _uncertified_sentence(self, day):
        """Why a plan that asks for a certified administrator cannot run on a day;
        empty when it can."""
        self.ensure_one()
        known = self._policy_certificates()[self]
        if certificates.holders(known, day):
            return ""
        standings = self._standings(known, day) or [
            self.env._("Nobody is an administrator of this PBX.")
        ]
        return " ".join(
            [
                self.env._(
                    "%(customer)s has no certified administrator of %(pbx)s on"
                    " %(date)s.",
                    customer=self.partner_id.display_name,
                    pbx=self.name,
                    date=format_date(self.env, day),
                ),
                *standings,
            ]
        )

    # ------------------------------------------------------------------
    # BUSINESS: when the last one is gone
    # ------------------------------------------------------------------

    @api.model
    def _needing_certified_administrator(self):
        """PBXs of whom a plan, now or later, asks for a certified administrator, and
        those whose alarm is still on."""
        return self.search(
            [
                "|",
                ("uncertified_since", "!=", False),
                ("period_ids.plan_id.requires_certified_admin", "=", True),
            ]
        )

    def _after_administrators_changed(self):
        """Date the leave of certified people who are no administrator any more."""
        for pbx in self.sudo():
            there = pbx.administrator_ids
            passed = pbx.training_ids.filtered("certified_on")
            back = passed.filtered(lambda t, there=there: t.partner_id in there)
            back.filtered("left_on").write({"left_on": False})
            (passed - back).filtered(lambda t: not t.left_on).write(
                {"left_on": pbx.company_id._service_today()}
            )
        self._refresh_certification()

    def _drop_strange_people(self):
        """People who moved to another customer administer this PBX and approve for it
        no longer.

        Without an approver anybody with a quote's link could approve: when the last
        one leaves, the customer stands in his place until somebody is named.
        """
        for pbx in self.with_context(active_test=False):
            own = pbx.commercial_partner_id
            strangers = (pbx.administrator_ids | pbx.approver_ids).filtered(
                lambda person, own=own: person.commercial_partner_id != own
            )
            if not strangers:
                continue
            pbx.message_post(
                body=self.env._(
                    "%(people)s moved to another customer and neither administers this"
                    " PBX nor approves for it any longer.",
                    people=", ".join(strangers.mapped("name")),
                )
            )
            is_orphan = pbx.approver_ids and not pbx.approver_ids - strangers
            commands = [Command.unlink(person.id) for person in strangers]
            heirs = [Command.link(pbx.partner_id.id)] if is_orphan else []
            pbx.write({"administrator_ids": commands, "approver_ids": commands + heirs})
            if is_orphan:
                pbx._ask_for_approver()
        self._after_administrators_changed()

    def _ask_for_approver(self):
        """Somebody has to name who approves quotes of this PBX from now on."""
        self.ensure_one()
        coordinator = self._service_coordinator()
        user_env = self.with_context(lang=coordinator.partner_id._service_lang()).env
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=coordinator.id,
            summary=user_env._("The last approver left: name who approves quotes"),
        )

    def _refresh_certification(self):
        """Raise the alarm for PBXs whose last certified administrator is gone, take it
        back where there is one again. The plan itself is never changed here.

        In sudo: whoever archives a contact need not have rights on PBXs.
        """
        for pbx in self.sudo():
            day = pbx._certification_day()
            sentence = pbx._uncertified_sentence(day) if day else ""
            if sentence and not pbx.uncertified_since:
                pbx.uncertified_since = day
                pbx._raise_uncertified(sentence)
            elif not sentence and pbx.uncertified_since:
                pbx.uncertified_since = False
                pbx.activity_feedback(
                    ["nox_voip_service.mail_activity_uncertified"],
                    feedback=self.env._(
                        "There is a certified administrator again, or the plan does not"
                        " ask for one."
                    ),
                )

    def _raise_uncertified(self, sentence):
        """Tell the coordinator (activity) and the customer (mail, mail queue)."""
        self.ensure_one()
        coordinator = self._service_coordinator()
        speaking = self.with_context(lang=coordinator.partner_id._service_lang())
        self.activity_schedule(
            "nox_voip_service.mail_activity_uncertified",
            user_id=coordinator.id,
            summary=speaking.env._("The plan runs without a certified administrator"),
            note=speaking._uncertified_sentence(self.uncertified_since)
            + " "
            + speaking.env._(
                "Plan a training, or move the PBX to Standard with the button on its"
                " page."
            ),
        )
        if self.partner_id.email:
            self.env.ref("nox_voip_service.mail_template_uncertified").send_mail(
                self.id,
                force_send=False,
                email_layout_xmlid="mail.mail_notification_light",
            )
        else:
            self.message_post(
                body=self.env._(
                    "%(customer)s has no e-mail address and was not told: %(sentence)s",
                    customer=self.partner_id.name,
                    sentence=sentence,
                )
            )

    def _service_coordinator(self):
        """Who looks after this customer: its salesperson, when a coordinator; else a
        coordinator of the company."""
        group = self.env.ref("nox_voip_service.group_coordinator").sudo()
        company = self.company_id or self.env.company
        coordinators = group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        salesperson = self.partner_id.user_id
        if salesperson in coordinators:
            return salesperson
        managers = self.env.ref("nox_voip_service.group_manager").sudo().all_user_ids
        return (coordinators - managers)[:1] or coordinators[:1] or self.env.user
