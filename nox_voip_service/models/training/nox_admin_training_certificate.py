from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...policy import certificates
from ..base.guard import for_readers


class NoxAdminTraining(models.Model):
    """The certificate of who passed: number, validity, PDF, mails."""

    _inherit = "nox.admin.training"

    certificate_number = fields.Char(readonly=True, copy=False, tracking=True)
    certified_on = fields.Date(readonly=True, copy=False)
    expires_on = fields.Date(
        string="Valid until",
        copy=False,
        tracking=True,
        help="The last day on which the certificate counts. Empty: it does not expire.",
    )
    left_on = fields.Date(
        string="Administrator until",
        readonly=True,
        copy=False,
        help="First day on which this person was no administrator of the PBX any more.",
    )
    reminded_on = fields.Date(readonly=True, copy=False)
    certificate_sent_at = fields.Datetime(readonly=True, copy=False)
    certificate_state = fields.Selection(
        [
            ("valid", "Valid"),
            ("expiring", "Expires soon"),
            ("expired", "Expired"),
            ("left", "No administrator any more"),
        ],
        compute="_compute_certificate_state",
    )
    is_certificate_valid = fields.Boolean(
        compute="_compute_certificate_state", search="_search_is_certificate_valid"
    )

    _certificate_number_unique = models.UniqueIndex(
        "(company_id, certificate_number) WHERE certificate_number IS NOT NULL",
        "There is another certificate with this number.",
    )
    _expires_after_training = models.Constraint(
        "CHECK (expires_on IS NULL OR certified_on IS NULL"
        " OR expires_on >= certified_on)",
        "A certificate cannot expire before the day of the training.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("certified_on", "expires_on", "left_on")
    def _compute_certificate_state(self):
        for training in self:
            company = training.company_id
            state = training.certified_on and certificates.state(
                training.expires_on or None,
                training.left_on or None,
                company._service_today(),
                company.sudo().service_certificate_reminder_days,
            )
            training.certificate_state = state
            training.is_certificate_valid = state in ("valid", "expiring")

    def _search_is_certificate_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._service_today()
        valid = (
            Domain("certified_on", "!=", False)
            & Domain("left_on", "=", False)
            & (Domain("expires_on", "=", False) | Domain("expires_on", ">=", today))
        )
        return valid if True in value else ~valid

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def _after_expiry_changed(self):
        """The last day of a certificate moved: its holder is reminded anew, and its PBX
        may have lost or got its certified administrator."""
        self.sudo().write({"reminded_on": False})
        self.sudo().pbx_id._refresh_certification()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_print_certificate(self):
        self.ensure_one()
        self._check_has_certificate()
        return self.env.ref(
            "nox_voip_service.action_report_training_certificate"
        ).report_action(self)

    @for_readers
    def action_send_certificate(self):
        """Mail the certificate to its holder again."""
        self.env["nox.pbx"]._check_training_coordinator()
        for training in self:
            training._check_has_certificate()
            if not training.partner_id.email:
                raise UserError(
                    self.env._(
                        "%(person)s has no e-mail address. Fill it in on the contact,"
                        " or print the certificate.",
                        person=training.partner_id.name,
                    )
                )
            training._send_certificate()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The certificate is in the mail queue for %(people)s.",
                    people=", ".join(self.partner_id.mapped("name")),
                ),
            },
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_has_certificate(self):
        if not self.certificate_number:
            raise UserError(
                self.env._(
                    "%(training)s has no certificate: nobody passed it.",
                    training=self.display_name,
                )
            )

    def _certify(self):
        """Number the certificates of who passed, make them administrators, mail."""
        for training in self.filtered(lambda t: not t.certificate_number):
            company = training.company_id
            months = company.service_certificate_months
            training.write(
                {
                    "certificate_number": self.env["ir.sequence"]
                    .with_company(company)
                    .next_by_code("nox.admin.training", sequence_date=training.date),
                    "certified_on": training.date,
                    "expires_on": training.expires_on
                    or (months and training.date + relativedelta(months=months)),
                    "left_on": False,
                }
            )
            training.pbx_id.write(
                {"administrator_ids": [fields.Command.link(training.partner_id.id)]}
            )
            if training.partner_id.email and not training.is_external:
                training._send_certificate()

    def _withdraw_certificate(self):
        """A result that was corrected takes its certificate back; the number is not
        given again and stays in the history."""
        for training in self.filtered("certificate_number"):
            training.message_post(
                body=self.env._(
                    "Certificate %(number)s is withdrawn.",
                    number=training.certificate_number,
                )
            )
            training.write(
                {
                    "certificate_number": False,
                    "certified_on": False,
                    "expires_on": False,
                    "left_on": False,
                    "certificate_sent_at": False,
                    "reminded_on": False,
                }
            )

    def _send_certificate(self):
        """Mail the PDF in the holder's language, by the mail queue."""
        self.ensure_one()
        self.env.ref("nox_voip_service.mail_template_certificate").sudo().send_mail(
            self.id,
            force_send=False,
            email_layout_xmlid="mail.mail_notification_light",
        )
        self.sudo().certificate_sent_at = fields.Datetime.now()

    def _policy_certificate(self, left=None):
        """This certificate as the policy knows it."""
        self.ensure_one()
        return certificates.Certificate(
            self.partner_id.id, self.certified_on, self.expires_on or None, left
        )

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._(
            "Certificate %(number)s", number=(self.certificate_number or "")
        ).replace("/", "-")

    # ------------------------------------------------------------------
    # BUSINESS: the daily job
    # ------------------------------------------------------------------

    def _get_reminder_domain(self, company):
        """Certificates of a company that expire soon and of which nobody was told."""
        today = company._service_today()
        soon = today + relativedelta(days=company.service_certificate_reminder_days)
        return [
            ("company_id", "=", company.id),
            ("certified_on", "!=", False),
            ("left_on", "=", False),
            ("reminded_on", "=", False),
            ("expires_on", ">=", today),
            ("expires_on", "<=", soon),
        ]

    @api.model
    def _cron_certificates(self):
        """Daily: remind of certificates that are about to expire, then look at every
        PBX that needs a certified administrator."""
        due = self.browse()
        reminding = [("service_certificate_reminder_days", ">", 0)]
        for company in self.env["res.company"].search(reminding):
            due |= self.search(self._get_reminder_domain(company))
        pbxs = self.env["nox.pbx"]._needing_certified_administrator()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(due) + len(pbxs))
        for training in due:
            training._remind_expiry()
            if not progress(1):
                return
        for pbx in pbxs:
            pbx._refresh_certification()
            if not progress(1):
                return

    def _is_renewed(self):
        """The person has a newer certificate that lasts longer."""
        self.ensure_one()
        others = self.search(
            [
                ("id", "!=", self.id),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("certified_on", "!=", False),
                "|",
                ("expires_on", "=", False),
                ("expires_on", ">", self.expires_on),
            ],
            limit=1,
        )
        return bool(others)

    def _remind_expiry(self):
        """Tell holder and coordinator once that a certificate is about to expire."""
        self.ensure_one()
        self.reminded_on = self.company_id._service_today()
        if self._is_renewed():
            return
        if self.partner_id.email:
            self.env.ref(
                "nox_voip_service.mail_template_certificate_expiring"
            ).send_mail(
                self.id,
                force_send=False,
                email_layout_xmlid="mail.mail_notification_light",
            )
        coordinator = self.pbx_id._service_coordinator()
        user_env = self.with_context(lang=coordinator.partner_id._service_lang()).env
        self.activity_schedule(
            "nox_voip_service.mail_activity_certificate_expiring",
            user_id=coordinator.id,
            summary=user_env._("Offer a new training"),
            note=user_env._(
                "The certificate of %(person)s is valid until %(date)s. Offer a new"
                " training.",
                person=self.partner_id.name,
                date=format_date(user_env, self.expires_on),
            ),
        )

    def _hours_text(self):
        """Hours as people write them: 4, or 3.5."""
        self.ensure_one()
        return f"{self.hours:g}"
