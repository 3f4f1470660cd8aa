from odoo import Command, models
from odoo.exceptions import UserError

from ...policy import months
from ..base.guard import for_readers


class NoxPlanAdvice(models.Model):
    """From an advice to the better plan, by the ways that plans are sold: a quotation
    for users, a quotation for a training, or the change of plan."""

    _inherit = "nox.plan.advice"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_quote_better_plan(self):
        """Make what lets this customer have the better plan from next month on, ready
        to send."""
        self.ensure_one()
        self.env["helpdesk.ticket"]._check_coordinator()
        pbx = self.pbx_id
        pbx.check_access("read")
        plan = self.better_plan_id.with_company(self.company_id)
        self._check_can_quote()
        if plan.requires_certified_admin and not pbx.certified_count:
            return self._open_order(self._training_product(self.company_id), quantity=1)
        if plan.seat_product_id:
            line = self.line_ids.filtered("is_better")
            return self._open_order(
                plan.seat_product_id,
                quantity=self.user_count,
                price_unit=line.user_price,
                service_start_on=self._next_start(),
            )
        # Nothing is sold with a plan that bills work alone: it starts on a day.
        action = pbx.action_change_plan()
        return dict(
            action,
            context=dict(
                action["context"],
                default_plan_id=plan.id,
                default_date_start=self._next_start(),
            ),
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _next_start(self):
        return months.next_month(self.company_id._service_today())

    def _check_can_quote(self):
        """Refuse what cannot be quoted, with the reason and what to do."""
        pbx = self.pbx_id
        if pbx._portal_has_ended():
            raise UserError(
                self.env._("The service on %(pbx)s has ended.", pbx=pbx.name)
            )
        if pbx._running_plan() != self.plan_id:
            raise UserError(
                self.env._(
                    "%(pbx)s has another plan since this advice was made. Refresh it"
                    " first.",
                    pbx=pbx.name,
                )
            )
        if not self.better_plan_id:
            raise UserError(
                self.env._(
                    "No plan is surely cheaper for %(pbx)s: there is nothing to quote.",
                    pbx=pbx.name,
                )
            )
        coming = pbx.period_ids.filtered(
            lambda period: period.date_start > pbx.company_id._service_today()
        )
        if coming:
            raise UserError(
                self.env._(
                    "Another plan of %(pbx)s is on its way already: %(period)s.",
                    pbx=pbx.name,
                    period=coming[0].display_name,
                )
            )

    def _open_order(self, product, **values):
        """The quotation of this product for the PBX; one that is open already is
        opened instead of making a second."""
        pbx = self.pbx_id
        lines = self.env["sale.order.line"].search(
            [
                ("service_pbx_id", "=", pbx.id),
                ("product_id", "=", product.id),
                ("state", "in", ("draft", "sent")),
            ],
            limit=1,
        )
        order = lines.order_id
        if not order:
            values["product_uom_qty"] = values.pop("quantity")
            order = (
                self.env["sale.order"]
                .with_company(self.company_id)
                .create(
                    {
                        "partner_id": pbx.partner_id.id,
                        "company_id": self.company_id.id,
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": product.id,
                                    "service_pbx_id": pbx.id,
                                    **values,
                                }
                            )
                        ],
                    }
                )
            )
            order.message_post(
                body=self.env._(
                    "Made from the plan advice: %(summary)s", summary=self.summary
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": order.id,
            "view_mode": "form",
        }
