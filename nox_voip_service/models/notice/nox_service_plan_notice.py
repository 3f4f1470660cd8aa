from datetime import date

from odoo import api, models, tools


class NoxServicePlan(models.Model):
    """A new decision table counts for a customer from the day of his letter, and not
    before it is proven that he was told: until then his requests keep the table
    before it."""

    _inherit = "nox.service.plan"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _published_tables(self, pbx=None):
        tables = super()._published_tables(pbx)
        if not (tables and pbx):
            return tables
        told, found, after = self._days_told(), [], date.max
        for table in reversed(tables):
            first = told.get(table.draft, {}).get(pbx._origin.id, table.first)
            # One that a later table replaced before it was told.
            after = min(first, after)
            found.append(table._replace(first=after))
        return tuple(reversed(found))

    @api.model
    @tools.ormcache()
    def _days_told(self):
        """``{draft: {PBX: first day}}`` of the tables that were published, in ids, for
        the PBXs to which a letter was written; the last of all days as long as it
        is not in force. Cached, for every request asks; a letter that comes into
        force clears it."""
        found = {}
        lines = (
            self.env["nox.notice.line"]
            .sudo()
            .search_fetch(
                [("notice_id.draft_id.state", "=", "published")],
                ["notice_id", "pbx_id"],
                order="id",
            )
        )
        for line in lines:
            letter, days = (
                line.notice_id,
                found.setdefault(line.notice_id.draft_id.id, {}),
            )
            day = letter.day_in_force if letter.started_at else date.max
            days[line.pbx_id.id] = min(day, days.get(line.pbx_id.id, date.max))
        return found
