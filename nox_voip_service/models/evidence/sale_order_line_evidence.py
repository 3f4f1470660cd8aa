from odoo import models

from ...policy import canonical
from ...policy.evidence import decimal_text, money_text
from .collector import day


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _evidence_price(self, pack):
        """The part with the ground of this line's price; lines with the same ground
        share it.

        :return: its id
        """
        order, product = self.order_id, self.product_id
        rule = pack.shared.rule_of(self)
        company = order.company_id
        content = {
            "source": "quote" if order.service_kind == "quote" else "order",
            "product": product.name or "",
            "unit": self.product_uom_id.name or "",
            "price": decimal_text(self.price_unit),
            "discount": decimal_text(self.discount),
            "currency": order.currency_id.name,
            "list_price": decimal_text(product.lst_price),
            "list_currency": product.currency_id.name,
            "pricelist": order.pricelist_id.name or None,
            "rule": f"{rule.name}: {rule.price}" if rule else None,
            "since": rule.date_start and day(company._service_day(rule.date_start)),
            "set_on": day(company._service_day(order.date_order)),
        }
        content["since"] = content["since"] or None
        key = canonical.digest(canonical.canonical(content))[:12]
        return pack.part("price", key, lambda: content)

    def _evidence_content(self):
        """A line of an order."""
        order = self.order_id
        return {
            "id": str(self.id),
            "is_work": self.is_service_time,
            "product": self.product_id.name or "",
            "text": (self.name or "").split("\n")[0],
            "quantity": decimal_text(self.product_uom_qty),
            "price_unit": decimal_text(self.price_unit),
            "discount": decimal_text(self.discount),
            "amount": money_text(self.price_subtotal, order.currency_id.decimal_places),
        }
