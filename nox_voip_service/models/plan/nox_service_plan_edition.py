from odoo import api, models, tools

from ...policy import canonical
from ..base.facts import FACTS, policy_value

# Set in the cache of a transaction that made an edition: until it is committed, no
# other transaction may be told its number.
MADE = "nox_voip_service.made_edition"
RULES = (
    "block_minutes",
    "grace_minutes",
    "rounding_scope",
    "quote_billing",
    "seat_policy",
    "requires_certified_admin",
)


def texts_of(record, name):
    """``{language: text}`` of a translated field, in every installed language."""
    return {
        lang: record.with_context(lang=lang)[name] or ""
        for lang, _name in record.env["res.lang"].get_installed()
    }


class NoxServicePlan(models.Model):
    """A plan's rules as plain data, kept as editions: what a verdict was given by."""

    _inherit = "nox.service.plan"

    def _edition(self, day=None, pbx=None):
        """The edition of this plan's rules that decides requests of a day, about a PBX;
        by default the rules as they are now.

        Nearly always found in the registry's cache: a write on a plan or a row of its
        table clears it.
        """
        Edition = self.env["nox.plan.edition"].sudo()
        if not self:
            return Edition
        superseded = day and self._superseded_edition_id(day, pbx)
        if superseded:
            return Edition.browse(superseded)
        if not self.env.cr.cache.get(MADE):
            number = self._kept_edition_id()
            if number:
                return Edition.browse(number)
        self.env.cr.cache[MADE] = True
        return Edition._keep(self.sudo())

    def _kept_edition_id(self):
        try:
            return self._cached_edition_id()
        except LookupError:
            return None

    @tools.ormcache("self.id")
    def _cached_edition_id(self):
        edition = self.env["nox.plan.edition"].sudo()._of(self)
        if not edition:
            # What is raised is not cached.
            raise LookupError(self.code)
        return edition.id

    @tools.ormcache("self.id")
    def _edition_sha256(self):
        return canonical.digest(canonical.canonical(self._edition_content()))

    def _edition_content(self):
        """What decides under this plan: its rows in order, how its time and its users
        are counted. Texts in every installed language; no limit is None."""
        self.ensure_one()
        plan = self.sudo()
        return {
            "code": plan.code,
            "name": texts_of(plan, "name"),
            **{name: plan[name] for name in RULES},
            "quote_threshold_minutes": plan.quote_threshold_minutes or None,
            "warn_minutes": plan.warn_minutes or None,
            "rows": self._rows_content(plan.rule_ids),
        }

    @api.model
    def _rows_content(self, rows):
        """The rows of a table as plain data, those of a draft too."""
        return [
            {
                "key": str(rule.id),
                "position": position,
                "name": texts_of(rule, "name"),
                "conditions": {
                    fact.field: policy_value(rule[fact.field])
                    for fact in FACTS.values()
                },
                "outcome": rule.outcome,
                "clause": texts_of(rule, "clause"),
                "reason": texts_of(rule, "reason"),
            }
            for position, rule in enumerate(
                rows.filtered("active").sorted(lambda rule: (rule.sequence, rule.id)),
                start=1,
            )
        ]
