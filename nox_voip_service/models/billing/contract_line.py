from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...policy import months
from ..base.in_force import span

SOLD_FIELDS = {"price_unit", "specific_price", "automatic_price", "discount"}
PLAN_FIELDS = {"date_start", "date_end", "is_canceled"}


class ContractLine(models.Model):
    """The line of a contract that carries the price of a user. Its months are billed by
    the monthly run, from the users of the PBX; `contract`'s own cron and button leave
    it alone."""

    _inherit = "contract.line"

    plan_period_ids = fields.One2many("nox.pbx.plan", "contract_line_id", readonly=True)
    is_seat_line = fields.Boolean(
        copy=False,
        readonly=True,
        index=True,
        help="Billed by the monthly run of the VoIP service.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends(
        "is_seat_line",
        "date_start",
        "plan_period_ids.charge_ids.state",
        "plan_period_ids.billed_until",
        "plan_period_ids.date_end",
    )
    def _compute_recurring_next_date(self):
        """ "Next invoice" of our lines is the first day on which the run can bill a
        month of theirs; none when they are billed to their end."""
        own = self.filtered("is_seat_line")
        res = super(ContractLine, self - own)._compute_recurring_next_date()
        billed_to = dict(
            self.env["nox.seat.charge"]._read_group(
                [
                    ("period_id", "in", own.plan_period_ids.ids),
                    ("state", "=", "invoiced"),
                ],
                ["period_id"],
                ["month_end:max"],
            )
        )
        for line in own:
            period = line.plan_period_ids[:1]
            last = billed_to.get(period._origin)
            first = max(
                line.date_start,
                period.billed_until or line.date_start,
                fields.Date.add(last, days=1) if last else line.date_start,
            )
            if period.date_end and first > period.date_end:
                line.recurring_next_date = False
            else:
                line.recurring_next_date = months.next_month(first)
        return res

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("recurring_next_date")
    def _check_recurring_next_date_recurring_invoices(self):
        """The base wants a date until it has invoiced to the end itself."""
        others = self.filtered(lambda line: not line.is_seat_line)
        return super(
            ContractLine, others
        )._check_recurring_next_date_recurring_invoices()

    @api.constrains("discount", "is_seat_line")
    def _check_no_discount(self):
        """The bill shows the agreed price; a discount here would be lost."""
        for line in self.filtered("is_seat_line"):
            if line.discount:
                raise ValidationError(
                    self.env._(
                        "%(line)s: enter the agreed price itself, without a discount.",
                        line=line.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if vals.keys() & SOLD_FIELDS:
            self._check_price_not_billed()
        if vals.keys() & PLAN_FIELDS:
            self._check_follows_plan(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_plan(self):
        for line in self.sudo():
            if line.plan_period_ids:
                raise UserError(
                    self.env._(
                        "%(line)s carries the price of the users of %(pbx)s. Use"
                        " 'Change plan' on the PBX to stop it on a day.",
                        line=line.name,
                        pbx=line.plan_period_ids[0].pbx_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _can_be_invoiced(self, date_ref):
        return not self.is_seat_line and super()._can_be_invoiced(date_ref)

    def _seat_pbx(self):
        """The PBX whose users this line bills now: none where it has ended."""
        self.ensure_one()
        today = self.company_id._service_today()
        return (
            self.sudo()
            .plan_period_ids.filtered(lambda period: not span(period).is_over(today))
            .pbx_id[:1]
        )

    def _check_price_not_billed(self):
        """A billed price stays: another one would change what was billed before."""
        for line in self.sudo().filtered("is_seat_line"):
            if any(
                charge.state == "invoiced" for charge in line.plan_period_ids.charge_ids
            ):
                raise UserError(
                    self.env._(
                        "Users of %(pbx)s are billed at this price already. Use"
                        " 'Change plan' on the PBX: a new price starts on a day.",
                        pbx=line.plan_period_ids[0].pbx_id.name,
                    )
                )

    def _check_follows_plan(self, vals):
        """Refuse other dates than those of the plan period. The bill follows the plan
        of the PBX: who ends this line would believe that nothing is billed any more."""
        for line in self.sudo().filtered("is_seat_line"):
            period = line.plan_period_ids[:1]
            end = period.date_end and max(period.date_end, line.date_start)
            for name in (PLAN_FIELDS & vals.keys()) if period else ():
                value = line._fields[name].convert_to_record(
                    line._fields[name].convert_to_cache(vals[name], line), line
                )
                follows = name == "date_end" and value == end
                if value != line[name] and not follows:
                    raise UserError(
                        self.env._(
                            "%(pbx)s is billed as long as its plan runs. Use 'Change"
                            " plan' on the PBX to start or stop it on a day.",
                            pbx=period.pbx_id.name,
                        )
                    )
