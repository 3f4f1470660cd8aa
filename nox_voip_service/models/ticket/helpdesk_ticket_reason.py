from odoo import models
from odoo.tools import format_date


class HelpdeskTicket(models.Model):
    """The one place where a verdict's code becomes a sentence."""

    _inherit = "helpdesk.ticket"

    def _verdict_texts(self, verdict):
        """``{lang: sentence}`` of a verdict in every installed language.

        Stored with the ticket, so that a later edit of a rule does not rewrite
        what the customer was told.
        """
        self.ensure_one()
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        return {
            lang: self.with_context(lang=lang)._verdict_sentence(verdict, lang)
            for lang in langs
        }

    def _verdict_sentence(self, verdict, lang):
        if verdict.code == "rule":
            texts = self.plan_id._coverage_texts() if self.plan_id else {}
            sentence = texts.get(verdict.rule_key, {}).get(lang) or ""
        else:
            sentence = self._verdict_message(verdict)
        later = verdict.params.get("later_plan_start")
        if later:
            sentence += " " + self.env._(
                "Your new plan starts on %(date)s; this request is from before that"
                " day.",
                date=format_date(self.env, later),
            )
        return sentence

    def _verdict_message(self, verdict):
        """The sentence of a verdict that no row of a plan gave."""
        params = verdict.params
        if verdict.code == "team_without_plans":
            return self.env._("This team's tickets are not part of a service plan.")
        if verdict.code == "not_about_pbx":
            return self.env._("This is not about a PBX; no service plan applies.")
        if verdict.code == "no_pbx":
            return self.env._("We first need to know which PBX this is about.")
        if verdict.code == "delivery":
            accepted_on = params.get("accepted_on")
            if not accepted_on:
                return self.env._(
                    "The delivery of this PBX is not accepted yet; this request is"
                    " part of the delivery."
                )
            return self.env._(
                "The delivery of this PBX was accepted on %(date)s; this request is"
                " from before that day and is part of the delivery.",
                date=format_date(self.env, accepted_on),
            )
        if verdict.code == "pbx_ended":
            return self.env._(
                "The service on this PBX ended on %(date)s.",
                date=format_date(self.env, params["ended_on"]),
            )
        if verdict.code == "no_plan":
            return self.env._("This PBX has no service plan on the day of the request.")
        if verdict.code == "missing_facts":
            return self.env._("We decide as soon as the missing facts are known.")
        return self.env._(
            "The service plan does not mention this kind of work; we decide and tell"
            " you before we start."
        )
