import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...policy import notice
from ..base.guard import by_code, for_readers

GROUNDS = [
    ("index", "Indexation"),
    ("terms", "Terms changed"),
    ("withdrawn", "Plan withdrawn"),
]
STATES = [
    ("to_send", "To send"),
    ("sent", "Sent"),
    ("returned", "Came back"),
    ("to_post", "To post"),
    ("posted", "Posted"),
    ("opened", "Opened"),
    ("in_force", "In force"),
    ("withdrawn", "Withdrawn"),
]
LACKS = [
    ("proof", "No proof that it arrived"),
    ("term", "Told too late for the day in force"),
]


class NoxNotice(models.Model):
    """A letter to one customer about a change: its ground, what is old and new, from
    which day, and what proves that it arrived. Without proof nothing comes into
    force."""

    _name = "nox.notice"
    _description = "Letter about a Change"
    _inherit = ["portal.mixin", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "day_in_force desc, id desc"

    name = fields.Char(string="Number", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
    )
    # === What changes, and why ===
    ground = fields.Selection(GROUNDS, required=True, readonly=True)
    ground_text = fields.Char(
        string="Ground in words",
        readonly=True,
        help="The figure or the decision that the letter names.",
    )
    explanation = fields.Text(readonly=True, help="What changes, as the letter says.")
    line_ids = fields.One2many("nox.notice.line", "notice_id", readonly=True)
    ending_text = fields.Text(
        string="Right to end", readonly=True, help="As the letter says it."
    )
    # === From when ===
    wanted_on = fields.Date(
        required=True, readonly=True, help="The day that was meant at first."
    )
    day_in_force = fields.Date(
        required=True,
        readonly=True,
        tracking=True,
        index=True,
        help="As the letter names it: never before the customer was told plus the"
        " term.",
    )
    term_days = fields.Integer(
        string="Term (days)",
        readonly=True,
        help="Days of notice, by the setting of the company when it was written.",
    )
    # === The letter and its way ===
    recipient_id = fields.Many2one("res.partner", string="Written to", readonly=True)
    email = fields.Char(readonly=True)
    by_post = fields.Boolean(
        readonly=True, help="There is no mail address, or the mail came back."
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="Letter",
        readonly=True,
        copy=False,
        help="As it was sent.",
    )
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, copy=False, groups="base.group_system"
    )
    sent_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    returned_at = fields.Datetime(
        string="Came back at", readonly=True, copy=False, tracking=True
    )
    return_reason = fields.Text(readonly=True, copy=False)
    opened_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    opened_by = fields.Char(readonly=True, copy=False)
    posted_on = fields.Date(readonly=True, copy=False, tracking=True)
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    posted_note = fields.Char(string="How it was posted", readonly=True, copy=False)
    started_at = fields.Datetime(
        string="In force since", readonly=True, copy=False, tracking=True
    )
    withdrawn_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    # === How it stands ===
    proof_kind = fields.Selection(
        [
            ("sent", "It was sent and did not come back"),
            ("opened", "It was opened"),
        ],
        string="What proves that a mail arrived",
        required=True,
        readonly=True,
        default="sent",
    )
    state = fields.Selection(STATES, compute="_compute_state", store=True, index=True)
    told_on = fields.Date(
        compute="_compute_state",
        store=True,
        help="The day on which the customer was told, as far as it is proven.",
    )
    lack = fields.Selection(
        LACKS,
        string="Lacks",
        compute="_compute_state",
        store=True,
        index=True,
        help="Nothing comes into force as long as something lacks.",
    )

    is_lack_told = fields.Boolean(readonly=True, copy=False)

    _name_unique = models.Constraint(
        "UNIQUE (company_id, name)", "There is another letter with this number."
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for letter in self:
            letter.access_url = f"/my/notices/{letter.id}"
        return res

    @api.depends(
        "sent_at",
        "returned_at",
        "opened_at",
        "posted_on",
        "by_post",
        "started_at",
        "withdrawn_at",
        "day_in_force",
        "term_days",
        "proof_kind",
    )
    def _compute_state(self):
        for letter in self:
            delivery = letter._delivery()
            letter.state = notice.state(
                delivery,
                by_post=letter.by_post,
                has_started=bool(letter.started_at),
                is_withdrawn=bool(letter.withdrawn_at),
            )
            letter.told_on = notice.told_on(delivery, letter.proof_kind)
            over = letter.state in ("in_force", "withdrawn")
            letter.lack = not over and (
                notice.lack(
                    letter.told_on or None, letter.day_in_force, letter.term_days
                )
                or False
            )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = f"{letter.name or ''} {letter.partner_id.name or ''}"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            vals["name"] = vals.get("name") or sequence.next_by_code("nox.notice")
            # Who gets the mail opens the letter by it.
            vals["access_token"] = str(uuid.uuid4())
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        if any(letter.attachment_id for letter in self):
            raise UserError(
                self.env._(
                    "A letter that was written stays for the record. Withdraw it"
                    " instead of deleting it."
                )
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_letter(self):
        """The PDF as it was sent."""
        self.ensure_one()
        if not self.attachment_id:
            raise UserError(
                self.env._("The letter is not written yet: it is in the queue.")
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
        }

    @for_readers
    def action_send_again(self):
        """Mail it anew, to the address that the contact has now."""
        self._check_may_tell()
        for letter in self:
            values = letter._address()
            if not values["email"]:
                raise UserError(
                    self.env._(
                        "%(customer)s has no e-mail address. Fill it in on the"
                        " contact, or send the letter by post.",
                        customer=letter.partner_id.display_name,
                    )
                )
            # In sudo: the mail is the system's.
            by_code(letter).sudo().write({**values, **letter._nothing_told()})
        self._trigger()
        return True

    @for_readers
    def action_by_post(self):
        """The letter to print for the post: with a day that leaves the term."""
        self.ensure_one()
        self._check_may_tell()
        today = self.company_id._service_today()
        by_code(self).write({"by_post": True})
        moved = notice.day_in_force(self.wanted_on, today, self.term_days)
        if not self.attachment_id or moved > self.day_in_force:
            self._write_letters()
        return self.action_view_letter()

    @for_readers
    def action_record_post(self):
        self.ensure_one()
        self._check_may_tell()
        return {
            "name": self.env._("Done by post"),
            "type": "ir.actions.act_window",
            "res_model": "nox.notice.post",
            "view_mode": "form",
            "target": "new",
            "context": {"default_notice_id": self.id},
        }

    @for_readers
    def action_withdraw(self):
        """Nothing of it comes into force any more."""
        self._check_open()
        if not self.env.user.has_group("nox_voip_service.group_manager"):
            raise AccessError(self.env._("A letter is withdrawn by a manager."))
        by_code(self).write({"withdrawn_at": fields.Datetime.now()})
        self._close_alarms()
        return True

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _delivery(self):
        """The facts of its way, as days where the company is."""
        self.ensure_one()
        day = self.company_id._service_day
        return notice.Delivery(
            sent_on=self.sent_at and day(self.sent_at) or None,
            returned_on=self.returned_at and day(self.returned_at) or None,
            opened_on=self.opened_at and day(self.opened_at) or None,
            posted_on=self.posted_on or None,
        )

    def _check_open(self):
        for letter in self:
            if letter.started_at or letter.withdrawn_at:
                raise UserError(
                    self.env._(
                        "%(letter)s is in force or withdrawn: nothing of it changes any"
                        " more.",
                        letter=letter.name,
                    )
                )

    def _check_may_tell(self):
        """Telling a customer again is for coordinators, and for open letters."""
        self._check_open()
        self.env["helpdesk.ticket"]._check_coordinator()

    @api.model
    def _address_of(self, customer, fallback=None):
        """Whom to write to: the customer, or who gets its invoices."""
        for partner in (customer, fallback or customer):
            if partner.email:
                return {
                    "recipient_id": partner.id,
                    "email": partner.email,
                    "by_post": False,
                }
        return {"recipient_id": customer.id, "email": False, "by_post": True}

    def _address(self):
        self.ensure_one()
        contract = self.line_ids.period_id.contract_line_id.contract_id[:1]
        return self._address_of(self.partner_id, contract.invoice_partner_id)

    def _nothing_told(self):
        """Values of a letter that is written anew; what happened stays in its
        history."""
        return {
            "attachment_id": False,
            "mail_id": False,
            "sent_at": False,
            "returned_at": False,
            "return_reason": False,
            "opened_at": False,
            "opened_by": False,
            "posted_on": False,
            "posted_by_id": False,
            "posted_note": False,
            "is_lack_told": False,
        }

    @api.model
    def _trigger(self):
        """Let the job go on at once; letters are no work for a click."""
        self.env.ref("nox_voip_service.cron_notices").sudo()._trigger()

    def _in_staff_language(self):
        company = self.company_id[:1] or self.env.company
        return self.with_context(lang=company.partner_id._service_lang())

    # ------------------------------------------------------------------
    # BUSINESS: alarms
    # ------------------------------------------------------------------

    def _alarm(self, sentence):
        """Somebody has to do something, once: an activity for who is responsible."""
        kind = "nox_voip_service.mail_activity_notice_proof"
        for letter in self:
            if letter.activity_search([kind], only_automated=False):
                continue
            letter.activity_schedule(
                kind,
                summary=sentence,
                user_id=(letter.user_id or letter.create_uid).id,
            )

    def _close_alarms(self):
        self.sudo().activity_unlink(
            ["nox_voip_service.mail_activity_notice_proof"], only_automated=False
        )
