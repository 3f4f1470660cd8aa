from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...policy import months, run_control
from ..base.guard import for_readers

# Invoices that did not reach the customer.
UNSENT = [("state", "=", "posted"), ("is_move_sent", "=", False)]


class NoxBillingRun(models.Model):
    """The monthly run of a company: bills what is due and not billed yet, customer by
    customer, in small transactions (docs/ARCHITECTURE.md#month-to-invoice).

    Running it again, at any time and after any interruption, adds nothing.
    """

    _name = "nox.billing.run"
    _description = "Monthly Billing Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "month desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self._default_month(),
        help="The month that has ended; earlier months that were missed come along.",
    )
    state = fields.Selection(
        [("draft", "To run"), ("running", "Running"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
    )
    # === Progress ===
    customers_due = fields.Integer(string="Customers", readonly=True)
    customers_done = fields.Integer(string="Customers done", readonly=True)
    position = fields.Integer(
        readonly=True,
        help="Behind this database id of a customer the run goes on after an"
        " interruption.",
    )
    skipped_ids = fields.Many2many(
        "res.partner",
        "nox_billing_run_skipped_rel",
        readonly=True,
        help="Customers whom somebody was changing; they are tried again at the end.",
    )
    progress = fields.Float(compute="_compute_progress")
    started_at = fields.Datetime(readonly=True)
    progress_at = fields.Datetime(
        string="Last progress", readonly=True, help="End of the last batch."
    )
    finished_at = fields.Datetime(readonly=True)
    # === Results ===
    parked_ids = fields.One2many("nox.billing.parked", "run_id", readonly=True)
    open_parked_count = fields.Integer(compute="_compute_open_parked_count")
    move_ids = fields.One2many("account.move", "service_run_id", readonly=True)
    move_count = fields.Integer(string="Invoices", compute="_compute_totals")
    unsent_count = fields.Integer(
        string="Not sent",
        compute="_compute_totals",
        help="Posted invoices that were not sent: they wait in Odoo's send queue, or"
        " the customer has no e-mail address.",
    )
    charge_ids = fields.One2many("nox.seat.charge", "run_id", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_untaxed = fields.Monetary(
        string="Total excl. VAT",
        compute="_compute_totals",
        help="In the company's currency, credit notes taken off.",
    )
    lateness = fields.Selection(
        [
            ("waiting", "Nobody has started it"),
            ("stuck", "It does not get on"),
            ("parked", "Customers are parked"),
        ],
        compute="_compute_lateness",
        search="_search_lateness",
        help="Why billing is late.",
    )

    _one_per_month = models.Constraint(
        "UNIQUE (company_id, month)", "This month has its run already; run that again."
    )
    _first_of_month = models.Constraint(
        "CHECK (EXTRACT(DAY FROM month) = 1)", "A run is for a whole calendar month."
    )

    # ------------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------------

    @api.model
    def _default_month(self):
        today = self.env.company._service_today()
        return months.previous_month(today)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("month", "company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.month:%Y-%m} {run.company_id.name}"

    @api.depends("customers_due", "customers_done", "state")
    def _compute_progress(self):
        for run in self:
            run.progress = (
                100 * run.customers_done / run.customers_due
                if run.customers_due
                else 100 * (run.state == "done")
            )

    @api.depends("parked_ids.is_open")
    def _compute_open_parked_count(self):
        counts = dict(
            self.env["nox.billing.parked"]._read_group(
                [("run_id", "in", self.ids), ("is_open", "=", True)],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.open_parked_count = counts.get(run, 0)

    @api.depends(
        "move_ids.amount_untaxed_signed", "move_ids.state", "move_ids.is_move_sent"
    )
    def _compute_totals(self):
        found = {
            run: (count, amount)
            for run, count, amount in self.env["account.move"]._read_group(
                [("service_run_id", "in", self.ids), ("state", "!=", "cancel")],
                ["service_run_id"],
                ["__count", "amount_untaxed_signed:sum"],
            )
        }
        unsent = dict(
            self.env["account.move"]._read_group(
                [("service_run_id", "in", self.ids), *UNSENT],
                ["service_run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.move_count, run.amount_untaxed = found.get(run, (0, 0.0))
            run.unsent_count = unsent.get(run, 0)

    @api.depends("state", "progress_at", "started_at", "parked_ids.is_open")
    def _compute_lateness(self):
        now = fields.Datetime.now()
        for run in self:
            since = run.progress_at or run.started_at or now
            run.lateness = (
                run_control.lateness(
                    run.month,
                    run.state,
                    today=run.company_id._service_today(),
                    hours_without_progress=int((now - since).total_seconds() // 3600),
                    parked=run.open_parked_count,
                )
                if run.month
                else False
            )

    def _search_lateness(self, operator, value):
        """In Python: a run that is done and has nobody parked is never late, and few
        are left."""
        if operator != "in":
            return NotImplemented
        suspects = self.search(
            ["|", ("state", "!=", "done"), ("parked_ids.is_open", "=", True)]
        )
        late = suspects.filtered(lambda run: run.lateness in value)
        domain = fields.Domain("id", "in", late.ids)
        if False in value:
            domain |= ~fields.Domain("id", "in", suspects.ids)
        return domain

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for run in self:
            if run.move_ids or run.state != "draft":
                raise UserError(
                    self.env._(
                        "%(run)s belongs to the history of the billing and cannot be"
                        " deleted.",
                        run=run.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_run(self):
        """Start, or run again: the scheduled job does the work at once."""
        self._check_accountant()
        self._check_can_run()
        for run in self.filtered(lambda run: run.state != "running"):
            run._start()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The run has started in the background. Reload to see its progress."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @for_readers
    def action_view_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return dict(
            action,
            domain=[("service_run_id", "=", self.id)],
            # Without its type Odoo's list leaves the customer out.
            context={"create": False, "default_move_type": "out_invoice"},
        )

    @for_readers
    def action_view_unsent(self):
        action = self.action_view_invoices()
        return dict(
            action,
            name=self.env._("Invoices that were not sent"),
            domain=[*action["domain"], *UNSENT],
        )

    @for_readers
    def action_view_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_seat_charge_action"
        )
        return dict(action, domain=[("run_id", "=", self.id)])

    @for_readers
    def action_view_parked(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_billing_parked_action"
        )
        return dict(action, domain=[("run_id", "=", self.id)])

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _check_accountant(self):
        if not self.env.su and not self.env.user.has_group(
            "nox_voip_service.group_accountant"
        ):
            raise AccessError(self.env._("Only accountants run the monthly billing."))

    def _check_can_run(self):
        """Say what is missing, instead of starting a run that never gets on."""
        self._check_not_put_back()
        self.company_id._check_quantities()
        self._check_open_books()
        for run in self:
            if not run.company_id.service_tz:
                raise UserError(
                    self.env._(
                        "%(company)s has no time zone, so nobody knows when its month"
                        " has ended. A manager can choose it in the settings of the"
                        " helpdesk.",
                        company=run.company_id.name,
                    )
                )
            if not months.has_ended(run.month, run.company_id._service_today()):
                raise UserError(self.env._("This month has not ended yet."))
        if not self.env.ref("nox_voip_service.cron_billing_run").sudo().active:
            raise UserError(
                self.env._(
                    "The scheduled job of the monthly run is switched off. An"
                    " administrator can switch it on."
                )
            )

    def _check_open_books(self):
        """One sentence before the start, and not one for every customer: nothing can
        be booked on the day of the run."""
        for run in self:
            company, day = run.company_id, run._today()
            journal = self.env["account.journal"].search(
                [
                    *self.env["account.journal"]._check_company_domain(company),
                    ("type", "=", "sale"),
                ],
                limit=1,
            )
            locks = company._get_violated_lock_dates(day, True, journal)
            if locks:
                raise UserError(
                    self.env._(
                        "The invoices of the run would be of %(day)s, and the books of"
                        " %(company)s are closed until then: %(locks)s.",
                        day=format_date(self.env, day),
                        company=company.name,
                        locks=company._format_lock_dates(locks),
                    )
                )

    def _start(self):
        """Begin at the first customer, also when the run was done before. The scheduled
        job does the work."""
        self.ensure_one()
        self.sudo().write(
            {
                "state": "running",
                "started_at": fields.Datetime.now(),
                "progress_at": False,
                "finished_at": False,
                "customers_done": 0,
                "customers_due": 0,
                "position": 0,
                "skipped_ids": [fields.Command.clear()],
            }
        )
        self.env.ref("nox_voip_service.cron_billing_run")._trigger()

    def _responsible_user(self):
        """Who is told about parked customers: who made the run, else an accountant."""
        if (
            not self.create_uid.share
            and self.create_uid.id != self.env.ref("base.user_root").id
        ):
            return self.create_uid
        group = self.env.ref("nox_voip_service.group_accountant")
        return (
            group.all_user_ids.filtered(
                lambda user: (
                    self.company_id in user.company_ids
                    and not user.share
                    and user.active
                    and user.id != self.env.ref("base.user_root").id
                )
            )[:1]
            or self.env.user
        )
