from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..base.facts import FACTS, FAULT_DOMAINS, TICKET_FIELDS, WORK_LOCATIONS, YES_NO

VERDICT_FIELDS = {
    "team_id",
    "about_pbx",
    "partner_id",
    "pbx_id",
    "requested_on",
    "plan_id",
    "category_id",
    *TICKET_FIELDS,
}
# What a new ticket asks of its company and of the contact of who makes it: Odoo, OCA
# and we. Without these lists the first question reads two hundred columns.
COMPANY_FIELDS = ["alias_domain_id", "helpdesk_mgmt_ticket_auto_assign", "service_tz"]
AUTHOR_FIELDS = ["email", "lang", "name"]


def from_kind(name):
    """The arguments of a ticket's column for a fact that the kind of change tells, and
    that people may correct.

    Each column has a compute of its own. When an update adds a column, Odoo computes it
    for every ticket, together with all columns of the same compute: what people had
    corrected there would be lost.
    """
    fact = FACTS[name]

    @api.depends("category_id")
    def compute_from_kind(tickets):
        for ticket in tickets:
            told = ticket.category_id._known_facts()[fact.default]
            ticket[fact.field] = told or (fact.usual and ticket[fact.field])

    return {
        "compute": compute_from_kind,
        "store": True,
        "readonly": False,
        "precompute": True,
        "tracking": True,
    }


# The figures of a ticket without time, quote and invoice.
FIGURES_OF_NEW = {
    "approval_state": "not_needed",
    "invoice_status": "no",
    "block_price": 0.0,
    **dict.fromkeys(
        (
            "worked_minutes",
            "released_minutes",
            "held_minutes",
            "limit_blocks",
            "billable_blocks",
            "to_invoice_blocks",
            "approved_blocks",
            "invoiced_blocks",
            "base_invoiced_blocks",
            "credited_blocks",
            "waived_blocks",
        ),
        0,
    ),
    **dict.fromkeys(
        (
            "closed",
            "has_goods_to_invoice",
            "is_finished",
            "is_overridden",
            "is_quote_due",
            "is_seat_change_due",
            "is_unknown_sender",
            "is_warned",
        ),
        False,
    ),
}


