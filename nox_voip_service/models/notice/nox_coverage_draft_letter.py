from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty

from ..base.guard import by_code, for_readers
from .rule_words import changed_rules


class NoxCoverageDraft(models.Model):
    """A new decision table is told first: a letter to every customer with the plan, old
    beside new. For a customer the table counts from the day that his letter names, and
    not before it is proven that he was told."""

    _inherit = "nox.coverage.draft"

    notice_ids = fields.One2many("nox.notice", "draft_id", readonly=True)
    notice_count = fields.Integer(string="Letters", compute="_compute_notice_count")
    lack_count = fields.Integer(
        string="Letters that lack proof", compute="_compute_notice_count"
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("notice_ids.lack")
    def _compute_notice_count(self):
        for draft in self:
            draft.notice_count = len(draft.notice_ids)
            draft.lack_count = len(draft.notice_ids.filtered("lack"))

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        if any(draft.sudo().notice_ids for draft in self):
            raise UserError(
                self.env._("Letters were written about this table: it stays for them.")
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_view_letters(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_notice_action"
        )
        return dict(action, domain=[("draft_id", "=", self.id)], context={})

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_term(self):
        """The day leaves every company its days of notice."""
        self.ensure_one()
        for company in self._pbxs_to_tell().company_id:
            self.env["nox.notice"]._check_term(company, self.date_start)

    def _pbxs_to_tell(self):
        """PBXs that run on the plan on the day; a table with customers of a company
        that is not selected is not published."""
        self.ensure_one()
        return self._running_pbxs(self._day_to_tell())

    def _day_to_tell(self):
        """The day that a letter names; in a preview perhaps not chosen yet."""
        return self.date_start or self.env["nox.notice"]._earliest(self.env.company)

    def _make_letters(self):
        """Put letters in the queue for the PBXs that have none yet: when the table is
        announced, and later for those that came to the plan since."""
        self.ensure_one()
        pbxs = self._pbxs_to_tell() - self.notice_ids.line_ids.pbx_id
        letters = by_code(self.env["nox.notice"]).create(self._letters_values(pbxs))
        letters._trigger()

    def _letters_values(self, pbxs):
        """Values of one letter for each customer of these PBXs, in his language."""
        self.ensure_one()
        day = self._day_to_tell()
        old = self.plan_id._edition_content()
        new = {**old, "rows": self.plan_id._rows_content(self.rule_ids)}
        Notice, Line = self.env["nox.notice"], self.env["nox.notice.line"]
        user = self.notice_ids[:1].user_id or self.env.user
        words, values = {}, []
        for (company, customer), own in pbxs.grouped(
            lambda pbx: (pbx.company_id, pbx.partner_id)
        ).items():
            lang = customer._service_lang()
            said = self.with_context(lang=lang)
            if lang not in words:
                words[lang] = changed_rules(said.env, old, new)
            periods = self.env["nox.pbx.plan"].union(
                *(pbx._running_period(day) for pbx in own)
            )
            values.append(
                {
                    **Notice._values_of(company, customer, periods, day),
                    "user_id": user.id,
                    "ground": "terms",
                    "ground_text": said.env._(
                        "new rules of the plan %(plan)s", plan=said.plan_id.name
                    ),
                    "explanation": said._explanation(company, customer),
                    "draft_id": self.id,
                    "rule_texts": words[lang],
                    "line_ids": [
                        Command.create(Line._values_of(period, day))
                        for period in periods
                    ],
                }
            )
        return values

    def _explanation(self, company, customer):
        """What we say about it, and what it would have meant for the requests of the
        last year; in the language of the environment."""
        self.ensure_one()
        parts = [
            self.env._("Requests from before that day keep the rules that they had.")
        ]
        if not is_html_empty(self.announcement):
            parts.insert(0, html2plaintext(self.announcement))
        row = self.customer_ids.filtered(
            lambda row: (
                row.company_id == company
                and row.partner_id == customer.commercial_partner_id
            )
        )
        if row:
            parts.append(
                "\n".join(
                    [
                        self.env._(
                            "What this would have meant for your requests of the last"
                            " year:"
                        ),
                        *(f"– {each}" for each in row._letter_sentences()),
                    ]
                )
            )
        return "\n\n".join(parts)

    def _withdraw_letters(self):
        """Nothing of them comes into force any more."""
        letters = self.notice_ids.filtered(
            lambda letter: not (letter.started_at or letter.withdrawn_at)
        )
        by_code(letters).write({"withdrawn_at": fields.Datetime.now()})
        letters._close_alarms()

    def _came_into_force(self, pbxs):
        """The day of their letters has come: requests about these PBXs go by the new
        table."""
        self.env.registry.clear_cache()
        self._refresh_first_requests([("pbx_id", "in", pbxs.ids)])
