from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...policy import notice
from ..base.guard import by_code


class NoxNotice(models.Model):
    """A letter about rules that change: how requests are decided and time is counted,
    old beside new in words."""

    _inherit = "nox.notice"

    rule_texts = fields.Json(
        string="Rules that change",
        readonly=True,
        help="Old beside new in words, in the customer's language, as the letter says"
        " it.",
    )
    rule_table = fields.Html(
        string="Old beside new", compute="_compute_rule_table", sanitize=False
    )
    draft_id = fields.Many2one(
        "nox.coverage.draft",
        string="New decision table",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="It decides this customer's requests from the day in force on, and not"
        " before it is proven that he was told.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("rule_texts")
    def _compute_rule_table(self):
        for letter in self:
            letter.rule_table = letter.rule_texts and self.env["ir.qweb"]._render(
                "nox_voip_service.notice_rules", {"letter": letter}
            )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _earliest(self, company):
        """The first day that a letter of today may name."""
        return notice.earliest(company._service_today(), company.service_notice_days)

    @api.model
    def _check_term(self, company, day):
        earliest = self._earliest(company)
        if day < earliest:
            raise UserError(
                self.env._(
                    "Customers are told %(days)s days before a change: it can come into"
                    " force on %(date)s at the earliest.",
                    days=company.service_notice_days,
                    date=format_date(self.env, earliest),
                )
            )

    @api.model
    def _values_of(self, company, customer, periods, wanted_on):
        """What every letter to a customer begins with.

        :param periods: the plan periods that the change touches
        """
        contract = periods.contract_line_id.contract_id[:1]
        return {
            "company_id": company.id,
            "partner_id": customer.id,
            "user_id": self.env.uid,
            "wanted_on": wanted_on,
            "day_in_force": wanted_on,
            "term_days": company.service_notice_days,
            "proof_kind": company.service_notice_proof,
            **self._address_of(customer, contract.invoice_partner_id),
        }

    @api.model
    def _preview(self, values):
        """A letter with these values, as its customer would read it."""
        letter = by_code(self).new(values)
        lang = letter._letter_lang()
        letter.ending_text = letter._ending_sentence()
        return self.env["ir.qweb"]._render(
            "nox_voip_service.notice_preview",
            {"letter": letter.with_context(lang=lang)},
            lang=lang,
        )

    def _changes_prices(self):
        """Whether the plan or the price of any PBX changes, not its rules alone."""
        return any(line._changes_anything() for line in self.line_ids)
