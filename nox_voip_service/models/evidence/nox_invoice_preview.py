from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ...policy import months

STATES = [
    ("waiting", "Not billed yet"),
    ("equal", "Equal"),
    ("explained", "Differs, with a reason"),
    ("unexplained", "Differs, unexplained"),
]


class NoxInvoicePreview(models.Model):
    """The next invoice of a customer as the portal showed it the night before, kept to
    be set beside the bill: they are equal, or a sentence says why not.

    One row a customer and month, made anew each night until the month is billed.
    """

    _name = "nox.invoice.preview"
    _description = "Stored Preview of an Invoice"
    _order = "month desc, state desc, id"
    _rec_name = "commercial_partner_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    month = fields.Date(
        required=True, readonly=True, help="First day of the month that the run bills."
    )
    month_text = fields.Char(string="Month of the bill", compute="_compute_month_text")
    made_at = fields.Datetime(
        string="Stored at", readonly=True, help="The night on which it was made last."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    lines = fields.Json(
        readonly=True,
        help="Each line: what it bills, sentence, quantity, amount, facts.",
    )
    amount_untaxed = fields.Monetary(
        string="Shown", readonly=True, help="Excl. VAT, as the customer saw it."
    )
    amount_total = fields.Monetary(string="Shown incl. VAT", readonly=True)
    parked = fields.Char(
        readonly=True,
        help="Why the run would leave this customer out, as of the night.",
    )
    # === The bill ===
    state = fields.Selection(
        STATES, default="waiting", required=True, readonly=True, index=True
    )
    run_id = fields.Many2one(
        "nox.billing.run", string="Monthly run", readonly=True, index="btree_not_null"
    )
    compared_at = fields.Datetime(readonly=True)
    is_final = fields.Boolean(
        readonly=True, help="The invoices are posted: nothing of them changes any more."
    )
    billed_untaxed = fields.Monetary(string="Billed", readonly=True, help="Excl. VAT.")
    made_lines = fields.Json(
        readonly=True,
        help="The lines as the run made them, before anybody edited them.",
    )
    reasons = fields.Json(
        readonly=True, help="Why the bill differs: codes and figures."
    )
    difference = fields.Monetary(compute="_compute_difference")
    reason_text = fields.Text(string="Why it differs", compute="_compute_reason_text")
    comparison = fields.Html(compute="_compute_comparison")

    _once = models.UniqueIndex(
        "(company_id, commercial_partner_id, month)",
        "This customer has a preview of this month already.",
    )
    _first_of_month = models.Constraint(
        "CHECK (EXTRACT(DAY FROM month) = 1)", "A preview is of a whole calendar month."
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_text(self):
        for preview in self:
            preview.month_text = format_date(
                self.env, preview.month, date_format="MMMM yyyy"
            )

    @api.depends("amount_untaxed", "billed_untaxed", "state")
    def _compute_difference(self):
        for preview in self:
            preview.difference = (
                preview.billed_untaxed - preview.amount_untaxed
                if preview.state != "waiting"
                else 0.0
            )

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for preview in self:
            preview.reason_text = "\n".join(
                dict.fromkeys(
                    preview._reason_sentence(reason) for reason in preview.reasons or []
                )
            )

    @api.depends("lines", "made_lines")
    @api.depends_context("lang")
    def _compute_comparison(self):
        """Both sides, line by line, as the customer read them."""
        for preview in self:
            shown = {line["key"]: line for line in preview.lines or []}
            made = {line["key"]: line for line in preview.made_lines or []}
            rows = Markup().join(
                Markup(
                    "<tr><td class='text-prewrap'>%s</td><td class='text-end'>%s</td>"
                    "<td class='text-end'>%s</td></tr>"
                )
                % (
                    (made.get(key) or shown[key])["text"],
                    preview._side(shown.get(key)),
                    preview._side(made.get(key)),
                )
                for key in dict.fromkeys([*shown, *made])
            )
            preview.comparison = Markup(
                "<table class='table table-sm'><thead><tr><th>%s</th>"
                "<th class='text-end'>%s</th><th class='text-end'>%s</th></tr></thead>"
                "<tbody>%s</tbody></table>"
            ) % (self.env._("Line"), self.env._("Shown"), self.env._("Billed"), rows)

    @api.depends("commercial_partner_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for preview in self:
            customer = preview.commercial_partner_id.name
            preview.display_name = f"{customer}, {preview.month_text}"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _side(self, line):
        """A line of one side: "2 · € 41.00", or nothing."""
        if not line:
            return ""
        amount = formatLang(
            self.env, float(line["amount"]), currency_obj=self.currency_id
        )
        return f"{self._figure(line['quantity'])} · {amount}"

    def _figure(self, text):
        """A figure as the language writes it, whole ones without decimals."""
        value = float(text)
        return formatLang(self.env, value, digits=0 if value.is_integer() else 2)

    @api.model
    def _next_month(self, company):
        """``(month, day)`` of the next run of a company: while the month that ended is
        not billed, that one and today; else this month, on the first of the next.
        None while a run is at work."""
        today = company._service_today()
        ended = months.previous_month(today)
        run = self.env["nox.billing.run"].search(
            [("company_id", "=", company.id), ("month", "=", ended)]
        )
        if run.state == "running":
            return None
        if run.state == "done":
            return months.first_of_month(today), months.next_month(today)
        return ended, today

    @api.model
    def _proven(self, domain):
        """``(months whose bills all are equal or explained, months)`` of these."""
        unexplained = {
            (company, month)
            for company, month in self._read_group(
                [*domain, ("state", "=", "unexplained")], ["company_id", "month:month"]
            )
        }
        compared = self._read_group(
            [*domain, ("state", "!=", "waiting")], ["company_id", "month:month"]
        )
        return sum(each not in unexplained for each in compared), len(compared)
