import pytz

from odoo import api, fields, models, tools

from ...policy import days

# Kept in the registry's cache: every request and every entry of time asks for them.
CACHED_FIELDS = {"partner_id", "service_project_id", "service_tz"}
MADE_PROJECT = "nox_voip_service.made_project"


class ResCompany(models.Model):
    _inherit = "res.company"

    service_project_id = fields.Many2one(
        "project.project",
        string="Service project",
        check_company=True,
        ondelete="restrict",
        help="Time on tickets is recorded in this project.",
    )
    # Stored, so that "today" costs no query on the partner with every ticket.
    service_tz = fields.Selection(
        related="partner_id.tz", store=True, string="Time zone", readonly=False
    )
    service_quote_validity_days = fields.Integer(default=30)
    service_quote_reminder_days = fields.Integer(
        default=7, help="Days before the expiry on which the customer is reminded."
    )
    service_quote_autosend = fields.Boolean(
        string="Send quotes at once",
        help="Send a quote as soon as the estimate of the job is known.",
    )

    # === Portal ===
    service_request_limit = fields.Integer(
        string="Requests per hour",
        default=20,
        help="What one portal user can send in an hour; 0 means no limit.",
    )
    service_portal_time = fields.Selection(
        [
            ("finished", "When the request is finished"),
            ("invoiced", "When the work is invoiced"),
        ],
        string="Show worked time",
        default="finished",
        required=True,
    )

    # === Monthly run ===
    service_run_automatic = fields.Boolean(
        string="Run by itself", help="Start the run on the first of the month."
    )
    service_invoice_mode = fields.Selection(
        [
            ("draft", "Leave drafts"),
            ("post", "Post"),
            ("send", "Post and mail"),
        ],
        string="Invoices of the run",
        default="draft",
        required=True,
    )
    service_invoice_separate = fields.Boolean(
        string="Users, work and trainings on separate invoices"
    )
    service_long_running_days = fields.Integer(
        string="Bill unfinished work after (days)",
        help="Billable work on tickets that were requested so many days before the run"
        " is billed although the ticket is not finished. 0: only finished tickets.",
    )
    service_correction_months = fields.Integer(
        string="Correct back (months)",
        default=12,
        help="Billed months that a corrected history can still change.",
    )

    # === Questions about invoice lines ===
    service_dispute_days = fields.Integer(
        string="Answer questions within (days)",
        default=7,
        help="Days in which a question about an invoice line is answered.",
    )
    service_dispute_user_id = fields.Many2one(
        "res.users",
        string="Who answers questions",
        domain="[('share', '=', False)]",
        help="Empty: the person of the invoice, else an accountant.",
    )

    _dispute_days_not_negative = models.Constraint(
        "CHECK (service_dispute_days >= 0)",
        "The days to answer a question cannot be negative.",
    )
    _long_running_days_not_negative = models.Constraint(
        "CHECK (service_long_running_days >= 0)",
        "The days after which unfinished work is billed cannot be negative.",
    )
    # === Training ===
    service_certificate_months = fields.Integer(
        string="Certificates valid for (months)",
        help="0: certificates do not expire.",
    )
    service_certificate_reminder_days = fields.Integer(
        default=60,
        help="Days before the expiry on which holder and coordinator are told. 0: "
        "nobody is told.",
    )

    _certificate_terms_not_negative = models.Constraint(
        "CHECK (service_certificate_months >= 0"
        " AND service_certificate_reminder_days >= 0)",
        "The months and days of a certificate cannot be negative.",
    )
    _correction_months_not_negative = models.Constraint(
        "CHECK (service_correction_months >= 0)",
        "The months to correct back cannot be negative.",
    )
    _request_limit_not_negative = models.Constraint(
        "CHECK (service_request_limit >= 0)",
        "The number of requests per hour cannot be negative.",
    )
    _quote_days_positive = models.Constraint(
        "CHECK (service_quote_validity_days > 0 AND service_quote_reminder_days >= 0)",
        "A quote is valid for at least one day.",
    )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["nox.service.plan"].sudo()._share_products(companies)
        return companies

    def write(self, vals):
        res = super().write(vals)
        if CACHED_FIELDS & vals.keys():
            self.env.registry.clear_cache()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @tools.ormcache("self.id")
    def _service_timezone(self):
        """The time zone that this company's dates are in.

        Cached in the registry: every ticket asks which day it is. A write of the
        time zone of a company's partner clears it.
        """
        return pytz.timezone(self.sudo().service_tz or "UTC")

    def _service_today(self):
        """Today's date where the company is."""
        return self._service_day(fields.Datetime.now())

    def _service_day(self, moment):
        """The day of a moment (naive UTC) where the company is; in UTC as long as its
        time zone is not known."""
        return days.local_day(moment, self._service_timezone())

    def _service_manager(self):
        """A service manager of this company, who is told what somebody has to do; the
        robot, when there is none."""
        self.ensure_one()
        robot = self.env.ref("base.user_root")
        group = self.env.ref("nox_voip_service.group_manager")
        managers = group.sudo().all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and user != robot
                and self in user.company_ids
            )
        )
        return managers.sorted("id", reverse=True)[:1] or robot

    def _service_project(self):
        """The one project that time on tickets goes to; made when there is none."""
        self.ensure_one()
        company = self.sudo()
        # What was made in this transaction, a savepoint may take back again: until it
        # is committed the registry's cache does not see it.
        if not self.env.cr.cache.get(MADE_PROJECT):
            if number := self._service_project_number():
                return self.env["project.project"].sudo().browse(number)
            self.env.cr.cache[MADE_PROJECT] = True
        if not company.service_project_id:
            company.service_project_id = company._create_service_project()
        return company.service_project_id

    @tools.ormcache("self.id")
    def _service_project_number(self):
        """Id of that project. Cached, for every entry of time asks for it; the
        project of a company cannot be deleted."""
        return self.sudo().service_project_id.id

    @api.model
    def _prepare_service_project_vals(self):
        return {
            "name": self.env._("Service & maintenance"),
            "company_id": self.id,
            "allow_billable": True,
            "allow_timesheets": True,
            # Odoo's default shows a project to invited customers, with its time.
            "privacy_visibility": "employees",
        }

    def _create_service_project(self):
        return (
            self.env["project.project"]
            .with_company(self)
            .create(self._prepare_service_project_vals())
        )
