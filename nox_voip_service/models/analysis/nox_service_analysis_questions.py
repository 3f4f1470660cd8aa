from odoo import api, models
from odoo.tools.safe_eval import safe_eval
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
# The names of the shipped favorites, as their records have them.
QUESTIONS = (
    _lt("Which contracts lose money?"),
    _lt("What did we give away?"),
    _lt("What would included work have cost?"),
    _lt("Which customers take most of our time?"),
    _lt("Which kinds of change take most of our time?"),
    _lt("Which rules decide most of our work?"),
    _lt("What was worked above the limit, and for whom?"),
    _lt("What did rounding add?"),
    _lt("Who worked on what?"),
    _lt("What waits for its invoice?"),
)


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
        return {each._source: self.env._(each) for each in QUESTIONS}
