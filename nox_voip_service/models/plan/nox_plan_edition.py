from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...policy import coverage, limit, timeblocks
from ..base.facts import FACTS


def table_of(rows):
    """The rows of an edition's content, compiled."""
    return coverage.Table(
        coverage.Rule(
            key=int(row["key"]),
            outcome=row["outcome"],
            **{
                name: row["conditions"][fact.field]
                for name, fact in FACTS.items()
                # A fact that came later decided nothing then.
                if fact.field in row["conditions"]
            },
        )
        for row in rows
    )


class NoxPlanEdition(models.Model):
    """The rules of a plan as they were: its decision table, how its time and its users
    are counted.

    One record for each distinct content, made when the first verdict is given by it,
    and never changed: a rule that is edited makes another edition, and the tickets of
    before keep theirs.
    """

    _name = "nox.plan.edition"
    _description = "Edition of a Service Plan"
    _order = "id desc"

    plan_id = fields.Many2one(
        "nox.service.plan", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    content = fields.Json(
        required=True, readonly=True, help="The rules as plain data, texts by language."
    )
    sha256 = fields.Char(
        string="SHA-256",
        required=True,
        readonly=True,
        help="Of the content in canonical JSON.",
    )

    _content_unique = models.Constraint(
        "UNIQUE (plan_id, sha256)", "This edition of the plan is kept already."
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("plan_id", "sha256")
    def _compute_display_name(self):
        for edition in self:
            edition.display_name = f"{edition.plan_id.name} {edition.sha256[:8]}"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if vals.keys() & {"plan_id", "content", "sha256"}:
            raise UserError(
                self.env._("An edition of a plan is what was, and does not change.")
            )
        return super().write(vals)

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _keep(self, plan):
        """The edition of a plan as it is now, made if there is none.

        Two workers who meet here make one: the second waits for the first, and Odoo
        repeats it when it cannot see what the first has made.
        """
        edition = self._of(plan)
        if edition:
            return edition
        content = plan._edition_content()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO nox_plan_edition (plan_id, company_id, content, sha256,
                    create_uid, create_date, write_uid, write_date)
                VALUES (%(plan)s, %(company)s, %(content)s, %(sha256)s,
                    %(user)s, now() AT TIME ZONE 'UTC',
                    %(user)s, now() AT TIME ZONE 'UTC')
                ON CONFLICT (plan_id, sha256) DO NOTHING
                """,
                plan=plan.id,
                company=plan.company_id.id or None,
                content=self._fields["content"].convert_to_column_insert(content, self),
                sha256=plan._edition_sha256(),
                user=self.env.uid,
            )
        )
        return self._of(plan)

    @api.model
    def _of(self, plan):
        return self.search(
            [("plan_id", "=", plan.id), ("sha256", "=", plan._edition_sha256())]
        )

    @tools.ormcache("self.id")
    def _coverage_table(self):
        """The decision table of this edition, compiled. The key of a row is the id
        that it has, or had, in the plan."""
        self.ensure_one()
        return table_of(self.sudo().content["rows"])

    def _block_policy(self):
        """How minutes became blocks."""
        content = self.sudo().content
        return timeblocks.BlockPolicy(
            block_minutes=content["block_minutes"],
            grace_minutes=content["grace_minutes"],
            scope=content["rounding_scope"],
        )

    def _limit_policy(self):
        """The limit and the warning that were in force."""
        content = self.sudo().content
        return limit.LimitPolicy(
            blocks=self._block_policy(),
            threshold_minutes=content["quote_threshold_minutes"],
            warn_minutes=content["warn_minutes"],
            quote_billing=content["quote_billing"],
        )
