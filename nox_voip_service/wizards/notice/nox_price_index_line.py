from odoo import api, fields, models

from ...models.notice.nox_notice_line import EXCEPTIONS


class NoxPriceIndexLine(models.TransientModel):
    _name = "nox.price.index.line"
    _description = "Contract in an Indexation"

    index_id = fields.Many2one("nox.price.index", required=True, ondelete="cascade")
    period_id = fields.Many2one("nox.pbx.plan", string="Plan period", required=True)
    pbx_id = fields.Many2one(related="period_id.pbx_id")
    partner_id = fields.Many2one(related="period_id.partner_id")
    # Of the period, not a value of its own: the web client does not send what stands
    # readonly in a row.
    old_price = fields.Float(
        string="Old Price",
        related="period_id.price_unit",
        digits="Product Price",
        # A related field's own help is what gets translated.
        help="EUR (or the contract's currency) excl. VAT.",
    )
    currency_id = fields.Many2one(related="period_id.currency_id")
    new_price = fields.Float(digits="Product Price")
    exception = fields.Selection(EXCEPTIONS, compute="_compute_exception")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("period_id", "new_price", "index_id.date_start", "index_id.percentage")
    def _compute_exception(self):
        """What is not as with the others: the most important reason."""
        told = self.env["nox.notice.line"]._open_lines(self.pbx_id).pbx_id
        for line in self:
            index, pbx, currency = line.index_id, line.pbx_id, line.currency_id
            found = False
            if index.ground == "index" and currency:
                meant = index._new_price(line.period_id)
                if currency.compare_amounts(line.new_price, meant):
                    found = "other_price"
            contract = line.period_id.contract_line_id.contract_id
            if not (line.partner_id.email or contract.invoice_partner_id.email):
                found = "no_address"
            if pbx in told:
                found = "told"
            if not pbx.active or (
                pbx.ended_on and index.date_start and pbx.ended_on <= index.date_start
            ):
                found = "ended"
            line.exception = found

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _prepare_notice_line_vals(self):
        self.ensure_one()
        index, period = self.index_id, self.period_id
        plan = index.new_plan_id if index._moves_plan() else period.plan_id
        return {
            **self.env["nox.notice.line"]._values_of(period, index.date_start),
            "new_plan_id": plan.id,
            "new_price": self.new_price,
            "exception": self.exception,
        }
