import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.base.guard import for_readers
from ...policy import going_live, months

MAX_FAULTS = 200


class NoxGoingLive(models.TransientModel):
    """Customers, PBXs, plans, prices and users of the system before, from one
    workbook: checked as a whole, laid beside the old invoices, accepted whole or not
    at all."""

    _name = "nox.going.live"
    _description = "Going Live"
    _rec_name = "file_name"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    file = fields.Binary(string="Workbook", attachment=False)
    file_name = fields.Char()
    first_month = fields.Date(
        required=True,
        default=lambda self: self._default_first_month(),
        help="The month that the first run here bills: its users are counted and laid"
        " beside what the system before billed for it.",
    )
    state = fields.Selection(
        [("choose", "Choose"), ("checked", "Checked"), ("done", "Live")],
        default="choose",
        readonly=True,
    )
    fault_ids = fields.One2many("nox.going.live.fault", "going_live_id", readonly=True)
    fault_count = fields.Integer(readonly=True)
    line_ids = fields.One2many("nox.going.live.line", "going_live_id", readonly=True)
    customer_count = fields.Integer(string="Customers", readonly=True)
    known_count = fields.Integer(string="Of these known already", readonly=True)
    pbx_count = fields.Integer(string="PBXs", readonly=True)
    user_count = fields.Integer(string="Users", readonly=True)
    amount = fields.Monetary(string="First month here", readonly=True)
    old_amount = fields.Monetary(string="Invoices of the old system", readonly=True)
    difference = fields.Monetary(readonly=True)
    book = fields.Binary(attachment=False, readonly=True)
    book_name = fields.Char(readonly=True)

    # ------------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------------

    @api.model
    def _default_first_month(self):
        """The month that is running: the run of the first bills it."""
        return months.first_of_month(self.env.company._service_today())

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_template(self):
        """Download the empty workbook, with what each column says."""
        return self._download(self.env._("going live"), self._template({}))

    @for_readers
    def action_example(self):
        """Download the workbook with the customers of an example."""
        return self._download(
            self.env._("going live, an example"), self._template(self._example())
        )

    @for_readers
    def action_check(self):
        """Read the workbook: its faults, or the first month of each PBX."""
        self.ensure_one()
        self._check_manager()
        records, faults = self._read()
        self.fault_ids.unlink()
        self.line_ids.unlink()
        self.write(
            {
                "state": "choose" if faults else "checked",
                "fault_count": len(faults),
                **self._count(records),
            }
        )
        self.env["nox.going.live.fault"].create(
            [self._prepare_fault(fault) for fault in faults[:MAX_FAULTS]]
        )
        if not faults:
            self._rehearse(records)
        return self._reopen()

    @for_readers
    def action_accept(self):
        """Make all of it, in one transaction, from the file as it was checked."""
        self.ensure_one()
        self._check_manager()
        if self.state == "done":
            raise UserError(self.env._("This workbook was accepted already."))
        if self.state != "checked":
            raise UserError(self.env._("Check the workbook first."))
        records, faults = self._read()
        if faults:
            raise UserError(
                self.env._(
                    "Something changed since the workbook was checked: %(sentence)s"
                    " Check it again.",
                    sentence=self._fault_sentence(faults[0]),
                )
            )
        pbxs = self._accept(records)
        self.state = "done"
        return {
            "name": self.env._("PBXs that went live"),
            "type": "ir.actions.act_window",
            "res_model": "nox.pbx",
            "view_mode": "list,form",
            "domain": [("id", "in", pbxs.ids)],
        }

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_manager(self):
        if not self.env.user.has_group("nox_voip_service.group_manager"):
            raise AccessError(self.env._("Going live is for managers."))

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Going live"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def _download(self, name, content):
        self.ensure_one()
        self._check_manager()
        self.write({"book": base64.b64encode(content), "book_name": f"{name}.xlsx"})
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": f"/web/content/{self._name}/{self.id}/book"
            "?filename_field=book_name&download=true",
        }

    def _read(self):
        """``({sheet: [record]}, [fault])`` of the file, judged as a whole and beside
        what is there already."""
        records, faults = self._read_book()
        faults += going_live.check(
            records,
            self._policy_plans(),
            this_month=self.company_id._service_today(),
        )
        if not faults:
            faults = self._faults_of_what_is_there(records)
        if not faults and not records["pbxs"]:
            raise UserError(
                self.env._(
                    "There is no PBX in this workbook. Download the template, fill in"
                    " its sheets and choose that file."
                )
            )
        order = {name: index for index, name in enumerate(going_live.SHEETS)}
        faults.sort(key=lambda fault: (order[fault.sheet], fault.row))
        return records, faults

    def _plans(self):
        """``{name in small letters: plan}``: its code, and its name in any language."""
        plans = (
            self.env["nox.service.plan"]
            .with_company(self.company_id)
            .search([("company_id", "in", (False, self.company_id.id))])
        )
        return {
            name.casefold(): plan
            for plan in reversed(plans)
            for name in (
                plan.code,
                *(
                    plan.with_context(lang=lang).name
                    for lang, _name in self.env["res.lang"].get_installed()
                ),
            )
        }

    def _policy_plans(self):
        return {
            name: going_live.Plan(
                bills_users=bool(plan.seat_product_id),
                needs_administrator=plan.requires_certified_admin,
                seat_policy=plan.seat_policy,
            )
            for name, plan in self._plans().items()
        }

    def _known_customers(self, records):
        """``{key of a row: customer}`` of who is there already: by its number in the
        register of companies, its VAT number, or its name."""
        Partner = self.env["res.partner"]
        domain = [
            ("is_company", "=", True),
            ("parent_id", "=", False),
            ("company_id", "in", (False, self.company_id.id)),
        ]
        by = {}
        for name, column in (
            ("name", "customer"),
            ("vat", "vat"),
            ("company_registry", "registry"),
        ):
            values = [row[column] for row in records["customers"] if row.get(column)]
            for partner in Partner.search([*domain, (name, "in", values)]):
                by[column, partner[name].casefold()] = partner
        found = {}
        for row in records["customers"]:
            for column in ("registry", "vat", "customer"):
                partner = by.get((column, (row.get(column) or "").casefold()))
                if partner:
                    found[going_live.key_of(row, "customer")] = partner
                    break
        return found

    def _faults_of_what_is_there(self, records):
        """PBXs that their customer has already: a workbook is accepted once."""
        customers = self._known_customers(records)
        partners = self.env["res.partner"].union(*customers.values())
        there = {
            (pbx.partner_id, pbx.name.casefold())
            for pbx in self.env["nox.pbx"]
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        }
        return [
            going_live.Fault("pbxs", row["row"], "is_there", {"text": row["pbx"]})
            for row in records["pbxs"]
            if (
                customers.get(going_live.key_of(row, "customer")),
                row["pbx"].casefold(),
            )
            in there
        ]

    def _count(self, records):
        return {
            "customer_count": len(records["customers"]),
            "known_count": len(self._known_customers(records)),
            "pbx_count": len(records["pbxs"]),
            "user_count": len(records["users"]),
        }

    def _users_by_pbx(self, records):
        users = {}
        for row in records["users"]:
            users.setdefault(going_live.key_of(row, "customer", "pbx"), []).append(row)
        return users

    def _rehearse(self, records):
        """The first month of each PBX, by the rules of the run."""
        plans, users = self._plans(), self._users_by_pbx(records)
        currency = self.currency_id
        lines = []
        for row in records["pbxs"]:
            plan = plans[row["plan"].casefold()]
            bill = going_live.first_bill(
                row,
                users.get(going_live.key_of(row, "customer", "pbx"), ()),
                self.first_month,
                plan.seat_policy,
                currency._policy_currency(),
            )
            amount, old = float(bill.amount), row.get("old_amount")
            difference = currency.round(amount - float(old)) if old is not None else 0.0
            lines.append(
                {
                    "going_live_id": self.id,
                    "customer": row["customer"],
                    "pbx": row["pbx"],
                    "plan_id": plan.id,
                    "users": float(bill.quantity),
                    "price_unit": float(row.get("price") or 0),
                    "amount": amount,
                    "has_old_amount": old is not None,
                    "old_amount": float(old or 0),
                    "difference": difference,
                    "is_different": bool(difference),
                }
            )
        self.env["nox.going.live.line"].create(lines)
        for name in ("amount", "old_amount", "difference"):
            self[name] = currency.round(sum(line[name] for line in lines))
