from odoo import models

from ...policy import mail_text


class SaleEdiXmlUblBis3(models.AbstractModel):
    """The file of an order that Odoo puts into the PDF of its quote."""

    _inherit = "sale.edi.xml.ubl_bis3"

    def _get_sale_order_node(self, vals):
        """Two signs that no file may hold pass the base: with one of them in a note,
        a reference or a payment term, the quote could not be printed nor sent."""
        return mail_text.printable_node(super()._get_sale_order_node(vals))