class HelpdeskTicket(models.Model):
    """A request: its facts, and the verdict that follows from them.

    The verdict is there before the first minute of work; customer, technician and
    invoice line show one reason for it (docs/ARCHITECTURE.md#one-sentence-for-all).
    """

    _inherit = "helpdesk.ticket"

    about_pbx = fields.Boolean(
        string="About a PBX",
        default=True,
        tracking=True,
        help="Off for a question about an invoice, advertising and the like: "
        "no service plan applies.",
    )
    pbx_id = fields.Many2one(
        "nox.pbx",
        string="PBX",
        compute="_compute_pbx_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        related=None,
        compute="_compute_commercial_partner_id",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        help="Whose request this is, who is billed and who may read it: the customer of"
        " the PBX, whoever asked.",
    )
    requested_on = fields.Date(
        default=lambda self: self.env.company._service_today(),
        copy=False,
        tracking=True,
        help="The plan of this day decides.",
    )
    plan_id = fields.Many2one(
        "nox.service.plan",
        string="Service plan",
        compute="_compute_plan_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    customer_reference = fields.Char(
        copy=False, tracking=True, help="The customer's own reference or order number."
    )
    # === Facts ===
    work_location = fields.Selection(
        WORK_LOCATIONS, string="Where", **from_kind("location")
    )
    replaces_user = fields.Selection(
        YES_NO, string="Replaces a user", **from_kind("replaces_user")
    )
    warranty = fields.Selection(
        YES_NO,
        string="Under warranty",
        help="Replacement under warranty of hardware that was used normally.",
        **from_kind("warranty"),
    )
    fault_domain = fields.Selection(FAULT_DOMAINS, string="Cause", tracking=True)
    change_scope = fields.Selection(related="category_id.change_scope")
    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("partner_id", "about_pbx", "company_id")
    def _compute_pbx_id(self):
        customers = self.partner_id.commercial_partner_id
        pbxs = self.env["nox.pbx"].sudo()
        if customers:
            pbxs = pbxs.search_fetch(
                [("commercial_partner_id", "in", customers.ids)],
                ["commercial_partner_id", "company_id", "accepted_on", "ended_on"],
            )
        for ticket in self:
            own = pbxs.filtered(
                lambda pbx, ticket=ticket: (
                    pbx.commercial_partner_id == ticket.partner_id.commercial_partner_id
                    and pbx.company_id == (ticket.company_id or self.env.company)
                )
            )
            if not ticket.about_pbx or ticket.pbx_id not in own:
                ticket.pbx_id = own if ticket.about_pbx and len(own) == 1 else False

    @api.depends("pbx_id.commercial_partner_id", "partner_id.commercial_partner_id")
    def _compute_commercial_partner_id(self):
        for ticket in self:
            ticket.commercial_partner_id = (
                ticket.pbx_id.commercial_partner_id
                or ticket.partner_id.commercial_partner_id
            )

    @api.depends("pbx_id", "requested_on")
    def _compute_plan_id(self):
        for ticket in self:
            ticket.plan_id = ticket._plan_by_history()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # In sudo: what is the user's own, and nothing of it is shown.
        self.env.company.sudo().fetch(COMPANY_FIELDS)
        self.env.user.sudo().partner_id.fetch(AUTHOR_FIELDS)
        self._check_requested_on_allowed(vals_list)
        tickets = super().create(vals_list)
        tickets._assess_new(vals_list)
        tickets._after_service_change()
        return tickets

    def _prepare_create_values(self, vals_list):
        """The figures of a new ticket are in its row from the start. They are computed
        all the same; most come to what they are, and are not written once more."""
        prepared = super()._prepare_create_values(vals_list)
        return [FIGURES_OF_NEW | vals for vals in prepared]

    def write(self, vals):
        customers = self._customers_before(vals)
        stages = self._stages_before(vals)
        vals = self._open_again_with(vals)
        self._check_requested_on_allowed([vals])
        if vals.keys() & {"active", "company_id"}:
            # Who may not write hears that, and not what work there is.
            self.check_access("write")
            self._check_company_kept(vals)
            if not vals.get("active", True):
                self._check_may_archive()
        self._check_customer_kept(vals)
        before = open_time = {}
        # Somebody else brings his team along, and a team its verdict.
        decides = bool((VERDICT_FIELDS | {"user_id"}) & vals.keys())
        if decides:
            before = {
                ticket: ticket.coverage for ticket in self if ticket.invoiced_blocks
            }
            open_time = self._open_time_before()
        res = super().write(vals)
        for ticket, old in before.items():
            ticket._check_verdict_kept(old)
        self._check_stays_on_bill(open_time)
        if decides:
            self._check_end_of_closed()
        self._after_service_change()
        self._after_stage_change(vals, stages)
        self._after_customer_change(customers)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        for ticket in self.sudo():
            if ticket.timesheet_ids or ticket.service_order_ids:
                raise UserError(
                    self.env._(
                        "%(ticket)s has time or quotes and stays for the record. Drop"
                        " it instead of deleting it.",
                        ticket=ticket.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _check_coordinator(self):
        if not self.env.su and not self.env.user.has_group(
            "nox_voip_service.group_coordinator"
        ):
            raise AccessError(
                self.env._("Only a service coordinator can do this. Please ask one.")
            )

    def _check_requested_on_allowed(self, vals_list):
        """The date of the request chooses the plan: only coordinators move it."""
        if any(
            vals.get("requested_on")
            and fields.Date.to_date(vals["requested_on"])
            != self.env.company._service_today()
            for vals in vals_list
        ):
            self._check_coordinator()

    def _check_customer_kept(self, vals):
        """A quote, or an order that was invoiced, binds the ticket to its customer."""
        if not {"partner_id", "pbx_id", "company_id"} & vals.keys():
            return
        for ticket in self.sudo():
            live = ticket.service_order_ids.filtered(lambda o: o.state != "cancel")
            if not live:
                continue
            unbilled = ticket._unbilled_base_order()
            partner = self.env["res.partner"].browse(
                vals.get("partner_id", ticket.partner_id.id)
            )
            if (
                partner.commercial_partner_id != ticket.commercial_partner_id
                or vals.get("pbx_id", ticket.pbx_id.id) != ticket.pbx_id.id
                or vals.get("company_id", ticket.company_id.id) != ticket.company_id.id
            ):
                if live == unbilled:
                    ticket._drop_base_order()
                    continue
                raise UserError(
                    self.env._(
                        "%(orders)s belongs to %(ticket)s. Withdraw or credit it before"
                        " the ticket moves to another customer or PBX.",
                        orders=", ".join(live.mapped("name")),
                        ticket=ticket.display_name,
                    )
                )

    def _plan_by_history(self):
        """The plan that the PBX's history gives for the date of the request."""
        self.ensure_one()
        pbx = self.pbx_id.sudo()
        if not pbx:
            return self.env["nox.service.plan"]
        return pbx._plan_on(self.requested_on or self.env.company._service_today())
