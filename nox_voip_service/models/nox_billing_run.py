import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError

_logger = logging.getLogger(__name__)


class NoxBillingRun(models.Model):
    """The monthly run of a company: bills what is due and not billed yet, customer
    by customer, in small transactions (design 5.4).

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
    customers_due = fields.Integer(readonly=True)
    customers_done = fields.Integer(readonly=True)
    progress = fields.Float(compute="_compute_progress")
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    parked_ids = fields.One2many("nox.billing.parked", "run_id")
    open_parked_count = fields.Integer(compute="_compute_open_parked_count")
    move_ids = fields.One2many("account.move", "service_run_id", readonly=True)
    move_count = fields.Integer(compute="_compute_totals")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_untaxed = fields.Monetary(compute="_compute_totals")

    _one_per_month = models.Constraint(
        "UNIQUE (company_id, month)", "This month has its run already; run that again."
    )

    # ------------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------------

    @api.model
    def _default_month(self):
        today = self.env.company._service_today()
        return fields.Date.subtract(today.replace(day=1), months=1)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("month", "company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.month:%Y-%m} {run.company_id.name}"

    @api.depends("customers_due", "customers_done")
    def _compute_progress(self):
        for run in self:
            run.progress = (
                100 * run.customers_done / run.customers_due
                if run.customers_due
                else 100 * (run.state == "done")
            )

    @api.depends("parked_ids.is_open")
    def _compute_open_parked_count(self):
        for run in self:
            run.open_parked_count = len(run.parked_ids.filtered("is_open"))

    @api.depends("move_ids.amount_untaxed_signed", "move_ids.state")
    def _compute_totals(self):
        for run in self:
            live = run.move_ids.filtered(lambda move: move.state != "cancel")
            run.move_count = len(live)
            run.amount_untaxed = sum(live.mapped("amount_untaxed_signed"))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_run(self):
        """Start, or run again: the scheduled job does the work at once."""
        self._check_accountant()
        self.write({"state": "running", "started_at": fields.Datetime.now()})
        self.env.ref("nox_voip_service.cron_billing_run")._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The run has started in the background. Reload to see its progress."
                ),
            },
        }

    def action_view_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return dict(
            action,
            domain=[("service_run_id", "=", self.id)],
            context={"create": False},
        )

    # ------------------------------------------------------------------
    # BUSINESS: the job
    # ------------------------------------------------------------------

    @api.model
    def _check_accountant(self):
        if not self.env.su and not self.env.user.has_group(
            "nox_voip_service.group_accountant"
        ):
            raise AccessError(self.env._("Only accountants run the monthly billing."))

    @api.model
    def _cron_billing_run(self):
        """Hourly: start the runs of companies whose first of the month has come, and
        go on with those that are running."""
        companies = self.env["res.company"].search(
            [("service_run_automatic", "=", True)]
        )
        for company in companies:
            self.with_company(company)._start_due_run()
        for run in self.search([("state", "=", "running")]):
            run.with_company(run.company_id)._process()

    @api.model
    def _start_due_run(self):
        """Make the run of the month that ended, once the company's date has come."""
        company = self.env.company
        if not company.service_tz:
            _logger.info("No monthly run for %s: it has no time zone", company.name)
            return
        month = self._default_month()
        if self.search_count(
            [("company_id", "=", company.id), ("month", "=", month)], limit=1
        ):
            return
        self.create(
            {
                "company_id": company.id,
                "month": month,
                "state": "running",
                "started_at": fields.Datetime.now(),
            }
        )

    def _process(self, batch_size=50):
        """Bill the customers of this run in batches, one transaction each. Those
        whose rows are locked are skipped and tried once more at the end."""
        self.ensure_one()
        progress = self.env["ir.cron"]._commit_progress
        customers = self._customers_due()
        self.write({"customers_due": len(customers), "customers_done": 0})
        skipped = self.env["res.partner"]
        progress(remaining=len(customers))
        for start in range(0, len(customers), batch_size):
            batch = customers[start : start + batch_size]
            free = self._lock_customers(batch)
            skipped |= batch - free
            self._bill_customers(free)
            self.customers_done += len(free)
            if not progress(len(batch)):
                return
        self._bill_customers(self._lock_customers(skipped))
        self.write({"state": "done", "finished_at": fields.Datetime.now()})
        progress(remaining=0)

    def _lock_customers(self, customers):
        """The customers of whom nobody is changing a PBX at this moment."""
        pbxs = self.env["nox.pbx"].search(self._get_pbx_domain(customers))
        busy = pbxs - pbxs.try_lock_for_update()
        return customers - busy.commercial_partner_id

    def _get_pbx_domain(self, customers=None):
        domain = [
            ("company_id", "=", self.company_id.id),
        ]
        if customers is not None:
            domain.append(("commercial_partner_id", "in", customers.ids))
        return domain

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
                lambda user: self.company_id in user.company_ids and not user.share
            )[:1]
            or self.env.user
        )
