from odoo import fields, models
from odoo.tools import format_date, format_datetime, formatLang


class NoxInvoiceEvidence(models.Model):
    """Words, figures and days of the evidence on paper."""

    _inherit = "nox.invoice.evidence"

    # ------------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------------

    def _kind_text(self, kind):
        return {
            "invoice": self.env._("Invoice"),
            "plan": self.env._("Plan"),
            "table": self.env._("Rules"),
            "price": self.env._("Price"),
            "quote": self.env._("Order or quote"),
            "ticket": self.env._("Request"),
            "charge": self.env._("Users"),
            "training": self.env._("Training"),
            "note": self.env._("Remark"),
        }[kind]

    def _outcome_text(self, outcome):
        return {
            "covered": self.env._("Included"),
            "billable": self.env._("To be billed"),
            "undecided": self.env._("Undecided"),
            None: self.env._("As the rules of the plan say"),
        }.get(outcome, outcome)

    def _grade_text(self, grade):
        return {
            "link": self.env._("by the link that was mailed"),
            "login": self.env._("logged in"),
            "code": self.env._("logged in, with a code"),
            "signed": self.env._("logged in, with a code, and a sealed copy"),
            "staff": self.env._("outside the portal, with its proof"),
            "standing": self.env._("agreed beforehand"),
        }.get(grade)

    def _facts_text(self, facts):
        Rule = self.env["nox.coverage.rule"]
        texts = []
        for name, value in facts.items():
            if value is None:
                continue
            field = Rule._fields[name]
            labels = dict(field._description_selection(self.env))
            stored = {True: "yes", False: "no"}.get(value, value)
            texts.append(
                f"{field._description_string(self.env)}: {labels.get(stored, stored)}"
            )
        return ", ".join(texts)

    # ------------------------------------------------------------------
    # FIGURES AND DAYS
    # ------------------------------------------------------------------

    def _figure(self, text):
        digits = len(text.partition(".")[2])
        return formatLang(self.env, float(text), digits=digits)

    def _day(self, text):
        return format_date(self.env, text) if text else ""

    def _month(self, text):
        return format_date(self.env, f"{text}-01", date_format="MMMM yyyy")

    def _moment(self, text):
        """A moment of the pack, in the company's time zone."""
        if not text:
            return ""
        moment = fields.Datetime.to_datetime(text.replace("T", " ").rstrip("Z"))
        return format_datetime(
            self.env, moment, tz=self.move_id.company_id.service_tz or "UTC"
        )
