from odoo import api, models
from odoo.tools.safe_eval import safe_eval


class NoxServiceAnalysis(models.Model):
    """The favorites of the analysis: questions in the reader's language, those alone
    whose figures he may read. Odoo does not translate the name of a favorite."""

    _inherit = "nox.service.analysis"

    @api.model
    def get_views(self, views, options=None):
        result = super().get_views(views, options)
        search = result["views"].get("search", {})
        if "filters" in search:
            words = self._questions()
            search["filters"] = [
                dict(each, name=words.get(each["name"], each["name"]))
                for each in search["filters"]
                if self._may_ask(each)
            ]
        return result

    @api.model
    def _may_ask(self, favorite):
        """Whether somebody may read all figures of a favorite."""
        names = safe_eval(favorite["context"] or "{}").get("pivot_measures", [])
        return all(
            self._has_field_access(self._fields[name], "read")
            for name in names
            if name in self._fields
        )

    @api.model
    def _questions(self):
        """The shipped questions in the language of the environment."""
        return {
            "Which contracts lose money?": self.env._("Which contracts lose money?"),
            "What did we give away?": self.env._("What did we give away?"),
            "What would included work have cost?": self.env._(
                "What would included work have cost?"
            ),
            "Which customers take most of our time?": self.env._(
                "Which customers take most of our time?"
            ),
            "Which kinds of change take most of our time?": self.env._(
                "Which kinds of change take most of our time?"
            ),
            "Which rules decide most of our work?": self.env._(
                "Which rules decide most of our work?"
            ),
            "What was worked above the limit, and for whom?": self.env._(
                "What was worked above the limit, and for whom?"
            ),
            "What did rounding add?": self.env._("What did rounding add?"),
            "Who worked on what?": self.env._("Who worked on what?"),
            "What waits for its invoice?": self.env._("What waits for its invoice?"),
        }
