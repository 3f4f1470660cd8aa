from odoo import api, models, tools

OURS = ("nox_voip_service",)
ALWAYS = {*models.MAGIC_COLUMNS, "display_name"}
# What customers may read of our fields over RPC, on records that are theirs. A field
# that is not listed is ours alone: estimates, held time, waivers, notes.
READABLE = {
    "helpdesk.ticket": {
        "about_pbx",
        "approval_state",
        "approved_blocks",
        "change_scope",
        "coverage",
        "coverage_missing",
        "coverage_question",
        "coverage_reason",
        "coverage_reason_texts",
        "coverage_rule_id",
        "customer_reference",
        "fault_domain",
        "is_finished",
        "outcome",
        "pbx_id",
        "plan_id",
        "quote_id",
        "quote_name",
        "quote_sent_on",
        "quote_state",
        "replaces_user",
        "requested_on",
        "seat_change",
        "warranty",
        "work_location",
    },
    "nox.pbx": {
        "accepted_on",
        "active",
        "administrator_ids",
        "approver_ids",
        "commercial_partner_id",
        "company_id",
        "ended_on",
        "name",
        "partner_id",
        "period_ids",
        "plan_id",
        "reference_required",
        "seat_ids",
        "ticket_ids",
        "training_ids",
        "user_count",
    },
    "nox.pbx.plan": {
        "company_id",
        "currency_id",
        "date_end",
        "date_start",
        "partner_id",
        "pbx_id",
        "plan_id",
        "price_unit",
    },
    "nox.pbx.seat": {
        "charged",
        "commercial_partner_id",
        "company_id",
        "date_end",
        "date_start",
        "extension",
        "is_running",
        "name",
        "pbx_id",
        "replaced_by_ids",
        "replaces_id",
        "ticket_id",
    },
    "nox.seat.charge": {
        "amount",
        "commercial_partner_id",
        "company_id",
        "currency_id",
        "explanation",
        "explanation_texts",
        "month",
        "month_end",
        "move_id",
        "move_line_id",
        "pbx_id",
        "period_id",
        "plan_id",
        "price_unit",
        "quantity",
        "revision",
        "rounding",
        "state",
    },
    "nox.service.plan": {
        "active",
        "block_minutes",
        "code",
        "company_id",
        "grace_minutes",
        "name",
        "quote_billing",
        "quote_threshold_minutes",
        "requires_certified_admin",
        "rounding_scope",
        "rule_ids",
        "seat_policy",
        "sequence",
    },
    "nox.coverage.rule": {
        "active",
        "change_scope",
        "clause",
        "fault_domain",
        "name",
        "outcome",
        "plan_id",
        "reason",
        "replaces_user",
        "sequence",
        "warranty",
        "work_location",
    },
    "nox.admin.training": {
        "certificate_number",
        "certificate_state",
        "certified_on",
        "commercial_partner_id",
        "company_id",
        "date",
        "expires_on",
        "hours",
        "is_certificate_valid",
        "partner_id",
        "pbx_id",
        "result",
        "start_at",
        "state",
        "stop_at",
    },
}


class NoxPortalFields(models.AbstractModel):
    """Customers read what is listed, so that a field added later is not shown to
    them by accident."""

    _name = "nox.portal.fields"
    _description = "Fields for Customers"

    def _has_field_access(self, field, operation):
        # Cheapest question first: Odoo asks this of every field of every read.
        return super()._has_field_access(field, operation) and (
            self.env.su
            or field._modules != OURS
            or field.name in READABLE[self._name]
            or field.name in ALWAYS
            or self._is_read_by_staff()
        )

    @api.model
    @tools.ormcache("self.env.uid")
    def _is_read_by_staff(self):
        """Cached as Odoo caches the groups of a user, and cleared with them."""
        return self.env.user._is_internal()


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "nox.portal.fields"]


class NoxPbx(models.Model):
    _name = "nox.pbx"
    _inherit = ["nox.pbx", "nox.portal.fields"]


class NoxPbxPlan(models.Model):
    _name = "nox.pbx.plan"
    _inherit = ["nox.pbx.plan", "nox.portal.fields"]


class NoxPbxSeat(models.Model):
    _name = "nox.pbx.seat"
    _inherit = ["nox.pbx.seat", "nox.portal.fields"]


class NoxSeatCharge(models.Model):
    _name = "nox.seat.charge"
    _inherit = ["nox.seat.charge", "nox.portal.fields"]


class NoxServicePlan(models.Model):
    _name = "nox.service.plan"
    _inherit = ["nox.service.plan", "nox.portal.fields"]


class NoxCoverageRule(models.Model):
    _name = "nox.coverage.rule"
    _inherit = ["nox.coverage.rule", "nox.portal.fields"]


class NoxAdminTraining(models.Model):
    _name = "nox.admin.training"
    _inherit = ["nox.admin.training", "nox.portal.fields"]
