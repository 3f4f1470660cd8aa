from datetime import date
from typing import NamedTuple

from odoo import api, fields, models, tools

from ..base.guard import for_readers


class Published(NamedTuple):
    """A decision table that came into force: from which day, the id of the edition
    before it, and of the draft that it was."""

    first: date
    edition_before: int
    draft: int


class NoxServicePlan(models.Model):
    """The tables that a plan had before: each decides the requests of its days."""

    _inherit = "nox.service.plan"

    draft_ids = fields.One2many(
        "nox.coverage.draft",
        "plan_id",
        readonly=True,
        groups="nox_voip_service.group_manager",
    )
    draft_count = fields.Integer(
        compute="_compute_draft_count", groups="nox_voip_service.group_manager"
    )

    def _compute_draft_count(self):
        for plan in self:
            plan.draft_count = len(plan.draft_ids)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_draft_table(self):
        """Open a copy of this plan's table, to change and to try."""
        self.ensure_one()
        self.env["nox.coverage.draft"]._check_manager()
        draft = self.env["nox.coverage.draft"].create(
            {
                "plan_id": self.id,
                "name": self.env._("New table of %(plan)s", plan=self.name),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "nox.coverage.draft",
            "res_id": draft.id,
            "view_mode": "form",
        }

    @for_readers
    def action_view_drafts(self):
        self.ensure_one()
        self.env["nox.coverage.draft"]._check_manager()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_coverage_draft_action"
        )
        return dict(
            action,
            domain=[("plan_id", "=", self.id)],
            context={"default_plan_id": self.id},
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _superseded_edition_id(self, day, pbx=None):
        """The rules before the first table that came into force after that day."""
        for table in self._published_tables(pbx):
            if day < table.first:
                return table.edition_before
        return super()._superseded_edition_id(day, pbx)

    def _published_tables(self, pbx=None):
        """The tables that were published, in order, each with the first day on which it
        decides requests about a PBX."""
        self.ensure_one()
        return self._all_published_tables().get(self.id, ())

    @api.model
    @tools.ormcache()
    def _all_published_tables(self):
        """These of every plan, which are few. Cached, for every request asks;
        publishing clears it."""
        found = {}
        drafts = (
            self.env["nox.coverage.draft"]
            .sudo()
            .search([("state", "=", "published")], order="date_start, id")
        )
        for draft in drafts:
            table = Published(draft.date_start, draft.edition_id.id, draft.id)
            found[draft.plan_id.id] = (*found.get(draft.plan_id.id, ()), table)
        return found
