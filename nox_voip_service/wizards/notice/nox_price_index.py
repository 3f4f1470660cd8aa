from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.base.guard import by_code, for_readers
from ...models.notice.nox_notice import GROUNDS
from ...models.notice.nox_notice_line import WITHOUT_LETTER
from ...models.notice.rule_words import changed_rules
from ...policy import months, notice


class NoxPriceIndex(models.TransientModel):
    """Change the price of a user by a percentage, the terms or a plan, for many PBXs
    from a day on: a letter to each customer. What a letter announces starts on its
    day, where the customer was told."""

    _name = "nox.price.index"
    _description = "Index Prices per User"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    ground = fields.Selection(GROUNDS, required=True, default="index")
    ground_text = fields.Char(
        string="Ground in words",
        help="As the letter says it: the figure with its source, or the decision.",
    )
    explanation = fields.Text(
        string="What changes",
        help="In the letter, as you type it. The prices stand there by themselves.",
    )
    date_start = fields.Date(
        string="New price from",
        compute="_compute_date_start",
        store=True,
        readonly=False,
    )
    earliest = fields.Date(
        compute="_compute_earliest",
        help="Today and the days of notice of the company.",
    )
    percentage = fields.Float(help="3.5 raises a price by 3.5%.")
    plan_id = fields.Many2one(
        "nox.service.plan",
        string="Plan until then",
        help="That is withdrawn, or whose rules change.",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    new_plan_id = fields.Many2one(
        "nox.service.plan",
        string="Plan from then on",
        help="The plan that takes its place, or one with the changed rules.",
        domain="[('company_id', 'in', (False, company_id)), ('id', '!=', plan_id)]",
    )
    line_ids = fields.One2many(
        "nox.price.index.line",
        "index_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    letter_count = fields.Integer(compute="_compute_letter_count")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_earliest(self):
        for index in self:
            index.earliest = self.env["nox.notice"]._earliest(index.company_id)

    @api.depends("company_id")
    def _compute_date_start(self):
        """The first of a month, as soon as the days of notice let it be."""
        for index in self:
            company = index.company_id
            today = company._service_today()
            index.date_start = notice.day_in_force(
                months.next_month(today), today, company.service_notice_days
            )

    @api.depends(
        "date_start", "percentage", "company_id", "ground", "plan_id", "new_plan_id"
    )
    def _compute_line_ids(self):
        """The PBXs that the change touches on the day, with old and new price."""
        for index in self:
            rows = []
            for period in self.env["nox.pbx.plan"].search(index._get_period_domain()):
                rows.append(
                    Command.create(
                        {"period_id": period.id, "new_price": index._new_price(period)}
                    )
                )
            index.line_ids = [Command.clear(), *rows]

    @api.depends("line_ids.exception", "line_ids.new_price")
    def _compute_letter_count(self):
        for index in self:
            index.letter_count = len(index._lines_with_letter().partner_id)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_apply(self):
        """Put the letters in the queue, and keep who gets none and why."""
        self.ensure_one()
        lines = self._lines_with_letter()
        self._check_may_write(lines)
        customers = lines.grouped("partner_id")
        langs = {customer._service_lang() for customer in customers}
        rules = {lang: self._rule_texts(lang) for lang in langs}
        values = [
            {
                **self._prepare_notice_vals(customer, own),
                "rule_texts": rules[customer._service_lang()],
            }
            for customer, own in customers.items()
        ]
        letters = by_code(self.env["nox.notice"]).create(values)
        skipped = self.line_ids.filtered(lambda line: line.exception in WITHOUT_LETTER)
        by_code(self.env["nox.notice.line"]).create(
            [line._prepare_notice_line_vals() for line in skipped]
        )
        letters._trigger()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_notice_action"
        )
        return dict(action, domain=[("id", "in", letters.ids)], context={})

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _get_period_domain(self):
        """Plan periods that run on the day and are touched by the change."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("date_start", "<", self.date_start),
            # One that ends before the day is shown, with why it gets no letter.
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", fields.Date.subtract(self.date_start, days=1)),
        ]
        if self.ground == "index":
            return [*domain, ("contract_line_id", "!=", False)]
        if self.ground == "withdrawn" or self._moves_plan():
            return [*domain, ("plan_id", "=", self.plan_id.id)]
        return domain

    def _new_price(self, period):
        """What a user costs from the day on; 0 under a plan without users."""
        self.ensure_one()
        if self.ground == "index":
            return period.currency_id.round(
                period.price_unit * (1 + self.percentage / 100)
            )
        if self._moves_plan():
            plan = self.new_plan_id.with_company(self.company_id)
            if not plan.seat_product_id:
                return 0
            return period.price_unit or plan.seat_product_id.lst_price
        return period.price_unit

    def _moves_plan(self):
        """Another plan takes the place of one: it is withdrawn, or its rules change,
        which only a plan of its own can have."""
        self.ensure_one()
        return self.ground != "index" and bool(self.plan_id and self.new_plan_id)

    def _rule_texts(self, lang):
        """What changes between the two plans, in a language."""
        self.ensure_one()
        if not self._moves_plan():
            return False
        return changed_rules(
            self.with_context(lang=lang).env,
            self.plan_id._edition_content(),
            self.new_plan_id._edition_content(),
        )

    def _lines_with_letter(self):
        """Rows that somebody is written about: those that change, or all when the
        terms do."""
        return self.line_ids.filtered(
            lambda line: (
                line.exception not in WITHOUT_LETTER
                and (self.ground != "index" or line.old_price != line.new_price)
            )
        )

    def _check_may_write(self, lines):
        if not lines:
            raise UserError(
                self.env._("There is no contract whose price changes on that day.")
            )
        if not (self.ground_text or "").strip():
            raise UserError(
                self.env._("Write the ground of the change: the letter names it.")
            )
        if self.ground == "withdrawn" and not (self.plan_id and self.new_plan_id):
            raise UserError(self.env._("Which plan is withdrawn, and what instead?"))
        if self.ground == "terms" and bool(self.plan_id) != bool(self.new_plan_id):
            raise UserError(
                self.env._(
                    "The rules of which plan change, and which plan has the new?"
                )
            )
        if self.ground == "terms" and not (
            (self.explanation or "").strip() or self._rule_texts(self.env.lang)
        ):
            raise UserError(self.env._("Write what changes in the terms."))
        if any(line.new_price < 0 for line in lines) or (
            self.ground == "index" and any(line.new_price <= 0 for line in lines)
        ):
            raise UserError(self.env._("A price per user is more than zero."))
        self.env["nox.notice"]._check_term(self.company_id, self.date_start)

    def _prepare_notice_vals(self, customer, lines):
        Notice = self.env["nox.notice"]
        return {
            **Notice._values_of(
                self.company_id, customer, lines.period_id, self.date_start
            ),
            "ground": self.ground,
            "ground_text": self.ground_text,
            "explanation": self.explanation,
            "line_ids": [
                Command.create(line._prepare_notice_line_vals()) for line in lines
            ],
        }
