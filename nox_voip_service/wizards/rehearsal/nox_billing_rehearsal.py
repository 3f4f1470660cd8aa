from odoo import api, fields, models

from ...models.base.guard import for_readers
from ...policy import months


class NoxBillingRehearsal(models.TransientModel):
    """Every customer's next invoice as it would be now, and what is odd about it.

    Computed into transient rows, by the same rules as the run: no charge, order,
    invoice or number is made.
    """

    _name = "nox.billing.rehearsal"
    _description = "Rehearsal of the Monthly Run"
    _rec_name = "billed_on"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    billed_on = fields.Date(
        string="Invoice date",
        required=True,
        default=lambda self: self._default_billed_on(),
        help="The months before this day's month are billed.",
    )
    line_ids = fields.One2many("nox.billing.rehearsal.line", "rehearsal_id")
    xlsx = fields.Binary(attachment=False, readonly=True)
    xlsx_name = fields.Char(readonly=True)

    # ------------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------------

    @api.model
    def _default_billed_on(self):
        """Today, while the month that ended is still to be billed; else the first of
        next month."""
        company = self.env.company
        today = company._service_today()
        run = self.env["nox.billing.run"].new({"company_id": company.id})
        is_done = run.search_count(
            [
                ("company_id", "=", company.id),
                ("month", "=", run._default_month()),
                ("state", "=", "done"),
            ],
            limit=1,
        )
        is_due = self.env["nox.pbx.plan"].search_count(
            run._get_period_domain(today), limit=1
        )
        if is_due and not is_done:
            return today
        return months.next_month(today)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    @for_readers
    def action_rehearse(self):
        """Compute a rehearsal and show its invoices."""
        self.env["nox.billing.run"]._check_accountant()
        rehearsal = self.create({})
        rehearsal._rehearse()
        return rehearsal._open_lines()

    @for_readers
    def action_rehearse_again(self):
        """Compute it again, after something was put right."""
        self.env["nox.billing.run"]._check_accountant()
        self.line_ids.unlink()
        self._rehearse()
        return self._open_lines()

    @for_readers
    def action_open_run(self):
        """The run that would make these invoices; made if there is none yet."""
        self.ensure_one()
        Run = self.env["nox.billing.run"].with_company(self.company_id)
        Run._check_accountant()
        month = Run._default_month()
        run = Run.search(
            [("company_id", "=", self.company_id.id), ("month", "=", month)]
        ) or Run.sudo().create({"company_id": self.company_id.id, "month": month})
        return run.sudo(False)._get_records_action()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_billing_rehearsal_line_action"
        )
        name = self.env._(
            "Rehearsal of %(date)s",
            date=fields.Date.to_date(self.billed_on).strftime("%d-%m-%Y"),
        )
        return dict(
            action,
            name=name,
            domain=[("rehearsal_id", "=", self.id)],
            context={"rehearsal_id": self.id},
            target="main",
        )

    def _rehearse(self):
        """One line for each invoice that the run would make, and one for each
        customer who would be parked or is billed no more."""
        self.ensure_one()
        run = self.env["nox.billing.run"].new(
            {
                "company_id": self.company_id.id,
                "month": months.previous_month(self.billed_on),
            }
        )
        customers = run._customers_due(self.billed_on) | self._billed_before(run)
        previews = self._preview_invoices(run, customers)
        before = self._lines_before(run, customers)
        facts = self._facts(run, customers)
        self.env["nox.billing.rehearsal.line"].create(
            [
                values
                for customer in customers
                for values in self._prepare_lines(
                    customer, previews[customer], before.get(customer, {}), facts
                )
            ]
        )
