from odoo import models

from ...policy import canonical, months, reconcile
from ...policy.evidence import decimal_text, money_text
from .collector import day, moment


class NoxSeatCharge(models.Model):
    _inherit = "nox.seat.charge"

    def _evidence_part(self, pack):
        """The part with the users of a month, and how their number came about.

        :return: its id
        """
        key = f"{self.period_id.id}:{self.month:%Y-%m}:{self.revision}"
        return pack.part("charge", key, lambda: self._evidence_content(pack, key))

    def _evidence_content(self, pack, key):
        currency = self.currency_id
        basis = self.basis or self._evidence_basis_now(pack, key)
        edition = pack.shared.edition_of(self.plan_id)
        return {
            "pbx": self.pbx_id.name,
            "month": f"{self.month:%Y-%m}",
            "month_days": months.last_of_month(self.month).day,
            "revision": self.revision,
            "period": str(self.period_id.id),
            "plan": edition._evidence_part(pack),
            **basis,
            "quantity": decimal_text(self._policy_users()),
            "price": decimal_text(self.price_unit),
            "rounding": money_text(self.rounding, currency.decimal_places),
            "amount": money_text(self.amount, currency.decimal_places),
            "currency": currency.name,
            "explanation": self._explanation_in(self.env.lang),
            "made_at": moment(self.create_date),
        }

    def _evidence_basis_now(self, pack, key):
        """The users as they are known now, for a charge from before they were kept
        with it."""
        pack.note(
            "no_basis",
            self.env._(
                "The charge for %(pbx)s, %(month)s is from before the users were kept"
                " with a charge: shown are the users as they are known today.",
                pbx=self.pbx_id.name,
                month=self._month_text(self.month, self.env.lang),
            ),
            about=f"charge:{key}",
        )
        before = self.search([("period_id", "=", self.period_id.id)]).filtered(
            lambda each: each.month == self.month and each.revision < self.revision
        )
        was = sum(each._policy_users() for each in before)
        step = reconcile.Step(
            "create",
            self.period_id.id,
            self.month,
            self.revision,
            self._policy_users(),
            self._policy_price(self.price_unit),
            was,
            was + self._policy_users(),
        )
        [basis] = self._bases_of([step])
        return basis

    def _evidence_price(self, pack):
        """The part with the ground of the price of a user: the plan period's.

        :return: its id
        """
        period, line = self.period_id, self.period_id.contract_line_id
        product = line.product_id
        content = {
            "source": "period",
            "product": product.name or "",
            "unit": line.uom_id.name or "",
            "price": decimal_text(self.price_unit),
            "discount": decimal_text(0),
            "currency": self.currency_id.name,
            "list_price": decimal_text(product.lst_price) if product else None,
            "list_currency": product.currency_id.name or None,
            "pricelist": None,
            "rule": None,
            "since": day(period.date_start),
            "set_on": None,
        }
        key = canonical.digest(canonical.canonical(content))[:12]
        return pack.part("price", key, lambda: content)
