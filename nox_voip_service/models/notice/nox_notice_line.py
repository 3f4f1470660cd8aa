from odoo import api, fields, models
from odoo.tools import formatLang

EXCEPTIONS = [
    ("no_address", "No mail address"),
    ("ended", "The PBX has ended by then"),
    ("told", "Told already"),
    ("other_price", "Another price than the percentage gives"),
    ("moved", "Plan or price changed since the letter"),
    ("failed", "Could not be started"),
]
# What nobody is written about.
WITHOUT_LETTER = ("ended", "told")


class NoxNoticeLine(models.Model):
    """What changes for one PBX: the price of a user, or the plan, old beside new."""

    _name = "nox.notice.line"
    _description = "Change of a PBX in a Letter"
    _check_company_auto = True
    _order = "notice_id desc, pbx_id"
    _rec_name = "pbx_id"

    notice_id = fields.Many2one(
        "nox.notice",
        string="Letter",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
        help="Empty: no letter was written, for the reason given.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        related="pbx_id.partner_id", store=True, string="Customer"
    )
    commercial_partner_id = fields.Many2one(
        related="pbx_id.commercial_partner_id", store=True
    )
    period_id = fields.Many2one(
        "nox.pbx.plan",
        string="Plan period before",
        readonly=True,
        ondelete="set null",
    )
    wanted_on = fields.Date(readonly=True, required=True)
    day_in_force = fields.Date(
        compute="_compute_day_in_force", store=True, string="From"
    )
    old_plan_id = fields.Many2one("nox.service.plan", readonly=True, required=True)
    new_plan_id = fields.Many2one("nox.service.plan", readonly=True, required=True)
    old_price = fields.Float(
        readonly=True,
        digits="Product Price",
        help="Of a user per month, EUR (or the contract's currency) excl. VAT.",
    )
    new_price = fields.Float(readonly=True, digits="Product Price")
    currency_id = fields.Many2one("res.currency", readonly=True)
    exception = fields.Selection(EXCEPTIONS, readonly=True, index=True)
    exception_text = fields.Char(string="Why", readonly=True)
    new_period_id = fields.Many2one(
        "nox.pbx.plan", string="New plan period", readonly=True, ondelete="set null"
    )
    state = fields.Selection(related="notice_id.state", string="Letter is")
    told_on = fields.Date(related="notice_id.told_on")
    lack = fields.Selection(related="notice_id.lack", string="Letter lacks")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("notice_id.day_in_force", "wanted_on")
    def _compute_day_in_force(self):
        for line in self:
            line.day_in_force = line.notice_id.day_in_force or line.wanted_on

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _values_of(self, period, wanted_on):
        """The line of a plan period of which nothing changes by itself."""
        return {
            "company_id": period.company_id.id,
            "pbx_id": period.pbx_id.id,
            "period_id": period.id,
            "wanted_on": wanted_on,
            "old_plan_id": period.plan_id.id,
            "new_plan_id": period.plan_id.id,
            "old_price": period.price_unit,
            "new_price": period.price_unit,
            "currency_id": (period.currency_id or period.company_id.currency_id).id,
        }

    def _price_text(self, price):
        """A price of a user, or that the plan has none."""
        self.ensure_one()
        if not price:
            return self.env._("none")
        return formatLang(
            self.env, price, dp="Product Price", currency_obj=self.currency_id
        )

    def _change_text(self):
        """What changes, in one sentence: "PBX: € 10.00 becomes € 10.35"."""
        self.ensure_one()
        values = {
            "pbx": self.pbx_id.name,
            "old": self._price_text(self.old_price),
            "new": self._price_text(self.new_price),
        }
        if self.old_plan_id != self.new_plan_id:
            return self.env._(
                "%(pbx)s: plan %(old_plan)s becomes %(new_plan)s, price per user per"
                " month %(old)s becomes %(new)s",
                old_plan=self.old_plan_id.name,
                new_plan=self.new_plan_id.name,
                **values,
            )
        if self.old_price == self.new_price and self.notice_id.draft_id:
            return self.env._(
                "%(pbx)s: other rules of the plan %(plan)s, the price stays",
                pbx=self.pbx_id.name,
                plan=self.old_plan_id.name,
            )
        if self.old_price == self.new_price:
            return self.env._(
                "%(pbx)s: plan %(plan)s, the price stays",
                pbx=self.pbx_id.name,
                plan=self.old_plan_id.name,
            )
        return self.env._(
            "%(pbx)s: price per user per month %(old)s becomes %(new)s", **values
        )

    def _changes_anything(self):
        self.ensure_one()
        return self.old_plan_id != self.new_plan_id or self.old_price != self.new_price

    def _open_lines(self, pbxs):
        """Announced changes of their plan or price that are not in force yet; a new
        decision table changes neither."""
        return self.search(
            [
                ("pbx_id", "in", pbxs.ids),
                ("notice_id", "!=", False),
                ("notice_id.draft_id", "=", False),
                ("notice_id.started_at", "=", False),
                ("notice_id.withdrawn_at", "=", False),
            ]
        )
