from collections import defaultdict

from odoo import fields, models

from ...policy import evidence, months, reconcile
from ..base.in_force import span


class NoxSeatCharge(models.Model):
    """What a charge was computed from, kept with it: users are corrected afterwards,
    and a bill is proven by what was known when it was made."""

    _inherit = "nox.seat.charge"

    basis = fields.Json(
        readonly=True,
        help="The plan periods and users of the month, and what was billed of it"
        " before, as they were when the charge was made.",
    )

    def _bases_of(self, steps):
        """What each of these steps of a run was computed from, as plain data, for the
        charge that it makes. Two queries, however many steps there are.

        A step that follows another of its month sees that one as billed.
        """
        steps_of = self.env["nox.pbx.plan"].browse({step.period for step in steps})
        periods = steps_of.pbx_id.period_ids.filtered("contract_line_id")
        own_periods = periods.sorted("date_start").grouped("pbx_id")
        seats = defaultdict(list)
        for seat in self.env["nox.pbx.seat"].search_fetch(
            [("pbx_id", "in", periods.pbx_id.ids)],
            [
                "pbx_id",
                "extension",
                "date_start",
                "date_end",
                "charged",
                "replaces_id",
            ],
            order="pbx_id, id",
        ):
            seats[seat.pbx_id].append(seat)
        billed = defaultdict(dict)
        of_months = [("month", "in", {step.month for step in steps})]
        for period_id, charges in periods._existing_charges(of_months).items():
            pbx = periods.browse(period_id).pbx_id
            for each in charges:
                if not periods.browse(period_id)._counts_as_billed(each.month):
                    billed[pbx, each.month][each.period, each.revision] = each
        bases = []
        for step in steps:
            period = periods.browse(step.period)
            pbx = period.pbx_id
            before = billed[pbx, step.month]
            before.pop((step.period, step.revision), None)
            bases.append(
                {
                    "was": evidence.decimal_text(step.was),
                    "now": evidence.decimal_text(step.now),
                    "periods": [
                        self._basis_of_period(each)
                        for each in own_periods[pbx]
                        if self._touches(each, step.month)
                    ],
                    "seats": [
                        self._basis_of_seat(each)
                        for each in seats[pbx]
                        if self._touches(each, step.month)
                    ],
                    "earlier": [
                        self._basis_of_charge(each) for each in before.values()
                    ],
                }
            )
            before[step.period, step.revision] = reconcile.Existing(
                step.period,
                step.month,
                step.revision,
                step.quantity,
                step.price,
                period.currency_id._policy_currency().round(step.quantity * step.price)
                + step.rounding,
            )
        return bases

    def _touches(self, record, month):
        return span(record).within(month, months.last_of_month(month)) is not None

    def _basis_of_period(self, period):
        return {
            "id": str(period.id),
            "start": str(period.date_start),
            "end": period.date_end and str(period.date_end) or None,
            "policy": period.plan_id.seat_policy,
            "price": evidence.decimal_text(self._policy_price(period.price_unit)),
            "currency": period.currency_id.name,
        }

    def _basis_of_seat(self, seat):
        """A user by extension: who it is, the bill need not say."""
        return {
            "seat": str(seat.id),
            "label": seat.extension,
            "first": str(seat.date_start),
            "last": seat.date_end and str(seat.date_end) or None,
            "charged": seat.charged,
            "replaces": seat.replaces_id and str(seat.replaces_id.id) or None,
        }

    def _basis_of_charge(self, existing):
        return {
            "period": str(existing.period),
            "revision": existing.revision,
            "quantity": evidence.decimal_text(existing.quantity),
            "price": evidence.decimal_text(existing.price),
            "amount": evidence.decimal_text(existing.amount),
            "invoiced": existing.invoiced,
            "again": evidence.decimal_text(existing.again),
        }
