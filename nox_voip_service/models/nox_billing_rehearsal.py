from odoo import Command, api, fields, models
from odoo.tools import formatLang


class NoxBillingRehearsal(models.TransientModel):
    """Every customer's next invoice as it would be now, and what is odd about it.

    Computed into transient rows: no charge, order, invoice or number is made.
    """

    _name = "nox.billing.rehearsal"
    _description = "Rehearsal of the Monthly Run"

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

    @api.model
    def _default_billed_on(self):
        today = self.env.company._service_today()
        return fields.Date.add(today.replace(day=1), months=1)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    def action_rehearse(self):
        """Compute a rehearsal and show its lines."""
        self.env["nox.billing.run"]._check_accountant()
        rehearsal = self.create({})
        rehearsal._rehearse()
        return {
            "name": self.env._("Rehearsal of %(date)s", date=rehearsal.billed_on),
            "type": "ir.actions.act_window",
            "res_model": "nox.billing.rehearsal.line",
            "view_mode": "list,form,pivot",
            "domain": [("rehearsal_id", "=", rehearsal.id)],
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _rehearse(self):
        self.ensure_one()
        run = self.env["nox.billing.run"].new({"company_id": self.company_id.id})
        customers = run._customers_due(self.billed_on)
        due = run._due_by_customer(customers, self.billed_on)
        tickets = run._finished_tickets(customers).grouped(
            lambda ticket: ticket.pbx_id.commercial_partner_id
        )
        before = self._last_month(customers)
        open_work = self._open_work(customers)
        self.line_ids = [
            Command.create(
                self._prepare_line_vals(
                    customer,
                    due.get(customer, []),
                    tickets.get(customer, self.env["helpdesk.ticket"]),
                    before.get(customer, (0.0, 0.0)),
                    open_work.get(customer, self.env["helpdesk.ticket"]),
                )
            )
            for customer in customers
        ]

    def _last_month(self, customers):
        """``{customer: (users, amount)}`` of the month billed last."""
        last = fields.Date.subtract(self.billed_on.replace(day=1), months=2)
        groups = self.env["nox.seat.charge"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "in", customers.ids),
                ("month", "=", last),
            ],
            ["commercial_partner_id"],
            ["quantity:sum", "amount:sum"],
        )
        return {customer: (users, amount) for customer, users, amount in groups}

    def _open_work(self, customers):
        """Tickets whose time waits for a verdict or an approval."""
        return (
            self.env["helpdesk.ticket"]
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("pbx_id.commercial_partner_id", "in", customers.ids),
                    ("worked_minutes", ">", 0),
                    "|",
                    ("coverage", "=", "undecided"),
                    ("held_minutes", ">", 0),
                ]
            )
            .grouped(lambda ticket: ticket.pbx_id.commercial_partner_id)
        )

    def _prepare_line_vals(self, customer, steps, tickets, before, open_work):
        Charge = self.env["nox.seat.charge"]
        currency = self.company_id.currency_id
        texts, users, users_amount = [], 0.0, 0.0
        for step, lines in steps:
            amount = currency.round(float(step.quantity * step.price))
            users_amount += amount
            if step.kind != "revise":
                users += float(step.quantity)
            texts.append(
                f"{Charge._month_text(step.month, self.env.lang)}: "
                f"{Charge._explain(step, lines, self.env.lang)} = "
                f"{formatLang(self.env, amount, currency_obj=currency)}"
            )
        work = 0.0
        for ticket in tickets:
            for blocks, price in ticket._work_to_invoice():
                work += currency.round(blocks * price)
                texts.append(
                    f"{ticket.display_name}: {blocks} × {formatLang(self.env, price)}"
                )
        values = {
            "partner_id": customer.id,
            "users": users,
            "users_before": before[0],
            "users_amount": users_amount,
            "amount_before": before[1],
            "work_amount": work,
            "explanation": "\n".join(texts),
        }
        warnings = self._warnings(customer, values, open_work)
        return dict(values, warnings="\n".join(warnings), has_warning=bool(warnings))

    def _warnings(self, customer, values, open_work):
        """What an accountant should look at before the real run."""
        warnings = []
        total = values["users_amount"] + values["work_amount"]
        if not customer.active:
            warnings.append(self.env._("The customer is archived."))
        if not customer.email and not customer.child_ids.filtered("email"):
            warnings.append(self.env._("There is no e-mail address for the invoice."))
        if total < 0:
            warnings.append(self.env._("This becomes a credit note."))
        elif not total and (values["users"] or values["explanation"]):
            warnings.append(self.env._("The invoice amounts to nothing."))
        if values["users_before"] and values["users"] > 1.3 * values["users_before"]:
            warnings.append(
                self.env._("More than 30% more users than in the month before.")
            )
        if open_work:
            warnings.append(
                self.env._(
                    "Work without verdict or approval: %(tickets)s",
                    tickets=", ".join(open_work.mapped("number")),
                )
            )
        return warnings
